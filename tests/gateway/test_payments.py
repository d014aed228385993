"""Payments through the operators' door: asked, refused, rejected, repeated, streamed, watched."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

import pytest
from grpc import StatusCode
from msgspec.structs import replace

from gateway.client import WaitanClient, WaitanError
from gateway.outcomes import Retry
from gateway.projection.queries import EventView
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from tests.builders import TOMORROW, YESTERDAY, a_uetr, an_id
from tests.expectations import PATIENCE_S
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENOUGH: Final = "99999999.00"


async def streamed(client: WaitanClient, *batches: Sequence[SubmitPayment]) -> list[list[pb.PaymentOutcome]]:
    async def given() -> AsyncIterator[Sequence[SubmitPayment]]:
        for batch in batches:
            yield batch

    return [outcomes async for outcomes in client.submit_batches(given())]


async def test_a_payment_settles_and_both_banks_know_it(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    payment = a_fresh_payment("12.34")
    outcome = await banksh.submit(payment)
    assert (outcome.result, outcome.code, outcome.is_repeat) == (pb.RESULT_SETTLED, "", False)
    await house.caught_up()
    sent, received = await banksh.payment(payment.uetr), await bankist.payment(payment.uetr)
    assert (sent.status, sent.transaction_id, sent.block) == ("ACSC", outcome.transaction_id, outcome.block)
    assert sent.payment == received.payment
    assert sent.payment.debtor.name == payment.debtor.name


async def test_who_asked_is_told_to_the_asking_bank_and_the_authorities_alone(
    house: House, banksh: WaitanClient, bankist: WaitanClient, clearing: WaitanClient
) -> None:
    payment = a_fresh_payment()
    await banksh.submit(payment)
    await house.caught_up()
    asked = house.members["banksh"].person("officer-1").fingerprint
    shown = [await client.payment(payment.uetr) for client in (banksh, bankist, clearing)]
    assert [each.requested_by for each in shown] == [asked, "", asked]
    assert [each.events[0].requested_by for each in shown] == [asked, "", asked]


async def test_a_third_bank_learns_nothing_of_a_payment(house: House, banksh: WaitanClient) -> None:
    payment = a_fresh_payment()
    await banksh.submit(payment)
    await house.caught_up()
    async with house.client("bankfra") as outsider:
        answers = []
        for uetr in (payment.uetr, a_uetr()):
            with pytest.raises(WaitanError) as raised:
                await outsider.payment(uetr)
            answers.append((raised.value.code, raised.value.where, raised.value.meaning))
    assert answers[0] == answers[1]
    assert answers[0][0] == "NOT_FOUND"


REFUSED: Final[dict[str, tuple[Callable[[SubmitPayment], SubmitPayment], StatusCode]]] = {
    "CH20 amount": (lambda one: replace(one, amount="1.0"), StatusCode.INVALID_ARGUMENT),
    "AM01 amount": (lambda one: replace(one, amount="0.00"), StatusCode.INVALID_ARGUMENT),
    "CH16 amount": (lambda one: replace(one, amount="1e3"), StatusCode.INVALID_ARGUMENT),
    "CH16 uetr": (lambda one: replace(one, uetr="not-a-uetr"), StatusCode.INVALID_ARGUMENT),
    "CH21 uetr": (lambda one: replace(one, uetr=""), StatusCode.INVALID_ARGUMENT),
    "AM11 currency": (lambda one: replace(one, currency="XYZ"), StatusCode.INVALID_ARGUMENT),
    "AG08 instructing_agent": (lambda one: replace(one, instructing_agent="BOSPTRISXXX"), StatusCode.PERMISSION_DENIED),
    "CNOR instructed_agent": (lambda one: replace(one, instructed_agent="DEUTDEFFXXX"), StatusCode.FAILED_PRECONDITION),
    "DT04 settlement_date": (lambda one: replace(one, settlement_date=TOMORROW), StatusCode.FAILED_PRECONDITION),
    "UNFUNDED amount": (lambda one: replace(one, amount=ENOUGH), StatusCode.FAILED_PRECONDITION),
}


@pytest.mark.parametrize("expected", REFUSED)
async def test_a_refusal_names_code_and_field_and_leaves_the_uetr_free(banksh: WaitanClient, expected: str) -> None:
    change, status = REFUSED[expected]
    payment = a_fresh_payment()
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(change(payment))
    assert (f"{raised.value.code} {raised.value.where}", raised.value.status) == (expected, status)
    assert raised.value.is_refusal
    assert raised.value.meaning
    assert (await banksh.submit(payment)).result == pb.RESULT_SETTLED


async def test_a_payment_without_a_debtor_is_refused(banksh: WaitanClient) -> None:
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(pb.Payment(uetr=a_uetr(), charge_bearer=pb.CHARGE_BEARER_SHAR))
    assert (raised.value.code, raised.value.where) == ("CH21", "debtor")


async def test_a_choice_that_this_version_does_not_know_is_refused(banksh: WaitanClient) -> None:
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(pb.Payment(uetr=a_uetr(), charge_bearer=99))  # type: ignore[arg-type]
    assert (raised.value.code, raised.value.where) == ("CH16", "charge_bearer")


async def test_a_field_that_this_version_does_not_know_is_refused(banksh: WaitanClient) -> None:
    unknown = bytes([0xFA, 0x3E, 0x01, 0x41])  # field 1007, one byte of text
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(pb.Payment.FromString(unknown))
    assert raised.value.code == "CH17"


async def test_agents_left_out_are_the_bank_itself_and_the_creditors_agent(banksh: WaitanClient) -> None:
    payment = replace(a_fresh_payment(), instructing_agent="", instructed_agent="")
    assert (await banksh.submit(payment)).result == pb.RESULT_SETTLED


async def test_a_bic_of_eight_characters_is_its_head_office(banksh: WaitanClient) -> None:
    payment = a_fresh_payment()
    short = replace(
        payment, instructed_agent="BOSPTRIS", creditor_agent=replace(payment.creditor_agent, bic="BOSPTRIS")
    )
    assert (await banksh.submit(short)).result == pb.RESULT_SETTLED
    assert (await banksh.payment(payment.uetr)).payment.creditor_agent.bic == "BOSPTRISXXX"


async def test_a_rejection_is_an_answer_and_uses_the_uetr(banksh: WaitanClient) -> None:
    payment = a_fresh_payment(ENOUGH, when_unfunded=WhenUnfunded.REJECT)
    outcome = await banksh.submit(payment)
    assert (outcome.result, outcome.code) == (pb.RESULT_REJECTED, "AM04")
    assert outcome.transaction_id
    again = await banksh.submit(payment)
    assert (again.result, again.code, again.is_repeat) == (pb.RESULT_REJECTED, "AM04", True)
    shown = await banksh.payment(payment.uetr)
    assert (shown.status, shown.status_reason) == ("RJCT", "AM04")
    past = await banksh.submit(a_fresh_payment(settlement_date=YESTERDAY))
    assert past.code == "DT01"


async def test_a_repeat_gets_the_first_outcome(banksh: WaitanClient) -> None:
    payment = a_fresh_payment()
    first = await banksh.submit(payment)
    again = await banksh.submit(replace(payment, message_id=an_id()[:30], created_at="2026-11-23T02:00:00Z"))
    assert again.is_repeat
    assert (again.transaction_id, again.block) == (first.transaction_id, first.block)


async def test_a_used_uetr_with_other_content_is_refused(banksh: WaitanClient) -> None:
    payment = a_fresh_payment("10.00")
    await banksh.submit(payment)
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(replace(payment, amount="11.00"))
    assert (raised.value.code, raised.value.status) == ("DU03", StatusCode.ALREADY_EXISTS)


@pytest.mark.parametrize(("name", "code"), [("message_id", "DU01"), ("instruction_id", "DU05")])
async def test_an_identification_is_not_used_twice(banksh: WaitanClient, name: str, code: str) -> None:
    first, second = a_fresh_payment(), a_fresh_payment()
    await banksh.submit(first)
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(replace(second, **{name: getattr(first, name)}))
    assert (raised.value.code, raised.value.where) == (code, name)


async def test_the_same_payment_sent_many_times_at_once_settles_once(house: House, banksh: WaitanClient) -> None:
    payment = a_fresh_payment()
    outcomes = await asyncio.gather(*(banksh.submit(payment) for _ in range(20)))
    assert len({outcome.transaction_id for outcome in outcomes}) == 1
    assert sum(not outcome.is_repeat for outcome in outcomes) == 1
    view = house.gateways["banksh"].queries.payment(payment.uetr)
    assert view is not None
    assert len(house.gateways["banksh"].queries.events_of(view.id)) == 1


async def test_a_bad_payment_in_the_middle_of_a_batch_sinks_nothing(banksh: WaitanClient) -> None:
    good, bad, last = a_fresh_payment(), a_fresh_payment("0.00"), a_fresh_payment()
    [outcomes] = await streamed(banksh, [good, bad, last])
    assert [each.uetr for each in outcomes] == [good.uetr, bad.uetr, last.uetr]
    assert [each.result for each in outcomes] == [pb.RESULT_SETTLED, pb.RESULT_REFUSED, pb.RESULT_SETTLED]
    assert (outcomes[1].code, outcomes[1].where, outcomes[1].transaction_id) == ("AM01", "amount", "")


async def test_a_uetr_twice_in_one_batch_settles_once(banksh: WaitanClient) -> None:
    payment = a_fresh_payment()
    [outcomes] = await streamed(banksh, [payment, payment, replace(payment, amount="1.00")])
    assert [(each.code, each.is_repeat) for each in outcomes] == [("", False), ("", True), ("DU03", False)]


async def test_batches_are_answered_in_order(banksh: WaitanClient) -> None:
    batches = [[a_fresh_payment("1.00") for _ in range(size)] for size in (3, 120, 1, 40, 7)]
    answers = await streamed(banksh, *batches)
    assert [[each.uetr for each in one] for one in answers] == [[each.uetr for each in one] for one in batches]
    assert all(each.result == pb.RESULT_SETTLED for one in answers for each in one)


@pytest.mark.parametrize(("size", "code"), [(0, "CH21"), (501, "CH17")])
async def test_a_batch_has_one_to_five_hundred_payments(banksh: WaitanClient, size: int, code: str) -> None:
    payment = a_fresh_payment()
    with pytest.raises(WaitanError) as raised:
        await streamed(banksh, [payment] * size)
    assert (raised.value.code, raised.value.where) == (code, "payments")


async def test_whoever_resumes_watching_misses_nothing_and_sees_nothing_twice(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    await house.caught_up()
    start = house.gateways["bankist"].queries.last_position()
    payments = [a_fresh_payment("1.00") for _ in range(30)]
    sending = asyncio.create_task(streamed(banksh, payments[:10], payments[10:20], payments[20:]))
    seen: list[str] = []
    position = start
    while len(seen) < len(payments):
        async for event in bankist.watch(position, pb.DIRECTION_INCOMING):
            assert event.position > position
            position = event.position
            seen.append(event.uetr)
            if len(seen) % 7 == 0 or len(seen) == len(payments):
                break
    await sending
    assert seen == [payment.uetr for payment in payments]


async def test_a_watch_by_direction_leaves_the_others_out(house: House, banksh: WaitanClient) -> None:
    await house.caught_up()
    start = house.gateways["banksh"].queries.last_position()
    payment = a_fresh_payment()
    await banksh.submit(payment)
    async for first in banksh.watch(start, pb.DIRECTION_OUTGOING):
        assert (first.uetr, first.event) == (payment.uetr, pb.EVENT_KIND_PAYMENT_SETTLED)
        break
    assert not house.gateways["banksh"].queries.events_after(start, limit=10, payee="banksh")


async def test_a_watch_by_direction_skips_nothing_that_comes_while_it_reads(
    house: House, banksh: WaitanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payment comes after the events were read, and before the stream has gone on to the last position."""
    await house.caught_up()
    queries, first, second = house.gateways["banksh"].queries, a_fresh_payment(), a_fresh_payment()
    start, read = queries.last_position(), asyncio.Event()
    events_after, last_position = queries.events_after, queries.last_position
    await banksh.submit(first)
    await house.caught_up()

    def nothing_yet(position: int, **asked: Any) -> list[EventView]:
        if read.is_set():
            return events_after(position, **asked)
        read.set()
        return []

    monkeypatch.setattr(queries, "events_after", nothing_yet)
    monkeypatch.setattr(queries, "last_position", lambda: last_position() if read.is_set() else start)
    events = aiter(banksh.watch(start, pb.DIRECTION_OUTGOING))
    coming = asyncio.ensure_future(anext(events))
    async with asyncio.timeout(PATIENCE_S):
        await read.wait()
        await banksh.submit(second)
        assert (await coming).uetr == first.uetr
        assert (await anext(events)).uetr == second.uetr


async def test_a_watch_from_beyond_the_last_position_waits_and_a_direction_of_another_version_is_refused(
    house: House, banksh: WaitanClient
) -> None:
    for position in (2**63 - 1, 2**63, 2**64 - 1):
        events = aiter(banksh.watch(position))
        waiting = asyncio.ensure_future(anext(events))
        payment = a_fresh_payment()
        await banksh.submit(payment)
        await house.caught_up()
        done, _ = await asyncio.wait((waiting,), timeout=0.1)
        assert not done
        waiting.cancel()
        await asyncio.wait((waiting,))
    with pytest.raises(WaitanError) as raised:
        await anext(aiter(banksh.watch(0, 99)))  # type: ignore[arg-type]
    assert (raised.value.code, raised.value.where) == ("CH16", "direction")
    with pytest.raises(WaitanError) as raised:
        await banksh.message(payment.uetr, 99)  # type: ignore[arg-type]
    assert (raised.value.code, raised.value.where) == ("CH16", "kind")


async def test_a_stream_of_retries_says_what_may_be_retried(banksh: WaitanClient) -> None:
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(a_fresh_payment(ENOUGH))
    assert raised.value.retry is Retry.LATER
