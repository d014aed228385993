"""Contracts and amendments that traders propose on pages: what the forms make, and what they say of what is wrong."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from gateway.traders.web import contracting, signable, signed_acts
from gateway.traders.web.contracting import LINES, LINES_MAX, PROPOSAL, UNITS, WAYS
from gateway.traders.web.signable import Act, Case
from gateway.traders.web.words import TEXTS
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.errors import Code, Refusal
from settlement.parties import Role
from settlement.trade import contract, goods
from settlement.trade.contract import AmendContract, ContractState, ProposeContract, SalesContract
from settlement.trade.contract_terms import PaymentMethod, PaymentTerms
from settlement.trade.goods import Line
from tests.builders import TODAY
from tests.customs_samples import an_actor
from tests.trade import BUYER, FABRIC, SCARVES, SELLER, a_proposal, some_terms

BANKS: Final = ("bankist", "banksh")


def beginning(firm: Any = SELLER, **others: Any) -> Case:
    """Put a firm where a trade begins."""
    by = an_actor(firm.bank, Role.TRADER, "trader-1", firm.identifier)
    return Case(None, by, banks=BANKS, name=firm.name)._replace(**others)


def before(record: SalesContract, firm: Any = SELLER, **others: Any) -> Case:
    return beginning(firm, **others)._replace(record=record)


def in_effect(**others: Any) -> SalesContract:
    by = an_actor("banksh", Role.TRADER, "trader-1", SELLER.identifier)
    return replace(contract.proposed(a_proposal(), by), state=ContractState.EFFECTIVE, **others)


def amendment() -> Act:
    (found,) = contracting.ACTS
    return found


def about(side: str, trader: Any) -> dict[str, str]:
    """Say who a firm is in the fields of a side."""
    address = trader.address
    return {
        f"{side}_name": trader.name,
        f"{side}_country": address.country.lower(),
        f"{side}_town_name": address.town_name,
        f"{side}_street_name": address.street_name,
        f"{side}_building_number": address.building_number,
        f"{side}_post_code": address.post_code,
    }


def line(place: int, sold: Line) -> dict[str, str]:
    said = ("description", "hs_code", "quantity", "unit", "unit_price")
    return {f"{name}_{place}": getattr(sold, name) for name in said}


FILLED: Final = {
    "side": "SELLER",
    "number": "HST-2026-0417",
    "agreed_on": TODAY,
    **about("own", SELLER),
    **about("other", BUYER),
    "other_identifier": BUYER.identifier.lower(),
    "other_bank": BUYER.bank,
    "currency": "cny",
    "incoterm": "CIF",
    "edition": "2020",
    "place": "Ambarli, Istanbul",
    "payment": "COLLECTION_DP",
    "days": "",
    "tolerance_pct": "5",
    "latest_shipment_on": "2027-01-15",
    "expires_on": "2027-06-30",
    "law": "CISG",
    **line(1, FABRIC),
    **line(2, SCARVES),
    "quantity_1": "1,000",
}


def made(act: Act, case: Case, fields: dict[str, str]) -> Any:
    """Make what is signed, and read it as the ledger does."""
    said = signable.to_sign(act, case, fields)
    command: Any = canonical.decode(said.command.encode(), PERSONAL_DECODER)
    return command


def refused(act: Act, case: Case, fields: dict[str, str]) -> tuple[Code, str]:
    """Say what is wrong, and with which field of the form."""
    with pytest.raises(Refusal) as raised:
        made(act, case, fields)
    return raised.value.code, signable.field_at(raised.value.where)


def as_begun(act: Act, case: Case, **fields: str) -> dict[str, str]:
    return {field.name: field.value for field in act.asks(case)} | fields


@pytest.mark.parametrize("act", [PROPOSAL, *contracting.ACTS], ids=lambda act: act.key)
def test_every_field_and_choice_has_words(act: Act) -> None:
    """Units that are seldom seen, and rules that are their own words, aside."""
    for field in act.asks(before(in_effect())):
        assert f"field_{field.key}" in TEXTS, field.key
        assert not field.part or f"part_{field.part}" in TEXTS
    assert {f"choice_{each}" for each in (*WAYS, *contracting.SEEN_MOST, "SELLER", "BUYER")} <= set(TEXTS)
    assert (f"act_{act.key}" in TEXTS, f"said_{act.key}" in TEXTS) == (True, True)


def test_a_form_makes_the_terms_that_were_filled_in() -> None:
    """What it comes to is reckoned; commas that group digits, and small letters of codes, are no fault."""
    command = made(PROPOSAL, beginning(), FILLED)
    assert isinstance(command, ProposeContract)
    assert command.terms == some_terms()
    said = signable.to_sign(PROPOSAL, beginning(), FILLED)
    assert (said.comes_to, said.after) == ("100,000.00 CNY", contract.contract_id(some_terms()))


def test_a_buyer_can_propose_too() -> None:
    fields = FILLED | {"side": "BUYER", **about("own", BUYER), **about("other", SELLER)}
    fields |= {"other_identifier": SELLER.identifier, "other_bank": SELLER.bank}
    assert made(PROPOSAL, beginning(BUYER), fields).terms == some_terms()


def test_to_fill_in_the_same_twice_is_to_propose_once() -> None:
    first, again = made(PROPOSAL, beginning(), FILLED), made(PROPOSAL, beginning(), FILLED)
    other = made(PROPOSAL, beginning(), FILLED | {"law": "English law"})
    assert (first.command_id == again.command_id, first.command_id == other.command_id) == (True, False)


@pytest.mark.parametrize(("way", "days"), [("ADVANCE", 0), ("OPEN_ACCOUNT", 60), ("COLLECTION_DA", 90)])
def test_each_way_of_paying_is_said_in_terms(way: str, days: int) -> None:
    method, collection = WAYS[way]
    terms = made(PROPOSAL, beginning(), FILLED | {"payment": way, "days": str(days or "")}).terms
    assert terms.payment == PaymentTerms(method=method, days=days, collection=collection)


def test_every_way_of_paying_can_be_chosen() -> None:
    assert {method for method, _ in WAYS.values()} == set(PaymentMethod)
    assert set(UNITS) == goods.UNITS


WRONG: Final = [
    ({"number": ""}, (Code.CH21, "number")),
    ({"number": "HST 1 " * 8}, (Code.CH16, "number")),
    ({"own_country": "XX"}, (Code.CH16, "own_country")),
    ({"other_country": ""}, (Code.CH21, "other_country")),
    ({"other_town_name": ""}, (Code.CH21, "other_town_name")),
    ({"other_name": "A" * 141}, (Code.CH16, "other_name")),
    ({"other_identifier": "789000M2RX5C8V1DPT80"}, (Code.BE15, "other_identifier")),
    ({"other_bank": "nobank"}, (Code.CH16, "other_bank")),
    ({"currency": "ABC"}, (Code.AM11, "currency")),
    ({"incoterm": "DAT"}, (Code.CH16, "incoterm")),
    ({"payment": "OPEN_ACCOUNT"}, (Code.CH21, "days")),
    ({"days": "30"}, (Code.CH17, "days")),
    ({"days": "soon"}, (Code.CH16, "days")),
    ({"payment": "OPEN_ACCOUNT", "days": "366"}, (Code.CH16, "days")),
    ({"tolerance_pct": "11"}, (Code.CH16, "tolerance_pct")),
    ({"tolerance_pct": "-1"}, (Code.CH16, "tolerance_pct")),
    ({"latest_shipment_on": "2027-07-01"}, (Code.CH16, "latest_shipment_on")),
    ({"agreed_on": "yesterday"}, (Code.CH16, "agreed_on")),
    ({"law": ""}, (Code.CH21, "law")),
    ({"quantity_1": "", "quantity_2": ""}, (Code.CH21, "quantity_1")),
    ({"quantity_1": "many"}, (Code.CH16, "quantity_1")),
    ({"quantity_1": "0.1234567"}, (Code.CH16, "quantity_1")),
    ({"quantity_2": "0"}, (Code.AM01, "quantity_2")),
    ({"quantity_2": "0.000001"}, (Code.AM01, "unit_price_2")),
    ({"unit_price_2": "0"}, (Code.AM01, "unit_price_2")),
    ({"unit_price_2": ""}, (Code.CH21, "unit_price_2")),
    ({"unit_price_2": "1234,56"}, (Code.CH16, "unit_price_2")),
    ({"unit_price_2": "1.1234567"}, (Code.CH16, "unit_price_2")),
    ({"unit_2": "XXX"}, (Code.CH16, "unit_2")),
    ({"hs_code_2": "12"}, (Code.CH16, "hs_code_2")),
    ({"quantity_1": "", "hs_code_2": "12"}, (Code.CH16, "hs_code_2")),
    ({"description_2": ""}, (Code.CH21, "description_2")),
]


@pytest.mark.parametrize(("wrong", "expected"), WRONG, ids=[", ".join(wrong) for wrong, _ in WRONG])
def test_what_is_wrong_is_said_at_its_field(wrong: dict[str, str], expected: tuple[Code, str]) -> None:
    """Also where lines before it are left out."""
    assert refused(PROPOSAL, beginning(), FILLED | wrong) == expected


def test_a_line_without_a_quantity_is_left_out() -> None:
    terms = made(PROPOSAL, beginning(), FILLED | {"quantity_1": ""}).terms
    assert (terms.lines, terms.amount) == ((SCARVES,), SCARVES.amount)


def test_a_form_begins_with_what_the_firms_latest_contract_says_of_it() -> None:
    first = as_begun(PROPOSAL, beginning())
    assert (first["own_name"], first["own_town_name"]) == (SELLER.name, "")
    assert first["agreed_on"] == beginning().by.on
    later = as_begun(PROPOSAL, beginning(whole=(in_effect(),)))
    assert (later["own_town_name"], later["own_country"]) == (SELLER.address.town_name, SELLER.address.country)
    assert as_begun(PROPOSAL, beginning(BUYER, whole=(in_effect(),)))["own_town_name"] == BUYER.address.town_name


@pytest.mark.parametrize(("asked", "had"), [(0, LINES), (LINES + 2, LINES + 2), (1, LINES), (999, LINES_MAX)])
def test_a_form_has_as_many_lines_of_goods_as_are_asked_for(asked: int, had: int) -> None:
    assert max(field.line for field in PROPOSAL.asks(beginning(lines=asked))) == had


def test_an_amendment_begins_with_the_terms_in_effect() -> None:
    case = before(in_effect())
    assert made(amendment(), case, as_begun(amendment(), case, agreed_on=TODAY)).terms == some_terms(version=2)
    dearer = as_begun(amendment(), case, agreed_on="2026-12-01", unit_price_2="110", tolerance_pct="")
    terms = made(amendment(), case, dearer).terms
    assert (terms.amount, terms.version, terms.tolerance_pct) == ("104200.00", 2, 0)
    assert isinstance(made(amendment(), case, dearer), AmendContract)


def test_an_amendment_does_not_go_below_what_is_invoiced() -> None:
    case = before(in_effect(invoiced_minor=10_500_000))
    fewer = as_begun(amendment(), case, quantity_2="419")
    assert refused(amendment(), case, fewer) == (Code.AM09, "quantity_1")


@pytest.mark.parametrize("state", list(ContractState))
def test_only_a_contract_in_effect_is_amended_and_only_by_its_parties(state: ContractState) -> None:
    record = replace(in_effect(), state=state)
    offered = {
        firm.identifier: "amend_contract" in {each.key for each in signed_acts.acts_of(before(record, firm))}
        for firm in (SELLER, BUYER, replace(SELLER, identifier="91310115MA1FAKE00X"))
    }
    is_open = state is ContractState.EFFECTIVE
    assert list(offered.values()) == [is_open, is_open, False]


def test_a_contract_with_more_lines_than_a_form_has_is_amended_by_command() -> None:
    terms = some_terms(lines=(SCARVES,) * (LINES_MAX + 1))
    assert "amend_contract" not in {each.key for each in signed_acts.acts_of(before(in_effect(terms=terms)))}
