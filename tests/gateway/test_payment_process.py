"""The process that reads batches of payments: the same answers as here, in order, and no loss where it ends."""

import asyncio
import os
import signal
from typing import Final

import pytest

from gateway.operators import codec
from gateway.operators.payment_process import AskedPayments, ReadPayments, Sender, asked, read_payments
from gateway.operators.payments import Payments
from gateway.operators.readers import SMALL_BYTES, PaymentReader
from gateway.submission import Prepared
from settlement import canonical
from settlement.commands import DECODER
from settlement.errors import Code, Refusal
from settlement.payments.commands import SubmitPayment
from tests.builders import BICS, a_payment
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio

SENDER: Final = Sender("banksh", BICS["banksh"], "fingerprint", {bic: name for name, bic in BICS.items() if bic})


def a_request(payments: list[SubmitPayment]) -> AskedPayments:
    request = pb.SubmitPaymentsRequest(payments=[codec.write(payment, pb.Payment) for payment in payments])
    return AskedPayments(request.SerializeToString(), SENDER)


def a_large_request() -> AskedPayments:
    """Some payments, one of them refused for its content and one for its payee."""
    nowhere = a_payment(instructed_agent="NOWHDEFFXXX")
    request = a_request([*(a_payment() for _ in range(30)), a_payment(amount="1.001"), nowhere])
    assert len(request.request) > SMALL_BYTES
    return request


async def started(reader: PaymentReader) -> None:
    """Have the process started: the first large batch asks for it, and is read here meanwhile."""
    await reader.read(a_large_request())
    await reader.started.wait()


async def test_a_batch_reads_the_same_here_and_there() -> None:
    reader, request = PaymentReader(), a_large_request()
    await started(reader)
    there = await reader.read(request)
    await reader.close()
    assert there == read_payments(request)
    assert [(each.code, each.where) for each in there.payments[-2:]] == [
        ("CH20", "amount"),
        ("CNOR", "instructed_agent"),
    ]
    assert all(each.prepared for each in there.payments[:-2])


async def test_what_is_ready_to_be_sent_is_the_payment_in_canonical_form() -> None:
    payment = a_payment()
    [read] = read_payments(a_request([payment])).payments
    ready = asked(read)
    assert isinstance(ready, Prepared)
    command = canonical.decode(ready.command, DECODER)
    assert isinstance(command, SubmitPayment)
    assert (command.uetr, command.requested_by) == (payment.uetr, "fingerprint")
    assert len(ready.identifications) == bool(payment.message_id) + bool(payment.instruction_id)


@pytest.mark.parametrize(
    ("request_", "code"),
    [(b"\xff", Code.FF01), (b"", Code.CH21), (b"\x0a\x00" * 501, Code.CH17), (b"\x7a\x00", Code.CH17)],
    ids=["no_message", "empty", "too_many", "unknown_field"],
)
async def test_a_batch_that_cannot_be_read_is_refused_whole(request_: bytes, code: Code) -> None:
    with pytest.raises(Refusal) as raised:
        await PaymentReader().read(AskedPayments(request_, SENDER))
    assert raised.value.code is code


async def test_a_small_batch_needs_no_process() -> None:
    reader = PaymentReader()
    assert len((await reader.read(a_request([a_payment()]))).payments) == 1
    assert not reader._tasks
    await reader.close()


async def test_batches_are_read_although_the_process_ends() -> None:
    """All but the one that it ended over: were that the cause, this process would end next."""
    reader = PaymentReader()
    await started(reader)
    assert reader._process is not None
    process = reader._process
    request = a_large_request()
    reading = [asyncio.create_task(reader.read(request)) for _ in range(20)]
    await asyncio.sleep(0)
    os.kill(process.pid, signal.SIGKILL)
    read = await asyncio.gather(*reading, return_exceptions=True)
    refused = [answer for answer in read if isinstance(answer, Refusal) and answer.code is Code.ED05]
    assert len(refused) <= 1
    assert [answer for answer in read if not isinstance(answer, Refusal)] == [read_payments(request)] * (
        len(read) - len(refused)
    )
    await process.wait()
    await reader.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_batches_go_to_the_ledger_in_the_order_in_which_they_came(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the reading of one takes, also where another cannot be read at all."""
    service, sent = Payments(house.gateways["banksh"]), list[str]()
    requests = [a_request([a_fresh_payment()]).request for _ in range(3)]
    requests.insert(1, b"\xff")
    can_be_read = {request: asyncio.Event() for request in requests}

    async def read(given: AskedPayments) -> ReadPayments:
        await can_be_read[given.request].wait()
        found = read_payments(given)
        if found.code:
            raise Refusal(Code(found.code), found.where)
        return found

    async def submit_prepared(payments: list[Prepared]) -> list[object]:
        sent.extend(payment.uetr for payment in payments)
        return []

    monkeypatch.setattr(service._reader, "read", read)
    monkeypatch.setattr(service._gateway.payments, "submit_prepared", submit_prepared)
    turn = asyncio.Event()
    turn.set()
    monkeypatch.setattr(service._resolution, "sender", lambda _: SENDER)
    monkeypatch.setattr("gateway.operators.payments.caller", lambda: type("Caller", (), {"fingerprint": ""}))
    batches = []
    for request in requests:
        own, turn = turn, asyncio.Event()
        batches.append(asyncio.create_task(service._batch(request, own, turn, 0.0)))
    for request in reversed(requests):
        can_be_read[request].set()
        await asyncio.sleep(0)
    await asyncio.wait(batches)
    await service.close()
    assert sent == [read_payments(AskedPayments(each, SENDER)).payments[0].uetr for each in requests if each != b"\xff"]
