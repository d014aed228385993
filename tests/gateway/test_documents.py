"""The process that reads documents: the same answers as here, and no loss where it ends."""

import asyncio
import os
import signal

import pytest

from gateway.operators.reader_process import Asked, read_document, understood
from gateway.operators.readers import DocumentReader
from settlement.errors import Code, Refusal
from settlement.iso20022 import writing
from settlement.iso20022.reading import Reading
from settlement.iso20022.refusal import MessageRefusal
from settlement.payments.commands import CreditStatus, SubmitPayment, WhenUnfunded
from tests.builders import BICS, TODAY, a_payment, a_return

pytestmark = pytest.mark.asyncio

HOLDERS = {bic: name for name, bic in BICS.items() if bic}
SENT_AT = "2026-11-23T02:00:00.000Z"


def asked(payment: SubmitPayment) -> Asked:
    document = writing.payment_message(payment, sent_at=SENT_AT)
    return Asked(document, TODAY, HOLDERS, "fingerprint", WhenUnfunded.REJECT)


async def started(reader: DocumentReader) -> None:
    """Have the process started: the first document asks for it, and is read here meanwhile."""
    await reader.read(asked(a_payment()))
    await reader.started.wait()


async def test_a_document_reads_the_same_here_and_there() -> None:
    payment = a_payment()
    returned = writing.return_of(payment, a_return(payment, "", created_at=SENT_AT))
    status = writing.status_of(payment, message_id="M1", created_at=SENT_AT, status="ACCC", sender=BICS["bankist"])
    documents = [
        asked(payment),
        Asked(writing.return_message(returned, sent_at=SENT_AT), TODAY, HOLDERS),
        Asked(writing.status_message(status, sent_at=SENT_AT), TODAY, HOLDERS),
    ]
    reader = DocumentReader()
    await started(reader)
    readings = await asyncio.gather(*(reader.read(each) for each in documents))
    await reader.close()
    assert readings == [understood(read_document(each)) for each in documents]
    there = [reading.message for reading in readings]
    assert isinstance(there[0], SubmitPayment)
    assert (there[0].requested_by, there[0].when_unfunded) == ("fingerprint", WhenUnfunded.REJECT)
    assert there[2].credit_status() is CreditStatus.CREDITED  # type: ignore[union-attr]


async def test_a_refusal_comes_back_with_every_violation() -> None:
    broken = asked(a_payment())
    broken.document = broken.document.replace(b"<NbOfTxs>1<", b"<NbOfTxs>2<")
    with pytest.raises(MessageRefusal) as here:
        understood(read_document(broken))
    reader = DocumentReader()
    await started(reader)
    with pytest.raises(MessageRefusal) as there:
        await reader.read(broken)
    await reader.close()
    assert there.value.violations == here.value.violations
    assert there.value.code in Code


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_what_is_under_way_is_read_although_all_processes_are_told_to_stop(told: signal.Signals) -> None:
    """A service's processes are all told by systemd, a group's by a terminal: when a gateway ends it decides itself."""
    reader = DocumentReader()
    await started(reader)
    process = reader._process
    assert process is not None
    process.send_signal(told)
    payment = a_payment()
    reading = await reader.read(asked(payment))
    assert isinstance(reading.message, SubmitPayment)
    assert reading.message.uetr == payment.uetr
    assert reader._process is process
    await reader.close()
    assert await process.wait() == 0


async def test_documents_are_read_although_the_process_ends() -> None:
    """All but the one that it ended over: were that the cause, this process would end next."""
    reader = DocumentReader()
    await started(reader)
    assert reader._process is not None
    process = reader._process
    payments = [a_payment() for _ in range(20)]
    reading = [asyncio.create_task(reader.read(asked(payment))) for payment in payments]
    await asyncio.sleep(0)
    os.kill(process.pid, signal.SIGKILL)
    read = await asyncio.gather(*reading, return_exceptions=True)
    refused = {place for place, answer in enumerate(read) if isinstance(answer, Refusal) and answer.code is Code.ED05}
    assert len(refused) <= 1
    messages = [each.message for each in read if isinstance(each, Reading)]
    uetrs = [message.uetr for message in messages if isinstance(message, SubmitPayment)]
    assert uetrs == [payment.uetr for place, payment in enumerate(payments) if place not in refused]
    await process.wait()
    await started(reader)
    assert reader._process is not process
    await reader.close()
