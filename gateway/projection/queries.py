"""Questions to the read model. Each reads one consistent state of it; none asks the ledger."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from gateway.projection import reservations
from gateway.projection.identifications import WINDOW_DAYS
from gateway.projection.positions import ENTRY_BITS, entry_of
from gateway.projection.reservations import Reservation
from gateway.projection.store import Reader
from settlement import identity
from settlement.accounts.account import Account
from settlement.commands import DECODER, Signed
from settlement.forms import journals, records
from settlement.forms.journals import Entry, Event, Journal
from settlement.identity import Signer
from settlement.participants import Customer, Participant
from settlement.payments.commands import CreditStatus, SubmitPayment
from settlement.payments.payment import STATUS, SettlementState, TransactionStatus
from settlement.records import Command, Record

R = TypeVar("R", bound=Record)

_JOURNALS_AT_HAND: Final = 16
"""Journals are read again and again by those who follow events, so the last few stay unpacked."""

SELECT_PAYMENT: Final = """
SELECT p.id, p.uetr, p.payer, p.payee, p.currency, p.amount_minor, coalesce(p.code, ''), p.credit,
       coalesce(p.credit_reason, ''), coalesce(p.returned_minor, 0), coalesce(p.duplicate, 0), p.entry, p.journal,
       j.tx_id, j.block, j.at_ms
"""
_PAYMENT: Final = f"{SELECT_PAYMENT} FROM payments p JOIN journals j ON j.id = p.journal"
_EVENT: Final = """
SELECT e.id, p.uetr, p.payer, p.payee, j.tx_id, j.block, j.at_ms, e.journal, coalesce(p.duplicate, 0)
FROM events e JOIN payments p ON p.id = e.payment JOIN journals j ON j.id = e.journal
"""

_FIRST_FROM: Final = f"""
SELECT e.payment FROM events e JOIN payments p ON p.id = e.payment
WHERE e.id >= ? AND p.journal = e.journal AND p.entry = e.id & {(1 << ENTRY_BITS) - 1} ORDER BY e.id LIMIT 1
"""  # noqa: S608 - a number of ours
"""Of the events, those by which payments came to be."""

_OF_UETR: Final = "p.id IN (SELECT payment FROM uetrs WHERE level IN (0, 1, 2) AND uetr = ?1)"
_USED: Final = """
SELECT p.uetr FROM uetrs CROSS JOIN payments p ON p.id = uetrs.payment
WHERE level IN (0, 1, 2) AND uetrs.uetr IN ({}) AND p.payer = ?
"""
_SENT: Final = """
SELECT digest FROM sent WHERE level IN (0, 1, 2) AND digest IN ({}) AND on_date >=
    coalesce((SELECT on_date FROM business_dates ORDER BY on_date DESC LIMIT 1 OFFSET ?), 0)
"""


class PaymentView(NamedTuple):
    """A payment as the read model knows it; `at_ms` is the time of the transaction that decided it."""

    id: int
    uetr: str
    payer: str
    payee: str
    currency: str
    amount_minor: int
    code: str
    credit: CreditStatus | None
    credit_reason: str
    returned_minor: int
    is_duplicate: bool
    tx_id: str
    block: int
    at_ms: int
    command: SubmitPayment
    entry: Entry
    reservation: Reservation | None = None

    @property
    def state(self) -> SettlementState:
        """The first axis."""
        if self.reservation is not None and self.reservation.stands:
            return SettlementState.RESERVED
        return SettlementState.REJECTED if self.code else SettlementState.SETTLED

    @property
    def settled_on(self) -> str:
        """The business date on which it settled; of one that has not, the date that was asked for."""
        return (self.reservation.settled_on if self.reservation else "") or self.command.settlement_date

    @property
    def status(self) -> TransactionStatus:
        """The ISO 20022 status, with its reason."""
        status, reason = STATUS[self.state, self.credit]
        return TransactionStatus(status, (self.code or self.credit_reason) if reason is None else reason)


class EventView(NamedTuple):
    """Something that happened to a payment. Positions rise, have gaps, and are the same in every read model."""

    position: int
    uetr: str
    payer: str
    payee: str
    tx_id: str
    block: int
    at_ms: int
    entry: Entry
    is_duplicate: bool
    """Whether the payment's UETR had been used by its payer before."""
    certificate: str = ""
    """The fingerprint of the service certificate that signed the asker's list; empty where one is not told."""

    @property
    def kind(self) -> Event:
        """What happened."""
        return self.entry.event

    @property
    def by(self) -> str:
        """The participant that asked."""
        return self.entry.by

    @property
    def command(self) -> Command:
        """What was asked."""
        return journals.asked(bytes(self.entry.command))


class Queries:
    """The questions, over a connection of their own.

    Each raises `LedgerUnreachableError` where the file is damaged.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader: Final = reader
        self._journal: Final = lru_cache(_JOURNALS_AT_HAND)(self._unpacked)

    def records(self, kind: type[R]) -> list[R]:
        """Give all records of a kind that stand, in key order."""
        rows = self._reader.rows("SELECT body FROM records WHERE kind = ? ORDER BY collection, key", (kind.__name__,))
        return [record for (body,) in rows if isinstance(record := records.decode(body, private=False), kind)]

    def last_sequence(self, organisation: str) -> int:
        """Give the number of an organisation's last list."""
        rows = self._reader.rows("SELECT body FROM records WHERE kind = 'Sequence' AND collection = ?", (organisation,))
        found = records.decode(rows[0][0], private=False) if rows else None
        return found.number if isinstance(found, records.Sequence) else 0

    def secret(self, collection: str) -> bytes:
        """Give the secret of a collection; raises `LookupError` where this organisation has not been told one."""
        rows = self._reader.rows("SELECT body FROM records WHERE kind = 'Secret' AND collection = ?", (collection,))
        for (body,) in rows:
            found = records.decode(body, private=False)
            assert isinstance(found, records.Secret)
            return bytes.fromhex(found.value)
        raise LookupError(collection)

    def participants(self) -> dict[str, Participant]:
        """Give the organisations on the ledger by name."""
        return {each.organisation.participant: each for each in self.records(Participant)}

    def accounts(self) -> list[Account]:
        """Give all accounts that this organisation may see."""
        return self.records(Account)

    def customer(self, bank: str, identifier: str) -> Customer | None:
        """Find a customer that a bank has registered, by LEI or USCC."""
        rows = self._reader.rows(
            "SELECT body FROM records INDEXED BY records_by_name"
            " WHERE collection = ? AND kind = 'Customer' AND name = ?",
            (bank, identifier),
        )
        found = records.decode(rows[0][0], private=False) if rows else None
        return found if isinstance(found, Customer) else None

    def payment(self, uetr: str, *, payer: str | None = None, tx_id: str | None = None) -> PaymentView | None:
        """Find the payment of a UETR (of one payer, if named), the first where there are several.

        Of a payer that used the UETR again, the second is found by naming the transaction that holds it.
        """
        rows = self._reader.rows(
            f"{_PAYMENT} WHERE {_OF_UETR} AND (?2 IS NULL OR p.payer = ?2) AND (?3 IS NULL OR j.tx_id = ?3)"
            " ORDER BY p.duplicate, p.id LIMIT 1",
            (UUID(uetr).bytes, payer, None if tx_id is None else bytes.fromhex(tx_id)),
        )
        return self.shown(rows[0]) if rows else None

    def payments(self, uetr: str) -> list[PaymentView]:
        """Give every payment of a UETR, by whomever, first those whose payer had not used it before."""
        rows = self._reader.rows(
            f"{_PAYMENT} WHERE {_OF_UETR} ORDER BY p.duplicate, p.id",
            (UUID(uetr).bytes,),
        )
        return [self.shown(row) for row in rows]

    def events_of(self, payment: int) -> list[EventView]:
        """Give all that happened to a payment (by its row id), in order."""
        return [
            self._event_view(row)
            for row in self._reader.rows(f"{_EVENT} WHERE e.payment = ? ORDER BY e.id", (payment,))
        ]

    def events_after(
        self, position: int, *, limit: int, payer: str | None = None, payee: str | None = None
    ) -> list[EventView]:
        """Give the next events after a position, of the payments of one payer or payee if named."""
        rows = self._reader.rows(
            f"{_EVENT} WHERE e.id > ?1 AND (?2 IS NULL OR p.payer = ?2) AND (?3 IS NULL OR p.payee = ?3)"
            " ORDER BY e.id LIMIT ?4",
            (position, payer, payee, limit),
        )
        return [self._event_view(row) for row in rows]

    def signer(self, event: EventView) -> Signer | None:
        """Say who signed for an event: the person where one did, else the service of the organisation that asked.

        None where this organisation is not told.
        """
        asked = DECODER.decode(bytes(event.entry.command))
        if isinstance(asked, Signed):
            return identity.named(asked.certificate)
        rows = self._reader.rows(
            "SELECT body FROM records WHERE collection = ? AND kind = 'Certificate'",
            (event.by if event.certificate else "",),
        )
        for (body,) in rows:
            found = records.decode(body, private=False)
            if isinstance(found, records.Certificate) and sha256(found.der).hexdigest() == event.certificate:
                return identity.named(found.der)
        return None

    def last_position(self) -> int:
        """Give the position of the last event, 0 before the first."""
        ((last,),) = self._reader.rows("SELECT coalesce(max(id), 0) FROM events")
        return int(last)

    def place_of(self, payment: int) -> int:
        """Give the position of the first event of a payment (by its row id): that is so in every read model."""
        ((first,),) = self._reader.rows("SELECT min(id) FROM events WHERE payment = ?", (payment,))
        return int(first)

    def first_from(self, position: int) -> int | None:
        """Give the row id of the first payment that is at a position or after it; None after the last.

        The payment at the position itself may have been purged, and so be in this read model no more.
        """
        rows = self._reader.rows(_FIRST_FROM, (position,))
        return int(rows[0][0]) if rows else None

    def is_further_back(self, position: int, events: int, *, before: int) -> bool:
        """Say whether more than so many events came after a position until another one."""
        rows = self._reader.rows("SELECT id FROM events WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", (position, events))
        return bool(rows) and rows[0][0] <= before

    def used(self, payer: str, uetrs: Sequence[str]) -> set[str]:
        """Say which of some UETRs a payer has used."""
        if not uetrs:
            return set()
        rows = self._reader.rows(
            _USED.format(_marks(len(uetrs))),
            (*(bytes.fromhex(uetr.replace("-", "")) for uetr in uetrs), payer),
        )
        return {str(UUID(bytes=uetr)) for (uetr,) in rows}

    def sent_lately(self, digests: Sequence[int]) -> set[int]:
        """Say which identifications (by digest) this organisation used within its last ten business days."""
        rows = self._reader.rows(_SENT.format(_marks(len(digests))), (*digests, WINDOW_DAYS - 1))
        return {digest for (digest,) in rows}

    def _unpacked(self, journal: int) -> Journal:
        ((packed,),) = self._reader.rows("SELECT packed FROM journals WHERE id = ?", (journal,))
        return journals.unpack(packed)

    def shown(self, row: Sequence[Any]) -> PaymentView:
        """Make a view of the columns of a payment."""
        identifier, uetr, payer, payee, currency, amount_minor, code, credit, *rest = row
        reason, returned, duplicate, entry, journal, tx_id, block, at_ms = rest
        told = self._journal(journal).entries[entry]
        command = journals.asked(bytes(told.command))
        assert isinstance(command, SubmitPayment)
        reservation = None if command.terms is None else reservations.of(self._reader, identifier)
        return PaymentView(
            id=identifier,
            uetr=str(UUID(bytes=uetr)),
            payer=payer,
            payee=payee,
            currency=currency,
            amount_minor=reservation.amount_minor if reservation else amount_minor,
            code=code,
            credit=CreditStatus(credit) if credit else None,
            credit_reason=reason,
            returned_minor=returned,
            is_duplicate=bool(duplicate),
            tx_id=tx_id.hex(),
            block=block,
            at_ms=(reservation.ended_at_ms if reservation else 0) or at_ms,
            command=command,
            entry=told,
            reservation=reservation,
        )

    def _event_view(self, row: Sequence[Any]) -> EventView:
        position, uetr, payer, payee, tx_id, block, at_ms, journal_id, duplicate = row
        journal = self._journal(journal_id)
        entry = journal.entries[entry_of(position)]
        return EventView(
            position=position,
            uetr=str(UUID(bytes=uetr)),
            payer=payer,
            payee=payee,
            tx_id=tx_id.hex(),
            block=block,
            at_ms=at_ms,
            entry=entry,
            is_duplicate=bool(duplicate),
            certificate=journal.lists[entry.list_index].certificate if entry.list_index >= 0 else "",
        )


def _marks(count: int) -> str:
    return ", ".join("?" * count)
