"""The channel's configuration and its first block (Fabric's documentation, "Channel configuration").

Every organisation is in the application group; who runs an orderer is in the orderer group too, under the same MSP.
"""

import hashlib
import math
from typing import Final

from fabric_protos.common import common_pb2, configtx_pb2, configuration_pb2
from fabric_protos.msp import msp_config_pb2
from fabric_protos.orderer import configuration_pb2 as orderer_pb2
from fabric_protos.orderer.etcdraft import configuration_pb2 as raft_pb2
from fabric_protos.orderer.smartbft import configuration_pb2 as bft_pb2
from fabric_protos.peer import configuration_pb2 as peer_pb2
from google.protobuf.message import Message

from network.material import CA, TLS_CA
from network.nodes import Build, Node, Site, orderers
from network.policies import implicit, one_of, quorum_of, set_policies, taking_part, tolerated
from network.topology import Consensus, Organisation, Topology

MEBIBYTE: Final = 1024 * 1024
BATCH: Final = orderer_pb2.BatchSize(
    # The courier makes the batches; an orderer that waited for more would only add its wait.
    max_message_count=1,
    absolute_max_bytes=48 * MEBIBYTE,
    preferred_max_bytes=8 * MEBIBYTE,
)
BATCH_TIMEOUT: Final = "500ms"
_RAFT: Final = raft_pb2.Options(
    # Two seconds without a heartbeat make an election; a lone orderer that starts anew waits as long.
    tick_interval="200ms",
    election_tick=10,
    heartbeat_tick=1,
    max_inflight_blocks=32,
    snapshot_interval_size=64 * MEBIBYTE,
)
_BFT: Final = bft_pb2.Options(
    # The orderer refuses an option that is missing (orderer/consensus/smartbft/util).
    request_batch_max_count=BATCH.max_message_count,
    request_batch_max_bytes=BATCH.absolute_max_bytes,
    request_batch_max_interval="50ms",
    incoming_message_buffer_size=200,
    request_pool_size=400,
    # What a new leader proposes is lost on an orderer that is not in its view yet, and is not sent again: while one of
    # four hangs, nothing is agreed until the others complain about that leader, too. In all this is the longest wait.
    request_forward_timeout="1s",
    request_complain_timeout="4s",
    request_auto_remove_timeout="3m0s",
    request_max_bytes=BATCH.absolute_max_bytes,
    view_change_resend_interval="2s",
    # Longer than the synchronisation within it, which waits for an orderer that hangs (Cluster.DialTimeout).
    view_change_timeout="10s",
    # A leader is heard of once a second at best: that is how often SmartBFT looks at its clock.
    leader_heartbeat_timeout="5s",
    leader_heartbeat_count=5,
    collect_timeout="1s",
    # An orderer that was away is level before it takes part.
    sync_on_start=True,
    speed_up_view_change=False,
    leader_rotation=bft_pb2.Options.ROTATION_OFF,
    decisions_per_leader=0,
)
_HASH_WIDTH: Final = 2**32 - 1


def genesis(build: Build, site: Site, topology: Topology) -> common_pb2.Block:
    """Make the channel's first block from the certificates in the build directory."""
    config = configtx_pb2.ConfigEnvelope(config=configtx_pb2.Config(channel_group=_channel(build, site, topology)))
    header = common_pb2.ChannelHeader(type=common_pb2.CONFIG, version=1, channel_id=topology.network)
    header.timestamp.GetCurrentTime()
    payload = common_pb2.Payload(
        header=common_pb2.Header(
            channel_header=header.SerializeToString(),
            signature_header=common_pb2.SignatureHeader().SerializeToString(),
        ),
        data=config.SerializeToString(),
    )
    data = common_pb2.Envelope(payload=payload.SerializeToString()).SerializeToString()
    last = common_pb2.LastConfig(index=0)
    return common_pb2.Block(
        header=common_pb2.BlockHeader(number=0, data_hash=hashlib.sha256(data).digest()),
        data=common_pb2.BlockData(data=[data]),
        metadata=common_pb2.BlockMetadata(
            metadata=[
                _metadata(common_pb2.OrdererBlockMetadata(last_config=last)),
                _metadata(last),
                b"",
                b"",
                b"",
            ]
        ),
    )


def _metadata(value: Message) -> bytes:
    metadata: bytes = common_pb2.Metadata(value=value.SerializeToString()).SerializeToString()
    return metadata


def _channel(build: Build, site: Site, topology: Topology) -> configtx_pb2.ConfigGroup:
    group = configtx_pb2.ConfigGroup(mod_policy="Admins")
    set_policies(
        group,
        Readers=implicit("ANY", "Readers"),
        Writers=implicit("ANY", "Writers"),
        Admins=implicit("MAJORITY", "Admins"),
    )
    _set(group, "HashingAlgorithm", configuration_pb2.HashingAlgorithm(name="SHA256"))
    _set(group, "BlockDataHashingStructure", configuration_pb2.BlockDataHashingStructure(width=_HASH_WIDTH))
    _set(group, "Capabilities", _capabilities("V3_0"))
    group.groups["Application"].CopyFrom(_application(build, site, topology))
    group.groups["Orderer"].CopyFrom(_orderer(build, site, topology))
    return group


def _application(build: Build, site: Site, topology: Topology) -> configtx_pb2.ConfigGroup:
    group = configtx_pb2.ConfigGroup(mod_policy="Admins")
    set_policies(
        group,
        **taking_part(each.msp for each in topology.organisations),
        Admins=implicit("MAJORITY", "Admins"),
        Endorsement=implicit("MAJORITY", "Endorsement"),
        LifecycleEndorsement=implicit("MAJORITY", "Endorsement"),
    )
    _set(group, "Capabilities", _capabilities("V2_5"))
    for each in topology.organisations:
        group.groups[each.msp].CopyFrom(member(build, site, each))
    return group


def member(build: Build, site: Site, organisation: Organisation) -> configtx_pb2.ConfigGroup:
    """Say who an organisation is to the channel: whom its MSP trusts, what its people may, where its peers are."""
    msp = organisation.msp
    group = configtx_pb2.ConfigGroup(mod_policy="Admins")
    set_policies(
        group,
        Readers=one_of((msp, "member")),
        Writers=one_of((msp, "admin"), (msp, "client")),
        Admins=one_of((msp, "admin")),
        Endorsement=one_of((msp, "peer")),
    )
    _set(group, "MSP", _msp(build, organisation))
    anchors = [peer_pb2.AnchorPeer(host=site.host(peer), port=peer.port) for peer in site.peers(organisation)]
    _set(group, "AnchorPeers", peer_pb2.AnchorPeers(anchor_peers=anchors))
    return group


def _orderer(build: Build, site: Site, topology: Topology) -> configtx_pb2.ConfigGroup:
    group = configtx_pb2.ConfigGroup(mod_policy="Admins")
    set_policies(
        group,
        Readers=implicit("ANY", "Readers"),
        Writers=implicit("ANY", "Writers"),
        Admins=implicit("MAJORITY", "Admins"),
        BlockValidation=implicit("ANY", "Writers"),
    )
    _set(group, "BatchSize", BATCH)
    _set(group, "BatchTimeout", orderer_pb2.BatchTimeout(timeout=BATCH_TIMEOUT))
    _set(group, "ChannelRestrictions", orderer_pb2.ChannelRestrictions(max_count=0))
    _set(group, "Capabilities", _capabilities("V2_0"))
    nodes = orderers(topology)
    if topology.consensus is Consensus.BFT:
        _set_bft(group, build, site, nodes)
    else:
        _set_raft(group, build, site, nodes)
    for node in nodes:
        group.groups[node.organisation.msp].CopyFrom(_orderer_owner(build, site, node))
    return group


def _orderer_owner(build: Build, site: Site, node: Node) -> configtx_pb2.ConfigGroup:
    msp = node.organisation.msp
    group = configtx_pb2.ConfigGroup(mod_policy="Admins")
    set_policies(
        group,
        Readers=one_of((msp, "member")),
        # Who signs blocks, and who may change the orderers; a gateway's certificate is neither.
        Writers=one_of((msp, "orderer"), (msp, "admin")),
        Admins=one_of((msp, "admin")),
    )
    _set(group, "MSP", _msp(build, node.organisation))
    _set(group, "Endpoints", configuration_pb2.OrdererAddresses(addresses=[site.address(node)]))
    return group


def _set_raft(group: configtx_pb2.ConfigGroup, build: Build, site: Site, nodes: list[Node]) -> None:
    consenters = []
    for node in nodes:
        tls = _tls(build, node)
        consenters.append(
            raft_pb2.Consenter(host=site.host(node), port=node.port, client_tls_cert=tls, server_tls_cert=tls)
        )
    metadata = raft_pb2.ConfigMetadata(consenters=consenters, options=_RAFT)
    consensus = orderer_pb2.ConsensusType(type="etcdraft", metadata=metadata.SerializeToString())
    _set(group, "ConsensusType", consensus)


def _set_bft(group: configtx_pb2.ConfigGroup, build: Build, site: Site, nodes: list[Node]) -> None:
    consenters = []
    for number, node in enumerate(nodes, start=1):
        tls = _tls(build, node)
        consenters.append(
            configuration_pb2.Consenter(
                id=number,
                host=site.host(node),
                port=node.port,
                msp_id=node.organisation.msp,
                identity=(build.node(node) / "msp" / "signcerts" / "cert.pem").read_bytes(),
                client_tls_cert=tls,
                server_tls_cert=tls,
            )
        )
    _set(group, "Orderers", configuration_pb2.Orderers(consenter_mapping=consenters))
    _set(group, "ConsensusType", orderer_pb2.ConsensusType(type="BFT", metadata=_BFT.SerializeToString()))
    # As the orderers themselves compute it (common/policies/bft.go): any two quorums share one that does not lie.
    quorum = math.ceil((len(nodes) + tolerated(len(nodes)) + 1) / 2)
    set_policies(group, BlockValidation=quorum_of(quorum, [(each.msp_id, each.identity) for each in consenters]))


def _tls(build: Build, node: Node) -> bytes:
    certificate: bytes = (build.node(node) / "tls" / "server.crt").read_bytes()
    return certificate


def _msp(build: Build, organisation: Organisation) -> msp_config_pb2.MSPConfig:
    root = (build.organisation(organisation.name) / f"{CA}.crt").read_bytes()
    units = {
        f"{unit}_ou_identifier": msp_config_pb2.FabricOUIdentifier(organizational_unit_identifier=unit)
        for unit in ("client", "peer", "admin", "orderer")
    }
    config = msp_config_pb2.FabricMSPConfig(
        name=organisation.msp,
        root_certs=[root],
        tls_root_certs=[(build.fabric(organisation.name) / f"{TLS_CA}.crt").read_bytes()],
        crypto_config=msp_config_pb2.FabricCryptoConfig(
            signature_hash_family="SHA2", identity_identifier_hash_function="SHA256"
        ),
        fabric_node_ous=msp_config_pb2.FabricNodeOUs(enable=True, **units),
    )
    return msp_config_pb2.MSPConfig(type=0, config=config.SerializeToString())


def _capabilities(name: str) -> configuration_pb2.Capabilities:
    capabilities = configuration_pb2.Capabilities()
    capabilities.capabilities[name].SetInParent()
    return capabilities


def _set(group: configtx_pb2.ConfigGroup, name: str, value: Message) -> None:
    group.values[name].CopyFrom(configtx_pb2.ConfigValue(value=value.SerializeToString(), mod_policy="Admins"))
