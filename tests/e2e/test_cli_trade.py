"""Two traders make a contract from the command line."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.running import Terminal
from tests.unit.test_certifying import a_request

Served = tuple[Terminal, dict[str, Any]]

EXAMPLE = Path(__file__).parents[2] / "examples" / "trade" / "textiles" / "contract.json"


def _file(directory: Path, **changed: Any) -> tuple[str, str]:
    """Write the example's terms under a number of their own; give the file and the number."""
    number = f"T-{uuid4().hex[:8]}"
    file = directory / f"{number}.json"
    file.write_text(json.dumps({**json.loads(EXAMPLE.read_text()), "number": number, **changed}))
    return str(file), number


def test_a_contract_is_proposed_signed_by_both_and_told(served: Served, tmp_path: Path) -> None:
    """What a command prints to be copied is the next step."""
    terminal, _ = served
    file, number = _file(tmp_path)
    told = terminal.run("contract", "propose", file).out
    listed = terminal.json("trade", "list", "--kind", "contract", "--state", "draft", "--as", "trader-1")["records"]
    name = next(each["record_id"] for each in listed if each["number"] == number)
    for bank in ("banksh", "bankist"):
        assert f"waitan contract sign {name} --at {bank}" in told
        terminal.run("contract", "sign", name, "--at", bank)
    shown = terminal.run("trade", "show", name, "--at", "bankist").out
    assert f"contract {number}  effective" in shown
    assert f"waitan trade timeline {name}" in shown
    acts = terminal.json("trade", "timeline", name)["acts"]
    assert [each["event"] for each in acts] == ["PROPOSED", "SIGNED", "AGREED"]
    lines = terminal.run("trade", "timeline", name).out.splitlines()
    assert all(any(each["at"] in line for line in lines) for each in acts)  # a moment stands on one line
    again = terminal.json("contract", "sign", name, exit_code=1)["error"]
    assert again["code"] == "SAME_SIGNER"


def test_one_more_trader_is_certified_and_sees_its_own_firms_alone(served: Served) -> None:
    terminal, _ = served
    terminal.run("participant", "customer", "5493001KJTIIGC8Y1R12", "Another Co")
    name = f"trader-{uuid4().hex[:6]}"
    words = ("identity", name, "--at", "banksh", "--role", "trader")
    terminal.run(*words, "--party", "5493001KJTIIGC8Y1R12")
    assert terminal.json("trade", "list", "--as", name)["records"] == []


def _in_effect(served: Served, directory: Path) -> str:
    """Bring a contract into effect; give its name."""
    terminal, _ = served
    file, _ = _file(directory)
    name = str(terminal.json("contract", "propose", file)["record_id"])
    for bank in ("banksh", "bankist"):
        terminal.run("contract", "sign", name, "--at", bank)
    return name


def test_an_invoice_is_issued_disputed_credited_and_accepted(served: Served, tmp_path: Path) -> None:
    terminal, _ = served
    bill = {**json.loads((EXAMPLE.parent / "invoice.json").read_text()), "contract_id": _in_effect(served, tmp_path)}
    file = tmp_path / "invoice.json"
    file.write_text(json.dumps(bill))
    name = terminal.json("invoice", "issue", str(file))["record_id"]
    terminal.run("invoice", "dispute", name, "--at", "bankist", "--reason", "Three metres short")
    note = {"type": "invoice-note/1", "number": "CN-1", "invoice_id": name, "kind": "CREN", "issued_on": "2026-11-24"}
    credit = tmp_path / "note.json"
    credit.write_text(json.dumps({**note, "currency": "CNY", "amount": "174.00", "reason": "Three metres short"}))
    assert "Credit note CN-1 is issued" in terminal.run("invoice", "note", str(credit)).out
    terminal.run("invoice", "accept", name, "--at", "bankist")
    shown = terminal.json("trade", "show", name, "--at", "bankist")
    assert [act["event"] for act in shown["acts"]] == ["ISSUED", "DISPUTED", "CREDITED", "ACCEPTED"]
    assert len(terminal.json("trade", "timeline", bill["contract_id"])["acts"]) == 9
    again = terminal.json("invoice", "issue", str(file), exit_code=1)["error"]
    assert again["code"] in ("AM09", "ALREADY_EXISTS")


def test_a_certificate_is_issued_shown_compared_and_revoked(served: Served, tmp_path: Path) -> None:
    """Customs issues it to the seller, who shows it in the trade; the buyer's bank compares its body."""
    terminal, _ = served
    trade = _in_effect(served, tmp_path)
    described = {**json.loads((EXAMPLE.parent / "origin.json").read_text()), "number": f"C-{uuid4().hex[:8]}"}
    file, body = tmp_path / "origin.json", tmp_path / "origin.txt"
    file.write_text(json.dumps(described))
    body.write_bytes((EXAMPLE.parent / "origin.txt").read_bytes())
    customs = ("--at", "customs", "--as", "customs-1")
    name = terminal.json("document", "issue", str(file), "--body", str(body), *customs)["record_id"]
    terminal.run("document", "present", name, "--contract", trade)
    buyers = ("--at", "bankist", "--as", "officer-1")
    assert "It is the document" in terminal.run("document", "verify", name, "--body", str(body), *buyers).out
    body.write_bytes(body.read_bytes() + b" ")
    wrong = terminal.json("document", "verify", name, "--body", str(body), *buyers, exit_code=1)["error"]
    assert wrong["code"] == "NOT_THE_DOCUMENT"
    no_salt = terminal.run("document", "verify", name, "--body", str(body), "--salt", "00", *buyers, exit_code=2)
    assert "This is no salt" in no_salt.errors
    given = terminal.json("document", "transfer", name, "--to", "bankist", exit_code=1)["error"]
    assert given["code"] == "CH17"
    terminal.run("document", "revoke", name, "--reason", "Wrong consignee", *customs)
    assert "revoked" in terminal.run("trade", "show", name, "--at", "bankist", "--as", "officer-1").out
    events = [each["event"] for each in terminal.json("trade", "timeline", trade)["acts"]]
    assert events[-4:] == ["ISSUED", "PRESENTED", "VERIFIED", "REVOKED"]


def test_a_contract_is_amended_and_ended_from_the_command_line(served: Served, tmp_path: Path) -> None:
    terminal, _ = served
    file, number = _file(tmp_path)
    name = terminal.json("contract", "propose", file)["record_id"]
    assert "1,284,000.00 CNY" in terminal.run("contract", "sign", name).out
    terminal.run("contract", "sign", name, "--at", "bankist")
    second = {**json.loads(Path(file).read_text()), "version": 2, "tolerance_pct": 10}
    Path(file).write_text(json.dumps(second))
    assert "Version 2" in terminal.run("contract", "amend", file, "--at", "bankist").out
    terminal.run("contract", "withdraw", name, "--reason", "Not agreed")
    terminal.run("contract", "performed", name)
    terminal.run("contract", "terminate", name, "--at", "bankist", "--reason", "No goods by the date agreed")
    assert f"contract {number}  terminated" in terminal.run("trade", "show", name).out
    acts = terminal.json("trade", "show", name)["acts"]
    last = ["AMENDMENT_PROPOSED", "WITHDRAWN", "PERFORMANCE_CONFIRMED", "TERMINATED"]
    assert [act["event"] for act in acts][-4:] == last


def test_a_request_of_a_browser_is_certified(served: Served, tmp_path: Path) -> None:
    """For the firm that is named; the key stays with whoever made the request."""
    terminal, _ = served
    _, request = a_request("Shen Lihua")
    file, name = tmp_path / "request.pem", f"browser-{uuid4().hex[:6]}"
    file.write_bytes(request)
    words = ("identity", name, "--at", "banksh", "--role", "trader", "--party", "91310101MA1FP2K400")
    made = Path(terminal.json(*words, "--request", str(file))["certificate"])
    assert made.exists()
    assert not made.with_suffix(".key").exists()
    file.write_bytes(request[:100])
    wrong = ("identity", f"{name}-2", *words[2:], "--request", str(file))
    assert "no request for a certificate" in terminal.run(*wrong, exit_code=2).errors


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("identity", "x", "--role", "trader"), "--party"),
        (("identity", "x", "--party", "5493001KJTIIGC8Y1R12"), "--role"),
        (("identity", "x", "--role", "trader", "--party", "5493001KJTIIGC8Y1R13"), "neither a LEI nor a USCC"),
        (("contract", "propose", "no-such-file.json"), "cannot be read"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    assert told in terminal.run(*words, exit_code=2).errors


def test_a_file_that_holds_no_terms_is_refused_before_anything_is_sent(terminal: Terminal, tmp_path: Path) -> None:
    file, _ = _file(tmp_path, law=7)
    assert "no terms of a contract" in terminal.run("contract", "propose", file, exit_code=2).errors
