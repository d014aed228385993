"""Conditional payments through signed lists: reserved, then settled, ended or given back, exactly once."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chaincode.embedded.verification import verify
from gateway.auth.signing import sign_command
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.journals import Event
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.terms import Terms
from settlement.payments.undertaking import (
    AcceptChange,
    Change,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
    Undertaking,
    UndertakingState,
    name_of,
)
from settlement.records import Command
from tests import invariants
from tests.builders import (
    LATER,
    SILK_LEI,
    TEKSTIL,
    TEKSTIL_LEI,
    TODAY,
    TOMORROW,
    YESTERDAY,
    a_conditional_payment,
    a_confirmation,
    a_payment,
    a_return,
    about,
)
from tests.certificates import a_credential
from tests.contracts.samples import block, close_day, cut_off, open_day, register, suspend, unblock
from tests.contracts.test_payments import changes, events
from tests.rulings import ruled
from tests.world import NETWORK, World

OVER = "2026-11-28"
"""The day after the last on which a conditional payment can settle by default."""
HELD = 10_000


def reserve(world: World, amount: str = "100.00", **others: Any) -> tuple[SubmitPayment, str]:
    """Let banksh take on a conditional payment; give it, and the transaction that reserved it."""
    payment = a_conditional_payment(amount, **others)
    return payment, world.must("banksh", payment).tx_id


def stored(world: World, payment: SubmitPayment, journal: str) -> Undertaking:
    """Read the record, which is the same with both banks."""
    named = name_of(payment.payer, about(SettleUndertaking, payment, journal).payment)
    copies = [
        world.record(world.hidden(bank, "undertaking", named), Undertaking) for bank in (payment.payer, payment.payee)
    ]
    assert copies[0] is not None
    assert copies[0] == copies[1]
    return copies[0]


def held(world: World, bank: str = "banksh") -> tuple[int, int]:
    """Give what a bank has and what of it is reserved."""
    account = world.account(bank)
    return account.posted_minor, account.reserved_minor


def go_to(world: World, date: str, before: str = TODAY) -> None:
    """End the day, and open another."""
    world.must("clearing", cut_off(before), close_day(before), open_day(date), by="officer-1")


@pytest.fixture(autouse=True)
def customers(world: World) -> None:
    """Two banks know the beneficiary, and one of them another firm besides."""
    for bank, party in (("bankist", TEKSTIL_LEI), ("bankfra", TEKSTIL_LEI), ("bankist", SILK_LEI)):
        world.must(bank, register(party, name="Bosphorus Tekstil AS"))


def by_beneficiary(world: World, command: Command, *, party: str = TEKSTIL_LEI, bank: str = "bankist") -> Command:
    """Let a trader sign for a firm that its bank has registered."""
    claims = {"waitan.participant": bank, "waitan.role": "trader", "waitan.party": party}
    return sign_command(
        NETWORK, command, a_credential(world.members[bank].ca, common_name="Ayse Demir", attributes=claims)
    )


def test_a_conditional_payment_is_reserved(world: World) -> None:
    """The money is set aside and stays the payer's; both banks are told, and nobody else."""
    before = world.state()
    payment, journal = reserve(world, requested_by="ab" * 32)
    assert held(world) == (100_000_000, HELD)
    assert world.balance("bankist") == 0
    assert changes(before, world.state()) == {
        *(("banksh", kind) for kind in ("sequence", "journal", "account", "undertaking")),
        ("bankist", "journal"),
        ("bankist", "undertaking"),
    }
    for bank in ("banksh", "bankist"):
        told = world.journal(bank, journal)
        assert told is not None
        assert [entry.event for entry in told.entries] == [Event.PAYMENT_RESERVED]
    record = stored(world, payment, journal)
    assert (record.state, record.amount, record.number) == (UndertakingState.RESERVED, "100.00", payment.uetr)
    assert (record.asked.requested_by, record.asked.initiation_id, record.asked.terms) == ("", "", payment.terms)
    assert (record.parties, record.held_by) == ((TEKSTIL_LEI,), ("banksh", "bankist"))
    invariants.check(world)


def test_what_is_reserved_cannot_be_spent(world: World) -> None:
    reserve(world, "999999.00")
    assert world.say("banksh", a_payment("1.01"), a_payment("1.00")) == [Answer(Code.UNFUNDED, "amount"), Answer("")]
    more = a_conditional_payment("1.01")
    assert world.say("banksh", more) == [Answer(Code.UNFUNDED, "amount")]


def test_a_condition_that_is_met_holds_nothing_up(world: World) -> None:
    """A payment of which nothing is outstanding settles at once: to be reserved is a step that may be skipped."""
    payment, journal = reserve(world, terms=Terms(not_before=TODAY, expires_on=TODAY))
    assert (held(world), world.balance("bankist")) == ((99_990_000, 0), HELD)
    told = world.journal("bankist", journal)
    assert told is not None
    assert told.payment(payment.uetr, by="banksh") == payment


@pytest.mark.parametrize("asker", ["banksh", "bankist"])
def test_it_settles_on_its_day_when_either_bank_asks(world: World, asker: str) -> None:
    payment, journal = reserve(world)
    early = about(SettleUndertaking, payment, journal)
    assert world.say(asker, early) == [Answer(Code.RR04, "terms.not_before")]
    go_to(world, TOMORROW)
    batch = world.must(asker, about(SettleUndertaking, payment, journal))
    assert (held(world), world.balance("bankist")) == ((99_990_000, 0), HELD)
    for bank in ("banksh", "bankist"):
        assert events(world, bank, batch) == [(Event.RESERVATION_SETTLED, "")]
    record = stored(world, payment, journal)
    assert (record.state, record.settled_on, record.act.participant) == (UndertakingState.SETTLED, TOMORROW, asker)
    invariants.check(world)


def test_it_ends_once(world: World) -> None:
    """Settled is settled: not again, in the batch or later, not given back, not changed."""
    payment, journal = reserve(world)
    go_to(world, TOMORROW)
    again = about(SettleUndertaking, payment, journal)
    batch = world.ask("banksh", about(SettleUndertaking, payment, journal), again)
    assert batch.codes == [["", Code.MOVE_NOT_ALLOWED]]
    ends = Change(ends=True)
    late = [about(ReleaseUndertaking, payment, journal), about(ProposeChange, payment, journal, change=ends)]
    assert [answer.code for answer in world.say("banksh", again, *late)] == [Code.MOVE_NOT_ALLOWED] * 3
    assert (held(world), world.balance("bankist")) == ((99_990_000, 0), HELD)


def test_what_comes_after_settlement_finds_it(world: World) -> None:
    """The creditor's bank confirms and returns it by the name that it was reserved under; not before it has settled."""
    payment, journal = reserve(world)
    assert world.say("bankist", a_confirmation(payment, journal)) == [Answer(Code.NOT_FOUND, "payment")]
    go_to(world, TOMORROW)
    world.must("bankist", about(SettleUndertaking, payment, journal))
    world.must("bankist", a_confirmation(payment, journal))
    world.must("bankist", a_return(payment, journal, "40.00", settlement_date=TOMORROW))
    assert (world.balance("banksh"), world.balance("bankist")) == (99_994_000, 6_000)
    invariants.check(world)


def test_after_its_last_day_it_cannot_settle_whoever_has_noticed(world: World) -> None:
    """No sweep is needed (T2); and the reservation is given back once, when either bank asks."""
    payment, journal = reserve(world)
    soon = about(ReleaseUndertaking, payment, journal)
    assert [answer.code for answer in world.say("banksh", soon)] == [Code.MOVE_NOT_ALLOWED]
    go_to(world, OVER)
    assert world.say("bankist", about(SettleUndertaking, payment, journal)) == [Answer(Code.DS24, "payment")]
    before = world.account("banksh").posted_minor
    release = about(ReleaseUndertaking, payment, journal)
    batch = world.ask("bankist", release, about(ReleaseUndertaking, payment, journal))
    assert batch.codes == [["", Code.MOVE_NOT_ALLOWED]]
    assert (held(world), world.balance("bankist")) == ((before, 0), 0)
    record = stored(world, payment, journal)
    assert record.state is UndertakingState.EXPIRED
    for bank in ("banksh", "bankist"):
        assert events(world, bank, batch) == [(Event.RESERVATION_ENDED, "")]
    invariants.check(world)


def test_it_settles_on_its_last_day(world: World) -> None:
    payment, journal = reserve(world)
    go_to(world, LATER)
    world.must("bankist", about(SettleUndertaking, payment, journal))
    assert world.balance("bankist") == HELD


def test_the_payers_bank_cannot_take_it_back(world: World) -> None:
    """It proposes, and nothing changes: until the beneficiary itself has signed that very change."""
    payment, journal = reserve(world)
    ends, lower = Change(ends=True), Change(amount="60.00")
    before = stored(world, payment, journal)
    world.must("banksh", about(ProposeChange, payment, journal, change=ends))
    assert held(world) == (100_000_000, HELD)
    after = stored(world, payment, journal)
    assert replace(after, proposed=None, acts=before.acts, tx_id=before.tx_id, revision=1) == before
    accept = about(AcceptChange, payment, journal, change=ends)
    officer = world.signed("bankist", "officer-1", accept)
    assert [each.code for each in world.say("bankist", accept, *officer)] == [Code.AG08] * 2
    stranger = by_beneficiary(world, accept, party=SILK_LEI)
    assert world.say("bankist", stranger) == [Answer(Code.NOT_FOUND, "payment")]
    other = by_beneficiary(world, about(AcceptChange, payment, journal, change=lower))
    assert world.say("bankist", other) == [Answer(Code.NOT_AS_PROPOSED, "change")]
    go_to(world, TOMORROW)
    world.must("bankist", about(SettleUndertaking, payment, journal))
    assert world.balance("bankist") == HELD


def test_a_beneficiary_of_another_bank_does_not_find_it(world: World) -> None:
    """The same firm, certified by a bank that is no party: for it there is no such payment."""
    payment, journal = reserve(world)
    ends = Change(ends=True)
    world.must("banksh", about(ProposeChange, payment, journal, change=ends))
    elsewhere = by_beneficiary(world, about(AcceptChange, payment, journal, change=ends), bank="bankfra")
    assert world.say("bankfra", elsewhere) == [Answer(Code.NOT_FOUND, "payment")]
    asked = [about(SettleUndertaking, payment, journal), about(ReleaseUndertaking, payment, journal)]
    assert world.say("bankfra", *asked) == [Answer(Code.NOT_FOUND, "payment")] * 2


def test_the_payers_bank_cannot_sign_as_the_beneficiary(world: World) -> None:
    """It holds the payment and can certify anybody: what its own people sign is not the beneficiary's word."""
    payment, journal = reserve(world)
    ends = Change(ends=True)
    world.must("banksh", about(ProposeChange, payment, journal, change=ends), register(TEKSTIL_LEI, name="Tekstil AS"))
    forged = by_beneficiary(world, about(AcceptChange, payment, journal, change=ends), bank="banksh")
    assert world.say("banksh", forged) == [Answer(Code.NOT_FOUND, "payment")]
    assert held(world) == (100_000_000, HELD)


def test_a_firm_that_pays_itself_signs_as_beneficiary_where_it_is_paid(world: World) -> None:
    """It stands on both sides: the payer's bank knows it as the debtor, and what it signs there changes nothing."""
    world.must("banksh", register(TEKSTIL_LEI, name="Tekstil AS"))
    itself = replace(TEKSTIL, lei=TEKSTIL_LEI)
    payment, journal = reserve(world, debtor=itself, creditor=itself)
    ends = Change(ends=True)
    world.must("banksh", about(ProposeChange, payment, journal, change=ends))
    accept = about(AcceptChange, payment, journal, change=ends)
    assert world.say("banksh", by_beneficiary(world, accept, bank="banksh")) == [Answer(Code.DS0H, "certificate")]
    world.must("bankist", by_beneficiary(world, accept))


def test_what_was_proposed_is_over_with_the_settlement(world: World) -> None:
    """A record of what is paid tells of no change that nobody can accept any more."""
    payment, journal = reserve(world)
    world.must("banksh", about(ProposeChange, payment, journal, change=Change(amount="60.00")))
    assert stored(world, payment, journal).proposed is not None
    go_to(world, TOMORROW)
    world.must("bankist", about(SettleUndertaking, payment, journal))
    assert stored(world, payment, journal).proposed is None


def test_it_ends_as_both_have_agreed(world: World) -> None:
    payment, journal = reserve(world)
    ends = Change(ends=True)
    world.must("banksh", about(ProposeChange, payment, journal, change=ends))
    world.must("bankist", by_beneficiary(world, about(AcceptChange, payment, journal, change=ends)))
    assert held(world) == (100_000_000, 0)
    record = stored(world, payment, journal)
    assert (record.state, record.act.signer, record.act.party) == (
        UndertakingState.VOIDED,
        "Ayse Demir",
        TEKSTIL_LEI,
    )
    invariants.check(world)


def test_amount_and_terms_change_as_both_have_agreed(world: World) -> None:
    """What is no longer owed is free at once; the rest waits on under the new terms."""
    payment, journal = reserve(world)
    change = Change(amount="60.00", terms=Terms(not_before=TODAY, expires_on=TODAY))
    world.must("banksh", about(ProposeChange, payment, journal, change=change))
    world.must("bankist", by_beneficiary(world, about(AcceptChange, payment, journal, change=change)))
    assert held(world) == (100_000_000, 6_000)
    world.must("banksh", about(SettleUndertaking, payment, journal))
    assert (held(world), world.balance("bankist")) == ((99_994_000, 0), 6_000)
    invariants.check(world)


def test_only_the_payers_bank_proposes(world: World) -> None:
    payment, journal = reserve(world)
    asked = about(ProposeChange, payment, journal, change=Change(ends=True))
    assert world.say("bankist", asked) == [Answer(Code.AG08, "payer")]


WRONG: list[tuple[Change, Code, str]] = [
    (Change(), Code.CH21, "change"),
    (Change(ends=True, amount="1.00"), Code.CH17, "change.ends"),
    (Change(amount="100.00"), Code.AM09, "change.amount"),
    (Change(amount="100.01"), Code.AM09, "change.amount"),
    (Change(amount="0.00"), Code.AM01, "change.amount"),
    (Change(terms=Terms(expires_on=LATER)), Code.CH21, "change.terms"),
    (Change(terms=Terms(not_before=YESTERDAY, expires_on=YESTERDAY)), Code.DS24, "change.terms.expires_on"),
    (Change(terms=Terms(not_before=LATER, expires_on=TODAY)), Code.CH16, "change.terms.not_before"),
]


@pytest.mark.parametrize(("change", "code", "where"), WRONG)
def test_a_change_is_in_order(world: World, change: Change, code: Code, where: str) -> None:
    payment, journal = reserve(world)
    assert world.say("banksh", about(ProposeChange, payment, journal, change=change)) == [Answer(code, where)]


def test_a_payer_that_is_stopped_has_still_undertaken_to_pay(world: World) -> None:
    """The suspended bank originates nothing more; the creditor's bank has what was promised."""
    payment, journal = reserve(world)
    go_to(world, TOMORROW)
    ruled(world, suspend("banksh"), at="clearing")
    settle = about(SettleUndertaking, payment, journal)
    assert [answer.code for answer in world.say("banksh", settle)] == [Code.AG10]
    world.must("bankist", settle)
    assert world.balance("bankist") == HELD


def test_what_stops_money_stops_it_for_the_moment(world: World) -> None:
    """A blocked account, a stopped payee or a day that is over: it waits, and settles once that is lifted."""
    payment, journal = reserve(world)
    go_to(world, TOMORROW)
    settle = about(SettleUndertaking, payment, journal)
    ruled(world, block("bankist"))
    assert world.say("banksh", settle) == [Answer(Code.ACCOUNT_NOT_USABLE, "payment")]
    ruled(world, unblock("bankist"))
    ruled(world, suspend("bankist"), at="clearing")
    assert world.say("banksh", settle) == [Answer(Code.ACCOUNT_NOT_USABLE, "payee")]
    assert held(world) == (100_000_000, HELD)


def test_after_the_cut_off_it_waits_for_another_day(world: World) -> None:
    payment, journal = reserve(world)
    go_to(world, TOMORROW)
    world.must("clearing", cut_off(TOMORROW), by="officer-1")
    assert world.say("banksh", about(SettleUndertaking, payment, journal)) == [Answer(Code.DAY_CLOSED, "payment")]


def test_it_needs_a_beneficiary_who_can_sign_and_time_to_settle(world: World) -> None:
    nameless = a_conditional_payment(creditor=a_payment().creditor)
    late = a_conditional_payment(terms=Terms(not_before=YESTERDAY, expires_on=YESTERDAY))
    assert world.say("banksh", nameless, late) == [
        Answer(Code.CH21, "creditor.lei"),
        Answer(Code.DS24, "terms.expires_on"),
    ]


def test_an_unfunded_one_does_what_it_says(world: World) -> None:
    before = world.state()
    unfunded = a_conditional_payment("2000000.00")
    assert world.ask("banksh", unfunded).codes == [[Code.UNFUNDED]]
    assert changes(before, world.state()) == {("banksh", "sequence")}
    assert world.ask("banksh", replace(unfunded, when_unfunded=WhenUnfunded.REJECT)).codes == [[Code.AM04]]
    assert held(world) == (100_000_000, 0)


def test_two_race_for_the_last_of_a_balance(world: World) -> None:
    """Two batches, each simulated before the other is known: one of them reserves it, the other is tried again."""
    one, other = (world.endorse(world.sign("banksh", [a_conditional_payment("600000.00")])) for _ in range(2))
    batches = world.commit(one, other)
    assert [batch.validity.name for batch in batches].count("VALID") == 1
    assert held(world) == (100_000_000, 60_000_000)


def test_a_ledger_with_undertakings_is_proved(world: World, tmp_path: Path) -> None:
    """Reserved, changed, settled, ended, expired: books and signatures hold, read anew from the disk."""
    (first, one), (second, two), (third, three) = (reserve(world) for _ in range(3))
    ends = Change(ends=True)
    world.must("banksh", about(ProposeChange, second, two, change=ends))
    world.must("bankist", by_beneficiary(world, about(AcceptChange, second, two, change=ends)))
    go_to(world, TOMORROW)
    world.must("banksh", about(SettleUndertaking, first, one), by="officer-1")
    go_to(world, OVER, TOMORROW)
    world.must("bankist", about(ReleaseUndertaking, third, three))
    report = verify(tmp_path / "ledger")
    assert report.problems == ()
    assert report.settled == 1
