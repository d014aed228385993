"""The revocation list of an organisation's CA (X.509 CRL, RFC 5280): who is named in it is nobody any more, at once.

The list on the ledger (RevokeCertificates) counts for everybody; this one is the CA's own, and counts at this door. It
is read again when its file changes. A list that is past its `nextUpdate`, or cannot be read, says nothing of who was
revoked since: then nobody gets in.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.watched import Watched
from settlement.errors import Code, Refusal

WHERE: Final = "certificate_revocation_list"
"""What is at fault where the list is."""

log = structlog.get_logger()


class _List(NamedTuple):
    serials: frozenset[int]
    until_ms: int


class RevocationList:
    """The list of one file, signed by the CA of another (both PEM). `clock` gives milliseconds since 1970."""

    def __init__(self, path: Path, root: Path, clock: Callable[[], int]) -> None:
        """Read it; raises `OSError` and `ValueError`."""
        self._watched: Final = Watched((path, root), _parse)
        self._clock: Final = clock
        self._is_told = False

    def require(self, certificate: bytes) -> None:
        """Refuse DS0H a certificate (PEM) that is on the list; AG08 every one where the list has no force."""
        found = self._watched.value
        if not self._watched.is_current or self._clock() >= found.until_ms:
            if not self._is_told:
                self._is_told = True
                log.error("the certificate revocation list is stale or unreadable: nobody gets in until it is renewed")
            raise Refusal(Code.AG08, WHERE)
        self._is_told = False
        if _serial(certificate) in found.serials:
            raise Refusal(Code.DS0H, "certificate")


def _parse(data: bytes, root: bytes) -> _List:
    """Read a list that the CA has signed; raises `ValueError`."""
    crl = x509.load_pem_x509_crl(data)
    key = x509.load_pem_x509_certificate(root).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not crl.is_signature_valid(key):
        raise ValueError("the list is not signed by the organisation's CA")
    if crl.next_update_utc is None:
        raise ValueError("the list does not say until when it counts (nextUpdate)")
    until = crl.next_update_utc - datetime(1970, 1, 1, tzinfo=UTC)
    return _List(frozenset(each.serial_number for each in crl), int(until.total_seconds() * 1000))


@lru_cache(maxsize=4096)
def _serial(certificate: bytes) -> int:
    return x509.load_pem_x509_certificate(certificate).serial_number
