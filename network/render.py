"""Make the build directory from the description: keys, settings, the channel's first block, the gateways' doors."""

from pathlib import PurePath

from certification.authority import make_private
from network import durable, private_data, settings
from network.channel import genesis
from network.doors import description, write_doors
from network.faults import NetworkFault
from network.material import TLS_CA, Authorities, write_node, write_organisation
from network.nodes import Build, Site, orderers
from network.nodes import chaincode as chaincode_of
from network.ownership import has_run, require_usable
from network.topology import Organisation, Topology


def render(build: Build, site: Site, topology: Topology, *, builder: PurePath) -> None:
    """Write the build directory; network.json comes last, so that a half-made one is known. Raises `NetworkFault`."""
    require_usable(build)
    make_private(build.path)
    durable.replace(build.topology, topology.encode())
    for each in topology.organisations:
        authorities = write_organisation(build, each)
        for node in orderers(topology):
            if node.organisation == each:
                write_node(build, node, authorities)
                (build.node(node) / "orderer.yaml").write_bytes(settings.orderer(node, site))
        write_peers(build, site, each, authorities, builder=builder)
    for folder in (build.channel, build.logs, build.read):
        make_private(folder)
    (build.channel / "genesis.block").write_bytes(genesis(build, site, topology).SerializeToString())
    write_shared(build, site, topology)


def write_peers(
    build: Build, site: Site, organisation: Organisation, authorities: Authorities, *, builder: PurePath
) -> None:
    """Write an organisation's peers and, where it endorses, its chaincode server's keys."""
    peers = site.peers(organisation)
    for place, node in enumerate(peers):
        write_node(build, node, authorities)
        # A lone peer names itself: there is nobody else of its organisation to ask.
        core = settings.core(node, site, builder=builder, bootstrap=peers[place - 1])
        (build.node(node) / "core.yaml").write_bytes(core)
    if organisation.endorses:
        write_node(build, chaincode_of(organisation), authorities, identity=False)


def write_shared(build: Build, site: Site, topology: Topology) -> None:
    """Write what names all organisations: collections, the gateways' settings, and last network.json."""
    durable.replace(build.topology, topology.encode())
    durable.replace(build.channel / "collections.json", private_data.encode(topology))
    for each in topology.organisations:
        durable.replace(build.tls_root(each), (build.fabric(each.name) / f"{TLS_CA}.crt").read_bytes())
        write_doors(build, site, topology, each)
    write_description(build, topology)


def write_description(build: Build, topology: Topology) -> None:
    """Write what clients read, which follows from the topology, unless it is as it should be."""
    durable.replace(build.network, description(topology))


def read_topology(build: Build) -> Topology:
    """Read the description that the network was started with; raises `NetworkFault`."""
    if not build.topology.is_file():
        if has_run(build):
            raise NetworkFault(
                f"{build.path} holds a ledger, and its description ({build.topology.name}) is gone.",
                do="Put it back from a backup. Only where the ledger may go as well:"
                f" {build.command('down --volumes')}",
            )
        raise NetworkFault(
            f"There is no network in {build.path}.", do=f"Start one: {build.command('up --native --bin DIR')}"
        )
    return Topology.read(build.topology)
