"""Payments above a bank's limit, through the operators' door: proposed by one officer, released by another."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient, WaitanError
from gateway.operators import codec
from gateway.traders.web.desk import PAGE
from gateway.traders.web.frame import token_cookie
from settlement.iso20022 import writing
from settlement.parties import Agent
from settlement.payments.commands import ReferredDocument, StructuredRemittance, SubmitPayment, WhenUnfunded
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit, proposal_id
from settlement.payments.terms import Terms
from settlement.payments.undertaking import Change, ProposeChange
from settlement.records import Command
from settlement.rulings import WithdrawRuling
from tests.builders import (
    LATER,
    SILK_ACCOUNT,
    SILK_LEI,
    TEKSTIL_LEI,
    TODAY,
    TOMORROW,
    about,
    an_id,
    an_initiation,
    an_instruction,
)
from tests.contracts.samples import register
from tests.gateway.doors import doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment
from waitan.v1 import payments_pb2 as pb
from waitan.v1 import rulings_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

ONE, TWO = "officer-1", "officer-2"
LIMIT = "500.00"
ABOVE = "500.01"
NOT_HERE = ReferredDocument(type_code="CINV", number="INV-NOT-HERE")


async def sign(house: House, command: Command, by: str, at: str = "banksh") -> None:
    async with house.client(at, by) as client:
        await client.ask_signed(NETWORK, command, house.members[at].person(by))


async def limit(house: House, amount: str) -> None:
    """Let two officers set the bank's limit."""
    for by, confirms in ((ONE, False), (TWO, True)):
        command = SetReleaseLimit(
            command_id=an_id(), participant="banksh", currency="CNY", amount=amount, confirms=confirms
        )
        await sign(house, command, by)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def limited(house: House) -> AsyncIterator[None]:
    """The paying bank has a limit, as long as these tests run."""
    await limit(house, LIMIT)
    yield
    await limit(house, "")


async def propose(house: House, payment: SubmitPayment, by: str = ONE) -> None:
    await sign(house, ProposeRelease(command_id=an_id(), payment=payment), by)


async def release(house: House, payment: SubmitPayment, by: str = TWO) -> pb.PaymentOutcome:
    async with house.client("banksh", by) as client:
        return await client.release_payment(NETWORK, payment, house.members["banksh"].person(by))


async def typed(client: WaitanClient, amount: str = ABOVE) -> SubmitPayment:
    """Have a payment said as officers sign it, from its typed form."""
    asked = codec.write(a_fresh_payment(amount), pb.Payment)
    return await client.prepare_release(pb.PrepareReleaseRequest(payment=asked))


async def listed(house: House, at: str, name: str) -> list[rulings_pb2.Ruling]:
    readers = {"regulator": "supervisor-1", "customs": "customs-1"}
    await house.caught_up()
    async with house.client(at, readers.get(at, ONE)) as client:
        return [each async for each in client.rulings() if each.ruling_id == name]


async def refusal(asking: object) -> tuple[str, str]:
    with pytest.raises(WaitanError) as raised:
        await asking  # type: ignore[misc]
    return raised.value.code, raised.value.where


async def test_what_is_refused_alone_two_officers_pay(house: House, banksh: WaitanClient) -> None:
    payment = a_fresh_payment(ABOVE)
    assert await refusal(banksh.submit(payment)) == ("RELEASE_NEEDED", "amount")
    said = await typed(banksh)
    await propose(house, said)
    assert await refusal(release(house, said, ONE)) == ("SAME_SIGNER", "payment")
    assert await refusal(release(house, replace(said, remittance="Else"))) == ("NOT_AS_PROPOSED", "payment")
    outcome = await release(house, said)
    assert (outcome.result, outcome.is_repeat) == (pb.RESULT_SETTLED, False)
    details = await banksh.payment(said.uetr)
    assert (details.payment.amount, details.block) == (ABOVE, outcome.block)
    again = await release(house, said)
    assert (again.is_repeat, again.block) == (True, outcome.block)


async def test_a_proposal_is_told_to_its_bank_alone(house: House, banksh: WaitanClient) -> None:
    """Who has proposed what and when; nobody else is told, not even the authorities that hold it."""
    said = await typed(banksh)
    await propose(house, said)
    name = proposal_id(said)
    [waits] = await listed(house, "banksh", name)
    assert (waits.command, waits.authority, waits.participant, waits.currency, waits.proposed_by) == (
        "ProposeRelease",
        "banksh",
        "banksh",
        "CNY",
        ONE,
    )
    assert waits.state == rulings_pb2.RULING_STATE_PROPOSED
    for at in ("bankist", "clearing", "regulator", "customs"):
        assert await listed(house, at, name) == [], at
    await sign(house, WithdrawRuling(command_id=an_id(), ruling_id=name, reason="Mistyped"), TWO)
    [ended] = await listed(house, "banksh", name)
    assert (ended.state, ended.decided_by, ended.withdrawn_because) == (
        rulings_pb2.RULING_STATE_WITHDRAWN,
        TWO,
        "Mistyped",
    )
    assert await refusal(release(house, said)) == ("RELEASE_NEEDED", "amount")


async def test_the_desk_lists_what_waits_for_a_second_officer(house: House, banksh: WaitanClient) -> None:
    """How many, and of each how much, to whom, by whom, until when, and all that the second one signs."""
    said = await typed(banksh)
    told = []
    async with doors_of(house, "banksh") as doors:
        cookie = {"Cookie": f"{token_cookie('banksh')}={doors.token('banksh', Scope.DESK, ONE)}"}
        for each in (None, ProposeRelease(command_id=an_id(), payment=said)):
            if each is not None:
                await sign(house, each, ONE)
                await house.caught_up()
            text = (await doors.ask("banksh", "/desk", headers=cookie)).body
            told += re.findall(r'aria-label="For a second officer: (\d+)"', text)
            assert (said.uetr in text) is (each is not None)
        assert said.creditor_account is not None
        for page in ("/desk", "/desk/proposals"):
            text = (await doors.ask("banksh", page, headers=cookie)).body
            row = text.partition(">Waits for a second officer<")[2].partition('class="when"')[2]
            row = row[: row.index("</tr>")]
            for word in (f"{ABOVE} CNY", said.creditor.name, ONE, said.settlement_date, said.creditor_account.iban):
                assert word in row, (page, word)
        trader = {"Cookie": f"{token_cookie('banksh')}={doors.token('banksh', Scope.TRADER, SILK_LEI)}"}
        assert (await doors.ask("banksh", "/desk/proposals", headers=trader)).status == 404
    assert int(told[1]) - int(told[0]) == 1


async def test_all_that_waits_is_turned_over_page_by_page(house: House, banksh: WaitanClient) -> None:
    said = [await typed(banksh) for _ in range(PAGE + 1)]
    for each in said:
        await propose(house, each)
    await house.caught_up()
    async with doors_of(house, "banksh") as doors:
        cookie = {"Cookie": f"{token_cookie('banksh')}={doors.token('banksh', Scope.DESK, ONE)}"}
        first = (await doors.ask("banksh", "/desk/proposals", headers=cookie)).body
        (older,) = re.findall(r'href="(/desk/proposals\?cursor=[^"]+)" rel="next"', first)
        second = (await doors.ask("banksh", older, headers=cookie)).body
    shown = [[each.uetr for each in said if each.uetr in text] for text in (first, second)]
    assert shown == [[each.uetr for each in said[1:]], [said[0].uetr]]


async def test_a_proposed_change_leads_to_its_payment(house: House, banksh: WaitanClient) -> None:
    payment = replace(
        a_fresh_payment(ABOVE),
        terms=Terms(not_before=TOMORROW, expires_on=LATER),
        creditor=replace(a_fresh_payment().creditor, lei=TEKSTIL_LEI),
    )
    said = await banksh.prepare_release(pb.PrepareReleaseRequest(payment=codec.write(payment, pb.Payment)))
    await propose(house, said)
    outcome = await release(house, said)
    assert outcome.result == pb.RESULT_RESERVED
    change = about(
        ProposeChange, said, outcome.transaction_id, change=Change(terms=Terms(not_before=TODAY, expires_on=LATER))
    )
    assert await refusal(sign(house, change, TWO)) == ("RELEASE_NEEDED", "change.terms")
    await sign(house, ProposeChangeRelease(command_id=an_id(), change=change), ONE)
    await house.caught_up()
    async with doors_of(house, "banksh") as doors:
        cookie = {"Cookie": f"{token_cookie('banksh')}={doors.token('banksh', Scope.DESK, ONE)}"}
        text = (await doors.ask("banksh", "/desk", headers=cookie)).body
        assert f'href="/payments/{said.uetr}"' in text
    [waits] = await listed(house, "banksh", proposal_id(change))
    assert (waits.uetr, waits.currency, waits.expires_on) == (said.uetr, "CNY", TODAY)
    await sign(house, change, TWO)
    assert (await banksh.payment(said.uetr)).HasField("proposed")


async def test_a_proposed_payment_carries_all_that_a_direct_one_can(house: House, banksh: WaitanClient) -> None:
    """Of an initiation whom it is sent to, and what the bank reports; of a document its evidence and its terms."""
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    command = an_initiation(an_instruction(ABOVE, creditor_agent=Agent(bic="DEUTDEFFXXX")))
    assert [outcome.code for outcome in await house.gateways["banksh"].ask([command])] == [""]
    (name,) = [each.initiation_id async for each in banksh.initiations() if each.message_id == command.message_id]
    asked = pb.PrepareReleaseRequest(initiation_id=name)
    assert await refusal(banksh.prepare_release(asked)) == ("CNOR", "instructed_agent")
    report = pb.RegulatoryReporting(details=[pb.ReportingDetail(country="CN", code="121010")])
    asked = pb.PrepareReleaseRequest(
        initiation_id=name,
        instructed_agent="BOSPTRIS",
        regulatory_reporting=[report],
        when_unfunded=pb.WHEN_UNFUNDED_REJECT,
    )
    said = await banksh.prepare_release(asked)
    assert (said.instructed_agent, said.when_unfunded) == ("BOSPTRISXXX", WhenUnfunded.REJECT)
    assert [each.code for each in said.regulatory_reporting[0].details] == ["121010"]
    await propose(house, said)
    assert (await release(house, said)).result == pb.RESULT_SETTLED
    document = writing.payment_message(a_fresh_payment(ABOVE), sent_at="2026-11-23T01:02:03Z")
    terms = pb.Terms(not_before=TOMORROW, expires_on=LATER)
    waits = await banksh.prepare_release(pb.PrepareReleaseRequest(document=document, terms=terms))
    assert waits.terms == Terms(not_before=TOMORROW, expires_on=LATER)
    named = replace(a_fresh_payment(ABOVE), structured_remittance=(StructuredRemittance(documents=(NOT_HERE,)),))
    unknown = writing.payment_message(replace(named, remittance=""), sent_at="2026-11-23T01:02:03Z")
    held = pb.PrepareReleaseRequest(document=unknown, holds_evidence=True)
    assert (await refusal(banksh.prepare_release(held)))[0] == "RR04"
    assert (await banksh.prepare_release(pb.PrepareReleaseRequest(document=unknown))).evidence is None


async def test_a_limit_is_its_banks_to_know(house: House, banksh: WaitanClient, clearing: WaitanClient) -> None:
    [own] = await banksh.accounts("banksh", "CNY")
    assert own.release_limit == LIMIT
    assert [each.release_limit for each in await clearing.accounts("banksh", "CNY")] == [""]


async def test_a_pacs_008_above_the_limit_is_proposed(house: House, banksh: WaitanClient) -> None:
    document = writing.payment_message(a_fresh_payment(ABOVE), sent_at="2026-11-23T01:02:03Z")
    assert await refusal(banksh.submit_message(document)) == ("RELEASE_NEEDED", "amount")
    said = await banksh.prepare_release(pb.PrepareReleaseRequest(document=document))
    await propose(house, said)
    assert (await release(house, said)).result == pb.RESULT_SETTLED


async def test_what_a_customer_asks_for_above_the_limit_is_proposed(house: House, banksh: WaitanClient) -> None:
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    command = an_initiation(an_instruction(ABOVE))
    assert [outcome.code for outcome in await house.gateways["banksh"].ask([command])] == [""]
    async for each in banksh.initiations():
        if each.message_id == command.message_id:
            name = each.initiation_id
    said = await banksh.prepare_release(pb.PrepareReleaseRequest(initiation_id=name))
    await propose(house, said)
    assert (await release(house, said)).result == pb.RESULT_SETTLED
    assert (await banksh.initiation(name)).uetr == said.uetr


async def test_what_names_no_payment_is_not_prepared(banksh: WaitanClient, clearing: WaitanClient) -> None:
    for request, expected in (
        (pb.PrepareReleaseRequest(), ("CH21", "asked")),
        (pb.PrepareReleaseRequest(document=b"no XML"), ("FF01", "")),
        (pb.PrepareReleaseRequest(initiation_id="0" * 32), ("NOT_FOUND", "initiation_id")),
        (pb.PrepareReleaseRequest(assessment_id="0" * 32), ("NOT_FOUND", "assessment_id")),
    ):
        assert await refusal(banksh.prepare_release(request)) == expected
    assert (await refusal(clearing.prepare_release(pb.PrepareReleaseRequest())))[0] == "AG08"
