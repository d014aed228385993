"""A network brought up, step by step; each step does only what is not done yet, so it may be broken off anywhere."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import msgspec

from network import deploy, participation, presence
from network.faults import NetworkFault, ToolFault
from network.ground import Ground, Standing, State
from network.keeping import KEEPER, stop_keeper
from network.nodes import Build, Node, Part, gateway, orderers
from network.ownership import has_run, is_begun, is_whole, require_usable
from network.render import read_topology, render, write_description
from network.topology import Organisation, Topology

ELSEWHERE: Final = (27100, 22100)
"""Where a network can begin whose ports are taken, below those that systems lend to outgoing connections."""
Tell = Callable[[str], None]
"""Says what is being done."""


async def prepare(ground: Ground, topology: Topology) -> Topology:
    """Make the build directory unless it is there, and give the topology that holds; raises `NetworkFault`.

    Ports are looked at before anything is written: who then begins elsewhere finds no network with other choices.
    """
    build = ground.build
    require_usable(build)
    if is_whole(build) or has_run(build):
        before = read_topology(build)
        _require_same_ground(ground)
        _require_same_description(build, before, topology)
        if before.consensus is not topology.consensus or before.first_port != topology.first_port:
            raise NetworkFault(
                f"The network in {build.path} was made with other choices"
                f" ({before.consensus} with {counted(len(before.orderer_owners), 'orderer')}, ports from"
                f" {before.first_port}).",
                do=f"Start it as it was: {build.command('up')}; another one lies in another directory: --dir BUILD",
            )
        await ground.require_free_ports(before)
        ground.standing.write(build)
        write_description(build, before)
        return before
    if is_begun(build):
        raise NetworkFault(
            f"{build.path} is half made: an earlier start was broken off.",
            do=f"Remove it, then start anew: {build.command('down --volumes')}",
        )
    elsewhere = next(port for port in ELSEWHERE if port not in topology.ports)
    await ground.require_free_ports(topology, otherwise=f"begin elsewhere: the same again with --base-port {elsewhere}")
    build.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    ground.standing.write(build)
    render(build, ground.site, topology, builder=ground.builder)
    return topology


def _require_same_description(build: Build, before: Topology, described: Topology) -> None:
    """Refuse what an existing network would not become; banks that have joined it since are in no description."""
    known = {each.name: _unplaced(each) for each in before.organisations}
    lacking = [each.name for each in described.organisations if each.name not in known]
    other = [each.name for each in described.organisations if known.get(each.name, _unplaced(each)) != _unplaced(each)]
    other += [name for name in ("network", "orderers") if getattr(before, name) != getattr(described, name)]
    if lacking or other:
        how = f"without {', '.join(lacking)}" if lacking else f"with another {', '.join(other)}"
        raise NetworkFault(
            f"The network in {build.path} was made from another description, {how}.",
            do=f"Start it as it was: {build.command('up')}; a bank is added with: {build.command('add-bank NAME')};"
            " another network lies in another directory: --dir BUILD",
        )


def _unplaced(organisation: Organisation) -> Organisation:
    return msgspec.structs.replace(organisation, first_port=0)


def _require_same_ground(ground: Ground) -> None:
    """Refuse containers where processes are, and the reverse: the first would be left running, and unknown."""
    build = ground.build
    if (before := Standing.found(build)) not in ("", ground.standing.ground):
        raise NetworkFault(
            f"The network in {build.path} was made to run on {before}.",
            do=f"Start it as it was: {build.command('up')}; another one lies in another directory: --dir BUILD",
        )


async def raise_fabric(ground: Ground, topology: Topology, tell: Tell) -> deploy.Deployed:
    """Start orderers and peers, let them join, and bring the contracts to them; raises `NetworkFault`.

    Who hangs (what hung before was ended: `end_hung`) cannot be asked to join, and need not be: it has run before.
    """
    ordering, peers = orderers(topology), ground.site.all_peers(topology)
    tell(f"Starting {counted(len(ordering), 'orderer')} and {counted(len(peers), 'peer')}")
    await ground.start(topology, [*ordering, *peers])
    tell(f"Joining the channel {topology.network}")
    hung = await hanging(ground, [*ordering, *peers])
    await participation.join(ground.build, [node for node in ordering if node.name not in hung], topology.network)
    await deploy.join_peers(ground, [peer for peer in peers if peer.name not in hung])
    tell("Deploying the contracts")
    return await deploy.deploy(ground, topology)


async def hanging(ground: Ground, nodes: list[Node]) -> list[str]:
    """Name the nodes that run and do nothing."""
    return [name for name, state in (await ground.states(nodes)).items() if state is State.HUNG]


async def end_hung(ground: Ground, topology: Topology) -> list[str]:
    """End what runs and does nothing, who watches included, so that it is started as what is down; name what was ended.

    Whoever watches from then on has not seen those run, and leaves them to who starts them.
    """
    told = await status(ground, topology)
    hung = [each.node for each in told if each.state is State.HUNG]
    watched = [KEEPER] if ground.keeper() is State.HUNG else []
    if hung or watched:
        await stop_keeper(ground.build)
        try:
            for node in hung:
                await ground.stop(node)
        finally:
            ground.keep()
    return [*(node.name for node in hung), *watched]


async def restart(ground: Ground, topology: Topology, node: Node) -> None:
    """End a node, also one that hangs, start it again, and wait until it takes calls; raises `NetworkFault`.

    Nobody watches meanwhile, who would take its end for one to be mended.
    """
    await stop_keeper(ground.build)
    try:
        await ground.stop(node)
        await ground.start(topology, [node])
    finally:
        ground.keep()


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write so many of something; its plural ends with an s where none is given."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


async def raise_gateways(ground: Ground, topology: Topology) -> None:
    """Start every organisation's gateway; raises `NetworkFault`."""
    await ground.start(topology, [gateway(each) for each in topology.organisations])


async def committed(ground: Ground, topology: Topology) -> deploy.Committed:
    """Ask clearing's peers, one after the other, which contracts are on the channel; nothing where none can say."""
    for peer in ground.site.peers(topology.clearing):
        with contextlib.suppress(NetworkFault):
            return await deploy.committed(ground, topology, peer)
    return deploy.Committed()


class Told:
    """What is known of a node."""

    def __init__(self, node: Node, state: State, height: int | None = None) -> None:
        self.node = node
        self.state = state
        self.height = height


async def status(ground: Ground, topology: Topology) -> list[Told]:
    """Say how every node is, and how many blocks peers and orderers have; never raises for a node that is not well."""
    nodes = ground.site.nodes(topology)
    states = await ground.states(nodes)
    return await asyncio.gather(*(_told(ground, topology, node, states[node.name]) for node in nodes))


async def _told(ground: Ground, topology: Topology, node: Node, state: State) -> Told:
    if state is not State.UP or node.part not in (Part.PEER, Part.ORDERER):
        return Told(node, state)
    try:
        if node.part is Part.PEER:
            return Told(node, state, await presence.height(ground, topology, node))
        return Told(node, state, await participation.channel_height(ground.build, node, topology.network))
    except NetworkFault as fault:
        answers = isinstance(fault, ToolFault) and not presence.is_silence(fault)
        return Told(node, State.STARTING if answers else State.HUNG)
