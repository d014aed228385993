"""What an officer signs is what was ordered: a gateway that says another payment gets no signature."""

from typing import Any

import pytest
from msgspec.structs import replace

from gateway.cli import agreed_payments
from gateway.cli.failures import Failure
from gateway.cli.say import Say
from settlement.iso20022 import writing
from settlement.parties import Agent, CashAccount
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.initiation import payment_of
from tests.builders import a_payment, an_instruction

THEIRS = CashAccount(other="ATTACKER-1")
SWAPPED: tuple[dict[str, Any], ...] = (
    {"creditor_account": THEIRS},
    {"amount": "999.99"},
    {"currency": "EUR"},
    {"creditor_agent": Agent(bic="ATTAXXXXXXX")},
    {"creditor_agent_account": THEIRS},
    {"intermediary_agents": (Agent(bic="ATTAXXXXXXX"),)},
    {"remittance": "Else"},
)


@pytest.fixture
def ordered() -> SubmitPayment:
    return a_payment("500.01", created_at="2026-11-23T01:00:00.000Z")


@pytest.mark.parametrize("swapped", SWAPPED, ids=lambda each: next(iter(each)))
def test_a_swapped_field_is_not_signed(ordered: SubmitPayment, swapped: dict[str, Any]) -> None:
    said = replace(ordered, requested_by="f" * 64)
    agreed_payments.require_ordered(said, ordered)
    with pytest.raises(Failure) as raised:
        agreed_payments.require_ordered(replace(said, **swapped), ordered)
    assert raised.value.where in swapped


@pytest.mark.parametrize("swapped", SWAPPED, ids=lambda each: next(iter(each)))
def test_a_document_is_read_again_where_it_is_signed(ordered: SubmitPayment, swapped: dict[str, Any]) -> None:
    document = writing.payment_message(ordered, sent_at="2026-11-23T01:02:03Z")
    said = replace(ordered, requested_by="f" * 64, when_unfunded=WhenUnfunded.REJECT)
    agreed_payments.require_document(said, document, ordered.payer)
    with pytest.raises(Failure) as raised:
        agreed_payments.require_document(replace(said, **swapped), document, ordered.payer)
    assert raised.value.where in swapped


@pytest.mark.parametrize("swapped", SWAPPED[:4], ids=lambda each: next(iter(each)))
def test_a_customers_word_is_kept(swapped: dict[str, Any]) -> None:
    asked, name = an_instruction("500.01"), "0" * 32
    said = payment_of(
        asked,
        uetr=asked.uetr or a_payment().uetr,
        payer="banksh",
        payee="bankist",
        instructing_agent="BKSHCNBJXXX",
        instructed_agent=asked.creditor_agent.bic,
        settlement_date=asked.execution_date,
        message_id=name,
        created_at="2026-11-23T01:02:03Z",
        initiation_id=name,
    )
    agreed_payments.require_initiation(said, asked, name, "banksh")
    with pytest.raises(Failure) as raised:
        agreed_payments.require_initiation(replace(said, **swapped), asked, name, "banksh")
    assert raised.value.where in swapped


def test_account_and_agents_are_shown(ordered: SubmitPayment, capsys: pytest.CaptureFixture[str]) -> None:
    payment = replace(ordered, creditor_account=THEIRS, remittance="Invoice 7")
    agreed_payments.require_agreed(Say(as_json=False), payment, "Sign?", yes=True)
    shown = capsys.readouterr().out
    for word in ("500.01", "ATTACKER-1", payment.creditor.name, payment.creditor_agent.bic, "Invoice 7", payment.uetr):
        assert word in shown
