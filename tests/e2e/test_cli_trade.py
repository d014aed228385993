"""Two traders make a contract from the command line."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.running import Terminal

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
    again = terminal.json("contract", "sign", name, exit_code=1)["error"]
    assert again["code"] == "SAME_SIGNER"


def test_one_more_trader_is_certified_and_sees_its_own_firms_alone(served: Served) -> None:
    terminal, _ = served
    terminal.run("participant", "customer", "5493001KJTIIGC8Y1R12", "Another Co")
    name = f"trader-{uuid4().hex[:6]}"
    words = ("identity", name, "--at", "banksh", "--role", "trader")
    terminal.run(*words, "--party", "5493001KJTIIGC8Y1R12")
    assert terminal.json("trade", "list", "--as", name)["records"] == []


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
