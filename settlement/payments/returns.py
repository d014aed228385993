"""A settled payment sent back by the creditor's bank, in full or in part (pacs.004).

What is returned never exceeds what was settled, and is in the same currency. A return that leaves something behind
says why: by charges that make up the difference, or as a partial return (the word "PART" begins a line of the
additional information, beside the reason that every return has).
(REQUIREMENTS section 2 Return)
"""

import re
from typing import Final

from msgspec.structs import replace

from settlement import day as business_day
from settlement import money
from settlement.accounts.account import Account, transferred, unusable, would_overflow
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.participants import Participant
from settlement.payments.commands import PaymentName, ReturnPayment
from settlement.payments.terms import Evidence
from settlement.records import Record

_PART: Final = re.compile(r"PART(?![0-9A-Za-z])").match


class PaymentRecord(Record, tag="payment/1"):
    """A payment that was reserved and has settled, or has been returned at least in part.

    From then on this record counts, not its journal. `evidence` and `settled_on` say what it was paid for, and when;
    `assessment_id` which tax it paid.
    """

    journal: str
    uetr: str
    payer: str
    payee: str
    currency: str
    amount: str
    returned_minor: int = 0
    returns: tuple[str, ...] = ()
    evidence: Evidence | None = None
    settled_on: str = ""
    assessment_id: str = ""

    @property
    def left_minor(self) -> int:
        """What has not been sent back."""
        return money.parse_exact(self.amount, self.currency) - self.returned_minor


def full_name(name: PaymentName, payer: str) -> str:
    """Name one payment alone: two payers, or one at two times, may have given the same UETR."""
    return f"{name.journal}|{payer}|{name.uetr}"


def require_not_returned(payment: PaymentRecord) -> None:
    """A payment that was sent back in full is at its end: its creditor's bank has no more to say of it."""
    if not payment.left_minor:
        raise Refusal(Code.MOVE_NOT_ALLOWED, "payment")


def returned(
    payment: PaymentRecord,
    command: ReturnPayment,
    *,
    day: BusinessDay | None,
    payer: Participant | None,
    debit: Account | None,
    credit: Account | None,
) -> tuple[PaymentRecord, Account, Account]:
    """Move money back from the payee's account to the payer's."""
    assert (payment.payer, payment.payee) == (command.payer, command.payee)
    if payment.currency != command.currency:
        raise Refusal(Code.AM03, "currency")
    if command.return_id in payment.returns:
        raise Refusal(Code.ALREADY_EXISTS, "return_id")
    amount_minor = money.parse_exact(command.amount, command.currency)
    kept_minor = payment.left_minor - amount_minor
    if kept_minor > 0 and kept_minor != _charged_minor(command) and not _says_part(command):
        raise Refusal(Code.CH21, "additional")
    if kept_minor < 0:
        raise Refusal(Code.AM09, "amount")
    assert payer is not None
    assert debit is not None
    assert credit is not None
    if not payer.is_creditable:
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "payer")
    if unusable(debit, credit) or would_overflow(credit, amount_minor):
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "payment")
    business_day.require_not_closed(day, command.settlement_date)
    if debit.available_minor < amount_minor:
        raise Refusal(Code.UNFUNDED, "amount")
    record = replace(
        payment,
        returned_minor=payment.returned_minor + amount_minor,
        returns=(*payment.returns, command.return_id),
    )
    return record, *transferred(debit, credit, amount_minor)


def _charged_minor(command: ReturnPayment) -> int:
    """Add up the charges that were taken in the currency of the return; one that is zero explains nothing."""
    amounts = [charge.amount for charge in command.charges if charge.currency == command.currency]
    none = money.render(0, command.currency)
    return sum(money.parse_exact(amount, command.currency) for amount in amounts if amount != none)


def _says_part(command: ReturnPayment) -> bool:
    return any(map(_PART, command.additional))
