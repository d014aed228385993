"""Chaincode events as a peer's Gateway service streams them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

import grpc
from fabric_protos.gateway import gateway_pb2

from gateway.fabric_client.blocks import ChaincodeEvent
from gateway.fabric_client.errors import Fault, FeedInterruptedError
from gateway.fabric_client.feed import Checkpoint, seek_from
from gateway.fabric_client.identity import Signable, Signatory
from gateway.fabric_client.peer import Peer


class EventsRequest(Signable):
    """A request for the events of one chaincode."""

    def __init__(self, peer: Peer, signatory: Signatory, request: bytes) -> None:
        """Take a `ChaincodeEventsRequest`, serialised."""
        super().__init__(signatory, request)
        self._peer: Final = peer

    async def events(self) -> AsyncGenerator[ChaincodeEvent, None]:
        """Read the events of valid transactions as they come.

        Raises `FeedError` when the peer refuses and `FeedInterruptedError` when it stops: ask again from the last
        event's block and transaction id.
        """
        await self._sign()
        request = gateway_pb2.SignedChaincodeEventsRequest(request=self._content, signature=self._signature)
        async with aclosing(self._peer.chaincode_events(request)) as responses:
            async for response in responses:
                for event in response.events:
                    yield ChaincodeEvent(
                        response.block_number, event.tx_id, event.chaincode_id, event.event_name, event.payload
                    )
        raise FeedInterruptedError(Fault(grpc.StatusCode.UNAVAILABLE, "the peer ended the feed"))


def events_request(
    peer: Peer, signatory: Signatory, channel: str, chaincode: str, start: Checkpoint | None
) -> EventsRequest:
    """Ask for the events after a checkpoint, or from the next block on."""
    request = gateway_pb2.ChaincodeEventsRequest(
        channel_id=channel,
        chaincode_id=chaincode,
        identity=signatory.identity.creator,
        start_position=seek_from(start),
        after_transaction_id=start.transaction_id if start else "",
    )
    return EventsRequest(peer, signatory, request.SerializeToString())
