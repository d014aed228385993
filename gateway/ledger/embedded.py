"""The ledger port over the embedded ledger: all organisations of a network in one process.

Simulation runs in one worker thread, commits in another: what waits while a block is written goes into the next one.
The endorser's thread hands over to the committer's itself. Through the event loop, which under load has lists to make
and answers to give, a transaction would lose as much time as its commit takes.
"""

import asyncio
import os
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from chaincode import dispatch, keys
from chaincode.embedded import blocks
from chaincode.embedded.blocks import Proposal, Validity
from chaincode.embedded.faults import LedgerCorruptError, LedgerFullError, LedgerStoppedError, LedgerUnusableError
from chaincode.embedded.ledger import Committed, EmbeddedLedger, Endorsed, EndorsementRefusedError, Signed
from chaincode.embedded.verification import Progress, Report, Verification
from chaincode.port import Place
from gateway.auth.signing import Credential
from gateway.ledger.port import (
    BatchConflictError,
    Carried,
    FeedBlock,
    FeedTransaction,
    FeedWrite,
    LedgerUnreachableError,
    OutcomeUnknownError,
)
from settlement.forms import answers, batches, records
from settlement.forms.consent import SignedList

__all__ = [
    "EmbeddedClient",
    "EmbeddedNetwork",
    "LedgerCorruptError",
    "LedgerStoppedError",
    "LedgerUnusableError",
    "Peer",
    "Progress",
    "Report",
    "Verification",
]

log = structlog.get_logger()


class Peer:
    """How an organisation's peer behaves: as it should, unless it is told to lag or to lack private parts.

    The embedded ledger has one file for all, so a peer of one's own that is late or incomplete is acted here.
    """

    def __init__(self) -> None:
        self._lacks: Final[set[tuple[int, str]]] = set()
        self._stands_at: int | None = None
        self._changed: Final = asyncio.Condition()

    def lacks(self, block: int, collection: str) -> bool:
        """Say whether the private part of a collection has not come with a block."""
        return (block, collection) in self._lacks

    def has(self, block: int) -> bool:
        """Say whether a block has come."""
        return self._stands_at is None or block < self._stands_at

    def lose(self, block: int, collection: str) -> None:
        """Lack the private part of a collection at a block."""
        self._lacks.add((block, collection))

    def receive(self, block: int, collection: str) -> None:
        """Have it after all; whoever asks for the block again gets it."""
        self._lacks.discard((block, collection))

    def lag(self, height: int) -> None:
        """Stand still at a height."""
        self._stands_at = height

    async def catch_up(self) -> None:
        """Have all blocks again."""
        async with self._changed:
            self._stands_at = None
            self._changed.notify_all()

    async def until_it_has(self, block: int) -> None:
        """Wait until a block has come."""
        if not self.has(block):
            async with self._changed:
                await self._changed.wait_for(lambda: self.has(block))


class _Ordered(NamedTuple):
    """A signed transaction that waits for its block, and who is told."""

    signed: Signed
    committed: "asyncio.Future[Committed]"


class EmbeddedNetwork:
    """One embedded ledger and the threads that work it; `client` gives an organisation its access."""

    @classmethod
    def open(cls, directory: Path, *, network: str, clock: Callable[[], int]) -> "EmbeddedNetwork":
        """Open the ledger in a directory, or begin one; raises `LedgerUnusableError`."""
        return cls(EmbeddedLedger(directory, network=network, contract=dispatch.execute, clock=clock))

    def __init__(self, ledger: EmbeddedLedger) -> None:
        self.ledger: Final = ledger
        self._endorser: Final = ThreadPoolExecutor(1, "endorser")
        self._committer: Final = ThreadPoolExecutor(1, "committer")
        self._reader: Final = ThreadPoolExecutor(1, "feed")
        self._ordered: Final[deque[_Ordered]] = deque()
        self._waking: Final[set[asyncio.Task[None]]] = set()
        self._grown: Final = asyncio.Condition()
        self._authorities: frozenset[str] = frozenset()
        self._trouble = ""

    def client(
        self, organisation: str, credential: Credential, clock: Callable[[], int], *, peer: Peer | None = None
    ) -> "EmbeddedClient":
        """Give an organisation its access, through a peer that behaves as it should unless one is named."""
        return EmbeddedClient(self, organisation, credential, clock, peer or Peer())

    async def close(self) -> None:
        """Finish what is under way and let the directory go."""
        loop = asyncio.get_running_loop()
        for pool in (self._endorser, self._committer, self._reader):
            await loop.run_in_executor(None, pool.shutdown)
        if self._waking:
            await asyncio.wait(tuple(self._waking))
        self.ledger.close()

    async def carry(
        self, proposal: Proposal, transient: dict[str, bytes], sign: Callable[[bytes], bytes]
    ) -> tuple[Endorsed, "asyncio.Future[Committed]"]:
        """Simulate a proposal and put it, signed, into the next block; the future tells when that is durable."""
        loop = asyncio.get_running_loop()
        committed: asyncio.Future[Committed] = loop.create_future()
        try:
            endorsed = await loop.run_in_executor(
                self._endorser, self._endorse_and_order, proposal, transient, sign, committed
            )
        except LedgerUnusableError:
            await self._wake()
            raise
        return endorsed, committed

    def holds(self, organisation: str, collection: str) -> bool:
        """Say whether an organisation is a member of a collection: of its own, and both authorities of all."""
        if not self._authorities:
            value, _ = self.ledger.reader.value(keys.LEDGER)
            if value is not None:
                record = records.decode(value, private=False)
                assert isinstance(record, records.Ledger)
                self._authorities = frozenset({record.clearing, record.regulator})
        return collection == organisation or organisation in self._authorities

    def tell(self, trouble: str) -> None:
        """Log why the ledger does not serve, once for each reason; nothing ("") is wrong any more."""
        if trouble and trouble != self._trouble:
            log.error("the ledger does not serve", reason=trouble)
        self._trouble = trouble

    async def purge(self, place: Place) -> int:
        """Remove every value that a private place has had, for good; give how many."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._committer, self.ledger.purge, place)

    async def read(
        self, number: int, member_of: Callable[[str], bool], lacks: Callable[[int, str], bool]
    ) -> blocks.FeedBlock:
        """Wait for a block and give it as a member of some collections gets it.

        Raises `LedgerUnusableError` where the ledger stops, also while waiting: no block comes any more, and whoever
        follows shall say that it no longer serves.
        """
        if self.ledger.height <= number:
            async with self._grown:
                await self._grown.wait_for(lambda: self.ledger.height > number or self.ledger.has_stopped)
        self.ledger.require_serving()
        if self.ledger.is_recent(number):
            found = self.ledger.feed(number, member_of, lacks)
        else:
            loop = asyncio.get_running_loop()
            try:
                found = await loop.run_in_executor(self._reader, self.ledger.feed, number, member_of, lacks)
            except LedgerUnusableError:
                await self._wake()
                raise
        assert found is not None
        return found

    def _endorse_and_order(
        self,
        proposal: Proposal,
        transient: dict[str, bytes],
        sign: Callable[[bytes], bytes],
        committed: "asyncio.Future[Committed]",
    ) -> Endorsed:
        """Simulate, sign and order, in the endorser's thread."""
        endorsed = self.ledger.endorse(proposal, transient)
        to_sign = blocks.to_sign(proposal, endorsed.reads, endorsed.writes, endorsed.response)
        self._ordered.append(_Ordered(Signed(endorsed, sign(to_sign)), committed))
        self._committer.submit(self._commit)
        return endorsed

    def _commit(self) -> None:
        """Make one block of all that was ordered, in the committer's thread; the block before may have taken it."""
        batch = [self._ordered.popleft() for _ in range(len(self._ordered))]
        if not batch:
            return
        done: list[Committed] | Exception
        try:
            done = self.ledger.commit([each.signed for each in batch])
        except Exception as error:  # noqa: BLE001 - every waiting caller is told
            done = error
        batch[0].committed.get_loop().call_soon_threadsafe(self._tell_committed, batch, done)

    def _tell_committed(self, batch: list["_Ordered"], done: list[Committed] | Exception) -> None:
        for place, each in enumerate(batch):
            if each.committed.done():
                continue
            if isinstance(done, Exception):
                each.committed.set_exception(done)
                each.committed.exception()  # whoever asked may be gone
            else:
                each.committed.set_result(done[place])
        waking = asyncio.create_task(self._wake())
        self._waking.add(waking)
        waking.add_done_callback(self._waking.discard)

    async def _wake(self) -> None:
        """Let those who wait for a block look whether it is there, or the ledger has stopped."""
        async with self._grown:
            self._grown.notify_all()


class EmbeddedClient:
    """One organisation's access to the embedded ledger (gateway.ledger.port.Ledger)."""

    def __init__(
        self,
        network: EmbeddedNetwork,
        organisation: str,
        credential: Credential,
        clock: Callable[[], int],
        peer: Peer,
    ) -> None:
        self.network: Final = network.ledger.network
        self._shared: Final = network
        self._organisation: Final = organisation
        self._credential: Final = credential
        self._clock: Final = clock
        self._peer: Final = peer

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        """Endorse, sign, order, and wait for the block.

        Where the disk is full, or the ledger has stopped, nothing was written (`LedgerUnreachableError`); where it
        stops over this very block, the block is there or not when it is opened again (`OutcomeUnknownError`).
        """
        proposal = Proposal(self.network, self._credential.certificate, os.urandom(24), self._clock())
        key = os.urandom(answers.KEY_BYTES)
        try:
            endorsed, ordered = await self._shared.carry(proposal, batches.transient(lists, key), self._credential.sign)
        except (EndorsementRefusedError, LedgerUnusableError) as error:
            self._shared.tell(str(error))
            raise LedgerUnreachableError(str(error)) from error
        try:
            committed = await ordered
        except (LedgerFullError, LedgerStoppedError) as error:
            self._shared.tell(str(error))
            raise LedgerUnreachableError(str(error)) from error
        except LedgerUnusableError as error:
            self._shared.tell(str(error))
            raise OutcomeUnknownError(proposal.tx_id) from error
        self._shared.tell("")
        if committed.validity is not Validity.VALID:
            raise BatchConflictError(committed.tx_id)
        said = answers.unseal(endorsed.response, key, proposal.tx_id)
        return Carried(proposal.tx_id, committed.block, said)

    def require_seen(self, height: int) -> None:
        """Refuse a reader that has seen more blocks than there are: the ledger has lost what that was told of."""
        if height > self._shared.ledger.height:
            raise LedgerCorruptError(
                f"a reader of {self._organisation} has seen {height} blocks, the ledger has "
                f"{self._shared.ledger.height}: restore the ledger's newest backup"
            )

    async def blocks(self, start: int) -> AsyncGenerator[FeedBlock, None]:
        """Follow the feed of this organisation; raises `LedgerUnusableError` where the ledger cannot be read."""
        self.require_seen(start)
        number = start
        while True:
            await self._peer.until_it_has(number)
            yield _as_feed_block(await self._shared.read(number, self._holds, self._peer.lacks))
            number += 1

    def _holds(self, collection: str) -> bool:
        return self._shared.holds(self._organisation, collection)


def _as_feed_block(found: blocks.FeedBlock) -> FeedBlock:
    block = found.block
    values = {(write.position, write.collection, blocks.private_key(write.key)): write for write in found.private}
    held = {write.collection for write in found.private}
    transactions = []
    for position, transaction in enumerate(block.transactions):
        seen = []
        for write in transaction.writes if transaction.validity is Validity.VALID else ():
            if not write.collection:
                seen.append(FeedWrite("", write.key.decode(), write.value, None))
            elif write.collection in held and (private := values.get((position, write.collection, write.key))):
                seen.append(FeedWrite(write.collection, private.key, private.value, write.value))
        transactions.append(
            FeedTransaction(
                tx_id=transaction.proposal.tx_id,
                timestamp_ms=transaction.proposal.timestamp_ms,
                valid=transaction.validity is Validity.VALID,
                writes=tuple(seen),
                missing=tuple(collection for at, collection in found.missing if at == position),
            )
        )
    return FeedBlock(block.number, blocks.block_hash(found.body), block.previous_hash, tuple(transactions))
