"""The contracts behind real peers, in the place of a plain call: the third host of one suite.

Each batch is run here first, over the embedded ledger: what it reads shows which part of that ledger's state the peers
must have. They have it from the batches that they endorsed and committed before, and what else is needed is put there
by a transaction of its own. Then a peer of each authority runs the batch, reading its own state; and both must have
read, written and answered what was read, written and answered here, byte for byte.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Collection, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, NamedTuple, TypeVar

from chaincode import dispatch
from chaincode.embedded.blocks import shown_key, shown_value
from chaincode.fabric.contract import BAD_REQUEST, EXECUTE
from chaincode.port import Place, Stub
from settlement.errors import Refusal
from tests.peers.endorsing import OK, Effect, Proposed
from tests.peers.network import Peers
from tests.peers.served import PRESENTED, Facts

T = TypeVar("T")

START_S: Final = 300.0
ANSWER_S: Final = 180.0
UNREADABLE: Final = "the batch cannot be read"


class PeersDifferError(AssertionError):
    """A peer has not done what was done here; the text says what differs, in whose answer."""


LOST: Final = b""
"""Stands for a private value that there is, and that the peers have not: Fabric holds no empty value."""


class Standing(NamedTuple):
    """What the peers hold at a place, and on which block it was written."""

    value: bytes | None
    block: int


class _Rehearsed:
    """A transaction of the embedded ledger that remembers what is read and written in it."""

    def __init__(self, stub: Stub) -> None:
        self.tx_id: Final = stub.tx_id
        self.timestamp_ms: Final = stub.timestamp_ms
        self.transient: Final = stub.transient
        self.reads: Final[dict[Place, bytes | None]] = {}
        self.writes: Mapping[Place, bytes | None] = {}
        self._stub: Final = stub

    async def fetch(self, places: Collection[Place]) -> Mapping[Place, bytes | None]:
        """Read."""
        found = await self._stub.fetch(places)
        for place in places:
            value = found.get(place)
            self.reads[place] = LOST if place in found and value is None else value
        return found

    async def write(self, writes: Mapping[Place, bytes | None]) -> None:
        """Take the writes."""
        self.writes = writes


class _Endorsed(NamedTuple):
    """A batch that the peers have endorsed: whether it is committed shows in what the next one reads."""

    proposed: Proposed
    writes: Mapping[Place, bytes | None]


class PeersHost:
    """Peers of both authorities; `execute` is a contract for an embedded ledger."""

    def __init__(self, opening: AbstractAsyncContextManager[Peers]) -> None:
        self.counts: Final = Counter[str]()
        """How many batches were run, how many of them committed, and how often state was put or lost."""
        self._opening: Final = opening
        self._standing: Final[dict[Place, Standing]] = {}
        self._remembered: Final[dispatch.Secrets] = {}
        self._endorsed: _Endorsed | None = None
        self._loop: Final = asyncio.new_event_loop()
        self._thread: Final = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self.peers: Final = self._wait(opening.__aenter__(), START_S)
        except BaseException:
            self._stop()
            raise

    def close(self) -> None:
        """Let the peers go."""
        self._wait(self._opening.__aexit__(None, None, None), START_S)
        self._stop()

    async def execute(self, stub: Stub) -> bytes:
        """Run a batch here and on the peers; raises what it raises, and `PeersDifferError`."""
        rehearsed = _Rehearsed(stub)
        try:
            said = await dispatch.execute(rehearsed, self._remembered)
        except (dispatch.MalformedBatchError, Refusal) as refused:
            self._require_refusal(self._run(rehearsed), refused)
            raise
        proposed = self._run(rehearsed)
        self._require_same(proposed, rehearsed, said)
        if rehearsed.writes:
            self._endorsed = _Endorsed(proposed, rehearsed.writes)
        await stub.write(rehearsed.writes)
        return said

    def _run(self, rehearsed: _Rehearsed) -> Proposed:
        self._bring(rehearsed.reads)
        facts = Facts(rehearsed.tx_id, rehearsed.timestamp_ms)
        transient = {**rehearsed.transient, PRESENTED: facts.encode()}
        self.counts["run"] += 1
        return self._wait(self.peers.endorsers.propose(EXECUTE, transient))

    def _bring(self, reads: Mapping[Place, bytes | None]) -> None:
        """Have the peers hold what this ledger holds at some places."""
        if self._endorsed is not None and self._took_effect(self._endorsed.writes, reads):
            self._take(self._endorsed.writes, self.peers.endorsers.commit(self._endorsed.proposed), "committed")
        self._endorsed = None
        other = {place: value for place, value in reads.items() if self._held(place) != value}
        lost = {place: value for place, value in other.items() if value == LOST}
        # What they had before goes first: they would still answer it.
        gone = {place: None for place in lost if self._held(place) is not None}
        put = {place: value for place, value in other.items() if place not in lost} | gone
        if put:
            self._take(put, self.peers.put(put), "put")
        if lost:
            self._take(lost, self.peers.lose(lost), "lost")

    def _took_effect(self, writes: Mapping[Place, bytes | None], reads: Mapping[Place, bytes | None]) -> bool:
        """Say whether this ledger has committed what was endorsed last: its writes are read, and were not there."""
        seen = writes.keys() & reads.keys()
        return all(reads[place] == writes[place] for place in seen) and any(
            self._held(place) != writes[place] for place in seen
        )

    def _take(self, writes: Mapping[Place, bytes | None], committing: Coroutine[Any, Any, int], how: str) -> None:
        block = self._wait(committing)
        self._standing.update((place, Standing(value, block)) for place, value in writes.items())
        self.counts[how] += 1

    def _held(self, place: Place) -> bytes | None:
        return self._standing[place].value if place in self._standing else None

    def _require_refusal(self, proposed: Proposed, refused: Exception) -> None:
        message = refused.code.value if isinstance(refused, Refusal) else UNREADABLE
        told = {(answer.status, answer.message) for answer in proposed.answers}
        if told != {(BAD_REQUEST, message)}:
            raise PeersDifferError(f"a batch that is refused here ({message}) is answered: {sorted(told)}")

    def _require_same(self, proposed: Proposed, rehearsed: _Rehearsed, said: bytes) -> None:
        for answer in proposed.answers:
            if answer.status != OK:
                raise PeersDifferError(f"a batch that runs here is refused: {answer.status} {answer.message}")
        expected = self._expected(rehearsed)
        for answer in proposed.answers:
            effect = answer.effect(self.peers.endorsers.chaincode)
            for kind, there, here in zip(Effect._fields, effect, expected, strict=True):
                if there != here:
                    raise PeersDifferError(f"the {kind} differ: {_differing(there, here)}")
            if answer.response != said:
                raise PeersDifferError("the responses differ")
        if len({answer.endorsed for answer in proposed.answers}) != 1:
            raise PeersDifferError("the peers have endorsed different bytes")

    def _expected(self, rehearsed: _Rehearsed) -> Effect:
        """Say what a block must show: each read finds the one transaction of the block on which it was put."""
        return Effect(
            {
                (place.collection, shown_key(place)): None if value is None else (self._standing[place].block, 0)
                for place, value in rehearsed.reads.items()
            },
            {
                (place.collection, shown_key(place)): shown_value(place, value)
                for place, value in rehearsed.writes.items()
            },
        )

    def _wait(self, work: Coroutine[Any, Any, T], timeout_s: float = ANSWER_S) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)

    def _stop(self) -> None:
        async def end() -> None:
            left = asyncio.all_tasks() - {asyncio.current_task()}
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

        self._wait(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _differing(there: Mapping[Any, Any], here: Mapping[Any, Any]) -> str:
    only_there, only_here = there.keys() - here.keys(), here.keys() - there.keys()
    other = sum(there[each] != here[each] for each in there.keys() & here.keys())
    collections = sorted({collection or "public" for collection, _ in only_there | only_here})
    return f"{len(only_there)} only there, {len(only_here)} only here ({', '.join(collections)}), {other} in value"
