"""What was answered survives the death of the process at any moment (REQUIREMENTS N1)."""

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Timer

import pytest

from chaincode.embedded.verification import verify
from settlement.commands import DECODER
from settlement.forms.journals import Event
from settlement.payments.commands import SubmitPayment
from tests.world import World

ROUNDS = int(os.environ.get("WAITAN_CRASH_ROUNDS", "5"))


def busy(directory: Path, keys: Path, *limit: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.ledgers.busy", str(directory), str(keys), *limit]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def answered(
    child: "subprocess.Popen[str]", kill_after_s: float | None = None, *, from_answer: bool = False
) -> list[str]:
    """Give what a busy program answered until its end; a last line that was cut off by its death is none.

    It is killed some time after it was ready, or after its first answer, however slow the machine is.
    """
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    first = [child.stdout.readline()] if from_answer else []
    timer = Timer(kill_after_s, child.kill) if kill_after_s is not None else None
    if timer is not None:
        timer.start()
    lines = first + child.stdout.readlines()
    child.wait()
    if timer is not None:
        timer.join()
    child.stdout.close()
    return [uetr for line in lines if line.endswith("\n") and "fault" not in line for uetr in line.split()]


def settled(world: World) -> Counter[str]:
    """Count, for each UETR, how often the payer's journals tell that it settled."""
    found: Counter[str] = Counter()
    for _, block in world.blocks():
        for transaction in block.transactions:
            journal = world.journal("banksh", transaction.proposal.tx_id)
            for entry in journal.entries if journal else ():
                command = DECODER.decode(entry.command)
                if entry.event is Event.PAYMENT_SETTLED and isinstance(command, SubmitPayment):
                    found[command.uetr] += 1
    return found


def require_all(world: World, directory: Path, told: list[str]) -> None:
    """See that the ledger is sound and holds what was answered, each once."""
    assert verify(directory).problems == ()
    found = settled(world)
    assert set(told) <= found.keys()
    assert set(found.values()) <= {1}


def test_a_process_killed_at_random_moments_loses_and_repeats_nothing(
    world: World, directory: Path, keys_directory: Path
) -> None:
    world.close()
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    chance = random.Random(seed)
    told: list[str] = []
    for number in range(ROUNDS):
        child = busy(directory, keys_directory)
        told += answered(child, kill_after_s=chance.uniform(0.0, 0.3), from_answer=bool(number % 2))
        again = World(directory, world.members)
        require_all(again, directory, told)
        again.close()
    assert told, "the program was never given the time to answer"


@pytest.mark.parametrize("limit_bytes", [300_000, 400_000])
def test_a_file_that_may_not_grow_stops_the_ledger_and_loses_nothing(
    world: World, directory: Path, keys_directory: Path, limit_bytes: int
) -> None:
    world.close()
    with busy(directory, keys_directory, str(limit_bytes)) as child:
        told = answered(child)
    assert child.returncode == 0
    assert told, "the limit left no room for a single payment"
    again = World(directory, world.members)
    require_all(again, directory, told)
    again.close()
