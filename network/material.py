"""An organisation's certificates and its Fabric MSP, written into the build directory.

Of the ledger's people there are none here: a network is administrators, nodes and gateways. Who acts on the ledger is
certified by whoever begins its day, under the same CA.
"""

import shutil
from pathlib import Path
from typing import Final, NamedTuple

from certification.authority import GATEWAY, Authority, Claims, Issued, claims, make_private, write_private
from network.faults import DamagedFault
from network.nodes import Build, Node
from network.topology import Organisation

SERVICE: Final = "gateway"
CA, TLS_CA, ADMIN, ADMIN_MSP, PEER_CLIENT = "ca", "tls-ca", "admin", "admin-msp", "chaincode-client"

_NODE_OUS: Final = """\
NodeOUs:
  Enable: true
  ClientOUIdentifier: {OrganizationalUnitIdentifier: client}
  PeerOUIdentifier: {OrganizationalUnitIdentifier: peer}
  AdminOUIdentifier: {OrganizationalUnitIdentifier: admin}
  OrdererOUIdentifier: {OrganizationalUnitIdentifier: orderer}
"""


class Authorities(NamedTuple):
    """An organisation's two CAs."""

    identities: Authority
    tls: Authority

    @classmethod
    def read(cls, build: Build, organisation: Organisation) -> "Authorities":
        """Read them; raises `OSError` and `DamagedFault`."""
        name = organisation.name
        return cls(_read(name, build.organisation(name), CA), _read(name, build.fabric(name), TLS_CA))


def _read(organisation: str, place: Path, name: str) -> Authority:
    root = Issued.read(place, name)
    try:
        return Authority(organisation, root)
    except ValueError as error:
        raise DamagedFault(f"{place / name}.crt or its key", error) from None


def write_organisation(build: Build, organisation: Organisation) -> Authorities:
    """Make and write an organisation's CAs, gateway, administrator and MSP."""
    name = organisation.name
    place, fabric = build.organisation(name), build.fabric(name)
    authorities = Authorities(Authority.create(name), Authority.create(name, f"{name} development TLS CA"))
    authorities.identities.root.write(place, CA)
    authorities.tls.root.write(fabric, TLS_CA)
    certified_gateway(authorities.identities).write(place, SERVICE)
    admin = authorities.identities.issue(f"admin.{name}", Claims("admin"))
    write_msp(fabric / ADMIN_MSP, authorities, admin)
    write_msp(fabric / "msp", authorities, None)
    authorities.tls.issue(f"admin.{name}", Claims("client")).write(fabric, ADMIN)
    if organisation.endorses:
        authorities.tls.issue(f"peer.{name}", Claims("client")).write(fabric, PEER_CLIENT)
    return authorities


def certified_gateway(authority: Authority) -> Issued:
    """Certify an organisation's gateway: a client of the channel, with the attributes that the ledger reads."""
    host = f"gateway.{authority.organisation}"
    return authority.issue(host, claims(authority.organisation, GATEWAY), hosts=(host,))


def write_node(build: Build, node: Node, authorities: Authorities, *, identity: bool = True) -> None:
    """Make and write a node's TLS certificate and, where it signs anything, its own MSP."""
    place = build.node(node)
    make_private(place)
    authorities.tls.issue(node.name, hosts=(node.name,)).write(place / "tls", "server")
    (place / "tls" / "ca.crt").write_bytes(authorities.tls.root.certificate)
    if identity:
        issued = authorities.identities.issue(node.name, Claims(node.part.value), hosts=(node.name,))
        write_msp(place / "msp", authorities, issued)


def write_msp(directory: Path, authorities: Authorities, signer: Issued | None) -> None:
    """Write an MSP as Fabric reads it: whom it trusts and, with a signer, who signs."""
    shutil.rmtree(directory, ignore_errors=True)
    make_private(directory)
    for folder, content in (
        ("cacerts", authorities.identities.root.certificate),
        ("tlscacerts", authorities.tls.root.certificate),
    ):
        make_private(directory / folder)
        (directory / folder / "ca.pem").write_bytes(content)
    (directory / "config.yaml").write_text(_NODE_OUS)
    if signer is not None:
        for folder in ("signcerts", "keystore"):
            make_private(directory / folder)
        (directory / "signcerts" / "cert.pem").write_bytes(signer.certificate)
        write_private(directory / "keystore" / "key.pem", signer.key)
