"""Money comes onto the ledger against money received outside, and leaves it against money paid out.

A bank asks for an issuance with the reference of its funding payment to the settlement agent; one clearing officer
confirms the receipt with the agent's camt.054 reference; another approves, and the amount is issued. A redemption is
the mirror: the amount is reserved when asked, burned on approval, and ends with the reference of the payment made
outside, or is restored where that fails.
"""

from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement import money
from settlement.accounts import circulation
from settlement.accounts.account import Account, unusable, with_item_ended, with_item_opened
from settlement.accounts.circulation import Issuer
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.participants import Participant
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text


class AdmitCurrency(IdentifiedCommand):
    """Name the settlement agent of a currency (a central bank or a nostro bank) and the account held there."""

    currency: str
    settlement_agent: str
    settlement_account: str


class Currency(Record, tag="currency/1"):
    """A currency that this ledger settles; its issuer account is the contra of all participants' accounts."""

    currency: str
    settlement_agent: str
    settlement_account: str


class IssuanceState(StrEnum):
    """How far an issuance has come."""

    REQUESTED = "REQUESTED"
    CONFIRMED = "CONFIRMED"
    ISSUED = "ISSUED"
    DECLINED = "DECLINED"


class IssuanceEvent(StrEnum):
    """What happens to an issuance."""

    CONFIRMED = "CONFIRMED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"


ISSUANCE: Final = Lifecycle(
    "issuance",
    initial=IssuanceState.REQUESTED,
    moves={
        (IssuanceState.REQUESTED, IssuanceEvent.CONFIRMED): IssuanceState.CONFIRMED,
        (IssuanceState.CONFIRMED, IssuanceEvent.APPROVED): IssuanceState.ISSUED,
        (IssuanceState.REQUESTED, IssuanceEvent.DECLINED): IssuanceState.DECLINED,
        (IssuanceState.CONFIRMED, IssuanceEvent.DECLINED): IssuanceState.DECLINED,
    },
)


class Issuance(Record, tag="issuance/1"):
    """An issuance and who did what: `confirmed_by` is the signer whose second pair of eyes must be another's."""

    issuance_id: str
    participant: str
    currency: str
    amount: str
    funding_reference: str
    state: IssuanceState = IssuanceState.REQUESTED
    credit_reference: str = ""
    confirmed_by: Signer | None = None
    approved_by: Signer | None = None
    declined_by: Signer | None = None
    reason: str = ""


class RequestIssuance(IdentifiedCommand):
    """A bank asks for money on the ledger, against a payment that it made to the settlement agent."""

    issuance_id: str
    currency: str
    amount: str
    funding_reference: str


class ConfirmIssuance(IdentifiedCommand):
    """A clearing officer has seen the funding arrive: the agent's camt.054 reference."""

    participant: str
    issuance_id: str
    credit_reference: str


class ApproveIssuance(IdentifiedCommand):
    """Another clearing officer approves: the amount is issued."""

    participant: str
    issuance_id: str


class DeclineIssuance(IdentifiedCommand):
    """A clearing officer ends an issuance that is not to be."""

    participant: str
    issuance_id: str
    reason: str


def requested(
    existing: Issuance | None, command: RequestIssuance, participant: str, account: Account | None
) -> tuple[Issuance, Account]:
    """Enter a request once, for a currency in which the bank has an account."""
    require_text(command.issuance_id, "issuance_id")
    require_text(command.funding_reference, "funding_reference")
    money.parse_exact(command.amount, command.currency)
    if account is None:
        raise Refusal(Code.AC01, "currency")
    if existing is not None:
        raise Refusal(Code.ALREADY_EXISTS, "issuance_id")
    if unusable(account):
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "currency")
    issuance = Issuance(
        issuance_id=command.issuance_id,
        participant=participant,
        currency=command.currency,
        amount=command.amount,
        funding_reference=command.funding_reference,
    )
    return issuance, with_item_opened(account)


def confirmed(issuance: Issuance, command: ConfirmIssuance, signer: Signer) -> Issuance:
    """Record the receipt of the funding."""
    require_text(command.credit_reference, "credit_reference")
    state = ISSUANCE.after(issuance.state, IssuanceEvent.CONFIRMED)
    return replace(issuance, state=state, credit_reference=command.credit_reference, confirmed_by=signer)


def approved(
    issuance: Issuance, signer: Signer, *, participant: Participant, issuer: Issuer, account: Account
) -> tuple[Issuance, Issuer, Account]:
    """Issue: debit the issuer account, credit the participant's. Four eyes: SAME_SIGNER."""
    if signer.is_same_person(issuance.confirmed_by):
        raise Refusal(Code.SAME_SIGNER, "issuance_id")
    state = ISSUANCE.after(issuance.state, IssuanceEvent.APPROVED)
    amount_minor = money.parse_exact(issuance.amount, issuance.currency)
    if not participant.is_creditable:
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "participant")
    if unusable(account) or not issuer.can_issue(account, amount_minor):
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "currency")
    issuer, account = circulation.issued(issuer, account, amount_minor)
    return replace(issuance, state=state, approved_by=signer), issuer, with_item_ended(account)


def declined(
    issuance: Issuance, command: DeclineIssuance, signer: Signer, account: Account
) -> tuple[Issuance, Account]:
    """End an issuance that is not to be."""
    require_text(command.reason, "reason")
    state = ISSUANCE.after(issuance.state, IssuanceEvent.DECLINED)
    ended = replace(issuance, state=state, declined_by=signer, reason=command.reason)
    return ended, with_item_ended(account)
