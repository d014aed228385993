"""Why a supervisor reads, as a request says it: up to 140 characters, recorded with the read (gateway.supervision)."""

from typing import Final
from urllib.parse import quote, unquote

from settlement.texts import require_text

HEADER: Final = "Waitan-Reason"
"""Over HTTP; over gRPC the same in lower case, as metadata. What a header cannot carry is percent-encoded (UTF-8)."""

_PLAIN: Final = " !#$&'()*+,-./:;<=>?@[]^_`{|}~"


def said(reason: str) -> str:
    """Write a reason for a header."""
    return quote(reason, safe=_PLAIN)


def heard(header: str) -> str:
    """Read a reason from a header, "" for none; CH16 where it is not up to 140 characters of printable ASCII."""
    reason = unquote(header)
    if reason:
        require_text(reason, "reason")
    return reason
