"""A peer's Endorser service, dialled directly: ProcessProposal, past the Gateway service (peer/peer.proto)."""

from typing import Final, NamedTuple, Self

import grpc
from fabric_protos.gateway import gateway_pb2
from fabric_protos.peer import proposal_pb2, proposal_response_pb2

from gateway.fabric_client import Gateway, Identity, Peer, TlsMaterial, key_signer, open_channel

OK: Final = 200
REFUSED: Final = 500


class Answer(NamedTuple):
    """What came back: the response's status and message (or the call's), and every byte of it."""

    status: int
    message: str
    everything: bytes


class Endorser:
    """One peer, and a member that speaks to it."""

    def __init__(self, address: str, tls: TlsMaterial, server_name: str) -> None:
        self._peer: Final = Peer.at(address, tls, server_name=server_name or None)
        self._channel: Final = open_channel(address, tls, server_name=server_name or None)
        self._process: Final = self._channel.unary_unary(
            "/protos.Endorser/ProcessProposal",
            request_serializer=proposal_pb2.SignedProposal.SerializeToString,
            response_deserializer=proposal_response_pb2.ProposalResponse.FromString,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._peer.close()
        await self._channel.close(None)

    async def ask(
        self,
        msp: str,
        certificate: bytes,
        key: bytes,
        chaincode: str,
        *arguments: bytes,
        transient: dict[str, bytes] | None = None,
        channel: str = "waitan",
    ) -> Answer:
        """Propose a call as whoever has this certificate (PEM)."""
        sign = key_signer(key)
        member = Gateway(self._peer, Identity(msp, certificate), sign)
        function, *others = arguments or (b"",)
        proposal = member.contract(channel, chaincode).propose(function.decode(), *others, transient=transient)
        signature = sign(proposal.digest)
        assert isinstance(signature, bytes)
        proposal.attach(signature)
        signed = gateway_pb2.ProposedTransaction.FromString(bytes(proposal)).proposal
        try:
            response = await self._process(signed, timeout=30)
        except grpc.aio.AioRpcError as error:
            said = f"{error.code().name} {error.details()}"
            return Answer(REFUSED, said, said.encode())
        return Answer(response.response.status, response.response.message, response.SerializeToString())
