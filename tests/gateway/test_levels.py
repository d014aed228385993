"""Keys in levels: whatever level a key is in it is found, and which one it is in follows from the feed alone."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from gateway.ledger.port import FeedBlock
from gateway.projection import identifications, levels
from gateway.projection.levels import Levels
from tests.builders import a_payment
from tests.gateway.feeds import Reading, blocks_of, shared
from tests.world import World

SMALL = (3, 7)
"""Sizes at which a dozen keys fill every level."""


@pytest.fixture(autouse=True)
def small_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "SIZES", SMALL)


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    connection = apsw.Connection(":memory:")
    connection.execute(levels.SCHEMA)
    yield connection
    connection.close()


def enter(table: Levels, *digests: int) -> None:
    table.enter(msgspec.json.encode([(digest, 20261123) for digest in digests]).decode())


def by_level(connection: apsw.Connection) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for level, digest in connection.execute("SELECT level, digest FROM sent ORDER BY level, digest"):
        found.setdefault(level, []).append(digest)
    return found


def test_a_full_level_moves_into_the_next_and_nothing_is_lost(connection: apsw.Connection) -> None:
    table = Levels(connection, levels.SENT)
    enter(table, 5, 1)
    assert by_level(connection) == {0: [1, 5]}
    enter(table, 9)
    assert by_level(connection) == {1: [1, 5, 9]}
    enter(table, 8, 2, 7, 3)
    assert by_level(connection) == {2: [1, 2, 3, 5, 7, 8, 9]}
    enter(table, 4)
    found = connection.execute("SELECT digest FROM sent WHERE level IN (0, 1, 2) AND digest IN (4, 5, 6)").fetchall()
    assert found == [(4,), (5,)]


def test_a_key_given_again_fills_no_room(connection: apsw.Connection) -> None:
    table = Levels(connection, levels.SENT)
    for _ in range(5):
        enter(table, 1, 2)
    assert by_level(connection) == {0: [1, 2]}


def test_opened_again_it_goes_on_as_if_it_had_not_been_closed(connection: apsw.Connection) -> None:
    other = apsw.Connection(":memory:")
    other.execute(levels.SCHEMA)
    table = Levels(connection, levels.SENT)
    for digest in range(20, 0, -1):
        enter(table, digest)
        enter(Levels(other, levels.SENT), digest)
        assert by_level(connection) == by_level(other)


@pytest.mark.asyncio
async def test_payments_are_found_and_repeats_known_in_whatever_level_they_are(world: World, tmp_path: Path) -> None:
    payments = [a_payment("10.00") for _ in range(12)]
    for payment in payments:
        world.must("banksh", payment)
    again = world.must("banksh", payments[0])
    async with shared(world) as network:
        blocks: list[FeedBlock] = await blocks_of(network, world, "banksh")
    reading = Reading(tmp_path / "read", "banksh")
    for block in blocks:
        reading.projection.apply([block])
    occupied = reading.store.connection.execute("SELECT DISTINCT level FROM uetrs").fetchall()
    assert len(occupied) > 1
    uetrs = [payment.uetr for payment in payments]
    assert reading.queries.used("banksh", uetrs) == set(uetrs)
    assert reading.queries.used("bankist", uetrs) == set()
    given = {identifications.digest(identifications.MESSAGE, payment.message_id) for payment in payments}
    assert reading.queries.sent_lately([*given, 1]) == given
    first, second = reading.queries.payments(uetrs[0])
    assert (first.is_duplicate, second.is_duplicate, second.tx_id) == (False, True, again.tx_id)
    assert [len(reading.queries.payments(uetr)) for uetr in uetrs] == [2] + [1] * 11
    whole = Reading(tmp_path / "whole", "banksh")
    whole.projection.apply(blocks)
    assert whole.dump() == reading.dump()
    for each in (reading, whole):
        each.store.close()
