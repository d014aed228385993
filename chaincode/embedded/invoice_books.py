"""What a ledger says was paid of invoices, told twice: by the budgets of the authorities and by the banks' journals.

An invoice is not written anew when it is paid (ADR 0027): its budget counts what was paid of it over all banks, and
each bank concerned is told of its invoices in its journal, from which it reckons how they stand. So in every
transaction a budget must move by what the payments in it say of that invoice, and whoever is told of a payment must be
told the same. (REQUIREMENTS I4, I14)
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from chaincode.port import Place
from settlement.forms.journals import Entry, Event
from settlement.records import Record
from settlement.trade.budgets import Budget
from settlement.trade.invoice import Invoice, InvoiceEvent, InvoicePayment

Told = Mapping[str, Iterable[tuple[Entry, str]]]
"""Each participant's entries in a transaction, with the digest of their command."""


class InvoiceBooks:
    """Follows what was paid of invoices, transaction by transaction; gives what is wrong, in words."""

    def __init__(self) -> None:
        self._paid_minor: Final[dict[str, int]] = {}
        self._invoices: Final[set[str]] = set()

    def enter(self, writes: Sequence[tuple[Place, Record]], told: Told, unseen: frozenset[str]) -> Iterator[str]:
        """Take in one transaction; where something of it was purged, nothing can be said of it."""
        self._invoices.update(record.record_id for _, record in writes if isinstance(record, Invoice))
        moved: Counter[str] = Counter()
        for _, record in writes:
            if isinstance(record, Budget):
                moved[record.record_id] = record.paid_minor - self._paid_minor.get(record.record_id, 0)
                self._paid_minor[record.record_id] = record.paid_minor
        if unseen:
            return
        paid, passed_on = _said(told)
        for (event, _), versions in paid.items():
            if len(versions) > 1:
                yield f"a {event} is told to one bank with other payments of invoices than to another"
        payments = [payment for versions in paid.values() for payment in next(iter(versions))]
        if not passed_on <= set(payments):
            yield "a bank is told of a payment of its invoice that nobody made"
        explained: Counter[str] = Counter()
        for payment in payments:
            sign = -1 if payment.event is InvoiceEvent.REFUNDED else 1
            explained[payment.invoice_id] += sign * payment.amount_minor
        for name in sorted((moved.keys() & self._invoices) | explained.keys()):
            if moved[name] != explained[name]:
                yield (
                    f"the budget of the invoice {name} moved by {moved[name]} minor units, "
                    f"the journals explain {explained[name]}"
                )


def _said(told: Told) -> tuple[dict[tuple[Event, str], set[tuple[InvoicePayment, ...]]], set[InvoicePayment]]:
    """Give what each event says of invoices to its parties, in one version or more, and what is passed on to others."""
    paid: defaultdict[tuple[Event, str], set[tuple[InvoicePayment, ...]]] = defaultdict(set)
    passed_on: set[InvoicePayment] = set()
    for entries in told.values():
        for entry, digest in entries:
            if entry.event is Event.INVOICE_PAID:
                passed_on.update(entry.invoices)
            else:
                paid[entry.event, digest].add(entry.invoices)
    return paid, passed_on
