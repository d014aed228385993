"""The courier of a gateway that need not rely on another's: where that one cannot be reached, the next one carries.

Within one delivery only what was certainly not sent changes courier. Where the outcome is not known, the list may be
under way, and it is for the desk of lists to send the same one again. That may then go by the next courier, for one
that does not answer is left alone for a while: a number is accepted once, whoever brings it.
"""

import time
from collections.abc import Callable
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


class CourierWithFallback:
    """Two couriers (gateway.ledger.port.Courier): a list is offered to the first, and falls back to the next.

    One that has just failed rests: the other is asked before it. It is asked all the same where the other cannot be
    reached either, for a courier that failed once may carry again, and nobody else is left.
    """

    def __init__(self, primary: Courier, fallback: Courier, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._couriers: Final = (primary, fallback)
        self._clock: Final = clock
        self._rests_until: Final = dict.fromkeys(self._couriers, clock())
        self._fallen_back = False

    async def carry(self, signed: SignedList) -> Delivered:
        """Carry a list through the first courier that can be reached; raises as the last one that was asked."""
        now = self._clock()
        first, last = sorted(self._couriers, key=lambda courier: max(self._rests_until[courier], now))
        try:
            return await self._carried(first, signed)
        except LedgerUnreachableError:
            return await self._carried(last, signed)

    async def _carried(self, courier: Courier, signed: SignedList) -> Delivered:
        try:
            delivered = await courier.carry(signed)
        except CourierSilentError:
            self._rest(courier, SILENT_REST_S)
            raise
        except LedgerUnreachableError as error:
            self._rest(courier, UNREACHABLE_REST_S if isinstance(error, CourierUnreachableError) else 0.0)
            raise
        if courier is self._couriers[0] and self._fallen_back:
            self._fallen_back = False
            log.info("the courier is reached again")
        return delivered

    def _rest(self, courier: Courier, rest_s: float) -> None:
        """Ask the other one first, and log once that the first is not reached: every list would say the same."""
        self._rests_until[courier] = self._clock() + rest_s
        if courier is self._couriers[0] and not self._fallen_back:
            self._fallen_back = True
            log.warning("the courier cannot be reached, the next one carries")
