"""A conditional payment: reserved when the payer's bank takes it on, then settled, voided or expired, exactly once.

What a bank has taken on is its payment undertaking. Until it expires it cannot be taken back: its terms and amount are
changed, or it is ended, only when the payer's bank proposes that and the beneficiary signs the very same change. Expiry
needs no command: once the business date of its currency lies behind `expires_on` it can no longer settle, whether
anybody has noticed or not; the reservation is given back when either bank asks for that, which the payer's gateway does
as the next day opens.
(REQUIREMENTS section 2 Hold and Payment, I2, I3, T2; ADR 0018)
"""

from enum import StrEnum
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from settlement import day as business_day
from settlement import money
from settlement.accounts import holds
from settlement.accounts.account import Account, unusable, would_overflow
from settlement.day import BusinessDay, DayState
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.participants import Participant
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.payments.documents import Documents
from settlement.payments.evidence import missing, party_id
from settlement.payments.terms import Evidence, Terms, terms_faults
from settlement.records import Command, IdentifiedCommand, Record
from settlement.trade.lading.chain import BillParty
from settlement.trade.record import Actor, TradeRecord, called, record_id


class UndertakingState(StrEnum):
    """Where a conditional payment stands; PENDING before it is on the ledger."""

    PENDING = "PENDING"
    RESERVED = "RESERVED"
    SETTLED = "SETTLED"
    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"


class UndertakingEvent(StrEnum):
    """What happens to a conditional payment."""

    RESERVED = "RESERVED"
    CHANGE_PROPOSED = "CHANGE_PROPOSED"
    CHANGED = "CHANGED"
    SETTLED = "SETTLED"
    VOIDED = "VOIDED"
    EXPIRED = "EXPIRED"


LIFECYCLE: Final = Lifecycle(
    "undertaking",
    initial=UndertakingState.PENDING,
    moves={
        (UndertakingState.PENDING, UndertakingEvent.RESERVED): UndertakingState.RESERVED,
        (UndertakingState.RESERVED, UndertakingEvent.CHANGE_PROPOSED): UndertakingState.RESERVED,
        (UndertakingState.RESERVED, UndertakingEvent.CHANGED): UndertakingState.RESERVED,
        (UndertakingState.RESERVED, UndertakingEvent.SETTLED): UndertakingState.SETTLED,
        (UndertakingState.RESERVED, UndertakingEvent.VOIDED): UndertakingState.VOIDED,
        (UndertakingState.RESERVED, UndertakingEvent.EXPIRED): UndertakingState.EXPIRED,
    },
)

ENDED_WITH: Final = {UndertakingState.VOIDED: Code.DS02, UndertakingState.EXPIRED: Code.AB03}
"""Why a payment that was reserved is rejected in the end (ISO 20022 ExternalStatusReason1Code)."""


class Change(Record):
    """What the payer's bank proposes: other terms, a lower amount, or (`ends`) that the undertaking ends unpaid."""

    terms: Terms | None = None
    amount: str = ""
    ends: bool = False


class Undertaking(TradeRecord[UndertakingState], tag="undertaking/1"):
    """A conditional payment; it stands with both banks, and counts from the moment it is reserved.

    Its `number` is the UETR; `payment` names the journal entry that reserved it. `asked` is what the payer's bank asked
    for, without who of it asked and on which customer's wish: that is the bank's own business. `terms` and `amount` are
    those that count now. `settled_on` is the business date on which it settled.
    """

    LIFECYCLE: ClassVar[Lifecycle[Any, Any]] = LIFECYCLE

    payment: PaymentName
    payer: str
    payee: str
    currency: str
    amount: str
    terms: Terms
    asked: SubmitPayment
    proposed: Change | None = None
    settled_on: str = ""

    def is_over(self, on: str) -> bool:
        """Say whether it can settle no more, by a business date of its currency (never the calendar's)."""
        return self.state is UndertakingState.RESERVED and on > self.terms.expires_on

    @property
    def evidence(self) -> Evidence | None:
        """The documents that it pays for."""
        return self.asked.evidence

    @property
    def amount_minor(self) -> int:
        """What is reserved, in minor units."""
        return money.parse_exact(self.amount, self.currency)

    @property
    def awaits(self) -> tuple[str, ...]:
        """The documents of which a change can bring about its settlement."""
        evidence = self.evidence.record_ids if self.evidence and not self.evidence.credit_waits else ()
        return tuple(dict.fromkeys((*self.terms.record_ids, *evidence)))


class _AboutUndertaking(IdentifiedCommand):
    """What every command about a conditional payment names."""

    payment: PaymentName
    payer: str
    payee: str


class SettleUndertaking(_AboutUndertaking):
    """Either bank asks that a conditional payment settle, its conditions being met."""


class ReleaseUndertaking(_AboutUndertaking):
    """Either bank asks that the reservation of an expired conditional payment be given back."""


class PassAgainstPayment(_AboutUndertaking):
    """The holder of the bill of lading on which a payment waits passes it on, against the money: both or neither.

    Title and control go to `recipient`, who is the one that the terms name.
    """

    recipient: BillParty


class ProposeChange(_AboutUndertaking):
    """The payer's bank proposes a change; a later proposal takes the place of an earlier one."""

    change: Change


class AcceptChange(_AboutUndertaking):
    """The beneficiary accepts a change, by its own signature over the change itself."""

    change: Change


AboutUndertaking = SettleUndertaking | ReleaseUndertaking | PassAgainstPayment | ProposeChange | AcceptChange


class LedgerStatement(Command):
    """What the ledger itself tells both banks in their journals of an earlier payment; nobody asks for it.

    `settled_on` is told of a settlement; `code` of a reservation that ended unpaid. Neither
    `currency` nor `amount` is told to a bank that has no part in the payment (INVOICE_PAID).
    """

    payment: PaymentName
    payer: str
    payee: str
    currency: str = ""
    amount: str = ""
    settled_on: str = ""
    code: str = ""


def name_of(payer: str, payment: PaymentName) -> str:
    """Name the record of a conditional payment, which follows from its payer, its journal and its UETR."""
    return record_id(Undertaking, payer, payment.journal, payment.uetr)


def waits_for(terms: Terms, evidence: Evidence | None, documents: Documents, on: str, *, payer: str) -> tuple[str, ...]:
    """Give the paths of the conditions that are not met on a business date, documents being what they are.

    The title is where it should be when it is with a customer of the payer: the seller's bank, too, could certify
    somebody under the buyer's number.
    """
    waits = ["terms.not_before"] if on < terms.not_before else []
    waits += [
        f"terms.released.{place}"
        for place, each in enumerate(terms.released)
        if each not in documents or not documents[each].is_released
    ]
    bill = documents.get(terms.title) if terms.title else None
    if terms.title and (bill is None or (bill.holder, bill.holder_bank) != (terms.title_to, payer)):
        waits.append("terms.title")
    return (*waits, *(missing(evidence, documents) if evidence and not evidence.credit_waits else ()))


def require_terms(command: SubmitPayment, on: str) -> None:
    """Refuse terms that no payment can be taken on with: without a named beneficiary (CH21), or over already (DS24)."""
    assert command.terms is not None
    if not party_id(command.creditor):
        raise Refusal(Code.CH21, "creditor.lei")
    if command.terms.expires_on < on:
        raise Refusal(Code.DS24, "terms.expires_on")


def reserved(command: SubmitPayment, by: Actor, debit: Account) -> tuple[Undertaking, Account]:
    """Set the amount aside, for a payment of which all but its conditions is in order."""
    assert command.terms is not None
    payment = PaymentName(journal=by.tx_id, uetr=command.uetr)
    sides = ((command.payer, party_id(command.debtor)), (command.payee, party_id(command.creditor)))
    undertaking = Undertaking(
        record_id=name_of(command.payer, payment),
        number=command.uetr,
        firms=tuple(called(bank, number) for bank, number in sides if number),
        held_by=(command.payer, command.payee),
        state=LIFECYCLE.after(LIFECYCLE.initial, UndertakingEvent.RESERVED),
        tx_id=by.tx_id,
        acts=(by.act(UndertakingEvent.RESERVED),),
        trade=command.evidence.contract if command.evidence else "",
        payment=payment,
        payer=command.payer,
        payee=command.payee,
        currency=command.currency,
        amount=command.amount,
        terms=command.terms,
        asked=replace(command, requested_by="", initiation_id=""),
    )
    return undertaking, holds.reserved(debit, undertaking.amount_minor)


def require_standing(undertaking: Undertaking, on: str) -> None:
    """Refuse MOVE_NOT_ALLOWED what has ended, and DS24 what has expired, whether or not anybody has noticed."""
    if LIFECYCLE.is_terminal(undertaking.state):
        raise Refusal(Code.MOVE_NOT_ALLOWED, f"undertaking.{undertaking.state.value}")
    if undertaking.is_over(on):
        raise Refusal(Code.DS24, "payment")


def settled(
    undertaking: Undertaking,
    documents: Documents,
    by: Actor,
    *,
    day: BusinessDay | None,
    payee: Participant,
    debit: Account,
    credit: Account,
) -> tuple[Undertaking, Account, Account]:
    """Post what was reserved, all conditions being met.

    Refused: DS24 where it has expired; RR04 with the first condition that is not met; ACCOUNT_NOT_USABLE where the
    money cannot move now; DAY_CLOSED outside an open business day. A payer that was suspended meanwhile pays: it has
    undertaken to.
    """
    on = business_day.date_of(day)
    require_standing(undertaking, on)
    waits = waits_for(undertaking.terms, undertaking.evidence, documents, on, payer=undertaking.payer)
    if waits:
        raise Refusal(Code.RR04, waits[0])
    if not payee.is_creditable:
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "payee")
    if unusable(debit, credit) or would_overflow(credit, undertaking.amount_minor):
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "payment")
    if day is None or day.state is not DayState.OPEN:
        raise Refusal(Code.DAY_CLOSED, "payment")
    after = undertaking.after(UndertakingEvent.SETTLED, by, settled_on=day.date, proposed=None)
    return after, *holds.posted(debit, credit, undertaking.amount_minor)


def require_title(undertaking: Undertaking, command: PassAgainstPayment) -> None:
    """Refuse CH16 a recipient other than the payer's customer to whom the payment's terms want the title to go."""
    wanted = BillParty(participant=undertaking.payer, identifier=undertaking.terms.title_to)
    if not undertaking.terms.title or command.recipient != wanted:
        raise Refusal(Code.CH16, "recipient")


def expired(undertaking: Undertaking, by: Actor, on: str, debit: Account) -> tuple[Undertaking, Account]:
    """Give the reservation back after the last day; MOVE_NOT_ALLOWED before that, or where it has ended."""
    if not undertaking.is_over(on):
        raise Refusal(Code.MOVE_NOT_ALLOWED, f"undertaking.{undertaking.state.value}")
    after = undertaking.after(UndertakingEvent.EXPIRED, by, proposed=None)
    return after, holds.released(debit, undertaking.amount_minor)


def proposed(undertaking: Undertaking, change: Change, by: Actor, on: str) -> Undertaking:
    """Note what the payer's bank would change; nothing is changed by it.

    Other terms of what is above the account's release limit take two officers (settlement.payments.release).
    """
    require_change(undertaking, change, on)
    return undertaking.after(UndertakingEvent.CHANGE_PROPOSED, by, proposed=change)


def changed(
    undertaking: Undertaking, change: Change, by: Actor, on: str, debit: Account
) -> tuple[Undertaking, Account]:
    """Change it, or end it, as was proposed.

    DS0H where another than the beneficiary signs, or with a certificate of another bank than the payee: the payer's,
    which has undertaken to pay, could certify anybody under the beneficiary's number. NOT_AS_PROPOSED where the payer's
    bank has proposed something else.
    """
    if (by.require_party(), by.participant) != (party_id(undertaking.asked.creditor), undertaking.payee):
        raise Refusal(Code.DS0H, "certificate")
    require_change(undertaking, change, on)
    if change != undertaking.proposed:
        raise Refusal(Code.NOT_AS_PROPOSED, "change")
    if change.ends:
        after = undertaking.after(UndertakingEvent.VOIDED, by, proposed=None)
        return after, holds.released(debit, undertaking.amount_minor)
    after = undertaking.after(
        UndertakingEvent.CHANGED,
        by,
        terms=change.terms or undertaking.terms,
        amount=change.amount or undertaking.amount,
        proposed=None,
    )
    left_minor = undertaking.amount_minor - after.amount_minor
    return after, holds.released(debit, left_minor) if left_minor else debit


def require_change(undertaking: Undertaking, change: Change, on: str, at: str = "change") -> None:
    """Refuse a change that is none, or is not in order; an amount only ever becomes lower (AM09).

    `at` is where the change stands in the command.
    What is divided among several documents is not lowered: nobody has said for which of them less is paid.
    """
    if not (change.terms or change.amount or change.ends):
        raise Refusal(Code.CH21, at)
    if change.ends and (change.terms or change.amount):
        raise Refusal(Code.CH17, f"{at}.ends")
    if change.amount and undertaking.evidence and undertaking.evidence.is_divided:
        raise Refusal(Code.CH17, f"{at}.amount")
    if change.terms is not None:
        for fault in terms_faults(change.terms, undertaking.evidence):
            raise Refusal(fault.code, f"{at}.terms.{fault.where}".rstrip("."))
    lower_minor = money.parse_exact(change.amount, undertaking.currency, f"{at}.amount") if change.amount else 0
    require_standing(undertaking, on)
    if change.terms is not None and change.terms.expires_on < on:
        raise Refusal(Code.DS24, f"{at}.terms.expires_on")
    if lower_minor >= undertaking.amount_minor:
        raise Refusal(Code.AM09, f"{at}.amount")
