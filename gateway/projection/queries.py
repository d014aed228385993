"""Questions to the read model. Each reads one consistent state of it; none asks the ledger."""

from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

import apsw

from settlement.accounts.account import Account
from settlement.forms import journals, records
from settlement.forms.journals import Entry
from settlement.forms.records import Sequence
from settlement.payments.commands import CreditStatus, SubmitPayment
from settlement.payments.payment import STATUS, SettlementState, TransactionStatus
from settlement.records import Record

R = TypeVar("R", bound=Record)

_PAYMENT: Final = """
SELECT p.id, p.payer, p.payee, p.currency, p.amount_minor, p.code, p.credit, p.credit_reason,
       coalesce(p.returned_minor, 0), coalesce(p.duplicate, 0), p.entry, j.tx_id, j.block, j.at_ms, j.packed, p.uetr
FROM payments p JOIN journals j ON j.id = p.journal
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

    @property
    def state(self) -> SettlementState:
        """The first axis."""
        return SettlementState.REJECTED if self.code else SettlementState.SETTLED

    @property
    def status(self) -> TransactionStatus:
        """The ISO 20022 status, with its reason."""
        status, reason = STATUS[self.state, self.credit]
        return TransactionStatus(status, (self.code or self.credit_reason) if reason is None else reason)


class Queries:
    """The questions, over a connection of their own."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection: Final = connection

    def records(self, kind: type[R]) -> list[R]:
        """Give all records of a kind that stand, in key order."""
        rows = self._connection.execute(
            "SELECT body FROM records WHERE kind = ? ORDER BY collection, key", (kind.__name__,)
        )
        return [record for (body,) in rows if isinstance(record := records.decode(body, private=False), kind)]

    def last_sequence(self, organisation: str) -> int:
        """Give the number of an organisation's last list."""
        row = self._connection.execute(
            "SELECT body FROM records WHERE kind = 'Sequence' AND collection = ?", (organisation,)
        ).fetchone()
        found = records.decode(row[0], private=False) if row else None
        return found.number if isinstance(found, Sequence) else 0

    def payment(self, uetr: str) -> PaymentView | None:
        """Find the payment of a UETR; where payers have used one twice, the first."""
        row = self._connection.execute(
            f"{_PAYMENT} WHERE p.uetr = ? AND p.duplicate IS NULL ORDER BY p.id LIMIT 1", (UUID(uetr).bytes,)
        ).fetchone()
        return _view(row) if row else None

    def accounts(self) -> list[Account]:
        """Give all accounts that this organisation may see."""
        return self.records(Account)


def _view(row: tuple[Any, ...]) -> PaymentView:
    (
        identifier,
        payer,
        payee,
        currency,
        amount_minor,
        code,
        credit,
        reason,
        returned,
        duplicate,
        entry,
        tx_id,
        block,
        at_ms,
        packed,
        uetr,
    ) = row
    journal = journals.unpack(packed)
    told = journal.entries[entry]
    command = journals.asked(bytes(told.command))
    assert isinstance(command, SubmitPayment)
    return PaymentView(
        id=identifier,
        uetr=str(UUID(bytes=uetr)),
        payer=payer,
        payee=payee,
        currency=currency,
        amount_minor=amount_minor,
        code=code or "",
        credit=CreditStatus(credit) if credit else None,
        credit_reason=reason or "",
        returned_minor=returned,
        is_duplicate=bool(duplicate),
        tx_id=tx_id.hex(),
        block=block,
        at_ms=at_ms,
        command=command,
        entry=told,
    )
