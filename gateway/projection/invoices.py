"""What payments have paid of invoices: counted from the journals, where each payment says it.

A payment writes no invoice anew (ADR 0027). So an invoice is shown as it stood when somebody last acted on it, with
what was paid of it until now (`settlement.trade.invoice.standing`); and each payment of it is an act in its history.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import apsw
import msgspec

from settlement.parties import Role
from settlement.trade import invoice
from settlement.trade.invoice import Invoice, InvoiceEvent, InvoicePayment
from settlement.trade.record import Act, TradeRecord

SCHEMA: Final = """
CREATE TABLE invoices (
    record INTEGER PRIMARY KEY, settled_minor INTEGER NOT NULL, total_minor INTEGER NOT NULL,
    paid_minor INTEGER NOT NULL DEFAULT 0
) STRICT;
"""
STATE: Final = """
CASE WHEN i.paid_minor IS NULL OR i.paid_minor = i.settled_minor THEN t.state
     WHEN i.paid_minor = i.total_minor THEN 'SETTLED' ELSE 'PARTLY_SETTLED' END
"""
"""The state with what was paid, as `invoice.standing` has it; `t` is the row of the record, `i` its row here if any."""
_ENTER: Final = """
INSERT INTO invoices (record, settled_minor, total_minor) VALUES (?, ?, ?)
ON CONFLICT (record) DO UPDATE SET settled_minor = excluded.settled_minor, total_minor = excluded.total_minor
"""
_PAY: Final = """
UPDATE invoices SET paid_minor = paid_minor + paid.amount_minor
FROM (
    SELECT t.id, sum(value ->> 1) AS amount_minor FROM json_each(?)
    CROSS JOIN trade_records t ON t.record_id = value ->> 0 AND t.kind = 'invoice' GROUP BY t.id
) paid
WHERE invoices.record = paid.id
"""
_ACTS: Final = """
INSERT INTO trade_acts (id, record, block, tx_id, body)
SELECT value ->> 3, t.id, ?2, ?3, CAST(value -> 2 AS BLOB) FROM json_each(?1)
CROSS JOIN trade_records t ON t.record_id = value ->> 0 AND t.kind = 'invoice'
"""


class Told(NamedTuple):
    """What a journal tells of an invoice: who paid or sent back, by which payment, told where."""

    payment: InvoicePayment
    by: str
    uetr: str
    position: int = 0


def told(payment: InvoicePayment, by: str, payer: str, payee: str, uetr: str) -> Told:
    """Say who did it: who asked, or, of what the ledger tells by itself, its payee of a refund and else its payer."""
    return Told(payment, by or (payee if payment.event is InvoiceEvent.REFUNDED else payer), uetr)


def apply(connection: apsw.Connection, row: int, record: Invoice) -> None:
    """Enter a version of an invoice under the row of its record."""
    connection.execute(_ENTER, (row, record.settled_minor, record.total_minor))


def pay(connection: apsw.Connection, block: int, tx_id: str, at_ms: int, told: Sequence[Told]) -> None:
    """Enter what a transaction paid of invoices and sent back; those that are not held here have no row."""
    rows = msgspec.json.encode([_row(each, at_ms) for each in told]).decode()
    connection.execute(_PAY, (rows,))
    connection.execute(_ACTS, (rows, block, bytes.fromhex(tx_id)))


def standing(record: TradeRecord[Any], paid_minor: int | None) -> TradeRecord[Any]:
    """Give a record as it stands with what was paid of it, if it is one that is paid."""
    return invoice.standing(record, paid_minor) if isinstance(record, Invoice) and paid_minor is not None else record


def _row(told: Told, at_ms: int) -> tuple[str, int, Act, int]:
    payment = told.payment
    act = Act(
        event=payment.event.value,
        participant=told.by,
        role=Role.GATEWAY,
        signer="",
        serial="",
        at_ms=at_ms,
        reason=told.uetr,
    )
    sign = -1 if payment.event is InvoiceEvent.REFUNDED else 1
    return payment.invoice_id, sign * payment.amount_minor, act, told.position
