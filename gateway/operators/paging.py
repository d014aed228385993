"""Pages of lists, and places among events: how every request names where it goes on, and how much it wants at most."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from gateway.app import Gateway
from gateway.cursors import Cursors
from gateway.projection import positions

PAGE: Final = 100
PAGE_MAX: Final = 500


class Asks(Protocol):
    """A request for a page."""

    @property
    def cursor(self) -> str:
        """Where the page before ended; empty: from the first."""

    @property
    def limit(self) -> int:
        """How many are wanted at most (uint32); 0: as many as is usual."""


class Page(NamedTuple):
    """What is read: so many after a row."""

    after: int
    limit: int
    cursors: Cursors

    def following(self, rows: Sequence[int]) -> str:
        """Give the cursor of the next page, by the rows of this one; empty where this is the last."""
        return self.cursors.seal(rows[-1]) if len(rows) == self.limit else ""


def page(gateway: Gateway, request: Asks, listed: str, *, party: str = "") -> Page:
    """Read which page is asked for of what is listed, to the firm whose part of it alone is shown, if to one; CH16.

    A cursor is of one list as one firm sees it: rows are counted over all of the organisation's customers.
    """
    cursors = Cursors(gateway, f"operators|{listed}|{party}")
    after = cursors.open(request.cursor, "cursor")[0] if request.cursor else 0
    return Page(after, min(request.limit or PAGE, PAGE_MAX), cursors)


def place(number: int) -> int:
    """Read a place among events, of which there are none beyond 63 bits."""
    return min(number, positions.LAST)
