"""What a trader is shown of what it asked for: JSON, or a pain.002 of the whole message."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from gateway.traders.edge import Tagged, same_again
from gateway.traders.views import View
from settlement import canonical, dates
from settlement.iso20022 import customer_status
from settlement.parties import CashAccount
from settlement.payments.initiation import Initiation, InitiationState, status_of, uetr_of
from settlement.payments.payment import TransactionStatus

Told = tuple[Initiation, TransactionStatus]


def as_asked(record: Initiation) -> Initiation:
    """Give an initiation as it was asked for, whatever has become of it: a first answer stays so.

    Without the ledger's time of it, which that answer may come before.
    """
    return replace(
        record,
        state=InitiationState.INITIATED,
        initiated_at_ms=0,
        decided_at_ms=0,
        decided_by="",
        reason="",
        text="",
        payment=None,
        payment_code="",
    )


class InitiationShown(View):
    """What a trader asked for, and how it stands; `uetr` is the payment's once it is released, or the asked one."""

    id: str
    message_id: str
    payment_information_id: str
    end_to_end_id: str
    state: str
    status: str
    currency: str
    amount: str
    execution_date: str
    expires_on: str
    creditor: str
    instruction_id: str = ""
    status_reason: str = ""
    text: str = ""
    debtor_account: str = ""
    creditor_account: str = ""
    creditor_agent: str = ""
    remittance: str = ""
    initiated_at: str = ""
    decided_at: str = ""
    uetr: str = ""


class InitiationsRecorded(View):
    """A message as it was recorded: one initiation for each payment in it, in its order."""

    message_id: str
    initiations: tuple[InitiationShown, ...]


def answer(records: Sequence[Initiation]) -> InitiationsRecorded:
    """Show a message as it was recorded."""
    return InitiationsRecorded(
        message_id=records[0].message_id,
        initiations=tuple(shown(record, status_of(record)) for record in map(as_asked, records)),
    )


def shown(record: Initiation, status: TransactionStatus) -> InitiationShown:
    """Show one."""
    asked, name = record.instruction, record.payment
    return InitiationShown(
        id=record.initiation_id,
        message_id=record.message_id,
        payment_information_id=asked.payment_information_id,
        instruction_id=asked.instruction_id,
        end_to_end_id=asked.end_to_end_id,
        state=record.state.value,
        status=status.status,
        status_reason=status.reason or "",
        text=record.text,
        currency=asked.currency,
        amount=asked.amount,
        execution_date=asked.execution_date,
        expires_on=record.expires_on,
        debtor_account=_number(asked.debtor_account),
        creditor=asked.creditor.name or asked.creditor.any_bic,
        creditor_account=_number(asked.creditor_account),
        creditor_agent=asked.creditor_agent.bic,
        remittance=asked.remittance,
        initiated_at=dates.render(record.initiated_at_ms) if record.initiated_at_ms else "",
        decided_at=dates.render(record.decided_at_ms) if record.decided_at_ms else "",
        uetr=name.uetr if name else asked.uetr,
    )


def report(told: Iterable[Told], *, bank_bic: str, now_ms: int) -> Tagged:
    """Write how the payments of one message stand as pain.002; its tag is that of how they stand."""
    found = list(told)
    first = found[0][0]
    made = customer_status.report_of(
        ((record, status, uetr_of(record) if record.payment else "") for record, status in found),
        message_id=f"{now_ms:x}{first.initiation_id[:20]}",
        created_at=dates.render(now_ms),
        bank_bic=bank_bic,
    )
    always = replace(made, message_id="", created_at="")
    return Tagged(customer_status.write(made), same_again(canonical.encode(always)))


def _number(account: CashAccount | None) -> str:
    return (account.iban or account.other) if account else ""
