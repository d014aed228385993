"""A bill of lading in circulation: one holder, at most one title, and nobody does what is another's."""

from collections.abc import Callable
from itertools import product

import pytest

from settlement.errors import Code, Refusal
from settlement.trade.lading import bill as bills
from settlement.trade.lading import control
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import LIFECYCLE, LINKED, LINKS_MAX, Action, BillParty, BillState
from settlement.trade.lading.commands import AnswerSurrender, Manner, Purpose
from tests.expectations import refused
from tests.lading import (
    BANKIST,
    BANKSH,
    CARRIER,
    OTHER,
    SILK,
    TEKSTIL,
    a_bank,
    a_bill,
    a_draft,
    a_named_bill,
    a_straight_bill,
    a_text,
    an_actor,
    answer,
    approve,
    endorse,
    holder_of,
    reject,
    surrender,
    title_of,
    transfer,
)

AMENDMENT = Purpose.SURRENDER_FOR_AMENDMENT
ANY_BILL = pytest.mark.parametrize("make", [a_bill, a_named_bill, a_straight_bill], ids=["blank", "named", "straight"])


def test_the_shipper_holds_what_is_issued() -> None:
    """Issue is the first link, by the carrier to the shipper; the title is whom the document names."""
    for made, title in ((a_bill(), None), (a_named_bill(), SILK), (a_straight_bill(), None)):
        assert [link.action for link in made.links] == [Action.ISSUE]
        assert (holder_of(made), title_of(made), made.state) == (SILK, title, BillState.ISSUED)
        bills.verify(made)


@ANY_BILL
def test_control_passes_from_hand_to_hand(make: Callable[[], BillOfLading]) -> None:
    """Who transfers holds it no more; nothing but the holder changes."""
    made = make()
    given = transfer(made, BANKSH, "silk", "pledged for loan 7")
    assert (holder_of(given), title_of(given)) == (BANKSH, title_of(made))
    with refused(Code.NOT_IN_CONTROL):
        transfer(given, TEKSTIL, "silk")
    onward = transfer(given, TEKSTIL, "banksh")
    assert holder_of(onward) == TEKSTIL
    bills.verify(onward)


@ANY_BILL
def test_nobody_but_its_holder_moves_a_bill(make: Callable[[], BillOfLading]) -> None:
    made = make()
    for stranger in ("tekstil", "banksh", "other", "carrier"):
        with refused(Code.NOT_IN_CONTROL, "record_id"):
            transfer(made, OTHER, stranger)
        with refused(Code.NOT_IN_CONTROL, "record_id"):
            surrender(made, stranger)


def test_a_trader_of_another_bank_with_the_holders_number_is_not_the_holder() -> None:
    """The firm counts together with the bank that certifies its people."""
    made = transfer(a_bill(), BillParty(participant="bankfra", identifier=SILK.identifier), "silk")
    with refused(Code.NOT_IN_CONTROL):
        transfer(made, TEKSTIL, "silk")


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (SILK, Code.CH16),
        (CARRIER, Code.CH16),
        (BillParty(participant="", identifier=TEKSTIL.identifier), Code.CH16),
    ],
    ids=["oneself", "the carrier", "one who is not on this ledger"],
)
def test_a_bill_is_not_transferred_to(to: BillParty, code: Code) -> None:
    with refused(code, "recipient"):
        transfer(a_bill(), to, "silk")


def test_a_straight_bill_passes_between_its_parties_and_banks_alone() -> None:
    made = a_straight_bill()
    assert holder_of(transfer(made, TEKSTIL, "silk")) == TEKSTIL
    assert holder_of(transfer(made, BANKIST, "silk")) == BANKIST
    with refused(Code.NOT_NEGOTIABLE, "recipient"):
        transfer(made, OTHER, "silk")


# Endorsement.


@pytest.mark.parametrize("manner", list(Manner))
def test_a_straight_bill_cannot_be_endorsed(manner: Manner) -> None:
    to = None if manner is Manner.BLANK_ENDORSE else TEKSTIL
    with refused(Code.NOT_NEGOTIABLE, "record_id"):
        endorse(a_straight_bill(), to, "silk", manner)


def test_an_endorsement_passes_the_title_and_not_control() -> None:
    made = endorse(a_named_bill(), TEKSTIL, "silk")
    assert (holder_of(made), title_of(made)) == (SILK, TEKSTIL)
    given = transfer(made, TEKSTIL, "silk")
    assert (holder_of(given), title_of(given)) == (TEKSTIL, TEKSTIL)
    bills.verify(given)


@pytest.mark.parametrize("manner", [Manner.ENDORSE, Manner.ENDORSE_TO_ORDER])
def test_a_bill_is_not_endorsed_twice(manner: Manner) -> None:
    """Who has endorsed it still holds it, but the title is another's."""
    made = endorse(a_named_bill(), TEKSTIL, "silk", manner)
    for again in Manner:
        with refused(Code.NOT_TITLE_HOLDER, "record_id"):
            endorse(made, None if again is Manner.BLANK_ENDORSE else OTHER, "silk", again)


def test_who_has_the_title_without_the_bill_cannot_endorse() -> None:
    made = endorse(a_named_bill(), TEKSTIL, "silk")
    with refused(Code.NOT_IN_CONTROL):
        endorse(made, OTHER, "tekstil")


def test_an_endorsee_without_order_cannot_endorse_on() -> None:
    """But it can hand the bill on, and it can surrender it."""
    made = transfer(endorse(a_named_bill(), TEKSTIL, "silk", Manner.ENDORSE), TEKSTIL, "silk")
    for manner in Manner:
        with refused(Code.NOT_TITLE_HOLDER):
            endorse(made, None if manner is Manner.BLANK_ENDORSE else OTHER, "tekstil", manner)
    assert surrender(made, "tekstil").state is BillState.PENDING_SURRENDER_FOR_DELIVERY


def test_an_endorsee_to_order_can_endorse_on() -> None:
    made = transfer(endorse(a_named_bill(), TEKSTIL, "silk"), TEKSTIL, "silk")
    assert title_of(endorse(made, OTHER, "tekstil")) == OTHER


def test_a_bill_endorsed_in_blank_is_its_holders() -> None:
    """Holding it suffices, to endorse it by name again or to surrender it."""
    made = transfer(endorse(a_named_bill(), None, "silk", Manner.BLANK_ENDORSE), OTHER, "silk")
    assert (holder_of(made), title_of(made)) == (OTHER, None)
    assert title_of(endorse(made, TEKSTIL, "other")) == TEKSTIL
    assert surrender(made, "other").state is BillState.PENDING_SURRENDER_FOR_DELIVERY


def test_an_endorsement_in_blank_names_nobody_and_any_other_somebody() -> None:
    with refused(Code.CH16, "recipient"):
        endorse(a_bill(), TEKSTIL, "silk", Manner.BLANK_ENDORSE)
    with refused(Code.CH21, "recipient"):
        endorse(a_bill(), None, "silk")


# Rejection.


def test_a_recipient_may_reject_as_its_first_action() -> None:
    made = reject(transfer(a_bill(), TEKSTIL, "silk"), "tekstil")
    assert holder_of(made) == SILK
    bills.verify(made)


def test_a_rejection_gives_the_title_back_with_the_bill() -> None:
    given = transfer(endorse(a_named_bill(), TEKSTIL, "silk"), TEKSTIL, "silk")
    made = reject(given, "tekstil")
    assert (holder_of(made), title_of(made)) == (SILK, SILK)


def test_a_rejection_leaves_a_title_that_did_not_come_with_the_bill() -> None:
    """A collecting bank rejects; the buyer's title stays as it was."""
    given = transfer(endorse(a_named_bill(), TEKSTIL, "silk"), BANKIST, "silk")
    made = reject(given, "bankist")
    assert (holder_of(made), title_of(made)) == (SILK, TEKSTIL)


@pytest.mark.parametrize(
    "first",
    [
        lambda made: control.signed(made, an_actor("tekstil")),
        lambda made: endorse(made, OTHER, "tekstil"),
        lambda made: answer(surrender(made, "tekstil"), accepted=False, reason="freight unpaid"),
    ],
    ids=["signed", "endorsed", "surrendered in vain"],
)
def test_who_has_used_a_bill_cannot_reject_it(first: Callable[[BillOfLading], BillOfLading]) -> None:
    made = first(transfer(a_bill(), TEKSTIL, "silk"))
    with refused(Code.NOT_FIRST_ACTION, "record_id"):
        reject(made, "tekstil")


def test_what_was_issued_or_given_back_cannot_be_rejected() -> None:
    with refused(Code.NOT_FIRST_ACTION):
        reject(a_bill(), "silk")
    with refused(Code.NOT_FIRST_ACTION):
        reject(reject(transfer(a_bill(), TEKSTIL, "silk"), "tekstil"), "silk")
    with refused(Code.NOT_IN_CONTROL):
        reject(transfer(a_bill(), TEKSTIL, "silk"), "silk")


def test_a_rejection_says_why() -> None:
    with refused(Code.CH21, "reason"):
        reject(transfer(a_bill(), TEKSTIL, "silk"), "tekstil", "")


# Surrender.


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_surrender_gives_the_carrier_control_until_it_answers(purpose: Purpose) -> None:
    made = surrender(a_bill(), "silk", purpose, "COD" if purpose is AMENDMENT else "")
    assert (holder_of(made), made.state.value) == (CARRIER, f"PENDING_{purpose.value}")
    for who in ("silk", "carrier"):
        with pytest.raises(Refusal) as told:
            transfer(made, TEKSTIL, who)
        assert told.value.code is Code.MOVE_NOT_ALLOWED
    back = answer(made, accepted=False, reason="freight unpaid")
    assert (holder_of(back), back.state) == (SILK, BillState.ISSUED)
    kept = answer(made, accepted=True)
    assert (holder_of(kept), kept.state.value) == (CARRIER, purpose.value.replace("SURRENDER", "SURRENDERED"))
    for each in (back, kept):
        bills.verify(each)


def test_who_may_surrender() -> None:
    """Straight: shipper or consignee; named: the title holder; blank: whoever holds it (I10)."""
    straight = a_straight_bill()
    assert surrender(straight, "silk").links[-1].recipient == CARRIER
    assert surrender(transfer(straight, TEKSTIL, "silk"), "tekstil").links[-1].actor == TEKSTIL
    with refused(Code.NOT_TITLE_HOLDER):
        surrender(transfer(straight, BANKIST, "silk"), "bankist")
    pledged = transfer(a_named_bill(), BANKSH, "silk")
    with refused(Code.NOT_TITLE_HOLDER):
        surrender(pledged, "banksh")
    assert surrender(transfer(a_bill(), OTHER, "silk"), "other").state is BillState.PENDING_SURRENDER_FOR_DELIVERY


def test_a_carrier_answers_for_its_own_bills_alone() -> None:
    made = surrender(a_bill(), "silk")
    with refused(Code.NOT_IN_CONTROL, "record_id"):
        answer(made, accepted=True, by="other carrier")
    with refused(Code.NOT_IN_CONTROL, "record_id"):
        control.delivered(answer(made, accepted=True), an_actor("other carrier"))


def test_an_answer_is_to_one_request() -> None:
    """A word that was given on a surrender for delivery, and comes late, does not accept one to amend."""
    first = surrender(a_bill(), "silk")
    assert first.standing is not None
    late = AnswerSurrender(command_id="c", record_id=first.record_id, request=first.standing.head, accepted=True)
    again = surrender(answer(first, accepted=False, reason="freight unpaid"), "silk", AMENDMENT, "COD")
    with refused(Code.NOT_FOUND, "request"):
        control.answered(again, late, an_actor("carrier"))
    assert control.answered(first, late, an_actor("carrier")).state is BillState.SURRENDERED_FOR_DELIVERY


def test_a_rejected_surrender_says_why_and_so_does_an_amendment() -> None:
    with refused(Code.CH21, "reason"):
        answer(surrender(a_bill(), "silk"), accepted=False)
    with refused(Code.CH21, "reason"):
        surrender(a_bill(), "silk", AMENDMENT)


STATES: dict[BillState, Callable[[], BillOfLading]] = {
    BillState.DRAFT: a_draft,
    BillState.APPROVED: lambda: approve(a_draft()),
    BillState.ISSUED: a_bill,
    BillState.PENDING_SURRENDER_FOR_DELIVERY: lambda: surrender(a_bill(), "silk"),
    BillState.SURRENDERED_FOR_DELIVERY: lambda: answer(surrender(a_bill(), "silk"), accepted=True),
    BillState.DELIVERED: lambda: control.delivered(
        answer(surrender(a_bill(), "silk"), accepted=True), an_actor("carrier")
    ),
    BillState.PENDING_SURRENDER_FOR_AMENDMENT: lambda: surrender(a_bill(), "silk", AMENDMENT, "COD"),
    BillState.SURRENDERED_FOR_AMENDMENT: lambda: answer(surrender(a_bill(), "silk", AMENDMENT, "COD"), accepted=True),
}


@pytest.mark.parametrize(("state", "action"), list(product(STATES, sorted(LINKED))))
def test_what_the_table_does_not_list_adds_no_link(state: BillState, action: Action) -> None:
    """Whoever asks: in each state, an action that has no row is refused; after an accepted surrender, every one."""
    made = STATES[state]()
    assert made.state is state
    if (state, action) in LIFECYCLE.moves:
        return
    for who in ("carrier", "silk", "tekstil", "banksh"):
        with refused(Code.MOVE_NOT_ALLOWED, f"bill_of_lading.{state.value}"):
            bills.linked(made, action, an_actor(who), recipient=TEKSTIL)


def test_nothing_follows_an_accepted_surrender_in_the_chain() -> None:
    for state in (BillState.SURRENDERED_FOR_DELIVERY, BillState.SURRENDERED_FOR_AMENDMENT):
        assert not [action for (of, action) in LIFECYCLE.moves if of is state and action in LINKED]


def test_a_chain_that_is_full_can_still_end() -> None:
    made = a_bill()
    parties = {SILK: ("silk", TEKSTIL), TEKSTIL: ("tekstil", SILK)}
    while len(made.links) < LINKS_MAX:
        who, to = parties[holder_of(made)]
        made = transfer(made, to, who)
    who, to = parties[holder_of(made)]
    with refused(Code.CHAIN_FULL, "record_id"):
        transfer(made, to, who)
    assert answer(surrender(made, who), accepted=True).state is BillState.SURRENDERED_FOR_DELIVERY


# All at once, for a command that moves money too.


def test_a_bill_passes_whole_or_not_at_all() -> None:
    """Title and control pass together, of whatever kind the bill is; and a pledged one does not pass."""
    by = an_actor("silk")
    for made, title in ((a_named_bill(), TEKSTIL), (a_bill(), None), (a_straight_bill(), None)):
        passed = control.passed(made, TEKSTIL, by)
        assert (holder_of(passed), title_of(passed)) == (TEKSTIL, title)
        bills.verify(passed)
    with refused(Code.NOT_IN_CONTROL):
        control.passed(transfer(a_named_bill(), BANKSH, "silk"), TEKSTIL, by)
    with refused(Code.NOT_TITLE_HOLDER):
        control.passed(transfer(a_named_bill(), BANKSH, "silk"), TEKSTIL, an_actor("banksh"))


def test_who_may_see_a_bill_grows_with_those_who_held_it() -> None:
    """Each holder's bank keeps a copy from then on, and what it keeps it keeps up to date."""
    made = a_bill()
    assert made.held_by == ("banksh", "customs")
    given = transfer(made, TEKSTIL, "silk")
    assert given.held_by == ("bankist", "banksh", "customs")
    assert set(given.parties) == {CARRIER.identifier, SILK.identifier, TEKSTIL.identifier}
    assert transfer(given, OTHER, "tekstil").held_by == ("bankfra", "bankist", "banksh", "customs")


def test_a_bill_to_the_order_of_a_bank_is_the_banks() -> None:
    made = a_bill(a_text(endorsee=a_bank("bankist")))
    assert title_of(made) == BANKIST
    assert title_of(endorse(transfer(made, BANKIST, "silk"), TEKSTIL, "bankist")) == TEKSTIL
