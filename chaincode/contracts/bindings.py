"""What a payment is bound to beside its two accounts: an initiation, a tax, documents and conditions.

Most payments are bound to nothing, and pay for nothing of this. What binds one is loaded and required before the
payment is decided, and hears of the decision after it, in the same transaction.
"""

from typing import Final, NamedTuple

from chaincode.contracts import awaited_documents, evidence, initiations, tax_assessments, undertakings
from chaincode.contracts.undertakings import NOTHING, Examined
from chaincode.overlay import LedgerTx
from settlement.customs.assessment import TaxAssessment
from settlement.day import BusinessDay
from settlement.errors import Code
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.payments.initiation import Initiation
from settlement.trade.invoice import InvoicePayment


class Bindings(NamedTuple):
    """The initiation that a payment releases, the tax that it pays, and what came of its documents and conditions."""

    initiation: Initiation | None = None
    tax: TaxAssessment | None = None
    examined: Examined = NOTHING

    @property
    def waits(self) -> bool:
        """Whether its conditions are not met yet."""
        return bool(self.examined.waits)

    @property
    def invoices(self) -> tuple[InvoicePayment, ...]:
        """What it pays of which invoices, if it settles."""
        return self.examined.counted.invoices if self.examined.counted is not None else ()


FREE: Final = Bindings()
"""Of a payment that is bound to nothing."""


async def required(tx: LedgerTx, command: SubmitPayment, day: BusinessDay | None) -> Bindings:
    """Load what a payment names; raises `Refusal` where that does not let it pass."""
    initiation = await initiations.require_release(tx, command, day) if command.initiation_id else None
    tax = await tax_assessments.require_payment(tx, command) if command.assessment_id else None
    if command.evidence is None and command.terms is None:
        return FREE if initiation is None and tax is None else Bindings(initiation, tax)
    return Bindings(initiation, tax, await undertakings.examined(tx, command, day))


async def decided(tx: LedgerTx, bound: Bindings, command: SubmitPayment, code: Code | None) -> None:
    """Store that the bank has spoken on an initiation, whatever became of the payment."""
    if bound.initiation is not None:
        await initiations.release(tx, bound.initiation, command, code)


async def settled(tx: LedgerTx, bound: Bindings, command: SubmitPayment) -> None:
    """Store what a settled payment has paid for: a tax, its part of documents' budgets; or let it await them."""
    if bound.tax is not None:
        await tax_assessments.pay(tx, bound.tax, command)
    if bound.examined.counted is not None:
        evidence.store(tx, bound.examined.counted)
    if bound.examined.lacks:
        name = PaymentName(journal=tx.tx_id, uetr=command.uetr)
        await awaited_documents.let_wait(tx, name, command, command.settlement_date)
