"""Random histories on the real contracts, each step held against the model and the invariants."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    multiple,
    precondition,
    rule,
)
from msgspec.structs import replace

from gateway.development.members import Member
from settlement.forms.consent import SignedList
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.terms import Terms
from settlement.payments.undertaking import (
    AcceptChange,
    Change,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
)
from settlement.records import Command
from tests.builders import (
    TODAY,
    a_conditional_payment,
    a_confirmation,
    a_payment,
    a_redemption_approval,
    a_redemption_confirmation,
    a_redemption_request,
    a_return,
    about,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)
from tests.contracts import samples
from tests.contracts.test_undertakings import by_beneficiary
from tests.model.ledger import CLOSED, CUT_OFF, OPEN, Payment, Request
from tests.model.playing import code_of, play
from tests.model.side_by_side import SideBySide
from tests.world import BANKS

HISTORIES, STEPS = 50, 40
START = date.fromisoformat(TODAY)

banks = st.sampled_from(BANKS)
officers = st.sampled_from(["officer-1", "officer-2"])
amounts = st.integers(1, 10_000) | st.integers(1, 60_000_000) | st.sampled_from([1, 100_000_000, 10**17])
pairs = st.sampled_from([*permutations(BANKS, 2)] * 3 + [("banksh", "banksh")])
orders = st.tuples(pairs, amounts, st.booleans(), st.sampled_from([0, 0, 0, 0, 0, 1, -1]))

WORK = ["confirm", "confirm", "approve", "approve", "decline", "pay out", "fail"]
COMMANDS: dict[tuple[str, str], Callable[[str, str], Command]] = {
    ("issuance", "confirm"): an_issuance_confirmation,
    ("issuance", "approve"): an_issuance_approval,
    ("issuance", "decline"): samples.decline_issuance,
    ("redemption", "confirm"): a_redemption_confirmation,
    ("redemption", "approve"): a_redemption_approval,
    ("redemption", "decline"): samples.decline_redemption,
    ("redemption", "pay out"): samples.pay_out,
    ("redemption", "fail"): samples.fail_payout,
}


def text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def number(of_day: str) -> int:
    return (date.fromisoformat(of_day) - START).days


class Histories(SideBySide):
    """Whatever banks, officers and authorities ask for, in any order."""

    payments: Bundle[tuple[SubmitPayment, str]] = Bundle("payments")
    holds: Bundle[tuple[SubmitPayment, str]] = Bundle("holds")
    issuances: Bundle[str] = Bundle("issuances")
    redemptions: Bundle[str] = Bundle("redemptions")
    carried: Bundle[SignedList] = Bundle("carried")

    def __init__(self, members: Mapping[str, Member], prepared: Path, directory: Path) -> None:
        super().__init__(members, prepared, directory)
        for payee in ("bankist", "bankfra"):
            command = a_payment("300000.00", payee=payee)
            self.ask("banksh", command, self.expect(command))

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
        payer, payee = self.model.banks[command.payer], self.model.banks[command.payee]
        terms = command.terms
        days = (number(terms.not_before), number(terms.expires_on)) if terms else ()
        return code_of(
            self.model.pay,
            command.uetr,
            Payment(payer, payee, int(command.amount.replace(".", "")), *days),
            refuse=command.when_unfunded is WhenUnfunded.REFUSE,
            day=number(command.settlement_date),
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
        asker, held = payment.payee if by_payee else payment.payer, self.model.payments[payment.uetr]
        expected = code_of(self.model.settle, held, self.model.banks[asker])
        self.ask(asker, about(SettleUndertaking, payment, journal), expected)
        return multiple() if expected else (replace(payment, amount=text(held.amount)), journal)

    @rule(target=payments, hold=holds, last=st.booleans(), beyond=st.sampled_from([0, 0, 1]))
    def settle_when_due(self, hold: tuple[SubmitPayment, str], *, last: bool, beyond: int) -> Any:
        """Wait for the first or the last day on which it can settle, or for the one after, and ask then."""
        held = self.model.payments[hold[0].uetr]
        days = (held.ends if last else held.starts) + beyond - self.model.day
        if days > 0:
            self.let_days_pass(days)
        return self.settle(hold, by_payee=last)

    @rule(hold=holds, by_payee=st.booleans())
    def give_back(self, hold: tuple[SubmitPayment, str], *, by_payee: bool) -> None:
        payment, journal = hold
        asker, held = payment.payee if by_payee else payment.payer, self.model.payments[payment.uetr]
        expected = code_of(self.model.give_back, held, self.model.banks[asker])
        self.ask(asker, about(ReleaseUndertaking, payment, journal), expected)

    @rule(hold=holds, percent=st.integers(1, 100) | st.just(0))
    def change(self, hold: tuple[SubmitPayment, str], percent: int) -> None:
        """A change of a conditional payment (of 0: its end), proposed and then signed by the beneficiary."""
        payment, journal = hold
        held = self.model.payments[payment.uetr]
        amount = max(1, held.amount * percent // 100) if percent else 0
        wanted = Change(amount=text(amount)) if amount else Change(ends=True)
        proposal = about(ProposeChange, payment, journal, change=wanted)
        expected = code_of(self.model.change, held, held.payer, amount, is_agreed=False)
        self.ask(payment.payer, proposal, expected)
        if expected:
            return
        signed = by_beneficiary(self.world, about(AcceptChange, payment, journal, change=wanted), bank=payment.payee)
        expected = code_of(self.model.change, held, held.payee, amount, is_agreed=True)
        self.ask(payment.payee, signed, expected)

    @rule(paid=payments)
    def confirm(self, paid: tuple[SubmitPayment, str]) -> None:
        payment, journal = paid
        expected = code_of(self.model.confirm, self.model.payments[payment.uetr])
        self.ask(payment.payee, a_confirmation(payment, journal), expected)

    @rule(paid=payments, percents=st.lists(st.integers(1, 60) | st.just(100), min_size=1, max_size=3))
    def send_back(self, paid: tuple[SubmitPayment, str], percents: list[int]) -> None:
        """Some returns of one payment, one after the other, some of them too much."""
        payment, journal = paid
        settled = self.model.payments[payment.uetr]
        for percent in percents:
            amount = max(1, settled.amount * percent // 100)
            today = day(self.model.day)
            command = a_return(payment, journal, text(amount), additional=("PART",), settlement_date=today)
            self.ask(payment.payee, command, code_of(self.model.send_back, settled, amount))

    @rule(target=issuances, bank=banks, amount=amounts)
    def request_issuance(self, bank: str, amount: int) -> Any:
        command = an_issuance_request(text(amount))
        request = Request("issuance", self.model.banks[bank], amount)
        expected = code_of(self.model.request, command.issuance_id, request)
        self.ask(bank, command, expected)
        return multiple() if expected else command.issuance_id

    @rule(target=redemptions, bank=banks, amount=amounts)
    def request_redemption(self, bank: str, amount: int) -> Any:
        command = a_redemption_request(text(amount))
        request = Request("redemption", self.model.banks[bank], amount)
        expected = code_of(self.model.request, command.redemption_id, request)
        self.ask(bank, command, expected)
        return multiple() if expected else command.redemption_id

    @rule(target=redemptions, bank=banks, amount=st.integers(1, 1_000))
    def burn(self, bank: str, amount: int) -> Any:
        """Bring a redemption as far as burned, where nothing stands in its way."""
        name = self.request_redemption(bank, amount)
        if isinstance(name, str):
            self.work_on(name, "officer-1", "confirm")
            self.work_on(name, "officer-2", "approve")
        return name

    @rule(name=issuances, officer=officers, step=st.sampled_from(WORK[:5]))
    def work_on_issuance(self, name: str, officer: str, step: str) -> None:
        self.work_on(name, officer, step)

    @rule(name=redemptions, officer=officers, step=st.sampled_from(WORK))
    def work_on_redemption(self, name: str, officer: str, step: str) -> None:
        self.work_on(name, officer, step)

    def work_on(self, name: str, officer: str, step: str) -> None:
        request = self.model.requests[name]
        bank = next(each for each, its in self.model.banks.items() if its is request.bank)
        command = COMMANDS[request.kind, step](name, bank)
        self.ask("clearing", command, code_of(self.model.work_on, request, step, officer), by=officer)

    @rule(step=st.sampled_from(["cut off", "close", "open", "open"]))
    def turn_day(self, step: str) -> None:
        today, tomorrow = day(self.model.day), day(self.model.day + 1)
        command: Command
        if step == "cut off":
            command, expected = samples.cut_off(today), code_of(self.model.turn, OPEN, CUT_OFF)
        elif step == "close":
            command, expected = samples.close_day(today), code_of(self.model.turn, CUT_OFF, CLOSED)
        else:
            command, expected = samples.open_day(tomorrow), code_of(self.model.turn, CLOSED, OPEN)
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
                expected.append(code_of(self.model.turn, before, after))
        assert self.world.ask("clearing", *asked, by="officer-1").codes == [expected]

    @rule(bank=banks, credited=st.booleans())
    def suspend(self, bank: str, *, credited: bool) -> None:
        its = self.model.banks[bank]
        expected = code_of(self.model.move, its, "ACTIVE", "SUSPENDED", may_be_credited=credited)
        self.ruled("regulator", samples.suspend(bank, may_be_credited=credited), expected)

    @rule(bank=banks)
    def reinstate(self, bank: str) -> None:
        expected = code_of(self.model.move, self.model.banks[bank], "SUSPENDED", "ACTIVE")
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
        expected = code_of(self.model.move, self.model.banks[bank], "ACTIVE", "EXITED")
        self.ask("clearing", samples.leave(bank), expected, by="officer-1")

    @rule(bank=banks, blocked=st.booleans())
    def block(self, bank: str, *, blocked: bool) -> None:
        command = samples.block(bank) if blocked else samples.unblock(bank)
        self.ruled("regulator", command, code_of(self.model.block, self.model.banks[bank], blocked=blocked))

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


def test_every_history_is_the_models(
    members: Mapping[str, Member], prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is asked in whatever order, the contracts answer and hold what the model does."""
    directory = tmp_path_factory.mktemp("histories")
    play(lambda: Histories(members, prepared, directory), histories=HISTORIES, steps=STEPS)
