"""One more bank in a running network: its keys, the channel's configuration, its peer, its collection.

Each step looks whether it is done already, so what was broken off is begun again and goes on.
"""

import asyncio
from typing import Final, NamedTuple

import msgspec
from fabric_protos.common.configtx_pb2 import Config

from network import deploy, presence
from network.channel import member
from network.faults import DescriptionFault, NetworkFault, ToolFault
from network.ground import Ground
from network.material import ADMIN, Authorities, write_organisation
from network.nodes import Node
from network.ordering import ordered
from network.raising import Tell
from network.render import write_peers, write_shared
from network.topology import Kind, Organisation, Topology
from network.update import APPLICATION, addition, configuration, signed

_CATCH_UP_S: Final = 60.0
_PAUSE_S: Final = 0.2


class Bank(NamedTuple):
    """Who joins: short name, BIC of eleven characters, full name; 0 is for the ports after the others'."""

    name: str
    bic: str
    title: str
    first_port: int = 0


def widened(topology: Topology, bank: Organisation) -> Topology:
    """Give the topology with one more bank, where nothing else is said on the ports after the last one's.

    Raises `DescriptionFault`.
    """
    for each in topology.organisations:
        if bank.name == each.name or bank.bic == each.bic:
            raise DescriptionFault(f"{each.name} ({each.bic}) is on this network already.", do="Choose another.")
    wide = msgspec.structs.replace(topology, organisations=(*topology.organisations, bank))
    return wide.checked("add-bank", do="Choose another name, or other ports: --base-port PORT.")


async def join(ground: Ground, topology: Topology, newcomer: Bank, tell: Tell) -> tuple[Topology, deploy.Deployed]:
    """Let a bank join, and give the topology that holds then, and what is deployed; raises `NetworkFault`.

    Its gateway is not started here: that needs it on the ledger.
    """
    name = newcomer.name
    before, after = around(topology, newcomer)
    bank = after.organisation(name)
    await ground.require_free_ports(before)
    await ground.require_free_ports(after, otherwise=f"give {name} other ports: the same again with --base-port PORT")
    clearings = (await presence.sufficient(ground, before)).first(before.clearing)
    tell(f"Making the keys of {name}")
    if not (ground.build.fabric(name) / f"{ADMIN}.crt").is_file():
        write_organisation(ground.build, bank)
    write_peers(ground.build, ground.site, bank, Authorities.read(ground.build, bank), builder=ground.builder)
    tell(f"Adding {name} to the channel: {len(before.organisations)} administrators sign")
    await _admit(ground, before, bank, clearings)
    tell(f"Starting {name}'s peer")
    peers = ground.site.peers(bank)
    await ground.start(after, peers)
    await deploy.join_peers(ground, peers)
    await _caught_up(ground, after, bank, wanted=await presence.height(ground, after, clearings))
    tell(f"Deploying the contracts with the collection {name}")
    write_shared(ground.build, ground.site, after)
    return after, await deploy.deploy(ground, after)


def around(topology: Topology, newcomer: Bank) -> tuple[Topology, Topology]:
    """Give the topology without a bank and with it; who is the last to have joined may have been broken off late."""
    *others, last = topology.organisations
    if (last.name, last.bic) == (newcomer.name, newcomer.bic):
        if newcomer.first_port not in (0, last.first_port):
            raise DescriptionFault(
                f"{last.name} has its ports already, from {last.first_port}.", do="Leave --base-port out."
            )
        return msgspec.structs.replace(topology, organisations=tuple(others)), topology
    bank = Organisation(
        name=newcomer.name, kind=Kind.BANK, bic=newcomer.bic, title=newcomer.title, first_port=newcomer.first_port
    )
    return topology, widened(topology, bank)


async def _admit(ground: Ground, topology: Topology, bank: Organisation, peer: Node) -> None:
    """Add an organisation to the channel's configuration, as a peer knows it, unless it is there."""

    async def is_shown() -> bool:
        return bank.msp in (await _configuration(ground, topology, peer)).channel_group.groups[APPLICATION].groups

    async def send(to: tuple[str, ...]) -> None:
        config = await _configuration(ground, topology, peer)
        update = addition(topology.network, config, bank.msp, member(ground.build, ground.site, bank))
        signers = [(each.msp, ground.build.fabric(each.name) / "admin-msp") for each in topology.organisations]
        envelope = ground.build.channel / f"add-{bank.name}.pb"
        envelope.write_bytes(signed(topology.network, update, signers))
        await ground.peer(peer, "channel", "update", "-f", ground.seen(envelope), "-c", topology.network, *to)

    if not await is_shown():
        await ordered(ground, topology, send, is_shown, f"The addition of {bank.name} to the channel")


async def _configuration(ground: Ground, topology: Topology, peer: Node) -> Config:
    """Read the channel's configuration from a peer: no orderer is asked."""
    block = ground.build.node(peer) / "data" / "config.block"  # where a peer in a container may write
    await ground.peer(peer, "channel", "fetch", "config", ground.seen(block), "-c", topology.network)
    return configuration(block.read_bytes())


async def _caught_up(ground: Ground, topology: Topology, bank: Organisation, *, wanted: int) -> None:
    """Wait until a bank's peers have so many blocks."""
    try:
        async with asyncio.timeout(_CATCH_UP_S):
            for peer in ground.site.peers(bank):
                while await _height(ground, topology, peer) < wanted:  # noqa: ASYNC110 - another program's progress
                    await asyncio.sleep(_PAUSE_S)
    except TimeoutError:
        raise NetworkFault(
            f"The peer of {bank.name} does not catch up with the channel.",
            do=f"Read its log: {ground.build.command(f'logs peer0.{bank.name}')}",
        ) from None


async def _height(ground: Ground, topology: Topology, peer: Node) -> int:
    try:
        return await presence.height(ground, topology, peer)
    except ToolFault:  # it does not know its own organisation until it has read so far
        return 0
