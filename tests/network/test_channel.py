"""The channel's first block, and the update that adds an organisation."""

import hashlib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from fabric_protos.common import common_pb2, configtx_pb2, configuration_pb2, policies_pb2
from fabric_protos.msp import identities_pb2, msp_principal_pb2
from fabric_protos.orderer import configuration_pb2 as orderer_pb2
from fabric_protos.orderer.etcdraft import configuration_pb2 as raft_pb2
from fabric_protos.orderer.smartbft import configuration_pb2 as bft_pb2
from msgspec.structs import replace

from network.channel import genesis, member
from network.nodes import Build, Site
from network.render import render
from network.topology import Consensus, Topology
from network.update import addition, configuration, signed
from tests.network.conftest import BUILDER, Rendered
from tests.network.test_own_description import SEVEN

HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 // 2


def config_of(rendered: Rendered) -> configtx_pb2.Config:
    return configuration((rendered.build.channel / "genesis.block").read_bytes())


def test_the_block_is_number_nought_and_its_hash_fits(rendered: Rendered) -> None:
    block = genesis(rendered.build, rendered.site, rendered.topology)
    assert (block.header.number, block.header.previous_hash) == (0, b"")
    assert block.header.data_hash == hashlib.sha256(b"".join(block.data.data)).digest()
    assert len(block.metadata.metadata) == len(common_pb2.BlockMetadataIndex.items())


def test_everybody_takes_part_and_orderers_stand_for_their_owners(rendered: Rendered) -> None:
    groups = config_of(rendered).channel_group.groups
    assert set(groups["Application"].groups) == {each.msp for each in rendered.topology.organisations}
    assert set(groups["Orderer"].groups) == {each.msp for each in rendered.topology.orderer_owners}


def test_capabilities_are_those_of_fabric_3(rendered: Rendered) -> None:
    channel = config_of(rendered).channel_group
    for group, name in (
        (channel, "V3_0"),
        (channel.groups["Application"], "V2_5"),
        (channel.groups["Orderer"], "V2_0"),
    ):
        told = configuration_pb2.Capabilities.FromString(group.values["Capabilities"].value)
        assert list(told.capabilities) == [name]


def test_an_orderer_makes_a_block_of_each_transaction(rendered: Rendered) -> None:
    values = config_of(rendered).channel_group.groups["Orderer"].values
    assert orderer_pb2.BatchSize.FromString(values["BatchSize"].value).max_message_count == 1


def test_the_consensus_is_the_one_that_was_chosen(rendered: Rendered) -> None:
    values = config_of(rendered).channel_group.groups["Orderer"].values
    told = orderer_pb2.ConsensusType.FromString(values["ConsensusType"].value)
    owners = len(rendered.topology.orderer_owners)
    if rendered.topology.consensus is Consensus.BFT:
        assert told.type == "BFT"
        mapping = configuration_pb2.Orderers.FromString(values["Orderers"].value).consenter_mapping
        assert [each.id for each in mapping] == list(range(1, owners + 1))
    else:
        assert told.type == "etcdraft"
        assert len(raft_pb2.ConfigMetadata.FromString(told.metadata).consenters) == owners


def test_every_option_of_smartbft_that_is_a_duration_is_given(containers: Rendered) -> None:
    values = config_of(containers).channel_group.groups["Orderer"].values
    told = orderer_pb2.ConsensusType.FromString(values["ConsensusType"].value)
    options = bft_pb2.Options.FromString(told.metadata)
    texts = [field.name for field in options.DESCRIPTOR.fields if field.type == field.TYPE_STRING]
    assert [name for name in texts if not getattr(options, name)] == []


def test_with_smartbft_three_of_four_orderers_sign_a_block(containers: Rendered) -> None:
    policy = config_of(containers).channel_group.groups["Orderer"].policies["BlockValidation"].policy
    envelope = policies_pb2.SignaturePolicyEnvelope.FromString(policy.value)
    assert (envelope.rule.n_out_of.n, len(envelope.rule.n_out_of.rules)) == (3, 4)


@pytest.mark.parametrize(("orderers", "quorum"), [(4, 3), (5, 4), (6, 4), (7, 5)])
def test_so_many_of_more_orderers_sign_a_block(tmp_path: Path, orderers: int, quorum: int) -> None:
    """As those themselves count (Fabric, common/policies/bft.go): of seven two may fail, of fewer one."""
    described = Topology.read(SEVEN)
    owners = {**described.orderers, Consensus.BFT: described.orderers[Consensus.BFT][:orderers]}
    topology = replace(described, orderers=owners).started(Consensus.BFT)
    build, site = Build(tmp_path / "net"), Site(tmp_path / "net")
    render(build, site, topology, builder=BUILDER)
    group = configuration(genesis(build, site, topology).SerializeToString()).channel_group.groups["Orderer"]
    mapped = configuration_pb2.Orderers.FromString(group.values["Orderers"].value)
    policy = policies_pb2.SignaturePolicyEnvelope.FromString(group.policies["BlockValidation"].policy.value)
    assert [each.id for each in mapped.consenter_mapping] == list(range(1, orderers + 1))
    assert (policy.rule.n_out_of.n, len(policy.rule.n_out_of.rules)) == (quorum, orderers)


def principals(group: configtx_pb2.ConfigGroup, name: str) -> set[tuple[str, str]]:
    """Give the (MSP, role) of whom one signature is enough for."""
    policy = group.policies[name].policy
    assert policy.type == policies_pb2.Policy.SIGNATURE
    envelope = policies_pb2.SignaturePolicyEnvelope.FromString(policy.value)
    assert envelope.rule.n_out_of.n == 1
    named = [
        msp_principal_pb2.MSPRole.FromString(envelope.identities[each.signed_by].principal)
        for each in envelope.rule.n_out_of.rules
    ]
    return {(each.msp_identifier, msp_principal_pb2.MSPRole.MSPRoleType.Name(each.role)) for each in named}


def test_every_member_reads_and_its_clients_and_administrators_ask(rendered: Rendered) -> None:
    application = config_of(rendered).channel_group.groups["Application"]
    msps = [each.msp for each in rendered.topology.organisations]
    assert principals(application, "Readers") == {(msp, "MEMBER") for msp in msps}
    assert principals(application, "Writers") == {(msp, role) for msp in msps for role in ("ADMIN", "CLIENT")}


@pytest.fixture
def change(raft: Rendered) -> configtx_pb2.ConfigUpdate:
    newcomer = member(raft.build, raft.site, raft.topology.organisation("bankist"))
    return addition(raft.topology.network, config_of(raft), "bankfraMSP", newcomer)


def test_an_update_raises_the_version_of_what_it_changes_alone(change: configtx_pb2.ConfigUpdate) -> None:
    before, after = (side.groups["Application"] for side in (change.read_set, change.write_set))
    assert (before.version, after.version) == (0, 1)
    assert set(after.groups) - set(before.groups) == {"bankfraMSP"}
    assert change.write_set.version == change.read_set.version
    assert all(after.groups[name].version == before.groups[name].version for name in before.groups)
    raised = {name: after.policies[name].version - policy.version for name, policy in before.policies.items()}
    assert set(after.policies) == set(before.policies) == set(raised)
    assert {name for name, by in raised.items() if by == 1} == {"Readers", "Writers"}
    assert {by for name, by in raised.items() if name not in {"Readers", "Writers"}} == {0}


def test_who_joins_may_read_and_ask_as_the_others_may(raft: Rendered, change: configtx_pb2.ConfigUpdate) -> None:
    before, after = config_of(raft).channel_group.groups["Application"], change.write_set.groups["Application"]
    for name, roles in (("Readers", {"MEMBER"}), ("Writers", {"ADMIN", "CLIENT"})):
        assert principals(after, name) == principals(before, name) | {("bankfraMSP", role) for role in roles}
        assert after.policies[name].mod_policy == before.policies[name].mod_policy == "Admins"


def test_every_administrators_signature_holds_and_is_low(raft: Rendered, change: configtx_pb2.ConfigUpdate) -> None:
    signers = [(each.msp, raft.build.fabric(each.name) / "admin-msp") for each in raft.topology.organisations]
    envelope = common_pb2.Envelope.FromString(signed(raft.topology.network, change, signers))
    update = configtx_pb2.ConfigUpdateEnvelope.FromString(common_pb2.Payload.FromString(envelope.payload).data)
    assert update.config_update == change.SerializeToString()
    for signature, (msp, _) in zip(update.signatures, signers, strict=True):
        creator = common_pb2.SignatureHeader.FromString(signature.signature_header).creator
        person = identities_pb2.SerializedIdentity.FromString(creator)
        key = x509.load_pem_x509_certificate(person.id_bytes).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(signature.signature, signature.signature_header + update.config_update, ec.ECDSA(hashes.SHA256()))
        assert person.mspid == msp
        assert decode_dss_signature(signature.signature)[1] <= HALF_ORDER
