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
from network.package import package, package_id
from network.topology import Organisation, Topology

_RULES: Final = "1"
"""The first part of the definition's version."""
_TRIES: Final = 30
_AGAIN_S: Final = 0.5
EVENT_WAIT: Final = "20s"
"""How long to wait for peers to have what was ordered before it is asked for again. Fabric's program may begin to
listen just after the block has come, and then it never hears of it."""
_PASSING: Final = ("SERVICE_UNAVAILABLE", "no Raft leader", "connection refused", "Unavailable", "failed to create")
"""What an orderer or a peer says that has just begun."""
_MISSED: Final = "timed out waiting for txid"
"""What Fabric's program says that has not heard of its own transaction."""


class Deployed(NamedTuple):
    """What is on the channel: the definition's sequence, and whether it was put there now."""

    sequence: int
    version: str
    changed: bool


async def join(ground: Ground, topology: Topology, peers: list[Node]) -> None:
    """Let orderers and peers join the channel; raises `NetworkFault`."""
    await participation.join(ground.build, orderers(topology), topology.network)
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
    await _commit(ground, topology, definition, CHAINCODE, sequence + 1)
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
        await _commit(ground, topology, definition, name, 1)
    return ids


async def committed(ground: Ground, topology: Topology, name: str = CHAINCODE) -> tuple[int, str]:
    """Say which sequence and version of a chaincode's definition is on the channel; (0, "") where there is none."""
    peer = ground.site.peers(topology.clearing)[0]
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


def at_orderer(ground: Ground, orderer: Node) -> tuple[str, ...]:
    """Give the options that tell Fabric's `peer` which orderer to use."""
    return (
        "-o",
        ground.site.address(orderer),
        "--tls",
        "--cafile",
        ground.seen(ground.build.tls_root(orderer.organisation)),
    )


def _version(topology: Topology, ids: dict[str, str]) -> str:
    """Name a definition after all that it fixes, so that another one is seen to be another."""
    facts = json.dumps([private_data.collections(topology), private_data.endorsement(topology), ids], sort_keys=True)
    return f"{_RULES}-{hashlib.sha256(facts.encode()).hexdigest()[:16]}"


async def _install(ground: Ground, organisation: Organisation, content: bytes, name: str) -> None:
    file = ground.build.channel / f"{name}.{organisation.name}.tgz"
    file.write_bytes(content)
    for peer in ground.site.peers(organisation):
        try:
            await ground.peer(peer, "lifecycle", "chaincode", "install", ground.seen(file))
        except ToolFault as fault:
            if "already successfully installed" not in fault.output:
                raise


def _definition(ground: Ground, topology: Topology, version: str, sequence: int, name: str = CHAINCODE) -> list[str]:
    collections = ground.build.channel / "collections.json"
    collections.write_bytes(private_data.encode(topology))
    return [
        *("-C", topology.network, "-n", name, "-v", version, "--sequence", str(sequence)),
        *("--collections-config", ground.seen(collections)),
        *("--signature-policy", private_data.endorsement(topology)),
    ]


async def _approve(
    ground: Ground, topology: Topology, organisation: Organisation, definition: list[str], ids: dict[str, str]
) -> None:
    own = ("--package-id", ids[organisation.name]) if organisation.name in ids else ()
    peer = ground.site.peers(organisation)[0]
    try:
        await _ordered(ground, topology, peer, "approveformyorg", *definition, *own)
    except ToolFault as fault:  # an earlier attempt came so far, and was broken off before the commit
        if "with unchanged content" not in fault.output:
            raise


async def _together(steps: Iterable[Awaitable[None]]) -> None:
    """Take some steps at once, and let all of them end before the first fault is raised."""
    for outcome in await asyncio.gather(*steps, return_exceptions=True):
        if outcome is not None:
            raise outcome


async def _commit(ground: Ground, topology: Topology, definition: list[str], name: str, sequence: int) -> None:
    endorsers: list[str] = []
    for each in topology.organisations:
        endorsers += ["--peerAddresses", ground.site.address(ground.site.peers(each)[0])]
        endorsers += ["--tlsRootCertFiles", ground.seen(ground.build.tls_root(each))]
    peer = ground.site.peers(topology.clearing)[0]
    try:
        await _ordered(ground, topology, peer, "commit", *definition, *endorsers)
    except ToolFault:  # an earlier attempt was committed, and its event was missed
        if (await committed(ground, topology, name))[0] < sequence:
            raise


async def _ordered(ground: Ground, topology: Topology, peer: Node, verb: str, *arguments: str) -> None:
    """Run a lifecycle command that is ordered; where an orderer is not ready, ask the next one, and again."""
    nodes = orderers(topology)
    for attempt in range(_TRIES):
        to = at_orderer(ground, nodes[attempt % len(nodes)])
        try:
            await ground.peer(
                peer, "lifecycle", "chaincode", verb, *arguments, *to, "--waitForEventTimeout", EVENT_WAIT
            )
        except ToolFault as fault:
            if attempt == _TRIES - 1 or not any(word in fault.output for word in (*_PASSING, _MISSED)):
                raise
            await asyncio.sleep(_AGAIN_S)
        else:
            return
