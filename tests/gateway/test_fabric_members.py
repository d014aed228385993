"""Over Fabric's protocols an organisation sees what it is a member of: by queries, chaincodes of its own, and feeds."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from hashlib import sha256
from typing import Final

import msgspec
import pytest
import pytest_asyncio

from chaincode import keys
from chaincode.shim import Response, Stub
from gateway.app import wall_clock_ms
from gateway.config import load
from gateway.credentials import read
from gateway.fabric_client import Block, Checkpoint, Contract, EvaluateError, Gateway, Peer, Scope
from gateway.ledger.embedded import EmbeddedClient
from settlement.errors import Code
from settlement.forms import records
from tests.gateway.fabric_house import AUTHORITIES, BANKS, CHAINCODE, FabricHouse, a_fabric_house, a_ledger, msp
from tests.gateway.house import NETWORK, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUTSIDER: Final = "customs"


class Lived:
    """A network on which banksh has paid bankist, and every organisation's way to peers."""

    def __init__(self, house: FabricHouse, tx_id: str, stack: AsyncExitStack) -> None:
        self.house: Final = house
        self.tx_id: Final = tx_id
        self._stack: Final = stack

    def access(self, participant: str, at: str) -> Gateway:
        """Act as an organisation's gateway at a peer of its own, or by direct dial at an authority's."""
        config = load(self.house.settings(participant), {})
        shown = read(config)
        place = next(place for place, each in enumerate(config.fabric.peers) if each.msp == msp(at))
        settings = config.fabric.peers[place]
        peer = Peer.at(settings.address, shown.peers[place], server_name=settings.name)
        self._stack.push_async_callback(peer.close)
        return Gateway(peer, shown.creator, shown.signer)

    def contract(self, participant: str) -> Contract:
        """Call the contracts through an organisation's own peer."""
        return self.access(participant, participant).contract(NETWORK, CHAINCODE)

    async def said(self, participant: str, *arguments: str, at: str = "clearing") -> str:
        """Aim a query at an organisation's chaincode; give the answer, or why there is none."""
        function, *others = arguments
        try:
            return (await self.contract(participant).evaluate(function, *others, organisations=[msp(at)])).decode()
        except EvaluateError as error:
            return error.fault.message

    def embedded(self, participant: str) -> EmbeddedClient:
        """Give an organisation's access to the ledger behind the channel, past all of Fabric."""
        credential = self.house.members[participant].service.credential
        return self.house.ledger.embedded.client(participant, credential, wall_clock_ms)

    async def block(self, participant: str, at: str) -> Block:
        """Have the payment's block delivered with private data."""
        number, _ = self.house.channel.positions[self.tx_id]
        request = self.access(participant, at).blocks(Scope(NETWORK, Checkpoint(number), number))
        (block,) = [block async for block in request.blocks()]
        return block


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lived]:
    names = (*AUTHORITIES, OUTSIDER, *BANKS)
    async with a_fabric_house(tmp_path_factory.mktemp("fabric"), names=names) as house, AsyncExitStack() as stack:
        async with house.client("banksh") as client:
            outcome = await client.submit(a_fresh_payment("31337.42"))
        yield Lived(house, outcome.transaction_id, stack)


@pytest.mark.parametrize("at", AUTHORITIES)
async def test_whoever_asks_an_authority_is_told_what_the_network_is(lived: Lived, at: str) -> None:
    told = [msgspec.json.decode(await lived.said(name, "about", at=at)) for name in ("banksh", OUTSIDER)]
    assert [each["network"] for each in told] == [NETWORK] * 2


@pytest.mark.parametrize("at", AUTHORITIES)
@pytest.mark.parametrize("asker", ["banksh", OUTSIDER])
async def test_nobody_is_told_of_a_payment_by_its_contracts(lived: Lived, asker: str, at: str) -> None:
    answers = [await lived.said(asker, "journal", each, at=at) for each in (lived.tx_id, "0" * 64)]
    assert answers == [f"evaluate call to endorser returned error: chaincode response 400, {Code.CH16}"] * 2


async def test_where_no_chaincode_is_installed_none_runs(lived: Lived) -> None:
    assert "chaincode is not installed" in await lived.said("banksh", "about", at="banksh")


async def curious(stub: Stub) -> Response:
    """Read whatever its caller names, as an organisation may let a chaincode do that it has written itself."""
    how, collection, key = (argument.decode() for argument in stub.args)
    match how:
        case "one":
            return Response(payload=await stub.get(key, collection) or b"")
        case "many":
            return Response(payload=(await stub.get_many([key], collection)).get(key, b""))
        case _:
            return Response(payload=await stub.private_hash(key, collection) or b"")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spying(lived: Lived) -> Lived:
    """The outsider runs such a chaincode at its own peer."""
    await lived.house.install(OUTSIDER, curious)
    return lived


@pytest.mark.parametrize("how", ["one", "many"])
@pytest.mark.parametrize("collection", ["banksh", "bankist", "clearing", keys.AUTHORITY])
async def test_a_chaincode_of_ones_own_reads_nothing_of_others_on_ones_own_peer(
    spying: Lived, how: str, collection: str
) -> None:
    """The values are not there: all that its peer has of them is hashes."""
    key = keys.secret(collection).key
    assert Code.DATA_MISSING in await spying.said(OUTSIDER, how, collection, key, at=OUTSIDER)
    assert await spying.contract(OUTSIDER).evaluate("hash", collection, key, organisations=[msp(OUTSIDER)])


@pytest.mark.parametrize("how", ["one", "many"])
async def test_it_reads_ones_own(spying: Lived, how: str) -> None:
    """So that it is not for want of trying that it reads nothing else."""
    key = keys.secret(OUTSIDER).key
    told = await spying.contract(OUTSIDER).evaluate(how, OUTSIDER, key, organisations=[msp(OUTSIDER)])
    assert isinstance(records.decode(told, private=True), records.Secret)


@pytest.mark.parametrize("participant", [*AUTHORITIES, OUTSIDER, *BANKS])
async def test_a_feed_is_the_same_by_fabrics_protocols_and_from_the_embedded_ledger(
    lived: Lived, participant: str
) -> None:
    """To the last write, in order; a block's hashes alone are of another kind. The first block is Fabric's own."""
    number, _ = lived.house.channel.positions[lived.tx_id]
    async with (
        a_ledger(lived.house, participant=participant) as ledger,
        aclosing(ledger.blocks(0)) as over_fabric,
        aclosing(lived.embedded(participant).blocks(0)) as embedded,
    ):
        for _ in range(number + 1):
            assert (await anext(over_fabric)).transactions == (await anext(embedded)).transactions


async def test_of_what_is_purged_a_feed_brings_the_hash_alone(lived: Lived) -> None:
    async with lived.house.client("banksh") as client:
        paid = await client.submit(a_fresh_payment("2.00"))
    number, _ = lived.house.channel.positions[paid.transaction_id]
    async with (
        a_ledger(lived.house, participant="bankist") as ledger,
        aclosing(lived.embedded("bankist").blocks(number)) as embedded,
    ):
        before = await anext(embedded)
        await lived.house.ledger.embedded.purge(keys.journal("bankist", paid.transaction_id))
        async with aclosing(ledger.blocks(number)) as over_fabric:
            (transaction,) = (await anext(over_fabric)).transactions
    journal = next(each for each in before.transactions[0].writes if each.key.startswith("journal/"))
    (purged,) = (each for each in transaction.writes if each.is_purged)
    assert (purged.collection, purged.digest, transaction.missing) == ("bankist", journal.digest, ())


SEEN: Final = {
    ("banksh", "banksh"): {"banksh"},
    ("banksh", "clearing"): {"banksh"},
    ("clearing", "clearing"): {"banksh", "bankist"},
    ("regulator", "regulator"): {"banksh", "bankist"},
    (OUTSIDER, OUTSIDER): set(),
    (OUTSIDER, "clearing"): set(),
}


@pytest.mark.parametrize(("reader", "at"), SEEN, ids=map(" at ".join, SEEN))
async def test_a_feed_brings_what_its_reader_is_a_member_of_and_hashes_of_the_rest(
    lived: Lived, reader: str, at: str
) -> None:
    (transaction,) = (await lived.block(reader, at)).transactions
    assert {each.collection for each in transaction.sets.private} == SEEN[reader, at]
    assert {each.collection for each in transaction.sets.hashed} == {"banksh", "bankist"}
    shown = {write.value_hash for each in transaction.sets.hashed for write in each.writes}
    brought = {sha256(write.value or b"").digest() for each in transaction.sets.private for write in each.writes}
    assert brought <= shown
