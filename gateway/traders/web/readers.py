"""Who reads a page, and which pages there are for whom: one table."""

from typing import Final, NamedTuple

from gateway.auth.scopes import Scope
from gateway.traders.tokens import Holder


class Reader(NamedTuple):
    """Whose token it is, and the holder's name for people."""

    holder: Holder
    name: str

    @property
    def scope(self) -> Scope:
        """What the token lets its holder see."""
        return self.holder.scope


class Section(NamedTuple):
    """A family of pages: the key of its name, where it begins, and who may read it."""

    key: str
    path: str
    readers: frozenset[Scope]


_ALL: Final = frozenset(Scope)
_OF_PAYMENTS: Final = _ALL - {Scope.CUSTOMS}

SECTIONS: Final = (
    Section("desk", "/desk", frozenset({Scope.DESK})),
    Section("network", "/network", frozenset({Scope.CLEARING, Scope.SUPERVISOR})),
    Section("customs", "/customs", frozenset({Scope.CUSTOMS})),
    Section("payments", "/payments", _OF_PAYMENTS),
    Section("trade", "/trade", _ALL - {Scope.CLEARING}),
    Section("financing", "/financing", _ALL - {Scope.CLEARING, Scope.CUSTOMS}),
    Section("statements", "/statements", _OF_PAYMENTS),
    Section("reads", "/reads", _ALL - {Scope.TRADER}),
    Section("find", "/find", _ALL),
)
"""As they are offered; a reader's first is where signing in leads. A path stands for all below it."""


def is_offered(key: str, reader: Reader) -> bool:
    """Say whether a reader may see a section."""
    return any(section.key == key for section in sections_of(reader))


def sections_of(reader: Reader) -> list[Section]:
    """Give the sections that a reader is offered."""
    return [section for section in SECTIONS if reader.scope in section.readers]
