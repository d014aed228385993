"""A private value that is on the ledger and not on this peer is DATA_MISSING, and never "not found"."""

import pytest

from chaincode.shim import DataMissingError, PeerError, ProtocolError, Response, Stub
from tests.fakes.peer import FABRIC_2_5, FABRIC_3, FakePeer, Faults, ready
from tests.fakes.peer_state import PeerState
from tests.shim.serving import serving

pytestmark = pytest.mark.asyncio

BANK = "banksh"
HELD = {(BANK, key): key.encode() for key in "abcde"}


async def read(
    keys: str, *, lacking: str = "", short_reads: int = 0, parameters: bytes = FABRIC_3, collection: str = BANK
) -> str:
    """What comes of reading keys from a peer that lacks some: their values, or the name of the error."""

    async def chaincode(stub: Stub) -> Response:
        try:
            found = await stub.get_many(keys, collection)
        except (DataMissingError, PeerError, ProtocolError) as error:
            return Response(payload=type(error).__name__.encode())
        return Response(payload=b"".join(found.values()))

    state = PeerState({**HELD, ("", "a"): b"a"}, lacking={(BANK, key) for key in lacking})
    faults = Faults(short_reads=short_reads)
    async with (
        serving(chaincode) as server,
        FakePeer(server.port, state=state, parameters=parameters, faults=faults) as peer,
    ):
        outcome = await peer.execute()
        return str(outcome.response.payload.decode())


@pytest.mark.parametrize("parameters", [FABRIC_3, ready(write=2, read=2), FABRIC_2_5], ids=["3.1", "small", "2.5"])
@pytest.mark.parametrize(
    ("keys", "lacking", "expected"),
    [
        ("abc", "", "abc"),
        ("axb", "", "ab"),
        ("xyz", "", ""),
        ("abc", "c", "DataMissingError"),
        ("abc", "abc", "DataMissingError"),
        ("xay", "a", "DataMissingError"),
        ("abc", "de", "abc"),
    ],
)
async def test_a_lacking_value_is_told_from_an_absent_one(
    keys: str, lacking: str, expected: str, parameters: bytes
) -> None:
    assert await read(keys, lacking=lacking, parameters=parameters) == expected


@pytest.mark.parametrize(
    ("keys", "short_reads", "expected"),
    [
        ("abc", 3, "DataMissingError"),
        ("abc", 1, "DataMissingError"),
        ("xa", 1, "DataMissingError"),
        ("ax", 1, "DataMissingError"),
        ("xyz", 3, ""),
    ],
)
async def test_a_short_answer_is_no_answer(keys: str, short_reads: int, expected: str) -> None:
    """A peer answers with an empty list after an error of its database; only the hashes say what there is."""
    assert await read(keys, short_reads=short_reads) == expected


async def test_a_short_answer_about_the_public_state_is_an_error() -> None:
    """There is no hash to ask for."""
    assert await read("a", collection="") == "a"
    assert await read("a", collection="", short_reads=1) == "ProtocolError"


async def test_a_single_read_tells_the_same() -> None:
    async def chaincode(stub: Stub) -> Response:
        assert await stub.get("b", BANK) == b"b"
        assert await stub.get("x", BANK) is None
        with pytest.raises(DataMissingError) as caught:
            await stub.get("a", BANK)
        assert caught.value.collection == BANK
        return Response()

    state = PeerState(dict(HELD), lacking={(BANK, "a")})
    async with serving(chaincode) as server, FakePeer(server.port, state=state) as peer:
        assert (await peer.execute()).type == "COMPLETED"


async def test_a_chaincode_that_lets_it_pass_says_so_to_the_client() -> None:
    """With the word that makes it worth trying again, and without a key."""

    async def chaincode(stub: Stub) -> Response:
        await stub.get_many(["a"], BANK)
        return Response()

    state = PeerState(dict(HELD), lacking={(BANK, "a")})
    async with serving(chaincode) as server, FakePeer(server.port, state=state) as peer:
        outcome = await peer.execute()
    assert outcome.type == "ERROR"
    assert outcome.error.startswith("DATA_MISSING: the peer lacks private data (reference ")
