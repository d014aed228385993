"""The courier of a gateway that need not rely on another's: where that one cannot be reached, it carries its own lists.

Only what was certainly not sent changes courier. Where the outcome is not known, the list may be under way, and it is
for the desk of lists to send the same one again. Should that one then find the other courier out of reach, its own may
carry it: a number is accepted once, whoever brings it.
"""

from typing import Final

import structlog

from gateway.ledger.port import Courier, Delivered, LedgerUnreachableError
from settlement.forms.consent import SignedList

log = structlog.get_logger()


class CourierWithFallback:
    """Two couriers (gateway.ledger.port.Courier): each list is offered to the first, and falls back to one's own."""

    def __init__(self, primary: Courier, own: Courier) -> None:
        self._primary: Final = primary
        self._own: Final = own
        self._fallen_back = False

    async def carry(self, signed: SignedList) -> Delivered:
        """Carry a list through the first courier that can be reached; raises as the last one that was asked."""
        try:
            delivered = await self._primary.carry(signed)
        except LedgerUnreachableError:
            self._tell(fallen_back=True)
            return await self._own.carry(signed)
        self._tell(fallen_back=False)
        return delivered

    def _tell(self, *, fallen_back: bool) -> None:
        """Log a change of courier, once: as long as it lasts every list would say the same."""
        if fallen_back and not self._fallen_back:
            log.warning("the courier cannot be reached, carrying our own lists")
        elif self._fallen_back and not fallen_back:
            log.info("the courier is reached again")
        self._fallen_back = fallen_back
