"""A peer's side of the chaincode stream, over gRPC: it dials the chaincode and runs transactions on it.

It behaves as core/chaincode of Fabric 3.1 does, down to what hurts: one request of a transaction at a time (another one
is dropped without a word), empty answers for private values that it lacks, COMPLETED taken for whatever runs under that
id. `Faults` says where it should misbehave.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self

import grpc
from fabric_protos.ledger.queryresult.kv_query_result_pb2 import KV, KeyModification
from fabric_protos.peer import chaincode_shim_pb2 as shim
from fabric_protos.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput
from fabric_protos.peer.proposal_response_pb2 import Response

from tests.fakes.peer_state import AbsentError, PeerState, Place
from tests.fakes.proposals import NOON_MS, a_proposal

Message = shim.ChaincodeMessage
FABRIC_3 = b"\x08\x01\x10\xe8\x07\x18\x01\x20\xe8\x07"
"""READY's payload with the settings of core.yaml: batches of 1000 to write and to read."""
FABRIC_2_5 = b""
MEBIBYTE = 1024 * 1024
EOF: object = vars(grpc.aio)["EOF"]  # not in the stubs


def ready(*, write: int, read: int) -> bytes:
    """READY's payload with batches of fewer than 128 records."""
    return bytes([0x08, 1, 0x10, write, 0x18, 1, 0x20, read])


class RefusedError(Exception):
    """The reason in an ERROR that a peer answers to a request."""


@dataclass
class Faults:
    """How this peer differs from one in good health."""

    silent: bool = False
    """It never answers REGISTER."""
    refusals: dict[str, str] = field(default_factory=dict)
    """What it says, instead of answering, to requests of a type."""
    short_reads: int = 0
    """How many values it leaves out at the end of a GET_STATE_MULTIPLE answer."""
    pace: Callable[[Any], Awaitable[None]] | None = None
    """Awaited with each request before it is answered: to delay, to hold, to reorder."""


class Outcome(NamedTuple):
    """What a transaction came to: COMPLETED with a response, or ERROR with a text."""

    type: str
    response: Any
    error: str
    event: Any
    writes: Mapping[Place, bytes | None]
    requests: tuple[str, ...]


@dataclass
class Context:
    """One transaction, as the peer keeps it."""

    done: asyncio.Future[Any]
    timestamp_ms: int
    state: PeerState = field(default_factory=PeerState)
    writes: dict[Place, bytes | None] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    queries: dict[str, Iterator[bytes]] = field(default_factory=dict)
    busy: bool = False
    ranged_private: bool = False


class FakePeer:
    """Dials a chaincode server, and runs transactions on it, as an async context manager."""

    def __init__(
        self,
        port: int,
        *,
        state: PeerState | None = None,
        parameters: bytes = FABRIC_3,
        faults: Faults | None = None,
        credentials: grpc.ChannelCredentials | None = None,
        portion: int = 100,
    ) -> None:
        self.state = state or PeerState()
        self.faults = faults or Faults()
        self.chaincode_id = ""
        self.keepalives = 0
        self.dropped: list[str] = []
        self.running: dict[tuple[str, str], Context] = {}
        self.registered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[grpc.StatusCode] = asyncio.get_running_loop().create_future()
        self._parameters = parameters
        self._portion = portion
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()
        options = [("grpc.max_receive_message_length", 100 * MEBIBYTE), ("grpc.max_send_message_length", -1)]
        address = f"localhost:{port}"
        if credentials is None:
            self._channel = grpc.aio.insecure_channel(address, options=options)
        else:
            self._channel = grpc.aio.secure_channel(address, credentials, options=options)
        self.call: Any = None

    async def __aenter__(self) -> Self:
        connect: Any = self._channel.stream_stream  # its stub asks for serialisers, which bytes do without
        self.call = connect("/protos.Chaincode/Connect")()
        self._spawn(self._follow())
        if not self.faults.silent:
            await self.registered
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._channel.close(None)

    async def cut(self) -> None:
        """Break the stream off, as a peer that is killed does."""
        self.call.cancel()
        await self.ended

    async def execute(
        self,
        *args: bytes,
        tx_id: str = "",
        channel_id: str = "trade",
        init: bool = False,
        state: PeerState | None = None,
        signed: Any = None,
        **proposal: Any,
    ) -> Outcome:
        """Run one transaction, and commit what it wrote if it completed.

        It sees the peer's state, or another that is given; the proposal is made here unless somebody has signed one.
        """
        tx_id = tx_id or f"tx-{next(self._numbers)}"
        name = channel_id, tx_id
        assert name not in self.running, "a peer runs an id once at a time"
        done, timestamp_ms = asyncio.get_running_loop().create_future(), proposal.get("timestamp_ms", NOON_MS)
        context = Context(done, timestamp_ms, state or self.state)
        self.running[name] = context
        try:
            await self.send(
                type=Message.INIT if init else Message.TRANSACTION,
                txid=tx_id,
                channel_id=channel_id,
                payload=ChaincodeInput(args=args).SerializeToString(),
                proposal=signed or a_proposal(tx_id=tx_id, args=args, channel_id=channel_id, **proposal),
            )
            answer = await context.done
        finally:
            del self.running[name]
        requests = tuple(context.requests)
        if answer.type == Message.ERROR:
            return Outcome("ERROR", None, answer.payload.decode(), answer.chaincode_event, {}, requests)
        response = Response.FromString(answer.payload)
        if response.status < 400:
            context.state.commit(tx_id, context.timestamp_ms, context.writes)
        return Outcome("COMPLETED", response, "", answer.chaincode_event, context.writes, requests)

    async def send(self, **fields: Any) -> None:
        """Send a message, right or wrong."""
        await self.send_raw(Message(**fields).SerializeToString())

    async def send_raw(self, data: bytes) -> None:
        """Send bytes that may be no message at all."""
        async with self._writing:
            await self.call.write(data)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self) -> None:
        # A call that this side has cancelled raises CancelledError, as a task does.
        with contextlib.suppress(grpc.aio.AioRpcError, asyncio.CancelledError):
            while (data := await self.call.read()) is not EOF:
                await self._take(Message.FromString(data))
        code = await self.call.code()
        for context in self.running.values():
            if not context.done.done():
                context.done.set_exception(ConnectionError("chaincode stream terminated"))
        if not self.registered.done():
            self.registered.set_exception(ConnectionError(f"{code}: {await self.call.details()}"))
        if not self.ended.done():
            self.ended.set_result(code)

    async def _take(self, message: Any) -> None:
        if not self.registered.done():
            await self._register(message)
            return
        if message.type == Message.KEEPALIVE:
            self.keepalives += 1
            return
        batches = {Message.WRITE_BATCH_STATE, Message.GET_STATE_MULTIPLE}
        if message.type in batches and self._parameters == FABRIC_2_5:
            # "Fabric side handler cannot handle message (%s) while in ready state": it ends the stream.
            self.call.cancel()
            return
        context = self.running.get((message.channel_id, message.txid))
        if message.type in {Message.COMPLETED, Message.ERROR}:
            if context and not context.done.done():
                context.done.set_result(message)
            return
        kind = Message.Type.Name(message.type)
        if context and context.busy:
            self.dropped.append(kind)
            return
        if context:
            context.busy = True
            context.requests.append(kind)
        self._spawn(self._handle(message, kind, context))

    async def _register(self, message: Any) -> None:
        assert message.type == Message.REGISTER
        self.chaincode_id = ChaincodeID.FromString(message.payload).name
        if self.faults.silent:
            return
        await self.send(type=Message.REGISTERED)
        await self.send(type=Message.READY, payload=self._parameters)
        self.registered.set_result(None)

    async def _handle(self, message: Any, kind: str, context: Context | None) -> None:
        if self.faults.pace is not None:
            await self.faults.pace(message)
        answer = {"txid": message.txid, "channel_id": message.channel_id}
        try:
            if context is None:
                raise RefusedError("no ledger context")
            if kind in self.faults.refusals:
                raise RefusedError(self.faults.refusals[kind])
            payload = ANSWERS[kind](self, message.payload, context)
            answer |= {"type": Message.RESPONSE, "payload": payload}
        except RefusedError as error:
            told = f"{kind} failed: transaction ID: {message.txid}: {error}"
            answer |= {"type": Message.ERROR, "payload": told.encode()}
        if context:
            context.busy = False
        with contextlib.suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
            await self.send(**answer)

    def _get(self, payload: bytes, context: Context) -> bytes:
        query = shim.GetState.FromString(payload)
        try:
            return context.state.value((query.collection, query.key)) or b""
        except AbsentError:
            raise RefusedError(
                "private data matching public hash version is not available. "
                "Public hash version = {BlockNum: 7, TxNum: 0}, Private data version = <nil>"
            ) from None

    def _get_many(self, payload: bytes, context: Context) -> bytes:
        query = shim.GetStateMultiple.FromString(payload)
        values = context.state.values_of((query.collection, key) for key in query.keys)
        kept = max(0, len(values) - self.faults.short_reads)
        data: bytes = shim.GetStateMultipleResult(values=values[:kept]).SerializeToString()
        return data

    def _hash(self, payload: bytes, context: Context) -> bytes:
        query = shim.GetState.FromString(payload)
        return context.state.hash((query.collection, query.key))

    def _put(self, payload: bytes, context: Context) -> bytes:
        write = shim.PutState.FromString(payload)
        return self._write(context, write.collection, write.key, write.value)

    def _delete(self, payload: bytes, context: Context) -> bytes:
        write = shim.DelState.FromString(payload)
        return self._write(context, write.collection, write.key, None)

    def _write_batch(self, payload: bytes, context: Context) -> bytes:
        for record in shim.WriteBatchState.FromString(payload).rec:
            if record.type not in {shim.WriteRecord.PUT_STATE, shim.WriteRecord.DEL_STATE}:
                raise RefusedError("unknown operation type")
            value = record.value if record.type == shim.WriteRecord.PUT_STATE else None
            self._write(context, record.collection, record.key, value)
        return b""

    def _write(self, context: Context, collection: str, key: str, value: bytes | None) -> bytes:
        if context.ranged_private:
            raise RefusedError("Transaction has already performed queries on pvt data. Writes are not allowed")
        context.writes.pop((collection, key), None)
        context.writes[collection, key] = value
        return b""

    def _range(self, payload: bytes, context: Context) -> bytes:
        query = shim.GetStateByRange.FromString(payload)
        if query.collection:
            if context.writes:
                raise RefusedError("Queries on pvt data is supported only in a read-only transaction")
            context.ranged_private = True
        found = context.state.scan(query.collection, query.startKey, query.endKey)
        return self._open(context, (KV(key=key, value=value).SerializeToString() for key, value in found))

    def _history(self, payload: bytes, context: Context) -> bytes:
        modified = context.state.history.get(shim.GetHistoryForKey.FromString(payload).key, [])
        return self._open(context, map(_modification, modified))

    def _open(self, context: Context, results: Iterator[bytes]) -> bytes:
        number = f"query-{next(self._numbers)}"
        context.queries[number] = results
        return self._portion_of(context, number)

    def _next(self, payload: bytes, context: Context) -> bytes:
        return self._portion_of(context, shim.QueryStateNext.FromString(payload).id)

    def _close(self, payload: bytes, context: Context) -> bytes:
        number = shim.QueryStateClose.FromString(payload).id
        context.queries.pop(number, None)
        data: bytes = shim.QueryResponse(id=number).SerializeToString()
        return data

    def _portion_of(self, context: Context, number: str) -> bytes:
        if number not in context.queries:
            raise RefusedError("query iterator not found")
        results = context.queries[number]
        portion = [shim.QueryResultBytes(resultBytes=found) for found in itertools.islice(results, self._portion)]
        following = list(itertools.islice(results, 1))
        if following:
            context.queries[number] = itertools.chain(following, results)
        else:
            del context.queries[number]
        response = shim.QueryResponse(results=portion, has_more=bool(following), id=number)
        data: bytes = response.SerializeToString()
        return data


def _modification(modified: Any) -> bytes:
    entry = KeyModification(tx_id=modified.tx_id, value=modified.value or b"", is_delete=modified.value is None)
    entry.timestamp.seconds = modified.timestamp_ms // 1000
    entry.timestamp.nanos = modified.timestamp_ms % 1000 * 1_000_000
    data: bytes = entry.SerializeToString()
    return data


ANSWERS: dict[str, Callable[[FakePeer, bytes, Context], bytes]] = {
    "GET_STATE": FakePeer._get,
    "GET_STATE_MULTIPLE": FakePeer._get_many,
    "GET_PRIVATE_DATA_HASH": FakePeer._hash,
    "PUT_STATE": FakePeer._put,
    "DEL_STATE": FakePeer._delete,
    "WRITE_BATCH_STATE": FakePeer._write_batch,
    "GET_STATE_BY_RANGE": FakePeer._range,
    "GET_HISTORY_FOR_KEY": FakePeer._history,
    "QUERY_STATE_NEXT": FakePeer._next,
    "QUERY_STATE_CLOSE": FakePeer._close,
}
