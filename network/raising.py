"""A network brought up, step by step; each step does only what is not done yet, so it may be broken off anywhere."""

from collections.abc import Callable

from network import deploy, participation
from network.faults import NetworkFault
from network.ground import Ground, Standing, State
from network.nodes import Node, Part, gateway, orderers
from network.render import is_whole, read_topology, render, require_usable
from network.topology import Topology

Tell = Callable[[str], None]
"""Says what is being done."""


async def prepare(ground: Ground, topology: Topology) -> Topology:
    """Make the build directory unless it is there, and give the topology that holds; raises `NetworkFault`.

    Ports are looked at before anything is written: who then begins elsewhere finds no network with other choices.
    """
    build = ground.build
    require_usable(build)
    if is_whole(build):
        before = read_topology(build)
        _require_same_ground(ground)
        if lacks := {each.name for each in topology.organisations} - {each.name for each in before.organisations}:
            raise NetworkFault(
                f"The network in {build.path} was made from another description, without {', '.join(sorted(lacks))}.",
                do="Name that description (--topology), add a bank (waitan network add-bank), or remove the network"
                f" first: waitan network down --volumes --dir {build.path}",
            )
        if before.consensus is not topology.consensus or before.first_port != topology.first_port:
            raise NetworkFault(
                f"The network in {build.path} was made with other choices"
                f" ({before.consensus}, ports from {before.first_port}).",
                do=f"Start it as it was, or remove it first: waitan network down --volumes --dir {build.path}",
            )
        await ground.require_free_ports(before)
        ground.standing.write(build)
        return before
    if build.path.is_dir() and any(build.path.iterdir()):
        raise NetworkFault(
            f"{build.path} is half made: an earlier start was broken off.",
            do=f"Remove it, then start anew: waitan network down --volumes --dir {build.path}",
        )
    await ground.require_free_ports(topology)
    build.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    ground.standing.write(build)
    render(build, ground.site, topology, builder=ground.builder)
    return topology


def _require_same_ground(ground: Ground) -> None:
    """Refuse containers where processes are, and the reverse: the first would be left running, and unknown."""
    build = ground.build
    if build.standing.is_file() and (before := Standing.read(build).ground) != ground.standing.ground:
        raise NetworkFault(
            f"The network in {build.path} was made to run on {before}.",
            do=f"Start it so, or remove it first: waitan network down --volumes --dir {build.path}",
        )


async def raise_fabric(ground: Ground, topology: Topology, tell: Tell) -> deploy.Deployed:
    """Start orderers and peers, let them join, and bring the contracts to them; raises `NetworkFault`."""
    peers = ground.site.all_peers(topology)
    tell(f"Starting {len(orderers(topology))} orderers and {len(peers)} peers")
    await ground.start(topology, [*orderers(topology), *peers])
    tell(f"Joining the channel {topology.network}")
    await deploy.join(ground, topology, peers)
    tell("Deploying the contracts")
    return await deploy.deploy(ground, topology)


async def raise_gateways(ground: Ground, topology: Topology) -> None:
    """Start every organisation's gateway; raises `NetworkFault`."""
    await ground.start(topology, [gateway(each) for each in topology.organisations])


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
    return [await _told(ground, topology, node, states[node.name]) for node in nodes]


async def _told(ground: Ground, topology: Topology, node: Node, state: State) -> Told:
    if state is not State.UP or node.part not in (Part.PEER, Part.ORDERER):
        return Told(node, state)
    try:
        if node.part is Part.PEER:
            return Told(node, state, await deploy.height(ground, topology, node))
        return Told(node, state, await participation.channel_height(ground.build, node, topology.network))
    except NetworkFault:
        return Told(node, State.HUNG)
