"""What a chaincode server is told when it starts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates

from chaincode.shim.errors import ShimError

MEBIBYTE: Final = 1024 * 1024
MESSAGE_MIN_BYTES: Final = 4096
"""What must fit into a message in any case: names, and the words of an error."""


@dataclass(frozen=True)
class Tls:
    """Mutual TLS: the server's key and certificate chain, and the CA that certifies peers; all PEM."""

    key: bytes = field(repr=False)
    certificate: bytes
    peer_ca: bytes

    @classmethod
    def read(cls, *, key: Path, certificate: Path, peer_ca: Path) -> Self:
        """Read the three from files; raises `TlsFileError`, and `OSError` where one cannot be read.

        gRPC itself would say no more than that it cannot listen.
        """
        tls = cls(key.read_bytes(), certificate.read_bytes(), peer_ca.read_bytes())
        for file, held in ((certificate, tls.certificate), (peer_ca, tls.peer_ca)):
            try:
                load_pem_x509_certificates(held)
            except ValueError:
                raise TlsFileError(file, "holds no certificate in PEM") from None
        try:
            public = load_pem_private_key(tls.key, None).public_key()
        except (TypeError, ValueError):
            raise TlsFileError(key, "holds no private key in PEM, or one under a password") from None
        if public != load_pem_x509_certificates(tls.certificate)[0].public_key():
            raise TlsFileError(key, f"is not the key of {certificate}")
        return tls


class TlsFileError(ShimError):
    """A file for TLS is not what it should be: `file` is its path, `fault` says what is wrong with it."""

    words = "a file for TLS is not what it should be"

    def __init__(self, file: Path, fault: str) -> None:
        super().__init__()
        self.file = file
        self.fault = fault


class SettingsError(ShimError):
    """The settings contradict themselves, or lack something."""

    words = "the settings of the chaincode server are not valid"


@dataclass(frozen=True)
class Settings:
    """Where the server listens, under which chaincode id, and how much it takes on.

    `chaincode_id` is the package id that `peer lifecycle chaincode install` answers (CORE_CHAINCODE_ID_NAME).
    `address` is host:port; port 0 lets the system choose. Without `tls` the connection is plain text, for loopback.
    `health_address` is host:port of a door in plain HTTP that says how it is; empty: there is none.
    """

    chaincode_id: str
    address: str
    tls: Tls | None = None
    health_address: str = ""
    running_max: int = 64
    """Transactions that run at one time; more wait their turn."""
    waiting_max: int = 2500
    """Transactions that may wait; more are refused. A peer endorses at most 2500 at a time (core.yaml,
    peer.limits.concurrency.endorserService)."""
    message_max_bytes: int = 100 * MEBIBYTE
    """The largest message either way, as in Fabric (core/comm: MaxRecvMsgSize)."""
    transaction_max_s: float = 25.0
    """How long a transaction may wait and run. It has to stay below the peer's chaincode.executetimeout (30 s): an
    answer after that could be taken for the answer to a repetition under the same id."""
    registration_max_s: float = 20.0
    """How long a peer may take to answer REGISTER."""
    drain_max_s: float = 25.0
    """How long the server waits, once told to stop, for the transactions that run."""

    def __post_init__(self) -> None:
        """Check what a wrong value would only show later."""
        limits = (self.running_max, self.transaction_max_s, self.registration_max_s)
        if not self.chaincode_id or not self.address or min(limits) <= 0 or min(self.waiting_max, self.drain_max_s) < 0:
            raise SettingsError
        if self.message_max_bytes < MESSAGE_MIN_BYTES:
            raise SettingsError
