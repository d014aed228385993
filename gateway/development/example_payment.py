"""A payment between the example customers of two banks, with all that a payment needs."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

from gateway.development.customers import customer_of
from gateway.development.members import Profile
from settlement.parties import Agent
from settlement.payments.commands import ChargeBearer, SubmitPayment


class Sum(NamedTuple):
    """An amount with exactly its currency's decimals."""

    amount: str
    currency: str


def payment(payer: Profile, payee: Profile, paid: Sum, *, date: str, text: str) -> SubmitPayment:
    """Make a payment from one bank's customer to another's, named by a new UETR."""
    debtor, creditor = (customer_of(each.participant, each.bic) for each in (payer, payee))
    uetr = str(uuid4())
    return SubmitPayment(
        uetr=uetr,
        payer=payer.participant,
        payee=payee.participant,
        currency=paid.currency,
        amount=paid.amount,
        settlement_date=date,
        message_id=f"PAY-{uetr[:18]}",
        instruction_id=f"PAY-{uetr[:18]}",
        end_to_end_id="NOTPROVIDED",
        charge_bearer=ChargeBearer.SHAR,
        instructing_agent=payer.bic,
        instructed_agent=payee.bic,
        debtor=debtor.party,
        debtor_account=debtor.account,
        debtor_agent=Agent(bic=payer.bic),
        creditor=creditor.party,
        creditor_account=creditor.account,
        creditor_agent=Agent(bic=payee.bic),
        remittance=text,
        created_at=now(),
    )


def now() -> str:
    """This moment, as commands write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
