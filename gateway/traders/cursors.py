"""Places in the list of payments, as its holder goes through it on every door that has one."""

from typing import Final

from gateway.app import Gateway
from gateway.cursors import Cursors
from gateway.traders.tokens import Holder


class PaymentCursors:
    """Places in the list of payments of one holder, newest first, on every door that lists them.

    They stand for where a payment is on the ledger, so they hold while the list grows, and in a read model made anew.
    """

    def __init__(self, gateway: Gateway, holder: Holder) -> None:
        self._queries: Final = gateway.queries
        self._cursors: Final = Cursors(gateway, f"payments|{holder.scope}|{holder.name}")

    def seal(self, payment: int) -> str:
        """Give the cursor of what comes after a payment (its row) in the list."""
        return self._cursors.seal(self._queries.place_of(payment))

    def open(self, cursor: str) -> int | None:
        """Give the row below which a page begins, None for the newest; CH16 where it is no cursor of these."""
        return self._queries.first_from(*self._cursors.open(cursor, "cursor")) if cursor else None
