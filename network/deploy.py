"""The contracts on the channel: peers join, install, approve, commit (Fabric's documentation, "Chaincode lifecycle").

Nothing here is done twice: what a peer has already, and a definition that is committed already, stays as it is.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Iterable
from typing import Final, NamedTuple

from network import presence, private_data
from network.doors import CHAINCODE
from network.faults import ToolFault
from network.ground import Ground
from network.handover import write_new
from network.nodes import Node, chaincode
from network.ordering import ordered
from network.package import package, package_id
from network.topology import Topology

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
    """What is on the channel: the definition's sequence, and whether it was put there now.

    `unapproved` names organisations that have not approved it, and `unasked` the authorities' peers that may lack the
    package: those that could not be asked. The same again brings them along.
    """

    sequence: int
    version: str
    changed: bool
    unapproved: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    absent: tuple[Node, ...] = ()


class Committed(NamedTuple):
    """The definition that is on the channel, and the MSPs that have approved it; (0, "") where there is none."""

    sequence: int = 0
    version: str = ""
    approved: frozenset[str] = frozenset()


async def join_peers(ground: Ground, peers: list[Node]) -> None:
    """Let peers join the channel, but for those that have; who gives no answer is gone past. Raises `NetworkFault`."""
    await _together(_join(ground, peer) for peer in peers)


async def _join(ground: Ground, peer: Node) -> None:
    block = ground.seen(ground.build.channel / "genesis.block")
    try:
        await ground.peer(peer, "channel", "join", "-b", block)
    except ToolFault as fault:
        if "already exists" not in fault.output and not presence.is_silence(fault):
            raise


async def deploy(ground: Ground, topology: Topology) -> Deployed:
    """Bring the contracts' definition to what the topology says; raises `NetworkFault`."""
    await ground.start(topology, [chaincode(each) for each in topology.authorities])
    packages = {each.name: package(ground.build, ground.site, each) for each in topology.authorities}
    return await _brought(ground, topology, CHAINCODE, packages)


async def deploy_beside(ground: Ground, topology: Topology, name: str, addresses: dict[str, str]) -> dict[str, str]:
    """Put another chaincode on the channel, with the contracts' collections and endorsement; raises `NetworkFault`.

    `addresses` says where each authority's server of it will be. Gives each one's package id.
    """
    packages = {
        each.name: package(ground.build, ground.site, each, label=name, address=addresses[each.name])
        for each in topology.authorities
    }
    await _brought(ground, topology, name, packages)
    return _ids(packages, name)


async def _brought(ground: Ground, topology: Topology, name: str, packages: dict[str, bytes]) -> Deployed:
    """Install, approve and commit whatever those lack that can be asked; packages by authority."""
    there = await presence.sufficient(ground, topology)
    ids = _ids(packages, name)
    installing = [peer for peer in there.present if peer.organisation.endorses]
    await _together(_install(ground, peer, packages[peer.organisation.name], name) for peer in installing)
    clearings = there.first(topology.clearing)
    before, wanted = await committed(ground, topology, clearings, name), _version(topology, ids)
    is_new = before.version != wanted
    definition = _definition(ground, topology, wanted, before.sequence + is_new, name)
    approving = [there.first(each) for each in there.organisations(topology)]
    await _together(_approve(ground, topology, peer, definition, ids) for peer in approving)
    if is_new:
        await _commit(ground, topology, approving, definition)
    approved = (await committed(ground, topology, clearings, name)).approved if there.absent else frozenset()
    away = [each for each in topology.organisations if not there.of(each)]
    return Deployed(
        definition.sequence,
        wanted,
        changed=is_new,
        unapproved=tuple(each.name for each in away if each.msp not in approved),
        unasked=tuple(peer.name for peer in there.absent if peer.organisation.endorses),
        absent=there.absent,
    )


async def committed(ground: Ground, topology: Topology, peer: Node, name: str = CHAINCODE) -> Committed:
    """Ask a peer which definition of a chaincode is on the channel; raises `ToolFault`."""
    query = ("lifecycle", "chaincode", "querycommitted", "-C", topology.network, "-n", name, "-O", "json")
    try:
        answer = json.loads(await ground.peer(peer, *query))
    except ToolFault as fault:
        if "is not defined" in fault.output or "404" in fault.output:
            return Committed()
        raise
    approved = frozenset(msp for msp, has in answer.get("approvals", {}).items() if has)
    return Committed(int(answer["sequence"]), answer["version"], approved)


def _ids(packages: dict[str, bytes], name: str) -> dict[str, str]:
    return {authority: package_id(content, name) for authority, content in packages.items()}


def _version(topology: Topology, ids: dict[str, str]) -> str:
    """Name a definition after all that it fixes, so that another one is seen to be another."""
    facts = json.dumps([private_data.collections(topology), private_data.endorsement(topology), ids], sort_keys=True)
    return f"{_RULES}-{hashlib.sha256(facts.encode()).hexdigest()[:16]}"


async def _install(ground: Ground, peer: Node, content: bytes, name: str) -> None:
    """Install a package on a peer. It holds a private key, so it lies where this peer sees it alone."""
    # Where all peers saw it once.
    (ground.build.channel / f"{name}.{peer.organisation.name}.tgz").unlink(missing_ok=True)
    file = ground.build.node(peer) / "data" / f"{name}.tgz"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    write_new(file, content)
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


async def _approve(ground: Ground, topology: Topology, peer: Node, definition: Definition, ids: dict[str, str]) -> None:
    """Let a peer's organisation approve a definition, with its package where it has one; nothing is sent if it has."""
    package = ids.get(peer.organisation.name, "")
    named = ("--package-id", package) if package else ()
    words = ("lifecycle", "chaincode", "approveformyorg", *definition.options, *named, *_NOT_WAITING)

    async def is_shown() -> bool:
        return await _approved(ground, topology, peer, definition, package)

    if not await is_shown():
        what = f"{peer.organisation.name}'s approval of {definition.name} {definition.version}"
        await ordered(ground, topology, lambda to: ground.peer(peer, *words, *to), is_shown, what)


async def _approved(ground: Ground, topology: Topology, peer: Node, definition: Definition, package: str) -> bool:
    """Say whether a peer knows that its organisation has approved a definition, and with this package.

    The definition does not hold the package: a peer finds its contracts by what its own organisation last approved.
    """
    named = ("-C", topology.network, "-n", definition.name, "--sequence", str(definition.sequence), "-O", "json")
    try:
        told = json.loads(await ground.peer(peer, *_QUERY_APPROVED, *named))
    except ToolFault as fault:
        if "could not fetch approved chaincode definition" in fault.output:
            return False
        raise
    source = told.get("source", {}).get("Type", {}).get("LocalPackage", {})
    return (told["version"], source.get("package_id", "")) == (definition.version, package)


async def _commit(ground: Ground, topology: Topology, peers: list[Node], definition: Definition) -> None:
    """Commit a definition that the organisations of some peers have approved, and wait until all of those have it."""
    endorsers: list[str] = []
    for peer in peers:
        endorsers += ["--peerAddresses", ground.site.address(peer)]
        endorsers += ["--tlsRootCertFiles", ground.seen(ground.build.tls_root(peer.organisation))]
    words = ("lifecycle", "chaincode", "commit", *definition.options, *endorsers, *_NOT_WAITING)
    clearings = next(peer for peer in peers if peer.organisation == topology.clearing)

    async def is_shown() -> bool:
        told = await asyncio.gather(*(committed(ground, topology, peer, definition.name) for peer in peers))
        return all(each[:2] == (definition.sequence, definition.version) for each in told)

    what = f"The commit of {definition.name} {definition.version}"
    await ordered(ground, topology, lambda to: ground.peer(clearings, *words, *to), is_shown, what)


async def _together(steps: Iterable[Awaitable[None]]) -> None:
    """Take some steps at once, and let all of them end before the first fault is raised."""
    for outcome in await asyncio.gather(*steps, return_exceptions=True):
        if outcome is not None:
            raise outcome
