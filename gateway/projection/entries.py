"""The lines of an account, each with what stood on it afterwards: read from the journals, kept nowhere else.

What a transaction did to an account begins where the transaction before left it and ends where its balance row says
(gateway.projection.balances); the lines between are the journal's, in its order, and then what moved the account
without a payment. So opening balance and lines always add up to the closing balance (REQUIREMENTS I15).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.projection.balances import NOTHING, AccountView, Balance, Balances
from gateway.projection.days import END, BlockPosition
from gateway.projection.tellers import is_taken
from gateway.projection.timeline import ActView, Timeline
from settlement import money
from settlement.accounts.account import CASH
from settlement.accounts.issuance import Issuance, IssuanceState
from settlement.accounts.redemption import Redemption, RedemptionState
from settlement.forms import journals, records
from settlement.forms.journals import Entry, Event, Journal
from settlement.payments.commands import ReturnPayment, SubmitPayment
from settlement.payments.undertaking import LedgerStatement

if TYPE_CHECKING:  # the store makes the tables
    from gateway.projection.store import Reader

LINES_MAX: Final = 1000
"""The most lines in a page."""

_FUNDING: Final[dict[tuple[str, str], tuple[str, int]]] = {
    ("Issuance", IssuanceState.ISSUED): ("ISSUED", 1),
    ("Redemption", RedemptionState.BURNED): ("REDEEMED", -1),
    ("Redemption", RedemptionState.FAILED): ("RESTORED", 1),
}
"""What moves an account without a payment: the record and the state that it came into, and in which direction."""
_MOVE: Final = (Event.PAYMENT_SETTLED, Event.RESERVATION_SETTLED, Event.PAYMENT_RETURNED)
OTHER: Final = "OTHER"
"""The kind of a line whose cause this read model does not have: what told it has been purged."""

_BALANCES: Final = """
SELECT block, position, at_ms, posted_minor, reserved_minor, journal FROM balances
WHERE account = ?1 AND (block, position) >= (?2, ?3) AND (block, position) < (?4, ?5) ORDER BY block, position LIMIT ?6
"""
_BALANCES_AT_ONCE: Final = 500
_JOURNALS: Final = """
SELECT tx_id, collection, packed FROM journals WHERE id >= ?1 AND id < ?1 + 1000
    AND tx_id = (SELECT tx_id FROM journals WHERE id = ?1) ORDER BY id
"""
"""The journals of a transaction have rows one after the other, and it has no more than there are organisations."""
_JOURNALS_AT_HAND: Final = 8


class Cursor(NamedTuple):
    """A line's place: block, transaction within it, line within that."""

    block: int
    position: int
    line: int


START: Final = Cursor(-1, 0, 0)


class Line(NamedTuple):
    """A movement. Amounts in minor units: `amount_minor` is negative where the account was debited.

    `kind` is an event of a payment, or ISSUED, REDEEMED, RESTORED, OTHER; `reference` names the issuance or redemption
    or the return; `command` is the payment's or return's, None where the ledger settled what was reserved.
    """

    cursor: Cursor
    at_ms: int
    tx_id: str
    kind: str
    amount_minor: int
    balance_minor: int
    uetr: str = ""
    counterparty: str = ""
    reference: str = ""
    command: SubmitPayment | ReturnPayment | None = None
    payer: str = ""


class Entries:
    """The questions of one organisation; each raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader", organisation: str) -> None:
        self._reader: Final = reader
        self._organisation: Final = organisation
        self._balances: Final = Balances(reader)
        self._timeline: Final = Timeline(reader)
        self._at_hand: Final = lru_cache(_JOURNALS_AT_HAND)(self._unpacked)

    def page(
        self, account: AccountView, *, after: Cursor = START, last: BlockPosition = END, limit: int = LINES_MAX
    ) -> list[Line]:
        """Give the next lines after one, before a place on the ledger, oldest first."""
        found = []
        for line in self.lines(account, first=(after.block, after.position), last=last):
            if line.cursor > after:
                found.append(line)
                if len(found) == limit:
                    break
        return found

    def lines(
        self, account: AccountView, *, first: BlockPosition = (-1, 0), last: BlockPosition = END
    ) -> Iterator[Line]:
        """Give all lines from one place on the ledger on, before another, oldest first."""
        before = self._balances.before(account, first) if first != (-1, 0) else NOTHING
        while rows := self._reader.rows(_BALANCES, (account.id, *first, *last, _BALANCES_AT_ONCE)):
            for *row, journal in rows:
                after = Balance(*row)
                yield from self._of_transaction(account, before, after, journal)
                before = after
            first = (before.block, before.position + 1)

    def _of_transaction(self, account: AccountView, before: Balance, after: Balance, journal: int) -> Iterator[Line]:
        standing = before.posted_minor
        moves = self._moves(account, after, journal) if journal and account.kind == CASH else []
        acts = self._timeline.at(after.place) if after.posted_minor - before.posted_minor != _sum(moves) else []
        changed = {(act.kind, act.name): act for act in acts}  # by one command or by several, a record moved money once
        moves += [move for act in changed.values() if (move := self._funding(account, act)) is not None]
        if left := after.posted_minor - before.posted_minor - _sum(moves):
            moves.append(Line(START, after.at_ms, acts[0].tx_id if acts else "", OTHER, left, 0))
        for number, move in enumerate(moves):
            standing += move.amount_minor
            yield move._replace(cursor=Cursor(*after.place, number), balance_minor=standing)

    def _moves(self, account: AccountView, at: Balance, first_journal: int) -> list[Line]:
        """Give what the journals of a transaction say moved on an account."""
        found = []
        told = self._at_hand(first_journal)
        tellers = {collection for _, collection, _ in told}
        for tx_id, collection, journal in told:
            for entry in journal.entries:
                line = _moved(account, entry)
                if line is not None and is_taken(collection, entry.by or line.payer, self._organisation, tellers):
                    found.append(line._replace(at_ms=at.at_ms, tx_id=tx_id))
        return found

    def _unpacked(self, first: int) -> list[tuple[str, str, Journal]]:
        """Give the journals of one transaction: this organisation's, or for an authority those of all who asked."""
        rows = self._reader.rows(_JOURNALS, (first,))
        return [(tx_id.hex(), collection, journals.unpack(packed)) for tx_id, collection, packed in rows]

    def _funding(self, account: AccountView, act: ActView) -> Line | None:
        """Give the line of an issuance or redemption that moved an account."""
        kind, sign = _FUNDING.get((act.kind, act.state), ("", 0))
        if not sign:
            return None
        record = self._record(act)
        if record is None or record.currency != account.currency:
            return None
        own = record.participant == account.participant
        if account.kind == CASH and not own:
            return None
        reference = record.issuance_id if isinstance(record, Issuance) else record.redemption_id
        amount_minor = sign * money.parse(record.amount, record.currency)
        return Line(
            START,
            act.at_ms,
            act.tx_id,
            kind,
            amount_minor if account.kind == CASH else -amount_minor,
            0,
            counterparty="" if own else record.participant,
            reference=reference,
        )

    def _record(self, act: ActView) -> Issuance | Redemption | None:
        rows = self._reader.rows(
            "SELECT r.body FROM acts a JOIN records r ON r.collection = a.collection AND r.key = a.key WHERE a.id = ?",
            (act.position,),
        )
        record = records.decode(rows[0][0], private=False) if rows else None
        return record if isinstance(record, Issuance | Redemption) else None


def _sum(moves: list[Line]) -> int:
    return sum(move.amount_minor for move in moves)


def _moved(account: AccountView, entry: Entry) -> Line | None:
    """Give the line of an event of a journal, None where it did not move the account."""
    if entry.event not in _MOVE:
        return None
    command = journals.asked(bytes(entry.command))
    assert isinstance(command, SubmitPayment | ReturnPayment | LedgerStatement)
    if command.currency != account.currency or account.participant not in (command.payer, command.payee):
        return None
    is_payer = account.participant == command.payer
    is_debit = is_payer is (entry.event is not Event.PAYMENT_RETURNED)
    amount_minor = money.parse(command.amount, command.currency)
    return Line(
        START,
        0,
        "",
        entry.event.value,
        -amount_minor if is_debit else amount_minor,
        0,
        uetr=command.uetr if isinstance(command, SubmitPayment) else command.payment.uetr,
        counterparty=command.payee if is_payer else command.payer,
        reference=command.return_id if isinstance(command, ReturnPayment) else "",
        command=None if isinstance(command, LedgerStatement) else command,
        payer=command.payer,
    )
