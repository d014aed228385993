"""What the read model is asked beyond single payments: balances, lines of accounts, acts, words, pages."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from gateway.projection import entries as reading_entries
from gateway.projection.balances import AccountView
from gateway.projection.days import END
from gateway.projection.entries import START, Line
from settlement.accounts.account import CASH, Account
from settlement.accounts.issuance import Issuance
from settlement.day import BusinessDay, CloseDay, CutOffDay, OpenDay
from settlement.forms.journals import Event
from settlement.participants import Customer, Participant
from settlement.payments.initiation import Initiation
from settlement.rulings import Ruling
from tests.builders import (
    TODAY,
    a_payment,
    a_redemption_approval,
    a_redemption_confirmation,
    a_redemption_request,
    a_return,
    an_id,
)
from tests.gateway.feeds import Reading, blocks_of, shared
from tests.gateway.test_projection import LEI, ORGANISATIONS, History, history, read
from tests.world import World

__all__ = ["history"]

pytestmark = pytest.mark.asyncio

TOMORROW: Final = "2026-11-24"
SEEN_BY: Final = ("banksh", "bankist", "clearing", "regulator")


def every_account(reading: Reading) -> Iterator[tuple[AccountView, list[Line]]]:
    for account in reading.balances.accounts():
        yield account, list(reading.entries.lines(account))


@pytest.mark.parametrize("organisation", SEEN_BY)
async def test_lines_add_up_to_what_stands_on_each_account(history: History, tmp_path: Path, organisation: str) -> None:
    """Each line continues the one before, and the last says what the ledger does (I15)."""
    reading = read(history, tmp_path, organisation)
    records = {(each.participant, each.currency, each.kind): each for each in reading.queries.records(Account)}
    accounts = dict(every_account(reading))
    assert {account[1:4] for account in accounts} == set(records)
    for account, lines in accounts.items():
        assert [line.balance_minor - line.amount_minor for line in lines] == [
            0,
            *(line.balance_minor for line in lines[:-1]),
        ][: len(lines)]
        standing = lines[-1].balance_minor if lines else 0
        assert standing == records[account[1:4]].posted_minor == reading.balances.at(account).posted_minor
        assert all(first.cursor < second.cursor for first, second in pairwise(lines))
        assert not [line for line in lines if line.kind == "OTHER"]


async def test_a_line_names_its_payment_and_the_other_side(history: History, tmp_path: Path) -> None:
    reading = read(history, tmp_path, "bankist")
    account = reading.balances.account("bankist", "CNY")
    assert account is not None
    lines = list(reading.entries.lines(account))
    told = [(line.kind, line.amount_minor, line.uetr, line.counterparty) for line in lines]
    assert told == [
        ("PAYMENT_SETTLED", 1000, history.settled.uetr, "banksh"),
        ("PAYMENT_SETTLED", 2000, history.returned.uetr, "banksh"),
        ("PAYMENT_RETURNED", -500, history.returned.uetr, "banksh"),
        ("PAYMENT_RETURNED", -600, history.returned.uetr, "banksh"),
        ("PAYMENT_SETTLED", 1000, history.settled.uetr, "banksh"),
        ("ISSUED", 30000, "", ""),
    ]
    assert lines[-1].reference == history.issuance_id
    assert all(len(line.tx_id) == 64 for line in lines)


async def test_a_redemption_takes_and_two_payments_of_one_transaction_are_two_lines(
    world: World, tmp_path: Path
) -> None:
    asked = a_redemption_request("200.00")
    world.must("banksh", asked, a_payment("1.00"), a_payment("2.00"))
    world.must("clearing", a_redemption_confirmation(asked.redemption_id), by="officer-1")
    world.must("clearing", a_redemption_approval(asked.redemption_id), by="officer-2")
    reading = await read_all(world, tmp_path)
    account = reading.balances.account("banksh", "CNY")
    assert account is not None
    funds, *moved = [(line.kind, line.amount_minor, line.reference) for line in reading.entries.lines(account)]
    assert funds[0] == "ISSUED"
    assert moved == [
        ("PAYMENT_SETTLED", -100, ""),
        ("PAYMENT_SETTLED", -200, ""),
        ("REDEEMED", -20000, asked.redemption_id),
    ]


async def read_all(world: World, path: Path, organisation: str = "banksh") -> Reading:
    """Read all that is on a world's ledger."""
    reading = Reading(path / f"{organisation}.sqlite", organisation)
    async with shared(world) as network:
        reading.projection.apply(await blocks_of(network, world, organisation))
    reading.index()
    return reading


async def test_pages_of_lines_give_every_line_once(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a page ends, within a transaction too; and however few rows are read at once."""
    readings = [read(history, tmp_path, organisation) for organisation in SEEN_BY]
    whole = [(reading, list(every_account(reading))) for reading in readings]
    monkeypatch.setattr(reading_entries, "_BALANCES_AT_ONCE", 2)
    for reading, accounts in whole:
        for account, lines in accounts:
            for limit in (1, 2, 3):
                found, after = [], START
                while page := reading.entries.page(account, after=after, limit=limit):
                    found += page
                    after = page[-1].cursor
                assert found == lines


async def test_a_balance_is_told_as_of_every_block(world: World, tmp_path: Path) -> None:
    """As the ledger had it then, however often it changed since."""
    expected = {world.ledger.height - 1: world.balance("banksh")}
    for amount in ("10.00", "20.00", "30.00"):
        block = world.must("banksh", a_payment(amount), a_payment(amount)).block
        expected[block] = world.balance("banksh")
    reading = await read_all(world, tmp_path)
    account = reading.balances.account("banksh", "CNY")
    assert account is not None
    assert {block: reading.balances.at(account, block=block).posted_minor for block in expected} == expected
    assert len(set(expected.values())) == 4
    assert reading.balances.at(account, block=0).posted_minor == 0


async def test_a_reservation_is_no_line_but_stands_in_the_balance(world: World, tmp_path: Path) -> None:
    block = world.must("banksh", a_redemption_request("200.00")).block
    available_minor = world.account("banksh").available_minor
    reading = await read_all(world, tmp_path)
    account = reading.balances.account("banksh", "CNY")
    assert account is not None
    assert reading.balances.at(account, block=block - 1).reserved_minor == 0
    assert reading.balances.at(account).reserved_minor == 20000
    assert reading.balances.at(account).available_minor == available_minor
    assert {line.kind for line in reading.entries.lines(account)} == {"ISSUED"}


async def test_totals_of_a_day_count_what_its_lines_say(history: History, tmp_path: Path) -> None:
    for organisation in SEEN_BY:
        reading = read(history, tmp_path, organisation)
        for account, lines in every_account(reading):
            if account.kind != CASH or not lines:
                continue
            moved = [line for line in lines if line.kind.startswith("PAYMENT")]
            debits = [-line.amount_minor for line in moved if line.amount_minor < 0]
            credits_ = [line.amount_minor for line in moved if line.amount_minor > 0]
            totals = [each for each in reading.balances.totals(account) if each.date == TODAY]
            funded = sum(line.amount_minor for line in lines) - sum(credits_) + sum(debits)
            assert [each[1:] for each in totals] == [
                (len(debits), len(credits_), sum(debits), sum(credits_), funded)
            ], (organisation, account)


async def test_a_business_day_spans_the_places_between_its_opening_and_the_next(world: World, tmp_path: Path) -> None:
    """Whatever the clock says: what moves money moves it on the ledger's day."""
    world.must("banksh", a_payment("10.00"))
    returned = a_payment("5.00")
    journal = world.must("banksh", returned).tx_id
    world.must("bankist", a_return(returned, journal))
    cut_off = CutOffDay(command_id=an_id(), currency="CNY", date=TODAY)
    world.must("clearing", cut_off, CloseDay(command_id=an_id(), currency="CNY", date=TODAY), by="officer-1")
    world.must("clearing", OpenDay(command_id=an_id(), currency="CNY", date=TOMORROW), by="officer-1")
    world.must("banksh", a_payment("7.00", settlement_date=TOMORROW))
    reading = await read_all(world, tmp_path)
    account = reading.balances.account("banksh", "CNY")
    today, tomorrow = reading.days.span("CNY", TODAY), reading.days.span("CNY", TOMORROW)
    assert account is not None
    assert today is not None
    assert tomorrow is not None
    assert (today.closed, tomorrow.closed, today.last) == (True, False, tomorrow.first)
    assert reading.days.between("CNY", TODAY, TODAY) == (today.first, tomorrow.first)
    assert reading.days.between("CNY", TODAY, TOMORROW) == (today.first, END)
    assert reading.days.span("CNY", "2026-11-25") is None
    assert reading.days.latest("CNY") == TOMORROW
    on_today = [line.amount_minor for line in reading.entries.lines(account, first=today.first, last=today.last)]
    on_tomorrow = [
        line.amount_minor for line in reading.entries.lines(account, first=tomorrow.first, last=tomorrow.last)
    ]
    assert on_today[-3:] == [-1000, -500, 500]
    assert on_tomorrow == [-700]
    opening = reading.balances.before(account, tomorrow.first).posted_minor
    assert opening + sum(on_tomorrow) == reading.balances.at(account).posted_minor
    assert [(each.date, each.debits) for each in reading.balances.totals(account, first=TODAY)] == [
        (TOMORROW, 1),
        (TODAY, 2),
    ]


async def test_the_course_of_a_day_has_the_lowest_point_within_each_span_of_time(world: World, tmp_path: Path) -> None:
    start = world.clock.now_ms
    world.must("banksh", a_payment("100.00"))
    returned = a_payment("50.00")
    journal = world.must("banksh", returned).tx_id
    world.must("bankist", a_return(returned, journal))
    world.clock.now_ms += 60_000
    world.must("banksh", a_payment("1.00"))
    funds = world.balance("banksh") + 100 + 10000
    reading = await read_all(world, tmp_path)
    account, day = reading.balances.account("banksh", "CNY"), reading.days.span("CNY", TODAY)
    assert account is not None
    assert day is not None
    course = reading.balances.course(account, day.first, day.last, bucket_ms=60_000)
    assert [(point.at_ms, point.posted_minor) for point in course] == [
        (start, funds - 10000),
        (start + 60_000, funds - 10100),
    ]
    assert course[0].least_minor == funds - 15000


async def test_each_act_names_who_did_it_and_by_which_certificate(history: History, tmp_path: Path) -> None:
    """An organisation reads of its own people in its own records, of others' as the record itself tells."""
    clearing, bank = read(history, tmp_path, "clearing"), read(history, tmp_path, "bankist")
    name = f"bankist/{history.issuance_id}"
    told = clearing.timeline.of(Issuance, name)
    assert [(act.state, act.command, act.by, act.person) for act in told] == [
        ("REQUESTED", "RequestIssuance", "bankist", "gateway.bankist"),
        ("CONFIRMED", "ConfirmIssuance", "clearing", "officer-1"),
        ("ISSUED", "ApproveIssuance", "clearing", "officer-2"),
    ]
    seen = bank.timeline.of(Issuance, name)
    assert [(act.state, act.serial, act.tx_id, act.block) for act in seen] == [
        (act.state, act.serial, act.tx_id, act.block) for act in told
    ]
    assert all(act.serial and act.at_ms and len(act.tx_id) == 64 for act in seen)
    suspended = clearing.timeline.of(Participant, "bankfra")[-1]
    assert (suspended.state, suspended.command, suspended.by) == ("SUSPENDED", "SuspendParticipant", "clearing")
    assert suspended.person == "officer-2"
    ruling = "clearing/SuspendParticipant/bankfra"
    assert [(act.state, act.person, bool(act.serial)) for act in clearing.timeline.of(Ruling, ruling)] == [
        ("PROPOSED", "officer-1", True),
        ("CONFIRMED", "officer-2", True),
    ]
    supervisor = read(history, tmp_path, "regulator")
    assert [(act.state, act.person) for act in supervisor.timeline.of(Ruling, ruling)] == [
        ("PROPOSED", "officer-1"),
        ("CONFIRMED", "officer-2"),
    ]
    assert not bank.timeline.of(Ruling, ruling)
    assert bank.timeline.of(Participant, "bankfra")[-1].serial == ""
    assert [act.state for act in bank.timeline.of(BusinessDay, "CNY")] == ["OPEN"]


async def test_acts_are_those_of_records_that_an_organisation_may_see(history: History, tmp_path: Path) -> None:
    seen = {}
    for organisation in ORGANISATIONS:
        acts = read(history, tmp_path, organisation).timeline.latest(kinds=(Customer, Initiation))
        seen[organisation] = {act.kind for act in acts}
    both = {"Customer", "Initiation"}
    assert seen == {name: both if name in ("banksh", "clearing", "regulator") else set() for name in ORGANISATIONS}
    customers = read(history, tmp_path / "again").timeline.of(Customer, LEI)
    assert [act.command for act in customers] == ["RegisterCustomer"] * 3
    clearing = read(history, tmp_path / "clearing", "clearing").timeline
    assert len(clearing.of(Customer, LEI, collection="banksh")) == 3
    assert clearing.of(Customer, LEI, collection="bankist") == []


async def test_acts_come_in_pages_newest_first(history: History, tmp_path: Path) -> None:
    timeline = read(history, tmp_path).timeline
    every = timeline.latest()
    found, before = [], 2**62
    while page := timeline.latest(before=before, limit=2):
        found += page
        before = page[-1].position
    assert found == every
    assert len(every) > 10


async def test_an_event_names_the_certificate_that_signed_it_where_one_may_know(
    history: History, tmp_path: Path
) -> None:
    """The payer's bank knows by which of its certificates it asked; the payee's bank is not told."""
    for organisation, is_told in (("banksh", True), ("clearing", True), ("bankist", False)):
        queries = read(history, tmp_path, organisation).queries
        payment = queries.payment(history.settled.uetr)
        assert payment is not None
        settled = queries.events_of(payment.id)[0]
        assert settled.kind is Event.PAYMENT_SETTLED
        signer = queries.signer(settled)
        assert (signer is not None and bool(signer.serial)) is is_told
