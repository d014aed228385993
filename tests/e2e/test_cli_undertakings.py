"""Conditional payments and loans from the command line."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.e2e.running import Terminal, after_all_rates

Served = tuple[Terminal, dict[str, Any]]


def _open_day(terminal: Terminal) -> date:
    days = terminal.json("day", "list")["days"]
    return date.fromisoformat(next(each["date"] for each in days if each["currency"] == "CNY"))


def _taken_on(terminal: Terminal, amount: str = "120.00") -> str:
    """Let banksh take on a payment that waits until tomorrow."""
    today = _open_day(terminal)
    words = ("undertaking", "take-on", amount, "CNY", "--from", "banksh", "--to", "bankist")
    told = terminal.json(*words, "--not-before", str(today + timedelta(1)), "--expires", str(today + timedelta(30)))
    assert told["result"] == "RESULT_RESERVED"
    return str(told["uetr"])


def test_a_conditional_payment_is_taken_on_changed_by_both_and_settled(served: Served) -> None:
    """What a command prints to be copied is the next step, up to the settlement."""
    terminal, _ = served
    uetr = _taken_on(terminal)
    shown = terminal.run("undertaking", "show", uetr).out
    assert "terms.not_before" in shown
    assert "not met" in shown
    refused = terminal.json("undertaking", "settle", uetr, exit_code=1)["error"]
    assert (refused["code"], refused["where"]) == ("RR04", "terms.not_before")
    assert "undertaking settle" in terminal.run("payment", "show", uetr).out
    terminal.run("undertaking", "propose", uetr, "--amount", "100.00", "--not-before", str(_open_day(terminal)))
    assert f"undertaking accept {uetr}" in terminal.run("undertaking", "show", uetr).out
    terminal.run("participant", "customer", *_beneficiary(), "--at", "bankist")
    terminal.run("undertaking", "accept", uetr, "--at", "bankist")
    terminal.run("undertaking", "settle", uetr, "--at", "bankist")
    told = terminal.json("payment", "show", uetr)
    assert (told["status"], told["reserved_amount"]) == ("ACSC", "100.00")
    assert told["events"][-1]["event"] == "EVENT_KIND_RESERVATION_SETTLED"


def _beneficiary() -> tuple[str, str]:
    from gateway.development.customers import TRADERS

    customer = TRADERS["bankist"].customer
    return customer.identifier, customer.name


def test_what_ends_as_agreed_is_rejected_with_its_reason(served: Served) -> None:
    terminal, _ = served
    uetr = _taken_on(terminal, "7.00")
    terminal.run("participant", "customer", *_beneficiary(), "--at", "bankist")
    terminal.run("undertaking", "propose", uetr, "--ends")
    terminal.run("undertaking", "accept", uetr, "--at", "bankist")
    told = terminal.json("payment", "show", uetr)
    assert (told["status"], told["status_reason"]) == ("RJCT", "DS02")
    assert terminal.json("undertaking", "accept", uetr, "--at", "bankist", exit_code=2)["error"]


def test_what_binds_every_bank_is_proposed_and_confirmed(served: Served) -> None:
    """By two supervisors, who name the very same."""
    terminal, _ = served
    rate = ("financing", "rate", "100", after_all_rates(terminal))
    for words in (rate, ("participant", "require-reports", "2099-01-01")):
        assert terminal.json(*words)["in_force"] is False
        same = terminal.json(*words, "--confirm", "--as", "supervisor-1", exit_code=1)["error"]
        assert same["code"] == "SAME_SIGNER"
        assert terminal.json(*words, "--confirm")["in_force"] is True


def test_a_loan_on_a_document_that_is_not_there_is_not_verified(served: Served) -> None:
    """Applied for by the trader, refused by the ledger, ended by the bank."""
    terminal, _ = served
    number = f"L-{uuid4().hex[:8]}"
    words = ("financing", "apply", number, "10.00", "--on", f"invoice:{'0' * 32}")
    name = str(terminal.json(*words)["record_id"])
    refused = terminal.json("financing", "verify", name, exit_code=1)["error"]
    assert (refused["code"], refused["where"]) == ("NOT_FOUND", "subjects.0")
    assert terminal.json("financing", "reject", name, "--reason", "No such invoice")["state"] == "REJECTED"
    usage = terminal.json("financing", "apply", number, "10.00", "--on", "x", exit_code=2)["error"]
    assert "KIND:ID" in json.dumps(usage)
