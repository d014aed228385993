"""The read model: rows that follow from the blocks alone, whoever reads them, whenever, and however often."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NamedTuple

import apsw
import pytest
import pytest_asyncio

from chaincode import keys
from gateway.ledger.port import FeedBlock, FeedWrite
from gateway.projection import payments
from gateway.projection.faults import FeedBrokenError
from gateway.projection.store import ProjectionStore
from settlement.accounts.account import CASH, Account
from settlement.accounts.issuance import Issuance, IssuanceState
from settlement.forms import records
from settlement.forms.journals import Event
from settlement.participants import Customer, ParticipantState, RegisterCustomer, SuspendParticipant
from settlement.payments.commands import CreditStatus, SubmitPayment, WhenUnfunded
from settlement.payments.initiation import initiation_id
from settlement.payments.payment import SettlementState
from tests.builders import (
    SILK_ACCOUNT,
    a_confirmation,
    a_decline,
    a_payment,
    a_return,
    an_id,
    an_initiation,
    an_instruction,
    an_issuance_request,
)
from tests.gateway.feeds import Reading, a_block, blocks_of, dump, shared
from tests.rulings import ruled
from tests.world import World

pytestmark = pytest.mark.asyncio

ORGANISATIONS: Final = ("banksh", "bankist", "bankfra", "clearing", "regulator", "customs")
LEI: Final = "5493001KJTIIGC8Y1R12"


class History(NamedTuple):
    """What happened, and the feed of each organisation."""

    settled: SubmitPayment
    rejected: SubmitPayment
    returned: SubmitPayment
    again: str
    journal: str
    issuance_id: str
    feeds: dict[str, list[FeedBlock]]


def happen(world: World) -> tuple[SubmitPayment, SubmitPayment, SubmitPayment, str, str, str]:
    """Settle, reject, confirm, return, issue, register, suspend; and use a UETR twice."""
    settled, returned = a_payment("10.00"), a_payment("20.00")
    rejected = a_payment("99999999.00", when_unfunded=WhenUnfunded.REJECT)
    journal = world.must("banksh", settled, returned, a_payment("1.00", payee="bankfra")).tx_id
    assert world.ask("banksh", rejected, a_payment("99999999.00")).codes == [["AM04", "UNFUNDED"]]
    world.must(
        "bankist",
        a_confirmation(settled, journal),
        a_confirmation(returned, journal, CreditStatus.WAITING, reason="G002"),
    )
    world.must("bankist", a_return(returned, journal, "5.00"))
    world.must("bankist", a_return(returned, journal, "6.00"))
    again = world.must("banksh", settled).tx_id
    world.must("bankist", a_confirmation(settled, again, CreditStatus.WAITING, reason="G002"))
    issuance_id = world.fund("bankist", "300.00")
    world.must("bankist", an_issuance_request("7.00"))
    world.must("banksh", RegisterCustomer(command_id=an_id(), customer=Customer(identifier=LEI, name="Silk")))
    world.must("banksh", RegisterCustomer(command_id=an_id(), customer=Customer(identifier=LEI, name="Silk & Co")))
    customer = Customer(identifier=LEI, name="Silk & Co", accounts=(SILK_ACCOUNT,))
    initiation = an_initiation(an_instruction(), an_instruction("2.00"))
    world.must("banksh", RegisterCustomer(command_id=an_id(), customer=customer), initiation)
    world.must("banksh", a_decline(initiation_id(LEI, initiation.message_id, 0)))
    suspend = SuspendParticipant(command_id=an_id(), participant="bankfra", reason="inspection")
    ruled(world, suspend, at="clearing")
    assert world.ask("bankfra", a_payment(payer="bankfra")).codes == [["AG10"]]
    return settled, rejected, returned, again, journal, issuance_id


@pytest_asyncio.fixture
async def history(world: World) -> AsyncIterator[History]:
    """A day on which everything happens that the read model tells of."""
    told = happen(world)
    async with shared(world) as network:
        feeds = {name: await blocks_of(network, world, name) for name in ORGANISATIONS}
        yield History(*told, feeds)


def read(history: History, path: Path, organisation: str = "banksh", *, at_once: int = 1000) -> Reading:
    """Make a read model of an organisation's whole feed, some blocks at a time."""
    reading, feed = Reading(path / f"{organisation}.sqlite", organisation), history.feeds[organisation]
    for start in range(0, len(feed), at_once):
        reading.projection.apply(feed[start : start + at_once])
    return reading


@pytest.mark.parametrize("organisation", ORGANISATIONS)
async def test_a_file_deleted_and_made_again_has_the_same_rows(
    history: History, tmp_path: Path, organisation: str
) -> None:
    """Whether the blocks come one by one or all at once."""
    first = read(history, tmp_path / "first", organisation, at_once=1)
    second = read(history, tmp_path / "second", organisation)
    first.index()
    second.index()
    rows = first.dump()
    assert rows == second.dump()
    assert rows["checkpoint"] == [(0, len(history.feeds[organisation]), history.feeds[organisation][-1].hash)]
    assert bool(rows["payments"]) == bool(rows["in_search"]) == (organisation != "customs")


async def test_what_happened_to_a_payment_is_told_in_order(history: History, tmp_path: Path) -> None:
    for organisation in ("banksh", "bankist", "clearing", "regulator"):
        queries = read(history, tmp_path, organisation).queries
        settled, returned = queries.payment(history.settled.uetr), queries.payment(history.returned.uetr)
        assert settled is not None
        assert returned is not None
        assert (settled.state, settled.credit, settled.amount_minor) == (
            SettlementState.SETTLED,
            CreditStatus.CREDITED,
            1000,
        )
        assert settled.command == history.settled
        assert (returned.credit, returned.returned_minor) == (CreditStatus.WAITING, 1100)
        assert [event.kind for event in queries.events_of(returned.id)] == [
            Event.PAYMENT_SETTLED,
            Event.CREDIT_STATED,
            Event.PAYMENT_RETURNED,
            Event.PAYMENT_RETURNED,
        ]
        positions = [event.position for event in queries.events_after(0, limit=1000)]
        assert positions == sorted(set(positions))
        assert (positions[0] > 0, positions[-1]) == (True, queries.last_position())


async def test_a_rejection_is_told_to_the_payer_and_the_authorities_alone(history: History, tmp_path: Path) -> None:
    seen = {}
    for organisation in ORGANISATIONS:
        view = read(history, tmp_path, organisation).queries.payment(history.rejected.uetr)
        seen[organisation] = view and (view.state, view.code)
    told = (SettlementState.REJECTED, "AM04")
    assert seen == {
        "banksh": told,
        "clearing": told,
        "regulator": told,
        "bankist": None,
        "bankfra": None,
        "customs": None,
    }


async def test_a_uetr_used_twice_is_kept_marked_and_found_by_its_transaction(history: History, tmp_path: Path) -> None:
    for organisation in ("banksh", "bankist", "clearing"):
        queries = read(history, tmp_path, organisation).queries
        first = queries.payment(history.settled.uetr)
        again = queries.payment(history.settled.uetr, payer="banksh", tx_id=history.again)
        assert first is not None
        assert again is not None
        assert (first.tx_id, first.is_duplicate, first.credit) == (history.journal, False, CreditStatus.CREDITED)
        assert (again.tx_id, again.is_duplicate, again.credit) == (history.again, True, CreditStatus.WAITING)
        assert queries.payment(history.settled.uetr, tx_id=history.journal) == first
        assert queries.payment(history.settled.uetr, tx_id="00" * 32) is None
        told = [event for event in queries.events_after(0, limit=1000) if event.uetr == first.uetr]
        assert [(event.tx_id, event.is_duplicate) for event in told if event.kind is Event.PAYMENT_SETTLED] == [
            (history.journal, False),
            (history.again, True),
        ]


async def test_each_sees_its_own_an_authority_all_and_customs_no_money(history: History, tmp_path: Path) -> None:
    banks = {"banksh", "bankist", "bankfra"}
    expected = dict.fromkeys(ORGANISATIONS, banks) | {bank: {bank} for bank in banks} | {"customs": set()}
    for organisation, holders in expected.items():
        queries = read(history, tmp_path, organisation).queries
        accounts = [each for each in queries.accounts() if each.kind == CASH]
        assert {each.participant for each in accounts} == holders, organisation
        assert {each.participant for each in queries.records(Issuance)} == holders - {"bankfra"}, organisation
        parties = {party for event in queries.events_after(0, limit=1000) for party in (event.payer, event.payee)}
        assert (parties != set()) == (organisation != "customs")
        if organisation in banks:
            assert all(organisation in (event.payer, event.payee) for event in queries.events_after(0, limit=1000))


async def test_records_stand_as_they_were_last_written(history: History, tmp_path: Path) -> None:
    queries = read(history, tmp_path, "bankist").queries
    states = {each.issuance_id: each.state for each in queries.records(Issuance)}
    assert states.pop(history.issuance_id) is IssuanceState.ISSUED
    assert list(states.values()) == [IssuanceState.REQUESTED]
    participants = queries.participants()
    assert participants["bankfra"].state is ParticipantState.SUSPENDED
    [account] = [each for each in queries.records(Account) if each.currency == "CNY"]
    assert account.posted_minor == 30000 + 2 * 1000 + 2000 - 1100


async def test_a_customer_is_found_by_its_number_at_its_own_bank(history: History, tmp_path: Path) -> None:
    queries = read(history, tmp_path).queries
    assert queries.customer("banksh", LEI) == Customer(identifier=LEI, name="Silk & Co", accounts=(SILK_ACCOUNT,))
    assert queries.customer("bankist", LEI) is None
    assert queries.customer("banksh", "529900T8BM49AURSDO55") is None
    assert read(history, tmp_path, "bankist").queries.customer("banksh", LEI) is None


async def test_no_question_that_comes_with_every_payment_looks_through_all(history: History, tmp_path: Path) -> None:
    """A statement of credit comes with each payment: it must find its own by an index."""
    connection = read(history, tmp_path).store.connection
    plan = connection.execute(f"EXPLAIN QUERY PLAN {payments._FIND_PAYMENT}", (b"", "", b"")).fetchall()
    assert not [row for row in plan if "SCAN" in str(row[3])]


async def test_what_was_purged_is_skipped_and_changes_no_row(world: World, tmp_path: Path) -> None:
    """Who had read it keeps it; who reads it afterwards reads on without, and past what was said of it later."""
    kept, purged = a_payment("10.00"), a_payment("20.00")
    world.must("banksh", kept)
    journal = world.must("banksh", purged).tx_id
    async with shared(world) as network:
        before = Reading(tmp_path / "before.sqlite", "banksh")
        before.projection.apply(await blocks_of(network, world, "banksh"))
        assert await network.purge(keys.journal("banksh", journal)) == 1
        world.must("bankist", a_confirmation(purged, journal))
        feed = await blocks_of(network, world, "banksh")
    before.projection.apply(feed[before.projection.height :])
    after = Reading(tmp_path / "after.sqlite", "banksh")
    after.projection.apply(feed)
    old, new = before.queries.payment(purged.uetr), after.queries.payment(purged.uetr)
    assert old is not None
    assert (old.credit, new) == (CreditStatus.CREDITED, None)
    assert after.queries.payment(kept.uetr) is not None
    assert after.projection.height == before.projection.height == len(feed)
    [told] = after.queries.events_after(0, limit=9)
    assert told == before.queries.events_after(0, limit=9)[0]


@pytest.mark.parametrize("organisation", ["banksh", "bankist", "clearing"])
async def test_no_purge_moves_an_event(world: World, tmp_path: Path, organisation: str) -> None:
    """Whoever resumes at a read model that was made anew, or began after the purge, misses nothing."""
    first, second, other = a_payment("10.00"), a_payment("20.00"), a_payment("2.00", payer="bankist", payee="banksh")
    journal = world.must("banksh", first).tx_id
    stated = a_confirmation(second, world.must("banksh", second).tx_id)
    both = world.carry(world.sign("banksh", [a_payment("3.00")]), world.sign("bankist", [other, stated])).tx_id
    world.must("banksh", a_payment("4.00"))
    async with shared(world) as network:
        before = Reading(tmp_path / "before.sqlite", organisation)
        before.projection.apply(await blocks_of(network, world, organisation))
        for collection in ("banksh", "bankist"):
            await network.purge(keys.journal(collection, journal))
        await network.purge(keys.journal("banksh", both))
        after = Reading(tmp_path / "after.sqlite", organisation)
        after.projection.apply(await blocks_of(network, world, organisation))
    every = {event.position: event for event in before.queries.events_after(0, limit=99)}
    left = {event.position: event for event in after.queries.events_after(0, limit=99)}
    assert 1 < len(left) < len(every)
    assert left == {position: every[position] for position in left}
    assert after.queries.last_position() == before.queries.last_position()


PUBLIC: Final = FeedWrite("", "ledger", records.encode(records.Registrant(participant="banksh"), b""), None)


def of_another_hash(block: FeedBlock) -> FeedBlock:
    """Change a private value, as a peer that lies would, and leave its hash."""
    [transaction] = block.transactions
    place = next(place for place, write in enumerate(transaction.writes) if write.digest and write.value)
    writes = list(transaction.writes)
    value = writes[place].value
    assert value is not None
    writes[place] = writes[place]._replace(value=value[:-1] + bytes([value[-1] ^ 1]))
    return block._replace(transactions=(transaction._replace(writes=tuple(writes)),))


async def test_a_feed_that_does_not_hold_stops_the_read_model_and_changes_nothing(
    history: History, tmp_path: Path
) -> None:
    feed = history.feeds["banksh"]
    last = len(feed) - 1
    changed = next(
        place for place in range(last, 0, -1) if any(w.digest for t in feed[place].transactions for w in t.writes)
    )
    wrong = {
        "a gap": [*feed[: last - 1], feed[last]],
        "a block again": [*feed[:last], feed[last - 1]],
        "a fork": [*feed[:last], feed[last]._replace(previous_hash=hashlib.sha256(b"fork").digest())],
        "a value of another hash": [*feed[:changed], of_another_hash(feed[changed])],
    }
    for name, blocks in wrong.items():
        reading = Reading(tmp_path / f"{name}.sqlite", "banksh")
        reading.projection.apply(blocks[:-1])
        rows, height = reading.dump(), reading.projection.height
        with pytest.raises(FeedBrokenError):
            reading.projection.apply(blocks[-1:])
        assert (reading.dump(), reading.projection.height) == (rows, height), name


async def test_blocks_applied_together_are_applied_all_or_none(history: History, tmp_path: Path) -> None:
    reading, feed = Reading(tmp_path / "r.sqlite", "banksh"), history.feeds["banksh"]
    with pytest.raises(FeedBrokenError):
        reading.projection.apply([*feed[:-1], feed[-1]._replace(previous_hash=bytes(32))])
    assert reading.projection.height == 0
    assert not any(reading.dump().values())
    reading.projection.apply(feed)


async def test_an_entry_about_a_payment_never_told_stops_the_read_model(world: World, tmp_path: Path) -> None:
    payment = a_payment()
    journal = world.must("banksh", payment).tx_id
    world.must("bankist", a_confirmation(payment, journal))
    async with shared(world) as network:
        *feed, told, stated = await blocks_of(network, world, "banksh")
    [transaction] = told.transactions
    reading = Reading(tmp_path / "r.sqlite", "banksh")
    reading.projection.apply([*feed, told._replace(transactions=(transaction._replace(writes=()),))])
    with pytest.raises(FeedBrokenError):
        reading.projection.apply([stated])


async def test_a_file_of_another_schema_is_made_again(history: History, tmp_path: Path) -> None:
    reading = read(history, tmp_path)
    rows = reading.dump()
    reading.store.connection.pragma("user_version", 1)
    reading.store.close()
    again = Reading(tmp_path / "banksh.sqlite", "banksh")
    assert again.projection.height == 0
    again.projection.apply(history.feeds["banksh"])
    assert again.dump() == rows


async def test_a_process_killed_between_blocks_leaves_a_file_that_goes_on_to_the_same_rows(
    history: History, tmp_path: Path
) -> None:
    """Whatever of the file and its log has reached the disk, at whichever block."""
    whole = read(history, tmp_path / "whole").dump()
    feed = history.feeds["banksh"]
    going = Reading(tmp_path / "going" / "banksh.sqlite", "banksh")
    for number, block in enumerate(feed):
        going.projection.apply([block])
        if number % 5:
            continue
        died = tmp_path / f"died-{number}"
        shutil.copytree(tmp_path / "going", died)
        (died / "banksh.sqlite-shm").unlink(missing_ok=True)
        after = Reading(died / "banksh.sqlite", "banksh")
        assert after.projection.height == number + 1
        after.projection.apply(feed[number + 1 :])
        assert after.dump() == whole


_DYING: Final = """
import os, sys
from pathlib import Path
from gateway.projection.store import ProjectionStore
store = ProjectionStore(Path(sys.argv[1]))
with store.transaction():
    store.connection.execute("DELETE FROM payments")
    store.connection.execute("DELETE FROM checkpoint")
    os._exit(9)
"""


async def test_a_process_killed_within_a_block_leaves_the_rows_before_it(history: History, tmp_path: Path) -> None:
    reading = read(history, tmp_path)
    rows = reading.dump()
    reading.store.close()
    path = tmp_path / "banksh.sqlite"
    died = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", _DYING, str(path)], check=False, env={**os.environ}
    )
    assert died.returncode == 9
    assert dump(ProjectionStore(path).connection) == rows


async def test_a_block_of_nothing_that_concerns_one_is_passed_over(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "r.sqlite", "banksh")
    reading.projection.apply([a_block(0, PUBLIC), a_block(1), a_block(2)._replace(transactions=())])
    assert reading.projection.height == 3
    assert isinstance(reading.store.connection, apsw.Connection)
