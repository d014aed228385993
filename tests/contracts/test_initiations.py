"""Initiations through signed lists: what a bank records for its customers, and what its payments release."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chaincode.embedded.verification import verify
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.payments import initiation
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.initiation import InitiatePayments, Initiation, InitiationState
from tests import invariants
from tests.builders import (
    BICS,
    SILK_ACCOUNT,
    SILK_LEI,
    TODAY,
    TOMORROW,
    a_decline,
    a_payment,
    a_uetr,
    an_initiation,
    an_instruction,
)
from tests.contracts.samples import close_day, cut_off, open_day, register, suspend
from tests.contracts.test_payments import changes
from tests.rulings import ruled
from tests.world import World

ID = "initiation_id"
LATER = "2026-11-29"
"""The day after the last on which an initiation of TODAY stands by default."""


@pytest.fixture
def bank(world: World) -> World:
    """A network in which the paying bank has registered a customer, which has one account."""
    world.must("banksh", register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    return world


def asked(world: World, *commands: InitiatePayments) -> list[Initiation]:
    """Let the bank record what its customer asks for."""
    found = []
    for command in commands or (an_initiation(),):
        world.must("banksh", command)
        ids = [initiation.initiation_id(SILK_LEI, command.message_id, n) for n in range(len(command.instructions))]
        found += [stored(world, each) for each in ids]
    return found


def stored(world: World, initiation_id: str) -> Initiation:
    found = world.record(world.hidden("banksh", "initiation", initiation_id), Initiation)
    assert found is not None
    return found


def release_of(found: Initiation, **others: Any) -> SubmitPayment:
    payment = initiation.payment_of(
        found.instruction,
        uetr=initiation.uetr_of(found),
        payer="banksh",
        payee="bankist",
        instructing_agent=BICS["banksh"],
        instructed_agent=BICS["bankist"],
        settlement_date=TODAY,
        message_id=found.initiation_id,
        created_at=found.created_at,
        initiation_id=found.initiation_id,
        requested_by="0f",
    )
    return replace(payment, **others)


def go_to(world: World, date: str) -> None:
    """End the day, and open another."""
    world.must("clearing", cut_off(), close_day(), open_day(date), by="officer-1")


def test_an_initiation_stands_with_its_bank_alone(bank: World) -> None:
    """It writes to that bank's collection and to no other, and moves no money."""
    before = bank.state()
    (found,) = asked(bank, an_initiation(requested_by="ab"))
    assert changes(before, bank.state()) == {
        ("banksh", kind) for kind in ("sequence", "journal", "initiation", "command")
    }
    assert (found.state, found.requested_by, found.initiated_at_ms) == (
        InitiationState.INITIATED,
        "ab",
        bank.clock.now_ms,
    )
    assert bank.balance("banksh") == 100_000_000


def test_only_a_registered_customer_asks_and_only_from_its_account(bank: World) -> None:
    other = an_initiation(customer="529900T8BM49AURSDO55")
    assert bank.say("banksh", other) == [Answer(Code.AG08, "customer")]
    assert bank.say("bankist", an_initiation()) == [Answer(Code.AG08, "customer")]
    account = an_initiation(an_instruction(debtor_account=replace(an_instruction().debtor_account, other="1")))
    assert bank.say("banksh", account) == [Answer(Code.AC01, "instructions.0.debtor_account")]


def test_a_refused_message_leaves_nothing(bank: World) -> None:
    """All of a message or none of it: one bad payment among good ones."""
    before = bank.state()
    wrong = an_initiation(an_instruction(), an_instruction("0.00"), an_instruction())
    assert bank.ask("banksh", wrong).answers == ((Answer(Code.AM01, "instructions.1.amount"),),)
    assert changes(before, bank.state()) == {("banksh", "sequence")}


def test_a_message_counts_once(bank: World) -> None:
    """The same command is answered as done; another one with the same message identification is DU01."""
    command = an_initiation(message_id="M-1")
    asked(bank, command)
    again = an_initiation(an_instruction("5.00"), message_id="M-1")
    assert bank.say("banksh", command, again) == [Answer(""), Answer(Code.DU01, "message_id")]
    changed = replace(command, message_id="M-2")
    assert bank.say("banksh", changed) == [Answer(Code.COMMAND_ID_REUSED, "command_id")]
    bank.must("banksh", register("529900T8BM49AURSDO55", accounts=(SILK_ACCOUNT,)))
    assert bank.say("banksh", an_initiation(message_id="M-1", customer="529900T8BM49AURSDO55")) == [Answer("")]


def test_a_payment_releases_what_it_names(bank: World) -> None:
    """One outcome: the money has moved, and the initiation says by which payment."""
    first, second = asked(bank, an_initiation(an_instruction("70.00"), an_instruction("30.00")))
    batch = bank.must("banksh", release_of(first))
    assert (bank.balance("banksh"), bank.balance("bankist")) == (99_993_000, 7_000)
    after = stored(bank, first.initiation_id)
    assert (after.state, after.decided_by, after.payment_code) == (InitiationState.RELEASED, "0f", "")
    assert after.payment is not None
    assert (after.payment.journal, after.payment.uetr) == (batch.tx_id, initiation.uetr_of(first))
    assert stored(bank, second.initiation_id) == second
    invariants.check(bank)


def test_it_is_released_once(bank: World) -> None:
    """Within a batch, and in another one, under any UETR."""
    (found,) = asked(bank)
    again = release_of(found, uetr=a_uetr())
    assert bank.ask("banksh", release_of(found), again).codes == [["", Code.MOVE_NOT_ALLOWED]]
    assert bank.say("banksh", again, a_decline(found.initiation_id)) == [Answer(Code.MOVE_NOT_ALLOWED, ID)] * 2
    assert bank.balance("bankist") == 10_000


def test_a_rejected_payment_releases_too(bank: World) -> None:
    """The bank has spoken, and the code stands with the initiation."""
    (found,) = asked(bank, an_initiation(an_instruction("9000000.00")))
    payment = release_of(found, when_unfunded=WhenUnfunded.REJECT)
    assert bank.ask("banksh", payment).codes == [[Code.AM04]]
    after = stored(bank, found.initiation_id)
    assert (after.state, after.payment_code) == (InitiationState.RELEASED, Code.AM04)
    invariants.check(bank)


def test_a_refused_payment_leaves_it_as_it_was(bank: World) -> None:
    (found,) = asked(bank, an_initiation(an_instruction("9000000.00")))
    before = bank.state()
    assert bank.ask("banksh", release_of(found)).codes == [[Code.UNFUNDED]]
    assert changes(before, bank.state()) == {("banksh", "sequence")}


def test_a_payment_says_what_the_trader_said(bank: World) -> None:
    (found,) = asked(bank)
    wrong = [
        release_of(found, amount="99.00"),
        release_of(found, creditor_account=None, creditor=replace(found.instruction.creditor, lei=SILK_LEI)),
    ]
    assert bank.say("banksh", *wrong) == [
        Answer(Code.NOT_AS_INITIATED, "amount"),
        Answer(Code.NOT_AS_INITIATED, "creditor"),
    ]


def test_nobody_else_releases_or_declines_it(bank: World) -> None:
    """To another bank an initiation does not exist, whatever it knows of it."""
    (found,) = asked(bank)
    bank.fund("bankist", "1000.00")
    theirs = replace(a_payment(payer="bankist", payee="banksh"), initiation_id=found.initiation_id)
    absent = replace(theirs, initiation_id="0" * 32)
    assert bank.say("bankist", theirs, absent, a_decline(found.initiation_id)) == [Answer(Code.NOT_FOUND, ID)] * 3


def test_a_bank_declines_with_a_reason(bank: World) -> None:
    (found,) = asked(bank)
    bank.must("banksh", a_decline(found.initiation_id, "AM04", text="Not funded"), by="officer-1")
    after = stored(bank, found.initiation_id)
    assert (after.state, after.reason, after.text) == (InitiationState.DECLINED, "AM04", "Not funded")
    assert bank.say("banksh", release_of(found)) == [Answer(Code.MOVE_NOT_ALLOWED, ID)]


def test_its_time_runs_out_by_the_business_day(bank: World) -> None:
    """No sweep is needed: from the day after its last the bank neither releases nor declines it."""
    (found,) = asked(bank)
    go_to(bank, LATER)
    late = release_of(found, settlement_date=LATER)
    assert bank.say("banksh", late, a_decline(found.initiation_id)) == [Answer(Code.DS24, ID)] * 2
    assert stored(bank, found.initiation_id) == found


def test_it_waits_for_its_day(bank: World) -> None:
    (found,) = asked(bank, an_initiation(an_instruction(execution_date=TOMORROW)))
    assert bank.say("banksh", release_of(found)) == [Answer(Code.DT04, "settlement_date")]
    go_to(bank, TOMORROW)
    bank.must("banksh", release_of(found, settlement_date=TOMORROW))


def test_a_suspended_bank_records_and_releases_nothing(bank: World) -> None:
    (found,) = asked(bank)
    ruled(bank, suspend("banksh"), at="clearing")
    assert [answer.code for answer in bank.say("banksh", an_initiation(), release_of(found))] == [Code.AG10] * 2


def test_a_ledger_with_initiations_is_proved(bank: World, tmp_path: Path) -> None:
    """Recorded, released, rejected, declined: its books and signatures hold, read anew from the disk."""
    first, second, third = asked(
        bank, an_initiation(*[an_instruction(each) for each in ("1.00", "9000000.00", "2.00")])
    )
    bank.must("banksh", release_of(first))
    bank.ask("banksh", release_of(second, when_unfunded=WhenUnfunded.REJECT))
    bank.must("banksh", a_decline(third.initiation_id), by="officer-1")
    report = verify(tmp_path / "ledger")
    assert report.problems == ()
    assert (report.settled, report.rejected) == (1, 1)


def test_a_payment_without_an_initiation_reads_what_it_read(bank: World) -> None:
    """One that releases reads and writes one key more, and any other not one."""
    (found,) = asked(bank)
    plain, release = (
        bank.endorse(bank.sign("banksh", [payment])).endorsed for payment in (a_payment(), release_of(found))
    )
    assert len(release.reads) == len(plain.reads) + 1
    assert len(release.writes) == len(plain.writes) + 1
