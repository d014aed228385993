"""Following the feed: nothing is lost, nothing is made up, and nobody waits for a read model that has stopped."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import apsw
import pytest
from structlog.testing import capture_logs

from gateway.ledger.embedded import LedgerUnusableError, Peer
from gateway.ledger.port import FeedBlock, FeedWrite, Ledger
from gateway.projection.faults import FeedBrokenError
from gateway.projection.follow import LULL_S, MISSING_PAUSE_S, FeedFollower
from gateway.projection.queries import Queries
from gateway.projection.store import ProjectionStore
from tests.builders import a_payment
from tests.expectations import PATIENCE_S
from tests.gateway.feeds import ToldFeed, a_block, blocks_of, dump, shared
from tests.world import World

pytestmark = pytest.mark.asyncio

LIE: Final = FeedWrite("banksh", "key", b"a value", bytes(32))


class Pauses:
    """Keeps how long it was asked to wait, and waits until it is let go."""

    def __init__(self) -> None:
        self.asked: Final[list[float]] = []
        self.began: Final = asyncio.Event()
        self.over: Final = asyncio.Event()

    async def __call__(self, pause_s: float) -> None:
        """Wait."""
        self.asked.append(pause_s)
        self.began.set()
        await self.over.wait()


@asynccontextmanager
async def following(
    ledger: Ledger, path: Path, pause: Pauses | None = None, *, lull_s: float = LULL_S
) -> AsyncIterator[FeedFollower]:
    """Follow a ledger as the paying bank."""
    store = ProjectionStore(path / "banksh.sqlite")
    follower = FeedFollower(ledger, store, "banksh", pause or Pauses(), lull_s=lull_s)
    follower.start()
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield follower
    finally:
        await follower.close()
        store.close()


BROKEN: Final[dict[str, tuple[FeedBlock | Exception, ...]]] = {
    "a gap": (a_block(0), a_block(2)),
    "a block again": (a_block(0), a_block(0)),
    "a fork": (a_block(0), a_block(1, previous=b"f" * 32)),
    "a private value of another hash": (a_block(0), a_block(1, LIE)),
    "a value nobody can read": (a_block(0), a_block(1, FeedWrite("", "key", b"{", None))),
    "an error of the ledger": (a_block(0), LedgerUnusableError("the disk is gone")),
}


@pytest.mark.parametrize("told", BROKEN.values(), ids=BROKEN)
async def test_a_broken_feed_stops_the_read_model_alarms_and_tells_whoever_waits(
    told: Sequence[FeedBlock | Exception], tmp_path: Path
) -> None:
    with capture_logs() as logs:
        async with following(ToldFeed(*told), tmp_path) as follower:
            waiting = [asyncio.create_task(follower.reached(block)) for block in (1, 5)]
            await follower.stopped()
            for task in (*waiting, asyncio.create_task(follower.reached(1))):
                with pytest.raises(FeedBrokenError):
                    await task
            assert follower.failure is not None
            assert follower.height <= 1
    assert [(each["event"], each["log_level"]) for each in logs] == [("the read model stopped", "error")]


async def test_a_follower_that_closes_tells_whoever_waits(tmp_path: Path) -> None:
    async with following(ToldFeed(), tmp_path) as follower:
        waiting = asyncio.create_task(follower.reached(0))
        await asyncio.sleep(0)
    with pytest.raises(FeedBrokenError):
        await waiting
    await follower.stopped()


async def test_whoever_stops_waiting_disturbs_nobody(world: World, tmp_path: Path) -> None:
    peer = Peer()
    peer.lag(0)
    async with shared(world) as network:
        client = network.client("banksh", world.service("banksh"), world.clock, peer=peer)
        async with following(client, tmp_path) as follower:
            impatient, patient = (asyncio.create_task(follower.reached(world.ledger.height - 1)) for _ in range(2))
            await asyncio.sleep(0)
            impatient.cancel()
            await peer.catch_up()
            await patient
            assert impatient.cancelled()
            assert follower.failure is None


def indexed(path: Path) -> int:
    """Count the payments in the index of words."""
    connection = apsw.Connection(str(path / "banksh.sqlite"))
    return int(connection.execute("SELECT coalesce(max(payment), 0) FROM indexed").get or 0)


async def test_words_are_indexed_in_a_lull_and_not_between_two_blocks(world: World, tmp_path: Path) -> None:
    for _ in range(3):
        world.must("banksh", a_payment("10.00"))
    async with shared(world) as network:
        client = network.client("banksh", world.service("banksh"), world.clock)
        async with following(client, tmp_path, lull_s=2 * PATIENCE_S) as follower:
            await follower.reached(world.ledger.height - 1)
            await asyncio.wait((asyncio.create_task(follower.indexed(world.ledger.height)),), timeout=2 * LULL_S)
            assert indexed(tmp_path) == 0
        async with following(client, tmp_path) as follower:
            await follower.indexed(world.ledger.height)
            assert indexed(tmp_path) == 3


async def test_a_private_part_that_is_missing_is_asked_for_again_and_alarms(world: World, tmp_path: Path) -> None:
    """Nothing after it is applied before it; then all is, and the rows are those of a peer that lacked nothing."""
    payment, later = a_payment("10.00"), a_payment("20.00")
    block = world.must("banksh", payment).block
    world.must("banksh", later)
    peer, pauses = Peer(), Pauses()
    peer.lose(block, "banksh")
    async with shared(world) as network:
        client = network.client("banksh", world.service("banksh"), world.clock, peer=peer)
        with capture_logs() as logs:
            async with following(client, tmp_path, pauses) as follower:
                await pauses.began.wait()
                await follower.reached(block - 1)
                assert follower.height == block
                assert pauses.asked == [MISSING_PAUSE_S]
                peer.receive(block, "banksh")
                pauses.over.set()
                await follower.reached(world.ledger.height - 1)
                assert follower.failure is None
        assert [(each["log_level"], each["block"]) for each in logs] == [("error", block)]
        whole = ProjectionStore(tmp_path / "whole.sqlite")
        other = FeedFollower(network.client("banksh", world.service("banksh"), world.clock), whole, "banksh")
        other.start()
        await other.reached(world.ledger.height - 1)
        await other.close()
    late = ProjectionStore(tmp_path / "banksh.sqlite")
    assert Queries(late.reader()).payment(payment.uetr) is not None
    assert dump(late.connection) == dump(whole.connection)


async def test_what_another_organisations_peer_lacks_is_nothing_to_wait_for(world: World, tmp_path: Path) -> None:
    block = world.must("banksh", a_payment()).block
    peer = Peer()
    peer.lose(block, "bankist")
    async with shared(world) as network:
        client = network.client("banksh", world.service("banksh"), world.clock, peer=peer)
        async with following(client, tmp_path) as follower:
            await follower.reached(block)


async def test_a_follower_goes_on_where_its_file_ends(world: World, tmp_path: Path) -> None:
    async with shared(world) as network:
        client = network.client("banksh", world.service("banksh"), world.clock)
        async with following(client, tmp_path) as follower:
            await follower.reached(world.ledger.height - 1)
        payment = a_payment()
        block = world.must("banksh", payment).block
        told = await blocks_of(network, world, "banksh")
        async with following(ToldFeed(*[FeedBrokenError()] * block, told[block]), tmp_path) as follower:
            await follower.reached(block)


async def test_a_file_that_has_seen_more_than_the_ledger_has_stops(world: World, tmp_path: Path) -> None:
    """The ledger was set back to an older copy: what the file says is so no longer."""
    store = ProjectionStore(tmp_path / "banksh.sqlite")
    with store.transaction():
        store.connection.execute("INSERT INTO checkpoint VALUES (0, ?, ?)", (world.ledger.height + 1, bytes(32)))
    store.close()
    async with shared(world) as network:
        client = network.client("banksh", world.service("banksh"), world.clock)
        async with following(client, tmp_path) as follower:
            await follower.stopped()
            with pytest.raises(FeedBrokenError):
                await follower.reached(world.ledger.height + 1)
