"""A bill of lading from the command line: from the carrier to the buyer and back, each with a key of their own."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from settlement.trade.lading import bill as bills
from tests.e2e.running import Terminal
from tests.lading import CARRIER_LEI, SILK, TEKSTIL

Served = tuple[Terminal, dict[str, Any]]

EXAMPLE = Path(__file__).parents[2] / "examples" / "trade" / "textiles" / "bill_of_lading.json"
BUYER = f"{TEKSTIL.identifier}@bankist"


def _file(directory: Path, **changed: Any) -> tuple[str, str]:
    """Write the example's document under a reference of its own; give the file and the bill's id."""
    reference = f"YPL{uuid4().hex[:10]}"
    file = directory / f"{reference}.json"
    data = {**json.loads(EXAMPLE.read_text()), "transportDocumentReference": reference, **changed}
    file.write_text(json.dumps(data, indent=2))
    return str(file), bills.bill_id(CARRIER_LEI, reference, str(changed.get("transportDocumentSubReference", "")))


def _seen(terminal: Terminal, name: str, state: str, at: str = "banksh") -> dict[str, Any]:
    """Look until a gateway has read what another one has answered: each answers when its own organisation has it."""
    for _ in range(200):
        with suppress(AssertionError):  # not there yet
            found: dict[str, Any] = terminal.json("lading", "show", name, "--at", at)
            if found["state"] == f"BILL_STATE_{state}":
                return found
    raise AssertionError(f"never {state} at {at}")


def _issued(terminal: Terminal, directory: Path) -> str:
    file, name = _file(directory)
    told = terminal.run("lading", "draft", file).out
    assert f"waitan lading approve {name} --at banksh" in told
    _seen(terminal, name, "DRAFT")
    assert f"waitan lading issue {name}" in terminal.run("lading", "approve", name).out
    terminal.run("lading", "issue", name)
    _seen(terminal, name, "ISSUED")
    return name


def test_a_bill_is_sold_through_a_bank_and_surrendered(served: Served, tmp_path: Path) -> None:
    terminal, _ = served
    name = _issued(terminal, tmp_path)
    terminal.run("lading", "endorse", name, BUYER)
    terminal.run("lading", "transfer", name, "banksh", "--reason", "collection D/P")
    told = terminal.run("lading", "transfer", name, BUYER, "--as", "officer-1").out
    assert f"Held by {BUYER}. Endorsed to {BUYER}." in told
    terminal.run("lading", "sign", name, "--at", "bankist")
    acts = terminal.json("trade", "timeline", name, "--at", "bankist")["acts"]
    assert [act.get("to") for act in acts if act["event"] == "TRANSFER"][-1] == BUYER
    terminal.run("lading", "surrender", name, "--at", "bankist")
    _seen(terminal, name, "PENDING_SURRENDER_FOR_DELIVERY")
    assert "pending surrender for delivery" in terminal.run("lading", "show", name).out
    terminal.run("lading", "answer", name)
    terminal.run("lading", "deliver", name)
    assert len(_seen(terminal, name, "DELIVERED", "bankist")["links"]) == 7
    used = terminal.json("lading", "transfer", name, BUYER, exit_code=1)["error"]
    assert used["code"] == "MOVE_NOT_ALLOWED"


def test_a_bill_is_proved_to_somebody_else(served: Served, tmp_path: Path) -> None:
    """An envelope that one bank has written is checked by another; a byte that is changed is found."""
    terminal, _ = served
    name = _issued(terminal, tmp_path)
    file = tmp_path / "envelope.json"
    told = terminal.run("lading", "export", name, str(file)).out
    assert f"waitan lading verify {file}" in told
    checked = terminal.run("lading", "verify", str(file)).out
    assert f"Held by {SILK.identifier}@banksh. Endorsed to {SILK.identifier}@banksh." in checked
    assert "The ledger says the same." in checked
    assert "cannot compare" in terminal.run("lading", "verify", str(file), "--at", "bankist").out
    file.write_bytes(file.read_bytes().replace(b"Yangtze Pearl", b"Yangtze Perl"))
    assert terminal.json("lading", "verify", str(file), exit_code=1)["error"]["code"] == "CHAIN_BROKEN"


def test_a_disputed_bill_goes_on_when_two_supervisors_say_so(served: Served, tmp_path: Path) -> None:
    terminal, _ = served
    name = _issued(terminal, tmp_path)
    assert "It stands still." in terminal.run("lading", "dispute", name, "--reason", "our key was stolen").out
    stopped = terminal.json("lading", "transfer", name, BUYER, exit_code=1)["error"]
    assert stopped["code"] == "IN_DISPUTE"
    terminal.run("lading", "rule", name, "release")
    alone = terminal.json("lading", "rule", name, "release", "--confirm", exit_code=1)["error"]
    assert alone["code"] == "SAME_SIGNER"
    terminal.run("lading", "rule", name, "release", "--confirm", "--as", "supervisor-2")
    terminal.run("lading", "transfer", name, BUYER)
    terminal.run("lading", "reject", name, "--at", "bankist")
    assert f"Held by {SILK.identifier}@banksh" in terminal.run("lading", "show", name, "--at", "bankist").out


def test_a_bill_is_amended_or_put_on_paper(served: Served, tmp_path: Path) -> None:
    terminal, _ = served
    name = _issued(terminal, tmp_path)
    terminal.run("lading", "surrender", name, "--amend", "COD")
    terminal.run("lading", "answer", name)
    file, new = _file(tmp_path, transportDocumentSubReference="2")
    terminal.run("lading", "draft", file, "--replaces", name)
    _seen(terminal, new, "DRAFT")
    terminal.run("lading", "approve", new)
    terminal.run("lading", "issue", new)
    assert _seen(terminal, name, "VOIDED")["replaced_by"] == new
    terminal.run("lading", "surrender", new, "--amend", "SWTP")
    assert "issued" in terminal.run("lading", "answer", new, "--reject", "the originals are not printed yet").out
    terminal.run("lading", "surrender", new, "--amend", "SWTP")
    terminal.run("lading", "answer", new)
    terminal.run("lading", "convert", new, "PAPER-1", "--place", "Shanghai", "--on", "2026-11-25")
    assert _seen(terminal, new, "CONVERTED")["paper"]["originals"] == 3


def test_a_draft_is_withdrawn(served: Served, tmp_path: Path) -> None:
    terminal, _ = served
    file, name = _file(tmp_path)
    terminal.run("lading", "draft", file)
    assert "voided" in terminal.run("lading", "void", name, "--reason", "cargo not loaded").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lading", "draft", "no-such-file.json"), "cannot be read"),
        (("lading", "verify", "no-such-file.json"), "cannot be read"),
        (("lading", "transfer", "0" * 32, "123@"), "names nobody"),
        (("lading", "transfer", "0" * 32, "@bankist"), "names nobody"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    assert told in terminal.run(*words, exit_code=2).errors


def test_a_file_that_holds_no_document_is_refused_before_anything_is_sent(terminal: Terminal, tmp_path: Path) -> None:
    file, _ = _file(tmp_path, transportDocumentTypeCode="SWB")
    told = terminal.json("lading", "draft", file, exit_code=2)["error"]
    assert told["code"] == "CH16"
    assert "document.transportDocumentTypeCode" in json.dumps(told)
