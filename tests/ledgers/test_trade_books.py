"""`waitan ledger verify` and records of trade: what a dishonest endorser writes of a bill of lading is found."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from chaincode.embedded.verification import verify
from settlement.records import Record
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.record import kind_of
from tests.lading import BANKSH, TEKSTIL, a_text
from tests.ledgers.test_verification import forged, problems
from tests.shipping import Shipping
from tests.trade import TRADER, in_effect, registered
from tests.world import World


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def test_a_ledger_with_trade_is_sound(world: World, directory: Path) -> None:
    """A contract, and a bill from its draft to a dispute about it."""
    agreed = in_effect(registered(world))
    made = Shipping(world, trade=agreed.record_id).issued()
    made.silk(made.transfer(TEKSTIL))
    made.tekstil(made.reject())
    assert not verify(directory).problems


def bill(record: Record) -> BillOfLading:
    assert isinstance(record, BillOfLading)
    return record


def stolen(record: Record) -> Record:
    """Write down a holder to whom nobody transferred it."""
    found = bill(record)
    assert found.standing is not None
    return replace(found, standing=replace(found.standing, holder=TEKSTIL))


def forgotten(record: Record) -> Record:
    """Leave the last link out, in good order."""
    found = bill(record)
    return replace(found, links=found.links[:-1])


def untold(record: Record) -> Record:
    return replace(bill(record), acts=())


def withheld(record: Record) -> None:
    return None


FORGERIES: dict[str, tuple[Callable[[Record], Record | None], tuple[str, ...], str]] = {
    "a holder that is only written down": (stolen, ("customs", "banksh"), "a chain that does not hold, at standing"),
    "a link that is left out": (forgotten, ("customs", "banksh"), "a chain that does not hold"),
    "one copy that says otherwise": (stolen, ("banksh",), "is not the same to all who hold it"),
    "a copy that is kept from a bank": (withheld, ("banksh",), "is kept from one who holds it"),
    "a change that nobody made": (untold, ("customs", "banksh"), "has a change that no act tells of"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_what_a_dishonest_endorser_writes_of_a_bill_is_found(world: World, directory: Path, case: str) -> None:
    change, collections, told = FORGERIES[case]
    made = Shipping(registered(world)).issued()
    endorsed = world.endorse(world.sign("banksh", world.signed("banksh", TRADER, made.transfer(BANKSH))))
    kind = kind_of(BillOfLading)
    for place in list(endorsed.writes):
        if place.collection in collections and place.key.split("/")[0] == kind:
            endorsed = forged(world, endorsed, place, change)
    (batch,) = world.commit(endorsed)
    assert f"block {batch.block}, transaction 0: the bill of lading {made.record_id} " in problems(directory)
    assert told in problems(directory)


def test_a_history_that_is_written_anew_is_found(world: World, directory: Path) -> None:
    """A chain that holds by itself, but is not the one that stood there before."""
    made = Shipping(registered(world)).issued()
    other = Shipping(world, a_text(isShippedOnBoardType=False, transportDocumentSubReference="2")).issued()
    other.silk(other.transfer(TEKSTIL))
    instead = replace(other.copy(), record_id=made.record_id)
    endorsed = world.endorse(world.sign("banksh", world.signed("banksh", TRADER, made.transfer(TEKSTIL))))
    for place in list(endorsed.writes):
        if place.key.split("/")[0] == kind_of(BillOfLading):
            endorsed = forged(world, endorsed, place, lambda record: replace(instead, revision=bill(record).revision))
    world.commit(endorsed)
    assert "has another history than before" in problems(directory)
