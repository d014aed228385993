"""What a new user gets wrong, and what is said then: the exit code, and words that help."""

from pathlib import Path

import pytest

from tests.e2e.running import Terminal

UETR = "4faf2ebc-6fa6-454e-a7c3-d46b917544d7"
MISTAKES = [
    (("pay", "1000", "CNY"), 2, "Write 1000.00."),
    (("pay", "1,000.00", "CNY"), 2, "Write 1000.00."),
    (("pay", "5,00", "CNY"), 2, "Write 5.00, or 500.00."),
    (("pay", "-5.00", "CNY"), 2, "Write 5.00."),
    (("pay", "10.00", "JPY"), 2, "Write 10."),
    (("pay", "10.005", "CNY"), 2, "CNY has 2 decimals"),
    (("pay", "ten", "CNY"), 2, "Write digits and a point"),
    (("pay", "0.00", "CNY"), 2, "nothing to pay"),
    (("pay", "10.00", "CNX"), 2, "Did you mean CNY?"),
    (("pay", "1", "XAU"), 2, "no minor unit"),
    (("pay", "CNY", "10.00"), 2, "Write the amount first"),
    (("pay", "10.00", "CNY", "--from", "bankshh"), 2, "Did you mean banksh?"),
    (("pay", "10.00", "CNY", "--to", "clearing"), 2, "The banks are: banksh, bankist."),
    (("pay", "10.00", "CNY", "--to", "banksh"), 2, "Name two"),
    (("pay", "10.00", "CNY", "--as", "oficer-1"), 2, "Did you mean officer-1?"),
    (("pay", "10.00", "USD"), 2, "It settles BHD, CNY, EUR, JPY, TRY."),
    (("pay", "99999999999.00", "CNY"), 1, "waitan issuance request"),
    (("day", "cut-off", "--currency", "USD"), 2, "It settles"),
    (("payment", "show", "nonsense"), 2, "36 characters"),
    (("payment", "submit", "nowhere.xml"), 2, "No such file"),
    (
        ("payment", "confirm", "4faf2ebc-6fa6-454e-a7c3-d46b917544d7", "--status", "creditted"),
        2,
        "Did you mean credited?",
    ),
    (("day", "open", "2026-13-01"), 2, "Write year, month and day"),
    (("participant", "show", "nobody"), 2, "There are: clearing, regulator, customs, banksh, bankist."),
    (("identity", "Officer 9"), 2, "lower-case"),
    (("identity", "x", "--role", "supervisor"), 2, "bank_officer, gateway, trader"),
    (("token", "--at", "customs", "--customer", "x"), 2, "has no customers"),
    (("token", "--at", "clearing", "--customer", "x"), 2, "has no customers"),
    (("token", "--staff", "--customer", "x"), 2, "Leave out"),
    (("why", "AM4"), 2, "AM04"),
    (("ledger", "verify", "/nowhere"), 2, "There is no ledger in /nowhere."),
    (("up", "--data", "/dev/null"), 2, "/dev/null is a file, and no directory."),
    (("up", "--grpc-port", "7201", "--http-port", "7203"), 2, "overlap"),
    (("pay", "12345678901234567890.00", "CNY"), 2, "18 digits in all"),
]


@pytest.mark.parametrize(("words", "exit_code", "hint"), MISTAKES, ids=[" ".join(words) for words, _, _ in MISTAKES])
def test_a_mistake_is_met_with_a_hint(terminal: Terminal, words: tuple[str, ...], exit_code: int, hint: str) -> None:
    ran = terminal.run(*words, exit_code=exit_code)
    assert hint in " ".join(ran.errors.split())
    assert not ran.out


def test_a_mistake_is_an_object_too(terminal: Terminal) -> None:
    told = terminal.json("pay", "1000", "CNY", exit_code=2)
    assert told["exit_code"] == 2
    assert told["error"]["do"] == "Write 1000.00."
    assert terminal.json("pay", "-5.00", "CNY", exit_code=2)["error"]["do"] == "Write 5.00."


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("pay", "1000.00"), "Missing argument 'CURRENCY'"),
        (("pay", "--frm", "banksh", "5.00", "CNY"), "No such option"),
        (("account", "lisst"), "No such command"),
        (("up", "--grpc-port", "seven"), "Invalid value for '--grpc-port'"),
    ],
)
def test_words_that_are_no_command_are_an_object_too(words: tuple[str, ...], message: str) -> None:
    told = Terminal(Path("/nowhere")).json(*words, exit_code=2)
    assert message in told["error"]["message"]
    assert told["error"]["do"].endswith(" --help")
    assert told["exit_code"] == 2


@pytest.mark.parametrize("words", [("pay", "1.00", "CNY"), ("account", "list"), ("day", "list"), ("token",)])
def test_without_a_network_one_is_told_how_to_start_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert "waitan up" in Terminal(tmp_path / "none").start(*words, exit_code=3).errors
