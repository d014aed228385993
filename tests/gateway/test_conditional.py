"""Conditional payments at the doors: reserved, told, changed, settled; and who waits for what."""

from typing import Any, TypeVar

import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.client import WaitanClient, WaitanError
from gateway.development.customers import TRADERS
from gateway.projection.search import Wanted
from gateway.traders import views
from settlement.participants import RegisterCustomer
from settlement.payments.commands import PaymentName, RegulatoryReporting, ReportingDetail, SubmitPayment
from settlement.payments.payment import SettlementState
from settlement.payments.terms import Evidence, Terms
from settlement.payments.undertaking import AcceptChange, Change, ProposeChange, ReleaseUndertaking, SettleUndertaking
from settlement.trade.contract import contract_id
from tests.builders import LATER, TODAY, TOMORROW, an_id
from tests.gateway.house import NETWORK, House, a_fresh_payment
from tests.trade import TRADER, some_terms
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

REPORTED = (RegulatoryReporting(details=(ReportingDetail(country="CN", code="121010"),)),)
U = TypeVar("U", SettleUndertaking, ReleaseUndertaking, ProposeChange, AcceptChange)


def waiting(amount: str = "25.00", terms: Terms | None = None, **others: Any) -> SubmitPayment:
    """Ask for a payment to the customer of bankist, of which a person can sign: for tomorrow, by default."""
    terms = terms or Terms(not_before=TOMORROW, expires_on=LATER)
    return a_fresh_payment(amount, creditor=TRADERS["bankist"].party, terms=terms, **others)


def about(kind: type[U], details: pb.PaymentDetails, **others: Any) -> U:
    """Name a payment as its gateway has told it."""
    name = PaymentName(journal=details.transaction_id, uetr=details.payment.uetr)
    return kind(command_id=an_id(), payment=name, payer=details.payer, payee=details.payee, **others)


async def taken_on(house: House, client: WaitanClient, payment: SubmitPayment) -> pb.PaymentDetails:
    """Let banksh take a payment on."""
    outcome = await client.submit(payment)
    assert outcome.result == pb.RESULT_RESERVED
    await house.caught_up()
    return await client.payment(payment.uetr)


async def change(house: House, banksh: WaitanClient, details: pb.PaymentDetails, wanted: Change) -> None:
    """Let banksh propose a change, and the beneficiary sign it at its own bank."""
    await banksh.ask(about(ProposeChange, details, change=wanted))
    async with house.client("bankist", TRADER) as client:
        person = house.members["bankist"].person(TRADER)
        await client.ask_signed(NETWORK, about(AcceptChange, details, change=wanted), person)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def beneficiary(house: House, bankist: WaitanClient) -> None:
    """The receiving bank knows its customer."""
    await bankist.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS["bankist"].customer))


async def test_it_is_shown_reserved_to_both_banks_with_what_it_waits_for(
    house: House, banksh: WaitanClient, bankist: WaitanClient, clearing: WaitanClient
) -> None:
    details = await taken_on(house, banksh, payment := waiting())
    for client in (banksh, bankist, clearing):
        told = await client.payment(payment.uetr)
        assert (told.state, told.status, told.settled_on) == (pb.SETTLEMENT_STATE_RESERVED, "ACSP", "")
        assert told.reserved_amount == "25.00"
        assert [(each.where, each.names, each.met) for each in told.conditions] == [
            ("terms.not_before", TOMORROW, pb.MET_NO)
        ]
        assert [each.event for each in told.events] == [pb.EVENT_KIND_PAYMENT_RESERVED]
    assert details.terms.expires_on == LATER


async def test_asked_again_it_is_answered_as_it_stands(house: House, banksh: WaitanClient) -> None:
    details = await taken_on(house, banksh, payment := waiting())
    again = await banksh.submit(payment)
    assert (again.result, again.is_repeat, again.transaction_id) == (
        pb.RESULT_RESERVED,
        True,
        details.transaction_id,
    )


async def test_its_status_report_says_that_it_is_accepted_and_has_no_date_of_settlement(
    house: House, banksh: WaitanClient
) -> None:
    await taken_on(house, banksh, payment := waiting())
    report = await banksh.message(payment.uetr, pb.MESSAGE_KIND_PACS_002)
    assert b"<TxSts>ACSP</TxSts>" in report
    assert b"FctvIntrBkSttlmDt" not in report


async def test_a_refusal_names_the_condition_that_is_not_met(house: House, banksh: WaitanClient) -> None:
    details = await taken_on(house, banksh, waiting())
    with pytest.raises(WaitanError) as raised:
        await banksh.ask(about(SettleUndertaking, details))
    assert (raised.value.code, raised.value.where) == ("RR04", "terms.not_before")


async def test_it_is_changed_by_proposal_and_signature_and_settles(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    """The life of one, as both banks' events tell it, up to its final status."""
    details = await taken_on(house, banksh, payment := waiting())
    wanted = Change(amount="20.00", terms=Terms(not_before=TODAY, expires_on=LATER))
    await banksh.ask(about(ProposeChange, details, change=Change(amount="24.00")))
    await house.caught_up()
    assert (await bankist.payment(payment.uetr)).proposed.amount == "24.00"
    await change(house, banksh, details, wanted)
    await bankist.ask(about(SettleUndertaking, details))
    await house.caught_up()
    for client in (banksh, bankist):
        told = await client.payment(payment.uetr)
        assert (told.status, told.settled_on, told.reserved_amount) == ("ACSC", TODAY, "20.00")
        assert [each.event for each in told.events] == [
            pb.EVENT_KIND_PAYMENT_RESERVED,
            *[pb.EVENT_KIND_UNDERTAKING_CHANGED] * 3,
            pb.EVENT_KIND_RESERVATION_SETTLED,
        ]
        assert [(each.by, each.amount) for each in told.events[-1:]] == [("", "20.00")]
    report = await banksh.message(payment.uetr, pb.MESSAGE_KIND_PACS_002)
    assert b"<TxSts>ACSC</TxSts>" in report
    assert (await banksh.submit(payment)).result == pb.RESULT_SETTLED


async def test_ended_as_agreed_it_is_rejected_with_its_reason(house: House, banksh: WaitanClient) -> None:
    details = await taken_on(house, banksh, payment := waiting())
    before = (await banksh.accounts("banksh", "CNY"))[0]
    await change(house, banksh, details, Change(ends=True))
    await house.caught_up()
    told = await banksh.payment(payment.uetr)
    assert (told.state, told.status, told.status_reason) == (pb.SETTLEMENT_STATE_REJECTED, "RJCT", "DS02")
    assert not told.conditions
    after = (await banksh.accounts("banksh", "CNY"))[0]
    assert int(after.available.replace(".", "")) - int(before.available.replace(".", "")) == 2_500
    again = await banksh.submit(payment)
    assert (again.result, again.code) == (pb.RESULT_REJECTED, "DS02")


async def test_a_stream_tells_which_are_reserved(house: House, banksh: WaitanClient) -> None:
    payments = [a_fresh_payment("1.00"), waiting("1.00"), waiting("1.00", Terms(not_before=TODAY, expires_on=TODAY))]

    async def given() -> Any:
        yield payments

    outcomes = [each async for batch in banksh.submit_batches(given()) for each in batch]
    assert [each.result for each in outcomes] == [pb.RESULT_SETTLED, pb.RESULT_RESERVED, pb.RESULT_SETTLED]


async def test_a_bank_says_where_it_cannot_tell(house: House, banksh: WaitanClient) -> None:
    """A contract that is on no ledger yet: the payment waits for it, and nobody knows more."""
    named = contract_id(some_terms("NOT-YET"))
    evidence = Evidence(contract=named)
    payment = waiting(terms=Terms(expires_on=LATER), evidence=evidence, debtor=TRADERS["banksh"].party)
    payment = replace(payment, regulatory_reporting=REPORTED)
    details = await taken_on(house, banksh, payment)
    assert [(each.where, each.names, each.met) for each in details.conditions] == [
        ("evidence.contract", named, pb.MET_UNKNOWN)
    ]
    gateway = house.gateways["banksh"]
    view = gateway.queries.payment(payment.uetr)
    assert view is not None
    standing = gateway.standing(view)
    assert standing is not None
    shown = msgspec.json.decode(
        views.encode(views.payment(view, gateway.queries.events_of(view.id), standing=standing))
    )
    assert (shown["state"], shown["reserved_amount"]) == ("RESERVED", "25.00")
    assert shown["conditional"] == {
        "terms": {"expires_on": LATER},
        "conditions": [{"where": "evidence.contract", "names": named, "met": "UNKNOWN"}],
    }
    assert "settled_at" not in shown


async def test_it_is_found_among_the_reserved(house: House, banksh: WaitanClient) -> None:
    payment = waiting()
    await taken_on(house, banksh, payment)
    search = house.gateways["banksh"].search
    found = {
        state: {view.uetr for view in search.page(Wanted(state=state), limit=200).payments} for state in SettlementState
    }
    assert payment.uetr in found[SettlementState.RESERVED]
    assert not found[SettlementState.PENDING]
    for state in (SettlementState.SETTLED, SettlementState.REJECTED):
        assert payment.uetr not in found[state]
        assert found[state].isdisjoint(found[SettlementState.RESERVED])


async def test_lines_of_an_account_add_up_over_what_was_reserved(house: House, banksh: WaitanClient) -> None:
    """Reserving moves nothing on the books, settling what was reserved does, and the line says so."""
    details = await taken_on(house, banksh, waiting("3.00"))
    await change(house, banksh, details, Change(terms=Terms(not_before=TODAY, expires_on=LATER)))
    await banksh.ask(about(SettleUndertaking, details))
    gateway = house.gateways["banksh"]
    account = gateway.balances.account("banksh", "CNY")
    assert account is not None
    lines = list(gateway.entries.lines(account))
    assert (lines[-1].kind, lines[-1].amount_minor, lines[-1].uetr) == (
        "RESERVATION_SETTLED",
        -300,
        details.payment.uetr,
    )
    assert "OTHER" not in {line.kind for line in lines}
    assert lines[-1].balance_minor == gateway.balances.at(account).posted_minor
