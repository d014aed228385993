"""An asyncio client of Fabric's Gateway service and of a peer's block feed. It imports nothing else of this project.

A transaction goes through types, `Proposal -> Transaction -> Commit`; each knows its bytes and its digest, and may be
signed here or elsewhere:

    async with Peer.at("peer0.example:7051", tls) as peer:
        gateway = Gateway(peer, Identity("BankMSP", certificate_pem), key_signer(key_pem))
        proposal = gateway.contract("channel", "chaincode").propose("function", organisations=["ClearingMSP"])
        transaction = await proposal.endorse()
        commit = await transaction.submit()
        status = await commit.status_of_all([peer, other_peer])

`errors` says what can go wrong, and what then is known.
"""

from gateway.fabric_client.blocks import Block, BlockTransaction, ChaincodeEvent, Creator, Sets
from gateway.fabric_client.chain import Chain, Link
from gateway.fabric_client.channel import Keepalive, TlsMaterial, open_channel
from gateway.fabric_client.commit import Commit, require_valid
from gateway.fabric_client.errors import (
    CommitError,
    CommitStatusError,
    ContradictionError,
    EndorseError,
    ErrorDetail,
    EvaluateError,
    FabricError,
    Fault,
    FeedError,
    FeedInterruptedError,
    OutcomeUnknownError,
    PartlyKnownError,
    PreparedTransactionError,
    SubmitError,
    TransactionError,
    UntrueBlockError,
)
from gateway.fabric_client.events import EventsRequest
from gateway.fabric_client.feed import BlockRequest, Checkpoint, Scope
from gateway.fabric_client.gateway import Contract, Gateway
from gateway.fabric_client.identity import Identity, Signer, UnsignedError, key_signer
from gateway.fabric_client.peer import Deadlines, Peer
from gateway.fabric_client.proposal import Call, Proposal
from gateway.fabric_client.rwsets import (
    HashedRead,
    HashedSet,
    HashedWrite,
    PrivateCollection,
    PrivateSet,
    PublicSet,
    Read,
    Version,
    Write,
)
from gateway.fabric_client.status import Status, ValidationCode
from gateway.fabric_client.transaction import Transaction

__all__ = [
    "Block",
    "BlockRequest",
    "BlockTransaction",
    "Call",
    "Chain",
    "ChaincodeEvent",
    "Checkpoint",
    "Commit",
    "CommitError",
    "CommitStatusError",
    "Contract",
    "ContradictionError",
    "Creator",
    "Deadlines",
    "EndorseError",
    "ErrorDetail",
    "EvaluateError",
    "EventsRequest",
    "FabricError",
    "Fault",
    "FeedError",
    "FeedInterruptedError",
    "Gateway",
    "HashedRead",
    "HashedSet",
    "HashedWrite",
    "Identity",
    "Keepalive",
    "Link",
    "OutcomeUnknownError",
    "PartlyKnownError",
    "Peer",
    "PreparedTransactionError",
    "PrivateCollection",
    "PrivateSet",
    "Proposal",
    "PublicSet",
    "Read",
    "Scope",
    "Sets",
    "Signer",
    "Status",
    "SubmitError",
    "TlsMaterial",
    "Transaction",
    "TransactionError",
    "UnsignedError",
    "UntrueBlockError",
    "ValidationCode",
    "Version",
    "Write",
    "key_signer",
    "open_channel",
    "require_valid",
]
