"""The ledger port over a Fabric channel: one organisation's access, through its own peers and both authorities'.

A batch is endorsed by both authorities, sent, and then known to be committed when a peer of each of them says so: an
endorsement that began before that would be made on two different heights. Any peer of an organisation will do, so one
that hangs or is dead costs nothing while another stands.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from typing import Final, NamedTuple

import structlog
from cryptography.exceptions import InvalidTag

from gateway.fabric_client import (
    BlockRequest,
    Chain,
    Checkpoint,
    EndorseError,
    FeedError,
    Gateway,
    Identity,
    Peer,
    PreparedTransactionError,
    Scope,
    Signer,
    SubmitError,
    Transaction,
    UntrueBlockError,
    ValidationCode,
)
from gateway.fabric_client.errors import OutcomeUnknownError as UnknownOnFabricError
from gateway.ledger.fabric_feed import as_feed_block
from gateway.ledger.fabric_status import told
from gateway.ledger.fabric_ways import Member, Ways
from gateway.ledger.port import (
    BatchConflictError,
    Carried,
    FeedBlock,
    LedgerUnreachableError,
    OutcomeUnknownError,
)
from settlement.forms import answers, batches
from settlement.forms.answers import Answers
from settlement.forms.consent import SignedList

DISAGREEMENT: Final = "ProposalResponsePayloads do not match"
"""How a peer's gateway says that two endorsers came to different results (internal/pkg/gateway/endorsement.go)."""

DATA_MISSING: Final = "DATA_MISSING"
"""How the chaincode says that an endorser lacks a private value which is on the ledger."""

DATA_PAUSES_S: Final = (0.1, 0.3, 1.0)
"""How long to wait before an endorser that lacks private data is asked again."""

COMMIT_S: Final = 10.0
"""How long the commit of a transaction that was sent may take, until it is sent again."""

ASK_S: Final = 2.0
"""The same where it is not known whether it was sent."""

SENDINGS: Final = 4
"""How often one envelope is sent before nobody is said to know."""

FEED_PAUSES_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
"""How long to wait before a feed that broke off is asked for again, the last one over and over."""

log = structlog.get_logger()


class Channel(NamedTuple):
    """Where the ledger is: the channel, the chaincode on it, and who must endorse (MSP ids)."""

    name: str
    chaincode: str
    endorsers: tuple[str, ...]


class FabricLedger:
    """One organisation's access to the ledger on Fabric (gateway.ledger.port.Ledger)."""

    def __init__(
        self,
        channel: Channel,
        identity: Identity,
        signer: Signer,
        members: Sequence[Member],
        *,
        collections: Collection[str] | None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Use some peers: those of the identity's own organisation first, then those of the endorsers.

        `collections` names those that the organisation is a member of; None: all, as the endorsers are.
        """
        self.network: Final = channel.name
        self._channel: Final = channel
        self._own: Final = identity.msp_id
        self._ways: Final = Ways(members, identity.msp_id, clock)
        self._gateways: Final = {each.peer.name: Gateway(each.peer, identity, signer) for each in members}
        self._peers: Final = {
            msp: [each.peer for each in members if each.msp == msp] for msp in (*channel.endorsers, identity.msp_id)
        }
        self._collections: Final = collections
        self._pause: Final = pause
        self._trouble = ""

    async def close(self) -> None:
        """End the connections."""
        for member in self._ways.members:
            await member.peer.close()

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        """Endorse, sign, send, and wait until both authorities have committed; raises as `Ledger.carry` does."""
        key = os.urandom(answers.KEY_BYTES)
        transaction, said = await self._endorsed(batches.transient(lists, key, is_packed=True), key)
        code, block = await self._settled(transaction)
        if code is ValidationCode.DUPLICATE_TXID:  # the other copy of the envelope is the one that counts
            raise OutcomeUnknownError(transaction.transaction_id)
        if code is not ValidationCode.VALID:
            log.info("a batch was endorsed and is not valid", code=code.name, tx_id=transaction.transaction_id)
            raise BatchConflictError(transaction.transaction_id)
        self._tell("")
        return Carried(transaction.transaction_id, block, said)

    async def blocks(self, start: int) -> AsyncGenerator[FeedBlock, None]:
        """Follow the feed of one's own peer, or of another one of the organisation while it fails.

        Raises `UntrueBlockError` where every one of them contradicts itself or what came before.
        """
        own = [member.peer for member in self._ways.members if member.msp == self._own]
        chain, number, failures, untrue, told_of = Chain(), start, 0, set[str](), ""
        while True:
            peer = own[failures % len(own)]
            try:
                async with aclosing(self._request(peer, number).blocks()) as blocks:
                    async for block in blocks:
                        chain.check(block)
                        if failures:
                            log.info("the feed goes on", peer=peer.name, block=block.number)
                            own = [peer, *(each for each in own if each is not peer)]
                        failures, number, told_of = 0, block.number + 1, ""
                        untrue.clear()
                        yield as_feed_block(block, self._channel.chaincode)
            except FeedError as error:
                if str(error.fault) != told_of:
                    told_of = str(error.fault)
                    log.warning("the feed broke off", peer=peer.name, block=number, reason=told_of)
            except UntrueBlockError as error:
                log.error("a peer's block is not true", peer=peer.name, reason=str(error))  # noqa: TRY400 - no fault here
                untrue.add(peer.name)
                if len(untrue) == len(own):
                    raise
            failures += 1
            await self._pause(FEED_PAUSES_S[min(failures, len(FEED_PAUSES_S)) - 1])

    def _request(self, peer: Peer, number: int) -> BlockRequest:
        scope = Scope(self.network, Checkpoint(number), collections=self._collections)
        return self._gateways[peer.name].blocks(scope)

    async def _endorsed(self, transient: dict[str, bytes], key: bytes) -> tuple[Transaction, Answers]:
        """Have a batch endorsed and read its answers. Until this is done nothing has been sent."""
        for pause_s in (*DATA_PAUSES_S, None):
            try:
                transaction = await self._ways.endorsed(lambda member: self._endorsed_by(member, transient))
                return transaction, answers.unseal(transaction.result, key, transaction.transaction_id)
            except EndorseError as error:
                said = str(error)
                if DISAGREEMENT in said:
                    log.info("endorsers disagree", reason=said)
                    raise BatchConflictError(error.transaction_id) from error
                if DATA_MISSING not in said or pause_s is None:
                    raise self._unreachable(said) from error
                log.warning("an endorser lacks private data, asking again", reason=said)
                await self._pause(pause_s)
            except (PreparedTransactionError, InvalidTag) as error:
                raise self._unreachable(f"what was endorsed is not what was asked: {error!r}") from error
        raise AssertionError("the last attempt raises")

    async def _endorsed_by(self, member: Member, transient: dict[str, bytes]) -> Transaction:
        contract = self._gateways[member.peer.name].contract(self.network, self._channel.chaincode)
        proposal = contract.propose(batches.FUNCTION, transient=transient, organisations=self._channel.endorsers)
        return await proposal.endorse()

    async def _settled(self, transaction: Transaction) -> tuple[ValidationCode, int]:
        """Send a transaction and say what became of it; where nobody knows, send the same envelope again."""
        for number in range(SENDINGS):
            sending = asyncio.create_task(self._sent(transaction, is_first=number == 0))
            status = await told(transaction.commit(), self._peers, self._channel.endorsers, self._own, sending)
            if status is not None:
                return status.code, status.block_number
            log.warning("the outcome of a batch is unknown, sending it again", tx_id=transaction.transaction_id)
        raise OutcomeUnknownError(transaction.transaction_id)

    async def _sent(self, transaction: Transaction, *, is_first: bool) -> float:
        """Send a transaction, and give how long its commit may take then, in seconds.

        Raises `LedgerUnreachableError` where it was not sent, now or before.
        """
        member = self._ways.in_order()[0]
        try:
            await transaction.submit(peer=member.peer)
        except SubmitError as error:
            if is_first:
                raise self._unreachable(str(error)) from error
            return ASK_S
        except UnknownOnFabricError as error:
            self._ways.rest(member, str(error))
            return ASK_S
        return COMMIT_S

    def _unreachable(self, reason: str) -> LedgerUnreachableError:
        self._tell(reason)
        return LedgerUnreachableError(reason)

    def _tell(self, trouble: str) -> None:
        """Log why the ledger does not take a batch, and that it does again; not for every batch."""
        if trouble and not self._trouble:
            log.error("the ledger does not take batches", reason=trouble)
        elif self._trouble and not trouble:
            log.info("the ledger takes batches again")
        self._trouble = trouble
