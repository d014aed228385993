"""Who reads a page, and which pages there are for whom: one table."""

from enum import StrEnum
from typing import Final, NamedTuple

from gateway.auth.scopes import Scope
from gateway.traders.tokens import Holder


class Sight(StrEnum):
    """What a reader may see: a trader what names it, a bank's desk all of its bank, an authority all of the network."""

    TRADER = "trader"
    DESK = "desk"
    AUTHORITY = "authority"


SIGHTS: Final = {
    Scope.TRADER: Sight.TRADER,
    Scope.DESK: Sight.DESK,
    Scope.CLEARING: Sight.AUTHORITY,
    Scope.SUPERVISOR: Sight.AUTHORITY,
}
"""What the scope of a token lets its holder see; clearing's staff without the parties (`visibility.sees_parties`)."""


class Reader(NamedTuple):
    """Whose token it is, what it lets its holder see, and the holder's name for people."""

    holder: Holder
    sight: Sight
    name: str


class Section(NamedTuple):
    """A family of pages: the key of its name, where it begins, and who may read it."""

    key: str
    path: str
    readers: frozenset[Sight]


_ALL: Final = frozenset(Sight)

SECTIONS: Final = (Section("find", "/find", _ALL),)
"""As they are offered; a reader's first is where signing in leads. A path stands for all below it."""


def sections_of(reader: Reader) -> list[Section]:
    """Give the sections that a reader is offered."""
    return [section for section in SECTIONS if reader.sight in section.readers]
