"""Places in lists and streams as clients hold them: opaque, made for one purpose, and worthless when changed.

In plain sight they would tell each customer how much its bank does: rows of the read model are numbered without gaps,
and positions hold the numbers of blocks. So they are enciphered under a key that follows from the secret of the
organisation's own collection: every gateway of the organisation reads them, after any restart.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gateway.app import Gateway
from settlement.errors import Code, Refusal

_NUMBER_BYTES: Final = 8


class Cursors:
    """Cursors of one purpose at one gateway, and of one holder where the purpose names it.

    A place has one cursor (AES-SIV, RFC 5297, is deterministic), 32 characters where it is one number.
    """

    def __init__(self, gateway: Gateway, purpose: str) -> None:
        try:
            secret = gateway.queries.secret(gateway.participant)
        except LookupError:
            raise Refusal(Code.ED06, "") from None  # not on the ledger yet
        self._cipher: Final = AESSIV(hmac.digest(secret, f"cursor|{purpose}".encode(), hashlib.sha256))

    def seal(self, *place: int) -> str:
        """Give the cursor of a place, which is one number or some."""
        sealed = self._cipher.encrypt(struct.pack(f">{len(place)}q", *place), None)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, cursor: str, where: str, *, numbers: int = 1) -> tuple[int, ...]:
        """Give the place of a cursor; CH16 where it is none of these."""
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            plain = self._cipher.decrypt(sealed, None)
        except (binascii.Error, ValueError, InvalidTag):
            raise Refusal(Code.CH16, where) from None
        if len(plain) != numbers * _NUMBER_BYTES:
            raise Refusal(Code.CH16, where)
        return struct.unpack(f">{numbers}q", plain)
