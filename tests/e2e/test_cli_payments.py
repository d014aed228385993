"""A payment from the command line, from the first word to the last."""

import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.e2e.running import ROOT, Terminal

DAY = ROOT / "examples" / "day"


@pytest.fixture
def uetr(terminal: Terminal) -> str:
    paid: dict[str, str] = terminal.json("pay", "2500.00", "CNY")
    return paid["uetr"]


def test_a_first_payment_takes_one_line(terminal: Terminal) -> None:
    ran = terminal.start("pay", "--from", "banksh", "--to", "bankist", "1000.00", "CNY")
    assert ran.out.startswith("Settled: 1,000.00 CNY from banksh to bankist, final in ")
    follow = ran.out.splitlines()[1].partition("waitan ")[2].split()
    assert terminal.run(*follow).out


def test_money_moves_by_what_was_paid(terminal: Terminal) -> None:
    def held() -> dict[str, int]:
        accounts = terminal.json("account", "list", "--currency", "TRY")["accounts"]
        return {each["participant"]: int(each["posted_minor"]) for each in accounts if each["kind"] == "cash"}

    before = held()
    terminal.json("pay", "--from", "bankist", "--to", "banksh", "12.34", "TRY")
    after = held()
    assert (after["bankist"] - before["bankist"], after["banksh"] - before["banksh"]) == (-1234, 1234)


def test_a_payments_life_is_told_in_sentences(terminal: Terminal, uetr: str) -> None:
    told = terminal.run("payment", "show", uetr).out
    assert f"{uetr}  ACSC settled" in told
    assert "settled, and final. Asked by officer-1 of" in told
    assert "It is bankist's turn" in told
    assert f"waitan payment confirm {uetr}" in told

    terminal.run("payment", "confirm", uetr, "--status", "waiting", "--reason", "G003")
    assert "It waits for documents" in terminal.run("payment", "show", uetr, "--at", "bankist").out

    terminal.run("payment", "confirm", uetr)
    assert "Nobody's turn: it has arrived." in terminal.run("payment", "show", uetr).out


def test_who_asked_is_told_whichever_bank_paid(terminal: Terminal) -> None:
    """A bank alone knows which of its people asked: both are asked, unless one is named."""
    uetr = terminal.json("pay", "--from", "bankist", "--to", "banksh", "12.00", "CNY")["uetr"]
    terminal.run("payment", "return", uetr)
    told = " ".join(terminal.run("payment", "show", uetr).out.split())
    assert "settled, and final. Asked by officer-1 of bankist." in told
    assert "back (AC04). Asked by officer-1 of banksh." in told
    assert "of bankist" not in terminal.run("payment", "show", uetr, "--at", "banksh").out


def test_a_payment_is_sent_back_in_part_then_all_that_is_left(terminal: Terminal, uetr: str) -> None:
    part = terminal.json("payment", "return", uetr, "--amount", "500.00", "--reason", "AM09")
    assert part["amount"] == "500.00"
    rest = terminal.json("payment", "return", uetr)
    assert rest["amount"] == "2000.00"
    assert terminal.json("payment", "show", uetr)["returned_amount"] == "2500.00"
    assert terminal.json("payment", "return", uetr, exit_code=1)["error"]["code"] == "AM09"


def test_only_the_creditors_bank_confirms(terminal: Terminal, uetr: str) -> None:
    error = terminal.json("payment", "confirm", uetr, "--at", "banksh", exit_code=1)["error"]
    assert error["code"] == "AG08"


def test_a_payment_that_nobody_made_is_not_found(terminal: Terminal) -> None:
    error = terminal.json("payment", "show", str(uuid4()), exit_code=1)["error"]
    assert error["code"] == "NOT_FOUND"


def test_messages_are_handed_in_at_their_senders_gateways(terminal: Terminal) -> None:
    files = [str(path) for pattern in ("01-*", "03-*") for path in DAY.glob(pattern)]
    told = terminal.json("payment", "submit", "--today", *files)
    uetrs = [each["outcome"]["uetr"] for each in told["files"]]
    payers = [terminal.json("payment", "show", uetr)["payer"] for uetr in uetrs]
    assert payers == ["bankist", "banksh"]
    told = " ".join(terminal.run("payment", "show", uetrs[0]).out.split())
    assert "for Konya Ova Gunes Enerjisi A.S. to Linhai Photovoltaic Technology Co., Ltd. -" in told


def test_the_worst_outcome_of_some_messages_is_the_exit_code(terminal: Terminal) -> None:
    files = [str(path) for pattern in ("02-*", "47-*") for path in DAY.glob(pattern)]
    told = terminal.json("payment", "submit", "--today", *files, exit_code=1)
    assert [each.get("error", {}).get("code", "") for each in told["files"]] == ["", "CH20"]
    assert "CH20" in terminal.start("payment", "submit", *files[1:], exit_code=1).errors


def test_what_is_proposed_where_funds_are_missing_is_an_amount_of_the_currency(terminal: Terminal) -> None:
    """What one is told to do can be done: yen have no decimals, dinars have three."""
    for amount, currency, such in (("9000000000000", "JPY", "1000"), ("9000000000.000", "BHD", "1000.000")):
        told = terminal.json("pay", "--from", "banksh", "--to", "bankist", amount, currency, exit_code=1)["error"]
        assert (told["code"], f"issuance request {such} {currency} --at banksh" in told["do"]) == ("UNFUNDED", True)


def test_what_cannot_be_funded_is_refused_or_recorded_as_rejected_as_one_says(terminal: Terminal) -> None:
    """The example's name says what becomes of it where the bank has it recorded."""
    (file,) = DAY.glob("37-rejected-AM04-*")
    refused = terminal.json("payment", "submit", "--today", file, exit_code=1)["error"]
    assert refused["code"] == "UNFUNDED"
    assert "payment submit --reject" in terminal.run("payment", "submit", "--today", file, file, exit_code=1).out
    (told,) = terminal.json("payment", "submit", "--today", "--reject", file, exit_code=1)["files"]
    assert (told["outcome"]["result"], told["outcome"]["code"]) == ("RESULT_REJECTED", "AM04")
    assert "RJCT" in terminal.run("payment", "show", told["outcome"]["uetr"]).out
    paid = terminal.json("pay", "99999999999.00", "CNY", "--reject", exit_code=1)["error"]
    assert paid["code"] == "AM04"
    assert "payment show" in paid["do"]


def test_what_is_at_fault_is_told_beside_long_file_names(terminal: Terminal) -> None:
    files = [str(path) for pattern in ("56-*", "59-*") for path in DAY.glob(pattern)]
    told = terminal.run("payment", "submit", "--today", *files, exit_code=1).out
    assert "CdtTrfTxInf/Cdtr/PstlAdr/TwnNm" in told
    assert "RmtInf/Strd[1]/CdtrRefInf/Ref" in told


def test_a_trader_follows_its_payment_with_a_token(
    served: tuple[Terminal, dict[str, Any]], terminal: Terminal, uetr: str
) -> None:
    token = terminal.run("token", "--at", "bankist").out.strip()
    where = urlsplit(served[1]["organisations"]["bankist"]["http"]).netloc
    assert _get(where, uetr, {"Authorization": f"Bearer {token}"}) == (200, uetr)
    assert _get(where, uetr, {}) == (401, None)


def test_a_customer_that_is_registered_follows_the_payments_of_its_accounts(
    served: tuple[Terminal, dict[str, Any]], terminal: Terminal, uetr: str
) -> None:
    lei, account = "836800W5TQ2L9N4HCX85", "TR150008800000004100488126"
    where = urlsplit(served[1]["organisations"]["bankist"]["http"]).netloc
    wrong = terminal.json("participant", "customer", lei[:-1] + "6", "Linhai", "--at", "bankist", exit_code=1)
    assert wrong["error"]["code"].startswith("BE1")
    terminal.run("participant", "customer", lei, "Linhai", "--at", "bankist", "--account", account)
    words = ("token", "--at", "bankist", "--customer", lei)
    token = terminal.json(*words)["token"]
    assert _get(where, uetr, {"Authorization": f"Bearer {token}"}) == (200, uetr)
    named = ("--data", str(terminal.data))
    assert (
        f'curl -H "Authorization: Bearer $({" ".join(("waitan", *words, *named))})"'
        in terminal.run(*words, *named).errors
    )


def test_a_certificate_is_checked_without_the_network(
    served: tuple[Terminal, dict[str, Any]], terminal: Terminal, uetr: str, tmp_path: Path
) -> None:
    token = terminal.run("token", "--at", "banksh", "--staff").out.strip()
    where = urlsplit(served[1]["organisations"]["banksh"]["http"]).netloc
    connection = HTTPConnection(where)
    connection.request("GET", f"/v1/certificates/{uetr}", headers={"Authorization": f"Bearer {token}"})
    data = connection.getresponse().read()
    connection.close()
    file, place = tmp_path / "payment.json", terminal.data / "organisations"
    root = {name: f"{name}={place / name / 'ca.crt'}" for name in ("banksh", "clearing", "regulator")}
    file.write_bytes(data)
    told = terminal.json("proof", "verify", str(file))
    assert (told["valid"], told["uetr"], told["consent"]) == (True, uetr, True)
    assert told["attested_by"] == ["clearing", "regulator"]
    named = ("--root", root["banksh"], "--clearing", root["clearing"], "--regulator", root["regulator"])
    said = terminal.run("proof", "verify", str(file), *named).out
    assert "It holds." in said
    assert "clearing attests the same" in said
    assert "regulator attests the same" in said
    swapped = ("--root", root["banksh"], "--clearing", root["regulator"], "--regulator", root["clearing"])
    assert terminal.json("proof", "verify", str(file), *swapped, exit_code=1)["error"]["code"] == "AG08"
    terminal.json("proof", "verify", str(file), *named[:4], exit_code=2)
    file.write_bytes(data.replace(b'"ACSC"', b'"ACCC"'))
    refused = terminal.json("proof", "verify", str(file), exit_code=1)
    assert refused["error"]["code"] in ("DS0H", "AG08")


def _get(where: str, uetr: str, headers: dict[str, str]) -> tuple[int, str | None]:
    connection = HTTPConnection(where)
    try:
        connection.request("GET", f"/v1/payments/{uetr}", headers=headers)
        answer = connection.getresponse()
        return answer.status, json.load(answer).get("uetr")
    finally:
        connection.close()
