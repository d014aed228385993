"""A contract of sale, from the proposal to the last goods and the last payment.

One party proposes terms, both sign them, and the contract is in effect until its last date has passed.
(REQUIREMENTS section 2, SalesContract)
"""

from enum import StrEnum
from typing import ClassVar, Final

from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.records import IdentifiedCommand
from settlement.trade import signing
from settlement.trade.contract_terms import ContractTerms, require_terms
from settlement.trade.record import Actor, TradeRecord, record_id
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

    AGREED is the signature, PERFORMED the confirmation, after which nobody's is missing.
    """

    SIGNED = "SIGNED"
    AGREED = "AGREED"
    WITHDRAWN = "WITHDRAWN"
    AMENDMENT_PROPOSED = "AMENDMENT_PROPOSED"
    PERFORMANCE_CONFIRMED = "PERFORMANCE_CONFIRMED"
    PERFORMED = "PERFORMED"
    TERMINATED = "TERMINATED"
    EXPIRED = "EXPIRED"


PROPOSED: Final = "PROPOSED"
"""The act with which a contract begins."""


class SalesContract(TradeRecord[ContractState], tag="contract/1"):
    """A contract: the terms in effect, or proposed at first, and the signatures that they have."""

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
            (ContractState.AMENDING, ContractEvent.SIGNED): ContractState.AMENDING,
            (ContractState.AMENDING, ContractEvent.AGREED): ContractState.EFFECTIVE,
            (ContractState.AMENDING, ContractEvent.WITHDRAWN): ContractState.EFFECTIVE,
            (ContractState.AMENDING, ContractEvent.EXPIRED): ContractState.EXPIRED,
            (ContractState.EFFECTIVE, ContractEvent.PERFORMANCE_CONFIRMED): ContractState.EFFECTIVE,
            (ContractState.EFFECTIVE, ContractEvent.PERFORMED): ContractState.PERFORMED,
            (ContractState.EFFECTIVE, ContractEvent.TERMINATED): ContractState.TERMINATED,
            (ContractState.EFFECTIVE, ContractEvent.EXPIRED): ContractState.EXPIRED,
        },
    )

    terms: ContractTerms
    signatures: tuple[Signature, ...] = ()

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


SIGNATURES: Final = 2
"""A contract has two sides."""


def contract_id(terms: ContractTerms) -> str:
    """Name a contract: its number is the two parties' own, so nobody else can take it."""
    seller, buyer = terms.seller, terms.buyer
    return record_id(SalesContract, seller.bank, seller.identifier, buyer.bank, buyer.identifier, terms.number)


def proposed(command: ProposeContract, by: Actor) -> SalesContract:
    """Draw up a contract; AG08 unless one of its parties, through its own bank, proposes it."""
    terms = command.terms
    require_terms(terms, version=1)
    sides = {(side.identifier, side.bank) for side in (terms.seller, terms.buyer)}
    if (by.require_party(), by.participant) not in sides:
        raise Refusal(Code.AG08, "terms")
    return SalesContract(
        record_id=contract_id(terms),
        number=terms.number,
        parties=(terms.seller.identifier, terms.buyer.identifier),
        held_by=tuple(sorted({terms.seller.bank, terms.buyer.bank})),
        state=ContractState.DRAFT,
        tx_id=by.tx_id,
        acts=(by.act(PROPOSED),),
        terms=terms,
    )


def signed(contract: SalesContract | None, command: SignContract, by: Actor) -> SalesContract:
    """Add a party's signature to the terms."""
    contract = require_own(contract, by)
    signature = signing.signature_of(contract.terms, command.signature, by)
    signing.require_another(contract.signatures, signature)
    signatures = (*contract.signatures, signature)
    event = ContractEvent.AGREED if len(signatures) == SIGNATURES else ContractEvent.SIGNED
    return contract.after(event, by, signatures=signatures)


def require_own(contract: SalesContract | None, by: Actor) -> SalesContract:
    """Give a contract that stands to one of its parties; NOT_FOUND to anybody else, LAPSED after its last date."""
    if contract is None or by.require_party() not in contract.parties:
        raise Refusal(Code.NOT_FOUND, "contract_id")
    if contract.has_lapsed(by.on):
        raise Refusal(Code.LAPSED, "contract_id")
    return contract
