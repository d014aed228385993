"""Pages call organisations and firms by their names where the reader may know them, and by their numbers elsewhere."""

import pytest

from gateway.traders.web.names import NOBODY, Names, firms_in
from settlement.trade.lading.chain import BillParty
from tests.customs_samples import SILK, a_declaration
from tests.trade import BUYER, SELLER, in_effect, registered
from tests.world import World

KNOWN = Names({"banksh": "Bank of the Bund"}, {SELLER.identifier: SELLER.name})


@pytest.mark.parametrize(
    ("text", "called"),
    [
        (f"{SELLER.identifier}@banksh", f"{SELLER.name} (Bank of the Bund)"),
        (f"{BUYER.identifier}@banksh", f"{BUYER.identifier} (Bank of the Bund)"),
        ("banksh", "Bank of the Bund"),
        ("bankist", "bankist"),
        (f"{SELLER.identifier}@bankist", f"{SELLER.identifier}@bankist"),
        ("Random check", "Random check"),
        ("", ""),
    ],
)
def test_whom_the_ledger_calls_by_a_number_is_named(text: str, called: str) -> None:
    assert KNOWN.called(text) == called
    assert NOBODY.called(text) == text


def test_a_bank_that_holds_for_itself_is_named_alone() -> None:
    assert KNOWN.party(BillParty(participant="banksh")) == "Bank of the Bund"


def test_contracts_and_declarations_name_their_firms(world: World) -> None:
    contract = in_effect(registered(world))
    assert firms_in([contract]) == {SELLER.identifier: SELLER.name, BUYER.identifier: BUYER.name}
    assert firms_in([a_declaration()]) == {SILK.identifier: SILK.name}
