"""What the read model is asked for payments: words, fields, pages, and a customer's own."""

import random
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from chaincode import keys
from gateway.projection import positions
from gateway.projection import search as searching
from gateway.projection.search import Page, Wanted
from settlement.parties import CashAccount, Party
from settlement.payments.commands import CreditStatus, SubmitPayment, WhenUnfunded
from settlement.payments.payment import SettlementState
from tests.builders import SILK, TEKSTIL, TODAY, a_confirmation, a_payment, a_return
from tests.gateway.feeds import Reading, blocks_of, shared
from tests.gateway.test_projection import LEI, History, history, read
from tests.gateway.test_read_model_questions import read_all
from tests.world import World

__all__ = ["history"]

pytestmark = pytest.mark.asyncio

ADDRESS: Final = TEKSTIL.address


def pages(reading: Reading, wanted: Wanted, limit: int = 100, **how: object) -> list[str]:
    """Give the UETRs of all pages."""
    found: list[str] = []
    before: int | None = None
    while True:
        page: Page = reading.search.page(wanted, before=before, limit=limit, **how)  # type: ignore[arg-type]
        found += [view.uetr for view in page.payments]
        if page.before is None:
            return found
        assert before is None or page.before < before
        before = page.before


def named(name: str) -> Party:
    return Party(name=name, address=ADDRESS)


async def test_payments_are_found_by_their_words(world: World, tmp_path: Path) -> None:
    silk = a_payment(debtor=named("Shanghai Silk Export"), remittance="Invoice 2026-118 for silk")
    cotton = a_payment(
        debtor=named("Other"), creditor=named("Ege Pamuk Ltd"), remittance="cotton", end_to_end_id="PO-7781"
    )
    plain = a_payment(remittance="nothing", debtor=named("Other"), creditor=named("Another"))
    world.must("banksh", silk, cotton, plain)
    reading = await read_all(world, tmp_path)
    for text, expected in {
        "silk": [silk],
        "SILK export": [silk],
        "sil": [silk],
        "ilk": [],
        "pamuk cotton": [cotton],
        "pamuk silk": [],
        "7781": [cotton],
        '" OR * NEAR(': [],
        "---": [],
    }.items():
        found = [uetr for uetr in pages(reading, Wanted(text=text)) if uetr != plain.uetr]
        assert found == [each.uetr for each in expected], text
    assert pages(reading, Wanted()) == [plain.uetr, cotton.uetr, silk.uetr]


async def test_payments_are_narrowed_by_their_fields(world: World, tmp_path: Path) -> None:
    world.open_accounts("EUR")
    small, big = a_payment("10.00", end_to_end_id="E2E-42"), a_payment("1000.00", payee="bankfra")
    rejected = a_payment("99999999.00", when_unfunded=WhenUnfunded.REJECT)
    world.must("banksh", small, big)
    world.ask("banksh", rejected)
    other_day = a_payment("11.00", settlement_date="2026-11-20", when_unfunded=WhenUnfunded.REJECT)
    world.ask("banksh", other_day)
    reading = await read_all(world, tmp_path, "clearing")
    for wanted, expected in (
        (Wanted(state=SettlementState.SETTLED), [big, small]),
        (Wanted(state=SettlementState.REJECTED), [other_day, rejected]),
        (Wanted(code="AM04"), [rejected]),
        (Wanted(currency="EUR"), []),
        (Wanted(currency="CNY", least_minor=100000), [rejected, big]),
        (Wanted(most_minor=1000), [small]),
        (Wanted(payee="bankfra"), [big]),
        (Wanted(counterparty="bankfra"), [big]),
        (Wanted(payer="bankist"), []),
        (Wanted(first_date=TODAY), [rejected, big, small]),
        (Wanted(last_date="2026-11-22"), [other_day]),
        (Wanted(end_to_end_id="E2E-42"), [small]),
        (Wanted(end_to_end_id="E2E"), []),
        (Wanted(parties=()), []),
    ):
        assert pages(reading, wanted) == [each.uetr for each in expected], wanted


async def test_what_waits_for_the_payees_bank_is_found_behind_however_much_it_has_credited(
    world: World, tmp_path: Path
) -> None:
    """Not credited, waiting or not posted; not what was credited or blocked, sent back in full or rejected."""
    told = {status: a_payment("1.00") for status in CreditStatus}
    silent, returned, partly = (a_payment("2.00") for _ in range(3))
    world.ask("banksh", a_payment("99999999.00", when_unfunded=WhenUnfunded.REJECT))
    journal = world.must("banksh", *told.values(), silent, returned, partly).tx_id
    for status, payment in told.items():
        reason = {CreditStatus.WAITING: "G003", CreditStatus.BLOCKED: "AC06"}.get(status, "")
        world.must("bankist", a_confirmation(payment, journal, status=status, reason=reason))
    world.must("bankist", a_return(returned, journal, "2.00"), a_return(partly, journal, "1.00"))
    later = [a_payment("1.00") for _ in range(210)]
    journal = world.must("banksh", *later).tx_id
    world.must("bankist", *(a_confirmation(each, journal) for each in later))
    reading = await read_all(world, tmp_path, "bankist")
    waits = [told[CreditStatus.WAITING], told[CreditStatus.NOT_POSTED], silent, partly]
    assert set(pages(reading, Wanted(payee="bankist", is_open=True))) == {each.uetr for each in waits}


async def test_pages_give_every_payment_once_newest_first(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of a page, however little of the ledger one page looks at, and whatever comes meanwhile."""
    chosen = random.Random(7)
    payments = [a_payment("1.00", remittance="blue" if chosen.random() < 0.3 else "red") for _ in range(60)]
    for start in range(0, 60, 7):
        world.must("banksh", *payments[start : start + 7])
    reading = await read_all(world, tmp_path)
    blue = [each.uetr for each in reversed(payments) if each.remittance == "blue"]
    monkeypatch.setattr(searching, "SPAN_MAX", 9)
    monkeypatch.setattr(searching, "EXAMINED_MAX", 5)
    for limit in (1, 4, 100):
        assert pages(reading, Wanted(), limit) == [each.uetr for each in reversed(payments)]
        assert pages(reading, Wanted(text="blue"), limit) == blue
        seen = pages(reading, Wanted(), limit, may_see=lambda payment: payment.remittance == "blue")
        assert seen == blue


async def test_a_customer_s_payments_are_found_by_each_of_its_identifiers(world: World, tmp_path: Path) -> None:
    by_lei = a_payment(debtor=replace(SILK, lei=LEI))
    by_account = a_payment(debtor=named("Anybody"), debtor_account=CashAccount(other="acct/1 2"))
    as_ultimate = a_payment(ultimate_creditor=replace(TEKSTIL, lei=LEI))
    world.must("banksh", by_lei, by_account, a_payment(), as_ultimate)
    reading = await read_all(world, tmp_path)

    def uetrs(*payments: SubmitPayment) -> list[str]:
        return [each.uetr for each in payments]

    assert pages(reading, Wanted(parties=(LEI,))) == uetrs(as_ultimate, by_lei)
    assert pages(reading, Wanted(parties=("acct/1 2",))) == uetrs(by_account)
    assert pages(reading, Wanted(parties=("acct/1",))) == []
    assert pages(reading, Wanted(parties=(LEI, "acct/1 2"))) == uetrs(as_ultimate, by_account, by_lei)


async def test_an_index_made_in_other_steps_is_the_same(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind or beside the blocks, one payment at a time or all: the rows of a file made again are the same."""
    first = read(history, tmp_path / "first", "clearing")
    first.index()
    monkeypatch.setattr(searching, "STEP", 1)
    second = Reading(tmp_path / "second.sqlite", "clearing")
    for block in history.feeds["clearing"]:
        second.projection.apply([block])
        second.projection.index()
    second.index()
    rows = first.dump()
    assert rows == second.dump()
    assert rows["in_search"]
    assert rows["indexed"] == [(0, len(rows["payments"]))]


async def test_no_purge_moves_a_place_in_the_list_of_payments(world: World, tmp_path: Path) -> None:
    """Whoever reads on at a read model that was made anew skips none and is told none twice."""
    payments = [a_payment(f"{number}.00") for number in range(1, 7)]
    journals = [world.must("banksh", each).tx_id for each in payments]
    stated = a_confirmation(payments[3], journals[3])
    async with shared(world) as network:
        before = Reading(tmp_path / "before.sqlite", "banksh")
        before.projection.apply(await blocks_of(network, world, "banksh"))
        for gone in (0, 2, 5):
            await network.purge(keys.journal("banksh", journals[gone]))
        world.must("bankist", stated)
        after = Reading(tmp_path / "after.sqlite", "banksh")
        after.projection.apply(await blocks_of(network, world, "banksh"))
    for place, payment in enumerate(payments):
        row = before.queries.payment(payment.uetr)
        assert row is not None
        position = before.queries.place_of(row.id)
        assert before.queries.first_from(position) == row.id
        left = [payments[each].uetr for each in (4, 3, 1) if each < place]
        page = after.search.page(Wanted(), before=after.queries.first_from(position), limit=9)
        assert [each.uetr for each in page.payments] == left
    assert after.queries.first_from(positions.LAST) is None
