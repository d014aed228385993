"""Reading and writing the ledger's state, in as few messages as the peer takes."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256

import pytest
from fabric_protos.peer.chaincode_shim_pb2 import WriteBatchState, WriteRecord

from chaincode.shim import Entry, Modification, PeerError, Response, Stub, Write
from chaincode.shim.stub import BATCH_OVERHEAD_BYTES, VERSIONS_DIFFER
from tests.fakes.peer import FABRIC_2_5, FABRIC_3, FakePeer, Faults, Outcome, ready
from tests.fakes.peer_state import Modified, PeerState
from tests.shim.serving import serving

pytestmark = pytest.mark.asyncio

SMALL = ready(write=3, read=2)
PUT = WriteRecord.PUT_STATE
PEERS = pytest.mark.parametrize("parameters", [FABRIC_3, SMALL, FABRIC_2_5], ids=["3.1", "small-batches", "2.5"])


def letters() -> PeerState:
    """A public state with five keys, each the name of its value."""
    return PeerState({("", letter): letter.encode() for letter in "abcde"})


async def run(
    work: Callable[[Stub], Awaitable[None]],
    state: PeerState | None = None,
    *,
    parameters: bytes = FABRIC_3,
    portion: int = 100,
    faults: Faults | None = None,
) -> Outcome:
    """Run one transaction that has to complete; what it asserts, it asserts inside."""

    async def chaincode(stub: Stub) -> Response:
        await work(stub)
        return Response()

    async with (
        serving(chaincode) as server,
        FakePeer(server.port, state=state, parameters=parameters, portion=portion, faults=faults) as peer,
    ):
        outcome = await peer.execute()
        assert outcome.type == "COMPLETED", outcome.error
        assert peer.dropped == []
        return outcome


@PEERS
async def test_many_values_are_read_whatever_the_peer_can_do(parameters: bytes) -> None:
    """Absent ones are left out, and a key asked for twice is read once."""

    async def read(stub: Stub) -> None:
        found = await stub.get_many(["a", "x", "c", "a", "e", "b"])
        assert found == {"a": b"a", "c": b"c", "e": b"e", "b": b"b"}

    outcome = await run(read, letters(), parameters=parameters)
    single, three, one = ("GET_STATE",) * 5, ("GET_STATE_MULTIPLE",) * 3, ("GET_STATE_MULTIPLE",)
    assert outcome.requests == {FABRIC_3: one, SMALL: three, FABRIC_2_5: single}[parameters]


@PEERS
async def test_many_values_are_written_whatever_the_peer_can_do(parameters: bytes) -> None:
    """In the order given: of two writes to a key the last one counts, in whichever batches they are."""

    async def write(stub: Stub) -> None:
        await stub.write_batch(
            [
                Write("a", b"1"),
                Write("a", b"2", "banksh"),
                Write("b", None),
                Write("a", b"3"),
                Write("c", b"4"),
                Write("c", None),
                Write("d", b"5"),
            ]
        )

    outcome = await run(write, parameters=parameters)
    assert outcome.writes == {
        ("banksh", "a"): b"2",
        ("", "b"): None,
        ("", "a"): b"3",
        ("", "c"): None,
        ("", "d"): b"5",
    }
    singles = ("PUT_STATE", "PUT_STATE", "DEL_STATE", "PUT_STATE", "PUT_STATE", "DEL_STATE", "PUT_STATE")
    batches = {FABRIC_3: ("WRITE_BATCH_STATE",), SMALL: ("WRITE_BATCH_STATE",) * 3, FABRIC_2_5: singles}
    assert outcome.requests == batches[parameters]


@PEERS
async def test_nothing_to_read_or_write_costs_no_message(parameters: bytes) -> None:
    async def nothing(stub: Stub) -> None:
        assert await stub.get_many([]) == {}
        await stub.write_batch([])

    assert (await run(nothing, parameters=parameters)).requests == ()


async def test_a_batch_holds_no_more_bytes_than_a_message_may() -> None:
    async def write(stub: Stub) -> Response:
        await stub.write_batch(Write(f"key-{number}", b"v" * 15_000) for number in range(10))
        return Response()

    async with serving(write, message_max_bytes=40_000) as server, FakePeer(server.port) as peer:
        outcome = await peer.execute()
    assert outcome.requests == ("WRITE_BATCH_STATE",) * 5
    assert len(outcome.writes) == 10


def record_bytes(write: Write) -> int:
    """How many bytes a write is in a batch, by Fabric's message."""
    record = WriteRecord(key=write.key, value=write.value or b"", collection=write.collection, type=PUT)
    return len(WriteBatchState(rec=[record]).SerializeToString())


@pytest.mark.parametrize(("more", "batches"), [(-1, 1), (0, 1), (1, 2)])
async def test_a_batch_is_filled_to_its_last_byte(more: int, batches: int) -> None:
    """Of the two overheads, what a record's length takes is counted as if it were the longest."""
    writes = [Write("a", b"v" * 20_000), Write("b", b"v" * 20_000, "banksh")]
    counted = sum(record_bytes(each) for each in writes) + 2  # a length of three bytes counts as one of four
    limit = counted + BATCH_OVERHEAD_BYTES

    async def write(stub: Stub) -> Response:
        await stub.write_batch([writes[0], writes[1]._replace(value=b"v" * (20_000 + more))])
        return Response()

    async with serving(write, message_max_bytes=limit) as server, FakePeer(server.port) as peer:
        outcome = await peer.execute(channel_id="c" * 249, tx_id="a" * 64)
    assert outcome.requests == ("WRITE_BATCH_STATE",) * batches
    assert outcome.type == "COMPLETED", "names as long as Fabric has them fit beside it"


async def test_many_small_writes_on_a_channel_with_a_long_name_fit_into_their_messages() -> None:
    """What a batch adds to each record, and a message to the batch, is counted before anything is sent."""

    async def write(stub: Stub) -> Response:
        await stub.write_batch(Write(f"{number}", b"v") for number in range(5_000))
        return Response()

    async with (
        serving(write, message_max_bytes=6_000) as server,
        FakePeer(server.port, parameters=b"\x08\x01\x10\x90\x4e\x18\x00") as peer,
    ):
        outcome = await peer.execute(channel_id="c" * 249, tx_id="a" * 64)
    assert outcome.type == "COMPLETED", outcome.error
    assert len(outcome.writes) == 5_000


async def test_a_batch_of_as_many_writes_as_a_peer_takes_is_one() -> None:
    async def write(stub: Stub) -> None:
        await stub.write_batch(Write(letter, b"v") for letter in "abcdef")

    assert (await run(write, parameters=SMALL)).requests == ("WRITE_BATCH_STATE",) * 2


async def test_a_read_of_as_many_keys_as_a_peer_takes_is_one() -> None:
    async def read(stub: Stub) -> None:
        assert await stub.get_many("abcd") == {letter: letter.encode() for letter in "abcd"}

    assert (await run(read, letters(), parameters=SMALL)).requests == ("GET_STATE_MULTIPLE",) * 2


async def test_single_values_are_read_written_and_deleted() -> None:
    async def work(stub: Stub) -> None:
        assert await stub.get("a") == b"a"
        assert await stub.get("x") is None
        await stub.put("a", b"new")
        await stub.put("p", b"secret", "banksh")
        await stub.delete("b")
        await stub.delete("q", "banksh")
        assert await stub.get("a") == b"a", "a transaction does not see its own writes"

    outcome = await run(work, letters())
    assert outcome.writes == {
        ("", "a"): b"new",
        ("banksh", "p"): b"secret",
        ("", "b"): None,
        ("banksh", "q"): None,
    }


async def test_an_empty_key_or_value_is_not_written() -> None:
    """Fabric would take the value for a deletion, and refuse the key only at the end."""

    async def work(stub: Stub) -> None:
        for wrong in (Write("", b"v"), Write("k", b""), Write("", None)):
            with pytest.raises(ValueError, match="empty"):
                await stub.write_batch([wrong])
        with pytest.raises(ValueError, match="empty"):
            await stub.put("k", b"")
        with pytest.raises(ValueError, match="empty"):
            await stub.delete("")
        with pytest.raises(ValueError, match="name"):
            stub.set_event("")

    assert (await run(work)).requests == ()


async def test_requests_made_at_the_same_time_go_out_one_after_another() -> None:
    """The peer drops a request that comes while another one of its transaction is being answered."""

    async def work(stub: Stub) -> None:
        assert await asyncio.gather(*(stub.get(letter) for letter in "edcba")) == [b"e", b"d", b"c", b"b", b"a"]

    assert len((await run(work, letters())).requests) == 5


async def test_a_range_comes_in_portions_and_in_order() -> None:
    async def work(stub: Stub) -> None:
        assert [entry async for entry in stub.range("b", "e")] == [Entry(key, key.encode()) for key in "bcd"]
        assert [entry.key async for entry in stub.range("", "")] == list("abcde")
        assert [entry async for entry in stub.range("x", "z")] == []
        async with stub.range("", "") as results:
            assert [entry.key async for entry in results] == list("abcde")

    state = letters()
    state.values["", "\x00composite\x00"] = b"hidden"
    outcome = await run(work, state, portion=2)
    walk = ("GET_STATE_BY_RANGE", "QUERY_STATE_NEXT", "QUERY_STATE_NEXT")
    assert outcome.requests == (*walk[:2], *walk, "GET_STATE_BY_RANGE", *walk)


async def test_a_range_that_is_left_early_is_closed() -> None:
    async def work(stub: Stub) -> None:
        async with stub.range("", "") as results:
            async for entry in results:
                if entry.key == "b":
                    break
        await results.close()
        assert [entry async for entry in results] == []

    outcome = await run(work, letters(), portion=1)
    assert outcome.requests == ("GET_STATE_BY_RANGE", "QUERY_STATE_NEXT", "QUERY_STATE_CLOSE")


async def test_what_is_left_of_a_range_is_given_up_with_it() -> None:
    async def work(stub: Stub) -> None:
        results = stub.range("", "")
        assert (await anext(results)).key == "a"
        await results.close()
        assert [entry async for entry in results] == []
        unread = stub.range("", "")
        await unread.close()
        assert [entry async for entry in unread] == []

    outcome = await run(work, letters(), portion=3)
    assert outcome.requests == ("GET_STATE_BY_RANGE", "QUERY_STATE_CLOSE")


async def test_a_range_in_which_something_goes_wrong_ends_with_its_transaction() -> None:
    """The peer closes it; to ask once more could only hide what went wrong."""

    async def work(stub: Stub) -> None:
        with pytest.raises(LookupError):
            async with stub.range("", "") as results:
                raise LookupError(await anext(results))

    assert (await run(work, letters(), portion=1)).requests == ("GET_STATE_BY_RANGE",)


async def test_only_a_missing_version_is_missing_data() -> None:
    """What else a peer says of a private value is its error, and not to be tried again as if the data might come."""

    async def private(stub: Stub) -> None:
        with pytest.raises(PeerError):
            await stub.get("p", "banksh")

    async def public(stub: Stub) -> None:
        with pytest.raises(PeerError):
            await stub.get("a")

    await run(private, faults=Faults(refusals={"GET_STATE": "leveldb: closed"}))
    await run(public, faults=Faults(refusals={"GET_STATE": VERSIONS_DIFFER}))


async def test_a_transaction_that_ranged_over_private_data_may_not_write() -> None:
    async def work(stub: Stub) -> None:
        assert [entry.key async for entry in stub.range("", "", "banksh")] == ["p"]
        with pytest.raises(PeerError) as caught:
            await stub.put("a", b"v")
        assert caught.value.request == "PUT_STATE"
        assert "Writes are not allowed" in caught.value.told

    await run(work, PeerState({("banksh", "p"): b"v", ("bankist", "q"): b"v"}))


async def test_the_history_of_a_key_comes_latest_first() -> None:
    state = PeerState(history={"a": [Modified("tx-2", None, 2_001), Modified("tx-1", b"v", 1_000)]})

    async def work(stub: Stub) -> None:
        assert [modification async for modification in stub.history("a")] == [
            Modification("tx-2", b"", 2_001, deleted=True),
            Modification("tx-1", b"v", 1_000, deleted=False),
        ]

    await run(work, state, portion=1)


async def test_the_hash_of_a_private_value_is_known_to_every_peer() -> None:
    state = PeerState({("banksh", "p"): b"v"}, lacking={("banksh", "p")})

    async def work(stub: Stub) -> None:
        assert await stub.private_hash("p", "banksh") == sha256(b"v").digest()
        assert await stub.private_hash("x", "banksh") is None

    await run(work, state)


@pytest.mark.parametrize(
    "kind",
    [
        "GET_STATE",
        "GET_STATE_MULTIPLE",
        "GET_PRIVATE_DATA_HASH",
        "PUT_STATE",
        "DEL_STATE",
        "WRITE_BATCH_STATE",
        "GET_STATE_BY_RANGE",
        "QUERY_STATE_NEXT",
        "QUERY_STATE_CLOSE",
        "GET_HISTORY_FOR_KEY",
    ],
)
async def test_an_error_that_the_peer_answers_is_raised_and_never_taken_for_a_value(kind: str) -> None:
    async def walk(stub: Stub) -> None:
        async for _ in stub.range("", ""):
            pass

    async def leave(stub: Stub) -> None:
        async with stub.range("", "") as results:
            await anext(results)

    async def work(stub: Stub) -> None:
        asking: dict[str, Callable[[], Awaitable[object]]] = {
            "GET_STATE": lambda: stub.get("a"),
            "GET_STATE_MULTIPLE": lambda: stub.get_many(["a"]),
            "GET_PRIVATE_DATA_HASH": lambda: stub.private_hash("a", "banksh"),
            "PUT_STATE": lambda: stub.put("a", b"v"),
            "DEL_STATE": lambda: stub.delete("a"),
            "WRITE_BATCH_STATE": lambda: stub.write_batch([Write("a", b"v")]),
            "GET_STATE_BY_RANGE": lambda: walk(stub),
            "QUERY_STATE_NEXT": lambda: walk(stub),
            "QUERY_STATE_CLOSE": lambda: leave(stub),
            "GET_HISTORY_FOR_KEY": lambda: anext(stub.history("a")),
        }
        with pytest.raises(PeerError) as caught:
            await asking[kind]()
        assert caught.value.request == kind
        assert caught.value.told == f"{kind} failed: transaction ID: {stub.tx_id}: leveldb: closed"
        assert "leveldb" not in str(caught.value)

    await run(work, letters(), faults=Faults(refusals={kind: "leveldb: closed"}), portion=1)
