"""What a bank's gateway asks for by itself when a business day has opened: its conditional payments move with the date.

No transaction brings a date, so nobody would notice that one has come (ADR 0018). When it starts, and whenever a
business day has another date, a gateway looks through the conditional payments that its organisation makes or is to
have. Where nothing that it knows stands in the way any more, it asks that the payment settle; where the last date is
over, the payer's asks that the reservation be given back. Both are commands that either bank may send at any time, so
it does not matter who else does, nor how often: the ledger decides on each, once, and who comes second, or whose read
model is behind, is told no.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Final
from uuid import uuid4

import structlog

from gateway.conditions import Conditions, Met
from gateway.ledger.lists import Outcome
from gateway.ledger.port import LedgerUnreachableError, OutcomeUnknownError
from gateway.limits import TooManyError
from gateway.projection.trade import Trade, TradeView
from settlement.payments.undertaking import ReleaseUndertaking, SettleUndertaking, Undertaking, UndertakingState
from settlement.records import Command
from settlement.trade.record import kind_of

AT_ONCE: Final = 100
"""How many payments are looked at between two turns of the event loop, and asked for in one list."""

AGAIN_S: Final = 5.0
"""How long to wait before the ledger is asked again where it could not be reached."""

log = structlog.get_logger()


class Openings:
    """Watches the business days of one organisation."""

    def __init__(
        self,
        *,
        participant: str,
        trade: Trade,
        conditions: Conditions,
        dates: Callable[[], Mapping[str, str]],
        ask: Callable[[Sequence[Command]], Awaitable[list[Outcome]]],
        changed: Callable[[int], Awaitable[int]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`dates` gives each currency's business date; `changed` waits for another version of the directory of days."""
        self._participant: Final = participant
        self._trade: Final = trade
        self._conditions: Final = conditions
        self._dates: Final = dates
        self._ask: Final = ask
        self._changed: Final = changed
        self._pause: Final = pause

    async def watch(self) -> None:
        """Look through the payments now, and whenever a business day has another date."""
        version = -1
        before: Mapping[str, str] = {}
        while True:
            version = await self._changed(version)
            dates = self._dates()
            if dates != before:
                while not await self._is_done(dates):
                    await self._pause(AGAIN_S)
            before = dates

    async def _is_done(self, dates: Mapping[str, str]) -> bool:
        """Ask for whatever has come due; say whether the ledger could be asked for all of it."""
        after = 0
        while True:
            found = self._reserved(after)
            due = list(self._due(found, dates))
            try:
                for command, outcome in zip(due, await self._ask(due) if due else [], strict=True):
                    log.info("a date has come", asked=type(command).__name__, code=outcome.code)
            except (LedgerUnreachableError, OutcomeUnknownError, TooManyError) as error:
                log.warning("what a date brings could not be asked for: trying again", error=type(error).__name__)
                return False
            if len(found) < AT_ONCE:
                return True
            after = found[-1].id
            await asyncio.sleep(0)

    def _reserved(self, after: int) -> list[TradeView]:
        kind, state = kind_of(Undertaking), UndertakingState.RESERVED.value
        return self._trade.page(on="", limit=AT_ONCE, after=after, kind=kind, state=state)

    def _due(self, found: Sequence[TradeView], dates: Mapping[str, str]) -> Iterator[Command]:
        for view in found:
            record = view.record
            assert isinstance(record, Undertaking)
            on = dates.get(record.currency, "")
            if self._participant not in (record.payer, record.payee):
                continue  # an authority's read model has everybody's
            if record.is_over(on):
                if self._participant == record.payer:
                    yield _about(ReleaseUndertaking, record)
            elif all(each.met is not Met.NO for each in self._conditions.standing(record, on=on).conditions):
                yield _about(SettleUndertaking, record)


def _about(kind: type[ReleaseUndertaking] | type[SettleUndertaking], record: Undertaking) -> Command:
    return kind(command_id=str(uuid4()), payment=record.payment, payer=record.payer, payee=record.payee)
