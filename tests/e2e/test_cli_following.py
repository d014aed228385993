"""Following payments, and taking them as messages, from the command line."""

import json
from pathlib import Path

from settlement.iso20022 import reading
from tests.e2e.running import Terminal


def event_of(terminal: Terminal, uetr: str, *words: str) -> dict[str, str]:
    """Follow events one by one until that of a payment comes; positions grow."""
    position = 0
    while True:
        after = ("--after", str(position), "--count", "1", "--json")
        event: dict[str, str] = json.loads(terminal.run("payment", "watch", *words, *after).out)
        assert int(event["position"]) > position
        if event["uetr"] == uetr:
            return event
        position = int(event["position"])


def test_what_was_settled_is_seen_by_the_payees_bank(terminal: Terminal) -> None:
    uetr = terminal.json("pay", "31.00", "CNY")["uetr"]
    event = event_of(terminal, uetr, "--at", "bankist", "--direction", "incoming")
    assert (event["event"], event["payee"]) == ("EVENT_KIND_PAYMENT_SETTLED", "bankist")


def test_what_happens_is_told_in_lines(terminal: Terminal) -> None:
    uetr = terminal.json("pay", "32.00", "CNY")["uetr"]
    before = str(int(event_of(terminal, uetr, "--at", "banksh")["position"]) - 1)
    told = terminal.run("payment", "watch", "--at", "banksh", "--after", before, "--count", "1").out
    assert f"{uetr}  banksh -> bankist  32.00 CNY  settled" in told


def test_a_direction_that_is_none_is_met_with_those_there_are(terminal: Terminal) -> None:
    ran = terminal.run("payment", "watch", "--direction", "incomming", exit_code=2)
    assert "Did you mean incoming?" in ran.errors


def test_a_payment_is_given_as_the_message_that_it_is(terminal: Terminal, tmp_path: Path) -> None:
    uetr = terminal.json("pay", "33.00", "CNY")["uetr"]
    document = terminal.run("payment", "message", uetr).out
    assert f"<UETR>{uetr}</UETR>" in document
    assert reading.open_message(document.encode())
    file = tmp_path / "status.xml"
    terminal.run("payment", "message", uetr, "--kind", "pacs.002", "--to", str(file))
    assert "<TxSts>ACSC</TxSts>" in file.read_text("utf-8")
    nowhere = terminal.run("payment", "message", uetr, "--to", str(tmp_path / "no" / "x.xml"), exit_code=2)
    assert "cannot be written" in nowhere.errors
