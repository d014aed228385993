"""Statements by HTTP: they add up in every form, on every page, and show what is the holder's alone."""

import csv
import io
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs

import pytest
import pytest_asyncio
from lxml import etree
from msgspec.structs import replace
from pyiso20022.camt import camt_053_001_08, camt_054_001_08

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.traders.statement_views import WRITERS, StatementPage
from gateway.traders.web.frame import token_cookie
from settlement.iso20022 import structure
from settlement.parties import Agent, CashAccount, Party
from tests.builders import SILK, TEKSTIL, TODAY, a_return
from tests.contracts.samples import register
from tests.gateway.doors import OTHERS_LEI, Answer, Doors, doors_of
from tests.gateway.house import House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEI: Final = "836800W5TQ2L9N4HCX85"
"""A customer of these tests alone: what is registered of it stays as it is."""
ACCOUNT: Final = "6222020200771199"
IBAN: Final = "DE89370400440532013000"
FORMULA: Final = '=HYPERLINK("http://evil.example","pay")'
XML: Final = {"Accept": "application/xml"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    """Some payments out, one back in part, one of them from a customer's account and one to it."""
    await banksh.ask(register(LEI, accounts=(ACCOUNT, IBAN)))
    await banksh.ask(register(OTHERS_LEI))
    for payment in (
        a_fresh_payment("10.00", debtor_account=CashAccount(other=ACCOUNT), remittance=FORMULA),
        a_fresh_payment("20.00", debtor=replace(SILK, name="Shanghai Silk Co")),
        a_fresh_payment("30.00", debtor_account=CashAccount(other=ACCOUNT)),
        a_fresh_payment("40.00", creditor_account=CashAccount(iban=IBAN), creditor_agent=Agent(bic="DEUTDEFFXXX")),
        a_fresh_payment("50.00", creditor=replace(TEKSTIL, lei=LEI)),
    ):
        outcome = await banksh.submit(payment)
        if payment.amount == "30.00":
            await house.gateways["bankist"].ask([a_return(payment, outcome.transaction_id, "5.00")])
    await house.caught_up()
    async with doors_of(house, "banksh", "bankist", "clearing", "regulator") as opened:
        yield opened


def desk(doors: Doors, at: str = "banksh") -> str:
    return doors.token(at, Scope.DESK, "officer-1")


async def pages(doors: Doors, at: str, path: str, token: str, **query: Any) -> list[Answer]:
    """Give all pages of a statement in JSON."""
    found = []
    while True:
        answer = await doors.ask(at, path, token, params=query)
        assert answer.status == 200, answer.body
        found.append(answer)
        if "next" not in answer.body:
            return found
        query["cursor"] = answer.body["next"]


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("at", "account", "scope"),
    [
        ("banksh", "CNY", Scope.DESK),
        ("bankist", "bankist-CNY", Scope.DESK),
        ("clearing", "banksh-CNY", Scope.CLEARING),
        ("regulator", "bankist-CNY", Scope.SUPERVISOR),
    ],
)
async def test_every_page_adds_up_and_continues_the_one_before(
    doors: Doors, at: str, account: str, scope: Scope, limit: int
) -> None:
    """I15: opening balance and lines make the closing balance, which is what stands on the ledger."""
    token = doors.token(at, scope, "officer-1")
    answers = [each.body for each in await pages(doors, at, f"/v1/statements/{account}", token, limit=limit)]
    standing = Decimal(answers[0]["opening"])
    for number, page in enumerate(answers, 1):
        assert (page["page"], Decimal(page["opening"])) == (number, standing)
        assert len(page["lines"]) <= limit
        for line in page["lines"]:
            standing += Decimal(line["amount"])
            assert Decimal(line["balance"]) == standing
        assert Decimal(page["closing"]) == standing
        assert ("available" in page) is ("next" not in page)
    stood = (await doors.ask(at, "/v1/accounts", token)).body["accounts"]
    posted = {each["account"]: each["posted"] for each in stood}
    assert answers[-1]["closing"] == posted[answers[0]["account"]]
    assert sum(len(page["lines"]) for page in answers) >= 5


async def test_a_statement_is_of_business_days(doors: Doors) -> None:
    for query, has_lines in (
        ({}, True),
        ({"from_date": TODAY, "to_date": TODAY}, True),
        ({"from_date": "2020-01-01"}, True),
        ({"to_date": "2020-01-01", "from_date": "2020-01-01"}, False),
        ({"from_date": "2030-01-01", "to_date": "2030-01-01"}, False),
    ):
        page = (await pages(doors, "banksh", "/v1/statements/CNY", desk(doors), **query))[0].body
        assert bool(page["lines"]) is has_lines, query
        if not has_lines:
            assert page["opening"] == page["closing"]


async def test_a_return_is_shown_with_who_sent_it_back(doors: Doors) -> None:
    """It goes the other way than its payment, and no account's other side is its own holder."""
    cookie = f"{token_cookie('banksh')}={doors.token('banksh', Scope.TRADER, LEI)}"
    text = (await doors.ask("banksh", f"/statements?account={ACCOUNT}", headers={"Cookie": cookie})).body
    (row,) = [each for each in text.split("<tr>") if ">Return<" in each]
    assert (">5.00 CNY<" in row, f"<span>{TEKSTIL.name}<small>" in row) == (True, True)


def document_of(body: str, models: Any, name: str) -> Any:
    """Read a message back; it must be what the schema says."""
    root = etree.fromstring(body.encode())
    found = structure.Found()
    place = structure.root(f"/{structure.local_name(root)}", models.Document)
    assert root.tag == f"{{urn:iso:std:iso:20022:tech:xsd:{name}}}Document"
    read = structure.bind(root, place, found)
    assert not found.violations, found.violations
    return read


def signed(amount: Any, direction: Any) -> Decimal:
    return Decimal(str(amount.value)) * (1 if direction.value == "CRDT" else -1)


@pytest.mark.parametrize("limit", [2, 1000])
async def test_a_camt_053_has_its_balances_and_a_uetr_for_each_payment(doors: Doors, limit: int) -> None:
    path, query, number = "/v1/statements/CNY", {"limit": str(limit)}, 1
    uetrs: list[str] = []
    named: set[tuple[str, str]] = set()
    while True:
        answer = await doors.ask("banksh", path, desk(doors), params=query, headers=XML)
        assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
        (page,) = document_of(answer.body, camt_053_001_08, "camt.053.001.08").bk_to_cstmr_stmt.stmt
        is_last = "Link" not in answer.headers
        codes = [each.tp.cd_or_prtry.cd for each in page.bal]
        assert codes == ["OPBD" if number == 1 else "ITBD", *(["ITBD", "ITAV"] if is_last else ["ITBD"])]
        named.add((page.id, answer.body.partition("<MsgId>")[2].partition("<")[0]))
        opening, closing = (signed(each.amt, each.cdt_dbt_ind) for each in page.bal[:2])
        assert opening + sum(signed(each.amt, each.cdt_dbt_ind) for each in page.ntry) == closing
        assert (page.stmt_pgntn.pg_nb, page.stmt_pgntn.last_pg_ind) == (str(number), is_last)
        assert page.acct.id.othr.id == "banksh-CNY"
        uetrs += [entry.ntry_dtls[0].tx_dtls[0].refs.uetr for entry in page.ntry if entry.ntry_dtls]
        if is_last:
            break
        number += 1
        followed = parse_qs(answer.headers["Link"].partition("?")[2].partition(">")[0])
        assert followed["limit"] == [str(limit)]
        query = {name: value for name, (value,) in followed.items()}
    assert (len({statement for statement, _ in named}), len({message for _, message in named})) == (1, number)
    lines = [line for page in await pages(doors, "banksh", path, desk(doors)) for line in page.body["lines"]]
    assert uetrs == [line["uetr"] for line in lines if "uetr" in line]


@pytest.mark.parametrize(("is_over", "codes"), [(True, ["OPBD", "CLBD", "CLAV"]), (False, ["OPBD", "ITBD", "ITAV"])])
async def test_a_balance_is_the_closing_one_once_the_day_is_over(is_over: bool, codes: list[str]) -> None:
    page = StatementPage(
        account="banksh-CNY",
        currency="CNY",
        owner=Party(name="Bank of Shanghai"),
        from_date="2026-11-26",
        to_date="2026-11-26",
        number=1,
        limit=500,
        is_last=True,
        is_over=is_over,
        lines=(),
        next="",
        opening_minor=0,
        closing_minor=0,
        available_minor=0,
    )
    body = WRITERS["xml"](page, now_ms=1_800_000_000_000).body
    assert isinstance(body, bytes)
    (told,) = document_of(body.decode(), camt_053_001_08, "camt.053.001.08").bk_to_cstmr_stmt.stmt
    assert [each.tp.cd_or_prtry.cd for each in told.bal] == codes


async def test_the_next_page_is_of_the_same_days(doors: Doors) -> None:
    """Followed as RFC 8288 says, with nothing but what the link names."""
    token, path = desk(doors), "/v1/statements/CNY"
    (whole,) = await pages(doors, "banksh", path, token)
    day = whole.body["to_date"]
    answer = await doors.ask(
        "banksh", path, token, params={"from_date": day, "to_date": day, "limit": "2"}, headers=XML
    )
    followed = parse_qs(answer.headers["Link"].partition("?")[2].partition(">")[0])
    assert {name: value for name, value in followed.items() if name != "cursor"} == {
        "from_date": [day],
        "to_date": [day],
        "limit": ["2"],
    }


async def test_accounts_after_a_block_that_does_not_exist_are_not_there(doors: Doors, house: House) -> None:
    height = house.gateways["banksh"].follower.height
    for block, status in ((height - 1, 200), (height, 404), (9999999, 404)):
        answer = await doors.ask("banksh", "/v1/accounts", desk(doors), params={"block": str(block)})
        assert answer.status == status
        assert status == 200 or (answer.body["code"], answer.body["where"]) == ("NOT_FOUND", "block")


async def test_a_trader_reads_what_its_payments_moved_on_its_accounts(doors: Doors) -> None:
    """Without balances: the account is its bank's to keep."""
    token = doors.token("banksh", customer=LEI)
    (page,) = await pages(doors, "banksh", f"/v1/statements/{ACCOUNT}", token)
    assert [(line["kind"], line["amount"]) for line in page.body["lines"]] == [
        ("PAYMENT_SETTLED", "-30.00"),
        ("PAYMENT_RETURNED", "5.00"),
        ("PAYMENT_SETTLED", "-10.00"),
    ]
    assert "opening" not in page.body
    (page,) = await pages(doors, "banksh", f"/v1/statements/{IBAN}", token)
    assert [line["amount"] for line in page.body["lines"]] == ["40.00"]
    told = await doors.ask("banksh", f"/v1/statements/{ACCOUNT}", token, headers=XML)
    (read,) = document_of(told.body, camt_054_001_08, "camt.054.001.08").bk_to_cstmr_dbt_cdt_ntfctn.ntfctn
    assert [signed(each.amt, each.cdt_dbt_ind) for each in read.ntry] == [Decimal(-30), Decimal(5), Decimal(-10)]
    assert all(each.ntry_dtls[0].tx_dtls[0].refs.uetr for each in read.ntry)


async def test_somebody_else_s_account_is_as_if_it_did_not_exist(doors: Doors) -> None:
    trader, other = doors.token("banksh", customer=LEI), doors.token("banksh", customer=OTHERS_LEI)
    for at, token, account in (
        ("banksh", trader, "CNY"),
        ("banksh", trader, "banksh-CNY"),
        ("banksh", other, ACCOUNT),
        ("banksh", trader, "6222020200112233"),
        ("banksh", desk(doors), "bankist-CNY"),
        ("banksh", desk(doors), ACCOUNT),
        ("banksh", desk(doors), "XXX"),
        ("banksh", desk(doors), "nobody-CNY"),
        ("clearing", doors.token("clearing", Scope.CLEARING, "officer-1"), "CNY"),
        ("banksh", desk(doors), "%E2%80%AE"),
    ):
        answer = await doors.ask(at, f"/v1/statements/{account}", token)
        assert (answer.status, answer.body["code"], answer.body["where"]) == (404, "NOT_FOUND", "account")
    banks = {each["participant"] for each in (await doors.ask("banksh", "/v1/accounts", desk(doors))).body["accounts"]}
    assert banks == {"banksh"}


async def test_clearing_reads_no_party_in_a_statement(doors: Doors) -> None:
    token = doors.token("clearing", Scope.CLEARING, "officer-1")
    for headers in ({}, XML, {"Accept": "text/csv"}):
        answer = await doors.ask("clearing", "/v1/statements/banksh-CNY", token, headers=headers)
        assert answer.status == 200
        assert not [word for word in ("Silk", ACCOUNT, IBAN, "HYPERLINK") if word in str(answer.body)]


async def test_a_spreadsheet_runs_nothing_of_a_statement(doors: Doors) -> None:
    answer = await doors.ask("banksh", "/v1/statements/CNY", desk(doors), headers={"Accept": "text/csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.body)))
    assert f"'{FORMULA}" in {row["remittance"] for row in rows}
    assert "Shanghai Silk Co" in {row["debtor"] for row in rows}
    assert "-10.00" in {row["amount"] for row in rows}
    for row in rows:
        for name, text in row.items():
            assert name in ("amount", "balance") or text[:1] not in ("=", "+", "-", "@"), (name, text)
