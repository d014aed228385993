"""Rows of the tables that say how to name another's thing at each door.

A row says how the thing is named (`Row`), how what belongs to it is listed (`Listed`), or why nothing that belongs to
somebody can be named (`Own`).
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from google.protobuf.message import Message
from msgspec.structs import replace

from settlement.payments.commands import PaymentName
from settlement.records import Command
from tests.contracts.samples import ONE_OF_EACH
from tests.gateway.two_firms import Names

SINGLE_WINDOW: Final = frozenset({"a customs officer", "a tax officer"})
"""Whom a declaration concerns, and a bill of lading, of which customs keeps a copy."""

Built = Message | Command


class Row(NamedTuple):
    """A method that names a thing: `where` says which field of the answer names what was not found.

    `concerns` are outsiders whom the thing concerns after all.
    """

    where: str
    build: Callable[[Names], Built]
    concerns: frozenset[str] = frozenset()


class Listed(NamedTuple):
    """A method that lists, narrowed to what belongs to a thing: an outsider's list is empty."""

    build: Callable[[Names], Message]
    concerns: frozenset[str] = frozenset()


class Own(NamedTuple):
    """A method or route that names nothing which belongs to somebody, and why."""

    reason: str


AnyRow = Row | Listed | Own
PUBLIC: Final = Own("every member of the channel reads and names it: an organisation, a currency, a day, a rate")
MAKES: Final = Own("makes something new, of the asker's own")


def command(
    kind: type[Command], where: str, concerns: frozenset[str] = frozenset(), **fields: str
) -> dict[str, AnyRow]:
    """Give the row of a command: each of its fields that names a thing, and which of `Names` stands in it."""

    def build(names: Names) -> Command:
        made = ONE_OF_EACH[kind](None, "bankfra")  # type: ignore[arg-type]  # none of these needs a world
        return replace(made, **{field: getattr(names, name) for field, name in fields.items()})

    return {kind.__name__: Row(where, build, concerns)}


def conditional(kind: type[Command]) -> dict[str, AnyRow]:
    """Give the row of a command about a conditional payment."""

    def build(names: Names) -> Command:
        made = ONE_OF_EACH[kind](None, "bankfra")  # type: ignore[arg-type]
        name = PaymentName(journal=names.waiting_transaction_id, uetr=names.waiting_uetr)
        return replace(made, payment=name)

    return {kind.__name__: Row("payment", build)}
