"""What a client is answered is the same whatever the ledger is (`tests.ledgers.seen` says which there are)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

import pytest
from msgspec.structs import replace

from gateway.client import WaitanClient, WaitanError
from settlement.accounts.issuance import ApproveIssuance, ConfirmIssuance, RequestIssuance
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from tests.builders import an_id
from tests.expectations import PATIENCE_S
from tests.ledgers.seen import BANKS, Ledger, once
from waitan.v1 import payments_pb2 as pb

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

MORE_THAN_THERE_IS: Final = "9999999999.00"


async def streamed(client: WaitanClient, *batches: Sequence[SubmitPayment]) -> list[list[pb.PaymentOutcome]]:
    async def given() -> AsyncIterator[Sequence[SubmitPayment]]:
        for batch in batches:
            yield batch

    return [outcomes async for outcomes in client.submit_batches(given())]


async def test_a_payment_settles_and_both_banks_show_the_same(ledger: Ledger) -> None:
    payment = ledger.payment("12.34")
    banksh, bankist = (ledger.clients[name] for name in BANKS)
    outcome = await banksh.submit(payment)
    assert (outcome.result, outcome.code, outcome.is_repeat) == (pb.RESULT_SETTLED, "", False)
    sent = await banksh.payment(payment.uetr)
    received = await once(lambda: bankist.payment(payment.uetr), lambda _: True)
    assert (sent.status, sent.transaction_id, sent.block) == ("ACSC", outcome.transaction_id, outcome.block)
    assert (received.transaction_id, received.block) == (sent.transaction_id, sent.block)
    assert sent.payment == received.payment


async def test_a_repeat_gets_the_first_outcome_and_other_content_is_refused(ledger: Ledger) -> None:
    payment = ledger.payment("10.00")
    banksh = ledger.clients["banksh"]
    first, again = await banksh.submit(payment), await banksh.submit(payment)
    assert (again.is_repeat, again.transaction_id, again.block) == (True, first.transaction_id, first.block)
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(replace(payment, amount="11.00"))
    assert raised.value.code == "DU03"


async def test_batches_are_answered_in_order_and_each_payment_in_its_place(ledger: Ledger) -> None:
    batches = [[ledger.payment("1.00") for _ in range(size)] for size in (3, 120, 1, 40)]
    batches[1][60] = replace(batches[1][60], amount="0.00")
    answers = await streamed(ledger.clients["banksh"], *batches)
    assert [[each.uetr for each in one] for one in answers] == [[each.uetr for each in one] for one in batches]
    refused = [(each.code, each.where) for one in answers for each in one if each.result != pb.RESULT_SETTLED]
    assert refused == [("AM01", "amount")]


async def test_an_unfunded_payment_is_refused_or_rejected_as_it_says_and_its_payee_is_told_neither(
    ledger: Ledger,
) -> None:
    banksh, bankist = (ledger.clients[name] for name in BANKS)
    refused = ledger.payment(MORE_THAN_THERE_IS)
    rejected = replace(ledger.payment(MORE_THAN_THERE_IS), when_unfunded=WhenUnfunded.REJECT)
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(refused)
    assert raised.value.code == "UNFUNDED"
    outcome = await banksh.submit(rejected)
    assert (outcome.result, outcome.code) == (pb.RESULT_REJECTED, "AM04")
    after = ledger.payment("1.00")
    await banksh.submit(after)
    await once(lambda: bankist.payment(after.uetr), lambda _: True)
    for uetr in (refused.uetr, rejected.uetr):
        with pytest.raises(WaitanError) as unknown:
            await bankist.payment(uetr)
        assert unknown.value.code == "NOT_FOUND"


async def test_what_is_sent_back_in_part_is_shown_at_both_banks(ledger: Ledger) -> None:
    payment = ledger.payment("100.00")
    banksh, bankist = (ledger.clients[name] for name in BANKS)
    await banksh.submit(payment)
    await once(lambda: bankist.payment(payment.uetr), lambda _: True)
    await bankist.confirm_credit(pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_CREDITED))
    await once(lambda: banksh.payment(payment.uetr), lambda shown: shown.status == "ACCC")
    request = pb.ReturnPaymentRequest(
        uetr=payment.uetr,
        return_id=an_id()[:30],
        currency="CNY",
        amount="40.00",
        settlement_date=ledger.date,
        reason="AC04",
        message_id=an_id()[:30],
        additional=["PART"],
    )
    done = await bankist.return_payment(request)
    assert await bankist.return_payment(request) == done
    await once(lambda: banksh.payment(payment.uetr), lambda shown: shown.returned_amount == "40.00")


async def test_whoever_watches_sees_what_came_in_once_and_in_order(ledger: Ledger) -> None:
    banksh, bankist = (ledger.clients[name] for name in BANKS)
    mark = ledger.payment("1.00")
    await banksh.submit(mark)
    shown = await once(lambda: bankist.payment(mark.uetr), lambda _: True)
    payments = [ledger.payment("1.00") for _ in range(30)]
    sending = asyncio.create_task(streamed(banksh, payments[:10], payments[10:20], payments[20:]))
    seen: list[str] = []
    position = shown.events[-1].position
    async with asyncio.timeout(PATIENCE_S):
        while len(seen) < len(payments):
            async for event in bankist.watch(position, pb.DIRECTION_INCOMING):
                position = event.position
                seen.append(event.uetr)
                if len(seen) % 7 == 0 or len(seen) == len(payments):
                    break
    await sending
    assert seen == [payment.uetr for payment in payments]


async def test_banks_that_pay_each_other_at_once_move_each_payment_once(ledger: Ledger) -> None:
    funded = ledger.payment("30.00")
    await ledger.clients["banksh"].submit(funded)
    await once(lambda: ledger.clients["bankist"].payment(funded.uetr), lambda _: True)
    before = await ledger.balances()
    payments = [ledger.payment("3.00", payer=payer) for payer in ("banksh",) * 30 + ("bankist",) * 10]
    outcomes = await asyncio.gather(*(ledger.clients[each.payer].submit(each) for each in payments))
    assert all(each.result == pb.RESULT_SETTLED for each in outcomes)
    wanted = {"banksh": before["banksh"] - 60, "bankist": before["bankist"] + 60}
    await once(ledger.balances, lambda held: held == wanted)


async def test_money_is_issued_by_two_people_and_never_by_one(ledger: Ledger) -> None:
    banksh = ledger.clients["banksh"]
    before = await ledger.balances()
    name = f"ISSUE-{an_id()}"[:35]
    await banksh.ask(
        RequestIssuance(command_id=an_id(), issuance_id=name, currency="CNY", amount="7.00", funding_reference=name)
    )
    names = {"participant": "banksh", "issuance_id": name}
    await ledger.cast.officer(ConfirmIssuance(command_id=an_id(), credit_reference=name, **names))
    with pytest.raises(WaitanError) as raised:
        await ledger.cast.officer(ApproveIssuance(command_id=an_id(), **names))
    assert raised.value.code == "SAME_SIGNER"
    assert await ledger.balances() == before
    await ledger.cast.officer(ApproveIssuance(command_id=an_id(), **names), person="officer-2")
    await once(ledger.balances, lambda held: held == before | {"banksh": before["banksh"] + 7})
