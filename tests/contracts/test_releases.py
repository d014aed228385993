"""Payments above a bank's limit: one officer proposes, another releases, and nobody pays one alone."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.journals import Event
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit, proposal_id
from settlement.payments.terms import Terms
from settlement.payments.undertaking import AcceptChange, Change, ProposeChange
from settlement.rulings import Deadline, Ruling, RulingState, WithdrawRuling
from tests import invariants
from tests.builders import (
    LATER,
    TEKSTIL_LEI,
    TODAY,
    TOMORROW,
    YESTERDAY,
    a_conditional_payment,
    a_payment,
    about,
    an_id,
)
from tests.contracts.samples import register, suspend
from tests.contracts.test_payments import changes, events
from tests.contracts.test_undertakings import by_beneficiary, go_to, stored
from tests.rulings import confirming, ruled
from tests.world import World

ONE, TWO = "officer-1", "officer-2"
LIMIT = "500.00"
LEFT = {"sequence", "journal", "certificate"}
"""What a list leaves that was refused: its number, and what proves it."""
NEEDED = [Answer(Code.RELEASE_NEEDED, "amount")]
SOONER = Terms(not_before=TODAY, expires_on=TOMORROW)


def a_limit(amount: str = LIMIT, **others: Any) -> SetReleaseLimit:
    named = {"participant": "banksh", "currency": "CNY", "amount": amount} | others
    return SetReleaseLimit(command_id=an_id(), **named)


def proposing(payment: SubmitPayment, **others: Any) -> ProposeRelease:
    return ProposeRelease(command_id=an_id(), payment=payment, **others)


def proposing_change(change: ProposeChange, **others: Any) -> ProposeChangeRelease:
    return ProposeChangeRelease(command_id=an_id(), change=change, **others)


def proposal(world: World, signed: SubmitPayment | ProposeChange) -> Ruling:
    (found,) = [each for _, each in world.records(Ruling) if each.ruling_id == proposal_id(signed)]
    return found


@pytest.fixture
def trading(limited: World) -> World:
    """Such a bank, and a beneficiary that can sign."""
    limited.must("bankist", register(TEKSTIL_LEI, name="Bosphorus Tekstil AS"))
    return limited


def taken_on(world: World) -> tuple[SubmitPayment, str]:
    """A conditional payment above the limit that two officers have released, and the journal that names it."""
    payment = a_conditional_payment("500.01")
    world.must("banksh", proposing(payment), by=ONE)
    return payment, world.must("banksh", payment, by=TWO).tx_id


@pytest.fixture
def limited(world: World) -> World:
    """A bank above whose limit two officers release a payment."""
    ruled(world, a_limit(), at="banksh")
    return world


def test_up_to_the_limit_a_bank_pays_as_it_did(limited: World) -> None:
    """The limit itself too, and so do payments that come in; another bank has none."""
    limited.must("banksh", a_payment(LIMIT))
    limited.must("banksh", a_payment("1.00"), by=ONE)
    limited.must("bankist", a_payment("500.99", payer="bankist", payee="banksh"))


def test_above_it_nobody_pays_alone(limited: World) -> None:
    """Neither the gateway nor an officer, nor either after the other: it is refused, and writes nothing."""
    payment = a_payment("500.01", when_unfunded=WhenUnfunded.REJECT)
    before = limited.state()
    for by in ("", ONE, TWO):
        batch = limited.ask("banksh", payment, by=by)
        assert batch.answers == (tuple(NEEDED),), by
    assert {kind for _, kind in changes(before, limited.state())} <= LEFT


def test_two_officers_pay_it_once(limited: World) -> None:
    """What the second signs is the payment, which both journals then tell of; and the proposal is done with."""
    payment = a_payment("500.01")
    as_it_was = limited.balance("banksh")
    limited.must("banksh", proposing(payment), by=ONE)
    assert limited.balance("banksh") == as_it_was
    assert limited.say("banksh", payment) == NEEDED  # a proposal lets the gateway pay nothing
    assert limited.say("banksh", payment, by=ONE) == [Answer(Code.SAME_SIGNER, "payment")]
    batch = limited.must("banksh", payment, by=TWO)
    assert as_it_was - limited.balance("banksh") == 50_001
    for bank in ("banksh", "bankist"):
        assert events(limited, bank, batch) == [(Event.PAYMENT_SETTLED, "")]
    found = proposal(limited, payment)
    assert (found.state, found.proposed_by.name, found.decided_by and found.decided_by.name) == (
        RulingState.CONFIRMED,
        ONE,
        TWO,
    )
    assert limited.say("banksh", payment) == NEEDED
    limited.must("banksh", payment, by=TWO)  # signed again it is the same, done before
    assert as_it_was - limited.balance("banksh") == 50_001
    invariants.check(limited)


@pytest.mark.parametrize(
    "other",
    [{"amount": "500.02"}, {"payee": "bankfra"}, {"remittance": "Something else"}, {"end_to_end_id": "E2E-2"}],
    ids=lambda other: next(iter(other)),
)
def test_what_is_released_is_the_very_payment_that_was_proposed(limited: World, other: dict[str, Any]) -> None:
    payment = a_payment("500.01")
    limited.must("banksh", proposing(payment), by=ONE)
    changed = a_payment(**({"amount": "500.01", "uetr": payment.uetr, "message_id": payment.message_id} | other))
    assert limited.say("banksh", changed, by=TWO) == [Answer(Code.NOT_AS_PROPOSED, "payment")]


def test_proposal_and_release_may_be_in_one_list(limited: World) -> None:
    payment = a_payment("500.01")
    asked = [*limited.signed("banksh", ONE, proposing(payment)), *limited.signed("banksh", TWO, payment)]
    batch = limited.carry(limited.sign("banksh", asked))
    assert batch.codes == [["", ""]]


def test_what_was_withdrawn_is_not_released(limited: World) -> None:
    """Any officer of the bank takes it back; another bank's finds no such proposal."""
    payment = a_payment("500.01")
    limited.must("banksh", proposing(payment), by=ONE)
    withdrawal = WithdrawRuling(command_id=an_id(), ruling_id=proposal_id(payment), reason="Paid in cash")
    assert limited.say("bankist", withdrawal, by=ONE) == [Answer(Code.NOT_FOUND, "ruling_id")]
    limited.must("banksh", withdrawal, by=ONE)
    assert limited.say("banksh", payment, by=TWO) == NEEDED
    limited.must("banksh", proposing(payment), by=TWO)
    limited.must("banksh", payment, by=ONE)


def test_a_release_that_is_refused_leaves_the_proposal_as_it_was(limited: World) -> None:
    """Once there are funds it is released after all; one that is rejected is not proposed any more."""
    payment = a_payment("99999999.00")
    limited.must("banksh", proposing(payment), by=ONE)
    assert limited.ask("banksh", payment, by=TWO).answers == ((Answer(Code.UNFUNDED, "amount"),),)
    assert proposal(limited, payment).state is RulingState.PROPOSED
    rejected = a_payment("99999999.00", when_unfunded=WhenUnfunded.REJECT)
    limited.must("banksh", proposing(rejected), by=ONE)
    assert limited.ask("banksh", rejected, by=TWO).codes == [["AM04"]]
    assert proposal(limited, rejected).state is RulingState.CONFIRMED


def test_a_conditional_payment_above_the_limit_is_taken_on_by_two(limited: World) -> None:
    """What its conditions bring about later is already released."""
    payment = a_conditional_payment("500.01")
    assert limited.say("banksh", payment) == NEEDED
    limited.must("banksh", proposing(payment), by=ONE)
    batch = limited.must("banksh", payment, by=TWO)
    assert events(limited, "banksh", batch) == [(Event.PAYMENT_RESERVED, "")]


def test_what_two_have_released_is_given_other_terms_by_nobody_alone(limited: World) -> None:
    """Neither by the gateway nor by an officer; a payment up to the limit is, and either may become less, or end."""
    payment, small = a_conditional_payment("500.01"), a_conditional_payment(LIMIT)
    limited.must("banksh", proposing(payment), by=ONE)
    journal = limited.must("banksh", payment, by=TWO).tx_id
    for change in (Change(terms=SOONER), Change(terms=SOONER, amount="1.00")):
        asked = about(ProposeChange, payment, journal, change=change)
        for by in ("", ONE, TWO):
            assert limited.say("banksh", asked, by=by) == [Answer(Code.RELEASE_NEEDED, "change.terms")], by
    for change in (Change(amount=LIMIT), Change(ends=True)):
        limited.must("banksh", about(ProposeChange, payment, journal, change=change))
    journal = limited.must("banksh", small).tx_id
    limited.must("banksh", about(ProposeChange, small, journal, change=Change(terms=SOONER)))


def test_two_officers_give_it_other_terms_and_its_beneficiary_signs_them(trading: World) -> None:
    """The second signs the very change; only then the beneficiary's bank is told, and nothing is changed before."""
    payment, journal = taken_on(trading)
    change = about(ProposeChange, payment, journal, change=Change(terms=SOONER))
    before = trading.state()
    trading.must("banksh", proposing_change(change), by=ONE)
    assert {collection for collection, _ in changes(before, trading.state())} == {"banksh"}
    accepting = by_beneficiary(trading, about(AcceptChange, payment, journal, change=change.change))
    assert trading.say("bankist", accepting) == [Answer(Code.NOT_AS_PROPOSED, "change")]
    assert trading.say("banksh", change) == [Answer(Code.RELEASE_NEEDED, "change.terms")]
    assert trading.say("banksh", change, by=ONE) == [Answer(Code.SAME_SIGNER, "change")]
    other = replace(change, change=Change(terms=replace(SOONER, expires_on=LATER)))
    assert trading.say("banksh", other, by=TWO) == [Answer(Code.NOT_AS_PROPOSED, "change")]
    assert stored(trading, payment, journal).proposed is None
    trading.must("banksh", change, by=TWO)
    assert stored(trading, payment, journal).proposed == change.change
    assert proposal(trading, change).state is RulingState.CONFIRMED
    trading.must("bankist", accepting)
    assert stored(trading, payment, journal).terms == SOONER


def test_a_released_change_is_released_once(trading: World) -> None:
    """Whoever wants the former terms back, or others, proposes that anew."""
    payment, journal = taken_on(trading)
    change = about(ProposeChange, payment, journal, change=Change(terms=SOONER))
    trading.must("banksh", proposing_change(change), by=ONE)
    trading.must("banksh", change, by=TWO)
    back = about(ProposeChange, payment, journal, change=Change(terms=payment.terms))
    assert trading.say("banksh", back, by=TWO) == [Answer(Code.RELEASE_NEEDED, "change.terms")]
    trading.must("banksh", proposing_change(back), by=TWO)
    trading.must("banksh", back, by=ONE)
    assert stored(trading, payment, journal).proposed == back.change


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (Change(amount=LIMIT), Code.CH17, "change"),  # one officer, or the gateway, lowers it
        (Change(ends=True), Code.CH17, "change"),
        (Change(), Code.CH21, "change.change"),
        (Change(terms=Terms(not_before=YESTERDAY, expires_on=YESTERDAY)), Code.DS24, "change.change.terms.expires_on"),
        (Change(terms=Terms(not_before=TODAY, expires_on="soon")), Code.CH16, "change.change.terms.expires_on"),
    ],
)
def test_a_change_that_could_not_be_released_is_not_proposed(
    trading: World, change: Change, code: Code, where: str
) -> None:
    payment, journal = taken_on(trading)
    asked = proposing_change(about(ProposeChange, payment, journal, change=change))
    assert trading.say("banksh", asked, by=ONE) == [Answer(code, where)]


def test_only_the_payers_bank_proposes_other_terms(trading: World) -> None:
    """The payee's, which holds the undertaking too, does not; to a third it does not exist; the signature confirms."""
    payment, journal = taken_on(trading)
    asked = proposing_change(about(ProposeChange, payment, journal, change=Change(terms=SOONER)))
    assert trading.say("bankist", asked, by=ONE) == [Answer(Code.AG08, "change.payer")]
    assert trading.say("bankfra", asked, by=ONE) == [Answer(Code.NOT_FOUND, "payment")]
    assert trading.say("banksh", confirming(asked), by=ONE) == [Answer(Code.CH17, "confirms")]


def test_a_proposal_lapses_with_the_business_day_of_its_payment(limited: World) -> None:
    """Released a day too late it is refused, its UETR stays free, and it is not taken back: it waits for nobody."""
    payment = a_payment("500.01")
    limited.must("banksh", proposing(payment), by=ONE)
    assert proposal(limited, payment).deadline == Deadline(currency="CNY", date=TODAY)
    go_to(limited, TOMORROW)
    assert limited.say("banksh", payment, by=TWO) == [Answer(Code.DS24, "payment")]
    withdrawal = WithdrawRuling(command_id=an_id(), ruling_id=proposal_id(payment), reason="Too late")
    assert limited.say("banksh", withdrawal, by=ONE) == [Answer(Code.MOVE_NOT_ALLOWED, "ruling.EXPIRED")]
    assert limited.say("banksh", proposing(payment), by=ONE) == [Answer(Code.DS24, "payment.settlement_date")]
    anew = replace(payment, settlement_date=TOMORROW)
    assert limited.say("banksh", anew, by=TWO) == [Answer(Code.DS24, "payment")]
    limited.must("banksh", proposing(anew), by=ONE)
    limited.must("banksh", anew, by=TWO)


def test_what_is_proposed_for_another_currencys_day_or_a_later_one_stands(limited: World) -> None:
    later = replace(a_payment("500.01"), settlement_date=TOMORROW)
    limited.must("banksh", proposing(later), by=ONE)
    ruled(limited, a_limit("900.00"), at="banksh")
    limited.must("banksh", a_limit("500.00"), by=ONE)
    go_to(limited, TOMORROW)
    limited.must("banksh", confirming(a_limit("500.00")), by=TWO)  # a limit has no day
    limited.must("banksh", later, by=TWO)


def test_a_proposed_change_lapses_with_the_day_on_which_it_was_proposed(trading: World) -> None:
    payment, journal = taken_on(trading)
    change = about(ProposeChange, payment, journal, change=Change(terms=SOONER))
    trading.must("banksh", proposing_change(change), by=ONE)
    assert proposal(trading, change).deadline == Deadline(currency="CNY", date=TODAY)
    go_to(trading, TOMORROW)
    assert trading.say("banksh", change, by=TWO) == [Answer(Code.DS24, "change")]
    trading.must("banksh", proposing_change(change), by=ONE)
    trading.must("banksh", change, by=TWO)


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"amount": LIMIT}, Code.CH17, "payment"),  # one officer, or the gateway, pays it
        ({"payer": "bankist"}, Code.AG08, "payment.payer"),
        ({"amount": "500.1"}, Code.CH20, "payment.amount"),
        ({"currency": "EUR"}, Code.AC01, "payment.currency"),
    ],
)
def test_what_takes_no_second_officer_is_not_proposed(
    limited: World, change: dict[str, str], code: Code, where: str
) -> None:
    payment = a_payment(**({"amount": "500.01"} | change))
    assert limited.say("banksh", proposing(payment), by=ONE) == [Answer(code, where)]


def test_a_proposal_is_confirmed_by_the_payment_alone(limited: World) -> None:
    payment = a_payment("500.01")
    limited.must("banksh", proposing(payment), by=ONE)
    assert limited.say("banksh", confirming(proposing(payment)), by=TWO) == [Answer(Code.CH17, "confirms")]


@pytest.mark.parametrize(
    ("limit", "code", "where"),
    [
        (a_limit(participant="bankist"), Code.AG08, "participant"),
        (a_limit(currency="EUR"), Code.AC01, "currency"),
        (a_limit("500.001"), Code.CH20, "amount"),
        (a_limit("-1.00"), Code.CH16, "amount"),
        (a_limit("0"), Code.AM01, "amount"),
    ],
)
def test_a_limit_is_a_banks_own_and_in_order(world: World, limit: SetReleaseLimit, code: Code, where: str) -> None:
    assert world.say("banksh", limit, by=ONE) == [Answer(code, where)]


def test_a_limit_is_raised_lowered_to_nothing_and_lifted_by_two(limited: World) -> None:
    """Until the second has signed, the one before counts."""
    limited.must("banksh", a_limit("900.00"), by=ONE)
    assert limited.say("banksh", a_payment("500.01")) == NEEDED
    limited.must("banksh", confirming(a_limit("900.00")), by=TWO)
    limited.must("banksh", a_payment("900.00"))
    ruled(limited, a_limit("0.00"), at="banksh")
    assert limited.say("banksh", a_payment("0.01")) == NEEDED
    ruled(limited, a_limit(""), at="banksh")
    limited.must("banksh", a_payment("90000.00"))


def test_who_else_sees_of_a_limit_and_a_proposal(limited: World) -> None:
    """The bank's own collection holds them, under a key that nobody guesses, and no other bank's does."""
    before = limited.state()
    limited.must("banksh", proposing(a_payment("500.01", payee="bankist")), by=ONE)
    assert {place.collection for place, _ in limited.records(Ruling)} == {"banksh"}
    assert {collection for collection, _ in changes(before, limited.state())} == {"banksh"}


def test_a_suspended_bank_proposes_nothing(limited: World) -> None:
    ruled(limited, suspend("banksh"))
    assert limited.say("banksh", proposing(a_payment("500.01")), by=ONE) == [Answer(Code.AG10, "participant")]


def test_what_was_proposed_for_a_day_is_released_on_that_day(limited: World) -> None:
    payment = replace(a_payment("500.01"), settlement_date=TOMORROW)
    limited.must("banksh", proposing(payment), by=ONE)
    assert limited.say("banksh", payment, by=TWO) == [Answer(Code.DT04, "settlement_date")]


def test_what_was_released_is_not_proposed_again(limited: World) -> None:
    """Its UETR is used: a second proposal of it would wait for ever. One that was withdrawn is proposed anew."""
    payment = a_payment("500.01")
    limited.must("banksh", proposing(payment), by=ONE)
    limited.must("banksh", WithdrawRuling(command_id=an_id(), ruling_id=proposal_id(payment), reason="Later"), by=ONE)
    limited.must("banksh", proposing(payment), by=ONE)
    limited.must("banksh", payment, by=TWO)
    assert limited.say("banksh", proposing(payment), by=TWO) == [Answer(Code.DU03, "payment.uetr")]
    assert proposal(limited, payment).state is RulingState.CONFIRMED
