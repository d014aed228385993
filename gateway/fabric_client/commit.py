"""The last stage: what became of a transaction, by one peer's word or by several."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import grpc
from fabric_protos.gateway import gateway_pb2

from gateway.fabric_client.errors import (
    CommitError,
    CommitStatusError,
    ContradictionError,
    Fault,
    OutcomeUnknownError,
    PartlyKnownError,
    TransactionError,
)
from gateway.fabric_client.identity import Signable, Signatory
from gateway.fabric_client.peer import PASSING, Peer
from gateway.fabric_client.status import Status, ValidationCode


class Commit(Signable):
    """The question what became of a transaction. One signature serves for every peer that is asked."""

    def __init__(self, peer: Peer, signatory: Signatory, request: bytes, signature: bytes = b"") -> None:
        """Take a `CommitStatusRequest`, serialised."""
        super().__init__(signatory, request, signature)
        self._peer: Final = peer
        self.transaction_id: Final[str] = gateway_pb2.CommitStatusRequest.FromString(request).transaction_id

    def __bytes__(self) -> bytes:
        """The `SignedCommitStatusRequest`, serialised, to be signed and asked elsewhere."""
        return bytes(self._message().SerializeToString())

    def _message(self) -> gateway_pb2.SignedCommitStatusRequest:
        return gateway_pb2.SignedCommitStatusRequest(request=self._content, signature=self._signature)

    async def status(self, *, peer: Peer | None = None, timeout_s: float | None = None) -> Status:
        """Wait until a peer, by default the one that it was submitted through, has committed the transaction.

        Raises `OutcomeUnknownError` when no answer came in time and `CommitStatusError` when the peer gives none.
        """
        await self._sign()
        asked = peer or self._peer
        response = await asked.commit_status(self._message(), timeout_s, partial(_failed, self.transaction_id))
        status = Status(self.transaction_id, ValidationCode(response.result), response.block_number)
        if status.block_number == 0:
            # Block 0 holds the channel's configuration alone: an empty answer would read as valid, in block 0.
            fault = Fault(grpc.StatusCode.OK, f"{asked.name} gave an empty answer")
            raise OutcomeUnknownError(self.transaction_id, fault)
        return status

    async def statuses(
        self, peers: Sequence[Peer], *, timeout_s: float | None = None
    ) -> dict[str, Status | TransactionError]:
        """Ask several peers at once and wait for all: by the peer's name, what it said or why it said nothing."""
        await self._sign()
        async with asyncio.TaskGroup() as asking:
            tasks = {peer.name: asking.create_task(self._told(peer, timeout_s)) for peer in peers}
        return {name: task.result() for name, task in tasks.items()}

    async def _told(self, peer: Peer, timeout_s: float | None) -> Status | TransactionError:
        try:
            return await self.status(peer=peer, timeout_s=timeout_s)
        except TransactionError as error:
            return error

    async def status_of_all(self, peers: Sequence[Peer], *, timeout_s: float | None = None) -> Status:
        """Wait until each of several peers has committed the transaction, and give what they agree on.

        Raises `ContradictionError` when they do not agree and `PartlyKnownError` when not all of them answer.
        """
        return agreed(self.transaction_id, await self.statuses(peers, timeout_s=timeout_s))


def agreed(transaction_id: str, told: Mapping[str, Status | TransactionError]) -> Status:
    """Give what peers agree on; raises `ContradictionError` or `PartlyKnownError`."""
    answers = {name: answer for name, answer in told.items() if isinstance(answer, Status)}
    failures = {name: failure for name, failure in told.items() if isinstance(failure, TransactionError)}
    distinct = set(answers.values())
    if len(distinct) > 1:
        said = ", ".join(
            f"{name} {status.code.name} in block {status.block_number}" for name, status in answers.items()
        )
        raise ContradictionError(
            transaction_id, Fault(grpc.StatusCode.DATA_LOSS, f"peers contradict each other: {said}")
        )
    if failures or not distinct:
        said = ", ".join(f"{name} {failure.fault}" for name, failure in failures.items()) or "nobody was asked"
        raise PartlyKnownError(transaction_id, Fault(grpc.StatusCode.UNAVAILABLE, said), answers)
    return distinct.pop()


def require_valid(status: Status) -> None:
    """Raise `CommitError` unless the transaction took effect."""
    if not status.valid:
        raise CommitError(status)


def _failed(transaction_id: str, fault: Fault) -> TransactionError:
    """A refusal to say, or no answer."""
    kind = OutcomeUnknownError if fault.status in PASSING else CommitStatusError
    return kind(transaction_id, fault)
