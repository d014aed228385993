"""The business day of `examples/day`, played: each file's name tells the truth, and the last line counts what was."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.demo.programme import EXAMPLES, Fate, ProgrammeError, read
from tests.e2e.running import ROOT, Terminal

SCENES = read(EXAMPLES)
UNSETTLED = {Fate.REJECTED, Fate.REFUSED}
SHIPMENTS_SETTLED = 3
"""Silk, hazelnuts, and the tax on these."""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The day as it was, for a program."""
    kept = tmp_path_factory.mktemp("day") / "kept"
    told: dict[str, Any] = Terminal(kept).json("demo", "--data", kept)
    return told | {"kept": kept}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The day as a person sees it."""
    return Terminal(tmp_path_factory.mktemp("seen")).start("demo").out.splitlines()


@pytest.mark.parametrize("scene", SCENES, ids=[scene.path.stem for scene in SCENES])
def test_each_files_name_tells_the_truth(day: dict[str, Any], scene: Any) -> None:
    told = next(each for each in day["messages"] if each["file"] == scene.path.name)
    assert (told["fate"], told["reason"]) == (scene.fate.value, scene.reason)


def test_the_day_has_what_a_day_needs() -> None:
    """Enough messages, both ways, in five currencies and more; with and without a header; every bearer of charges."""
    settled = [scene for scene in SCENES if scene.fate not in UNSETTLED]
    assert len(SCENES) >= 40
    assert {scene.currency for scene in settled} == {"BHD", "CNY", "EUR", "JPY", "TRY"}
    assert {scene.payer for scene in settled} == {"BUNDCNSHXXX", "BOSPTRISXXX"}
    assert len({scene.reason for scene in SCENES if scene.fate is Fate.REFUSED}) >= 15
    assert {b"<AppHdr" in scene.document for scene in settled} == {True, False}
    bearers = {re.findall(rb"<ChrgBr>(\w+)</ChrgBr>", scene.document)[0] for scene in settled}
    assert bearers == {b"SHAR", b"CRED", b"DEBT"}


def test_two_shipments_go_from_contract_to_payment(day: dict[str, Any]) -> None:
    """Every step went as it must, those that are refused with the code that must win; each payment settled."""
    _, silk, hazelnuts = day["shipments"]
    for shipment in day["shipments"]:
        assert [step["does"] for step in shipment["steps"] if not step["holds"]] == []
    refused = [{step["code"] for step in shipment["steps"] if step["code"]} for shipment in (silk, hazelnuts)]
    assert refused == [
        {"NOT_FOUND", "NOT_IN_CONTROL"},
        {"AG08", "INSPECTION_OPEN", "TAX_NOT_COVERED"},
    ]
    terminal = Terminal(day["kept"])
    with terminal.up():
        for uetr in silk["payments"] + hazelnuts["payments"]:
            assert terminal.json("payment", "show", uetr, "--at", "clearing")["state"] == "SETTLEMENT_STATE_SETTLED"
        shown = terminal.json("customs", "show", "224820261000417733")
        rejected = terminal.json("trade", "list", "--at", "banksh", "--kind", "declaration", "--state", "rejected")
    assert (shown["status"], shown["owed"]) == ("CLEARED", "0.00")
    assert [each["number"] for each in rejected["records"]] == ["224820261000417734"]


def test_the_last_line_counts_what_was(lines: list[str]) -> None:
    """The numbers are those of the files, whose names are tested above, and of the shipments."""
    fates = Counter(scene.fate for scene in SCENES)
    settled = SHIPMENTS_SETTLED + sum(count for fate, count in fates.items() if fate not in UNSETTLED)
    assert lines[-1] == (
        f"books balance in 5 currencies, {settled} settled, {fates[Fate.REJECTED]} rejected,"
        f" {fates[Fate.REFUSED]} refused, chain verified"
    )
    assert max(map(len, lines[:-1])) <= 80


def test_the_readme_quotes_lines_of_the_day_in_their_order(lines: list[str]) -> None:
    """All but the milliseconds, which are those of some day on some machine."""
    quoted = re.search(r"\$ make demo\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert quoted is not None
    wanted = [_untimed(line) for line in quoted[1].splitlines() if line != "..."]
    assert len(wanted) >= 12
    told = iter([_untimed(line) for line in lines])
    assert [line for line in wanted if line not in told] == []


def _untimed(line: str) -> str:
    """Leave out the last column of what was credited, and in its heading the space for it."""
    return re.sub(r"( ACCC| state) +(?:\d+|ms)$", r"\1", line.rstrip())


def test_the_ledger_of_the_day_is_proved_from_its_files_alone(day: dict[str, Any]) -> None:
    report = Terminal(day["kept"]).json("ledger", "verify", day["kept"])
    fates = day["fates"]
    assert report["sound"] is True
    messages = sum(count for fate, count in fates.items() if fate not in ("rejected", "refused"))
    assert report["settled"] == day["settled"] == messages + SHIPMENTS_SETTLED
    assert report["rejected"] == fates["rejected"]
    assert sorted(report["currencies"]) == day["currencies"]


def test_one_changed_byte_is_found_in_its_block_and_record(tmp_path: Path) -> None:
    told = Terminal(tmp_path).json("demo", "--tamper", exit_code=1)
    assert told["sound"] is False
    problems = " ".join(told["error"]["details"])
    assert re.search(
        r"block \d+, transaction \d+: the value of \w+ journal/[0-9a-f]+ is not what the block says", problems
    )
    assert "the demo changed the byte itself" in told["error"]["do"]


def test_a_kept_day_needs_a_new_directory(day: dict[str, Any]) -> None:
    assert "is not empty" in Terminal(day["kept"]).run("demo", "--data", day["kept"], exit_code=2).errors


def test_a_directory_without_messages_is_no_day(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match="no message files"):
        read(tmp_path)
    (tmp_path / "anything.xml").write_text("<Document/>")
    with pytest.raises(ProgrammeError, match="is named NN-FATE"):
        read(tmp_path)
    assert "waitan demo --files DIR" in Terminal(tmp_path).run("demo", "--files", tmp_path, exit_code=2).errors
