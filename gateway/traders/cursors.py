"""Places in lists and streams as clients hold them: opaque, made for one purpose, and worthless when changed.

What they stand for is a row of the read model, and rows are numbered without gaps: in plain sight they would tell each
customer how many payments its bank has. So they are enciphered under a key that follows from the secret of the
organisation's own collection: every gateway of the organisation reads them, after any restart.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gateway.app import Gateway
from settlement.errors import Code, Refusal

_BYTES: Final = 8
_CHARACTERS: Final = 22


class Cursors:
    """Cursors of one purpose at one gateway, and of one holder where the purpose names it."""

    def __init__(self, gateway: Gateway, purpose: str) -> None:
        try:
            secret = gateway.queries.secret(gateway.participant)
        except LookupError:
            raise Refusal(Code.ED06, "") from None  # not on the ledger yet
        key = hmac.digest(secret, f"cursor|{purpose}".encode(), hashlib.sha256)
        self._cipher: Final = Cipher(algorithms.AES256(key), modes.ECB())  # noqa: S305 - one block, no message

    def seal(self, place: int) -> str:
        """Give the cursor of a place: 22 characters."""
        encryptor = self._cipher.encryptor()
        block = encryptor.update(bytes(_BYTES) + place.to_bytes(_BYTES, "big")) + encryptor.finalize()
        return base64.urlsafe_b64encode(block)[:_CHARACTERS].decode()

    def open(self, cursor: str, where: str) -> int:
        """Give the place of a cursor; CH16 where it is none of these."""
        try:
            block = base64.b64decode(f"{cursor}==", altchars=b"-_", validate=True)
            decryptor = self._cipher.decryptor()
            plain = decryptor.update(block) + decryptor.finalize()
        except (binascii.Error, ValueError):
            raise Refusal(Code.CH16, where) from None
        if len(cursor) != _CHARACTERS or plain[:_BYTES] != bytes(_BYTES):
            raise Refusal(Code.CH16, where)
        return int.from_bytes(plain[_BYTES:], "big")
