"""The way in: one identity at one peer, and from there every stage of a transaction and every feed."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Final, TypeVar

from fabric_protos.gateway import gateway_pb2

from gateway.fabric_client.blocks import Block
from gateway.fabric_client.chain import Chain
from gateway.fabric_client.commit import Commit, require_valid
from gateway.fabric_client.events import EventsRequest, events_request
from gateway.fabric_client.feed import BlockRequest, Checkpoint, Pause, Scope, follow
from gateway.fabric_client.identity import Identity, Signatory, Signer
from gateway.fabric_client.peer import Peer
from gateway.fabric_client.proposal import Call, Proposal, propose
from gateway.fabric_client.status import Status
from gateway.fabric_client.transaction import Transaction, commit_of

_Taken = TypeVar("_Taken", Proposal, Transaction, Commit)

_PAUSE_FIRST_S: Final = 0.1
_PAUSE_MAX_S: Final = 2.0


async def doubling_pause(failures: int) -> None:
    """Wait 0.1 s before the first attempt to resume, then twice as long each time, up to 2 s."""
    await asyncio.sleep(min(_PAUSE_FIRST_S * 2 ** min(failures - 1, 10), _PAUSE_MAX_S))


class Gateway:
    """An identity's access to the network through one peer. Without a signer, everything is signed elsewhere."""

    def __init__(
        self, peer: Peer, identity: Identity, signer: Signer | None = None, *, clock: Callable[[], int] = time.time_ns
    ) -> None:
        """Use a peer; `clock` gives nanoseconds since 1970 (UTC)."""
        self.peer: Final = peer
        self.identity: Final = identity
        self._signatory: Final = Signatory(identity, signer)
        self._clock: Final = clock

    def contract(self, channel: str, chaincode: str) -> "Contract":
        """Name a chaincode on a channel."""
        return Contract(self, channel, chaincode)

    def propose(self, call: Call) -> Proposal:
        """Propose a call, dated now."""
        return propose(self.peer, self._signatory, call, now_ns=self._clock())

    def proposal(self, proposed: bytes, signature: bytes = b"") -> Proposal:
        """Take up a proposal from its bytes, with the signature over its digest if it was signed elsewhere."""
        return _attached(
            Proposal(self.peer, self._signatory, gateway_pb2.ProposedTransaction.FromString(proposed)), signature
        )

    def transaction(self, prepared: bytes, signature: bytes = b"") -> Transaction:
        """Take up an endorsed transaction from its bytes; raises `PreparedTransactionError` if they hold none."""
        return _attached(
            Transaction(self.peer, self._signatory, gateway_pb2.PreparedTransaction.FromString(prepared)), signature
        )

    def commit(self, signed_request: bytes, signature: bytes = b"") -> Commit:
        """Take up a commit status request from its bytes."""
        signed = gateway_pb2.SignedCommitStatusRequest.FromString(signed_request)
        return _attached(Commit(self.peer, self._signatory, signed.request, signed.signature), signature)

    def commit_of(self, channel: str, transaction_id: str) -> Commit:
        """Ask what became of an earlier transaction: the answer waits until it is committed."""
        return commit_of(self.peer, self._signatory, channel, transaction_id)

    def chaincode_events(self, channel: str, chaincode: str, start: Checkpoint | None = None) -> EventsRequest:
        """Ask for a chaincode's events after a checkpoint, or from the next block on."""
        return events_request(self.peer, self._signatory, channel, chaincode, start)

    def blocks(self, scope: Scope) -> BlockRequest:
        """Ask for blocks."""
        return BlockRequest(self.peer, self._signatory, scope, now_ns=self._clock())

    def follow(
        self, scope: Scope, *, chain: Chain | None = None, pause: Pause = doubling_pause
    ) -> AsyncGenerator[Block, None]:
        """Read blocks for ever, whatever happens to the connection; every block continues the one before."""
        return follow(self.blocks, scope, chain or Chain(), pause)


class Contract:
    """A chaincode on a channel."""

    def __init__(self, gateway: Gateway, channel: str, chaincode: str) -> None:
        self._gateway: Final = gateway
        self.channel: Final = channel
        self.chaincode: Final = chaincode

    def propose(
        self,
        function: str,
        *arguments: str | bytes,
        transient: Mapping[str, bytes] | None = None,
        organisations: Sequence[str] = (),
    ) -> Proposal:
        """Propose a call. With transient data, name the organisations (MSP ids): nobody else's peer will see it."""
        call = Call(self.channel, self.chaincode, function, arguments, transient or {}, organisations)
        return self._gateway.propose(call)

    async def evaluate(
        self,
        function: str,
        *arguments: str | bytes,
        transient: Mapping[str, bytes] | None = None,
        organisations: Sequence[str] = (),
    ) -> bytes:
        """Run a function for its result; raises `EvaluateError`."""
        return await self.propose(function, *arguments, transient=transient, organisations=organisations).evaluate()

    async def submit(
        self,
        function: str,
        *arguments: str | bytes,
        transient: Mapping[str, bytes] | None = None,
        organisations: Sequence[str] = (),
    ) -> tuple[bytes, Status]:
        """Make a transaction and wait for its commit: the function's result, and where it stands.

        Raises each stage's error, and `CommitError` when the transaction is invalid.
        """
        proposal = self.propose(function, *arguments, transient=transient, organisations=organisations)
        transaction = await proposal.endorse()
        status = await (await transaction.submit()).status()
        require_valid(status)
        return transaction.result, status


def _attached(signable: _Taken, signature: bytes) -> _Taken:
    if signature:
        signable.attach(signature)
    return signable
