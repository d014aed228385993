"""What the read model keeps of payments that were reserved: how much is, and how that ended."""

from typing import TYPE_CHECKING, Final, NamedTuple

import apsw

if TYPE_CHECKING:  # the store makes this module's table
    from gateway.projection.store import Reader

SCHEMA: Final = """
CREATE TABLE reservations (
    payment INTEGER PRIMARY KEY, amount_minor INTEGER NOT NULL, settled_on TEXT, ended_at_ms INTEGER
) STRICT;
"""


class Reservation(NamedTuple):
    """What is reserved for a payment, or was; `settled_on` is the business date on which it settled, if it did.

    `ended_at_ms` is the time of the transaction that ended it, 0 while it stands.
    """

    amount_minor: int
    settled_on: str
    ended_at_ms: int

    @property
    def stands(self) -> bool:
        """Whether it has not ended."""
        return not self.ended_at_ms


def begin(connection: apsw.Connection, payment: int, amount_minor: int) -> None:
    """Enter what was reserved for a payment (by its row)."""
    connection.execute("INSERT INTO reservations VALUES (?, ?, NULL, NULL)", (payment, amount_minor))


def change(connection: apsw.Connection, payment: int, amount_minor: int) -> None:
    """Note how much is reserved from now on."""
    connection.execute("UPDATE reservations SET amount_minor = ? WHERE payment = ?", (amount_minor, payment))


def end(connection: apsw.Connection, payment: int, *, settled_on: str, at_ms: int) -> None:
    """Note that it has ended: settled on a business date, or unpaid (an empty one)."""
    connection.execute(
        "UPDATE reservations SET settled_on = ?, ended_at_ms = ? WHERE payment = ?", (settled_on, at_ms, payment)
    )


def of(reader: "Reader", payment: int) -> Reservation | None:
    """Give what was reserved for a payment, None where it was never reserved."""
    rows = reader.rows(
        "SELECT amount_minor, coalesce(settled_on, ''), coalesce(ended_at_ms, 0) FROM reservations WHERE payment = ?",
        (payment,),
    )
    return Reservation(*rows[0]) if rows else None
