"""Who speaks to the network: an organisation's certificate, and what signs with its key.

A signer is a function from a digest to a signature, so a key in a hardware module fits as well as one in memory.
"""

import hashlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from fabric_protos.msp import identities_pb2

Signer = Callable[[bytes], bytes | Awaitable[bytes]]
"""Give the ECDSA signature (DER) over a 32-byte digest, at once or later."""

_ORDERS: Final[dict[str, int]] = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
}
"""The order of each curve's base point (SEC 2, sections 2.4.2 and 2.5.1)."""


class Identity:
    """A member of an organisation: MSP id and X.509 certificate (PEM) with a key on P-256 or P-384."""

    def __init__(self, msp_id: str, certificate_pem: bytes) -> None:
        """Read the certificate; raises `ValueError` if it cannot be read or its key is on another curve."""
        key = x509.load_pem_x509_certificate(certificate_pem).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in _ORDERS:
            raise ValueError("the certificate's key is not on P-256 or P-384")
        self.msp_id: Final = msp_id
        self.certificate_pem: Final = certificate_pem
        self.creator: Final[bytes] = identities_pb2.SerializedIdentity(
            mspid=msp_id, id_bytes=certificate_pem
        ).SerializeToString()
        """The `SerializedIdentity` (msp/identities.proto) that peers know it by."""
        self._order: Final = _ORDERS[key.curve.name]

    def low_s(self, signature: bytes) -> bytes:
        """Give the same signature with the smaller of its two S, the only one that Fabric takes.

        Raises `ValueError` if it is no DER-encoded ECDSA signature.
        """
        r, s = decode_dss_signature(signature)
        return signature if s <= self._order // 2 else encode_dss_signature(r, self._order - s)


def digest(content: bytes) -> bytes:
    """Hash what is to be signed: SHA-256 whatever the curve, the hash family SHA2 of every MSP configuration."""
    return hashlib.sha256(content).digest()


def key_signer(key_pem: bytes) -> Signer:
    """Sign with a private key (PEM, P-256 or P-384) held in memory; raises `ValueError` if it is another kind."""
    key = load_pem_private_key(key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in _ORDERS:
        raise ValueError("the private key is not on P-256 or P-384")
    algorithm = ec.ECDSA(Prehashed(hashes.SHA256()))
    return lambda content_digest: key.sign(content_digest, algorithm)


class Signatory:
    """An identity together with its signer; without a signer everything must be signed elsewhere."""

    def __init__(self, identity: Identity, signer: Signer | None) -> None:
        self.identity: Final = identity
        self._signer: Final = signer

    async def sign(self, content_digest: bytes) -> bytes:
        """Sign a digest; raises `UnsignedError` where there is nothing to sign with."""
        if self._signer is None:
            raise UnsignedError("there is no signer: sign the digest elsewhere and attach the signature")
        signature = self._signer(content_digest)
        if inspect.isawaitable(signature):
            signature = await signature
        return self.identity.low_s(signature)


class UnsignedError(Exception):
    """Something would have to be signed, and there is no signer."""


class Signable:
    """What is sent only when signed: by the signer when the time comes, or elsewhere and attached."""

    def __init__(self, signatory: Signatory, content: bytes, signature: bytes = b"") -> None:
        self._signatory: Final = signatory
        self._content: Final = content
        self._signature = signature

    @property
    def digest(self) -> bytes:
        """The 32 bytes to sign."""
        return digest(self._content)

    @property
    def signature(self) -> bytes:
        """The signature (DER), empty until there is one."""
        return self._signature

    def attach(self, signature: bytes) -> None:
        """Take a signature (DER) made elsewhere over `digest`; raises `ValueError` if it is none."""
        self._signature = self._signatory.identity.low_s(signature)

    async def _sign(self) -> None:
        """Sign, once: what is sent again is the same to the byte."""
        if not self._signature:
            self._signature = await self._signatory.sign(self.digest)
