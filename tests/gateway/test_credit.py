"""What the creditor's bank does with a payment, and payments as ISO 20022 documents."""

from typing import Final

import pytest
from grpc import StatusCode

from gateway.client import WaitanClient, WaitanError
from settlement.iso20022 import reading, writing
from settlement.parties import Party, PostalAddress
from settlement.payments.commands import SubmitPayment
from tests.builders import BICS, TODAY, a_return, a_uetr, an_id
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

SENT_AT: Final = "2026-11-23T02:00:00.000Z"


async def settled(house: House, banksh: WaitanClient, amount: str = "100.00") -> SubmitPayment:
    payment = a_fresh_payment(amount)
    assert (await banksh.submit(payment)).result == pb.RESULT_SETTLED
    await house.caught_up()
    return payment


def a_return_request(payment: SubmitPayment, amount: str = "") -> pb.ReturnPaymentRequest:
    return pb.ReturnPaymentRequest(
        uetr=payment.uetr,
        return_id=an_id()[:30],
        currency=payment.currency,
        amount=amount or payment.amount,
        settlement_date=TODAY,
        reason="AC04",
        message_id=an_id()[:30],
        additional=["PART"] if amount else [],
    )


async def test_a_confirmation_reaches_the_paying_bank(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    payment = await settled(house, banksh)
    request = pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_CREDITED)
    done = await bankist.confirm_credit(request)
    await house.caught_up()
    shown = await banksh.payment(payment.uetr)
    assert (shown.status, shown.credit) == ("ACCC", pb.CREDIT_STATUS_CREDITED)
    assert shown.events[-1].transaction_id == done.transaction_id
    again = await bankist.confirm_credit(request)
    assert again == done
    assert len((await bankist.payment(payment.uetr)).events) == 2
    with pytest.raises(WaitanError) as back:
        await bankist.confirm_credit(
            pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_WAITING, reason="G003")
        )
    assert (back.value.code, back.value.where) == ("MOVE_NOT_ALLOWED", "status")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (pb.CREDIT_STATUS_WAITING, ("CH21", "reason")),
        (pb.CREDIT_STATUS_BLOCKED, ("CH21", "reason")),
        (pb.CREDIT_STATUS_UNSPECIFIED, ("CH21", "status")),
    ],
)
async def test_a_confirmation_that_says_too_little_is_refused(
    house: House,
    banksh: WaitanClient,
    bankist: WaitanClient,
    status: pb.CreditStatus,
    expected: tuple[str, str],
) -> None:
    payment = await settled(house, banksh)
    with pytest.raises(WaitanError) as raised:
        await bankist.confirm_credit(pb.ConfirmCreditRequest(uetr=payment.uetr, status=status))
    assert (raised.value.code, raised.value.where) == expected


async def test_only_the_bank_that_received_a_payment_speaks_of_its_credit(house: House, banksh: WaitanClient) -> None:
    payment = await settled(house, banksh)
    async with house.client("bankfra") as outsider:
        for client in (banksh, outsider):
            for uetr in (payment.uetr, a_uetr()):
                request = pb.ConfirmCreditRequest(uetr=uetr, status=pb.CREDIT_STATUS_CREDITED)
                with pytest.raises(WaitanError) as raised:
                    await client.confirm_credit(request)
                assert (raised.value.code, raised.value.where) == ("NOT_FOUND", "uetr")


async def test_a_payment_is_returned_in_parts_and_never_more_than_it_was(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    payment = await settled(house, banksh, "100.00")
    part = a_return_request(payment, "40.00")
    done = await bankist.return_payment(part)
    assert await bankist.return_payment(part) == done
    part.amount = "39.00"
    with pytest.raises(WaitanError) as raised:
        await bankist.return_payment(part)
    assert raised.value.code == "ALREADY_EXISTS"
    with pytest.raises(WaitanError) as raised:
        await bankist.return_payment(a_return_request(payment))
    assert (raised.value.code, raised.value.status) == ("AM09", StatusCode.FAILED_PRECONDITION)
    await house.caught_up()
    assert (await banksh.payment(payment.uetr)).returned_amount == "40.00"


async def test_a_pacs_008_settles_and_is_answered_with_a_pacs_002(banksh: WaitanClient) -> None:
    payment = a_fresh_payment("250.00")
    document = writing.payment_message(payment, sent_at=SENT_AT)
    response = await banksh.submit_message(document)
    assert (response.message, response.outcome.result) == ("pacs.008.001.08", pb.RESULT_SETTLED)
    assert b"<TxSts>ACSC</TxSts>" in response.status_report
    assert reading.open_message(response.status_report)
    again = await banksh.submit_message(document)
    assert (again.outcome.is_repeat, again.outcome.block) == (True, response.outcome.block)


async def test_an_address_that_will_be_refused_is_warned_of(banksh: WaitanClient) -> None:
    """The document is read all the same, and answered; here its date has passed."""
    lines = Party(name="Bosphorus Textiles AS", address=PostalAddress(address_line=("Mecidiyekoy Yolu 12",)))
    payment = a_fresh_payment(creditor=lines, settlement_date="2026-11-13")
    document = writing.payment_message(payment, sent_at=SENT_AT)
    response = await banksh.submit_message(document, when_unfunded=pb.WHEN_UNFUNDED_REJECT)
    assert response.outcome.code == "DT01"
    assert [(each.code, each.path[-12:]) for each in response.warnings] == [("BE04", "Cdtr/PstlAdr")]
    assert not (await banksh.submit_message(writing.payment_message(a_fresh_payment(), sent_at=SENT_AT))).warnings


async def test_a_broken_document_names_every_violation(banksh: WaitanClient) -> None:
    document = writing.payment_message(a_fresh_payment(), sent_at=SENT_AT)
    broken = document.replace(b"<NbOfTxs>1<", b"<NbOfTxs>2<").replace(b"SHAR", b"SLEV")
    with pytest.raises(WaitanError) as raised:
        await banksh.submit_message(broken)
    assert raised.value.violations
    assert raised.value.where.startswith("/Document")
    for garbage in (b"", b"<a/>", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'):
        with pytest.raises(WaitanError) as raised:
            await banksh.submit_message(garbage)
        assert raised.value.code == "FF01"


async def test_another_banks_pacs_008_is_refused(bankist: WaitanClient) -> None:
    document = writing.payment_message(a_fresh_payment(), sent_at=SENT_AT)
    with pytest.raises(WaitanError) as raised:
        await bankist.submit_message(document)
    assert raised.value.code == "AG08"


async def test_a_pacs_002_of_the_creditors_bank_confirms(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    payment = await settled(house, banksh)
    report = writing.status_of(
        payment, message_id=an_id()[:30], created_at=SENT_AT, status="ACCC", sender=BICS["bankist"]
    )
    response = await bankist.submit_message(writing.status_message(report, sent_at=SENT_AT))
    assert response.message == "pacs.002.001.10"
    await house.caught_up()
    assert (await banksh.payment(payment.uetr)).status == "ACCC"


async def test_a_pacs_004_returns(house: House, banksh: WaitanClient, bankist: WaitanClient) -> None:
    payment = await settled(house, banksh)
    message = writing.return_of(payment, a_return(payment, "", created_at=SENT_AT))
    response = await bankist.submit_message(writing.return_message(message, sent_at=SENT_AT))
    assert response.message == "pacs.004.001.09"
    await house.caught_up()
    assert (await banksh.payment(payment.uetr)).returned_amount == payment.amount


async def test_both_banks_fetch_the_payment_and_its_status_as_documents(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    payment = await settled(house, banksh)
    for client in (banksh, bankist):
        document = await client.message(payment.uetr, pb.MESSAGE_KIND_PACS_008)
        assert payment.uetr.encode() in document
        assert reading.open_message(document)
        assert b"ACSC" in await client.message(payment.uetr, pb.MESSAGE_KIND_PACS_002)
    with pytest.raises(WaitanError) as raised:
        await banksh.message(a_uetr(), pb.MESSAGE_KIND_PACS_008)
    assert raised.value.code == "NOT_FOUND"
    with pytest.raises(WaitanError) as raised:
        await banksh.message(payment.uetr, pb.MESSAGE_KIND_UNSPECIFIED)
    assert raised.value.code == "CH21"
