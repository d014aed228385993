"""Random histories of a contract and its invoices, against a model of some sums and sets.

Whatever two parties try, in whatever order and as often as they like: a contract is in effect when both have signed
its very terms, its invoices stay within its amount and tolerance, no invoice is paid for more than it comes to, every
change of state has its act, and what is refused changes nothing (REQUIREMENTS section 2; I4, I14).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace

from gateway.auth.development import DevelopmentCA
from gateway.auth.signing import Credential, sign_document
from settlement import money
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.parties import Role
from settlement.trade import budgets, contract, invoice, seen
from settlement.trade.budgets import Budget
from settlement.trade.contract import (
    AmendContract,
    ContractState,
    ProposeContract,
    SalesContract,
    SignContract,
    TerminateContract,
    WithdrawProposal,
)
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.invoice import DisputeInvoice, Invoice, InvoiceState, IssueInvoice, IssueNote, NoteKind
from settlement.trade.record import Actor, TradeRecord
from tests.trade import BUYER, SCARVES, SELLER, a_note, of_scarves, some_terms
from tests.world import NETWORK, NOW, NOW_MS

HISTORIES: Final = 150
STEPS: Final = 40

SIDES: Final = {"seller": SELLER, "buyer": BUYER}
PEOPLE: Final[dict[str, Credential]] = {
    side: DevelopmentCA.create(trader.bank, now=NOW)
    .issue(side, Role.TRADER, party=trader.identifier, now=NOW)
    .credential
    for side, trader in SIDES.items()
}
SIDE = st.sampled_from(sorted(SIDES))
SELDOM = st.sampled_from([False] * 7 + [True])
AMOUNT = st.integers(1, 60_000)
"""In whole CNY; the contract is of 100,000 or less, so that its limit is met."""
OVER: Final = (ContractState.PERFORMED, ContractState.TERMINATED)


@dataclass
class Paper:
    """What is known of one invoice: what it comes to, what was paid, and whether the buyer has accepted or disputed."""

    total: int
    paid: int = 0
    accepted: bool = False
    disputed: bool = False
    closed: bool = False
    notes: int = 0

    @property
    def open(self) -> int:
        """What is left."""
        return self.total - self.paid


@dataclass
class Deal:
    """A contract as its parties remember it. Amounts in minor units."""

    terms: ContractTerms
    next_terms: ContractTerms | None = None
    signed: set[str] = field(default_factory=set)
    agreed: bool = False
    confirmed: set[str] = field(default_factory=set)
    over: bool = False
    papers: dict[str, Paper] = field(default_factory=dict)

    @property
    def limit(self) -> int:
        """The most that its invoices may come to."""
        return limit(self.terms)

    @property
    def invoiced(self) -> int:
        """What they come to."""
        return sum(paper.total for paper in self.papers.values())


def limit(terms: ContractTerms) -> int:
    return money.parse_exact(terms.amount, "CNY") * (100 + terms.tolerance_pct) // 100


class ContractHistories(RuleBasedStateMachine):
    """One contract, and everything that its parties try with it."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = 0

    @initialize(side=SIDE, only_proposed=SELDOM)
    def proposes(self, side: str, *, only_proposed: bool) -> None:
        """Most contracts begin in effect: those that never come so far have short histories."""
        terms = some_terms()
        self.deal = Deal(terms)
        self.record: SalesContract = contract.proposed(ProposeContract(command_id="1", terms=terms), self.by(side))
        self.invoices: dict[str, Invoice] = {}
        for each in () if only_proposed else sorted(SIDES):
            self.signs(each, stale=False)

    def by(self, side: str) -> Actor:
        """Act for a side, in a transaction of its own."""
        self.moment += 1
        trader, person = SIDES[side], PEOPLE[side]
        signer = Signer(name=side, serial="1", key=side)
        tx_id = f"{self.moment:064x}"
        return Actor(
            trader.bank,
            Role.TRADER,
            signer,
            trader.identifier,
            person.certificate,
            NETWORK,
            tx_id,
            NOW_MS + self.moment,
        )

    def attempt(self, may: bool, act: Callable[[], None]) -> bool:
        """Do it, and say whether it was done; it must be done where the model says that it may be, and not else."""
        before = (self.record, dict(self.invoices))
        if may:
            act()
        else:
            with pytest.raises(Refusal):
                act()
            assert (self.record, self.invoices) == before
        return may

    # The contract

    @rule(side=SIDE, stale=SELDOM)
    def signs(self, side: str, *, stale: bool) -> None:
        deal = self.deal
        proposal = deal.next_terms or deal.terms
        read = replace(proposal, law="another law") if stale else proposal
        command = SignContract(
            command_id="1",
            contract_id=self.record.record_id,
            signature=sign_document(NETWORK, read, PEOPLE[side]),
        )
        waits = not deal.over and (not deal.agreed or deal.next_terms is not None)
        is_last = len(deal.signed) == len(SIDES) - 1
        may = waits and side not in deal.signed and not stale
        may = may and not (is_last and deal.invoiced > limit(proposal))

        def act() -> None:
            self.record = contract.signed(self.record, command, self.by(side))

        if self.attempt(may, act):
            deal.signed.add(side)
            if len(deal.signed) == len(SIDES):
                deal.terms, deal.next_terms, deal.agreed, deal.signed = proposal, None, True, set()
                deal.confirmed = set()  # the performance of each version is confirmed anew

    @rule(side=SIDE, amount=st.integers(1_000, 100_000), skips=SELDOM)
    def amends(self, side: str, amount: int, *, skips: bool) -> None:
        deal = self.deal
        text = f"{amount}.00"
        line = replace(SCARVES, quantity="1", unit_price=text, amount=text)
        version = deal.terms.version + 1 + skips
        terms = replace(deal.terms, version=version, amount=text, lines=(line,))
        may = deal.agreed and not deal.over and deal.next_terms is None and not skips and deal.invoiced <= limit(terms)

        def act() -> None:
            self.record = contract.amended(self.record, AmendContract(command_id="1", terms=terms), self.by(side))

        if self.attempt(may, act):
            deal.next_terms = terms

    @rule(side=SIDE, really=SELDOM)
    def withdraws(self, side: str, *, really: bool) -> None:
        deal = self.deal
        if not really and not deal.agreed:
            return  # a history in which every proposal ended at once would tell little
        may = not deal.over and (not deal.agreed or deal.next_terms is not None)
        command = WithdrawProposal(command_id="1", contract_id=self.record.record_id, reason="No")

        def act() -> None:
            self.record = contract.withdrawn(self.record, command, self.by(side))

        if self.attempt(may, act):
            if deal.agreed:
                deal.next_terms, deal.signed = None, set()
            else:
                deal.over = True  # and it tells who had signed

    @rule(side=SIDE, really=SELDOM)
    def ends(self, side: str, *, really: bool) -> None:
        deal = self.deal
        in_effect = deal.agreed and not deal.over and deal.next_terms is None
        if really:
            command = TerminateContract(command_id="1", contract_id=self.record.record_id, reason="No goods")
            if self.attempt(in_effect, lambda: self.keep(contract.terminated(self.record, command, self.by(side)))):
                deal.over = True
        elif self.attempt(
            in_effect and side not in deal.confirmed,
            lambda: self.keep(contract.confirmed(self.record, self.by(side))),
        ):
            deal.confirmed.add(side)
            deal.over = len(deal.confirmed) == len(SIDES)

    def keep(self, record: SalesContract) -> None:
        self.record = record

    # Its invoices

    @rule(side=st.sampled_from(["seller"] * 5 + ["buyer"]), amount=AMOUNT)
    def invoices_something(self, side: str, amount: int) -> None:
        deal = self.deal
        number = f"INV-{len(deal.papers)}"
        terms = of_scarves(number, f"{amount}.00")
        command = IssueInvoice(command_id="1", terms=terms, signature=sign_document(NETWORK, terms, PEOPLE[side]))
        may = side == "seller" and deal.agreed and not deal.over and deal.invoiced + amount * 100 <= deal.limit

        def act() -> None:
            made, self.record = invoice.issued(self.record, command, self.by(side))
            self.invoices[number] = made

        if self.attempt(may, act):
            deal.papers[number] = Paper(amount * 100)

    @rule(side=SIDE, which=st.integers(0, 9), disputes=SELDOM)
    def answers(self, side: str, which: int, *, disputes: bool) -> None:
        number, paper = self.chosen(which)
        if paper is None:
            return
        found = self.invoices[number]
        may = side == "buyer" and not paper.closed and not paper.accepted and not (disputes and paper.disputed)
        command = DisputeInvoice(command_id="1", invoice_id=found.record_id, reason="Short")

        def act() -> None:
            by = self.by(side)
            after = invoice.disputed(found, command, by) if disputes else invoice.accepted(found, by)
            self.invoices[number] = after

        if self.attempt(may and not paper.paid, act):
            paper.accepted, paper.disputed = not disputes, disputes

    @rule(side=st.sampled_from(["seller"] * 5 + ["buyer"]), which=st.integers(0, 9), amount=AMOUNT, debit=st.booleans())
    def notes(self, side: str, which: int, amount: int, *, debit: bool) -> None:
        deal = self.deal
        number, paper = self.chosen(which)
        if paper is None:
            return
        found = self.invoices[number]
        kind = NoteKind.DEBN if debit else NoteKind.CREN
        terms = a_note(found.record_id, kind, f"{amount}.00", number=f"N-{paper.notes}")
        command = IssueNote(command_id="1", terms=terms, signature=sign_document(NETWORK, terms, PEOPLE[side]))
        change = amount * 100 if debit else -amount * 100
        may = side == "seller" and paper.open + change >= 0 and not paper.closed
        if debit:
            may = may and not deal.over and not paper.paid and deal.invoiced + change <= deal.limit

        def act() -> None:
            changed, counted = invoice.noted(found, self.record, command, self.by(side))
            self.invoices[number], self.record = changed, counted

        if self.attempt(may, act):
            paper.total += change
            paper.notes += 1
            paper.accepted = paper.accepted and not debit
            self.settle(paper)

    @rule(which=st.integers(0, 9), amount=AMOUNT)
    def pays(self, which: int, amount: int) -> None:
        number, paper = self.chosen(which)
        if paper is None:
            return
        found = self.invoices[number]
        may = (paper.accepted or paper.paid > 0) and amount * 100 <= paper.open

        def act() -> None:
            document = seen.invoice(found)
            if not document.is_there:
                raise Refusal(Code.RR04, "evidence.invoices.0")
            used = Budget(record_id=found.record_id, paid_minor=found.settled_minor)
            after = budgets.paid(used, document, amount * 100, payee="banksh", at_ms=NOW_MS, where="amount")
            self.invoices[number] = invoice.standing(found, after.paid_minor)

        if self.attempt(may, act):
            paper.paid += amount * 100
            self.settle(paper)

    def settle(self, paper: Paper) -> None:
        paper.closed = paper.open == 0

    def chosen(self, which: int) -> tuple[str, Paper | None]:
        numbers = sorted(self.deal.papers)
        return (
            (numbers[which % len(numbers)], self.deal.papers[numbers[which % len(numbers)]]) if numbers else ("", None)
        )

    # What is always so

    @invariant()
    def the_contract_is_as_its_parties_remember_it(self) -> None:
        deal, made = self.deal, self.record
        assert (made.terms, made.amendment) == (deal.terms, deal.next_terms)
        assert made.invoiced_minor == deal.invoiced <= deal.limit
        assert (made.state in OVER) is deal.over
        assert (made.state in (ContractState.DRAFT, ContractState.PARTLY_SIGNED)) is (not deal.agreed and not deal.over)
        if deal.agreed:
            assert {each.party for each in made.signatures} == {SELLER.identifier, BUYER.identifier}
        pending = made.amendment_signatures if made.amendment else () if deal.agreed else made.signatures
        assert {each.party for each in pending} == {SIDES[side].identifier for side in deal.signed}

    @invariant()
    def every_invoice_comes_to_what_it_should(self) -> None:
        for number, paper in self.deal.papers.items():
            made = self.invoices[number]
            assert (made.total_minor, made.settled_minor) == (paper.total, paper.paid)
            assert (made.state is InvoiceState.SETTLED) is paper.closed

    @invariant()
    def acts_and_revisions_agree(self) -> None:
        """One transaction, one act: the last of them tells who, and the count grows by one with each."""
        records: list[TradeRecord[Any]] = [self.record, *self.invoices.values()]
        for made in records:
            assert len(made.acts) == 1
            assert made.tx_id == f"{made.act.at_ms - NOW_MS:064x}"
            assert made.act.party in made.parties


def test_every_history_is_one_that_both_parties_remember() -> None:
    run_state_machine_as_test(
        ContractHistories,
        settings=settings(max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, print_blob=True),
    )
