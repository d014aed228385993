"""What became of a transaction, by the word of whole organisations: the first of its peers that answers speaks."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from gateway.fabric_client import Commit, Peer, Status, TransactionError
from gateway.ledger.port import OutcomeUnknownError

log = structlog.get_logger()

_GRACE_S: Final = 0.5
"""How long one's own peer is waited for once it is clear that an authority says nothing."""


async def told(
    commit: Commit,
    peers: Mapping[str, Sequence[Peer]],
    authorities: Sequence[str],
    own: str,
    sending: "asyncio.Task[float]",
) -> Status | None:
    """Wait until a peer of each authority (MSP ids) has committed a transaction, and give what they agree on.

    They are asked while it is being sent: an orderer that hangs can keep the sending from ending long after the others
    have ordered it. `sending` gives how long after it the commit may take, in seconds, and raises what is raised here
    where nothing was sent. Where an authority says nothing in time, the word of one's own organisation's peer is as
    good, for its read model rests on that peer alone. None where that is missing too; raises `OutcomeUnknownError`
    where they contradict.
    """
    asked = {msp: asyncio.create_task(_word(commit, its)) for msp, its in peers.items()}
    heard = asyncio.ensure_future(asyncio.wait([asked[msp] for msp in authorities]))
    try:
        await asyncio.wait((heard, sending), return_when=asyncio.FIRST_COMPLETED)
        if not set(authorities) <= _said(asked).keys():
            await asyncio.wait((heard,), timeout=await sending)
        said = _said(asked)
        if said.keys() < set(authorities) and own not in said:
            await asyncio.wait([asked[own]], timeout=_GRACE_S)
            said = _said(asked)
    finally:
        tasks = (heard, sending, *asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if len(set(said.values())) > 1:
        words = {msp: f"{status.code.name} in block {status.block_number}" for msp, status in said.items()}
        log.error("peers contradict each other", tx_id=commit.transaction_id, said=words)
        raise OutcomeUnknownError(commit.transaction_id)
    silent = [msp for msp in authorities if msp not in said]
    if silent and own not in said:
        return None
    if silent:
        log.warning("committed, but an authority does not say so", tx_id=commit.transaction_id, silent=silent)
    return next(iter(said.values()))


def _said(asked: "Mapping[str, asyncio.Task[Status | None]]") -> dict[str, Status]:
    answers = {msp: task.result() for msp, task in asked.items() if task.done()}
    return {msp: status for msp, status in answers.items() if status is not None}


async def _word(commit: Commit, peers: Sequence[Peer]) -> Status | None:
    """Give what the first of an organisation's peers says that says anything; None where none does."""

    async def ask(peer: Peer) -> Status | None:
        try:
            return await commit.status(peer=peer)
        except TransactionError as error:
            log.warning("a peer does not say what became of a batch", peer=peer.name, reason=str(error.fault))
            return None

    asking = [asyncio.create_task(ask(peer)) for peer in peers]
    try:
        for answer in asyncio.as_completed(asking):
            if (status := await answer) is not None:
                return status
        return None
    finally:
        for task in asking:
            task.cancel()
