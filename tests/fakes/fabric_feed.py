"""What a peer reads out of its blocks: its feed with private data, and chaincode events."""

from collections.abc import Container, Mapping
from typing import Any, Protocol

from fabric_protos.common import common_pb2
from fabric_protos.ledger.rwset import rwset_pb2
from fabric_protos.ledger.rwset.kvrwset import kv_rwset_pb2
from fabric_protos.peer import chaincode_event_pb2, events_pb2, proposal_pb2, proposal_response_pb2, transaction_pb2


class FeedFaults(Protocol):
    """What may be wrong with a feed."""

    lacks: set[str]
    purged: set[str]

    def alter_block(self, block: Any) -> Any:
        """Give another block in place of the true one."""

    def alter_private(self, part: Any) -> Any:
        """Give another private part in place of the true one."""


def delivered(block: Any, private: Mapping[int, Any] | None, readable: Container[str], faults: FeedFaults) -> Any:
    """Make a `DeliverResponse`: of the private data what the reader may see and the peer has (deliverevents.go)."""
    copy = common_pb2.Block.FromString(block.SerializeToString())
    if private is None:
        return events_pb2.DeliverResponse(block=faults.alter_block(copy))
    parts = {}
    for position, whole in private.items():
        part = _part(whole, readable, faults)
        if part.ns_pvt_rwset:
            parts[position] = faults.alter_private(part)
    together = events_pb2.BlockAndPrivateData(block=faults.alter_block(copy), private_data_map=parts)
    return events_pb2.DeliverResponse(block_and_private_data=together)


def _part(whole: Any, readable: Container[str], faults: FeedFaults) -> Any:
    namespaces = []
    for namespace in whole.ns_pvt_rwset:
        collections = [
            rwset_pb2.CollectionPvtReadWriteSet(
                collection_name=part.collection_name, rwset=_without(part.rwset, faults.purged)
            )
            for part in namespace.collection_pvt_rwset
            if (part.collection_name in readable or part.collection_name.startswith("_implicit_org_"))
            and part.collection_name not in faults.lacks
        ]
        if collections:
            namespaces.append(
                rwset_pb2.NsPvtReadWriteSet(namespace=namespace.namespace, collection_pvt_rwset=collections)
            )
    return rwset_pb2.TxPvtReadWriteSet(ns_pvt_rwset=namespaces)


def _without(part: bytes, purged: set[str]) -> bytes:
    if not purged:
        return part
    rwset = kv_rwset_pb2.KVRWSet.FromString(part)
    kept = [write for write in rwset.writes if write.key not in purged]
    return bytes(kv_rwset_pb2.KVRWSet(writes=kept).SerializeToString())


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
