"""Payments by what is in them: words, fields, parties; a page at a time, newest first, and only what the asker may see.

The index of words is made behind the payments, when there is nothing else to do: a bank that settles thousands in a
second must not wait for it. It follows from the payments in their order, so it is the same however it was made.

A page does a bounded amount of work. Where little fits, it may have fewer payments than were asked for and still name
a place to go on from.
"""

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import apsw
import msgspec

from gateway.projection import words
from gateway.projection.queries import SELECT_PAYMENT, PaymentView, Queries
from gateway.projection.store import Reader
from settlement.forms import journals
from settlement.forms.journals import Journal
from settlement.payments.commands import CreditStatus, SubmitPayment
from settlement.payments.payment import SettlementState

STEP: Final = 50
"""How many payments are entered into the index at once: a new block waits for no more than these, in each of the read
models that share a process, and all of those have their turn at the same time. Fewer would cost more each."""
EXAMINED_MAX: Final = 2000
"""How many payments are read for one page."""
SPAN_MAX: Final = 200_000
"""How many payments are passed over for one page, where no word or party narrows them."""

_UNINDEXED: Final = """
SELECT p.id, p.journal, p.entry FROM payments p WHERE p.id > (SELECT coalesce(max(payment), 0) FROM indexed)
ORDER BY p.id LIMIT ?
"""
_INSERT: Final = (
    "INSERT INTO search (rowid, parties, words) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)"
)
_SCANNED: Final = f"""
{SELECT_PAYMENT} FROM payments p JOIN journals j ON j.id = p.journal WHERE p.id > ? AND p.id < ?
"""
_MATCHED: Final = f"""
{SELECT_PAYMENT} FROM search s CROSS JOIN payments p ON p.id = s.rowid JOIN journals j ON j.id = p.journal
WHERE search MATCH ? AND s.rowid > ? AND s.rowid < ?
"""
"""The index comes first in any case: it gives its rows in their order, so that a page needs no more of them."""
_ROWS: Final = msgspec.json.Encoder()


class Index:
    """Makes the index, over the connection that writes."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection: Final = connection
        self._journal: Final = lru_cache(1)(self._unpacked)

    def advance(self) -> bool:
        """Enter the next payments, within a database transaction of the caller's; say whether there were any."""
        waiting: list[tuple[int, int, int]] = list(self._connection.execute(_UNINDEXED, (STEP,)))
        if not waiting:
            self._journal.cache_clear()
            return False
        rows = []
        for payment, journal, entry in waiting:
            command = journals.asked(bytes(self._journal(journal).entries[entry].command))
            assert isinstance(command, SubmitPayment)
            parties = " ".join(sorted(map(words.party_term, words.parties_of(command))))
            rows.append((payment, parties, " ".join(dict.fromkeys(words.terms(words.text_of(command))))))
        self._connection.execute(_INSERT, (_ROWS.encode(rows).decode(),))
        self._connection.execute("INSERT OR REPLACE INTO indexed VALUES (0, ?)", (waiting[-1][0],))
        return True

    def _unpacked(self, journal: int) -> Journal:
        """Give a journal; the last one is kept, for its payments may be more than are entered at once."""
        return journals.unpack(self._connection.execute("SELECT packed FROM journals WHERE id = ?", (journal,)).get)


_RESERVED: Final = "(SELECT payment FROM reservations WHERE ended_at_ms IS NULL)"
_IN_STATE: Final = {
    SettlementState.PENDING: " AND false",
    SettlementState.RESERVED: f" AND p.id IN {_RESERVED}",
    SettlementState.SETTLED: f" AND p.code IS NULL AND p.id NOT IN {_RESERVED}",
    SettlementState.REJECTED: " AND p.code IS NOT NULL",
}
"""What holds of a payment in a state; the read model has none that are pending."""


_IS_OPEN: Final = f"""
{_IN_STATE[SettlementState.SETTLED]}
AND (p.credit IS NULL OR p.credit IN ('{CreditStatus.WAITING}', '{CreditStatus.NOT_POSTED}'))
AND coalesce(p.returned_minor, 0) < p.amount_minor
"""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; what is empty does not narrow. Dates are settlement dates, YYYY-MM-DD, both inclusive.

    `payer` and `payee` are participants, `counterparty` either of them; `parties` are identifiers of customers of whom
    one must be named. `is_open`: its creditor's bank has neither credited nor blocked it, nor sent all of it back.
    `first_block` is the first of the blocks in which it may stand.
    """

    text: str = ""
    parties: tuple[str, ...] | None = None
    payer: str = ""
    payee: str = ""
    counterparty: str = ""
    currency: str = ""
    state: SettlementState | None = None
    credit: CreditStatus | None = None
    code: str = ""
    first_date: str = ""
    last_date: str = ""
    least_minor: int | None = None
    most_minor: int | None = None
    end_to_end_id: str = ""
    is_open: bool = False
    first_block: int | None = None


class Page(NamedTuple):
    """Some payments, newest first; `before` is where the next page begins, None after the last."""

    payments: list[PaymentView]
    before: int | None


class Search:
    """The questions. They may take long, and so are asked from threads, one at a time."""

    def __init__(self, reader: Reader) -> None:
        self._reader: Final = reader
        self._queries: Final = Queries(reader)
        self._lock: Final = threading.Lock()

    def page(
        self,
        wanted: Wanted,
        *,
        may_see: Callable[[SubmitPayment], bool] = lambda _: True,
        before: int | None = None,
        limit: int,
    ) -> Page:
        """Give the next page; raises `LedgerUnreachableError` where the file is damaged."""
        if wanted.parties == () or (wanted.text and not words.runs(wanted.text)):
            return Page([], None)
        question, bindings = _question(wanted)
        with self._lock:
            ceiling = before if before is not None else self._above()
            floor = max(0, ceiling - SPAN_MAX) if question is None else 0
            found: list[PaymentView] = []
            examined = 0
            while ceiling > floor + 1 and examined < EXAMINED_MAX and len(found) < limit:
                rows = self._rows(question, bindings, (floor, ceiling), 2 * limit)
                for view in map(self._queries.shown, rows):
                    examined, ceiling = examined + 1, view.id
                    if _fits(view.command, wanted) and may_see(view.command):
                        found.append(view)
                        if len(found) == limit:
                            break
                else:
                    if len(rows) < 2 * limit:
                        ceiling = floor + 1
            return Page(found, ceiling if ceiling > 1 else None)

    def _above(self) -> int:
        ((last,),) = self._reader.rows("SELECT coalesce(max(id), 0) + 1 FROM payments")
        return int(last)

    def _rows(
        self, question: str | None, bindings: tuple[str, list[Any]], span: tuple[int, int], limit: int
    ) -> list[Any]:
        conditions, values = bindings
        source, asked = (_SCANNED, ()) if question is None else (_MATCHED, (question,))
        return self._reader.rows(f"{source}{conditions} ORDER BY 1 DESC LIMIT ?", (*asked, *span, *values, limit))


_COLUMNS: Final = (
    ("payer", "p.payer = ?"),
    ("payee", "p.payee = ?"),
    ("counterparty", "? IN (p.payer, p.payee)"),
    ("currency", "p.currency = ?"),
    ("credit", "p.credit = ?"),
    ("code", "p.code = ?"),
    ("least_minor", "p.amount_minor >= ?"),
    ("most_minor", "p.amount_minor <= ?"),
    ("first_block", "j.block >= ?"),
)
"""How a field narrows."""


def _question(wanted: Wanted) -> tuple[str | None, tuple[str, list[Any]]]:
    """Give what the index is asked, None where it is not; and conditions with their values."""
    terms = []
    asked = words.question(f"{wanted.text} {wanted.end_to_end_id}")
    if asked:
        terms.append(f"words : ({asked})")
    if wanted.parties is not None:
        named = " OR ".join(f'"{words.party_term(each)}"' for each in wanted.parties)
        terms.append(f"parties : ({named})")
    conditions, values = _conditions(wanted)
    return (" AND ".join(terms) or None), (conditions, values)


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    conditions, values = "", []
    for name, condition in _COLUMNS:
        value = getattr(wanted, name)
        if value not in ("", None):
            conditions += f" AND {condition}"
            values.append(value)
    for date, comparison in ((wanted.first_date, ">="), (wanted.last_date, "<=")):
        if date:
            conditions += f" AND p.on_date {comparison} ?"
            values.append(int(date.replace("-", "")))
    if wanted.state is not None:
        conditions += _IN_STATE[wanted.state]
    if wanted.is_open:
        conditions += _IS_OPEN
    return conditions, values


def _fits(payment: SubmitPayment, wanted: Wanted) -> bool:
    """Look at the payment itself: the index finds all that fit, and may find more."""
    if wanted.end_to_end_id and payment.end_to_end_id != wanted.end_to_end_id:
        return False
    if wanted.text and not words.has_words(payment, wanted.text):
        return False
    return wanted.parties is None or not words.parties_of(payment).isdisjoint(wanted.parties)
