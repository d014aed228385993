"""What a gateway's settings name: certificates, keys and roots, read from their files and compared with one another."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.app import wall_clock_ms
from gateway.auth import issuers, validity
from gateway.auth.crl import RevocationList
from gateway.auth.issuers import Issuer
from gateway.auth.revocations import Revocations
from gateway.auth.signing import Credential, credential
from gateway.config import ConfigError
from gateway.fabric_client import Identity, Signer, TlsMaterial, key_signer
from gateway.settings import Config, HttpDoor
from gateway.tls import TlsIdentity
from gateway.traders.tokens import audience
from gateway.watched import Watched
from settlement import identity
from settlement.errors import Refusal
from settlement.participants import Organisation, Participant
from settlement.parties import CERTIFIABLE, Kind, Role

_T = TypeVar("_T")

_KIND_OF_ANY: Final = next(kind for kind in Kind if Role.GATEWAY in CERTIFIABLE[kind])


class Credentials(NamedTuple):
    """All that a gateway shows, signs with and trusts."""

    service: TlsIdentity
    """At its doors, for clients under the organisation's CA."""
    signing: Credential
    """On the organisation's lists."""
    creator: Identity
    signer: Signer
    """On transactions."""
    peers: tuple[TlsMaterial, ...]
    """For each of the peers."""
    couriers: tuple[TlsIdentity, ...]
    """For each of the other couriers."""
    senders: bytes
    """The CAs of those whose lists it takes (PEM); empty: of those on the ledger."""
    issuers: tuple[Issuer, ...]
    """Who says who a trader is; empty: the gateway itself."""
    revocations: Revocations
    """Tokens that count no more."""
    renewed: Watched[TlsIdentity]
    """`service` as its files say it at each moment."""
    revoked: RevocationList | None
    """Certificates that the organisation's CA has taken back; None where no list is named."""

    def service_expires_s(self) -> float:
        """Say when the service's certificate ends, as its file is now, in seconds since 1970."""
        return x509.load_pem_x509_certificate(self.renewed.value.certificate).not_valid_after_utc.timestamp()


def read(config: Config) -> Credentials:
    """Read what the settings name; raises `ConfigError`, naming the setting at fault."""
    service, fabric, courier = config.service, config.fabric, config.courier
    root = _certificate("service.root", service.root)
    certificate = _shown("service.certificate", service.certificate)
    key = _key("service.key", service.key, certificate)
    signing = _parsed("service.key", service.key, lambda: credential(certificate, key))
    _require_gateway(config, signing, root)
    created = _shown("fabric.certificate", fabric.certificate)
    creators_key = _key("fabric.key", fabric.key, created)
    shown = _shown("fabric.tls_certificate", fabric.tls_certificate) if fabric.tls_certificate else created
    shown_key = _key("fabric.tls_key", fabric.tls_key, shown) if fabric.tls_key else creators_key
    return Credentials(
        service=TlsIdentity(certificate, key, root),
        signing=signing,
        creator=_parsed("fabric.certificate", fabric.certificate, lambda: Identity(fabric.msp, created)),
        signer=_parsed("fabric.key", fabric.key, lambda: key_signer(creators_key)),
        peers=tuple(
            TlsMaterial(_certificate(f"fabric.peers[{place}].tls_root", peer.tls_root), shown, shown_key)
            for place, peer in enumerate(fabric.peers)
        ),
        couriers=tuple(
            TlsIdentity(certificate, key, _certificate(f"courier.at[{place}].root", at.root))
            for place, at in enumerate(courier.at)
        ),
        senders=b"".join(_certificate(f"courier.roots[{place}]", each) for place, each in enumerate(courier.roots)),
        issuers=_issuers(config.http, audience(config.network, config.participant)),
        revocations=_read_again("http.revoked", config.http.revoked, Revocations)
        if config.http.revoked
        else Revocations(),
        renewed=Watched(tuple(map(Path, (service.certificate, service.key, service.root))), _tls_identity),
        revoked=_revocation_list(config) if config.grpc.crl else None,
    )


def _tls_identity(certificate: bytes, key: bytes, root: bytes) -> TlsIdentity:
    """Read what a door shows; raises `ValueError` while the files do not belong together, as in a renewal."""
    private = load_pem_private_key(key, password=None)
    if private.public_key() != x509.load_pem_x509_certificate(certificate).public_key():
        raise ValueError("the key is not the certificate's")
    x509.load_pem_x509_certificates(root)
    return TlsIdentity(certificate, key, root)


def _revocation_list(config: Config) -> RevocationList:
    root = Path(config.service.root)
    return _read_again("grpc.crl", config.grpc.crl, lambda path: RevocationList(path, root, wall_clock_ms))


def _issuers(http: HttpDoor, usual_audience: str) -> tuple[Issuer, ...]:
    return tuple(
        _read_again(
            f"http.issuers[{place}].keys",
            each.keys,
            lambda path, each=each: issuers.of_file(  # type: ignore[misc]  # a default keeps the loop's value
                path,
                name=each.name,
                audience=each.audience or usual_audience,
                customer_claim=each.customer_claim,
                scopes=each.scopes,
            ),
        )
        for place, each in enumerate(http.issuers)
    )


def _read_again(where: str, path: str, make: Callable[[Path], _T]) -> _T:
    """Make what reads a file again when it changes."""
    try:
        return _parsed(where, path, lambda: make(Path(path)))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}).", where=where) from None


def _certificate(where: str, path: str) -> bytes:
    """Read a certificate or several (PEM)."""
    data = _file(where, path)
    _parsed(where, path, lambda: x509.load_pem_x509_certificates(data))
    return data


def _shown(where: str, path: str) -> bytes:
    """Read a certificate that the gateway shows (PEM): with one that does not count, nobody would talk to it."""
    data = _certificate(where, path)
    if fault := validity.fault(x509.load_pem_x509_certificate(data), datetime.now(UTC)):
        raise ConfigError(f"The certificate {path} {fault}.", where=where, do="Have it issued anew, and start again")
    return data


def _key(where: str, path: str, certificate: bytes) -> bytes:
    """Read the private key of a certificate (PEM)."""
    data = _file(where, path)
    key = _parsed(where, path, lambda: load_pem_private_key(data, password=None))
    if key.public_key() != x509.load_pem_x509_certificate(certificate).public_key():
        raise ConfigError(
            f"{path} is not the key of its certificate.", where=where, do="Name the two that belong together"
        )
    return data


def _file(where: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}).", where=where) from None


def _parsed(where: str, path: str, parse: Callable[[], _T]) -> _T:
    try:
        return parse()
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path} is not what it should be: {error}.", where=where) from None


def _require_gateway(config: Config, signing: Credential, root: bytes) -> None:
    """Require that the service's certificate is its organisation's gateway's, by its CA's word."""
    at, name = "service.certificate", config.participant
    try:
        x509.load_der_x509_certificate(signing.certificate).verify_directly_issued_by(
            x509.load_pem_x509_certificate(root)
        )
    except (ValueError, TypeError, InvalidSignature):
        sentence = "The certificate was not issued by the CA that service.root names."
        raise ConfigError(sentence, where=at) from None
    organisation = Organisation(
        participant=name, kind=_KIND_OF_ANY, name=name, msp=config.fabric.msp, root=root.decode()
    )
    valid_from = x509.load_der_x509_certificate(signing.certificate).not_valid_before_utc
    try:
        found = identity.identify(
            signing.certificate, Participant(organisation=organisation), round(valid_from.timestamp() * 1000)
        )
    except Refusal:
        found = None
    if found is None or found.role is not Role.GATEWAY:
        raise ConfigError(
            f"The certificate does not say that it is {name}'s gateway.",
            where=at,
            do=f"Have it issued with the attributes waitan.participant={name} and waitan.role=gateway",
        )
