"""A test network certifies its gateways, and gateways certify people under its CAs: they agree who is who."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from certification.authority import Authority
from gateway.auth.development import DevelopmentCA, Issued
from gateway.development.data_directory import DataDirectory
from network import material
from settlement import identity
from settlement.parties import CERTIFIABLE, Kind, Role
from tests.network.conftest import Rendered

UNIT = NameOID.ORGANIZATIONAL_UNIT_NAME


def units(certificate: x509.Certificate) -> list[str]:
    """Give the organisational units, by which Fabric's NodeOUs tell what somebody is to the channel."""
    return [str(each.value) for each in certificate.subject.get_attributes_for_oid(UNIT)]


def said(certificate: x509.Certificate) -> dict[str, object]:
    """Give all that two certificates of one person have in common: all but key, serial number, hosts and issuer."""
    extensions = {
        each.oid.dotted_string: each.value
        for each in certificate.extensions
        if not isinstance(each.value, x509.AuthorityKeyIdentifier | x509.SubjectAlternativeName)
    }
    return {"subject": certificate.subject, **extensions}


def test_a_gateway_is_certified_alike_on_fabric_and_on_one_machine() -> None:
    """The same subject with the same units, the same attributes, usages and constraints."""
    by_network = material.certified_gateway(Authority.create("banksh"))
    by_identity = DevelopmentCA.create("banksh").issue("gateway.banksh", Role.GATEWAY)
    first, second = (x509.load_pem_x509_certificate(each.certificate) for each in (by_network, by_identity))
    assert said(first) == said(second)
    assert identity.ATTRIBUTES_OID.dotted_string in said(first)


@pytest.mark.parametrize("role", list(Role))
def test_a_gateway_alone_is_a_client_of_the_channel(role: Role) -> None:
    """To Fabric a certificate without a unit is nobody's: whoever has it can neither submit nor ask."""
    issued = DevelopmentCA.create("banksh").issue("somebody", role)
    assert units(x509.load_pem_x509_certificate(issued.certificate)) == (["client"] if role is Role.GATEWAY else [])


def test_nobody_in_a_new_network_but_gateways_is_a_client(raft: Rendered) -> None:
    for member in DataDirectory(raft.build.path).members().values():
        assert units(x509.load_pem_x509_certificate(member.service.certificate)) == ["client"]
        for name, person in member.people.items():
            assert units(x509.load_pem_x509_certificate(person.certificate)) == [], name


def test_whom_waitan_identity_certifies_in_a_network_is_no_client_either(raft: Rendered) -> None:
    """It signs with the CA that the network made, and the channel trusts."""
    for member in DataDirectory(raft.build.path).members().values():
        ca = DevelopmentCA(member.participant, Issued.read(raft.build.organisation(member.participant), material.CA))
        for role in CERTIFIABLE[Kind(member.organisation.kind)]:
            certificate = x509.load_pem_x509_certificate(ca.issue("one-more", role).certificate)
            assert units(certificate) == (["client"] if role is Role.GATEWAY else [])
