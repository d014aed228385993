"""What can go wrong, one error for each stage of a transaction, each with what the peers said.

`EndorseError` and `SubmitError` mean that nothing was ordered, `CommitError` that the transaction stands on the ledger
as invalid. `CommitStatusError` means that the question was refused, and `OutcomeUnknownError` that there was no answer:
after either of them the transaction may yet commit, so it is asked about by its id, or sent again unchanged.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import grpc
from fabric_protos.gateway import gateway_pb2
from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from gateway.fabric_client.status import Status

_DETAILS_KEY: Final = "grpc-status-details-bin"
"""The trailer in which gRPC carries a `google.rpc.Status`."""


class ErrorDetail(NamedTuple):
    """What one peer or orderer said (`gateway.ErrorDetail`, gateway/gateway.proto)."""

    address: str
    msp_id: str
    message: str


class Fault(NamedTuple):
    """How a call failed: the gRPC status, its message, and what each peer said."""

    status: grpc.StatusCode
    message: str
    details: tuple[ErrorDetail, ...] = ()

    def __str__(self) -> str:
        """The status, the message and the details, one after the other."""
        said = (f"{detail.msp_id} at {detail.address}: {detail.message}" for detail in self.details)
        return "; ".join((f"{self.status.name}: {self.message}", *said))


def fault_of(error: grpc.aio.AioRpcError) -> Fault:
    """Read a failed call; trailers that cannot be read are ignored, for the status says enough."""
    return Fault(error.code(), error.details() or "", tuple(_details(error.trailing_metadata() or ())))


def _details(trailers: Iterable[Any]) -> Iterable[ErrorDetail]:
    for key, value in trailers:
        if key == _DETAILS_KEY and isinstance(value, bytes):
            try:
                yield from _unpacked(status_pb2.Status.FromString(value))
            except DecodeError:
                continue


def _unpacked(status: Any) -> Iterable[ErrorDetail]:
    for packed in status.details:
        detail = gateway_pb2.ErrorDetail()
        if packed.Unpack(detail):
            yield ErrorDetail(detail.address, detail.msp_id, detail.message)


class FabricError(Exception):
    """Anything that this client raises about the network."""


class CallError(FabricError):
    """A call failed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault: Final = fault


class TransactionError(CallError):
    """A call about one transaction failed."""

    def __init__(self, transaction_id: str, fault: Fault) -> None:
        super().__init__(fault)
        self.transaction_id: Final = transaction_id

    def __str__(self) -> str:
        """The transaction, and how the call failed."""
        return f"transaction {self.transaction_id}: {self.fault}"


class EvaluateError(TransactionError):
    """The function was not evaluated, or its contract refused."""


class EndorseError(TransactionError):
    """Not enough organisations endorsed, or not in time; nothing was ordered."""


class SubmitError(TransactionError):
    """The transaction was refused before it was ordered."""


class CommitStatusError(TransactionError):
    """The peer refused to say what became of a transaction, which may have been committed all the same."""


class OutcomeUnknownError(TransactionError):
    """The transaction was sent, or may have been, and nobody said what became of it."""


class ContradictionError(OutcomeUnknownError):
    """Peers say different things of one transaction: one of them is wrong."""


class PartlyKnownError(OutcomeUnknownError):
    """Some of the peers asked did not say what became of a transaction."""

    def __init__(self, transaction_id: str, fault: Fault, answers: Mapping[str, Status]) -> None:
        super().__init__(transaction_id, fault)
        self.answers: Final = answers
        """What the others said, by the peer's name."""


class CommitError(FabricError):
    """The transaction is on the ledger, and invalid: it changed nothing."""

    def __init__(self, status: Status) -> None:
        super().__init__(f"transaction {status.transaction_id} is in block {status.block_number}: {status.code.name}")
        self.status: Final = status

    @property
    def transaction_id(self) -> str:
        """The transaction's id."""
        return self.status.transaction_id


class PreparedTransactionError(FabricError):
    """What came back for signing is not what was proposed."""

    def __init__(self, transaction_id: str, difference: str) -> None:
        super().__init__(f"transaction {transaction_id}: the prepared transaction {difference}")
        self.transaction_id: Final = transaction_id


class FeedError(CallError):
    """The peer refused the feed."""


class FeedInterruptedError(FeedError):
    """The feed broke off; it can be resumed where it stood."""


class UntrueBlockError(FabricError):
    """What a peer delivered contradicts itself, or what came before: the peer is wrong or lies."""

    def __init__(self, number: int, contradiction: str) -> None:
        super().__init__(f"block {number}: {contradiction}")
        self.number: Final = number
