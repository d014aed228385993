"""Above a bank's limit, from the command line: what refuses an act prints the words that propose it, to be copied."""

import shlex
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import ROOT, Terminal
from tests.e2e.test_cli_customs import HAZELNUTS, TEXTILES, a_file, working
from tests.e2e.test_cli_initiations import _asked as asked_by_customer
from tests.e2e.test_cli_undertakings import _beneficiary as beneficiary
from tests.e2e.test_cli_undertakings import _open_day as open_day

Served = tuple[Terminal, dict[str, Any]]

ABOVE = "500.01"


@pytest.fixture
def limited(served: Served) -> Iterator[Terminal]:
    """The paying bank has a limit for CNY while the test runs."""
    terminal, _ = served
    _limit(terminal, "500.00")
    yield terminal
    _limit(terminal, "none")


def _limit(terminal: Terminal, amount: str) -> None:
    for options in ((), ("--confirm",)):
        terminal.run("account", "limit", "CNY", amount, "--at", "banksh", *options)


def _copied(text: str, command: str) -> list[str]:
    """Give the words of a command that was printed to be copied."""
    line = " ".join(text.split()).partition(f"waitan {command}")
    assert line[1], text
    return shlex.split(f"{command}{line[2]}")


def _proposed(terminal: Terminal, *words: str | Path) -> list[str]:
    """Meet the refusal, and do what it says; give the words by which another officer then releases it."""
    error = terminal.json(*words, exit_code=1)["error"]
    assert error["code"] == "RELEASE_NEEDED"
    told, _, proposal = error["do"].partition(": waitan ")
    assert told == "Let one officer propose it"
    told = terminal.run(*shlex.split(proposal)).out
    return _copied(told, "payment release")


def _waits(terminal: Terminal, uetr: str) -> list[dict[str, Any]]:
    found = terminal.json("ruling", "list", "--waiting", "--at", "banksh")["rulings"]
    return [each for each in found if each.get("uetr") == uetr]


def _terms(terminal: Terminal, days: int) -> tuple[str, ...]:
    today: date = open_day(terminal)
    return "--not-before", str(today + timedelta(1)), "--expires", str(today + timedelta(days))


def _taken_on(terminal: Terminal) -> str:
    words = ("undertaking", "take-on", ABOVE, "CNY", "--from", "banksh", "--to", "bankist")
    release = _proposed(terminal, *words, *_terms(terminal, 30))
    assert "Reserved: 500.01 CNY" in terminal.run(*release).out
    return release[2]


def test_a_payment_is_proposed_in_the_words_of_its_refusal(limited: Terminal) -> None:
    """With all that was ordered, and what becomes of it unfunded; it is listed until another officer has signed."""
    release = _proposed(limited, "pay", ABOVE, "CNY", "--for", "Silk & more", "--reject")
    [waits] = _waits(limited, release[2])
    assert (waits["amount"], waits["currency"], waits["proposed_by"]) == (ABOVE, "CNY", "officer-1")
    assert waits["creditor"]
    assert '"when_unfunded":"reject"' in waits["content"]
    assert "Silk & more" in waits["content"]
    assert f"until {waits['expires_on']}" in limited.run("ruling", "list", "--waiting", "--at", "banksh").out
    limited.run(*release)
    assert not _waits(limited, release[2])


def test_a_message_is_proposed_in_the_words_of_its_refusal(limited: Terminal, tmp_path: Path) -> None:
    """One file by its failure, several by a line beneath their table."""
    file = next((ROOT / "examples" / "day").glob("06-*-CNY-*.xml"))
    release = _proposed(limited, "payment", "submit", "--today", file)
    assert "Settled" in limited.run(*release).out
    told = limited.run("payment", "submit", "--today", file, file, exit_code=1).out
    assert "RELEASE_NEEDED" in told
    assert _copied(told, "payment propose")[2] == "--today"


def test_what_a_customer_asked_for_is_proposed_in_the_words_of_its_refusal(limited: Terminal, served: Served) -> None:
    name = asked_by_customer(served, ABOVE)
    report = ("--report", "CN:121010:224820260000391186")
    release = _proposed(limited, "initiation", "release", name, *report, "--at", "banksh")
    assert "Settled" in limited.run(*release).out
    [paid] = limited.json("payment", "show", release[2])["payment"]["regulatory_reporting"]
    assert paid["details"][0]["code"] == "121010"
    assert limited.json("initiation", "show", name)["state"] == "INITIATION_STATE_RELEASED"
    wrong = limited.run("payment", "propose", "--initiation", name, "--today", exit_code=2).errors
    assert "about a file" in wrong
    wrong = limited.run("payment", "propose", "nothing.xml", *report, exit_code=2).errors
    assert "about what a customer has asked for" in wrong


def test_a_conditional_payment_is_taken_on_and_given_other_terms_by_two(limited: Terminal) -> None:
    """Then the beneficiary signs them: three people of two banks."""
    uetr = _taken_on(limited)
    change = ("undertaking", "propose", uetr, *_terms(limited, 20), "--at", "banksh")
    release = _proposed(limited, *change)
    [waits] = _waits(limited, uetr)
    assert waits["command"] == "ProposeChangeRelease"
    assert "other terms: " in " ".join(limited.run("ruling", "list", "--waiting", "--at", "banksh").out.split())
    told = limited.run(*release).out
    accept = _copied(told, "undertaking accept")
    limited.run("participant", "customer", *beneficiary(), "--at", "bankist")
    limited.run(*accept)
    assert limited.json("undertaking", "show", uetr)["terms"]["expires_on"] == change[6]


def test_a_tax_is_proposed_in_the_words_of_its_refusal(limited: Terminal, tmp_path: Path) -> None:
    number = _taxed(limited, tmp_path)
    release = _proposed(limited, "customs", "pay", number)
    assert "Settled: 240,796.07 CNY" in limited.run(*release).out
    assert "was paid before to the treasury" in limited.run("customs", "pay", number).out


def _taxed(terminal: Terminal, directory: Path) -> str:
    """Have goods assessed that owe tax."""
    import json

    working(terminal)
    silk = json.loads(TEXTILES.read_text())["declarant"]
    file, number = a_file(directory, HAZELNUTS, declarant=silk)
    for words in (("lodge", file), ("accept", number), ("inspect", number, "--reason", "Aflatoxin")):
        terminal.run("customs", *words)
    terminal.run("customs", "inspected", number, "--findings", "Below the limit")
    terminal.run("customs", "assess", number)
    return number


def test_no_more_rulings_are_listed_than_are_asked_for(limited: Terminal) -> None:
    """The newest: the limit that the test itself has, before it whatever there was."""
    [newest] = limited.json("ruling", "list", "--limit", "1", "--at", "banksh")["rulings"]
    assert (newest["command"], newest["amount"]) == ("SetReleaseLimit", "500.00")
    assert len(limited.json("ruling", "list", "--limit", "0", "--at", "banksh")["rulings"]) >= 1


def test_what_others_have_written_is_shown_as_it_stands(terminal: Terminal) -> None:
    """Square brackets in a reason mark nothing up, and break nothing."""
    reason = "[/]:bug:"
    terminal.run("account", "block", "bankist", "JPY", "--reason", reason)
    assert reason in terminal.run("ruling", "list", "--waiting").out
    terminal.run("ruling", "withdraw", "BlockAccount/bankist/JPY", "--reason", reason)
