"""Feeds to follow: the ledger's own, kept block by block, and one that says whatever a test wants."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import apsw

from gateway.ledger.embedded import EmbeddedNetwork, Peer
from gateway.ledger.port import Carried, FeedBlock, FeedTransaction, FeedWrite
from gateway.projection.apply import Projection
from gateway.projection.balances import Balances
from gateway.projection.days import Days
from gateway.projection.entries import Entries
from gateway.projection.queries import Queries
from gateway.projection.rulings import Rulings
from gateway.projection.search import Search
from gateway.projection.store import ProjectionStore
from gateway.projection.timeline import Timeline
from settlement.forms.consent import SignedList
from tests.world import NETWORK, World

INDEXES: Final = ("search", "trade_words")
"""The read model's indexes of words."""


class ToldFeed:
    """A feed of the blocks it was given, which then fails if it was given an error, or ends."""

    network: Final = NETWORK

    def __init__(self, *told: FeedBlock | Exception) -> None:
        self._told: Final = told

    async def blocks(self, start: int) -> AsyncGenerator[FeedBlock, None]:
        """Tell them, wherever one begins."""
        for each in self._told[start:]:
            if isinstance(each, Exception):
                raise each
            yield each

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        """Carry nothing: nobody asks a feed for that."""
        raise AssertionError(lists)


class Reading:
    """One organisation's read model in a file, with the questions to it."""

    def __init__(self, path: Path, organisation: str) -> None:
        self.store: Final = ProjectionStore(path)
        self.projection: Final = Projection(self.store, organisation)
        self.queries: Final = Queries(self.store.reader())
        self.days: Final = Days(self.store.reader())
        self.balances: Final = Balances(self.store.reader())
        self.timeline: Final = Timeline(self.store.reader())
        self.entries: Final = Entries(self.store.reader(), organisation)
        self.rulings: Final = Rulings(self.store.reader())
        self.search: Final = Search(self.store.reader())

    def index(self) -> None:
        """Make the index of words as far as the payments go."""
        while self.projection.index():
            pass

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Give all rows of all tables."""
        return dump(self.store.connection)


def dump(connection: apsw.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Give all rows of all tables of a file, and what the indexes of words hold, however it lies there."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for index in INDEXES:
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.in_{index} USING fts5vocab(main, {index}, instance)"
        )
        names = [name for name in names if not name.startswith(index)] + [f"in_{index}"]
    return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in sorted(names)}  # noqa: S608


@asynccontextmanager
async def shared(world: World) -> AsyncIterator[EmbeddedNetwork]:
    """Open a world's ledger to those who follow it; it is closed with it."""
    network = EmbeddedNetwork(world.ledger)
    world.is_closed = True
    try:
        yield network
    finally:
        await network.close()


async def blocks_of(
    network: EmbeddedNetwork, world: World, organisation: str, *, peer: Peer | None = None
) -> list[FeedBlock]:
    """Read all blocks there are, as one organisation gets them."""
    client = network.client(organisation, world.service(organisation), world.clock, peer=peer)
    found: list[FeedBlock] = []
    feed = client.blocks(0)
    while len(found) < world.ledger.height:
        found.append(await anext(feed))
    await feed.aclose()
    return found


def a_block(number: int, *writes: FeedWrite, previous: bytes | None = None) -> FeedBlock:
    """Make a block of one transaction; hashes follow from the numbers unless it shall be a fork."""
    transaction = FeedTransaction(tx_id=f"{number:064x}", timestamp_ms=number, valid=True, writes=writes)
    return FeedBlock(number, hash_of(number), hash_of(number - 1) if previous is None else previous, (transaction,))


def hash_of(number: int) -> bytes:
    """Give the hash of the block of a number; of the one before the first, zeros."""
    return bytes(32) if number < 0 else number.to_bytes(32, "big", signed=False)[::-1]
