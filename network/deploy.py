"""The contracts on the channel: peers join, install, approve, commit (Fabric's documentation, "Chaincode lifecycle").

Nothing here is done twice: what a peer has already, and a definition that is committed already, stays as it is.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Iterable
from typing import Final, NamedTuple

from network import participation, private_data
from network.doors import CHAINCODE
from network.faults import ToolFault
from network.ground import Ground
from network.nodes import Node, chaincode, orderers
from network.ordering import ordered
from network.package import package, package_id
from network.topology import Organisation, Topology

_RULES: Final = "1"
"""The first part of the definition's version."""
_QUERY_APPROVED: Final = ("lifecycle", "chaincode", "queryapproved")
_NOT_WAITING: Final = ("--waitForEvent=false",)
"""Peers are asked instead (`network.ordering`)."""


class Definition(NamedTuple):
    """A chaincode's definition, with the options that tell Fabric's program of it."""

    name: str
    version: str
    sequence: int
    options: tuple[str, ...]


class Deployed(NamedTuple):
    """What is on the channel: the definition's sequence, and whether it was put there now."""

    sequence: int
    version: str
    changed: bool


async def join(ground: Ground, topology: Topology, peers: list[Node]) -> None:
    """Let orderers and peers join the channel; raises `NetworkFault`."""
    await participation.join(ground.build, orderers(topology), topology.network)
    await join_peers(ground, peers)


async def join_peers(ground: Ground, peers: list[Node]) -> None:
    """Let peers join the channel, those that have excepted; raises `NetworkFault`."""
    await _together(_join(ground, peer) for peer in peers)


async def _join(ground: Ground, peer: Node) -> None:
    block = ground.seen(ground.build.channel / "genesis.block")
    try:
        await ground.peer(peer, "channel", "join", "-b", block)
    except ToolFault as fault:
        if "already exists" not in fault.output:
            raise


async def deploy(ground: Ground, topology: Topology) -> Deployed:
    """Bring the contracts' definition to what the topology says; raises `NetworkFault`."""
    packages = {each.name: package(ground.build, ground.site, each) for each in topology.authorities}
    ids = {name: package_id(content) for name, content in packages.items()}
    await ground.start(topology, [chaincode(each) for each in topology.authorities])
    await _together(_install(ground, each, packages[each.name], CHAINCODE) for each in topology.authorities)
    sequence, version = await committed(ground, topology)
    wanted = _version(topology, ids)
    if version == wanted:
        return Deployed(sequence, version, changed=False)
    definition = _definition(ground, topology, wanted, sequence + 1)
    await _together(_approve(ground, topology, each, definition, ids) for each in topology.organisations)
    await _commit(ground, topology, definition)
    return Deployed(sequence + 1, wanted, changed=True)


async def deploy_beside(ground: Ground, topology: Topology, name: str, addresses: dict[str, str]) -> dict[str, str]:
    """Put another chaincode on the channel, with the contracts' collections and endorsement; raises `NetworkFault`.

    `addresses` says where each authority's server of it will be. Gives each one's package id.
    """
    ids = {}
    for each in topology.authorities:
        content = package(ground.build, ground.site, each, label=name, address=addresses[each.name])
        ids[each.name] = package_id(content, name)
        await _install(ground, each, content, name)
    if not (await committed(ground, topology, name))[0]:
        definition = _definition(ground, topology, _RULES, 1, name)
        await _together(_approve(ground, topology, each, definition, ids) for each in topology.organisations)
        await _commit(ground, topology, definition)
    return ids


async def committed(ground: Ground, topology: Topology, name: str = CHAINCODE) -> tuple[int, str]:
    """Say which sequence and version of a chaincode's definition is on the channel; (0, "") where there is none."""
    return await _committed(ground, topology, name, ground.site.peers(topology.clearing)[0])


async def _committed(ground: Ground, topology: Topology, name: str, peer: Node) -> tuple[int, str]:
    query = ("lifecycle", "chaincode", "querycommitted", "-C", topology.network, "-n", name, "-O", "json")
    try:
        answer = json.loads(await ground.peer(peer, *query))
    except ToolFault as fault:
        if "is not defined" in fault.output or "404" in fault.output:
            return 0, ""
        raise
    return int(answer["sequence"]), answer["version"]


async def height(ground: Ground, topology: Topology, peer: Node) -> int:
    """Say how many blocks a peer has; raises `ToolFault`."""
    told = await ground.peer(peer, "channel", "getinfo", "-c", topology.network)
    return int(json.loads(told[told.index("{") :])["height"])


def _version(topology: Topology, ids: dict[str, str]) -> str:
    """Name a definition after all that it fixes, so that another one is seen to be another."""
    facts = json.dumps([private_data.collections(topology), private_data.endorsement(topology), ids], sort_keys=True)
    return f"{_RULES}-{hashlib.sha256(facts.encode()).hexdigest()[:16]}"


async def _install(ground: Ground, organisation: Organisation, content: bytes, name: str) -> None:
    """Install a package on an organisation's peers. It holds a private key, so it lies where one peer sees it alone."""
    (ground.build.channel / f"{name}.{organisation.name}.tgz").unlink(missing_ok=True)  # where all peers saw it once
    for peer in ground.site.peers(organisation):
        file = ground.build.node(peer) / "data" / f"{name}.tgz"
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.write_bytes(content)
        try:
            await ground.peer(peer, "lifecycle", "chaincode", "install", ground.seen(file))
        except ToolFault as fault:
            if "already successfully installed" not in fault.output:
                raise
        finally:
            file.unlink(missing_ok=True)


def _definition(ground: Ground, topology: Topology, version: str, sequence: int, name: str = CHAINCODE) -> Definition:
    collections = ground.build.channel / "collections.json"
    collections.write_bytes(private_data.encode(topology))
    options = (
        *("-C", topology.network, "-n", name, "-v", version, "--sequence", str(sequence)),
        *("--collections-config", ground.seen(collections)),
        *("--signature-policy", private_data.endorsement(topology)),
    )
    return Definition(name, version, sequence, options)


async def _approve(
    ground: Ground, topology: Topology, organisation: Organisation, definition: Definition, ids: dict[str, str]
) -> None:
    """Let an organisation approve a definition; nothing is sent where it has."""
    own = ("--package-id", ids[organisation.name]) if organisation.name in ids else ()
    peer = ground.site.peers(organisation)[0]
    words = ("lifecycle", "chaincode", "approveformyorg", *definition.options, *own, *_NOT_WAITING)

    async def is_shown() -> bool:
        return await _approved(ground, topology, peer, definition)

    if not await is_shown():
        what = f"{organisation.name}'s approval of {definition.name} {definition.version}"
        await ordered(ground, topology, lambda to: ground.peer(peer, *words, *to), is_shown, what)


async def _approved(ground: Ground, topology: Topology, peer: Node, definition: Definition) -> bool:
    """Say whether a peer knows that its organisation has approved a definition."""
    named = ("-C", topology.network, "-n", definition.name, "--sequence", str(definition.sequence), "-O", "json")
    try:
        return bool(json.loads(await ground.peer(peer, *_QUERY_APPROVED, *named))["version"] == definition.version)
    except ToolFault as fault:
        if "could not fetch approved chaincode definition" in fault.output:
            return False
        raise


async def _commit(ground: Ground, topology: Topology, definition: Definition) -> None:
    """Commit a definition that all have approved, and wait until every organisation's first peer has it."""
    firsts = [ground.site.peers(each)[0] for each in topology.organisations]
    endorsers: list[str] = []
    for peer in firsts:
        endorsers += ["--peerAddresses", ground.site.address(peer)]
        endorsers += ["--tlsRootCertFiles", ground.seen(ground.build.tls_root(peer.organisation))]
    words = ("lifecycle", "chaincode", "commit", *definition.options, *endorsers, *_NOT_WAITING)
    clearings = ground.site.peers(topology.clearing)[0]

    async def is_shown() -> bool:
        told = await asyncio.gather(*(_committed(ground, topology, definition.name, peer) for peer in firsts))
        return all(each == (definition.sequence, definition.version) for each in told)

    what = f"The commit of {definition.name} {definition.version}"
    await ordered(ground, topology, lambda to: ground.peer(clearings, *words, *to), is_shown, what)


async def _together(steps: Iterable[Awaitable[None]]) -> None:
    """Take some steps at once, and let all of them end before the first fault is raised."""
    for outcome in await asyncio.gather(*steps, return_exceptions=True):
        if outcome is not None:
            raise outcome
