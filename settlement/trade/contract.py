"""A contract of sale, from the proposal to the last goods and the last payment.

One party proposes terms, both sign them, and the contract is in effect. To amend it one proposes the terms of the next
version and both sign those; until then the version before stands. It ends when both have confirmed that it is
performed; by one party's notice with its reason (CISG art. 26: the notice is all it takes, whether it was right is for
a court); or when its last date has passed. What not both have signed may be taken back or turned down (CISG art. 16,
17).
Invoices are counted here, so that all of them together stay within the amount and its tolerance. Nothing is invoiced
under a contract that has ended or lapsed, but credit notes are issued all the same: that is how an invoice is undone.
What was accepted before can still be paid. A payment may name a contract that was performed or has lapsed, for debts
outlive it; of one that was ended by notice it is not for the ledger to say what is still owed under it (RR04).
(REQUIREMENTS section 2, SalesContract; I4)
"""

from enum import StrEnum
from typing import ClassVar, Final

from msgspec.structs import replace

from settlement import money
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.records import IdentifiedCommand
from settlement.texts import require_text
from settlement.trade import signing
from settlement.trade.contract_terms import ContractTerms, require_terms
from settlement.trade.record import Actor, TradeRecord, called, record_id
from settlement.trade.signing import Signature


class ContractState(StrEnum):
    """Where a contract stands."""

    DRAFT = "DRAFT"
    PARTLY_SIGNED = "PARTLY_SIGNED"
    EFFECTIVE = "EFFECTIVE"
    AMENDING = "AMENDING"
    PERFORMED = "PERFORMED"
    TERMINATED = "TERMINATED"
    EXPIRED = "EXPIRED"


class ContractEvent(StrEnum):
    """What happens to a contract once it is proposed.

    AGREED is the signature, PERFORMED the confirmation, after which nobody's is missing. INVOICED is every document by
    which the sum of the invoices rises, CREDITED one by which it falls.
    """

    SIGNED = "SIGNED"
    AGREED = "AGREED"
    WITHDRAWN = "WITHDRAWN"
    AMENDMENT_PROPOSED = "AMENDMENT_PROPOSED"
    INVOICED = "INVOICED"
    CREDITED = "CREDITED"
    PERFORMANCE_CONFIRMED = "PERFORMANCE_CONFIRMED"
    PERFORMED = "PERFORMED"
    TERMINATED = "TERMINATED"
    EXPIRED = "EXPIRED"


PROPOSED: Final = "PROPOSED"
"""The act with which a contract begins."""


class SalesContract(TradeRecord[ContractState], tag="contract/1"):
    """A contract: the terms in effect, or proposed at first, and the signatures that they have.

    `amendment` are the terms of the next version, while they are proposed; `confirmed_by` the parties that have
    confirmed performance. `invoiced_minor` is the sum of all invoices, credit and debit notes.
    """

    LIFECYCLE: ClassVar[Lifecycle[ContractState, ContractEvent]] = Lifecycle(
        "contract",
        initial=ContractState.DRAFT,
        moves={
            (ContractState.DRAFT, ContractEvent.SIGNED): ContractState.PARTLY_SIGNED,
            (ContractState.DRAFT, ContractEvent.WITHDRAWN): ContractState.TERMINATED,
            (ContractState.DRAFT, ContractEvent.EXPIRED): ContractState.EXPIRED,
            (ContractState.PARTLY_SIGNED, ContractEvent.AGREED): ContractState.EFFECTIVE,
            (ContractState.PARTLY_SIGNED, ContractEvent.WITHDRAWN): ContractState.TERMINATED,
            (ContractState.PARTLY_SIGNED, ContractEvent.EXPIRED): ContractState.EXPIRED,
            (ContractState.EFFECTIVE, ContractEvent.AMENDMENT_PROPOSED): ContractState.AMENDING,
            (ContractState.EFFECTIVE, ContractEvent.INVOICED): ContractState.EFFECTIVE,
            (ContractState.EFFECTIVE, ContractEvent.CREDITED): ContractState.EFFECTIVE,
            (ContractState.AMENDING, ContractEvent.INVOICED): ContractState.AMENDING,
            (ContractState.AMENDING, ContractEvent.CREDITED): ContractState.AMENDING,
            (ContractState.AMENDING, ContractEvent.SIGNED): ContractState.AMENDING,
            (ContractState.AMENDING, ContractEvent.AGREED): ContractState.EFFECTIVE,
            (ContractState.AMENDING, ContractEvent.WITHDRAWN): ContractState.EFFECTIVE,
            (ContractState.AMENDING, ContractEvent.EXPIRED): ContractState.EXPIRED,
            (ContractState.EFFECTIVE, ContractEvent.PERFORMANCE_CONFIRMED): ContractState.EFFECTIVE,
            (ContractState.EFFECTIVE, ContractEvent.PERFORMED): ContractState.PERFORMED,
            (ContractState.EFFECTIVE, ContractEvent.TERMINATED): ContractState.TERMINATED,
            (ContractState.EFFECTIVE, ContractEvent.EXPIRED): ContractState.EXPIRED,
            (ContractState.PERFORMED, ContractEvent.CREDITED): ContractState.PERFORMED,
            (ContractState.TERMINATED, ContractEvent.CREDITED): ContractState.TERMINATED,
        },
    )

    terms: ContractTerms
    signatures: tuple[Signature, ...] = ()
    amendment: ContractTerms | None = None
    amendment_signatures: tuple[Signature, ...] = ()
    confirmed_by: tuple[str, ...] = ()
    invoiced_minor: int = 0

    @property
    def proposal(self) -> ContractTerms:
        """The terms that wait for signatures, or have them all."""
        return self.amendment or self.terms

    @property
    def limit_minor(self) -> int:
        """The most that its invoices may come to: the amount and its tolerance, rounded down."""
        return _limit_minor(self.terms)

    @property
    def last_date(self) -> str:
        """The one that the terms name."""
        return self.terms.expires_on


class ProposeContract(IdentifiedCommand):
    """One of the parties proposes the first terms."""

    terms: ContractTerms


class SignContract(IdentifiedCommand):
    """A party signs the terms that are proposed; `signature` is a detached JWS (settlement.trade.signing)."""

    contract_id: str
    signature: str


class AmendContract(IdentifiedCommand):
    """A party proposes the terms of the next version of a contract in effect."""

    terms: ContractTerms


class WithdrawProposal(IdentifiedCommand):
    """A party takes back, or turns down, terms that not both have signed: of a contract, or of its amendment."""

    contract_id: str
    reason: str


class ConfirmPerformance(IdentifiedCommand):
    """A party confirms that nothing is left to do under the contract, by either side."""

    contract_id: str


class TerminateContract(IdentifiedCommand):
    """A party gives notice that the contract is ended before it was performed."""

    contract_id: str
    reason: str


SIDES: Final = 2
"""A contract has a seller and a buyer; what both must do is done when two have."""


def contract_id(terms: ContractTerms) -> str:
    """Name a contract: its number is the two parties' own, so nobody else can take it."""
    seller, buyer = terms.seller, terms.buyer
    return record_id(SalesContract, seller.bank, seller.identifier, buyer.bank, buyer.identifier, terms.number)


def proposed(command: ProposeContract, by: Actor) -> SalesContract:
    """Draw up a contract; AG08 unless one of its parties, through its own bank, proposes it."""
    terms = command.terms
    require_terms(terms, version=1)
    if not is_side(terms, by):
        raise Refusal(Code.AG08, "terms")
    return SalesContract(
        record_id=contract_id(terms),
        number=terms.number,
        firms=_firms(terms),
        held_by=tuple(sorted({terms.seller.bank, terms.buyer.bank})),
        state=ContractState.DRAFT,
        tx_id=by.tx_id,
        acts=(by.act(PROPOSED),),
        terms=terms,
    )


def signed(contract: SalesContract | None, command: SignContract, by: Actor) -> SalesContract:
    """Add a party's signature to the terms that are proposed; with the second they are in effect.

    AM09 where, while they were being signed, more was invoiced than they allow.
    """
    contract = require_own(contract, by)
    signature = signing.signature_of(contract.proposal, command.signature, by)
    before = contract.amendment_signatures if contract.amendment else contract.signatures
    signing.require_another(before, signature)
    signatures = (*before, signature)
    if len(signatures) == SIDES:
        terms = contract.proposal
        _require_room(contract, terms)
        # Who has confirmed performance has confirmed that of the terms before.
        contract = replace(contract, terms=terms, amendment=None, amendment_signatures=(), confirmed_by=())
        return contract.after(ContractEvent.AGREED, by, signatures=signatures)
    if contract.amendment:
        return contract.after(ContractEvent.SIGNED, by, amendment_signatures=signatures)
    return contract.after(ContractEvent.SIGNED, by, signatures=signatures)


def amended(contract: SalesContract | None, command: AmendContract, by: Actor) -> SalesContract:
    """Propose the next version: of the same two parties, in the same currency, and not below what is invoiced."""
    contract = require_own(contract, by)
    require_terms(command.terms, version=contract.terms.version + 1)
    if command.terms.currency != contract.terms.currency:
        raise Refusal(Code.CH16, "terms.currency")
    proposed = contract.after(ContractEvent.AMENDMENT_PROPOSED, by, amendment=command.terms)
    _require_room(contract, command.terms)
    return proposed


def withdrawn(contract: SalesContract | None, command: WithdrawProposal, by: Actor) -> SalesContract:
    """Take back what not both have signed: the contract ends before it began, or goes on as it was."""
    require_text(command.reason, "reason")
    contract = require_own(contract, by)
    return contract.after(ContractEvent.WITHDRAWN, by, reason=command.reason, amendment=None, amendment_signatures=())


def confirmed(contract: SalesContract | None, by: Actor) -> SalesContract:
    """Confirm performance for one side, which it does once; with the second it has ended."""
    contract = require_own(contract, by)
    if by.party in contract.confirmed_by:
        raise Refusal(Code.SAME_SIGNER, "contract_id")
    confirmations = (*contract.confirmed_by, by.party)
    event = ContractEvent.PERFORMED if len(confirmations) == SIDES else ContractEvent.PERFORMANCE_CONFIRMED
    return contract.after(event, by, confirmed_by=confirmations)


def terminated(contract: SalesContract | None, command: TerminateContract, by: Actor) -> SalesContract:
    """End a contract in effect by notice."""
    require_text(command.reason, "reason")
    return require_own(contract, by).after(ContractEvent.TERMINATED, by, reason=command.reason)


def invoiced(contract: SalesContract, change_minor: int, by: Actor) -> SalesContract:
    """Count an invoice, a debit note or (negative) a credit note.

    AM09 above the amount and its tolerance; LAPSED for one that adds to it after the contract's last date.
    """
    is_credit = change_minor < 0
    if contract.has_lapsed(by.on) and not is_credit:
        raise Refusal(Code.LAPSED, "contract_id")
    event = ContractEvent.CREDITED if is_credit else ContractEvent.INVOICED
    after = contract.after(event, by, invoiced_minor=contract.invoiced_minor + change_minor)
    if not is_credit and after.invoiced_minor > contract.limit_minor:
        raise Refusal(Code.AM09, "amount")
    return after


def is_side(terms: ContractTerms, by: Actor) -> bool:
    """Say whether somebody acts for the seller or the buyer: with a certificate of that side's own bank.

    The other side's bank holds the contract too, and could certify anybody under the firm's number.
    """
    return by.firm in _firms(terms)


def require_trade_of(contract: SalesContract | None, firm: str, bank: str, where: str) -> None:
    """Require that what a firm of a bank says belongs to a trade belongs to its own: NOT_FOUND for another's."""
    if contract is None or called(bank, firm) not in contract.firms:
        raise Refusal(Code.NOT_FOUND, where)


def require_own(contract: SalesContract | None, by: Actor, where: str = "contract_id") -> SalesContract:
    """Give a contract that stands to one of its parties; NOT_FOUND to anybody else, LAPSED after its last date."""
    if contract is None or not is_side(contract.terms, by):
        raise Refusal(Code.NOT_FOUND, where)
    if contract.has_lapsed(by.on):
        raise Refusal(Code.LAPSED, where)
    return contract


def _firms(terms: ContractTerms) -> tuple[str, str]:
    """Name the seller and the buyer."""
    seller, buyer = terms.seller, terms.buyer
    return called(seller.bank, seller.identifier), called(buyer.bank, buyer.identifier)


def _require_room(contract: SalesContract, terms: ContractTerms) -> None:
    """Refuse AM09 terms under which less might be invoiced than is already."""
    if contract.invoiced_minor > _limit_minor(terms):
        raise Refusal(Code.AM09, "terms.amount")


def _limit_minor(terms: ContractTerms) -> int:
    return money.parse_exact(terms.amount, terms.currency) * (100 + terms.tolerance_pct) // 100
