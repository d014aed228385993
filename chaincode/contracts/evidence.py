"""The documents behind a payment: found in the collections of its banks, and counted in the authorities' budgets."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from chaincode import keys
from chaincode.contracts import trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from settlement.conversion import converted
from settlement.customs.rates import ExchangeHistory, exchange_on
from settlement.payments.commands import SubmitPayment
from settlement.payments.documents import Document, Documents, Kind, with_tolerance
from settlement.payments.evidence import parts_minor, party_id, wanted
from settlement.payments.terms import Evidence, Terms
from settlement.trade import budgets, invoice
from settlement.trade.budgets import Budget
from settlement.trade.invoice import Invoice
from settlement.trade.seen import SOURCES

_REMEMBERED: Final = 4096
"""How many places of budgets are kept made, as those of the documents themselves."""


class Paid(NamedTuple):
    """A payment that pays for documents: between which banks, on which business date, and how much of it is left."""

    evidence: Evidence
    amount: str
    currency: str
    left_minor: int
    payer: str
    payee: str
    on: str
    uetr: str


class Use(NamedTuple):
    """What a payment does to the budget of a document: where that stands, and how it and an invoice stand then."""

    place: Place
    after: Budget
    invoice: Invoice | None = None


def reads(
    evidence: Evidence | None, terms: Terms | None, banks: Iterable[str], secrets: dict[str, bytes]
) -> Iterator[Place]:
    """Give the places of all documents that a payment names, in the collections of both banks."""
    for kind, record_id in wanted(evidence, terms):
        for bank in banks:
            if bank in secrets:
                yield trade_records.place(SOURCES[kind].record, bank, secrets[bank], record_id)


async def documents(
    tx: LedgerTx,
    evidence: Evidence | None,
    terms: Terms | None,
    *,
    banks: tuple[str, str],
    parties: frozenset[str] = frozenset(),
) -> Documents:
    """Load what a payment names, as far as one of its banks holds it and one of its parties has a part in it.

    Without parties, of a payment that has settled: they were asked for then.
    """
    found: dict[str, Document] = {}
    for kind, record_id in dict.fromkeys(wanted(evidence, terms)):
        for bank in banks:
            record = await trade_records.load(tx, SOURCES[kind].record, record_id, held_by=bank)
            if record is None:
                continue
            document = SOURCES[kind].seen(record)
            if not parties or parties & document.parties:
                found[record_id] = document
                break
    contract = found.get(evidence.contract) if evidence else None
    return {record_id: with_tolerance(document, contract) for record_id, document in found.items()}


async def documents_of(tx: LedgerTx, payment: SubmitPayment, terms: Terms | None) -> Documents:
    """Load what a payment names, and what its terms wait for."""
    parties = frozenset({party_id(payment.debtor), party_id(payment.creditor)})
    return await documents(tx, payment.evidence, terms, banks=(payment.payer, payment.payee), parties=parties)


async def used(tx: LedgerTx, paid: Paid, known: Documents) -> tuple[Use, ...]:
    """Count a payment in the budgets of the invoices and declarations that it pays for, and on the invoices.

    AM09 where one has too little left; in a document's own currency, at the rate of the month in which the payment
    settles: RR05 where customs has none.
    """
    uses = []
    for where, record_id, part_minor in parts_minor(paid.evidence, paid.amount, paid.currency, paid.left_minor):
        document = known[record_id]
        place, standing = await budget(tx, document.kind, record_id)
        taken_minor = await _converted(tx, part_minor, paid, document)
        after = budgets.paid(standing, document, taken_minor, payee=paid.payee, at_ms=tx.timestamp_ms, where=where)
        changed = await _invoice(tx, paid, document)
        if changed is not None and taken_minor:
            changed = invoice.paid(changed, taken_minor, await trade_records.actor(tx), uetr=paid.uetr)
        uses.append(Use(place, after, changed))
    return tuple(uses)


async def given_back(tx: LedgerTx, paid: Paid, known: Documents, left_minor: int) -> tuple[Use, ...]:
    """Count that of a payment only so much is left, the rest having been sent back."""
    uses = []
    before = parts_minor(paid.evidence, paid.amount, paid.currency, paid.left_minor)
    after = parts_minor(paid.evidence, paid.amount, paid.currency, left_minor)
    for (_, record_id, had_minor), (_, _, has_minor) in zip(before, after, strict=True):
        document = known.get(record_id)
        if document is None:  # it is no longer there to be paid for
            continue
        place, standing = await budget(tx, document.kind, record_id)
        had = await _converted(tx, had_minor, paid, document)
        back_minor = min(standing.paid_minor, had - await _converted(tx, has_minor, paid, document))
        changed = await _invoice(tx, paid, document)
        if changed is not None and back_minor:
            changed = invoice.refunded(changed, back_minor, await trade_records.actor(tx), uetr=paid.uetr)
        uses.append(Use(place, budgets.given_back(standing, back_minor), changed))
    return tuple(uses)


async def store(tx: LedgerTx, uses: Iterable[Use]) -> None:
    """Write budgets and invoices as they stand after a payment."""
    for use in uses:
        tx.put(use.place, use.after)
        if use.invoice is not None:
            await trade_records.write(tx, use.invoice)


async def _converted(tx: LedgerTx, amount_minor: int, paid: Paid, document: Document) -> int:
    if paid.currency == document.currency:
        return amount_minor
    rates = {
        currency: exchange_on(await tx.get(keys.customs_exchange(currency), ExchangeHistory), currency, paid.on)
        for currency in (paid.currency, document.currency)
    }
    return converted(amount_minor, paid.currency, document.currency, rates)


async def _invoice(tx: LedgerTx, paid: Paid, document: Document) -> Invoice | None:
    """Load the invoice behind a document, None where that is something else; both banks hold the same."""
    if document.kind is not Kind.INVOICE:
        return None
    for bank in (paid.payer, paid.payee):
        found = await trade_records.load(tx, Invoice, document.record_id, held_by=bank)
        if found is not None:
            return found
    return None


@lru_cache(_REMEMBERED)
def _budget_place(secret: bytes, kind: Kind, record_id: str) -> Place:
    return keys.hidden(keys.AUTHORITY, secret, "budget", f"{kind.value}|{record_id}")


async def budget(tx: LedgerTx, kind: Kind, record_id: str) -> tuple[Place, Budget]:
    """Load what is used of a document, and say where that stands."""
    place = _budget_place(await tx.secret(keys.AUTHORITY), kind, record_id)
    return place, await tx.get(place, Budget) or Budget(record_id=record_id)
