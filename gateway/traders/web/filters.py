"""The filters of a list of payments: read from an address, and written into one."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

from gateway.projection.search import Wanted
from settlement import dates, money
from settlement.errors import Refusal
from settlement.payments.commands import CreditStatus
from settlement.payments.payment import SettlementState

TEXT_MAX: Final = 140

_STATUSES: Final[Mapping[str, tuple[SettlementState, CreditStatus | None]]] = {
    "ACSC": (SettlementState.SETTLED, None),
    "ACSP": (SettlementState.SETTLED, CreditStatus.WAITING),
    "ACWP": (SettlementState.SETTLED, CreditStatus.NOT_POSTED),
    "ACCC": (SettlementState.SETTLED, CreditStatus.CREDITED),
    "BLCK": (SettlementState.SETTLED, CreditStatus.BLOCKED),
    "RJCT": (SettlementState.REJECTED, None),
}
STATUSES: Final = tuple(_STATUSES)
"""The ISO 20022 statuses that payments are filtered by; ACSC means settled, whatever the creditor's bank has said."""
TO_BE_CREDITED: Final = "to_be_credited"
"""A status of a bank's desk: what the bank itself has received and has still to credit."""
REJECTED_TODAY: Final = "rejected_today"
"""A status of those who have a day: what was rejected since it was opened, at a bank's desk of its own payments."""


class Filters(NamedTuple):
    """What the form holds, as it was typed. Amounts need a currency."""

    q: str = ""
    counterparty: str = ""
    currency: str = ""
    status: str = ""
    since: str = ""
    until: str = ""
    least: str = ""
    most: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """Take what is in an address."""
        return cls(**{name: query.get(name, "").strip()[:TEXT_MAX] for name in cls._fields})

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return not any(self)

    def wanted(self, desk: str = "") -> Wanted:
        """Give what is looked for, at a bank's desk by its bank; raises `Refusal` with the field not understood."""
        state, credit = _STATUSES.get(self.status, (None, None))
        is_to_be_credited = bool(desk) and self.status == TO_BE_CREDITED
        return Wanted(
            text=self.q,
            counterparty=self.counterparty,
            currency=self.currency,
            state=state,
            credit=credit,
            payee=desk if is_to_be_credited else "",
            is_open=is_to_be_credited,
            first_date=dates.day(self.since, "since") if self.since else "",
            last_date=dates.day(self.until, "until") if self.until else "",
            least_minor=self._minor("least"),
            most_minor=self._minor("most"),
        )

    def fault(self) -> str:
        """Name the field that is not understood, if there is one."""
        try:
            self.wanted()
        except Refusal as refusal:
            return refusal.where
        return ""

    def address(self, path: str, **more: str) -> str:
        """Write the address of a list that is filtered so."""
        given = {name: value for name, value in {**self._asdict(), **more}.items() if value}
        return f"{path}?{urlencode(given)}" if given else path

    def _minor(self, field: str) -> int | None:
        text = getattr(self, field)
        return money.parse(money.from_people(text, field), self.currency, field) if text else None
