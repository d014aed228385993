"""What traders issue and declare on pages: reckoned from what is known, and looked over before it is signed."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from gateway.traders.web import signable, signed_acts
from gateway.traders.web.signable import Act, Case
from gateway.traders.web.words import TEXTS
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.customs.declaration import (
    AmendDeclaration,
    CancelDeclaration,
    CompleteDeclaration,
    Declaration,
    DeclarationState,
    LodgeDeclaration,
)
from settlement.customs.duty import Direction
from settlement.customs.handling import amended, completed, lodged
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.parties import Role
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.contract import ContractState, SalesContract
from settlement.trade.invoice import Invoice, InvoiceState, IssueInvoice, IssueNote, NoteKind, invoice_id
from settlement.trade.record import TradeRecord
from settlement.trade.signing import Signature
from tests import lading
from tests.builders import TODAY
from tests.customs_samples import (
    CUSTOMS,
    EXPORT_NUMBER,
    IMPORT_NUMBER,
    SILK,
    TRADER,
    a_declaration,
    an_actor,
    declared,
    lodging,
)
from tests.trade import BUYER, FABRIC, SCARVES, SELLER, a_proposal, an_invoice

SIDES: Final = {each.identifier: each.bank for each in (SELLER, BUYER)}


def a_contract(**others: Any) -> SalesContract:
    """Put a contract in effect."""
    by = an_actor("banksh", Role.TRADER, "trader-1", SELLER.identifier)
    return replace(contract.proposed(a_proposal(), by), state=ContractState.EFFECTIVE, **others)


def an_issued_invoice(state: InvoiceState = InvoiceState.ISSUED, **others: Any) -> Invoice:
    """Have one issued under it."""
    under, terms = a_contract(), an_invoice()
    signer = Signer(name="trader-1", serial="1f", key="key of trader-1")
    return Invoice(
        record_id=invoice_id(terms),
        number=terms.number,
        firms=under.firms,
        held_by=under.held_by,
        trade=under.record_id,
        state=state,
        tx_id="00",
        acts=under.acts,
        terms=terms,
        signature=Signature(
            jws="", certificate=b"", signer=signer, participant="banksh", party=SELLER.identifier, at_ms=1
        ),
        **others,
    )


def before(record: TradeRecord[Any], firm: str = SELLER.identifier, **others: Any) -> Case:
    """Put a firm before a record."""
    bank = SIDES.get(firm, "banksh")
    case = Case(record, an_actor(bank, Role.TRADER, "", firm), customs=("customs",), organisations=("bankist",))
    return case._replace(**others)


def act(key: str, case: Case) -> Act:
    (found,) = [each for each in signed_acts.acts_of(case) if each.key == key]
    return found


def as_filled_in(key: str, case: Case, **fields: str) -> dict[str, str]:
    """Give what a form holds before and after a person has filled it in."""
    return {field.name: field.value for field in act(key, case).asks(case)} | fields


def made(key: str, case: Case, **fields: str) -> Any:
    """Make what is signed, and read it as the ledger does."""
    said = signable.to_sign(act(key, case), case, as_filled_in(key, case, **fields))
    command: Command = canonical.decode(said.command.encode(), PERSONAL_DECODER)
    return command


def refused(key: str, case: Case, **fields: str) -> tuple[Code, str]:
    """Say what is wrong, and with which field."""
    with pytest.raises(Refusal) as raised:
        made(key, case, **fields)
    return raised.value.code, signable.field_at(raised.value.where)


INVOICED: Final = {"number": "INV-9", "due_on": "2027-02-28", "issued_on": TODAY}
NOTED: Final = {"note_kind": "CREN", "number": "CN-1", "issued_on": TODAY, "amount": "1,000.00", "reason": "Short"}
LODGED: Final = {
    "customs": "customs",
    "declared_as": "WHOLE",
    "number": EXPORT_NUMBER,
    "transport_document": "COSU6312845770",
    "port": "cnsha",
    "packages": "60",
    "gross_weight_kg": "1,290",
    "net_weight_kg": "1180",
    "invoices": "INV-1 , INV-2",
    "hs_code_1": "50072031",
    "hs_code_2": "62141000",
}


@pytest.mark.parametrize(
    "case",
    [before(a_contract()), before(an_issued_invoice(), under=a_contract()), before(a_declaration(), SILK.identifier)],
    ids=["contract", "invoice", "declaration"],
)
def test_every_field_that_follows_from_a_record_has_words(case: Case) -> None:
    for each in signed_acts.acts_of(case):
        for field in each.asks(case):
            assert f"field_{field.key}" in TEXTS, (each.key, field.key)


def test_an_invoice_is_reckoned_from_the_contracts_prices() -> None:
    command = made("issue_invoice", before(a_contract()), **INVOICED)
    assert isinstance(command, IssueInvoice)
    assert command.terms == an_invoice("INV-9")  # the whole contract, which the form is filled in with
    part = made("issue_invoice", before(a_contract()), **INVOICED, quantity_1="1,000.5", quantity_2="")
    assert [(line.quantity, line.amount) for line in part.terms.lines] == [("1000.5", "58029.00")]
    assert (part.terms.amount, part.terms.lines[0].unit_price) == ("58029.00", FABRIC.unit_price)


def test_only_the_seller_invoices_and_only_what_is_left() -> None:
    assert "issue_invoice" not in {each.key for each in signed_acts.acts_of(before(a_contract(), BUYER.identifier))}
    begun = before(a_contract(invoiced_minor=6_300_000))
    assert as_filled_in("issue_invoice", begun)["quantity_1"] == ""  # who invoices in parts says how much each time
    assert refused("issue_invoice", begun, **INVOICED, quantity_2="421") == (Code.AM09, "amount")
    assert made("issue_invoice", begun, **INVOICED, quantity_2="420").terms.amount == SCARVES.amount
    full = a_contract()
    used_up = before(replace(full, invoiced_minor=full.limit_minor))
    assert "issue_invoice" not in {each.key for each in signed_acts.acts_of(used_up)}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"number": ""}, (Code.CH21, "number")),
        ({"number": "9" * 36}, (Code.CH16, "number")),
        ({"due_on": "2026-11-22"}, (Code.CH16, "due_on")),
        ({"due_on": "soon"}, (Code.CH16, "due_on")),
        ({"quantity_1": "", "quantity_2": "0.00"}, (Code.CH21, "quantity_1")),
        ({"quantity_2": "many"}, (Code.CH16, "quantity_2")),
        ({"quantity_2": "-1"}, (Code.CH16, "quantity_2")),
        ({"quantity_2": "0.000001"}, (Code.AM01, "quantity_2")),
    ],
)
def test_an_invoice_that_is_not_in_order_is_not_offered_to_be_signed(
    fields: dict[str, str], fault: tuple[Code, str]
) -> None:
    assert refused("issue_invoice", before(a_contract()), **(INVOICED | fields)) == fault


def test_a_note_changes_an_invoice_as_far_as_invoice_and_contract_allow() -> None:
    case = before(an_issued_invoice(), under=a_contract(invoiced_minor=10_000_000))
    command = made("issue_note", case, **NOTED)
    assert isinstance(command, IssueNote)
    assert (command.terms.kind, command.terms.amount, command.terms.currency) == (NoteKind.CREN, "1000.00", "CNY")
    assert refused("issue_note", case, **(NOTED | {"amount": "100,000.01"})) == (Code.AM09, "amount")
    more = NOTED | {"note_kind": "DEBN", "amount": "5000.00"}
    assert made("issue_note", case, **more).terms.kind is NoteKind.DEBN
    assert refused("issue_note", case, **(more | {"amount": "5000.01"})) == (Code.AM09, "amount")
    assert refused("issue_note", case, **(NOTED | {"amount": "1.001"})) == (Code.CH20, "amount")


def test_a_note_that_the_table_does_not_list_cannot_be_chosen() -> None:
    """Once something of an invoice was paid there is no debit note to it, and to one that was paid there is none."""
    for state, kinds in ((InvoiceState.PARTLY_SETTLED, ("CREN",)), (InvoiceState.SETTLED, None)):
        case = before(an_issued_invoice(state), under=a_contract())
        offered = [each.asks(case)[0].choices for each in signed_acts.acts_of(case) if each.key == "issue_note"]
        assert offered == ([kinds] if kinds else [])
    buyer = before(an_issued_invoice(), BUYER.identifier, under=a_contract())
    assert "issue_note" not in {each.key for each in signed_acts.acts_of(buyer)}


def test_a_seller_lodges_what_the_contract_and_its_trade_say() -> None:
    whole = (an_issued_invoice(), lading.a_bill())
    case = before(a_contract(), whole=whole)
    filled = as_filled_in("lodge_declaration", case)
    assert (filled["transport_document"], filled["invoices"]) == (whole[1].number, "INV-1")
    assert "arrived_on" not in filled
    command = made("lodge_declaration", case, **LODGED)
    assert isinstance(command, LodgeDeclaration)
    found = command.declared
    assert (found.direction, found.declarant, found.counterparty) == (Direction.EXPORT, SELLER, BUYER.name)
    assert (found.trade, found.country, found.port, found.gross_weight_kg) == (
        a_contract().record_id,
        "TR",
        "CNSHA",
        "1290",
    )
    assert found.invoices == ("INV-1", "INV-2")
    assert [(line.quantity, line.value, line.origin) for line in found.lines] == [
        (FABRIC.quantity, FABRIC.amount, "CN"),
        (SCARVES.quantity, SCARVES.amount, "CN"),
    ]
    by = an_actor("banksh", Role.TRADER, "trader-1", SELLER.identifier)
    taken = lodged(command, by, customs=CUSTOMS, is_number_used=False, is_duplicate=False, completion_days=14, on=TODAY)
    assert taken.state is DeclarationState.LODGED


def test_a_buyer_lodges_an_import_with_the_day_the_ship_came_in() -> None:
    case = before(a_contract(), BUYER.identifier)
    assert "arrived_on" in as_filled_in("lodge_declaration", case)
    given = LODGED | {"number": IMPORT_NUMBER, "arrived_on": "2026-11-19", "quantity_2": ""}
    command = made("lodge_declaration", case, **given)
    assert (command.declared.direction, command.declared.declarant) == (Direction.IMPORT, BUYER)
    assert len(command.declared.lines) == 1
    assert refused("lodge_declaration", case, **(given | {"number": EXPORT_NUMBER})) == (Code.CH16, "direction")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"packages": "some"}, (Code.CH16, "packages")),
        ({"packages": ""}, (Code.CH21, "packages")),
        ({"port": "Shanghai"}, (Code.CH16, "port")),
        ({"hs_code_2": "1"}, (Code.HS_CODE_WRONG, "hs_code_2")),
        ({"origin_1": "XX"}, (Code.CH16, "origin_1")),
        ({"value_1": "1.001"}, (Code.CH20, "value_1")),
        ({"quantity_1": "", "quantity_2": ""}, (Code.CH21, "quantity_1")),
        ({"quantity_1": "", "value_2": "1.001"}, (Code.CH20, "value_2")),
        ({"packages": "9" * 4301}, (Code.CH16, "packages")),
        ({"packages": "٦٠"}, (Code.CH16, "packages")),
        ({"invoices": "A, A"}, (Code.CH17, "invoices")),
        ({"customs": "bankist"}, (Code.CH16, "customs")),
    ],
)
def test_a_declaration_that_is_not_in_order_is_not_offered_to_be_signed(
    fields: dict[str, str], fault: tuple[Code, str]
) -> None:
    assert refused("lodge_declaration", before(a_contract()), **(LODGED | fields)) == fault


def test_a_summary_leaves_out_what_it_may_and_is_completed_later() -> None:
    rest = ("incoterm", "packages", "gross_weight_kg", "net_weight_kg", "invoices")
    summary = LODGED | {"declared_as": "SUMMARY"} | dict.fromkeys(rest, "")
    command = made("lodge_declaration", before(a_contract()), **summary)
    assert (command.is_summary, command.declared.packages) == (True, 0)
    short = a_declaration(lodging(declared(packages=0, invoices=()), is_summary=True))
    case = before(short, SILK.identifier)
    assert refused("complete_declaration", case, packages="800")[0] is Code.CH21
    completion = made("complete_declaration", case, packages="800", invoices="KF-2026-0311")
    assert isinstance(completion, CompleteDeclaration)
    assert not completed(short, completion, TRADER, is_duplicate=False, on=TODAY).is_summary


def test_what_customs_has_not_accepted_is_its_declarants_to_correct_or_withdraw() -> None:
    found = a_declaration()
    case = before(found, SILK.identifier)
    command = made("amend_declaration", case, quantity_1="19000", reason="Short-landed")
    assert isinstance(command, AmendDeclaration)
    after: Declaration = amended(found, command, TRADER, is_duplicate=False)
    assert (after.version, after.declared.lines[0].quantity) == (2, "19000")
    for key in ("amend_declaration", "complete_declaration"):  # on another transport document they are other goods
        again = before(replace(found, is_summary=True), SILK.identifier)
        assert not {"number", "transport_document"} & {field.name for field in act(key, again).asks(again)}, key
    assert isinstance(made("withdraw_declaration", case, reason="Not shipped"), CancelDeclaration)
    accepted = before(replace(found, state=DeclarationState.ACCEPTED), SILK.identifier)
    assert {each.key for each in signed_acts.acts_of(accepted)} == {"apply_for_financing"}
    assert signed_acts.acts_of(before(found, BUYER.identifier)) == []


def test_where_a_fault_lies_is_a_field_of_the_form() -> None:
    places = {
        "terms.due_on": "due_on",
        "terms.lines.0.quantity": "quantity_1",
        "declared.lines.12.hs_code": "hs_code_13",
        "lines.1.value": "value_2",
        "lines": "lines",
        "": "",
    }
    assert {where: signable.field_at(where) for where in places} == places
