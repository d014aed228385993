"""A read model's file that was damaged: it never gives a wrong value, and a start or two later it is whole again."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NamedTuple

import apsw
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from gateway.ledger.port import FeedBlock, LedgerUnreachableError
from gateway.projection.apply import Projection
from gateway.projection.follow import FeedFollower
from gateway.projection.queries import Queries
from gateway.projection.store import ProjectionStore
from settlement.accounts.account import Account
from tests.builders import a_payment
from tests.expectations import PATIENCE_S
from tests.gateway.feeds import Reading, ToldFeed, blocks_of, dump, shared
from tests.ledgers.tampering import flip
from tests.world import World

pytestmark = pytest.mark.asyncio

UNCHECKED: Final = (18, 19, 20, 24, 60, 95)
"""Bytes of SQLite's header: its versions, the free bytes of a page (without them nothing is checked), counters."""


class Whole(NamedTuple):
    """What the ledger says, and the file of a gateway that has read it but for the last block."""

    path: Path
    feed: list[FeedBlock]
    accounts: dict[str, Account]


@pytest_asyncio.fixture
async def whole(world: World, tmp_path: Path) -> AsyncIterator[Whole]:
    """Payments, and what they leave."""
    for _ in range(4):
        world.must("banksh", *[a_payment("10.00") for _ in range(20)])
    accounts = {
        record.currency: record
        for place, record in world.records(Account)
        if place.collection == record.participant == "banksh"
    }
    assert accounts["CNY"].posted_minor == 99_920_000
    async with shared(world) as network:
        feed = await blocks_of(network, world, "banksh")
        reading = Reading(tmp_path / "whole" / "banksh.sqlite", "banksh")
        for block in feed[:-1]:
            reading.projection.apply([block])
        reading.store.close()
        yield Whole(reading.store.path, feed, accounts)


def copied(whole: Whole, path: Path) -> Path:
    """Give a copy of the file, to be damaged."""
    path.mkdir(exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    return Path(shutil.copy(whole.path, path / "banksh.sqlite"))


def with_damaged_events(whole: Whole, path: Path) -> Path:
    """Give a copy whose damage no start meets: it lies where the events begin."""
    copy = copied(whole, path)
    connection = apsw.Connection(str(copy), vfs="unix")
    ((page,),) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'events'")
    connection.close()
    flip(copy, (page - 1) * 4096 + 2000)
    return copy


def started(whole: Whole, path: Path) -> bool:
    """Start on a file and go on with the feed; say whether that went well. What is told must be the ledger's."""
    store = ProjectionStore(path)
    try:
        projection = Projection(store, "banksh")
        try:
            projection.apply(whole.feed[projection.height :])
        except apsw.Error as error:
            if store.doubt(error):
                return False
            raise
        queries = Queries(store.reader())
        try:
            told = {account.currency: account for account in queries.accounts() if account.participant == "banksh"}
            events = queries.events_after(0, limit=1000)
        except LedgerUnreachableError:
            return False
        assert told == whole.accounts
        assert len(events) == 80
        return True
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(8))
async def test_a_flipped_byte_of_a_read_model_never_gives_a_wrong_balance(
    whole: Whole, tmp_path: Path, seed: int
) -> None:
    """Anywhere in the file: what a start meets it drops, and what is met later, the next start does."""
    chosen = random.Random(seed)
    size = whole.path.stat().st_size
    places = UNCHECKED if seed == 0 else [chosen.randrange(size) for _ in range(12)]
    for at in places:
        path = copied(whole, tmp_path / "damaged")
        flip(path, at, chosen.randrange(1, 256))
        assert started(whole, path) or started(whole, path), at


async def test_a_flipped_byte_of_a_write_ahead_log_never_gives_a_wrong_balance(whole: Whole, tmp_path: Path) -> None:
    """What a killed process left in it counts as far as it holds; the rest is read from the ledger again."""
    chosen = random.Random(1)
    reading = Reading(tmp_path / "going" / "banksh.sqlite", "banksh")
    for block in whole.feed[:-1]:
        reading.projection.apply([block])
    log = Path(f"{reading.store.path}-wal")
    size = log.stat().st_size  # noqa: ASYNC240 - nothing else runs
    for _ in range(12):
        path = copied(Whole(reading.store.path, whole.feed, whole.accounts), tmp_path / "damaged")
        flip(Path(shutil.copy(log, f"{path}-wal")), chosen.randrange(size), chosen.randrange(1, 256))
        assert started(whole, path) or started(whole, path)
    reading.store.close()


@pytest.mark.parametrize("left", [0, 50, 5000])
async def test_what_is_left_of_a_file_is_read_anew(whole: Whole, tmp_path: Path, left: int) -> None:
    path = copied(whole, tmp_path / "cut")
    path.write_bytes(path.read_bytes()[:left])
    assert started(whole, path) or started(whole, path)


async def test_a_file_without_checksums_is_made_again(whole: Whole, tmp_path: Path) -> None:
    """As an older release wrote it."""
    path = tmp_path / "old" / "banksh.sqlite"
    path.parent.mkdir()
    old = apsw.Connection(str(path), vfs="unix")
    old.execute("CREATE TABLE something (it TEXT)")
    old.close()
    with capture_logs() as logs:
        assert started(whole, path)
    assert [each["log_level"] for each in logs] == ["warning"]
    assert path.read_bytes()[20] == 8


async def test_damage_met_by_a_question_stops_the_follower_and_the_next_start_is_whole(
    whole: Whole, tmp_path: Path
) -> None:
    path = with_damaged_events(whole, tmp_path / "asked")
    store = ProjectionStore(path)
    queries = Queries(store.reader())
    follower = FeedFollower(ToldFeed(*whole.feed[:-1]), store, "banksh")
    async with asyncio.timeout(PATIENCE_S):
        follower.start()
        with pytest.raises(LedgerUnreachableError, match="is damaged"):
            queries.events_after(0, limit=1000)
        with capture_logs() as logs:
            await follower.stopped()
        await follower.close()
    assert [each["event"] for each in logs] == ["the read model stopped"]
    with pytest.raises(LedgerUnreachableError, match="is damaged"):
        queries.last_position()
    store.close()
    with capture_logs() as logs:
        assert started(whole, path)
    assert [each["reason"] for each in logs] == ["damage was found in it"]
    assert not path.with_name("banksh.sqlite-damaged").exists()


async def test_damage_met_while_applying_stops_the_follower(whole: Whole, tmp_path: Path) -> None:
    path = with_damaged_events(whole, tmp_path / "applied")
    store = ProjectionStore(path)
    follower = FeedFollower(ToldFeed(*whole.feed), store, "banksh")
    async with asyncio.timeout(PATIENCE_S):
        follower.start()
        await follower.stopped()
        await follower.close()
    assert isinstance(follower.failure, apsw.Error)
    store.close()
    rows = Reading(path, "banksh")
    rows.projection.apply(whole.feed)
    assert dump(rows.store.connection)["checkpoint"][0][1] == len(whole.feed)
