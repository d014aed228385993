"""What has to be ordered is asked for until the peers show it, whatever orderers and peers say meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from network.binaries import Binaries
from network.faults import NetworkFault, ToolFault
from network.native import Native
from network.nodes import Build, orderers
from network.ordering import LIMIT_S, ordered
from network.topology import Consensus, Topology

DOWN = ToolFault("peer", "Error: failed to create new connection: context deadline exceeded")
SILENT = ToolFault("peer", "no answer within 90 s")
UNLIKE = ToolFault("peer", "Error: failed to assemble transaction: ProposalResponsePayloads do not match")
STRANGE = ToolFault("peer", "Error: 500 - collection member 'bankzrhMSP' is not part of the channel")
REFUSED = ToolFault("peer", "Error: proposal failed with status: 500 - attempted to redefine uncommitted sequence")

Answer = bool | ToolFault
T = TypeVar("T")


class Ordering:
    """Orderers and peers that say what they are told to, each answer once and the last one for ever."""

    def __init__(self, directory: Path, *, sent: list[ToolFault | None], shown: list[Answer]) -> None:
        self.topology = Topology.read().started(Consensus.RAFT3)
        self.ground = Native(Build(directory), Binaries(directory, directory, "v3.1.5"))
        self.asked: list[str] = []
        self._sent, self._shown = following(sent), following(shown)

    async def send(self, to: tuple[str, ...]) -> None:
        self.asked.append(to[1])
        if fault := next(self._sent):
            raise fault

    async def is_shown(self) -> bool:
        answer = next(self._shown)
        if isinstance(answer, ToolFault):
            raise answer
        return answer

    async def done(self, shown_s: float = 20.0, limit_s: float = LIMIT_S) -> list[str]:
        """Have it ordered; name the orderers that were asked."""
        limits = {"shown_s": shown_s, "limit_s": limit_s}
        await ordered(self.ground, self.topology, self.send, self.is_shown, "The thing", **limits)
        names = {self.ground.site.address(each): each.name for each in orderers(self.topology)}
        return [names[address] for address in self.asked]


def following(answers: list[T]) -> Iterator[T]:
    yield from answers
    while True:
        yield answers[-1]


@pytest.mark.asyncio
async def test_it_is_sent_once_and_waited_for_until_the_peers_show_it(tmp_path: Path) -> None:
    ordering = Ordering(tmp_path, sent=[None], shown=[False, False, True])
    assert await ordering.done() == ["orderer.clearing"]


@pytest.mark.asyncio
async def test_where_an_orderer_is_down_the_next_one_is_asked(tmp_path: Path) -> None:
    ordering = Ordering(tmp_path, sent=[DOWN, DOWN, None], shown=[False, False, True])
    assert await ordering.done() == ["orderer.clearing", "orderer.regulator", "orderer.customs"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "said", [SILENT, UNLIKE, STRANGE], ids=["silent", "different heights", "without the configuration"]
)
async def test_what_will_pass_is_waited_for(tmp_path: Path, said: ToolFault) -> None:
    ordering = Ordering(tmp_path, sent=[said, None], shown=[False, True])
    assert await ordering.done() == ["orderer.clearing", "orderer.regulator"]


@pytest.mark.asyncio
async def test_one_deadline_holds_for_all_attempts(tmp_path: Path) -> None:
    """However many there could be: once it has passed, what an orderer says last is told."""
    ordering = Ordering(tmp_path, sent=[DOWN], shown=[False])
    with pytest.raises(ToolFault) as fault:
        await ordering.done(limit_s=0.0)
    assert fault.value is DOWN
    assert len(ordering.asked) == 1


@pytest.mark.asyncio
async def test_what_an_orderer_took_and_lost_is_sent_to_the_next_one(tmp_path: Path) -> None:
    """Of three that agree by Raft the one that leads can die with what it had not passed on."""
    ordering = Ordering(tmp_path, sent=[None], shown=[False, True])
    assert await ordering.done(shown_s=0.0) == ["orderer.clearing", "orderer.regulator"]


@pytest.mark.asyncio
async def test_who_is_refused_what_has_come_meanwhile_is_content(tmp_path: Path) -> None:
    ordering = Ordering(tmp_path, sent=[REFUSED], shown=[True])
    assert await ordering.done() == ["orderer.clearing"]


@pytest.mark.asyncio
async def test_a_peer_that_cannot_be_asked_now_is_asked_again(tmp_path: Path) -> None:
    ordering = Ordering(tmp_path, sent=[None], shown=[DOWN, True])
    assert await ordering.done() == ["orderer.clearing"]


@pytest.mark.asyncio
@pytest.mark.parametrize("where", ["sending", "asking"])
async def test_a_refusal_is_told(tmp_path: Path, where: str) -> None:
    ordering = (
        Ordering(tmp_path, sent=[REFUSED], shown=[False])
        if where == "sending"
        else Ordering(tmp_path, sent=[None], shown=[REFUSED])
    )
    with pytest.raises(ToolFault) as fault:
        await ordering.done()
    assert fault.value is REFUSED
    assert len(ordering.asked) == 1


@pytest.mark.asyncio
async def test_what_never_comes_is_told_by_name(tmp_path: Path) -> None:
    ordering = Ordering(tmp_path, sent=[None], shown=[False])
    with pytest.raises(NetworkFault, match="The thing: the peers do not show it"):
        await ordering.done(limit_s=0.0)
