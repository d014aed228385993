"""Many payments over one stream, and what was used twice: answers in order, nothing kept that nobody waits for."""

import asyncio
import weakref
from collections.abc import AsyncIterator
from typing import Any

import pytest
from grpc import aio

from gateway.client import WaitanClient, WaitanError
from gateway.ledger.port import LedgerUnreachableError
from gateway.operators import codec, payments, server
from gateway.operators.payments import AHEAD, Payments
from settlement.payments.commands import SubmitPayment
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import payments_pb2 as pb
from waitan.v1.payments_pb2_grpc import PaymentServiceStub

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_batches_are_answered_in_order_and_their_answers_let_go(house: House) -> None:
    """A stream may last for days: the service keeps no answer that was given."""
    service: Any = Payments(house.gateways["banksh"])
    alive: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()

    async def batch(request: bytes, *_: asyncio.Event) -> pb.SubmitPaymentsResponse:
        task = asyncio.current_task()
        assert task is not None
        alive.add(task)
        return pb.SubmitPaymentsResponse(outcomes=[pb.PaymentOutcome(uetr=request.decode())])

    async def requests() -> AsyncIterator[bytes]:
        for number in range(50):
            yield str(number).encode()

    service._batch = batch
    told, kept = [], 0
    async for response in service.SubmitPayments(requests(), None):
        told.append(response.outcomes[0].uetr)
        kept = max(kept, len(alive))
    await service.close()
    assert told == [str(number) for number in range(50)]
    assert kept <= AHEAD + 1


class Stream:
    """One stream at a service of its own: batches that are answered when they may be, and then silence."""

    def __init__(self, house: House, *batches: bytes) -> None:
        service: Any = Payments(house.gateways["banksh"])
        service._batch = self._batch
        self.service = service
        self.may_answer = asyncio.Event()
        self.is_silent = asyncio.Event()
        self._batches = batches

    async def answers(self) -> tuple[list[str], str]:
        """Give what was answered, and the kind of error that it ended with."""
        told = []
        try:
            async for response in self.service.SubmitPayments(self._requests(), None):
                told.append(response.outcomes[0].uetr)  # noqa: PERF401 - kept though it ends in an error
        except LedgerUnreachableError as error:
            return told, type(error).__name__
        finally:
            await self.service.close()
        return told, ""

    async def _batch(self, request: bytes, *_: Any) -> pb.SubmitPaymentsResponse:
        await self.may_answer.wait()
        return pb.SubmitPaymentsResponse(outcomes=[pb.PaymentOutcome(uetr=request.decode())])

    async def _requests(self) -> AsyncIterator[bytes]:
        for batch in self._batches:
            yield batch
        self.is_silent.set()
        await asyncio.Event().wait()


async def test_a_stream_that_brings_nothing_more_ends_once_what_it_brought_is_answered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments, "SILENT_S", 0.01)
    stream = Stream(house, b"1", b"2")
    answers = asyncio.create_task(stream.answers())
    await stream.is_silent.wait()
    stream.may_answer.set()
    assert await answers == (["1", "2"], "LedgerUnreachableError")


async def test_a_service_that_stops_answers_what_came_and_takes_no_more(house: House) -> None:
    stream = Stream(house, b"1", b"2")
    answers = asyncio.create_task(stream.answers())
    await stream.is_silent.wait()
    stream.service.stop()
    stream.may_answer.set()
    assert await answers == (["1", "2"], "LedgerUnreachableError")
    late = Stream(house)
    late.service.stop()
    assert await late.answers() == ([], "LedgerUnreachableError")


async def test_a_door_that_closes_lets_idle_streams_go_and_says_that_they_may_come_again(house: House) -> None:
    door = await server.serve(house.gateways["banksh"], "localhost:0", house.identity("banksh"))
    is_over = asyncio.Event()

    async def batches() -> AsyncIterator[list[SubmitPayment]]:
        yield [a_fresh_payment("1.00")]
        await is_over.wait()

    async with WaitanClient(f"localhost:{door.port}", house.identity("banksh", "officer-1")) as client:
        answers = client.submit_batches(batches())
        assert [outcome.result for outcome in await anext(answers)] == [pb.RESULT_SETTLED]
        closing = asyncio.create_task(door.close())
        with pytest.raises(WaitanError) as raised:
            await anext(answers)
        is_over.set()
        await closing
    assert raised.value.code == "ED06"


async def test_a_bad_batch_ends_the_stream_after_the_answers_before_it(house: House) -> None:
    good = a_fresh_payment("1.00")

    async def batches() -> AsyncIterator[list[SubmitPayment]]:
        for batch in ([good], [], [a_fresh_payment("1.00")]):
            yield batch

    async with house.client("banksh") as client:
        answers = client.submit_batches(batches())
        told = [outcome.uetr for outcome in await anext(answers)]
        with pytest.raises(WaitanError) as raised:
            await anext(answers)
    assert (told, raised.value.code) == ([good.uetr], "CH21")


async def test_payments_of_a_client_that_goes_away_settle_all_the_same(house: House) -> None:
    sent = [a_fresh_payment("1.00") for _ in range(3)]
    address = f"localhost:{house.servers['banksh'].port}"
    async with aio.secure_channel(address, house.identity("banksh", "officer-1").channel_credentials()) as channel:
        stub: Any = PaymentServiceStub(channel)
        call = stub.SubmitPayments()
        for payment in sent:
            await call.write(pb.SubmitPaymentsRequest(payments=[codec.write(payment, pb.Payment)]))
        await call.read()
        call.cancel()
    async with house.client("banksh") as client:
        outcomes = [await client.submit(payment) for payment in sent]
    assert {outcome.result for outcome in outcomes} == {pb.RESULT_SETTLED}


async def test_a_duplicate_is_told_seen_confirmed_and_sent_back_by_its_transaction(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    """DU03 on arrival: two gateways of the payer may send one UETR twice, and the payee has the money twice."""
    payment, payer = a_fresh_payment("3.00"), house.gateways["banksh"]
    position = house.gateways["bankist"].queries.last_position()
    [first] = await payer.ask([payment])
    [second] = await payer.ask([payment])
    assert (first.code, second.code) == ("", "")
    await house.caught_up()
    events = house.gateways["bankist"].queries.events_after(position, limit=10)
    watched = [each async for each in take(bankist.watch(after_position=position), len(events))]
    told = [(each.transaction_id, each.is_duplicate) for each in watched if each.uetr == payment.uetr]
    assert told == [(first.tx_id, False), (second.tx_id, True)]
    assert not (await bankist.payment(payment.uetr)).is_duplicate
    assert (await bankist.payment(payment.uetr, second.tx_id)).is_duplicate
    document = await bankist.message(payment.uetr, pb.MESSAGE_KIND_PACS_008, transaction_id=second.tx_id)
    assert payment.uetr.encode() in document
    with pytest.raises(WaitanError):
        await bankist.message(payment.uetr, pb.MESSAGE_KIND_PACS_008, transaction_id="00" * 32)
    request = pb.ReturnPaymentRequest(
        uetr=payment.uetr,
        transaction_id=second.tx_id,
        return_id=f"R-{second.tx_id[:8]}",
        currency="CNY",
        amount="3.00",
        settlement_date=payment.settlement_date,
        reason="DUPL",
        message_id=f"M-{second.tx_id[:8]}",
    )
    done = await bankist.return_payment(request)
    assert await bankist.return_payment(request) == done
    await house.caught_up()
    assert (await banksh.payment(payment.uetr, second.tx_id)).returned_amount == "3.00"
    assert not (await banksh.payment(payment.uetr)).returned_amount
    with pytest.raises(WaitanError) as raised:
        await banksh.payment(payment.uetr, "not-an-id")
    assert (raised.value.code, raised.value.where) == ("CH16", "transaction_id")


async def take(events: AsyncIterator[pb.PaymentEvent], count: int) -> AsyncIterator[pb.PaymentEvent]:
    """Give the first events of a watch."""
    for _ in range(count):
        yield await anext(events)
