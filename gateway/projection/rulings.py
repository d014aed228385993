"""What two people rule, as far as this organisation is told: all of it by what happened last, what waits by itself.

A bank keeps the record of every payment that two officers have released, so what waits for the second is never looked
for among them: an index by state holds the open ones apart, and what lapses leaves it as its business day ends. Nor
are those about one participant looked for among all others', in whatever state.

Told is what is the organisation's own, and what the authorities rule, as far as its peer holds that. A bank's own
limits, and what it proposes to pay, are its business alone, though the authorities hold them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import apsw
from msgspec.structs import replace

from gateway.ledger.port import FeedWrite
from gateway.projection.days import Dates
from gateway.projection.identifications import date_number
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.forms import records
from settlement.payments.release import PROPOSALS
from settlement.records import Command
from settlement.rulings import Ruling, RulingState

if TYPE_CHECKING:  # the store makes this module's table
    from gateway.projection.store import Reader

SCHEMA: Final = """
CREATE TABLE rulings (
    id INTEGER PRIMARY KEY, collection TEXT NOT NULL, key TEXT NOT NULL, authority TEXT NOT NULL,
    participant TEXT NOT NULL, state TEXT NOT NULL, currency TEXT NOT NULL, until_date INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX rulings_by_key ON rulings (collection, key);
CREATE INDEX rulings_in_state ON rulings (state, id);
CREATE INDEX rulings_about ON rulings (participant, id);
CREATE INDEX rulings_about_in_state ON rulings (participant, state, id);
CREATE INDEX rulings_that_lapse ON rulings (currency, until_date) WHERE state = 'PROPOSED' AND until_date > 0;
"""
_APPLY: Final = """
INSERT OR REPLACE INTO rulings (collection, key, authority, participant, state, currency, until_date)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
"""It takes the place of the row before, and stands behind all others: rows are in the order of what happened last."""
_LAPSE: Final = """
UPDATE rulings SET state = 'EXPIRED'
WHERE currency = ? AND until_date < ? AND state = 'PROPOSED' AND until_date > 0
"""
_PAGE: Final = """
SELECT u.id, u.state, r.body FROM rulings u CROSS JOIN records r ON r.collection = u.collection AND r.key = u.key
WHERE u.id < :after {} ORDER BY u.id DESC LIMIT :limit
"""


class RulingView(NamedTuple):
    """A ruling as it stands now, and what is ruled. `id` grows with every event of any ruling.

    `participant` is whom it is about: of a payment its bank, of a rule for all nobody.
    """

    id: int
    record: Ruling
    command: Command
    participant: str


def apply(connection: apsw.Connection, organisation: str, dates: Dates, write: FeedWrite, record: Ruling) -> None:
    """Enter what has become of a ruling, if the organisation is told of it."""
    if write.collection == record.authority != organisation:  # another bank's own
        return
    deadline = record.deadline
    currency, until_date = (deadline.currency, date_number(deadline.date)) if deadline else ("", 0)
    connection.execute(
        _APPLY,
        (
            write.collection,
            write.key,
            record.authority,
            _participant(record, ruled(record)),
            record.state.value,
            currency,
            until_date,
        ),
    )
    lapse(connection, currency, dates.of(currency))  # its day may have been moved in the same transaction


def lapse(connection: apsw.Connection, currency: str, on_date: int) -> None:
    """Let what could be confirmed before a business date of a currency wait no more."""
    connection.execute(_LAPSE, (currency, on_date))


class Rulings:
    """The questions; each raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def page(
        self,
        *,
        limit: int,
        after: int = 0,
        state: RulingState | None = None,
        participant: str = "",
        authority: str = "",
    ) -> list[RulingView]:
        """Give the next rulings after a row, that to which something happened last first.

        Those in one state, about one participant and of one organisation, if named.
        """
        wanted = {"state": state.value if state else "", "participant": participant, "authority": authority}
        asked = {name: value for name, value in wanted.items() if value}
        question = _PAGE.format(" ".join(f"AND u.{name} = :{name}" for name in asked))
        rows = self._reader.rows(question, {**asked, "after": after or 2**62, "limit": limit})
        return [_view(row) for row in rows]

    def waiting(self, authority: str) -> int:
        """Count what somebody of an organisation has proposed, and a second person has not confirmed yet."""
        ((number,),) = self._reader.rows(
            "SELECT count(*) FROM rulings WHERE state = 'PROPOSED' AND authority = ?", (authority,)
        )
        return int(number)


def ruled(record: Ruling) -> Command:
    """Read what is ruled."""
    command: Command = canonical.decode(record.command.encode(), PERSONAL_DECODER)
    return command


def _participant(record: Ruling, command: Command) -> str:
    return record.authority if isinstance(command, PROPOSALS) else getattr(command, "participant", "")


def _view(row: Sequence[Any]) -> RulingView:
    identifier, state, body = row
    record = records.decode(body, private=False)
    assert isinstance(record, Ruling)
    command = ruled(record)
    return RulingView(identifier, replace(record, state=RulingState(state)), command, _participant(record, command))
