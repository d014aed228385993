"""Goods come in and go out from the command line: declared, handled, taxed, released."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.running import Terminal

Served = tuple[Terminal, dict[str, Any]]

EXAMPLES = Path(__file__).parents[2] / "examples" / "trade"
NOTICE = EXAMPLES / "customs-notice.json"
HAZELNUTS = EXAMPLES / "hazelnuts" / "declaration.json"
TEXTILES = EXAMPLES / "textiles" / "declaration.json"
TREASURY = ("account", "open", "clearing", "CNY")


def working(terminal: Terminal) -> None:
    """Let customs work, unless an earlier test has seen to it."""
    if terminal.json("customs", "notices")["notices"]:
        return
    terminal.run(*TREASURY)
    told = terminal.run("customs", "announce", NOTICE).out
    assert "waitan customs approve GAC-2026-11 --as customs-2" in told
    mistaken = terminal.json("customs", "approve", "GAC-2026-11", "--as", "customs-1", exit_code=1)
    assert mistaken["error"]["code"] == "SAME_SIGNER"
    terminal.run("customs", "approve", "GAC-2026-11")
    terminal.run("participant", "customer", "91310113MA1GK7T826", "Shanghai Wusong Foods Import Co., Ltd.")


def a_file(directory: Path, example: Path, **changed: Any) -> tuple[Path, str]:
    """Write an example under a number and a transport document of its own."""
    content = json.loads(example.read_text())
    number = f"{content['number'][:9]}{uuid4().int % 10**9:09}"
    file = directory / f"{number}.json"
    file.write_text(json.dumps({**content, "number": number, "transport_document": number, **changed}))
    return file, number


def test_exports_are_declared_assessed_and_released(served: Served, tmp_path: Path) -> None:
    """Free of duty, as the notice says; two officers where the goods were held."""
    terminal, _ = served
    working(terminal)
    file, number = a_file(tmp_path, TEXTILES)
    assert terminal.run("customs", "check", file).out == "In order: 1.\n"
    told = terminal.run("customs", "lodge", file).out
    assert f"waitan customs show {number}" in told
    for words in (("accept",), ("hold", "--reason", "Random check"), ("assess", "--as", "tax-1")):
        terminal.run("customs", words[0], number, *words[1:])
    shown = terminal.run("customs", "show", number).out
    assert f"{number}  HELD" in shown
    assert "customs holds the goods: Random check" in shown
    assert terminal.json("customs", "release", number, exit_code=1)["error"]["code"] == "GOODS_HELD"
    terminal.run("customs", "lift", number, "--reason", "In order")
    assert terminal.json("customs", "release", number, exit_code=1)["error"]["code"] == "SAME_SIGNER"
    terminal.run("customs", "release", number, "--as", "customs-2")
    assert terminal.json("customs", "show", number)["status"] == "RELEASED"


def test_imports_are_inspected_taxed_and_paid_for(served: Served, tmp_path: Path) -> None:
    """What `show` prints to be copied pays the tax."""
    terminal, _ = served
    working(terminal)
    silk = json.loads(TEXTILES.read_text())["declarant"]
    file, number = a_file(tmp_path, HAZELNUTS, declarant=silk)
    terminal.run("customs", "lodge", file)
    terminal.run("customs", "accept", number)
    terminal.run("customs", "inspect", number, "--reason", "Aflatoxin")
    terminal.run("customs", "inspected", number, "--findings", "Below the limit")
    terminal.run("customs", "assess", number)
    shown = terminal.run("customs", "show", number).out
    assert "Duty 121,003.05 CNY, VAT 119,793.02 CNY" in shown
    assert f"waitan customs pay {number} --at banksh" in shown
    for again in ("", " before"):
        assert f"was paid{again} to the treasury" in terminal.run("customs", "pay", number).out
    terminal.run("customs", "claim", number, "100.00", "--reason", "Short-landed")
    assert "declaration.DUTY_PAID" in terminal.run("customs", "refund", number, exit_code=1).errors
    terminal.run("customs", "release", number)
    assert "is granted" in terminal.run("customs", "refund", number).out
    terminal.run("customs", "refund", number, "--decline", "Landed in full")
    terminal.run("customs", "clear", number)
    assert terminal.json("customs", "show", number)["status"] == "CLEARED"


def test_one_of_two_is_refused_and_told(served: Served, tmp_path: Path) -> None:
    """A summary is completed; a faulty file is found before it is lodged, and refused alone where it is lodged."""
    terminal, _ = served
    working(terminal)
    good, number = a_file(tmp_path, TEXTILES, invoices=[])
    wrong, _ = a_file(tmp_path, TEXTILES, port="")
    assert "port" in terminal.run("customs", "check", wrong, exit_code=1).out
    told = terminal.json("customs", "lodge", "--summary", good, wrong, exit_code=1)
    assert [each["code"] for each in told["declarations"]] == ["", "CH21"]
    whole = tmp_path / "whole.json"
    whole.write_text(json.dumps({**json.loads(good.read_text()), "invoices": ["HST-INV-2026-0417"]}))
    terminal.run("customs", "complete", whole)
    terminal.run("customs", "amend", whole, "--reason", "Weighed again")
    terminal.run("customs", "cancel", number, "--reason", "Not shipped", "--at", "banksh", "--as", "trader-1")
    assert terminal.json("customs", "show", number)["status"] == "CANCELLED"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "1"), "18 digits"),
        (("lodge", "no-such-file.json"), "cannot be read"),
        (("announce", str(HAZELNUTS)), "notice"),
        (("guarantee", "224820261000417733", "--reference", "LG-1", "--until", "soon"), "no date"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    assert told in terminal.run("customs", *words, exit_code=2).errors
