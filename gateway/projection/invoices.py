"""What payments have paid of invoices: a small row for each, from the journals, where each payment says it.

A payment writes no invoice anew (ADR 0027). So an invoice is shown as it stood when somebody last acted on it, with
what was paid of it until now (`settlement.trade.invoice.standing`); and each payment of it is an act in its history.
Sums and acts are made from these rows when they are asked for: invoices are paid far more often than looked at, and
every read model of a payment enters what it paid.
"""

from collections.abc import Sequence
from typing import Any, Final

import apsw
import msgspec

from settlement.parties import Role
from settlement.trade import invoice
from settlement.trade.invoice import Invoice, InvoiceEvent, InvoicePayment
from settlement.trade.record import TradeRecord

SCHEMA: Final = """
CREATE TABLE invoices (record INTEGER PRIMARY KEY, settled_minor INTEGER NOT NULL, total_minor INTEGER NOT NULL) STRICT;
CREATE TABLE invoice_payments (
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL, paid_minor INTEGER NOT NULL, event TEXT NOT NULL,
    by TEXT NOT NULL, uetr TEXT NOT NULL, journal INTEGER NOT NULL
) STRICT;
CREATE INDEX invoice_payments_of_record ON invoice_payments (record, paid_minor);
"""
"""`id` is the position of the act, `paid_minor` negative for what was sent back."""
_SUM: Final = "coalesce((SELECT sum(paid_minor) FROM invoice_payments WHERE record = i.record), 0)"
PAID: Final = f"iif(i.record IS NULL, NULL, {_SUM})"
"""What has been paid of an invoice; NULL of what is none. `i` is the row here if any."""
STATE: Final = f"""
iif(i.record IS NULL, t.state, CASE {_SUM}
    WHEN i.settled_minor THEN t.state WHEN i.total_minor THEN 'SETTLED' ELSE 'PARTLY_SETTLED' END)
"""
"""The state with what was paid, as `invoice.standing` has it; `t` is the row of the record."""
COLUMNS_OF_ACT: Final = f"""
SELECT a.id, t.kind, t.record_id, t.number, j.block, j.tx_id, json_object(
    'at_ms', j.at_ms, 'event', a.event, 'participant', a.by, 'reason', a.uetr,
    'role', '{Role.GATEWAY}', 'serial', '', 'signer', ''
)
"""
"""A payment as an act on its invoice; `a` is its row, `j` its journal."""
_ENTER: Final = """
INSERT INTO invoices VALUES (?, ?, ?)
ON CONFLICT (record) DO UPDATE SET settled_minor = excluded.settled_minor, total_minor = excluded.total_minor
"""
_PAY: Final = """
INSERT INTO invoice_payments (id, record, paid_minor, event, by, uetr, journal)
SELECT value ->> 0, t.id, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?)
CROSS JOIN trade_records t ON t.record_id = value ->> 1 AND t.kind = 'invoice'
"""

Told = tuple[int, str, int, str, str, str, int]
"""What a journal tells of an invoice: position of the act, the invoice, minor units paid, what that was to it, by whom,
the payment's UETR, and the row of the journal."""


def told(payment: InvoicePayment, by: str, payer: str, payee: str, uetr: str, *, position: int, journal: int) -> Told:
    """Say who did it: who asked, or, of what the ledger tells by itself, its payee of a refund and else its payer."""
    is_refund = payment.event is InvoiceEvent.REFUNDED
    paid_minor = -payment.amount_minor if is_refund else payment.amount_minor
    who = by or (payee if is_refund else payer)
    return position, payment.invoice_id, paid_minor, payment.event.value, who, uetr, journal


def apply(connection: apsw.Connection, row: int, record: Invoice) -> None:
    """Enter a version of an invoice under the row of its record."""
    connection.execute(_ENTER, (row, record.settled_minor, record.total_minor))


def pay(connection: apsw.Connection, told: Sequence[Told]) -> None:
    """Enter what a transaction paid of invoices and sent back; those that are not held here have no row."""
    connection.execute(_PAY, (msgspec.json.encode(told).decode(),))


def standing(record: TradeRecord[Any], paid_minor: int | None) -> TradeRecord[Any]:
    """Give a record as it stands with what was paid of it, if it is one that is paid."""
    return invoice.standing(record, paid_minor) if isinstance(record, Invoice) and paid_minor is not None else record
