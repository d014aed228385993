"""What customers have asked their bank to pay, and the bank has neither released nor declined: a list of its desk."""

from typing import NamedTuple

from gateway.app import Gateway
from gateway.projection.initiations import InitiationView
from settlement.money import for_people as money
from settlement.payments.initiation import InitiationState


class Asked(NamedTuple):
    """What was asked for, as the list shows it: when, by whom, how much to whom, `on` which day, and until when.

    It stands `until` a business date. `facts` is what else an officer looks at, by the keys of words; `name` is it in
    commands.
    """

    at_ms: int
    name: str
    customer: str
    amount: str
    to: str
    on: str
    until: str
    facts: tuple[tuple[str, str], ...]


def waiting(gateway: Gateway, *, limit: int, after: int = 0) -> list[InitiationView]:
    """Give what waits for the bank's answer, the oldest first."""
    return gateway.initiations.page(after=after, limit=limit, state=InitiationState.INITIATED)


def shown(gateway: Gateway, view: InitiationView) -> Asked:
    """Show one."""
    record = view.record
    asked, customer = record.instruction, gateway.queries.customer(view.bank, record.customer)
    account = asked.creditor_account
    facts = (
        ("account", (account.iban or account.other) if account else ""),
        ("payees_bank", asked.creditor_agent.bic),
        ("about", asked.remittance),
        ("reference", asked.end_to_end_id),
    )
    return Asked(
        at_ms=record.initiated_at_ms,
        name=record.initiation_id,
        customer=customer.name if customer else record.customer,
        amount=money(asked.amount, asked.currency),
        to=asked.creditor.name or asked.creditor.any_bic,
        on=asked.execution_date,
        until=record.expires_on,
        facts=tuple((key, value) for key, value in facts if value),
    )
