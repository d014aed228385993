"""Random histories on the real contracts, each step held against the model and the invariants (I1-I3, I11)."""

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)
from msgspec.structs import replace

from chaincode import keys
from chaincode.port import Place
from gateway.development.members import Member
from settlement.accounts.account import AccountState
from settlement.accounts.circulation import Circulation
from settlement.accounts.issuance import Issuance
from settlement.accounts.redemption import Redemption
from settlement.forms.consent import SignedList
from settlement.participants import Participant
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.returns import PaymentRecord
from settlement.payments.terms import Terms
from settlement.payments.undertaking import (
    AcceptChange,
    Change,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
    Undertaking,
)
from settlement.records import Command, RulingCommand
from tests import invariants
from tests.builders import (
    TEKSTIL_LEI,
    TODAY,
    a_conditional_payment,
    a_confirmation,
    a_payment,
    a_redemption_approval,
    a_redemption_confirmation,
    a_redemption_request,
    a_return,
    about,
    an_id,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)
from tests.contracts import samples
from tests.contracts.test_undertakings import by_beneficiary
from tests.model.ledger import CLOSED, CUT_OFF, OPEN, Bank, ModelLedger
from tests.model.playing import play
from tests.rulings import PEOPLE, confirming
from tests.world import BANKS, World

HISTORIES, STEPS = 50, 40
START = date.fromisoformat(TODAY)

banks = st.sampled_from(BANKS)
officers = st.sampled_from(["officer-1", "officer-2"])
amounts = st.integers(1, 10_000) | st.integers(1, 60_000_000) | st.sampled_from([1, 100_000_000, 10**17])
pairs = st.sampled_from([*permutations(BANKS, 2)] * 3 + [("banksh", "banksh")])
orders = st.tuples(pairs, amounts, st.booleans(), st.sampled_from([0, 0, 0, 0, 0, 1, -1]))


def text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def number(of_day: str) -> int:
    return (date.fromisoformat(of_day) - START).days


class Histories(RuleBasedStateMachine):
    """A world and its model, side by side."""

    payments: Bundle[tuple[SubmitPayment, str]] = Bundle("payments")
    holds: Bundle[tuple[SubmitPayment, str]] = Bundle("holds")
    issuances: Bundle[str] = Bundle("issuances")
    redemptions: Bundle[str] = Bundle("redemptions")
    carried: Bundle[SignedList] = Bundle("carried")

    def __init__(self, members: Mapping[str, Member], prepared: Path, directory: Path) -> None:
        super().__init__()
        self.directory = directory / an_id()
        shutil.copytree(prepared, self.directory)
        self.world = World(self.directory, members)
        self.model = ModelLedger({name: Bank() for name in BANKS}, issued=100_000_000)
        self.model.banks["banksh"].posted = 100_000_000
        for name in BANKS:
            self.world.must(name, samples.register(TEKSTIL_LEI, name="Bosphorus Tekstil AS"))
        for payee in ("bankist", "bankfra"):
            command = a_payment("300000.00", payee=payee)
            self.ask("banksh", command, self.expect(command))
        self.before: dict[Place, bytes] = {}

    def teardown(self) -> None:
        self.world.close()
        shutil.rmtree(self.directory)

    def ask(self, participant: str, command: Command, expected: str, *, by: str = "") -> None:
        """Ask the real ledger; a refusal leaves nothing but the list's number."""
        before = self.world.state() if expected else {}
        assert self.world.ask(participant, command, by=by).codes == [[expected]]
        if expected:
            after = self.world.state()
            changed = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
            assert changed == {Place(participant, "sequence")}

    def ruled(self, authority: str, ruling: RulingCommand, expected: str) -> None:
        """Let one of an authority propose and, unless that is refused, another confirm."""
        proposer, checker = PEOPLE[authority]
        self.ask(authority, ruling, expected, by=proposer)
        if not expected:
            self.ask(authority, confirming(ruling), "", by=checker)

    @rule(target=payments, asked=st.lists(orders, min_size=1, max_size=6))
    def pay(self, asked: list[tuple[tuple[str, str], int, bool, int]]) -> Any:
        """Some payments of some banks, in one batch of a list for each bank."""
        lists: dict[str, list[SubmitPayment]] = {}
        for (payer, payee), amount, refuse, ahead in asked:
            when = WhenUnfunded.REFUSE if refuse else WhenUnfunded.REJECT
            date_of = day(self.model.day + ahead)
            command = a_payment(text(amount), payer=payer, payee=payee, when_unfunded=when, settlement_date=date_of)
            lists.setdefault(payer, []).append(command)
        batch = self.world.carry(*(self.world.sign(payer, commands) for payer, commands in lists.items()))
        expected = [[self.expect(command) for command in commands] for commands in lists.values()]
        assert batch.codes == expected
        settled = [
            (command, batch.tx_id)
            for commands in lists.values()
            for command in commands
            if command.uetr in self.model.payments
        ]
        return multiple(*settled)

    def expect(self, command: SubmitPayment) -> str:
        return self.model.pay(
            command.uetr,
            command.payer,
            command.payee,
            int(command.amount.replace(".", "")),
            refuse=command.when_unfunded is WhenUnfunded.REFUSE,
            day=number(command.settlement_date),
            terms=(number(command.terms.not_before), number(command.terms.expires_on)) if command.terms else (0, 0),
        )

    @rule(target=holds, order=orders, first=st.integers(1, 3), lasts=st.integers(0, 2))
    def reserve(self, order: tuple[tuple[str, str], int, bool, int], first: int, lasts: int) -> Any:
        """Take a conditional payment on, for some days from tomorrow on."""
        (payer, payee), amount, refuse, _ = order
        when = WhenUnfunded.REFUSE if refuse else WhenUnfunded.REJECT
        starts = self.model.day + first
        terms = Terms(not_before=day(starts), expires_on=day(starts + lasts))
        command = a_conditional_payment(
            text(amount), payer=payer, payee=payee, when_unfunded=when, settlement_date=day(self.model.day), terms=terms
        )
        expected = self.expect(command)
        batch = self.world.ask(payer, command)
        assert batch.codes == [[expected]]
        return multiple() if expected else (command, batch.tx_id)

    @rule(target=payments, hold=holds, by_payee=st.booleans())
    def settle(self, hold: tuple[SubmitPayment, str], *, by_payee: bool) -> Any:
        payment, journal = hold
        asker = payment.payee if by_payee else payment.payer
        expected = self.model.settle(payment.uetr, asker)
        self.ask(asker, about(SettleUndertaking, payment, journal), expected)
        left = text(self.model.holds[payment.uetr].amount)
        return multiple() if expected else (replace(payment, amount=left), journal)

    @rule(hold=holds, by_payee=st.booleans())
    def give_back(self, hold: tuple[SubmitPayment, str], *, by_payee: bool) -> None:
        payment, journal = hold
        asker = payment.payee if by_payee else payment.payer
        command = about(ReleaseUndertaking, payment, journal)
        self.ask(asker, command, self.model.give_back(payment.uetr, asker))

    @rule(hold=holds, percent=st.integers(1, 100) | st.just(0))
    def change(self, hold: tuple[SubmitPayment, str], percent: int) -> None:
        """A change of a conditional payment (of 0: its end), proposed and then signed by the beneficiary."""
        payment, journal = hold
        amount = max(1, self.model.holds[payment.uetr].amount * percent // 100) if percent else 0
        wanted = Change(amount=text(amount)) if amount else Change(ends=True)
        proposal = about(ProposeChange, payment, journal, change=wanted)
        expected = self.model.change(payment.uetr, payment.payer, amount=amount, is_agreed=False)
        self.ask(payment.payer, proposal, expected)
        if expected:
            return
        signed = by_beneficiary(self.world, about(AcceptChange, payment, journal, change=wanted), bank=payment.payee)
        expected = self.model.change(payment.uetr, payment.payee, amount=amount, is_agreed=True)
        self.ask(payment.payee, signed, expected)

    @rule(paid=payments)
    def confirm(self, paid: tuple[SubmitPayment, str]) -> None:
        payment, journal = paid
        self.ask(payment.payee, a_confirmation(payment, journal), self.model.confirm(payment.uetr))

    @rule(paid=payments, percents=st.lists(st.integers(1, 60) | st.just(100), min_size=1, max_size=3))
    def send_back(self, paid: tuple[SubmitPayment, str], percents: list[int]) -> None:
        """Some returns of one payment, one after the other, some of them too much."""
        payment, journal = paid
        for percent in percents:
            amount = max(1, self.model.payments[payment.uetr].amount * percent // 100)
            today = day(self.model.day)
            command = a_return(payment, journal, text(amount), additional=("PART",), settlement_date=today)
            self.ask(payment.payee, command, self.model.send_back(payment.uetr, amount))

    @rule(target=issuances, bank=banks, amount=amounts)
    def request_issuance(self, bank: str, amount: int) -> Any:
        command = an_issuance_request(text(amount))
        expected = self.model.request(command.issuance_id, bank, amount, redemption=False)
        self.ask(bank, command, expected)
        return multiple() if expected else command.issuance_id

    @rule(target=redemptions, bank=banks, amount=amounts)
    def request_redemption(self, bank: str, amount: int) -> Any:
        command = a_redemption_request(text(amount))
        expected = self.model.request(command.redemption_id, bank, amount, redemption=True)
        self.ask(bank, command, expected)
        return multiple() if expected else command.redemption_id

    @rule(target=redemptions, bank=banks, amount=st.integers(1, 1_000))
    def burn(self, bank: str, amount: int) -> Any:
        """Bring a redemption as far as burned, where nothing stands in its way."""
        name = self.request_redemption(bank, amount)
        if isinstance(name, str):
            self.work_on_redemption(name, "officer-1", "confirm")
            self.work_on_redemption(name, "officer-2", "approve")
        return name

    @rule(
        name=issuances, officer=officers, step=st.sampled_from(["confirm", "confirm", "approve", "approve", "decline"])
    )
    def work_on_issuance(self, name: str, officer: str, step: str) -> None:
        bank = self.model.requests[name].bank
        command: Command
        if step == "confirm":
            command, expected = an_issuance_confirmation(name, bank), self.model.check(name, officer)
        elif step == "approve":
            command = an_issuance_approval(name, bank)
            expected = self.model.approve(name, officer, redemption=False)
        else:
            command, expected = samples.decline_issuance(name, bank), self.model.decline(name, redemption=False)
        self.ask("clearing", command, expected, by=officer)

    @rule(
        name=redemptions,
        officer=officers,
        step=st.sampled_from(["confirm", "confirm", "approve", "approve", "decline", "pay out", "fail"]),
    )
    def work_on_redemption(self, name: str, officer: str, step: str) -> None:
        bank = self.model.requests[name].bank
        command: Command
        if step == "confirm":
            command, expected = a_redemption_confirmation(name, bank), self.model.check(name, officer)
        elif step == "approve":
            command = a_redemption_approval(name, bank)
            expected = self.model.approve(name, officer, redemption=True)
        elif step == "decline":
            command, expected = samples.decline_redemption(name, bank), self.model.decline(name, redemption=True)
        elif step == "pay out":
            command, expected = samples.pay_out(name, bank), self.model.end(name, is_paid=True)
        else:
            command, expected = samples.fail_payout(name, bank), self.model.end(name, is_paid=False)
        self.ask("clearing", command, expected, by=officer)

    @rule(step=st.sampled_from(["cut off", "close", "open", "open"]))
    def turn_day(self, step: str) -> None:
        today = day(self.model.day)
        command: Command
        if step == "cut off":
            command, expected = samples.cut_off(today), self.model.turn(before=OPEN, after=CUT_OFF)
        elif step == "close":
            command, expected = samples.close_day(today), self.model.turn(before=CUT_OFF, after=CLOSED)
        else:
            command = samples.open_day(day(self.model.day + 1))
            expected = self.model.turn(before=CLOSED, after=OPEN)
        self.ask("clearing", command, expected, by="officer-1")

    @rule(days=st.integers(1, 3))
    def let_days_pass(self, days: int) -> None:
        """End some days in one list, so that conditional payments fall due, and expire."""
        asked: list[Command] = []
        expected = []
        for _ in range(days):
            today = day(self.model.day)
            asked += [samples.cut_off(today), samples.close_day(today), samples.open_day(day(self.model.day + 1))]
            for before, after in ((OPEN, CUT_OFF), (CUT_OFF, CLOSED), (CLOSED, OPEN)):
                expected.append(self.model.turn(before=before, after=after))
        assert self.world.ask("clearing", *asked, by="officer-1").codes == [expected]

    @rule(bank=banks, credited=st.booleans())
    def suspend(self, bank: str, *, credited: bool) -> None:
        expected = self.model.move(bank, before={"ACTIVE"}, after="SUSPENDED", may_be_credited=credited)
        self.ruled("regulator", samples.suspend(bank, may_be_credited=credited), expected)

    @rule(bank=banks)
    def reinstate(self, bank: str) -> None:
        expected = self.model.move(bank, before={"SUSPENDED"}, after="ACTIVE")
        self.ruled("clearing", samples.reinstate(bank), expected)

    @rule()
    def set_right(self) -> None:
        """Lift what stops banks and the day, so that money goes on moving."""
        for name, bank in self.model.banks.items():
            if bank.state == "SUSPENDED":
                self.reinstate(name)
            if bank.is_blocked:
                self.block(name, blocked=False)
        if self.model.day_state == CUT_OFF:
            self.turn_day("close")
        if self.model.day_state == CLOSED:
            self.turn_day("open")

    @precondition(lambda self: any(bank.state != "ACTIVE" or bank.is_blocked for bank in self.model.banks.values()))
    @rule()
    def set_right_soon(self) -> None:
        """Lift it more often than it is laid on."""
        self.set_right()

    @rule(bank=banks)
    def leave(self, bank: str) -> None:
        expected = self.model.move(bank, before={"ACTIVE"}, after="EXITED")
        self.ask("clearing", samples.leave(bank), expected, by="officer-1")

    @rule(bank=banks, blocked=st.booleans())
    def block(self, bank: str, *, blocked: bool) -> None:
        command = samples.block(bank) if blocked else samples.unblock(bank)
        self.ruled("regulator", command, self.model.block(bank, blocked=blocked))

    @rule(target=carried, bank=banks)
    def carry(self, bank: str) -> SignedList:
        """Leave a list lying about, for somebody to carry again."""
        signed = self.world.sign(bank, [samples.revoke()])
        expected = "AG10" if self.model.banks[bank].state == "EXITED" else ""  # also while suspended: it revokes
        assert self.world.carry(signed).codes == [[expected]]
        return signed

    @rule(signed=consumes(carried))
    def carry_again(self, signed: SignedList) -> None:
        endorsed = self.world.endorse(signed)
        assert endorsed.answers[0][0].code == "SEQUENCE_NOT_NEXT"
        assert not endorsed.writes

    @invariant()
    def balances_and_states_are_the_models(self) -> None:
        for name, bank in self.model.banks.items():
            account = self.world.account(name)
            assert (account.posted_minor, account.reserved_minor) == (bank.posted, bank.reserved)
            assert account.open_items == bank.open_items
            assert (account.state is AccountState.BLOCKED) is bank.is_blocked
            participant = self.world.record(keys.participant(name), Participant)
            assert participant is not None
            assert (participant.state, participant.may_be_credited) == (bank.state, bank.may_be_credited)

    @invariant()
    def requests_and_returns_are_the_models(self) -> None:
        found = {issuance.issuance_id: issuance.state.value for _, issuance in self.world.records(Issuance)}
        found |= {redemption.redemption_id: redemption.state.value for _, redemption in self.world.records(Redemption)}
        assert {name: found[name] for name in self.model.requests} == {
            name: request.state for name, request in self.model.requests.items()
        }
        returned = {
            record.uetr: record.returned_minor
            for _, record in self.world.records(PaymentRecord)
            if record.returned_minor
        }
        assert returned == {uetr: each.returned for uetr, each in self.model.payments.items() if each.returned}

    @invariant()
    def holds_are_the_models(self) -> None:
        found = {record.number: (record.state, record.amount_minor) for _, record in self.world.records(Undertaking)}
        assert found == {uetr: (hold.state, hold.amount) for uetr, hold in self.model.holds.items()}

    @invariant()
    def the_books_balance(self) -> None:
        invariants.check(self.world)
        totals = {
            each.currency: (each.issued_minor, each.redeemed_minor) for _, each in self.world.records(Circulation)
        }
        assert totals["CNY"] == (self.model.issued, self.model.redeemed)


def test_every_history_is_the_models(
    members: Mapping[str, Member], prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is asked in whatever order, the contracts answer and hold what the model does."""
    directory = tmp_path_factory.mktemp("histories")
    play(lambda: Histories(members, prepared, directory), histories=HISTORIES, steps=STEPS)
