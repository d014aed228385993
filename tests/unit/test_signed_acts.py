"""What pages offer to be signed: what the rules let a firm do, made as the ledger reads it, and nothing else."""

from typing import Any

import pytest
from msgspec.structs import replace

from gateway.traders.web import signable, signed_acts
from gateway.traders.web.signable import Case, ToSign
from gateway.traders.web.words import TEXTS
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.errors import Code, Refusal
from settlement.financing import ApplyForFinancing
from settlement.parties import Role
from settlement.records import Command
from settlement.trade.contract import SignContract
from settlement.trade.lading import bill as bills
from settlement.trade.lading.chain import BillParty
from settlement.trade.lading.commands import ApproveBillOfLading, EndorseBillOfLading, Manner, TransferBillOfLading
from settlement.trade.record import TradeRecord
from tests import lading
from tests.customs_samples import an_actor
from tests.lading import SILK, TEKSTIL


def before(record: TradeRecord[Any], who: BillParty = SILK) -> Case:
    """Put a firm before a record."""
    return Case(record, an_actor(who.participant, Role.TRADER, "", who.identifier))


def offered(record: TradeRecord[Any], who: BillParty = SILK) -> set[str]:
    return {act.key for act in signed_acts.acts_of(before(record, who))}


def made(key: str, record: TradeRecord[Any], who: BillParty = SILK, **fields: str) -> tuple[ToSign, Command]:
    """Make what is signed, and read it as the ledger does."""
    case = before(record, who)
    (act,) = [each for each in signed_acts.acts_of(case) if each.key == key]
    said = signable.to_sign(act, case, fields)
    return said, canonical.decode(said.command.encode(), PERSONAL_DECODER)


def test_every_act_has_words() -> None:
    """So do the fields of those that ask the same of every record; for the others see tests of issuing."""
    for act in signed_acts.ACTS:
        wanted = {f"act_{act.key}", f"said_{act.key}"}
        for field in () if callable(act.fields) else act.fields:
            wanted |= {f"field_{field.key}", *(f"choice_{choice}" for choice in field.choices)}
        assert wanted <= set(TEXTS), act.key


def test_a_draft_is_approved_by_its_shipper_with_what_it_has_read() -> None:
    draft = lading.a_draft()
    assert offered(draft) == {"approve_bill"}
    assert offered(draft, TEKSTIL) == set()
    _, command = made("approve_bill", draft)
    assert isinstance(command, ApproveBillOfLading)
    assert bills.approved(draft, command, lading.an_actor("silk")).state == "APPROVED"


def test_its_holder_alone_passes_a_bill_on() -> None:
    """Who has the title endorses, who has it in hand transfers; to reject it, one must have been given it."""
    bill = lading.a_bill()
    holder = {"endorse_bill", "transfer_bill", "surrender_bill", "confirm_bill", "dispute_bill", "apply_for_financing"}
    assert offered(bill) == holder
    assert offered(bill, TEKSTIL) == set()
    given = lading.transfer(lading.endorse(bill, TEKSTIL, "silk"), TEKSTIL, "silk")
    assert offered(given) == {"dispute_bill"}  # it stood on it once
    assert offered(given, TEKSTIL) == holder | {"reject_bill"}


def test_what_was_filled_in_is_what_is_signed() -> None:
    bill = lading.a_bill()
    to = TEKSTIL.called
    _, command = made("endorse_bill", bill, manner="ENDORSE_TO_ORDER", to=f" {to} ")
    assert isinstance(command, EndorseBillOfLading)
    assert (command.manner, command.endorsee) == (Manner.ENDORSE_TO_ORDER, TEKSTIL)
    _, command = made("endorse_bill", bill, manner="BLANK_ENDORSE")
    assert isinstance(command, EndorseBillOfLading)
    assert command.endorsee is None
    _, command = made("transfer_bill", bill, to="bankist", reason="collection", unknown="x")
    assert isinstance(command, TransferBillOfLading)
    assert (command.recipient, command.reason) == (BillParty(participant="bankist"), "collection")
    _, command = made(
        "apply_for_financing", bill, loan_number="L-1", amount="60,000.00", currency="cny", consents_until="2099-01-01"
    )
    assert isinstance(command, ApplyForFinancing)
    assert (command.number, command.amount, command.currency) == ("L-1", "60000.00", "CNY")
    assert command.consents_until == "2099-01-01T23:59:59Z"
    assert [(each.kind, each.record_id) for each in command.subjects] == [("bill_of_lading", bill.record_id)]


@pytest.mark.parametrize(
    ("key", "fields", "fault"),
    [
        ("transfer_bill", {}, (Code.CH21, "to")),
        ("transfer_bill", {"to": "  "}, (Code.CH21, "to")),
        ("endorse_bill", {"manner": "ENDORSE_TO_ORDER"}, (Code.CH21, "to")),
        ("endorse_bill", {"manner": "BLANK_ENDORSE", "to": TEKSTIL.called}, (Code.CH17, "to")),
        ("endorse_bill", {"manner": "GIVE", "to": TEKSTIL.called}, (Code.CH16, "manner")),
        (
            "apply_for_financing",
            {"loan_number": "L-1", "amount": "1.00", "currency": "CNY", "consents_until": "2099-02-30"},
            (Code.CH16, "consents_until"),
        ),
        *(
            (
                "apply_for_financing",
                {"loan_number": "L-1", "amount": amount, "currency": currency, "consents_until": "2099-01-01"},
                fault,
            )
            for amount, currency, fault in (
                ("1234,56", "CNY", (Code.CH16, "amount")),
                ("1.001", "CNY", (Code.CH20, "amount")),
                ("0", "CNY", (Code.AM01, "amount")),
                ("1.00", "XYZ", (Code.AM11, "currency")),
            )
        ),
    ],
)
def test_what_was_filled_in_wrongly_is_not_made(key: str, fields: dict[str, str], fault: tuple[Code, str]) -> None:
    with pytest.raises(Refusal) as raised:
        made(key, lading.a_bill(), SILK, **fields)
    assert (raised.value.code, raised.value.where) == fault


def test_what_was_filled_in_is_shown_as_it_is_signed() -> None:
    """However it was typed: an amount with all of its currency's decimals, in groups of three digits."""
    typed = {"loan_number": "L-1", "amount": "60000.5", "currency": "cny", "consents_until": "2099-01-01"}
    case = before(lading.a_bill())
    (loan,) = [each for each in signed_acts.acts_of(case) if each.key == "apply_for_financing"]
    shown = {field.name: signable.understood(field, typed) for field in loan.asks(case)}
    assert (shown["amount"], shown["currency"], shown["also_on"]) == ("60,000.50 CNY", "CNY", "")
    _, command = made("apply_for_financing", case.record, SILK, **typed)
    assert isinstance(command, ApplyForFinancing)
    assert command.amount == "60000.50"


def test_to_sign_the_same_twice_is_to_sign_once() -> None:
    """Its name follows from record, revision, firm and what was filled in; anything else makes it another command."""
    bill = lading.a_bill()
    first, again = (made("transfer_bill", bill, to="bankist")[0] for _ in range(2))
    assert first == again
    others = [
        made("transfer_bill", bill, to="bankfra")[0],
        made("transfer_bill", bill, to="bankist", reason="x")[0],
        made("transfer_bill", replace(bill, revision=bill.revision + 1), to="bankist")[0],
        made("endorse_bill", bill, manner="BLANK_ENDORSE")[0],
    ]
    names = {PERSONAL_DECODER.decode(each.command).command_id for each in (first, *others)}
    assert len(names) == len(others) + 1


def test_a_signature_is_filled_in_where_the_server_left_room_for_it() -> None:
    """The browser puts it there without changing the order of names: the command stays in canonical form."""
    command = SignContract(command_id="x", contract_id="y", signature="")
    assert b'"signature":""' in canonical.encode(command)
