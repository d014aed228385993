"""The documents behind a payment: found in the collections of its banks, and counted in the authorities' budgets.

A payment writes no document. What it has paid for each stands in that one's budget, and what it has paid of invoices
is told in the journals, with the payment.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, Self

from chaincode import keys
from chaincode.contracts import trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from settlement import money
from settlement.conversion import converted
from settlement.customs.rates import ExchangeHistory, exchange_on
from settlement.forms.journals import Event
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.payments.documents import OF_BOTH_PARTIES, Documents, Kind, NamedDocument, with_tolerance
from settlement.payments.evidence import parts_minor, party_id, wanted
from settlement.payments.terms import Evidence, Terms
from settlement.payments.undertaking import LedgerStatement
from settlement.trade import budgets, invoice
from settlement.trade.budgets import Budget
from settlement.trade.invoice import InvoicePayment
from settlement.trade.seen import SOURCES


class _Payment(Protocol):
    """A payment that names documents, however far it has come."""

    @property
    def evidence(self) -> Evidence | None: ...
    @property
    def amount(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def payer(self) -> str: ...
    @property
    def payee(self) -> str: ...


class Paid(NamedTuple):
    """A payment that pays for documents: between which banks, on which business date, and how much of it is left."""

    name: PaymentName
    evidence: Evidence
    currency: str
    whole_minor: int
    left_minor: int
    payer: str
    payee: str
    on: str

    @classmethod
    def by(cls, payment: _Payment, name: PaymentName, *, on: str, left_minor: int | None = None) -> Self:
        """Say what a payment pays that settles on a business date; all of it is left unless it is said."""
        assert payment.evidence is not None
        whole_minor = money.parse_exact(payment.amount, payment.currency)
        if left_minor is None:
            left_minor = whole_minor
        banks = payment.payer, payment.payee
        return cls(name, payment.evidence, payment.currency, whole_minor, left_minor, *banks, on)


class Counted(NamedTuple):
    """What a payment does to the documents that it pays for: how their budgets stand then, and what of which invoices.

    `elsewhere`: banks that hold an invoice and have no part in the payment, and what of it was paid.
    """

    paid: Paid
    budgets: tuple[tuple[Place, Budget], ...]
    invoices: tuple[InvoicePayment, ...]
    elsewhere: tuple[tuple[str, InvoicePayment], ...]


def names(evidence: Evidence | None, terms: Terms | None) -> tuple[str, ...]:
    """Name the collection that has the budgets, where a payment names documents."""
    return () if evidence is None and terms is None else (keys.AUTHORITY,)


def reads(
    evidence: Evidence | None, terms: Terms | None, banks: Sequence[str], secrets: dict[str, bytes]
) -> list[Place]:
    """Give the places of all documents that a payment names, and of their budgets.

    What is between debtor and creditor stands with both banks, so the payer's copy will do; of a declaration or a bill
    of lading one bank may hold none.
    """
    found = [
        trade_records.place(SOURCES[kind].record, bank, secrets[bank], record_id)
        for kind, record_id in wanted(evidence, terms)
        for bank in (banks[:1] if kind in OF_BOTH_PARTIES else banks)
        if bank in secrets
    ]
    secret = secrets.get(keys.AUTHORITY)
    if evidence is not None and secret is not None:
        found += [budget_place(secret, Kind.INVOICE, share.record_id) for share in evidence.invoices]
        found += [budget_place(secret, Kind.DECLARATION, share.record_id) for share in evidence.declarations]
    return found


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
    found: dict[str, NamedDocument] = {}
    for kind, record_id in dict.fromkeys(wanted(evidence, terms)):
        source = SOURCES[kind]
        for bank in banks:
            record = await trade_records.glimpse(tx, source, record_id, held_by=bank)
            if record is None:
                continue
            document = source.seen(record)
            if not parties or parties & document.parties:
                found[record_id] = document
                break
    contract = found.get(evidence.contract) if evidence and evidence.declarations else None
    if contract is None:
        return found
    return {record_id: with_tolerance(document, contract) for record_id, document in found.items()}


async def documents_of(tx: LedgerTx, payment: SubmitPayment, terms: Terms | None) -> Documents:
    """Load what a payment names, and what its terms wait for."""
    parties = frozenset({party_id(payment.debtor), party_id(payment.creditor)})
    return await documents(tx, payment.evidence, terms, banks=(payment.payer, payment.payee), parties=parties)


async def used(tx: LedgerTx, paid: Paid, known: Documents) -> Counted:
    """Count a payment in the budgets of the invoices and declarations that it pays for.

    AM09 where one has too little left; in a document's own currency, at the rate of the month in which the payment
    settles: RR05 where customs has none.
    """
    changes = []
    for where, record_id, part_minor in parts_minor(paid.evidence, paid.whole_minor, paid.currency, paid.left_minor):
        document = known[record_id]
        place, standing = await budget(tx, document.kind, record_id)
        taken_minor = part_minor
        if paid.currency != document.currency:
            taken_minor = await _converted(tx, part_minor, paid, document)
        after = budgets.paid(standing, document, taken_minor, payee=paid.payee, at_ms=tx.timestamp_ms, where=where)
        changes.append((document, place, standing, after))
    return _counted(paid, changes)


async def given_back(tx: LedgerTx, paid: Paid, known: Documents, left_minor: int) -> Counted:
    """Count that of a payment only so much is left, the rest having been sent back."""
    changes = []
    before = parts_minor(paid.evidence, paid.whole_minor, paid.currency, paid.left_minor)
    after = parts_minor(paid.evidence, paid.whole_minor, paid.currency, left_minor)
    for (_, record_id, had_minor), (_, _, has_minor) in zip(before, after, strict=True):
        document = known.get(record_id)
        if document is None:  # it is no longer there to be paid for
            continue
        place, standing = await budget(tx, document.kind, record_id)
        had = await _converted(tx, had_minor, paid, document)
        back_minor = min(standing.paid_minor, had - await _converted(tx, has_minor, paid, document))
        changes.append((document, place, standing, budgets.given_back(standing, back_minor)))
    return _counted(paid, changes)


def store(tx: LedgerTx, counted: Counted) -> None:
    """Write budgets as they stand after a payment, and tell those who hold an invoice and have no part in it.

    They are told what of their invoice was paid, and not what the whole payment comes to, nor in which currency.
    """
    for place, after in counted.budgets:
        tx.put(place, after)
    if counted.elsewhere:
        paid = counted.paid
        statement = LedgerStatement(payment=paid.name, payer=paid.payer, payee=paid.payee)
        for bank, change in counted.elsewhere:
            tx.tell(bank, Event.INVOICE_PAID, statement, invoices=(change,))


def _counted(paid: Paid, changes: Sequence[tuple[NamedDocument, Place, Budget, Budget]]) -> Counted:
    invoices, elsewhere = [], []
    for document, _, before, after in changes:
        if document.kind is not Kind.INVOICE:
            continue
        change = invoice.payment_of(document.record_id, before.paid_minor, after.paid_minor, document.limit_minor)
        if change is not None:
            invoices.append(change)
            elsewhere += [(bank, change) for bank in document.told_to if bank not in (paid.payer, paid.payee)]
    stand = tuple([(place, after) for _, place, _, after in changes])
    return Counted(paid, stand, tuple(invoices), tuple(elsewhere))


async def _converted(tx: LedgerTx, amount_minor: int, paid: Paid, document: NamedDocument) -> int:
    if paid.currency == document.currency:
        return amount_minor
    rates = {
        currency: exchange_on(await tx.get(keys.customs_exchange(currency), ExchangeHistory), currency, paid.on)
        for currency in (paid.currency, document.currency)
    }
    return converted(amount_minor, paid.currency, document.currency, rates)


def budget_place(secret: bytes, kind: Kind, record_id: str) -> Place:
    """Say where stands what is used of a document."""
    return keys.hidden_and_kept(keys.AUTHORITY, secret, "budget", f"{kind}|{record_id}")


async def budget(tx: LedgerTx, kind: Kind, record_id: str) -> tuple[Place, Budget]:
    """Load what is used of a document, and say where that stands."""
    place = budget_place(await tx.secret(keys.AUTHORITY), kind, record_id)
    return place, await tx.get(place, Budget) or Budget(record_id=record_id)
