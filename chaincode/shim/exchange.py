"""One transaction's questions to its peer, one after another."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from google.protobuf.message import DecodeError

from chaincode.shim.errors import MessageSizeError, PeerError, ProtocolError
from chaincode.shim.limits import Limits

Send = Callable[[bytes], None]


class Exchange:
    """Asks the peer on behalf of one transaction.

    A peer drops a request that comes while it still answers another one of the same transaction (core/chaincode,
    Handler.registerTxid), so here the second waits for the first, even if the chaincode asks at the same time.
    """

    def __init__(self, channel_id: str, tx_id: str, limits: Limits, message_max_bytes: int, send: Send) -> None:
        self.channel_id: Final = channel_id
        self.tx_id: Final = tx_id
        self.limits: Final = limits
        self.message_max_bytes: Final = message_max_bytes
        self._send: Final = send
        self._turn: Final = asyncio.Lock()
        self._reply: asyncio.Future[Any] | None = None
        self._broken = False

    async def ask(self, kind: int, payload: bytes) -> bytes:
        """Send a request and wait for the payload of its RESPONSE.

        PeerError where the peer answers ERROR; MessageSizeError where the request cannot be sent.
        """
        async with self._turn:
            if self._broken:
                raise ProtocolError
            request = self.message(kind, payload)
            self._reply = asyncio.get_running_loop().create_future()
            self._send(request)
            try:
                answer = await self._reply
            except asyncio.CancelledError:
                # The reply is still to come, and nothing in it says to which request it belongs.
                self._broken = True
                raise
            finally:
                self._reply = None
        if answer.type == ChaincodeMessage.ERROR:
            raise PeerError(ChaincodeMessage.Type.Name(kind), answer.payload.decode(errors="replace"))
        return bytes(answer.payload)

    def answered(self, message: Any) -> bool:
        """Take a RESPONSE or an ERROR that the peer sent about this transaction; False where nothing was asked."""
        if self._reply is None or self._reply.done():
            return False
        self._reply.set_result(message)
        return True

    def message(self, kind: int, payload: bytes, event: Any = None) -> bytes:
        """A message of this transaction as it goes over the wire; MessageSizeError where it is too large."""
        message = ChaincodeMessage(
            type=kind, payload=payload, txid=self.tx_id, channel_id=self.channel_id, chaincode_event=event
        )
        data: bytes = message.SerializeToString()
        if len(data) > self.message_max_bytes:
            raise MessageSizeError
        return data


def parse_answer(kind: Any, payload: bytes) -> Any:
    """A message inside a RESPONSE; ProtocolError where it cannot be read."""
    try:
        return kind.FromString(payload)
    except DecodeError:
        raise ProtocolError from None
