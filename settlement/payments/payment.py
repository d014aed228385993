"""A payment on its two axes: how it settled, and how far the creditor's bank has come.

Settlement: PENDING -> RESERVED -> SETTLED | REJECTED (the first two may be skipped). Settled is final: the money has
moved on the ledger, whatever the creditor's bank does. Credit, told by that bank: NONE -> WAITING -> NOT_POSTED ->
CREDITED | BLOCKED, forward only. One table turns the two into the ISO 20022 transaction status.
(REQUIREMENTS section 2 Payment, I11, T0)
"""

from enum import StrEnum
from typing import Final, NamedTuple

from settlement import dates, money
from settlement import day as business_day
from settlement.accounts.account import Account, transferred, unusable, would_overflow
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.participants import Participant, ParticipantState
from settlement.payments.commands import ConfirmCredit, CreditStatus, SubmitPayment, WhenUnfunded
from settlement.payments.parts import Fits, code4, identification, is_day, text


class SettlementState(StrEnum):
    """The first axis."""

    PENDING = "PENDING"
    RESERVED = "RESERVED"
    SETTLED = "SETTLED"
    REJECTED = "REJECTED"


class TransactionStatus(NamedTuple):
    """TxSts and StsRsnInf/Rsn/Cd of a pacs.002; a reason of None means: the one that was recorded."""

    status: str
    reason: str | None = ""


STATUS: Final[dict[tuple[SettlementState, CreditStatus | None], TransactionStatus]] = {
    (SettlementState.PENDING, None): TransactionStatus("PDNG"),
    (SettlementState.RESERVED, None): TransactionStatus("ACSP"),
    (SettlementState.SETTLED, None): TransactionStatus("ACSC"),
    (SettlementState.SETTLED, CreditStatus.WAITING): TransactionStatus("ACSP", None),
    (SettlementState.SETTLED, CreditStatus.NOT_POSTED): TransactionStatus("ACWP"),
    (SettlementState.SETTLED, CreditStatus.CREDITED): TransactionStatus("ACCC"),
    (SettlementState.SETTLED, CreditStatus.BLOCKED): TransactionStatus("BLCK", None),
    (SettlementState.REJECTED, None): TransactionStatus("RJCT", None),
}
"""ISO 20022 ExternalPaymentTransactionStatus1Code for each pair that can be."""

WAITING_REASONS: Final = frozenset({"G002", "G003", "G004"})
"""Why a credit waits: not today, documents, cover."""

_CREDIT_RANK: Final = {
    None: 0,
    CreditStatus.WAITING: 1,
    CreditStatus.NOT_POSTED: 2,
    CreditStatus.CREDITED: 3,
    CreditStatus.BLOCKED: 3,
}


def credit_moves_forward(before: CreditStatus | None, after: CreditStatus) -> bool:
    """Say whether a statement of the creditor's bank counts: the axis only moves forward, steps may be skipped."""
    return _CREDIT_RANK[after] > _CREDIT_RANK[before]


def require_statement(command: ConfirmCredit) -> None:
    """Refuse a statement of the creditor's bank whose content is not in order.

    A wait names G002, G003 or G004; a block names a reason; the others have none to name.
    """
    says_why = command.status in (CreditStatus.WAITING, CreditStatus.BLOCKED)
    if says_why is not bool(command.reason):
        raise Refusal(Code.CH21 if says_why else Code.CH17, "reason")
    if command.status is CreditStatus.WAITING and command.reason not in WAITING_REASONS:
        raise Refusal(Code.CH16, "reason")
    texts: tuple[tuple[str, str, Fits], ...] = (
        (command.reason, "reason", code4),
        (command.effective_date, "effective_date", is_day),
        (command.message_id, "message_id", identification(35)),
        *((line, "additional", text(105)) for line in command.additional),
    )
    for value, where, fits in texts:
        if value and not fits(value):
            raise Refusal(Code.CH16, where)
    if command.created_at:
        dates.moment(command.created_at, "created_at")


class Settlement(NamedTuple):
    """What became of a payment: rejected with a code, or settled (None), and both accounts after it."""

    code: Code | None
    debit: Account
    credit: Account


def settled(
    command: SubmitPayment,
    *,
    day: BusinessDay | None,
    payer: Participant,
    payee: Participant,
    debit: Account | None,
    credit: Account | None,
) -> Settlement:
    """Decide a payment whose form is in order: refuse it, reject it, or move the money.

    Guards stand in the order of precedence: refusals about what is named, then rejections, funds last.
    """
    if debit is None:
        raise Refusal(Code.AC01, "payer")
    if credit is None:
        raise Refusal(Code.AC01, "payee")
    if payer.organisation.bic != command.instructing_agent:
        raise Refusal(Code.DNOR, "instructing_agent")
    if payee == payer or payee.state in (ParticipantState.ONBOARDED, ParticipantState.EXITED):
        raise Refusal(Code.CNOR, "payee")
    if payee.organisation.bic != command.instructed_agent:
        raise Refusal(Code.CNOR, "instructed_agent")
    late = business_day.timeliness(day, command.settlement_date)
    if late is Code.DT04:
        raise Refusal(Code.DT04, "settlement_date")
    amount_minor = money.parse_exact(command.amount, command.currency)
    unfunded = debit.available_minor < amount_minor
    if unfunded and command.when_unfunded is WhenUnfunded.REFUSE:
        raise Refusal(Code.UNFUNDED, "amount")
    suspended = None if payee.is_creditable else Code.AG11
    closed = unusable(debit, credit)
    overflow = Code.AM02 if would_overflow(credit, amount_minor) else None
    code = late or suspended or closed or overflow or (Code.AM04 if unfunded else None)
    if code is not None:
        return Settlement(code, debit, credit)
    return Settlement(None, *transferred(debit, credit, amount_minor))
