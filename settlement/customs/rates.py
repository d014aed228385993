"""Dated rates, as customs announces them: duties by HS code, exchange rates by month, terms and what lateness costs.

A notice is entered by one officer and comes into force by another's signature (four eyes). Then each thing in it has
its own public record, a history to which periods are only ever added: what was in force on a date stays so. Rates are
law, known to everybody, so these records are public; what they are applied to is not.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from msgspec.structs import replace

from settlement import currencies, dates
from settlement.customs import duty, hs
from settlement.customs.duty import CNY, MILLION, Direction, Lateness, Rates
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.parties import Party
from settlement.payments import parts
from settlement.payments.checks import require_none
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text

ENTRIES_MAX: Final = 500
"""The most rates in one notice."""
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])").fullmatch
_NOTICE: Final = re.compile(r"[0-9A-Za-z-]{1,35}").fullmatch
_DAYS_MAX: Final = 366
_FEE_MAX_MINOR: Final = 10**12


class NoticeState(StrEnum):
    """Where a notice stands."""

    ENTERED = "ENTERED"
    IN_FORCE = "IN_FORCE"
    WITHDRAWN = "WITHDRAWN"


class NoticeEvent(StrEnum):
    """What happens to a notice."""

    APPROVED = "APPROVED"
    WITHDRAWN = "WITHDRAWN"


LIFECYCLE: Final = Lifecycle(
    "customs notice",
    initial=NoticeState.ENTERED,
    moves={
        (NoticeState.ENTERED, NoticeEvent.APPROVED): NoticeState.IN_FORCE,
        (NoticeState.ENTERED, NoticeEvent.WITHDRAWN): NoticeState.WITHDRAWN,
    },
)


class DutyRate(Record):
    """What goods of a chapter, heading or code bear (rates in millionths); the closest to the goods counts."""

    direction: Direction
    hs_code: str
    duty_ppm: int
    consumption_ppm: int = 0
    vat_ppm: int = 0


class ExchangeRate(Record):
    """How much CNY customs takes one unit of a currency for, in a month (YYYY-MM)."""

    currency: str
    month: str
    rate: str


class Terms(Record):
    """How long there is to declare, to pay and to complete (days), what lateness costs, and where tax is paid to.

    Rates are millionths a day (0.5 permille is 500); amounts are in fen. `fee_unit_minor` is what a fee for a late
    declaration is counted in. `treasury` is the participant that keeps the treasury's account, `treasury_account` its
    number, and `treasury_holder` in whose name it is.
    """

    declaration_days: int
    late_declaration_ppm: int
    fee_unit_minor: int
    fee_minimum_minor: int
    payment_days: int
    late_payment_ppm: int
    interest_minimum_minor: int
    completion_days: int
    treasury: str
    treasury_account: str
    treasury_holder: Party

    @property
    def declaring(self) -> Lateness:
        """What a late declaration costs, counted from arrival."""
        return Lateness(self.declaration_days, self.late_declaration_ppm, self.fee_unit_minor, self.fee_minimum_minor)


class Notice(Record, tag="customs_notice/1"):
    """A notice of customs: what is to be in force from when, who entered it and who approved it. Public."""

    notice_id: str
    customs: str
    effective_from: str
    entered_by: Signer
    entered_at_ms: int
    duties: tuple[DutyRate, ...] = ()
    exchange: tuple[ExchangeRate, ...] = ()
    terms: Terms | None = None
    state: NoticeState = NoticeState.ENTERED
    decided_by: Signer | None = None
    decided_at_ms: int = 0


class DutyPeriod(Record):
    """What is in force from a date on."""

    effective_from: str
    duty_ppm: int
    consumption_ppm: int = 0
    vat_ppm: int = 0

    @property
    def rates(self) -> Rates:
        """The rates alone."""
        return Rates(self.duty_ppm, self.consumption_ppm, self.vat_ppm)


class DutyHistory(Record, tag="customs_duty/1"):
    """All rates that there were for one code, the oldest first. Public."""

    direction: Direction
    hs_code: str
    periods: tuple[DutyPeriod, ...] = ()


class ExchangePeriod(Record):
    """The rate of a month, which counts from its first day."""

    effective_from: str
    rate: str


class ExchangeHistory(Record, tag="customs_exchange/1"):
    """All rates that there were for one currency, the oldest first. Public."""

    currency: str
    periods: tuple[ExchangePeriod, ...] = ()


class TermsPeriod(Record):
    """The terms from a date on."""

    effective_from: str
    terms: Terms


class TermsHistory(Record, tag="customs_terms/1"):
    """All terms that there were, the oldest first. Public."""

    periods: tuple[TermsPeriod, ...] = ()


class EnterRates(IdentifiedCommand):
    """An officer of customs enters a notice. `effective_from` dates the duties and terms; a month dates its rates."""

    notice_id: str
    effective_from: str
    duties: tuple[DutyRate, ...] = ()
    exchange: tuple[ExchangeRate, ...] = ()
    terms: Terms | None = None


class ApproveRates(IdentifiedCommand):
    """Another officer puts a notice into force."""

    notice_id: str


class WithdrawRates(IdentifiedCommand):
    """An officer ends a notice that is not to come into force."""

    notice_id: str


class Dated(Protocol):
    """What counts from a date on."""

    @property
    def effective_from(self) -> str:
        """The first date, YYYY-MM-DD."""


P = TypeVar("P", bound=Dated)


def in_force(periods: Sequence[P], on: str) -> P | None:
    """Give what is in force on a date."""
    return next((period for period in reversed(periods) if period.effective_from <= on), None)


def entered(existing: Notice | None, command: EnterRates, *, customs: str, signer: Signer, at_ms: int) -> Notice:
    """Enter a notice once."""
    _require_form(command)
    if existing is not None:
        raise Refusal(Code.ALREADY_EXISTS, "notice_id")
    return Notice(
        notice_id=command.notice_id,
        customs=customs,
        effective_from=command.effective_from,
        duties=command.duties,
        exchange=command.exchange,
        terms=command.terms,
        entered_by=signer,
        entered_at_ms=at_ms,
    )


def decided(
    notice: Notice | None, command: ApproveRates | WithdrawRates, *, customs: str, signer: Signer, at_ms: int
) -> Notice:
    """Approve a notice, with a second pair of eyes (SAME_SIGNER), or withdraw it; each customs its own."""
    approves = isinstance(command, ApproveRates)
    if notice is None or notice.customs != customs:
        raise Refusal(Code.NOT_FOUND, "notice_id")
    if approves and signer.is_same_person(notice.entered_by):
        raise Refusal(Code.SAME_SIGNER, "notice_id")
    event = NoticeEvent.APPROVED if approves else NoticeEvent.WITHDRAWN
    state = LIFECYCLE.after(notice.state, event)
    return replace(notice, state=state, decided_by=signer, decided_at_ms=at_ms)


def with_duty(history: DutyHistory | None, rate: DutyRate, effective_from: str, place: int) -> DutyHistory:
    """Add a rate to the history of its code."""
    before = history or DutyHistory(direction=rate.direction, hs_code=rate.hs_code)
    period = DutyPeriod(
        effective_from=effective_from,
        duty_ppm=rate.duty_ppm,
        consumption_ppm=rate.consumption_ppm,
        vat_ppm=rate.vat_ppm,
    )
    return replace(before, periods=_with(before.periods, period, f"duties.{place}"))


def with_exchange(history: ExchangeHistory | None, rate: ExchangeRate, place: int) -> ExchangeHistory:
    """Add a month's rate to the history of its currency."""
    before = history or ExchangeHistory(currency=rate.currency)
    period = ExchangePeriod(effective_from=f"{rate.month}-01", rate=rate.rate)
    return replace(before, periods=_with(before.periods, period, f"exchange.{place}"))


def with_terms(history: TermsHistory | None, terms: Terms, effective_from: str) -> TermsHistory:
    """Add terms to their history."""
    before = history or TermsHistory()
    period = TermsPeriod(effective_from=effective_from, terms=terms)
    return replace(before, periods=_with(before.periods, period, "terms"))


def duty_in_force(histories: Iterable[DutyHistory | None], on: str, where: str) -> Rates:
    """Give the rate for some goods, from the histories of what they may stand under, the closest first."""
    for history in histories:
        period = in_force(history.periods, on) if history else None
        if period is not None:
            return period.rates
    raise Refusal(Code.RATE_MISSING, where)


def exchange_in_force(history: ExchangeHistory | None, currency: str, on: str) -> str:
    """Give the CNY rate of the month in which a date lies; a month without one has none (RATE_MISSING)."""
    rate = exchange_on(history, currency, on)
    if not rate:
        raise Refusal(Code.RATE_MISSING, "currency")
    return rate


def exchange_on(history: ExchangeHistory | None, currency: str, on: str) -> str:
    """Give the CNY rate of the month in which a date lies; empty where it has none."""
    if currency == CNY:
        return "1"
    period = in_force(history.periods, on) if history else None
    return period.rate if period is not None and period.effective_from[:7] == on[:7] else ""


def terms_in_force(history: TermsHistory | None, on: str) -> Terms:
    """Give the terms of a date."""
    period = in_force(history.periods, on) if history else None
    if period is None:
        raise Refusal(Code.RATE_MISSING, "terms")
    return period.terms


def _with(periods: tuple[P, ...], period: P, where: str) -> tuple[P, ...]:
    """Add a period after all others: history is not written anew."""
    if periods and period.effective_from <= periods[-1].effective_from:
        raise Refusal(Code.RATE_NOT_LATER, where)
    return (*periods, period)


def _require_form(command: EnterRates) -> None:
    if _NOTICE(command.notice_id) is None:
        raise Refusal(Code.CH16 if command.notice_id else Code.CH21, "notice_id")
    dates.day(command.effective_from, "effective_from")
    entries = len(command.duties) + len(command.exchange) + (command.terms is not None)
    if not 0 < entries <= ENTRIES_MAX:
        raise Refusal(Code.CH17 if entries else Code.CH21, "duties")
    for place, rate in enumerate(command.duties):
        hs.rated(rate.hs_code, f"duties.{place}.hs_code")
        _require_rates(rate, f"duties.{place}")
    for place, exchange in enumerate(command.exchange):
        currencies.exponent(exchange.currency)
        if exchange.currency == CNY:
            raise Refusal(Code.CH17, f"exchange.{place}.currency")
        if _MONTH(exchange.month) is None:
            raise Refusal(Code.CH16, f"exchange.{place}.month")
        duty.exchange_rate(exchange.rate, f"exchange.{place}.rate")
    if command.terms is not None:
        _require_terms(command.terms)


def _require_rates(rate: DutyRate, where: str) -> None:
    """A duty may be more than the value; a tax that is part of its own base may not be all of it."""
    if not 0 <= rate.duty_ppm <= 10 * MILLION:
        raise Refusal(Code.CH16, f"{where}.duty_ppm")
    for name in ("consumption_ppm", "vat_ppm"):
        value = getattr(rate, name)
        if not 0 <= value < MILLION:
            raise Refusal(Code.CH16, f"{where}.{name}")
        if value and rate.direction is Direction.EXPORT:
            raise Refusal(Code.CH17, f"{where}.{name}")


def _require_terms(terms: Terms) -> None:
    for name in ("declaration_days", "payment_days", "completion_days"):
        if not 0 <= getattr(terms, name) <= _DAYS_MAX:
            raise Refusal(Code.CH16, f"terms.{name}")
    for name in ("late_declaration_ppm", "late_payment_ppm"):
        if not 0 <= getattr(terms, name) < MILLION:
            raise Refusal(Code.CH16, f"terms.{name}")
    for name, least in (("fee_minimum_minor", 0), ("interest_minimum_minor", 0), ("fee_unit_minor", 1)):
        if not least <= getattr(terms, name) <= _FEE_MAX_MINOR:
            raise Refusal(Code.CH16, f"terms.{name}")
    for name in ("treasury", "treasury_account"):
        require_text(getattr(terms, name), f"terms.{name}")
    if terms.treasury_holder.address is None:
        raise Refusal(Code.CH21, "terms.treasury_holder.address")
    holder_faults = parts.party_faults(terms.treasury_holder, parts.CREDITOR, lines_alone=False)
    require_none(parts.under("terms.treasury_holder", holder_faults))
