"""The papers of `examples/trade`, on the demo's date: read, moved to it, and named anew where a network has seen them.

Customs counts by the ledger's business day, and contracts lapse by the time of their transactions: so the papers of
customs move with the one, and all others with the other. Both are the same day where a network runs today.
"""

import re
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from gateway.development.morning import today

T = TypeVar("T")

EXAMPLES: Final = Path(__file__).resolve().parents[3] / "examples" / "trade"
WRITTEN_ON: Final = "2026-11-23"
"""The day on which the papers are set."""
RUN_DIGITS: Final = 4

_DATE: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(?![0-9])")
_MONTH: Final = re.compile(r'(?<="month": ")20[0-9]{2}-[0-9]{2}(?=")')
_NUMBERS: Final = re.compile(
    r"(HST-|HST-INV-|GF-SH-|GF-|TR28-PHYTO-|TR-IST-EXP-|TR-IST-IMP-)20[0-9]{2}(?=-[0-9]{4})"
    r"|(22482026[01])[0-9]{4}(?=[0-9]{5})|(YPL(?:SHA|IST))[0-9]{4}(?=[0-9]{4})|(GAC-)20[0-9]{2}"
)
"""What is numbered once in the world; of each the same four characters are the run's."""


class Papers:
    """The papers as one run of the demo has them. `run`: four digits that tell its numbers from another run's."""

    def __init__(self, *, business_date: str, today: str, run: str = "") -> None:
        assert len(run) in (0, RUN_DIGITS)
        self.business_date: Final = business_date
        self._run: Final = run
        self._of_customs: Final = _days(business_date)
        self._of_others: Final = _days(max(business_date, today))

    def text(self, name: str, *, of_customs: bool = False) -> str:
        """Give a paper as text."""
        written = (EXAMPLES / name).read_text(encoding="utf-8")
        away = self._of_customs if of_customs else self._of_others
        moved = _DATE.sub(lambda found: _moved(found[0], away), written)
        moved = _MONTH.sub(lambda _: self.business_date[:7], moved)
        return self.named(moved)

    def named(self, text: str) -> str:
        """Give the numbers in a text as this run has them."""
        if not self._run:
            return text
        return _NUMBERS.sub(lambda found: f"{next(filter(None, found.groups()))}{self._run}", text)

    def read(self, name: str, kind: type[T], *, of_customs: bool = False) -> T:
        """Read a paper in JSON."""
        return msgspec.json.decode(self.text(name, of_customs=of_customs), type=kind)

    def later(self, days: int) -> str:
        """Give a date some days after the business day."""
        return _moved(self.business_date, timedelta(days))

    def issued_on(self, days_before: int = 0) -> str:
        """Give a date of papers that are not customs', some days before today."""
        return _moved(WRITTEN_ON, self._of_others - timedelta(days_before))


def _days(to: str) -> timedelta:
    return date.fromisoformat(to) - date.fromisoformat(WRITTEN_ON)


def _moved(text: str, away: timedelta) -> str:
    return (date.fromisoformat(text) + away).isoformat()


def papers_of(date: str, *, anew: bool) -> Papers:
    """Lay out the papers for a business date; `anew`: with numbers that a network does not know which has seen them."""
    run = f"{secrets.randbelow(10**RUN_DIGITS):0{RUN_DIGITS}}" if anew else ""
    return Papers(business_date=date, today=today(), run=run)
