"""Random histories of one invoice that two banks lend on while it is paid, held against a model of a few lines.

Whatever they ask, in whatever order and however late: no more is reserved, and none is paid out, than the advance rate
leaves of the value less what is paid and lent by others; what others have lent is not paid to a bank; what has repaid
a loan is not sent back; each loan moves as its table has it.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from gateway.auth.signing import sign_command
from gateway.development.members import Member
from settlement import dates
from settlement.financing import (
    DefaultFinancing,
    DrawFinancing,
    Financing,
    RejectFinancing,
    RepayFinancing,
    Subject,
    VerifyFinancing,
    financing_id,
)
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.payments.documents import Kind
from settlement.records import Command
from settlement.trade import budgets
from settlement.trade.advance import SetAdvanceRate
from settlement.trade.budgets import Budget
from tests import invariants
from tests.builders import TODAY, a_return, an_application, an_id
from tests.evidence import accepted, for_invoice, trading
from tests.model.playing import play
from tests.other_bank import at_another_bank
from tests.rulings import ruled
from tests.trade import SELLER, TRADER
from tests.world import NETWORK, World

HISTORIES, STEPS = 20, 25
VALUE, PERCENT = 10_000_000, 80
HOUR_MS = 3_600_000
LENDERS = ("banksh", "bankist")

FAR = st.sampled_from([0, 1, 2, 2])
amounts = st.sampled_from([1, 1_000_000, 3_000_000, 3_000_000, 5_000_000, 8_000_000, VALUE])


@dataclass
class Loan:
    """What the model keeps of a loan: minor units, and when its trader's consent ends."""

    bank: str
    amount: int
    until_ms: int
    state: str = "APPLIED"
    left: int = 0

    def claims(self, now_ms: int) -> int:
        """Say what of the invoice is taken by it."""
        if self.state == "VERIFIED":
            return self.amount if now_ms <= self.until_ms else 0
        return self.left if self.state in ("DRAWN", "PARTLY_REPAID", "DEFAULTED") else 0


def text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


class FinancingHistories(RuleBasedStateMachine):
    """A world with one accepted invoice, and the model of what is paid and lent on it."""

    loans: Bundle[str] = Bundle("loans")
    payments: Bundle[str] = Bundle("payments")

    def __init__(self, members: Mapping[str, Member], prepared: Path, directory: Path) -> None:
        super().__init__()
        self.directory = directory / an_id()
        shutil.copytree(prepared, self.directory)
        self.world = World(self.directory, members)
        self.known: dict[str, Loan] = {}
        self.settled: dict[str, tuple[SubmitPayment, str, int]] = {}
        self.used: dict[str, int] = {}
        self.paid = 0

    def teardown(self) -> None:
        self.world.close()
        shutil.rmtree(self.directory)

    @initialize()
    def an_invoice_is_owed(self) -> None:
        trading(self.world)
        self.invoice = accepted(self.world)
        self.keys = {
            "banksh": self.world.person("banksh", TRADER),
            "bankist": at_another_bank(self.world, "bankist"),
        }
        ruled(self.world, SetAdvanceRate(command_id=an_id(), effective_from=TODAY, percent=PERCENT))

    @property
    def now_ms(self) -> int:
        return self.world.clock.now_ms

    def lent(self, but: str = "") -> int:
        return sum(loan.claims(self.now_ms) for loan in self.known.values() if loan.bank != but)

    def ask(self, bank: str, command: Command) -> str:
        ((code,),) = self.world.ask(bank, command).codes
        return code

    @rule(target=loans, bank=st.sampled_from(LENDERS), amount=amounts, hours=st.integers(1, 4), far=FAR)
    def apply(self, bank: str, amount: int, hours: int, far: int) -> str:
        """Apply, and go on at once as far as somebody would."""
        until_ms = self.now_ms + hours * HOUR_MS
        subject = Subject(kind=Kind.INVOICE, record_id=self.invoice.record_id)
        number = f"L-{len(self.known)}"
        until = dates.render(until_ms)
        command = an_application(text(amount), subject, lender=bank, number=number, consents_until=until)
        self.world.must(bank, sign_command(NETWORK, command, self.keys[bank]))
        name = financing_id(bank, SELLER.identifier, number)
        self.known[name] = Loan(bank, amount, until_ms)
        for go_on in (self.verify, self.draw)[:far]:
            go_on(name)
        return name

    @rule(hours=st.integers(1, 2))
    def wait(self, hours: int) -> None:
        self.world.clock.now_ms += hours * HOUR_MS

    @rule(name=loans)
    def look_again(self, name: str) -> None:
        self.verify(name)

    def verify(self, name: str) -> None:
        loan = self.known[name]
        expected = self.closed(loan, "APPLIED")
        free = VALUE * PERCENT // 100 - self.paid - self.lent()
        assert self.ask(loan.bank, VerifyFinancing(command_id=an_id(), financing_id=name)) == expected
        if not expected and loan.amount <= free:
            loan.state = "VERIFIED"

    @rule(name=loans)
    def draw_late(self, name: str) -> None:
        self.draw(name)

    def draw(self, name: str) -> None:
        loan = self.known[name]
        others = self.lent() - loan.claims(self.now_ms)
        is_left = loan.amount <= VALUE * PERCENT // 100 - self.paid - others
        expected = self.closed(loan, "VERIFIED") or ("" if is_left else "AM09")
        command = DrawFinancing(command_id=an_id(), financing_id=name, reference="B-7")
        assert self.ask(loan.bank, command) == expected
        if not expected:
            loan.state, loan.left = "DRAWN", loan.amount

    def closed(self, loan: Loan, state: str) -> str:
        if loan.state in ("APPLIED", "VERIFIED") and self.now_ms > loan.until_ms:
            return "LAPSED"
        if loan.state != state:
            return "MOVE_NOT_ALLOWED"
        return "NOT_ELIGIBLE" if self.paid == VALUE else ""

    @rule(name=loans, uetr=payments, amount=amounts)
    def collect(self, name: str, uetr: str, amount: int) -> None:
        """Repay from what came in to the lender."""
        loan = self.known[name]
        if uetr not in self.settled or self.settled[uetr][0].payee != loan.bank:
            return
        _, journal, received = self.settled[uetr]
        paid = PaymentName(journal=journal, uetr=uetr)
        code = self.ask(
            loan.bank,
            RepayFinancing(command_id=an_id(), financing_id=name, amount=text(amount), payment=paid, payer="bankist"),
        )
        used = self.used.get(uetr, 0)
        if loan.state not in ("DRAWN", "PARTLY_REPAID"):
            assert code == "MOVE_NOT_ALLOWED"
        elif amount > loan.left or used + amount > received:
            assert code == "AM09"
        else:
            assert code == ""
            self.used[uetr] = used + amount
            loan.left -= amount
            loan.state = "PARTLY_REPAID" if loan.left else "REPAID"

    @rule(name=loans, amount=amounts)
    def repay(self, name: str, amount: int) -> None:
        loan = self.known[name]
        command = RepayFinancing(command_id=an_id(), financing_id=name, amount=text(amount), reference="CASH")
        code = self.ask(loan.bank, command)
        if loan.state not in ("DRAWN", "PARTLY_REPAID"):
            assert code == "MOVE_NOT_ALLOWED"
        elif amount > loan.left:
            assert code == "AM09"
        else:
            assert code == ""
            loan.left -= amount
            loan.state = "PARTLY_REPAID" if loan.left else "REPAID"

    @rule(name=loans, defaults=st.booleans())
    def end(self, name: str, *, defaults: bool) -> None:
        loan = self.known[name]
        kind = DefaultFinancing if defaults else RejectFinancing
        may = ("DRAWN", "PARTLY_REPAID") if defaults else ("APPLIED", "VERIFIED")
        code = self.ask(loan.bank, kind(command_id=an_id(), financing_id=name, reason="enough"))
        assert code == ("" if loan.state in may else "MOVE_NOT_ALLOWED")
        if not code:
            ended = "LAPSED" if self.now_ms > loan.until_ms else "REJECTED"
            loan.state = "DEFAULTED" if defaults else ended

    @rule(target=payments, amount=amounts, elsewhere=st.booleans())
    def pay(self, amount: int, *, elsewhere: bool) -> str:
        payee = "bankfra" if elsewhere else "banksh"
        other = {"payee": payee, "instructed_agent": "MAINDEFFXXX"} if elsewhere else {}
        payment = for_invoice(text(amount), self.invoice, **other)
        batch = self.world.ask("bankist", payment)
        fits = amount <= VALUE - self.paid - self.lent(but=payee)
        assert batch.codes == [["" if fits else "AM09"]]
        if fits:
            self.paid += amount
            self.settled[payment.uetr] = (payment, batch.tx_id, amount)
        return payment.uetr

    @rule(uetr=payments)
    def send_back(self, uetr: str) -> None:
        if uetr in self.settled:
            payment, journal, amount = self.settled[uetr]
            code = self.ask(payment.payee, a_return(payment, journal))
            assert code == ("AM09" if uetr in self.used else "")
            if not code:
                self.paid -= amount
                del self.settled[uetr]

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        stored = {each.record_id: each.state.value for _, each in self.world.records(Financing)}
        assert stored == {name: loan.state for name, loan in self.known.items()}
        used = [each for _, each in self.world.records(Budget)]
        assert sum(each.paid_minor for each in used) == self.paid <= VALUE
        claims = [claim for each in used for claim in budgets.standing(each, self.now_ms)]
        assert sum(claim.amount_minor for claim in claims) == self.lent() <= VALUE * PERCENT // 100
        invariants.check(self.world)


def test_every_history_is_the_models(
    members: Mapping[str, Member], prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("histories")
    play(lambda: FinancingHistories(members, prepared, directory), histories=HISTORIES, steps=STEPS)
