"""What the read model knows of trade: one index over records of every kind, one of their words, one timeline of acts.

The records themselves stand in the table of records; here is what they are looked for by. An authority receives each
copy of a record that several organisations hold; they are one row, and an act is told once. A record that has moved on
to others is shown as it was when its organisation last held it. What payments have paid of an invoice is no version of
it, but a row beside it (gateway.projection.invoices), and told among the acts.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import apsw
import msgspec

from gateway.ledger.port import FeedWrite
from gateway.projection import invoices, trade_words, words
from gateway.projection.positions import LAST, block_of
from settlement.customs.assessment import TaxAssessment
from settlement.customs.declaration import Declaration
from settlement.financing import Financing
from settlement.forms import records
from settlement.trade.invoice import Invoice
from settlement.trade.record import EXPIRED, Act, TradeRecord, kind_of

if TYPE_CHECKING:  # the store makes this module's tables
    from gateway.projection.store import Reader

SCHEMA: Final = f"""
CREATE TABLE trade_records (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, record_id TEXT NOT NULL, number TEXT NOT NULL, trade TEXT NOT NULL,
    state TEXT NOT NULL, lapses_on TEXT NOT NULL, revision INTEGER NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX trade_records_by_id ON trade_records (record_id, kind);
CREATE INDEX trade_records_by_number ON trade_records (number);
CREATE INDEX trade_records_of_trade ON trade_records (trade);
CREATE TABLE trade_parties (
    party TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (party, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE trade_dates (
    record INTEGER NOT NULL, what TEXT NOT NULL, on_date TEXT NOT NULL, PRIMARY KEY (record, what)
) STRICT, WITHOUT ROWID;
CREATE INDEX trade_dates_of_day ON trade_dates (what, on_date);
CREATE TABLE trade_securities (
    subject TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (subject, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE trade_acts (
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL, revision INTEGER NOT NULL, block INTEGER NOT NULL,
    tx_id BLOB NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX trade_acts_of_record ON trade_acts (record, revision);
CREATE VIRTUAL TABLE trade_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);
{invoices.SCHEMA}"""
"""`trade_acts` are those that wrote a version. `trade_securities` says what secures a loan."""
DATES: Final[dict[type, tuple[str, ...]]] = {Declaration: ("lodged_on", "released_on"), TaxAssessment: ("paid_on",)}
"""On which business dates something happened to a record, by the names of its fields."""
_APPLY: Final = """
INSERT INTO trade_records (kind, record_id, number, trade, state, lapses_on, revision, collection, key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (record_id, kind) DO UPDATE SET
    state = excluded.state, lapses_on = excluded.lapses_on, revision = excluded.revision, trade = excluded.trade,
    collection = excluded.collection, key = excluded.key
WHERE excluded.revision >= revision
RETURNING id
"""
_PARTIES_GONE: Final = """
DELETE FROM trade_parties WHERE record = ?1 AND party NOT IN (SELECT value FROM json_each(?2))
"""
_STATE: Final = f"CASE WHEN t.lapses_on <> '' AND t.lapses_on < ?1 THEN 'EXPIRED' ELSE {invoices.STATE} END"
"""The state on a date, as `TradeRecord.has_lapsed` has it."""
_IS_PARTYS: Final = "(?2 = '' OR EXISTS (SELECT 1 FROM trade_parties p WHERE p.party = ?2 AND p.record = t.id))"
_IS_OF_KINDS: Final = "(?8 = '[]' OR t.kind IN (SELECT value FROM json_each(?8)))"
_MAY_SEE: Final = f"{_IS_PARTYS} AND {_IS_OF_KINDS}"
_IN_STATES: Final = f"{_STATE} IN (SELECT value FROM json_each(?10))"  # noqa: S608 - fixed texts
_ON_DAY: Final = "t.id IN (SELECT record FROM trade_dates WHERE what = ?11 AND on_date = ?12)"
_SECURED_BY: Final = """
t.id IN (SELECT record FROM trade_securities WHERE subject IN (SELECT value FROM json_each(?13)))
"""
_HAS_WORDS: Final = "t.id IN (SELECT rowid FROM trade_words WHERE trade_words MATCH ?9)"
_VIEW: Final = f"""
SELECT t.id, t.kind, t.state, {invoices.PAID}, r.block, r.body FROM trade_records t
JOIN records r ON r.collection = t.collection AND r.key = t.key LEFT JOIN invoices i ON i.record = t.id
"""  # noqa: S608 - fixed texts
_VIEW_OF_PARTY: Final = f"""
SELECT t.id, t.kind, t.state, {invoices.PAID}, r.block, r.body FROM trade_parties p
CROSS JOIN trade_records t ON t.id = p.record
JOIN records r ON r.collection = t.collection AND r.key = t.key LEFT JOIN invoices i ON i.record = t.id
"""  # noqa: S608 - fixed texts
_COLUMNS_OF_ACT: Final = "SELECT a.id, t.kind, t.record_id, t.number, a.block, a.tx_id, a.body"
_JOURNAL: Final = "CROSS JOIN journals j ON j.id = a.journal"
_ACTS_OF_RECORDS: Final = (
    f"{_COLUMNS_OF_ACT} FROM trade_records t CROSS JOIN trade_acts a ON a.record = t.id",
    f"{invoices.COLUMNS_OF_ACT} FROM trade_records t CROSS JOIN invoice_payments a ON a.record = t.id {_JOURNAL}",
)
"""They begin with the few records that are asked for: SQLite would rather read all, in the order of the answer."""
_ACTS_IN_ORDER: Final = (
    f"{_COLUMNS_OF_ACT} FROM trade_acts a CROSS JOIN trade_records t ON t.id = a.record",
    f"{invoices.COLUMNS_OF_ACT} FROM invoice_payments a CROSS JOIN trade_records t ON t.id = a.record {_JOURNAL}",
)
_COUNTS: Final = f"""
SELECT {_STATE}, count(*) FROM trade_records t LEFT JOIN invoices i ON i.record = t.id
WHERE {_IS_PARTYS} AND t.kind = ?3 GROUP BY 1
"""  # noqa: S608 - fixed texts
_AT_ONCE: Final = 500
"""How many records are read at once where all are."""
_ACTS: Final = msgspec.json.Decoder(Act)


class TradeView(NamedTuple):
    """A record, and its state on a date; `id` grows with time, `block` is that of its last change."""

    id: int
    kind: str
    state: str
    block: int
    record: TradeRecord[Any]


class ActView(NamedTuple):
    """Something that happened to a record, and where on the ledger; positions rise with time and have gaps."""

    position: int
    kind: str
    record_id: str
    number: str
    block: int
    tx_id: str
    act: Act


def apply(connection: apsw.Connection, tx_id: str, write: FeedWrite, record: TradeRecord[Any], position: int) -> None:
    """Enter a version of a record, and the acts that led to it, the first of them at a position."""
    row = connection.execute(
        _APPLY,
        (
            kind_of(type(record)),
            record.record_id,
            record.number,
            record.trade,
            record.status,
            record.lapses_on,
            record.revision,
            write.collection,
            write.key,
        ),
    ).get
    if row is None:  # another holder's copy, from before it moved on
        return
    connection.execute("DELETE FROM trade_words WHERE rowid = ?", (row,))
    connection.execute("INSERT INTO trade_words (rowid, words) VALUES (?, ?)", (row, trade_words.entered(record)))
    connection.execute(_PARTIES_GONE, (row, msgspec.json.encode(record.parties).decode()))
    connection.executemany(
        "INSERT OR IGNORE INTO trade_parties VALUES (?, ?)", [(party, row) for party in record.parties]
    )
    if isinstance(record, Invoice):
        invoices.apply(connection, row, record)
    if isinstance(record, Financing):
        connection.executemany(
            "INSERT OR IGNORE INTO trade_securities VALUES (?, ?)", [(each.record_id, row) for each in record.subjects]
        )
    connection.executemany(
        "INSERT OR REPLACE INTO trade_dates VALUES (?, ?, ?)",
        [(row, what, getattr(record, what)) for what in DATES.get(type(record), ()) if getattr(record, what)],
    )
    block, first = block_of(position), record.revision - len(record.acts) + 1
    connection.executemany(
        "INSERT OR IGNORE INTO trade_acts VALUES (?, ?, ?, ?, ?, ?)",
        [
            (position + place, row, first + place, block, bytes.fromhex(tx_id), msgspec.json.encode(act))
            for place, act in enumerate(record.acts)
        ],
    )


class Trade:
    """The questions; each raises `LedgerUnreachableError` where the file is damaged.

    `party` (LEI or USCC) narrows an answer to what that firm may see, `kinds` to records of some kinds; without them:
    all that this organisation holds. `on` is the date (UTC) on which the states are told.
    """

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def find(
        self, record_id: str, *, on: str, kind: str = "", party: str = "", kinds: Sequence[str] = ()
    ) -> TradeView | None:
        """Find a record by its name."""
        question = f"{_VIEW} WHERE {_MAY_SEE} AND t.record_id = ?3 AND (?4 = '' OR t.kind = ?4) LIMIT 1"
        rows = self._reader.rows(question, (on, party, record_id, kind, *_UNUSED, _json(kinds)))
        return _view(rows[0], on) if rows else None

    def page(
        self,
        *,
        on: str,
        limit: int,
        after: int = 0,
        newest_first: bool = False,
        kind: str = "",
        state: str = "",
        trade: str = "",
        number: str = "",
        party: str = "",
        text: str = "",
        kinds: Sequence[str] = (),
        states: Sequence[str] = (),
        dated: tuple[str, str] = ("", ""),
        secured_by: Sequence[str] | None = None,
    ) -> list[TradeView]:
        """Give the next records after a row, oldest first unless it is said; what is not named is not asked for.

        `text` has words, all of which a record must have; none has those of a text without a word. `dated` is a field
        of `DATES` and a business date; `secured_by` narrows to loans on any of some records.
        """
        asked = words.phrases(text)
        if text and not asked:
            return []
        named = {
            "t.kind = ?4": kind,
            f"{_STATE} = ?5": state,
            "(t.trade = ?6 OR t.record_id = ?6)": trade,
            "t.number = ?7": number,
            "p.party = ?2": party,
            _IS_OF_KINDS: kinds,
            _HAS_WORDS: asked,
            _IN_STATES: states,
            _ON_DAY: dated[0],
            _SECURED_BY: secured_by is not None,
        }
        place = "p.record" if party else "t.id"
        following = f"{place} {'<' if newest_first else '>'} ?3" if after else "?3 = 0"
        conditions = " AND ".join([following, *(condition for condition, value in named.items() if value)])
        source = _VIEW_OF_PARTY if party else _VIEW
        order = f"{place} {'DESC' if newest_first else 'ASC'}"
        question = f"{source} WHERE {conditions} ORDER BY {order} LIMIT ?14"
        narrowed = (_json(states), *dated, _json(secured_by or ()))
        bindings = (on, party, after, kind, state, trade, number, _json(kinds), asked, *narrowed, limit)
        return [_view(row, on) for row in self._reader.rows(question, bindings)]

    def every(self, **wanted: Any) -> list[TradeView]:
        """Give all records that are wanted (as of `page`), oldest first, however many: what a sum is made of."""
        found: list[TradeView] = []
        while True:
            more = self.page(limit=_AT_ONCE, after=found[-1].id if found else 0, **wanted)
            found += more
            if len(more) < _AT_ONCE:
                return found

    def every_act(self, trade: str, **sees: Any) -> list[ActView]:
        """Tell what happened to all records of a trade (as `timeline`), however much."""
        found: list[ActView] = []
        while True:
            more = self.timeline(trade, after=found[-1].position if found else 0, limit=_AT_ONCE, **sees)
            found += more
            if len(more) < _AT_ONCE:
                return found

    def dated(self, what: str, date: str) -> int:
        """Count the records to which something (`DATES`) happened on a business date."""
        ((number,),) = self._reader.rows(
            "SELECT count(*) FROM trade_dates WHERE what = ? AND on_date = ?", (what, date)
        )
        return int(number)

    def counts(self, kind: str, *, on: str, party: str = "") -> dict[str, int]:
        """Count the records of a kind in each state that any of them is in."""
        return dict(self._reader.rows(_COUNTS, (on, party, kind)))

    def timeline(
        self, trade: str, *, party: str = "", after: int = 0, limit: int = 1000, kinds: Sequence[str] = ()
    ) -> list[ActView]:
        """Tell what happened to all records of a trade (or to one record that is of none), oldest first."""
        question = _merged(_ACTS_OF_RECORDS, f"{_MAY_SEE} AND a.id > ?3 AND (t.trade = ?1 OR t.record_id = ?1)")
        rows = self._reader.rows(f"{question} LIMIT ?4", (trade, party, after, limit, *_UNUSED, _json(kinds)))
        return [_act(row) for row in rows]

    def history(self, record_id: str, *, party: str = "", kinds: Sequence[str] = ()) -> list[ActView]:
        """Tell what happened to one record, oldest first."""
        question = _merged(_ACTS_OF_RECORDS, f"{_MAY_SEE} AND t.record_id = ?1")
        rows = self._reader.rows(question, (record_id, party, None, None, *_UNUSED, _json(kinds)))
        return [_act(row) for row in rows]

    def acts_after(
        self, position: int, *, limit: int, party: str = "", kinds: Sequence[str] = (), until: int = LAST
    ) -> list[ActView]:
        """Give the next acts after a position, on whatever records, oldest first."""
        question = _merged(_ACTS_IN_ORDER, f"{_MAY_SEE} AND a.id > ?1 AND a.id <= ?3")
        rows = self._reader.rows(f"{question} LIMIT ?4", (position, party, until, limit, *_UNUSED, _json(kinds)))
        return [_act(row) for row in rows]

    def last_act(self) -> int:
        """Give the position of the last act, 0 before the first."""
        question = (
            "SELECT coalesce(max(id), 0) FROM trade_acts UNION ALL SELECT coalesce(max(id), 0) FROM invoice_payments"
        )
        return max(int(last) for (last,) in self._reader.rows(question))

    def is_further_back(self, position: int, acts: int, *, before: int) -> bool:
        """Say whether more than so many acts came after a position until another one."""
        question = """
        SELECT id FROM trade_acts WHERE id > ?1 UNION ALL SELECT id FROM invoice_payments WHERE id > ?1
        ORDER BY 1 LIMIT 1 OFFSET ?2
        """
        rows = self._reader.rows(question, (position, acts))
        return bool(rows) and rows[0][0] <= before

    def parties(self, record_id: str, kind: str) -> list[str]:
        """Name the firms (LEI or USCC) that may see a record."""
        question = """
        SELECT p.party FROM trade_records t JOIN trade_parties p ON p.record = t.id WHERE t.record_id = ? AND t.kind = ?
        """
        return [party for (party,) in self._reader.rows(question, (record_id, kind))]


_UNUSED: Final = (None,) * 3
"""The parameters 5 to 7, which lists alone have."""


def _merged(sources: tuple[str, ...], conditions: str) -> str:
    """Ask for acts from where each sort of them stands, in the order of their positions."""
    return " UNION ALL ".join(f"{source} WHERE {conditions}" for source in sources) + " ORDER BY 1"


def _json(kinds: Sequence[str]) -> str:
    return msgspec.json.encode(kinds).decode()


def _view(row: Sequence[Any], on: str) -> TradeView:
    identifier, kind, status, paid_minor, block, body = row
    stored = records.decode(body, private=False)
    assert isinstance(stored, TradeRecord)
    record = invoices.standing(stored, paid_minor)
    state = status if record is stored else record.status
    return TradeView(identifier, kind, EXPIRED if record.has_lapsed(on) else state, block, record)


def _act(row: Sequence[Any]) -> ActView:
    position, kind, record_id, number, block, tx_id, body = row
    return ActView(position, kind, record_id, number, block, tx_id.hex(), _ACTS.decode(body))
