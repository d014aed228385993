"""The courier of a gateway that need not rely on another's: where that one cannot be reached, the next one carries.

Within one delivery only what was certainly not sent changes courier. Where the outcome is not known, the list may be
under way, and it is for the desk of lists to send the same one again. That may then go by the next courier, for one
that does not answer is left alone for a while: a number is accepted once, whoever brings it.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from gateway.ledger.port import (
    Courier,
    CourierSilentError,
    CourierUnreachableError,
    Delivered,
    LedgerUnreachableError,
)
from settlement.forms.consent import SignedList

UNREACHABLE_REST_S: Final = 2.0
SILENT_REST_S: Final = 30.0
"""How long a courier is left alone that was not reached, and one that took a list and did not answer in time."""

log = structlog.get_logger()


class Couriers:
    """Couriers in order, one's own last (gateway.ledger.port.Courier): a list is offered to each until one carries it.

    One that has just failed rests: all others are asked before it, those that rest in the order in which they will have
    rested. It is asked all the same where none of them is reached, for a courier that failed once may carry again, and
    nobody else is left.
    """

    def __init__(self, *couriers: Courier, clock: Callable[[], float] = time.monotonic) -> None:
        self._couriers: Final = couriers
        self._clock: Final = clock
        self._rest_until: Final = [clock()] * len(couriers)
        self._passed_over: Final = set[int]()

    async def carry(self, signed: SignedList) -> Delivered:
        """Carry a list through the first courier that can be reached; raises as the last one that was asked."""
        now = self._clock()
        *others, last = sorted(range(len(self._couriers)), key=lambda place: max(self._rest_until[place], now))
        for place in others:
            with suppress(LedgerUnreachableError):
                return await self._carried(place, signed)
        return await self._carried(last, signed)

    async def _carried(self, place: int, signed: SignedList) -> Delivered:
        try:
            delivered = await self._couriers[place].carry(signed)
        except CourierSilentError:
            self._rest(place, SILENT_REST_S)
            raise
        except LedgerUnreachableError as error:
            self._rest(place, UNREACHABLE_REST_S if isinstance(error, CourierUnreachableError) else 0.0)
            raise
        if place in self._passed_over:
            self._passed_over.remove(place)
            log.info("the courier is reached again", place=place)
        return delivered

    def _rest(self, place: int, rest_s: float) -> None:
        """Ask the others first, and log once that this one is not reached: every list would say the same."""
        self._rest_until[place] = self._clock() + rest_s
        if place not in self._passed_over and place < len(self._couriers) - 1:
            self._passed_over.add(place)
            log.warning("the courier cannot be reached, the next one carries", place=place)
