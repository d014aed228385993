"""What part of a document's value may be lent: the regulator's, by date; what was in force on a date stays so."""

from typing import Final

from settlement import dates
from settlement.errors import Code, Refusal
from settlement.records import Record, RulingCommand

ALL_OF_IT: Final = 100
"""The advance rate, in percent, before the regulator has set one."""


class AdvanceRate(Record):
    """The part of a document's value that may be lent, in percent, from a business date on."""

    effective_from: str
    percent: int


class AdvanceRates(Record, tag="advance_rates/1"):
    """All advance rates that there were, the oldest first. Public."""

    periods: tuple[AdvanceRate, ...] = ()

    def on(self, date: str) -> int:
        """Give the rate of a date; all of the value before the first."""
        found = [period.percent for period in self.periods if period.effective_from <= date]
        return found[-1] if found else ALL_OF_IT


class SetAdvanceRate(RulingCommand):
    """The regulator says what part of a document's value may be lent, from a date on."""

    effective_from: str
    percent: int


def with_rate(before: AdvanceRates | None, command: SetAdvanceRate) -> AdvanceRates:
    """Add an advance rate; what was in force on a date stays so (RATE_NOT_LATER)."""
    dates.day(command.effective_from, "effective_from")
    if not 0 < command.percent <= ALL_OF_IT:
        raise Refusal(Code.CH16, "percent")
    periods = before.periods if before else ()
    if periods and command.effective_from <= periods[-1].effective_from:
        raise Refusal(Code.RATE_NOT_LATER, "effective_from")
    rate = AdvanceRate(effective_from=command.effective_from, percent=command.percent)
    return AdvanceRates(periods=(*periods, rate))
