"""What an officer signs is what was ordered: a gateway that says another payment gets no signature."""

import os
import pty
import sys
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.cli import agreed_payments
from gateway.cli.completing import Completed
from gateway.cli.failures import Failure
from gateway.cli.say import Say
from settlement.customs.assessment import AssessmentState, TaxAssessment
from settlement.iso20022 import writing
from settlement.parties import Agent, CashAccount
from settlement.payments.commands import RegulatoryReporting, ReportingDetail, SubmitPayment, WhenUnfunded
from settlement.payments.initiation import Instruction, payment_of
from settlement.payments.terms import Terms
from settlement.payments.undertaking import Change, ProposeChange
from tests.builders import TODAY, TOMORROW, a_payment, about, an_instruction
from tests.customs_samples import TERMS
from tests.customs_world import a_tax_payment

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

NO_FACTS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "number",
            "declaration",
            "customs",
            "assessed_on",
            "due_on",
            "exchange_rate",
            "value",
            "duty",
            "vat",
            "total",
            "consumption_tax",
            "late_declaration_fee",
            "tx_id",
        ),
        "",
    ),
    **dict.fromkeys(("firms", "held_by", "acts", "lines"), ()),
    "state": AssessmentState.ASSESSED,
}
"""What of an assessment says nothing about who is paid."""


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


def released(asked: Instruction, name: str) -> SubmitPayment:
    """Say the payment of what a customer has asked for, as its bank's gateway does."""
    return payment_of(
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


def test_what_the_bank_adds_is_what_it_said() -> None:
    """The bank that is paid, and what is reported: both the customer's where the bank says nothing."""
    asked = an_instruction("500.01")
    said, other = released(asked, "0" * 32), "BKDEDEFFXXX"
    reported = (RegulatoryReporting(details=(ReportingDetail(country="CN", code="121010", information=("LINE",)),)),)
    agreed_payments.require_completed(said, asked, Completed())
    completed = Completed(other[:8], ["cn:121010:LINE"])
    agreed_payments.require_completed(
        replace(said, instructed_agent=other, regulatory_reporting=reported), asked, completed
    )
    for wrong, ordered in (
        (replace(said, instructed_agent=other), Completed()),
        (replace(said, regulatory_reporting=reported), Completed()),
        (replace(said, regulatory_reporting=reported), completed),
        (replace(said, instructed_agent=other), completed),
    ):
        with pytest.raises(Failure):
            agreed_payments.require_completed(wrong, asked, ordered)


@pytest.mark.parametrize("said", ["121010", "CN:", ":121010", ""])
def test_a_report_names_a_country_and_a_code(said: str) -> None:
    with pytest.raises(Failure, match="is no report"):
        Completed(reports=[said]).messages()


def test_what_was_said_is_said_again_in_the_words_of_a_shell() -> None:
    words = Completed("BKDEDEFFXXX", ["CN:121010:Two words", "TR:1"]).words()
    assert words == "--instructed-agent BKDEDEFFXXX --report 'CN:121010:Two words' --report TR:1 "
    assert Completed().words() == ""


@pytest.mark.parametrize("swapped", SWAPPED[:4], ids=lambda each: next(iter(each)))
def test_a_customers_word_is_kept(swapped: dict[str, Any]) -> None:
    asked, name = an_instruction("500.01"), "0" * 32
    said = released(asked, name)
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


@pytest.mark.parametrize(
    ("typed", "signs"), [("y\n", True), ("Yes\n", True), ("\n", False), ("no\n", False), ("\x04", False)]
)
def test_a_person_at_a_terminal_is_asked_and_signs_with_a_yes_alone(
    ordered: SubmitPayment, typed: str, signs: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever only presses enter, or ends the input, has signed nothing."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    keyboard, end = pty.openpty()
    try:
        with os.fdopen(end) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            os.write(keyboard, typed.encode())
            told = _refused(lambda: agreed_payments.require_agreed(Say(as_json=False), ordered, "Sign?", yes=False))
            monkeypatch.undo()
    finally:
        os.close(keyboard)
    assert told == ("" if signs else "Nothing was signed.")
    shown = capsys.readouterr().out
    assert "Sign? [y/N]" in shown
    assert ordered.uetr in shown


def test_a_program_is_not_asked(ordered: SubmitPayment, capsys: pytest.CaptureFixture[str]) -> None:
    """It has been given the payment, and so has chosen; for people it is shown all the same."""
    agreed_payments.require_agreed(Say(as_json=True), ordered, "Sign?", yes=False)
    assert capsys.readouterr().out == ""


def _refused(asking: Callable[[], None]) -> str:
    """Give the sentence of the failure in which it ends, empty where it does not."""
    try:
        asking()
    except Failure as failure:
        return failure.sentence
    return ""


def test_other_terms_are_shown_before_they_are_signed() -> None:
    terms = Terms(not_before=TODAY, expires_on=TOMORROW)
    change = about(ProposeChange, a_payment(), "00", change=Change(terms=terms, amount="9.00"))
    shown = " ".join(agreed_payments.facts_of_change(change).values())
    for word in (change.payment.uetr, change.payee, TODAY, TOMORROW, "9.00"):
        assert word in shown


def test_the_tax_of_another_assessment_or_to_another_account_is_not_signed() -> None:
    found = TaxAssessment(**NO_FACTS, record_id="7" * 32, terms=TERMS)
    said = a_tax_payment(found, "9.00")
    agreed_payments.require_tax(said, found, "banksh")
    for swapped in (
        {"assessment_id": "9" * 32},
        {"payee": "bankist"},
        {"creditor_account": THEIRS},
        {"currency": "EUR"},
    ):
        with pytest.raises(Failure) as raised:
            agreed_payments.require_tax(replace(said, **swapped), found, "banksh")
        assert raised.value.where in swapped
