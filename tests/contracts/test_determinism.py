"""Two endorsers give the same bytes, whatever machine they run on."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from chaincode import dispatch
from chaincode.embedded.blocks import Proposal
from settlement.payments.commands import WhenUnfunded
from tests.builders import SILK_ACCOUNT, SILK_LEI, a_payment, an_initiation, an_instruction, an_issuance_request
from tests.contracts.samples import admit, block, open_account, register, suspend
from tests.world import World

ROOT = Path(__file__).parents[2]
MACHINES = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONOPTIMIZE": "0"},
)


def test_endorsers_agree_to_the_byte(world: World, tmp_path: Path) -> None:
    """Under other hash seeds, time zones and locales: the same reads, writes, values and response."""
    payments = [a_payment("1.00", payee=payee) for payee in ("bankist", "bankfra") * 10]
    rejected = a_payment("9000000.00", when_unfunded=WhenUnfunded.REJECT)
    asked = [admit("EUR"), *(open_account(bank, "EUR") for bank in ("banksh", "bankist")), suspend("bankfra")]
    customer = register(SILK_LEI, accounts=(SILK_ACCOUNT,))
    initiations = an_initiation(*(an_instruction(f"{number}.00") for number in range(1, 9)))
    lists = (
        world.sign("banksh", [*payments, rejected, an_issuance_request(), customer, initiations]),
        world.sign("clearing", world.signed("clearing", "officer-1", *asked)),
        world.sign("regulator", world.signed("regulator", "supervisor-1", block("bankist", "JPY"))),
        world.sign("banksh", payments),
    )
    proposal = Proposal("waitan", world.service("clearing").certificate, os.urandom(24), world.clock())
    transient = {dispatch.LISTS: msgspec.msgpack.encode(lists), dispatch.ANSWER_KEY: os.urandom(32)}
    world.close()
    told = tmp_path / "proposal"
    told.write_bytes(msgspec.msgpack.encode((proposal, transient)))
    path = os.pathsep.join([str(ROOT), str(ROOT / "protos")])
    digests = {
        subprocess.run(
            [sys.executable, "-m", "tests.contracts.endorsing", str(tmp_path / "ledger"), str(told)],
            env={**os.environ, **machine, "PYTHONPATH": path},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for machine in MACHINES
    }
    assert len(digests) == 1
    assert len(digests.pop()) == 64
