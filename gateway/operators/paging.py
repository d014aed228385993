"""Pages of lists, and places among events: how every request names where it goes on, and how much it wants at most."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from gateway.projection import positions

PAGE: Final = 100
PAGE_MAX: Final = 500


class Asks(Protocol):
    """A request for a page."""

    @property
    def after(self) -> int:
        """Where the page before ended (uint64)."""

    @property
    def limit(self) -> int:
        """How many are wanted at most (uint32); 0: as many as is usual."""


class Page(NamedTuple):
    """What is read: so many after a row."""

    after: int
    limit: int

    def following(self, rows: Sequence[int]) -> int:
        """Give where the next page begins, by the rows of this one; 0 where this is the last."""
        return rows[-1] if len(rows) == self.limit else 0


def page(request: Asks) -> Page:
    """Read which page is asked for."""
    return Page(place(request.after), min(request.limit or PAGE, PAGE_MAX))


def place(number: int) -> int:
    """Read a place in a list or among events, of which the read model has none beyond 63 bits."""
    return min(number, positions.LAST)
