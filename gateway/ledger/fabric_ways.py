"""Which of some peers to ask, in order: those that have just failed last; and how not to wait for one that hangs.

A peer that is dead says so at once. One that hangs with its connection open says nothing until the deadline, and a
batch that waits for it keeps all that come after. Endorsing changes nothing, so it can be asked of the next peer
meanwhile: whoever answers first has answered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple, TypeVar

import grpc
import structlog

from gateway.fabric_client import EndorseError, Peer

T = TypeVar("T")

NO_ANSWER: Final = frozenset(
    {
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)
"""With these it is the peer asked that fails, and another one may do better."""

REST_S: Final = 60.0
"""How long a peer that failed is asked last."""

SILENT_S: Final = 1.0
"""How long a peer may be silent until the next one is asked as well. A batch of 1,000 takes 0.2 s where all is well."""

log = structlog.get_logger()


class Member(NamedTuple):
    """A peer, and whose it is (MSP id)."""

    msp: str
    peer: Peer


class Ways:
    """The peers through which an organisation asks, its own first."""

    def __init__(self, members: Sequence[Member], own: str, clock: Callable[[], float]) -> None:
        self.members: Final = sorted(members, key=lambda member: member.msp != own)
        self._clock: Final = clock
        self._resting: Final[dict[str, float]] = {}

    def in_order(self) -> list[Member]:
        """Give the peers to ask, in order: one's own first, those that have just failed last."""
        now = self._clock()
        return sorted(self.members, key=lambda member: self._resting.get(member.peer.name, now) > now)

    def rest(self, member: Member, reason: str) -> None:
        """Ask others before a peer from now on."""
        self._resting[member.peer.name] = self._clock() + REST_S
        log.warning("a peer fails, others are asked first", peer=member.peer.name, reason=reason)

    async def endorsed(self, ask: Callable[[Member], Awaitable[T]]) -> T:
        """Ask one peer after another, as long as it is that peer which fails or is silent; raises `EndorseError`."""
        ways, asked = self.in_order(), dict[asyncio.Future[T], Member]()
        try:
            while True:
                if ways:
                    member = ways.pop(0)
                    asked[asyncio.ensure_future(ask(member))] = member
                limit_s = SILENT_S if ways else None
                done, _ = await asyncio.wait(asked, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    self.rest(member, f"silent for {SILENT_S} s")
                for one in done:
                    member = asked.pop(one)
                    try:
                        return one.result()
                    except EndorseError as error:
                        if error.fault.status not in NO_ANSWER or not (ways or asked):
                            raise
                        self.rest(member, str(error))
        finally:
            for one in asked:
                one.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
