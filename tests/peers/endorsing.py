"""Proposals to a peer of each authority, dialled directly (peer/peer.proto), and what each of them answers."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

import grpc
from fabric_protos.gateway import gateway_pb2
from fabric_protos.peer import proposal_pb2, proposal_response_pb2

from gateway.fabric_client import Gateway, Identity, Peer, Signer, TlsMaterial, open_channel, require_valid
from gateway.fabric_client.rwsets import read_sets
from tests.fakes.fabric_endorser import prepared

OK: Final = 200
PROCESS_S: Final = 60.0
COMMIT_S: Final = 150.0
"""Before it commits, a peer that lacks private data asks others for it, for a minute (pullRetryThreshold)."""

Shown = tuple[str, bytes]
"""A collection and a key as a block shows it: in the public state as it is, else its SHA-256."""


class Dialled(NamedTuple):
    """Where a peer is, and what mutual TLS with it needs."""

    name: str
    address: str
    tls: TlsMaterial


class Effect(NamedTuple):
    """What a transaction read and would write, as a block shows it.

    Reads: the block and the position in it of the transaction that wrote what was found, or None. Writes: public
    values as they are, private ones as their SHA-256; None deletes.
    """

    reads: Mapping[Shown, tuple[int, int] | None]
    writes: Mapping[Shown, bytes | None]


class Answer(NamedTuple):
    """What a peer answered: status and message of the response, and what it has endorsed of a good one."""

    status: int
    message: str
    endorsed: bytes
    whole: Any

    @property
    def response(self) -> bytes:
        """What the chaincode gave."""
        return bytes(self._action().response.payload)

    def effect(self, chaincode: str) -> Effect:
        """Read the read and write sets, which must be of one chaincode."""
        reads: dict[Shown, tuple[int, int] | None] = {}
        writes: dict[Shown, bytes | None] = {}
        public, hashed = read_sets(self._action().results)
        for each in public:
            assert each.namespace == chaincode
            reads |= {("", read.key.encode()): read.version for read in each.reads}
            writes |= {("", write.key.encode()): write.value for write in each.writes}
        for part in hashed:
            assert part.namespace == chaincode
            assert not any(write.purges for write in part.writes)
            reads |= {(part.collection, read.key_hash): read.version for read in part.reads}
            writes |= {(part.collection, write.key_hash): write.value_hash for write in part.writes}
        return Effect(reads, writes)

    def _action(self) -> Any:
        payload = proposal_response_pb2.ProposalResponsePayload.FromString(self.endorsed)
        return proposal_pb2.ChaincodeAction.FromString(payload.extension)


class Proposed(NamedTuple):
    """A proposal, and each peer's answer to it."""

    proposal: bytes
    tx_id: str
    answers: tuple[Answer, ...]


class Endorsers:
    """A peer of each authority, and one who may propose to them."""

    def __init__(self, identity: Identity, signer: Signer, peers: Sequence[Dialled], channel: str, name: str) -> None:
        """Speak of the chaincode of a name on a channel, by a client's identity."""
        self.chaincode: Final = name
        self._sign: Final = signer
        self._peers: Final = [
            Peer.at(each.address, each.tls, name=each.name, server_name=each.name or None) for each in peers
        ]
        self._channels: Final = [open_channel(each.address, each.tls, server_name=each.name or None) for each in peers]
        self._gateway: Final = Gateway(self._peers[0], identity, signer)
        self._contract: Final = self._gateway.contract(channel, name)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for peer in self._peers:
            await peer.close()
        for channel in self._channels:
            await channel.close(None)

    async def propose(self, function: bytes, transient: Mapping[str, bytes]) -> Proposed:
        """Have every peer run a function."""
        proposal = self._contract.propose(function.decode(), transient=transient)
        signature = self._sign(proposal.digest)
        assert isinstance(signature, bytes)
        proposal.attach(signature)
        signed = gateway_pb2.ProposedTransaction.FromString(bytes(proposal)).proposal
        answers = await asyncio.gather(*(self._ask(channel, signed) for channel in self._channels))
        return Proposed(signed.proposal_bytes, proposal.transaction_id, tuple(answers))

    async def commit(self, proposed: Proposed) -> int:
        """Order what the peers have endorsed; give its block once each of them has it. Raises as fabric_client does."""
        envelope = prepared(proposed.proposal, [answer.whole for answer in proposed.answers])
        message = gateway_pb2.PreparedTransaction(transaction_id=proposed.tx_id, envelope=envelope)
        commit = await self._gateway.transaction(message.SerializeToString()).submit()
        status = await commit.status_of_all(self._peers, timeout_s=COMMIT_S)
        require_valid(status)
        return status.block_number

    async def _ask(self, channel: grpc.aio.Channel, signed: Any) -> Answer:
        process = channel.unary_unary(
            "/protos.Endorser/ProcessProposal",
            request_serializer=proposal_pb2.SignedProposal.SerializeToString,
            response_deserializer=proposal_response_pb2.ProposalResponse.FromString,
        )
        said = await process(signed, timeout=PROCESS_S)
        return Answer(said.response.status, said.response.message, said.payload, said)
