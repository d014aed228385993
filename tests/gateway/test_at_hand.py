"""Answers that are kept at hand: never older than what the read model shows, and nobody else's."""

from typing import Any

import pytest

from gateway.client import WaitanClient, WaitanError
from gateway.projection.at_hand import AtHand
from settlement.participants import Customer, RegisterCustomer
from tests.builders import TODAY, an_id
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_whoever_has_asked_before_is_told_what_has_happened_since(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    payment = a_fresh_payment("50.00")
    with pytest.raises(WaitanError) as raised:
        await banksh.payment(payment.uetr)
    assert raised.value.code == "NOT_FOUND"
    await banksh.submit(payment)
    told = [await banksh.payment(payment.uetr) for _ in range(2)]
    assert [each.status for each in told] == ["ACSC", "ACSC"]
    await house.caught_up()
    await bankist.confirm_credit(pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_CREDITED))
    await house.caught_up()
    assert (await banksh.payment(payment.uetr)).status == "ACCC"
    await bankist.return_payment(
        pb.ReturnPaymentRequest(
            uetr=payment.uetr,
            return_id=an_id()[:30],
            currency="CNY",
            amount="20.00",
            settlement_date=TODAY,
            reason="AC04",
            message_id=an_id()[:30],
            additional=["PART"],
        )
    )
    await house.caught_up()
    assert (await banksh.payment(payment.uetr)).returned_amount == "20.00"
    assert [each.event for each in (await banksh.payment(payment.uetr)).events] == [
        pb.EVENT_KIND_PAYMENT_SETTLED,
        pb.EVENT_KIND_CREDIT_STATED,
        pb.EVENT_KIND_PAYMENT_RETURNED,
    ]


async def test_an_answer_is_the_askers_and_goes_with_its_payment_or_when_who_may_see_it_may_have_changed(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    queries = house.gateways["banksh"].queries
    kept = AtHand[str](house.gateways["banksh"].follower, most=2)
    payment, other = a_fresh_payment(), a_fresh_payment()
    for each in (payment, other):
        await banksh.submit(each)
        view = queries.payment(each.uetr)
        assert view is not None
        assert kept.keep(f"told of {each.uetr}", view, "one") == f"told of {each.uetr}"
    assert (kept.get(payment.uetr, "two"), kept.get(payment.uetr, "one")) == (None, f"told of {payment.uetr}")
    await house.caught_up()
    await bankist.confirm_credit(pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_CREDITED))
    await house.caught_up()
    assert kept.get(payment.uetr, "one") is None
    assert kept.get(other.uetr, "one") is not None
    customer = Customer(identifier="5493001KJTIIGC8Y1R12", name="Silk")
    await banksh.ask(RegisterCustomer(command_id=an_id(), customer=customer))
    assert kept.get(other.uetr, "one") is None


async def test_no_more_are_kept_than_there_is_room_for_and_none_that_waits_for_conditions(
    house: House, banksh: WaitanClient
) -> None:
    kept = AtHand[str](house.gateways["banksh"].follower, most=2)
    payment = a_fresh_payment()
    await banksh.submit(payment)
    view = house.gateways["banksh"].queries.payment(payment.uetr)
    assert view is not None
    for uetr in "abc":
        kept.keep(uetr, view._replace(uetr=uetr))
    assert [kept.get(uetr) for uetr in "abc"] == [None, "b", "c"]
    waits: Any = object()
    kept.keep("d", view._replace(uetr="d", reservation=waits))
    assert kept.get("d") is None
