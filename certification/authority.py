"""Certificates for development: an organisation's certification authority, whose key lies in a file.

Attributes stand where Fabric CA puts them (its extension, OID 1.2.3.4.5.6.7.8.1), so a certificate made here and one
from Fabric CA read alike; what a holder is to a Fabric channel stands in the organisational unit (Fabric's
documentation, "Membership Service Provider", NodeOUs). Not for production.
"""

import ipaddress
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

ATTRIBUTES_OID: Final = ObjectIdentifier("1.2.3.4.5.6.7.8.1")
GATEWAY: Final = "gateway"
"""The role of what signs an organisation's lists."""
VALIDITY: Final = timedelta(days=365)
_VALIDITY_ROOT: Final = timedelta(days=3650)
"""Of a root, which outlives what it certifies."""
_BACKDATED: Final = timedelta(minutes=10)
_LOCAL: Final = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.IPv4Address("127.0.0.1")),
)


class Issued(NamedTuple):
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes

    def write(self, directory: Path, name: str) -> None:
        """Write `name.crt` and `name.key`; the key is readable by its owner alone."""
        make_private(directory)
        write_private(directory / f"{name}.key", self.key)
        # Last: where a certificate lies there is its key.
        (directory / f"{name}.crt").write_bytes(self.certificate)

    @classmethod
    def read(cls, directory: Path, name: str) -> Self:
        """Read what `write` wrote; raises `OSError`."""
        return cls((directory / f"{name}.crt").read_bytes(), (directory / f"{name}.key").read_bytes())


class Claims(NamedTuple):
    """What a certificate says of its holder: the unit is Fabric's concern, the attributes are the ledger's."""

    unit: str = ""
    attributes: Mapping[str, str] = {}


def claims(participant: str, role: str, party: str = "") -> Claims:
    """Say what somebody with a role on the ledger claims; `party` is the firm for which a trader or carrier acts.

    A gateway alone is a client of the channel. People submit nothing and ask no peer, so they have no unit, and are
    nobody to Fabric: it takes nothing from a certificate without one.
    """
    attributes = {"waitan.participant": participant, "waitan.role": role}
    return Claims("client" if role == GATEWAY else "", attributes | ({"waitan.party": party} if party else {}))


class Authority:
    """A certification authority of an organisation."""

    def __init__(self, organisation: str, root: Issued) -> None:
        """Take its root; raises `ValueError` where certificate or key cannot be read."""
        self.organisation: Final = organisation
        self.root: Final = root
        self._subject: Final = x509.load_pem_x509_certificate(root.certificate).subject
        key = load_pem_private_key(root.key, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"the key of {organisation}'s CA is not on an elliptic curve")  # noqa: TRY004 - a file's fault
        self._key: Final = key

    @classmethod
    def create(cls, organisation: str, title: str = "", *, now: datetime | None = None) -> Self:
        """Make a root, as of `now`; its title is its common name."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(organisation, title or f"{organisation} development CA")
        certificate = (
            _builder(name, name, key.public_key(), now, _VALIDITY_ROOT)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(ca=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(organisation, _issued(certificate, key))

    def issue(
        self,
        common_name: str,
        claims: Claims = Claims(),  # noqa: B008 - a tuple cannot change
        *,
        hosts: Sequence[str] = (),
        now: datetime | None = None,
        validity: timedelta = VALIDITY,
    ) -> Issued:
        """Certify a node, a service or a person, also for TLS on `hosts` and on this machine."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.certify(key.public_key(), common_name, claims, hosts=hosts, now=now, validity=validity)
        return _issued(certificate, key)

    def certify(
        self,
        key: ec.EllipticCurvePublicKey,
        common_name: str,
        claims: Claims,
        *,
        hosts: Sequence[str] = (),
        now: datetime | None = None,
        validity: timedelta = VALIDITY,
    ) -> x509.Certificate:
        """Certify a key that somebody else holds; parameters as of `issue`."""
        names = [*_LOCAL, *(x509.DNSName(host) for host in hosts)]
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            _builder(_name(self.organisation, common_name, claims.unit), self._subject, key, now, validity)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(identifier, critical=False)
        )
        if claims.attributes:
            value = json.dumps({"attrs": dict(sorted(claims.attributes.items()))}).encode()
            builder = builder.add_extension(x509.UnrecognizedExtension(ATTRIBUTES_OID, value), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def make_private(directory: Path) -> None:
    """Make a directory that its owner alone may enter."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime | None, validity: timedelta
) -> x509.CertificateBuilder:
    start = (now or datetime.now(UTC)) - _BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + validity)
    )


def _name(organisation: str, common_name: str, unit: str = "") -> x509.Name:
    units = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit)] if unit else []
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            *units,
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _issued(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Issued:
    return Issued(
        certificate.public_bytes(Encoding.PEM), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
