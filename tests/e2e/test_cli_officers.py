"""What officers ask from the command line: money in and out by two people, days, accounts, organisations."""

import re

import pytest

from tests.e2e.running import ROOT, Terminal, after_all_rates


def _held(terminal: Terminal, bank: str, currency: str) -> int:
    accounts = terminal.json("account", "list", "--at", bank, "--currency", currency)["accounts"]
    return int(accounts[0]["posted_minor"])


def test_an_issuance_needs_two_people(terminal: Terminal) -> None:
    before = _held(terminal, "banksh", "BHD")
    issuance = terminal.json("issuance", "request", "7.500", "BHD", "--at", "banksh")["issuance_id"]
    terminal.run("issuance", "confirm", "banksh", issuance, "--as", "officer-1")
    same = terminal.json("issuance", "approve", "banksh", issuance, "--as", "officer-1", exit_code=1)
    assert same["error"]["code"] == "SAME_SIGNER"
    terminal.run("issuance", "approve", "banksh", issuance, "--as", "officer-2")
    assert _held(terminal, "banksh", "BHD") - before == 7500
    states = {each["issuance_id"]: each["state"] for each in terminal.json("issuance", "list")["issuances"]}
    assert states[issuance] == "ISSUANCE_STATE_ISSUED"


def test_an_issuance_can_be_declined(terminal: Terminal) -> None:
    issuance = terminal.json("issuance", "request", "7.500", "BHD")["issuance_id"]
    terminal.run("issuance", "decline", "banksh", issuance, "--reason", "Not received")
    assert "DECLINED" in terminal.run("issuance", "list").out
    error = terminal.json("issuance", "confirm", "banksh", issuance, exit_code=1)["error"]
    assert error["code"] == "MOVE_NOT_ALLOWED"


def test_a_redemption_ends_with_the_payment_outside(terminal: Terminal) -> None:
    before = _held(terminal, "bankist", "JPY")
    redemption = terminal.json("redemption", "request", "900", "JPY", "--at", "bankist")["redemption_id"]
    terminal.run("redemption", "confirm", "bankist", redemption, "--as", "officer-1")
    told = terminal.run("redemption", "approve", "bankist", redemption, "--as", "officer-2").out
    assert f"Next: waitan redemption paid-out bankist {redemption}" in told
    terminal.run("redemption", "paid-out", "bankist", redemption, "NOSTRO-20261123-7")
    assert before - _held(terminal, "bankist", "JPY") == 900
    assert "PAID_OUT" in terminal.run("redemption", "list", "--at", "bankist").out


@pytest.mark.parametrize("steps", [("decline",), ("confirm", "approve", "failed")])
def test_a_redemption_that_is_not_to_be_is_restored(terminal: Terminal, steps: tuple[str, ...]) -> None:
    before = _held(terminal, "bankist", "JPY")
    redemption = terminal.json("redemption", "request", "50", "JPY", "--at", "bankist")["redemption_id"]
    for step in steps:
        terminal.run("redemption", step, "bankist", redemption)
    assert _held(terminal, "bankist", "JPY") == before


def test_a_bank_officer_does_not_approve(terminal: Terminal) -> None:
    issuance = terminal.json("issuance", "request", "1.000", "BHD")["issuance_id"]
    error = terminal.json("account", "block", "bankist", "BHD", "--at", "banksh", exit_code=1)["error"]
    assert error["code"] == "AG08"
    terminal.run("issuance", "decline", "banksh", issuance)


def test_nothing_is_paid_from_a_blocked_account(terminal: Terminal) -> None:
    """Two supervisors freeze it, and two let it move again: the proposal names the command that confirms it."""
    for words in ("block", "unblock"):
        freeze = ("account", words, "banksh", "JPY", "--reason", "Order 2026-17")
        proposed = terminal.run(*freeze)
        assert f"waitan account {words} banksh JPY --reason 'Order 2026-17' --at regulator" in proposed.out
        error = terminal.json(*freeze, "--as", "supervisor-1", "--confirm", exit_code=1)["error"]
        assert error["code"] == "SAME_SIGNER"
        listed = terminal.json("ruling", "list", "--waiting")["rulings"]
        assert {"banksh", "JPY", "Order 2026-17"} <= set(listed[0].values())
        terminal.run(*freeze, "--confirm")
        if words == "block":
            assert "AC06" in terminal.run("pay", "100", "JPY", exit_code=1).errors
            assert "blocked: Order 2026-17" in terminal.run("account", "list", "--at", "banksh").out
    terminal.run("pay", "100", "JPY")
    assert "Order 2026-17" in terminal.run("ruling", "list").out


def test_what_nobody_has_confirmed_is_taken_back(terminal: Terminal) -> None:
    terminal.run("account", "block", "bankist", "EUR")
    assert "AC06" not in terminal.run("pay", "1.00", "EUR").errors
    assert "is withdrawn" in terminal.run("ruling", "withdraw", "BlockAccount/bankist/EUR").out
    assert terminal.json("account", "block", "bankist", "EUR", "--confirm", exit_code=1)["error"]["code"] == "NOT_FOUND"


def test_anybody_reads_the_rules_for_all(terminal: Terminal) -> None:
    """What is in force, and what waits for a second supervisor."""
    date = after_all_rates(terminal)
    terminal.run("financing", "rate", "90", date)
    for at in ("banksh", "customs"):
        told = terminal.run("ruling", "rules", "--at", at).out
        assert "percent 90" in told
        assert "asked by supervisor-1" in told
    terminal.run("financing", "rate", "90", date, "--confirm")
    assert f"from {date} on 90 %" in terminal.run("ruling", "rules", "--at", "banksh").out
    assert {"effective_from": date, "percent": 90} in terminal.json("ruling", "rules")["advance_rates"]


def test_a_payment_above_the_limit_takes_two_officers(terminal: Terminal) -> None:
    """What a command prints to be copied is the next step; the limit is set and lifted by two as well."""
    told = terminal.run("account", "limit", "EUR", "5.00").out
    assert "waitan account limit EUR 5.00 --at banksh --as officer-2 --confirm" in told
    terminal.run("account", "limit", "EUR", "5.00", "--confirm")
    refused = terminal.json("pay", "5.01", "EUR", exit_code=1)["error"]
    assert (refused["code"], refused["where"]) == ("RELEASE_NEEDED", "amount")
    terminal.run("pay", "5.00", "EUR")
    told = terminal.run("pay", "5.01", "EUR", "--propose").out
    waits = terminal.json("ruling", "list", "--waiting", "--at", "banksh")["rulings"]
    [uetr] = [each["ruling_id"].partition("/")[2] for each in waits if each["command"] == "ProposeRelease"]
    assert f"waitan payment release {uetr} --at banksh --as officer-2" in told
    same = terminal.json("payment", "release", uetr, "--as", "officer-1", exit_code=1)["error"]
    assert same["code"] == "SAME_SIGNER"
    assert "Settled: 5.01 EUR" in terminal.run("payment", "release", uetr).out
    assert terminal.run("payment", "release", uetr, exit_code=2).errors
    terminal.run("account", "limit", "EUR", "none")
    terminal.run("account", "limit", "EUR", "none", "--confirm")
    terminal.run("pay", "5.01", "EUR")
    assert terminal.run("payment", "propose", exit_code=2).errors


def test_an_account_is_opened_once_and_closed_at_zero(terminal: Terminal) -> None:
    assert terminal.json("account", "open", "banksh", "CNY", exit_code=1)["error"]["code"] == "ALREADY_EXISTS"
    assert terminal.json("account", "close", "banksh", "CNY", exit_code=1)["error"]["code"] == "BALANCE_NOT_ZERO"


def test_a_suspended_bank_is_not_paid(terminal: Terminal) -> None:
    """Between its suspension and its end no other test of this process runs."""
    terminal.run("participant", "suspend", "bankist", "--at", "regulator", "--as", "supervisor-1")
    terminal.run("participant", "suspend", "bankist", "--at", "regulator", "--as", "supervisor-2", "--confirm")
    try:
        assert "AG11" in terminal.run("pay", "1.00", "CNY", exit_code=1).errors
        assert "suspended" in terminal.run("participant", "list").out
        assert "suspended" in terminal.run("participant", "show", "bankist").out
    finally:
        terminal.run("participant", "reinstate", "bankist")
        terminal.run("participant", "reinstate", "bankist", "--confirm")
    terminal.run("pay", "1.00", "CNY")
    assert terminal.json("participant", "exit", "bankist", exit_code=1)["error"]["code"] == "BALANCE_NOT_ZERO"


def test_a_day_is_cut_off_closed_and_the_next_one_opened(terminal: Terminal) -> None:
    def day() -> dict[str, str]:
        return next(each for each in terminal.json("day", "list")["days"] if each["currency"] == "EUR")

    terminal.run("day", "cut-off", "--currency", "EUR")
    told = terminal.run("pay", "1.00", "EUR", exit_code=1).errors
    assert told.startswith("Not sent  TM01")
    assert "is over" in told
    file = next((ROOT / "examples" / "day").glob("*-credited-EUR-*.xml"))
    for files in ((file,), (file, file)):
        said = terminal.run("payment", "submit", "--today", *files, exit_code=1)
        assert "waitan day close --currency EUR" in " ".join((said.errors + said.out).split()), said
    opening = re.search(r"waitan day open ([0-9-]+) --currency EUR", " ".join(told.split()))
    assert opening is not None, told
    terminal.run("day", "close", "--currency", "EUR")
    assert day()["state"] == "DAY_STATE_CLOSED"
    earlier = terminal.json("day", "open", "2020-01-01", "--currency", "EUR", exit_code=1)["error"]
    assert earlier["code"] == "DAY_NOT_LATER"
    terminal.run("day", "open", opening[1], "--currency", "EUR")
    terminal.run("pay", "1.00", "EUR")


def test_a_move_of_days_that_stops_tells_which_currency_and_what_was_done(terminal: Terminal) -> None:
    words = ("--currency", "JPY", "--currency", "TRY")
    terminal.run("day", "cut-off", "--currency", "TRY")
    stopped = terminal.json("day", "cut-off", *words, exit_code=1)
    assert stopped["error"]["code"] == "MOVE_NOT_ALLOWED"
    assert stopped["error"]["message"].startswith("TRY: ")
    assert [each["currency"] for each in stopped["days"]] == ["JPY"]
    terminal.run("day", "close", *words)
    told = terminal.run("day", "close", *words, exit_code=1).errors
    assert "JPY: " in told
    assert "Done before it (close): none." in told
    year, rest = terminal.json("day", "list")["days"][-1]["date"].split("-", 1)
    terminal.run("day", "open", f"{int(year) + 1}-{rest.replace('02-29', '02-28')}", *words)


def test_a_new_person_acts_at_once(terminal: Terminal) -> None:
    made = terminal.json("identity", "officer-9", "--at", "banksh")
    assert made["role"] == "bank_officer"
    terminal.run("pay", "3.00", "CNY", "--as", "officer-9")
    assert "officer-9" in terminal.run("participant", "show", "banksh").out
    again = terminal.run("identity", "officer-9", "--at", "banksh", exit_code=2)
    assert "already" in again.errors
