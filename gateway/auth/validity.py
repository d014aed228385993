"""Whether a certificate counts yet, and still (RFC 5280, 4.1.2.5)."""

from datetime import datetime

from cryptography import x509


def fault(certificate: x509.Certificate, now: datetime) -> str:
    """Say what keeps a certificate from counting at a time, as a predicate; empty where it counts."""
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now > last:
        return f"expired on {last:%Y-%m-%d} at {last:%H:%M} UTC"
    if now < first:
        return f"is valid from {first:%Y-%m-%d} at {first:%H:%M} UTC on"
    return ""
