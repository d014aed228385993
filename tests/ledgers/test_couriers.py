"""The embedded ledger behind its port: couriers that meet, peers that are late or incomplete, a ledger that fails."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import apsw
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from chaincode.embedded.verification import verify
from gateway.development.members import Member
from gateway.ledger.courier import LocalCourier
from gateway.ledger.couriers import Couriers
from gateway.ledger.embedded import EmbeddedClient, EmbeddedNetwork, LedgerCorruptError, Peer
from gateway.ledger.port import Delivered, FeedBlock, LedgerUnreachableError, OutcomeUnknownError
from settlement.canonical import digest, encode
from settlement.errors import Code
from settlement.forms.consent import SignedList, list_to_sign
from settlement.records import Command
from tests.builders import a_payment
from tests.world import NETWORK, NOW_MS, World

pytestmark = pytest.mark.asyncio


class Network:
    """The embedded ledger's port over a ledger that is going, and everybody's keys."""

    def __init__(self, directory: Path, members: Mapping[str, Member]) -> None:
        self.embedded = EmbeddedNetwork.open(directory, network=NETWORK, clock=lambda: NOW_MS)
        self.members = members

    def client(self, organisation: str, peer: Peer | None = None) -> EmbeddedClient:
        credential = self.members[organisation].service.credential
        return self.embedded.client(organisation, credential, lambda: NOW_MS, peer=peer)

    def courier(self, organisation: str) -> LocalCourier:
        return LocalCourier(self.client(organisation))

    def sign(self, participant: str, sequence: int, *commands: Command) -> SignedList:
        raw = tuple(map(encode, commands))
        service = self.members[participant].service.credential
        to_sign = list_to_sign(NETWORK, participant, sequence, tuple(map(digest, raw)))
        return SignedList(participant, sequence, raw, service.sign(to_sign), service.certificate)


@pytest_asyncio.fixture
async def network(world: World, directory: Path) -> AsyncIterator[Network]:
    world.close()
    network = Network(directory, world.members)
    yield network
    await network.embedded.close()


async def take(client: EmbeddedClient, start: int, count: int) -> list[FeedBlock]:
    found: list[FeedBlock] = []
    async for block in client.blocks(start):
        found.append(block)
        if len(found) == count:
            break
    return found


def codes(delivered: Delivered) -> set[str]:
    return {answer.code for answer in delivered.answers}


async def test_two_couriers_at_once_both_succeed(network: Network, directory: Path) -> None:
    """What one of them read, the other changed: it endorses again, and no payment is lost or counted twice."""
    first, second = network.courier("clearing"), network.courier("regulator")
    assert codes(await first.carry(network.sign("banksh", 2, a_payment("100.00")))) == {""}
    for number in range(10):
        ours = network.sign("banksh", 3 + number, a_payment("1.00"))
        theirs = network.sign("bankist", 1 + number, a_payment("0.50", payer="bankist", payee="banksh"))
        done = await asyncio.gather(first.carry(ours), second.carry(theirs))
        assert [codes(each) for each in done] == [{""}, {""}]
    report = verify(directory)
    assert (report.settled, report.problems) == (21, ())
    assert report.invalid > 0, "they never met"


class Unreachable:
    """A courier that is not there."""

    async def carry(self, signed: SignedList) -> Delivered:
        raise LedgerUnreachableError


async def test_a_bank_that_carries_its_own_lists_meets_the_courier_and_both_succeed(
    network: Network, directory: Path
) -> None:
    others, own = network.courier("clearing"), Couriers(Unreachable(), network.courier("banksh"))
    assert codes(await own.carry(network.sign("banksh", 2, a_payment("100.00")))) == {""}
    for number in range(10):
        ours = network.sign("banksh", 3 + number, a_payment("1.00"))
        theirs = network.sign("bankist", 1 + number, a_payment("0.50", payer="bankist", payee="banksh"))
        done = await asyncio.gather(own.carry(ours), others.carry(theirs))
        assert [codes(each) for each in done] == [{""}, {""}]
    report = verify(directory)
    assert (report.settled, report.problems) == (21, ())
    assert report.invalid > 0, "they never met"


async def test_a_list_that_two_couriers_carry_takes_effect_once(network: Network) -> None:
    signed = network.sign("banksh", 2, a_payment("1.00"))
    couriers = [network.courier(name) for name in ("clearing", "regulator", "banksh")]
    done = await asyncio.gather(*(courier.carry(signed) for courier in couriers))
    assert sorted(next(iter(codes(each))) for each in done) == ["", Code.SEQUENCE_NOT_NEXT, Code.SEQUENCE_NOT_NEXT]


async def test_a_peer_that_lags_gives_blocks_when_it_catches_up(network: Network) -> None:
    height = network.embedded.ledger.height
    peer = Peer()
    peer.lag(height)
    late = asyncio.create_task(take(network.client("banksh", peer), height, 1))
    await network.courier("clearing").carry(network.sign("banksh", 2, a_payment("1.00")))
    (block,) = await take(network.client("banksh"), height, 1)
    assert not late.done()
    await peer.catch_up()
    assert await late == [block]


async def test_a_peer_that_lacks_a_private_part_says_so_until_it_has_it(network: Network) -> None:
    height = network.embedded.ledger.height
    peer = Peer()
    peer.lose(height, "bankist")
    await network.courier("clearing").carry(network.sign("banksh", 2, a_payment("1.00")))
    (block,) = await take(network.client("bankist", peer), height, 1)
    assert block.transactions[0].missing == ("bankist",)
    assert not any(write.collection for write in block.transactions[0].writes)
    peer.receive(height, "bankist")
    (block,) = await take(network.client("bankist", peer), height, 1)
    assert block.transactions[0].missing == ()
    assert {write.collection for write in block.transactions[0].writes} >= {"bankist"}


async def test_a_purged_value_is_told_by_its_digest_alone(network: Network) -> None:
    height = network.embedded.ledger.height
    await network.courier("clearing").carry(network.sign("banksh", 2, a_payment("1.00")))
    (block,) = await take(network.client("bankist"), height, 1)
    (journal,) = (write for write in block.transactions[0].writes if write.key.startswith("journal/"))
    place = next(
        write.place
        for write in network.embedded.ledger.reader.writes(height)
        if (write.place.collection, write.place.key) == ("bankist", journal.key)
    )
    assert await network.embedded.purge(place) == 1
    (block,) = await take(network.client("bankist"), height, 1)
    (purged,) = (write for write in block.transactions[0].writes if write.key == journal.key)
    assert (purged.value, purged.digest) == (None, journal.digest)


async def test_a_reader_that_has_seen_more_blocks_than_there_are_is_told(network: Network) -> None:
    with pytest.raises(LedgerCorruptError, match="restore the ledger's newest backup"):
        await take(network.client("banksh"), network.embedded.ledger.height + 1, 1)


async def test_a_full_disk_is_unreachable_and_then_the_same_list_takes_effect(network: Network) -> None:
    connection: apsw.Connection = network.embedded.ledger._store._connection
    connection.pragma("max_page_count", connection.pragma("page_count"))
    courier = network.courier("clearing")
    signed = network.sign("banksh", 2, *(a_payment("1.00", remittance=os.urandom(60).hex()) for _ in range(200)))
    with capture_logs() as logged:
        for _ in range(2):
            with pytest.raises(LedgerUnreachableError, match="is full"):
                await courier.carry(signed)
    (told,) = logged
    assert (told["log_level"], "is full: free space" in told["reason"]) == ("error", True)
    connection.pragma("max_page_count", 1_000_000)
    assert codes(await courier.carry(signed)) == {""}


async def test_a_block_of_unknown_fate_is_told_as_such_and_then_nothing_is_carried(network: Network) -> None:
    network.embedded.ledger._store._connection.close()
    courier = network.courier("clearing")
    with pytest.raises(OutcomeUnknownError):
        await courier.carry(network.sign("banksh", 2, a_payment("1.00")))
    with pytest.raises(LedgerUnreachableError, match="the ledger has stopped"):
        await courier.carry(network.sign("banksh", 2, a_payment("1.00")))


async def test_a_courier_whose_clock_is_off_carries_nothing(network: Network) -> None:
    credential = network.members["clearing"].service.credential
    courier = LocalCourier(network.embedded.client("clearing", credential, lambda: NOW_MS - 300_001))
    with pytest.raises(LedgerUnreachableError, match="300 s off"):
        await courier.carry(network.sign("banksh", 2, a_payment("1.00")))
