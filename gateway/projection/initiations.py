"""What the read model knows of initiations: which there are, whose, and how each stands on its business date.

The records themselves stand in the table of records; here is what they are looked for by. An authority holds those of
every bank, so each question names the bank, or asks for all of them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import apsw
import msgspec

from gateway.ledger.port import FeedWrite
from settlement.day import BusinessDay
from settlement.forms import records
from settlement.payments.initiation import Initiation, InitiationState, standing

if TYPE_CHECKING:  # the store makes this module's table
    from gateway.projection.store import Reader

SCHEMA: Final = """
CREATE TABLE initiations (
    id INTEGER PRIMARY KEY, bank TEXT NOT NULL, initiation_id TEXT NOT NULL, key TEXT NOT NULL, customer TEXT NOT NULL,
    message_id TEXT NOT NULL, command_id TEXT NOT NULL, position INTEGER NOT NULL, currency TEXT NOT NULL,
    expires_on TEXT NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX initiations_by_id ON initiations (initiation_id, bank);
CREATE INDEX initiations_in_state ON initiations (state, id);
CREATE INDEX initiations_of_message ON initiations (bank, customer, message_id, position);
CREATE INDEX initiations_of_command ON initiations (bank, command_id, position);
"""
_APPLY: Final = """
INSERT INTO initiations
    (bank, initiation_id, key, customer, message_id, command_id, position, currency, expires_on, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (initiation_id, bank) DO UPDATE SET state = excluded.state
"""
_VIEW: Final = """
SELECT i.id, i.bank, r.block, r.body FROM initiations i JOIN records r ON r.collection = i.bank AND r.key = i.key
"""
_STATE: Final = """
CASE WHEN i.state = 'INITIATED' AND i.expires_on < (SELECT value FROM json_each(?1) WHERE key = i.currency)
     THEN 'EXPIRED' ELSE i.state END
"""
"""The state on the business date of the currency, as `settlement.payments.initiation.standing` has it."""


class InitiationView(NamedTuple):
    """An initiation as it stands now; `id` grows with time, `block` is that of its last change."""

    id: int
    bank: str
    block: int
    record: Initiation


def apply(connection: apsw.Connection, write: FeedWrite, record: Initiation) -> None:
    """Enter an initiation, or what has become of one."""
    connection.execute(
        _APPLY,
        (
            write.collection,
            record.initiation_id,
            write.key,
            record.customer,
            record.message_id,
            record.command_id,
            record.position,
            record.instruction.currency,
            record.expires_on,
            record.state.value,
        ),
    )


class Initiations:
    """The questions; each raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def find(self, initiation_id: str, bank: str | None = None) -> InitiationView | None:
        """Find one by its name, of one bank if named."""
        found = self._views(
            f"{_VIEW} WHERE i.initiation_id = ?1 AND (?2 IS NULL OR i.bank = ?2) LIMIT 1", (initiation_id, bank)
        )
        return found[0] if found else None

    def page(
        self, *, after: int = 0, limit: int, state: InitiationState | None = None, customer: str = ""
    ) -> list[InitiationView]:
        """Give the next ones after a row, oldest first, in one state and of one customer if named."""
        stored = InitiationState.INITIATED if state is InitiationState.EXPIRED else state
        in_state = "" if stored is None else f"AND i.state = '{stored.value}' AND {_STATE} = ?4"
        return self._views(
            f"{_VIEW} WHERE i.id > ?2 AND (?3 = '' OR i.customer = ?3) {in_state} ORDER BY i.id LIMIT ?5",
            (msgspec.json.encode(self.dates()).decode(), after, customer, state, limit),
        )

    def of_message(self, bank: str, customer: str, message_id: str) -> list[InitiationView]:
        """Give what a customer asked for in one message, in its order."""
        question = f"{_VIEW} WHERE i.bank = ? AND i.customer = ? AND i.message_id = ? ORDER BY i.position"
        return self._views(question, (bank, customer, message_id))

    def of_command(self, bank: str, command_id: str) -> list[InitiationView]:
        """Give what was recorded under one command id, in its order."""
        return self._views(f"{_VIEW} WHERE i.bank = ? AND i.command_id = ? ORDER BY i.position", (bank, command_id))

    def day(self, currency: str) -> BusinessDay | None:
        """Give the business day of a currency."""
        return self._days().get(currency)

    def _views(self, question: str, bindings: Sequence[Any]) -> list[InitiationView]:
        rows = self._reader.rows(question, bindings)
        dates = self.dates() if rows else {}
        return [_view(row, dates) for row in rows]

    def dates(self) -> dict[str, str]:
        """Give the date of each currency's business day."""
        return {currency: day.date for currency, day in self._days().items()}

    def _days(self) -> dict[str, BusinessDay]:
        rows = self._reader.rows("SELECT body FROM records WHERE kind = 'BusinessDay'")
        found = [records.decode(body, private=False) for (body,) in rows]
        return {each.currency: each for each in found if isinstance(each, BusinessDay)}


def _view(row: Sequence[Any], dates: dict[str, str]) -> InitiationView:
    identifier, bank, block, body = row
    record = records.decode(body, private=False)
    assert isinstance(record, Initiation)
    return InitiationView(identifier, bank, block, standing(record, dates.get(record.instruction.currency, "")))
