"""The block feed of a peer (peer.Deliver), with or without the private data that the reader may see."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing
from typing import Any, Final, NamedTuple

import grpc
from fabric_protos.common import common_pb2
from fabric_protos.orderer import ab_pb2

from gateway.fabric_client.blocks import Block, read_block
from gateway.fabric_client.chain import Chain
from gateway.fabric_client.errors import Fault, FeedError, FeedInterruptedError, UntrueBlockError
from gateway.fabric_client.identity import Signable, Signatory
from gateway.fabric_client.peer import Peer
from gateway.fabric_client.proposal import timestamp

_FOR_EVER: Final = 2**64 - 1


class Checkpoint(NamedTuple):
    """Where a reader stands: within a block, after one of its transactions, or with none at the block's beginning."""

    block_number: int
    transaction_id: str = ""


def seek_from(start: Checkpoint | None) -> ab_pb2.SeekPosition:
    """Seek the block of a checkpoint, or the next one to be committed (orderer/ab.proto)."""
    if start is None:
        return ab_pb2.SeekPosition(next_commit=ab_pb2.SeekNextCommit())
    return ab_pb2.SeekPosition(specified=ab_pb2.SeekSpecified(number=start.block_number))


class Scope(NamedTuple):
    """What to read: from where, to which block (None: for ever), and whose private data.

    `collections` names those that the reader is a member of, the only ones that can be missing; None: all there are.
    """

    channel: str
    start: Checkpoint | None = None
    stop_block: int | None = None
    private: bool = True
    collections: Collection[str] | None = None


class BlockRequest(Signable):
    """A request for blocks, to be signed as everything else."""

    def __init__(self, peer: Peer, signatory: Signatory, scope: Scope, *, now_ns: int) -> None:
        """Ask for a scope's blocks at `now_ns` (since 1970, UTC): peers refuse what is older than 15 minutes."""
        creator = signatory.identity.creator
        super().__init__(signatory, _payload(scope, creator, now_ns, peer.tls_certificate_hash))
        self._peer: Final = peer
        self._scope: Final = scope

    async def blocks(self) -> AsyncGenerator[Block, None]:
        """Read blocks as they come. Of the first one, what comes after the checkpoint's transaction.

        Raises `FeedError` when the peer refuses, `FeedInterruptedError` when it stops before it should, and
        `UntrueBlockError` when a block contradicts itself, is another one than the checkpoint says, or not the next.
        """
        await self._sign()
        scope = self._scope
        envelope = common_pb2.Envelope(payload=self._content, signature=self._signature)
        expected = None if scope.start is None else scope.start.block_number
        async with aclosing(self._peer.deliver(envelope, private=scope.private)) as responses:
            async for response in responses:
                kind = response.WhichOneof("Type")
                if kind == "status":
                    if response.status == common_pb2.Status.SUCCESS and scope.stop_block is not None:
                        return
                    raise _refusal(response.status)
                block = _block(response, kind, scope)
                if expected is not None and block.number != expected:
                    raise UntrueBlockError(block.number, f"it came in place of block {expected}")
                expected = block.number + 1
                yield _after(block, scope.start)
        raise FeedInterruptedError(Fault(grpc.StatusCode.UNAVAILABLE, "the peer ended the feed"))


def _payload(scope: Scope, creator: bytes, now_ns: int, tls_certificate_hash: bytes) -> bytes:
    header = common_pb2.ChannelHeader(
        type=common_pb2.HeaderType.DELIVER_SEEK_INFO,
        timestamp=timestamp(now_ns),
        channel_id=scope.channel,
        tls_cert_hash=tls_certificate_hash,
    )
    stop = _FOR_EVER if scope.stop_block is None else scope.stop_block
    seek = ab_pb2.SeekInfo(start=seek_from(scope.start), stop=seek_from(Checkpoint(stop)))
    payload = common_pb2.Payload(
        header=common_pb2.Header(
            channel_header=header.SerializeToString(),
            signature_header=common_pb2.SignatureHeader(creator=creator).SerializeToString(),
        ),
        data=seek.SerializeToString(),
    )
    return bytes(payload.SerializeToString())


def _refusal(status: int) -> FeedError:
    name = common_pb2.Status.Name(status) if status in common_pb2.Status.values() else str(status)
    if status in (common_pb2.Status.SERVICE_UNAVAILABLE, common_pb2.Status.INTERNAL_SERVER_ERROR):
        return FeedInterruptedError(Fault(grpc.StatusCode.UNAVAILABLE, f"the peer answered {name}"))
    return FeedError(Fault(grpc.StatusCode.FAILED_PRECONDITION, f"the peer answered {name}"))


def _block(response: Any, kind: str, scope: Scope) -> Block:
    if kind == "block_and_private_data":
        delivered = response.block_and_private_data
        return read_block(delivered.block, delivered.private_data_map, scope.collections)
    # Without private data none is missed.
    return read_block(response.block, {}, ())


def _after(block: Block, start: Checkpoint | None) -> Block:
    if start is None or not start.transaction_id or block.number != start.block_number:
        return block
    for transaction in block.transactions:
        if transaction.transaction_id == start.transaction_id:
            return block._replace(transactions=block.transactions[transaction.position + 1 :])
    raise UntrueBlockError(block.number, f"it does not hold transaction {start.transaction_id}")


Pause = Callable[[int], Awaitable[None]]
"""Wait before the n-th attempt in a row, counted from 1, to resume a feed."""


async def follow(
    open_feed: Callable[[Scope], BlockRequest], scope: Scope, chain: Chain, pause: Pause
) -> AsyncGenerator[Block, None]:
    """Read blocks for ever: after an interruption, resume with the block that is next.

    Every block must continue `chain`. Raises `FeedError` and `UntrueBlockError` as `BlockRequest.blocks` does.
    """
    failures = 0
    while True:
        try:
            async with aclosing(open_feed(scope).blocks()) as blocks:
                async for block in blocks:
                    chain.check(block)
                    failures = 0
                    scope = scope._replace(start=Checkpoint(block.number + 1))
                    yield block
                return
        except FeedInterruptedError:
            failures += 1
            await pause(failures)
