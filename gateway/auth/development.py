"""Development certificates: a CA for each organisation, and people and services under it. Not for production.

The attributes stand where Fabric CA puts them, so a certificate made here and one from Fabric CA read alike. A gateway
has the organisational unit that makes it a client of a Fabric channel; people have none, and are nobody to the channel.
(A Fabric network certifies its gateways by itself, `network.material`; a test holds the two together.)
"""

import ipaddress
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.auth.signing import Credential, signer
from settlement.identity import ATTRIBUTES_OID
from settlement.parties import Role

CHANNEL_CLIENT: Final = "client"
"""The unit of those who may ask peers and submit (Fabric's documentation, "Membership Service Provider", NodeOUs)."""
VALIDITY: Final = timedelta(days=365)
_BACKDATED: Final = timedelta(minutes=10)


class Issued(NamedTuple):
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes

    def write(self, directory: Path, name: str) -> None:
        """Write `name.crt` and `name.key`; the key is readable by its owner alone."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"{name}.crt").write_bytes(self.certificate)
        key_file = directory / f"{name}.key"
        key_file.touch(mode=0o600)
        key_file.write_bytes(self.key)

    @classmethod
    def read(cls, directory: Path, name: str) -> "Issued":
        """Read what `write` wrote; raises `OSError`."""
        return cls((directory / f"{name}.crt").read_bytes(), (directory / f"{name}.key").read_bytes())

    @property
    def credential(self) -> Credential:
        """What signs with it."""
        key = load_pem_private_key(self.key, password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Credential(x509.load_pem_x509_certificate(self.certificate).public_bytes(Encoding.DER), signer(key))


class DevelopmentCA:
    """The CA of one organisation."""

    def __init__(self, participant: str, root: Issued) -> None:
        self.participant: Final = participant
        self.root: Final = root
        self._certificate: Final = x509.load_pem_x509_certificate(root.certificate)
        key = load_pem_private_key(root.key, password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key: Final = key

    @classmethod
    def create(cls, participant: str, *, now: datetime | None = None) -> "DevelopmentCA":
        """Make a root for an organisation."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(participant, f"{participant} development CA")
        builder = _builder(name, name, key.public_key(), now).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        ).add_extension(_usage(ca=True), critical=True)
        return cls(participant, _issued(builder.sign(key, hashes.SHA256()), key))

    def issue(
        self,
        common_name: str,
        role: Role,
        *,
        party: str = "",
        participant: str | None = None,
        now: datetime | None = None,
        validity: timedelta = VALIDITY,
    ) -> Issued:
        """Certify a person or a service; `party` is the LEI or USCC of the firm for which a trader or carrier acts.

        `participant` other than the CA's own is for tests of refusals.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.certify(
            key.public_key(), common_name, role, party=party, participant=participant, now=now, validity=validity
        )
        return _issued(certificate, key)

    def certify(
        self,
        key: ec.EllipticCurvePublicKey,
        common_name: str,
        role: Role,
        *,
        party: str = "",
        participant: str | None = None,
        now: datetime | None = None,
        validity: timedelta = VALIDITY,
    ) -> x509.Certificate:
        """Certify a key that somebody else holds; parameters as of `issue`."""
        unit = CHANNEL_CLIENT if role is Role.GATEWAY else ""
        claims = {"waitan.participant": participant or self.participant, "waitan.role": role.value}
        attributes = {"attrs": claims | ({"waitan.party": party} if party else {})}
        return (
            _builder(_name(self.participant, common_name, unit), self._certificate.subject, key, now, validity)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(ca=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName(
                    [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
                ),
                critical=False,
            )
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.UnrecognizedExtension(ATTRIBUTES_OID, json.dumps(attributes).encode()), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime | None,
    validity: timedelta = VALIDITY,
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


def _issued(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Issued:
    return Issued(
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
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
