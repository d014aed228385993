"""Endorsers in other surroundings give the same bytes: hash seed, time zone, locale, optimisation."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from chaincode import dispatch
from chaincode.embedded.blocks import Proposal
from settlement.forms.consent import SignedList
from settlement.payments.commands import WhenUnfunded
from tests.builders import a_confirmation, a_payment, a_redemption_request, a_return, an_issuance_request
from tests.world import NETWORK, NOW_MS, World

SURROUNDINGS = [
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4294967295", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "77", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONOPTIMIZE": "2"},
]


@pytest.fixture
def batches(world: World, tmp_path: Path) -> Path:
    """Batches of every kind of command that banks ask for, many lists and payments in each."""
    payment = a_payment("100.00")
    earlier = world.must("banksh", payment)
    batches = [
        [world.sign("bankist", [a_confirmation(payment, earlier.tx_id), a_return(payment, earlier.tx_id, "40.00")])],
        [world.sign("clearing", world.signed("clearing", "officer-1", world.activation("customs")))],
        [
            world.sign("banksh", [a_payment(f"{amount}.00") for amount in range(1, 60)] + [a_payment("0.00")]),
            world.sign("bankist", [a_payment("7.00", payer="bankist", payee="bankfra"), an_issuance_request()]),
            world.sign("bankfra", [a_payment("9.00", payer="bankfra", when_unfunded=WhenUnfunded.REJECT)]),
            world.sign("customs", [a_payment("1.00")], sequence=9),
        ],
        [world.sign("banksh", [a_redemption_request(), b"{}", b"\xff", a_payment("9999999.00")])],
    ]
    chance = random.Random(5)
    path = tmp_path / "batches"
    path.write_bytes(msgspec.msgpack.encode([_asked(world, lists, chance) for lists in batches]))
    return path


def _asked(world: World, lists: list[SignedList], chance: random.Random) -> tuple[Proposal, dict[str, bytes]]:
    proposal = Proposal(NETWORK, world.service("clearing").certificate, chance.randbytes(24), NOW_MS)
    transient = {dispatch.LISTS: msgspec.msgpack.encode(lists), dispatch.ANSWER_KEY: chance.randbytes(32)}
    return proposal, transient


def test_the_same_proposals_give_the_same_bytes_everywhere(
    world: World, directory: Path, batches: Path, tmp_path: Path
) -> None:
    world.close()
    told = []
    for number, surroundings in enumerate(SURROUNDINGS):
        copy = shutil.copytree(directory, tmp_path / f"endorser-{number}")
        done = subprocess.run(
            [sys.executable, "-m", "tests.ledgers.judging", copy, batches],
            env={**os.environ, **surroundings},
            capture_output=True,
            check=True,
            text=True,
        )
        told.append(done.stdout)
    assert told[0].count("\n") == 4
    assert int(told[0].split("\n")[2].split()[0]) > 10, "the batch of many lists wrote next to nothing"
    assert told[1:] == told[:1] * (len(told) - 1)
