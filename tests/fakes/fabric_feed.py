"""What a peer reads out of its blocks: its feed with private data, and chaincode events."""

from collections.abc import Callable
from typing import Any, Protocol

from fabric_protos.common import common_pb2
from fabric_protos.peer import chaincode_event_pb2, events_pb2, proposal_pb2, proposal_response_pb2, transaction_pb2

from tests.fakes.fabric_chain import FakeChannel
from tests.fakes.fabric_rwsets import Writes, private_part


class FeedFaults(Protocol):
    """What may be wrong with a feed."""

    lacks: set[str]
    purged: set[str]

    def alter_block(self, block: Any) -> Any:
        """Give another block in place of the true one."""

    def alter_private(self, part: Any) -> Any:
        """Give another private part in place of the true one."""


def delivered(channel: FakeChannel, number: int, faults: FeedFaults) -> Any:
    """Make a `DeliverResponse` of a block alone."""
    return events_pb2.DeliverResponse(block=faults.alter_block(_copied(channel, number)))


def delivered_with_private_data(
    channel: FakeChannel, number: int, member_of: Callable[[str], bool], faults: FeedFaults
) -> Any:
    """Make one with the private data of some collections, as far as the peer has it (core/peer/deliverevents.go)."""
    parts = {}
    for position, writes in channel.ledger.private(number, member_of).items():
        kept = {
            collection: {key: value for key, value in its.items() if key not in faults.purged}
            for collection, its in writes.items()
            if collection not in faults.lacks
        }
        whole: Writes = {**kept, **channel.riding_along}
        parts[position] = faults.alter_private(private_part(channel.ledger.chaincode, whole))
    together = events_pb2.BlockAndPrivateData(
        block=faults.alter_block(_copied(channel, number)), private_data_map=parts
    )
    return events_pb2.DeliverResponse(block_and_private_data=together)


def _copied(channel: FakeChannel, number: int) -> Any:
    return common_pb2.Block.FromString(channel.blocks[number].SerializeToString())


def events_of(block: Any, chaincode: str, after: str) -> tuple[list[Any], str]:
    """Give a block's events of a chaincode after a transaction, and what is left to pass (chaincodeevents.go).

    Only valid transactions speak.
    """
    events = []
    codes = block.metadata.metadata[common_pb2.BlockMetadataIndex.TRANSACTIONS_FILTER]
    for envelope, code in zip(block.data.data, codes, strict=True):
        payload = common_pb2.Payload.FromString(common_pb2.Envelope.FromString(envelope).payload)
        header = common_pb2.ChannelHeader.FromString(payload.header.channel_header)
        if header.type != common_pb2.HeaderType.ENDORSER_TRANSACTION or code != 0:
            continue
        if after:
            after = "" if header.tx_id == after else after
            continue
        for action in transaction_pb2.Transaction.FromString(payload.data).actions:
            endorsed = transaction_pb2.ChaincodeActionPayload.FromString(action.payload).action
            response = proposal_response_pb2.ProposalResponsePayload.FromString(endorsed.proposal_response_payload)
            event_bytes = proposal_pb2.ChaincodeAction.FromString(response.extension).events
            event = chaincode_event_pb2.ChaincodeEvent.FromString(event_bytes)
            if event.chaincode_id == chaincode:
                events.append(event)
    return events, after
