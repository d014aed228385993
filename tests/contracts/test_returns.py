"""After settlement: the creditor's bank tells how far it has come, and sends money back."""

from typing import Any

import pytest

from chaincode.port import Place
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.journals import Event
from settlement.payments.commands import CreditStatus, SubmitPayment
from settlement.payments.returns import PaymentRecord
from tests import invariants
from tests.builders import YESTERDAY, a_confirmation, a_payment, a_return
from tests.contracts.samples import block, leave, reinstate, suspend
from tests.contracts.test_payments import changes, events
from tests.rulings import ruled
from tests.world import World

NOT_FOUND = Answer(Code.NOT_FOUND, "payment")


def settle(world: World, amount: str = "100.00", **others: Any) -> tuple[SubmitPayment, str]:
    payment = a_payment(amount, **others)
    return payment, world.must(payment.payer, payment).tx_id


def record(world: World) -> PaymentRecord:
    (found,) = {place: found for place, found in world.records(PaymentRecord) if place.collection == "banksh"}.values()
    return found


def test_a_confirmation_moves_nothing_and_tells_both_banks(world: World) -> None:
    payment, journal = settle(world)
    before: dict[Place, bytes] = world.state()
    batch = world.must("bankist", a_confirmation(payment, journal))
    assert changes(before, world.state()) == {
        ("bankist", "sequence"),
        ("bankist", "journal"),
        ("bankist", "certificate"),
        ("banksh", "journal"),
    }
    for name in ("banksh", "bankist"):
        assert events(world, name, batch) == [(Event.CREDIT_STATED, "")]


def test_only_the_payee_speaks_of_a_payment(world: World) -> None:
    """To its payer, to a third bank and under another's name it does not exist."""
    payment, journal = settle(world)
    other, _ = settle(world)
    commands = [a_confirmation(payment, journal), a_return(payment, journal)]
    for name in ("banksh", "bankfra"):
        assert world.say(name, *commands) == [NOT_FOUND, NOT_FOUND]
    others: tuple[dict[str, Any], ...] = (
        {"payee": "bankfra"},
        {"payer": "bankfra"},
        {"payer": "nobody"},
        {"payer": "bankist"},
    )
    for changed in others:
        asked = [a_confirmation(payment, journal, **changed), a_return(payment, journal, **changed)]
        assert world.say("bankist", *asked) == [NOT_FOUND, NOT_FOUND]
    for name in ("", "00", "../secret", journal[:-1], journal.upper()):
        assert world.say("bankist", a_confirmation(payment, name), a_return(payment, name)) == [NOT_FOUND, NOT_FOUND]
    assert world.say("bankist", a_return(other, journal), a_confirmation(other, journal)) == [NOT_FOUND, NOT_FOUND]


def test_a_rejected_payment_is_not_returned(world: World) -> None:
    payment = a_payment(settlement_date=YESTERDAY)
    journal = world.ask("banksh", payment).tx_id
    assert world.say("bankist", a_return(payment, journal)) == [NOT_FOUND]


def test_a_payment_comes_back_in_full(world: World) -> None:
    """Both banks keep the same record of it, and their journals tell of it."""
    payment, journal = settle(world)
    batch = world.must("bankist", a_return(payment, journal, return_id="RTR-1"))
    assert (world.balance("banksh"), world.balance("bankist")) == (100_000_000, 0)
    assert (record(world).returned_minor, record(world).returns) == (10_000, ("RTR-1",))
    for name in ("banksh", "bankist"):
        assert events(world, name, batch) == [(Event.PAYMENT_RETURNED, "")]
    invariants.check(world)


def test_a_payment_comes_back_in_parts_and_never_beyond(world: World) -> None:
    payment, journal = settle(world)
    world.must("bankist", a_return(payment, journal, "30.00"))
    world.must("bankist", a_return(payment, journal, "30.00"))
    assert world.say("bankist", a_return(payment, journal, "40.01")) == [Answer(Code.AM09, "amount")]
    world.must("bankist", a_return(payment, journal, "40.00"))
    assert world.say("bankist", a_return(payment, journal, "0.01")) == [Answer(Code.AM09, "amount")]
    assert record(world).left_minor == 0
    invariants.check(world)


def test_parts_add_up_within_one_batch(world: World) -> None:
    payment, journal = settle(world)
    parts = [a_return(payment, journal, "60.00"), a_return(payment, journal, "60.00")]
    assert world.ask("bankist", *parts).codes == [["", Code.AM09]]
    assert world.balance("bankist") == 4_000


@pytest.mark.parametrize(
    ("changed", "code", "where"),
    [
        ({"amount": "100.01"}, Code.AM09, "amount"),
        ({"amount": "50.00", "additional": ()}, Code.CH21, "additional"),
        ({"currency": "JPY", "amount": "100"}, Code.AM03, "currency"),
        ({"currency": "EUR", "amount": "1.00"}, Code.AM03, "currency"),
        ({"reason": ""}, Code.CH21, "reason"),
        ({"return_id": ""}, Code.CH21, "return_id"),
        ({"amount": "1.0"}, Code.CH20, "amount"),
        ({"settlement_date": YESTERDAY}, Code.DATE_PAST, "settlement_date"),
    ],
)
def test_a_refused_return_leaves_nothing(world: World, changed: dict[str, Any], code: Code, where: str) -> None:
    payment, journal = settle(world)
    world.must("bankist", a_confirmation(payment, journal))
    before = world.state()
    assert world.ask("bankist", a_return(payment, journal, **changed)).answers == ((Answer(code, where),),)
    assert changes(before, world.state()) == {("bankist", "sequence")}


def test_a_return_counts_once(world: World) -> None:
    """Its id is kept with the payment: a second list with the same return moves nothing."""
    payment, journal = settle(world)
    again = a_return(payment, journal, "30.00")
    assert world.ask("bankist", again, again).codes == [["", Code.ALREADY_EXISTS]]
    assert world.say("bankist", again) == [Answer(Code.ALREADY_EXISTS, "return_id")]


def test_what_is_spent_cannot_be_sent_back(world: World) -> None:
    payment, journal = settle(world)
    settle(world, "1.00", payer="bankist", payee="bankfra")
    assert world.say("bankist", a_return(payment, journal)) == [Answer(Code.UNFUNDED, "amount")]


def test_nothing_is_sent_back_to_where_money_may_not_go(world: World) -> None:
    """A suspended payer, one that has left, or a blocked account gets nothing back."""
    payment, journal = settle(world, "1000000.00")
    other, other_journal = settle(world, "1.00", payer="bankist", payee="bankfra")
    ruled(world, suspend("banksh"), block("bankist"))
    assert world.say("bankist", a_return(payment, journal)) == [Answer(Code.ACCOUNT_NOT_USABLE, "payer")]
    assert world.say("bankfra", a_return(other, other_journal)) == [Answer(Code.ACCOUNT_NOT_USABLE, "payment")]
    ruled(world, reinstate("banksh"))
    world.must("clearing", leave("banksh"), by="officer-1")
    assert world.say("bankist", a_return(payment, journal)) == [Answer(Code.ACCOUNT_NOT_USABLE, "payer")]


def test_a_payment_returned_in_full_is_at_its_end(world: World) -> None:
    """Its creditor's bank has no more to say of it (I11)."""
    payment, journal = settle(world)
    world.must("bankist", a_return(payment, journal, "50.00"), a_confirmation(payment, journal))
    world.must("bankist", a_return(payment, journal, "50.00"))
    blocked = a_confirmation(payment, journal, CreditStatus.BLOCKED, reason="AC06")
    assert world.say("bankist", blocked) == [Answer(Code.MOVE_NOT_ALLOWED, "payment")]


def test_payments_that_share_a_uetr_are_returned_each_for_itself(world: World) -> None:
    """Two payers may have used the same UETR, or one payer at two times: each payment has its own name."""
    first, journal = settle(world, "10.00")
    again, later = settle(world, "20.00", uetr=first.uetr)
    settle(world, "50.00", payee="bankfra")
    other, elsewhere = settle(world, "40.00", payer="bankfra", uetr=first.uetr)
    world.must("bankist", a_return(first, journal))
    assert world.say("bankist", a_return(again, journal)) == [Answer(Code.AM09, "amount")]
    world.must("bankist", a_return(again, later), a_return(other, elsewhere))
    assert [world.balance(name) for name in ("banksh", "bankist", "bankfra")] == [99_995_000, 0, 5_000]
    invariants.check(world)
