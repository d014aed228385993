"""A customer asks over HTTP, and its bank answers from the command line."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from gateway.development.customers import TRADERS
from tests.builders import SILK_ACCOUNT, TODAY
from tests.e2e.running import Terminal
from tests.initiation_messages import a_group, a_message, a_transfer

Served = tuple[Terminal, dict[str, Any]]


def _asked(served: Served, amount: str = "12.50", at: str = "BOSPTRISXXX") -> str:
    """Let the example customer of the first bank ask for a payment of the open day to a bank; give its name."""
    terminal, ready = served
    date = next(each["date"] for each in terminal.json("day", "list")["days"] if each["currency"] == "CNY")
    message = a_message(a_group(a_transfer(amount), execution_date=date)).replace(f"{TODAY}T", f"{date}T")
    assert "BOSPTRISXXX" in message
    body = message.replace(SILK_ACCOUNT, TRADERS["banksh"].account.other).replace("BOSPTRISXXX", at)
    token = terminal.run("token", "--at", "banksh").out.strip()
    connection = HTTPConnection(urlsplit(ready["organisations"]["banksh"]["http"]).netloc, timeout=30)
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "application/xml",
    }
    connection.request("POST", "/v1/payments", body, headers)
    response = connection.getresponse()
    told = json.loads(response.read())
    connection.close()
    assert response.status == 201, told
    return str(told["initiations"][0]["id"])


def test_a_bank_pays_what_its_customer_asked_for(served: Served) -> None:
    """It is seen, released once, and from then on followed as the payment that it is."""
    terminal, _ = served
    name = _asked(served)
    listed = terminal.json("initiation", "list", "--state", "initiated")["initiations"]
    assert name in {each["initiation_id"] for each in listed}
    told = terminal.run("initiation", "show", name)
    assert "12.50 CNY" in told.out
    assert f"waitan initiation release {name} --at banksh" in told.out
    released = terminal.json("initiation", "release", name)
    again = terminal.json("initiation", "release", name)
    assert (again["uetr"], again["is_repeat"]) == (released["uetr"], True)
    assert f"waitan payment show {released['uetr']}" in terminal.run("initiation", "show", name).out
    assert terminal.json("payment", "show", released["uetr"])["payment"]["initiation_id"] == name


def test_a_bank_names_whom_it_pays_and_reports_in_place_of_its_customer(served: Served) -> None:
    """The creditor's bank is none of this ledger: another one takes the payment for it."""
    terminal, _ = served
    name = _asked(served, at="TGBATRISXXX")
    assert terminal.json("initiation", "release", name, exit_code=1)["error"]["code"] == "CNOR"
    options = ("--instructed-agent", "BOSPTRIS", "--report", "CN:121010:224820260000391186")
    released = terminal.json("initiation", "release", name, *options)
    payment = terminal.json("payment", "show", released["uetr"])["payment"]
    assert (payment["instructed_agent"], payment["creditor_agent"]["bic"]) == ("BOSPTRISXXX", "TGBATRISXXX")
    [report] = payment["regulatory_reporting"]
    assert report["details"] == [{"country": "CN", "code": "121010", "information": ["224820260000391186"]}]
    assert "is no report" in terminal.run("initiation", "release", name, "--report", "121010", exit_code=2).errors


def test_a_bank_says_no(served: Served) -> None:
    terminal, _ = served
    name = _asked(served)
    terminal.run("initiation", "decline", name, "--reason", "ac06", "--text", "Ask your adviser")
    told = terminal.run("initiation", "show", name).out
    assert "declined (RJCT AC06)" in told
    assert "Ask your adviser" in told
    assert terminal.json("initiation", "release", name, exit_code=1)["error"]["code"] == "MOVE_NOT_ALLOWED"
    assert name in terminal.run("initiation", "list", "--state", "declined", "--json").out


def test_what_cannot_be_funded_stands_or_is_ended(served: Served) -> None:
    terminal, _ = served
    name = _asked(served, "999999999999.00")
    assert terminal.json("initiation", "release", name, exit_code=1)["error"]["code"] == "UNFUNDED"
    rejected = terminal.json("initiation", "release", name, "--reject", exit_code=1)["error"]
    assert rejected["code"] == "AM04"
    assert "RJCT AM04" in terminal.run("initiation", "show", name).out


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("list", "--state", "relased"), 2, "released"),
        (("show", "00"), 1, "NOT_FOUND"),
        (("decline", "00", "--reason", "no"), 1, "CH16"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(
    terminal: Terminal, words: tuple[str, ...], exit_code: int, told: str
) -> None:
    assert told in terminal.run("initiation", *words, exit_code=exit_code).errors
