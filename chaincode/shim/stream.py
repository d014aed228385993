"""One peer's stream: it registers the chaincode, and then carries all transactions of that peer.

    CREATED --REGISTERED--> ESTABLISHED --READY--> READY

In READY the peer sends TRANSACTION and INIT, and RESPONSE or ERROR to what running transactions ask. Nothing waits for
anything here: each transaction is a task, the reader hands over what comes, and one writer sends what goes, in order.
A stream takes one message at a time, so what a transaction has to say at one time goes into one message (stub).
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any, Final

import grpc
import structlog
from fabric_protos.peer.chaincode_pb2 import ChaincodeID
from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from google.protobuf.message import DecodeError

from chaincode.shim.admission import Admission
from chaincode.shim.errors import ProtocolError, RepeatedError, ShimError
from chaincode.shim.exchange import Exchange
from chaincode.shim.limits import Limits, parse_limits
from chaincode.shim.running import Chaincode, failed, run_transaction
from chaincode.shim.settings import Settings

log = structlog.get_logger()

Transaction = tuple[str, str]
"""A channel's id and a transaction's."""


class State(Enum):
    """How far a stream has come (core/chaincode, Handler)."""

    CREATED = auto()
    ESTABLISHED = auto()
    READY = auto()


EOF: Final[object] = vars(grpc.aio)["EOF"]
"""What a read gives when the other side has ended the stream; grpc's stubs lack it."""
MOVES: Final = {
    (State.CREATED, ChaincodeMessage.REGISTERED): State.ESTABLISHED,
    (State.ESTABLISHED, ChaincodeMessage.READY): State.READY,
}
CLOSING_MAX_S: Final = 2.0
"""How long a peer may take to receive what was sent before the stream's end."""


class PeerStream:
    """A stream, from REGISTER to its end."""

    def __init__(self, chaincode: Chaincode, settings: Settings, admission: Admission, context: Any) -> None:
        self.state = State.CREATED
        self.limits = Limits()
        self._chaincode: Final = chaincode
        self._settings: Final = settings
        self._admission: Final = admission
        self._context: Final = context
        self._running: Final[dict[Transaction, tuple[Exchange, asyncio.Task[None]]]] = {}
        self._outgoing: Final[deque[bytes]] = deque()
        self._something_to_send: Final = asyncio.Event()
        self._all_sent: Final = asyncio.Event()
        self._all_sent.set()
        self._ending: Final = asyncio.Event()
        self._registered: Final = asyncio.Event()

    async def run(self) -> None:
        """Serve the peer until one side ends the stream."""
        payload = ChaincodeID(name=self._settings.chaincode_id).SerializeToString()
        self._send(ChaincodeMessage(type=ChaincodeMessage.REGISTER, payload=payload).SerializeToString())
        writer = asyncio.create_task(self._write())
        watch = asyncio.create_task(self._watch())
        sides = [asyncio.create_task(self._read()), writer, asyncio.create_task(self._ending.wait())]
        try:
            done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
            for side in done:
                side.result()
        except ShimError as error:
            log.warning("stream ended", reason=error.words, state=self.state.name)
            await self._sent(writer)
            await self._context.abort(grpc.StatusCode.FAILED_PRECONDITION, error.words)
        finally:
            await _cancel([watch, *(task for _, task in self._running.values())])
            await self._sent(writer)
            await _cancel(sides)

    def end(self) -> None:
        """Send what waits, then end the stream; the peer dials anew at the next transaction."""
        self._ending.set()

    def _send(self, data: bytes) -> None:
        self._outgoing.append(data)
        if self._all_sent.is_set():
            self._all_sent.clear()
            self._something_to_send.set()

    async def _write(self) -> None:
        while True:
            while self._outgoing:
                await self._context.write(self._outgoing.popleft())
            self._something_to_send.clear()
            self._all_sent.set()
            await self._something_to_send.wait()

    async def _read(self) -> None:
        while (data := await self._context.read()) is not EOF:
            try:
                message = ChaincodeMessage.FromString(data)
            except DecodeError:
                raise ProtocolError from None
            self._take(message)

    async def _sent(self, writer: asyncio.Task[None]) -> None:
        """Let the writer come to its end: a stream takes no status while a message is under way."""
        sent = asyncio.create_task(self._all_sent.wait())
        await asyncio.wait([sent, writer], timeout=CLOSING_MAX_S, return_when=asyncio.FIRST_COMPLETED)
        await _cancel([sent])

    async def _watch(self) -> None:
        """A peer that does not answer REGISTER would otherwise hold a stream for ever."""
        try:
            await asyncio.wait_for(self._registered.wait(), self._settings.registration_max_s)
        except TimeoutError:
            log.warning("the peer did not register the chaincode", chaincode_id=self._settings.chaincode_id)
            self._ending.set()

    def _take(self, message: Any) -> None:
        kind = message.type
        if kind == ChaincodeMessage.KEEPALIVE:
            self._send(message.SerializeToString())
        elif self.state is not State.READY:
            self._move(message)
        elif kind in {ChaincodeMessage.RESPONSE, ChaincodeMessage.ERROR}:
            self._answer(message)
        elif kind in {ChaincodeMessage.TRANSACTION, ChaincodeMessage.INIT}:
            self._start(message)
        else:
            raise ProtocolError

    def _move(self, message: Any) -> None:
        after = MOVES.get((self.state, message.type))
        if after is None:
            raise ProtocolError
        self.state = after
        if after is State.READY:
            self.limits = parse_limits(message.payload)
            self._registered.set()
            log.info("stream ready", write_batch=self.limits.write, read_batch=self.limits.read)

    def _answer(self, message: Any) -> None:
        running = self._running.get((message.channel_id, message.txid))
        if running is None or not running[0].answered(message):
            # It comes for a transaction that ran out of time; the peer may send it, and nobody waits for it.
            log.warning("answer that nobody waits for", channel_id=message.channel_id, tx_id=message.txid)

    def _start(self, message: Any) -> None:
        name = (message.channel_id, message.txid)
        exchange = Exchange(*name, self.limits, self._settings.message_max_bytes, self._send)
        if (running := self._running.get(name)) is not None:
            # Answers to the two could not be told apart. The one that runs was given up by the peer, so nobody waits
            # for it, and its late COMPLETED must not be taken for the new one's.
            running[1].cancel()
            self._send(failed(exchange, RepeatedError()))
            return
        try:
            self._admission.enter()
        except ShimError as error:
            self._send(failed(exchange, error))
            return
        task = asyncio.create_task(self._run(message, exchange))
        self._running[name] = exchange, task
        task.add_done_callback(lambda _: self._over(name))

    async def _run(self, message: Any, exchange: Exchange) -> None:
        answer = await run_transaction(
            self._chaincode, message, exchange, self._admission.places, self._settings.transaction_max_s
        )
        task = asyncio.current_task()
        if task is None or not task.cancelling():
            self._send(answer)

    def _over(self, name: Transaction) -> None:
        del self._running[name]
        self._admission.leave()


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
