"""Where records stand. Keys of private data are as public as their SHA-256, so they hold nothing that can be guessed.

A private key is a constant, `<kind>/<transaction id>`, or `<kind>/<HMAC-SHA-256(collection secret, natural id)>`.
The secret, 32 random bytes, is the first record of a collection and never changes.
"""

import hmac
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final

from chaincode.port import PUBLIC, Place
from settlement.forms import journals

AUTHORITY: Final = "authority"
"""The collection of Clearing and Regulator alone."""

LEDGER: Final = Place(PUBLIC, "ledger")

_KEPT: Final = 8192
"""How many places of a kind are kept made: a batch asks for the same ones over and over."""
_KEPT_CHARACTERS: Final = 256
"""How long a name may be whose place is kept. Places are asked for before names are checked: whoever sends names of
millions of characters is refused, and must not stay in memory for it."""


def _kept(make: Callable[[str], Place]) -> Callable[[str], Place]:
    """Keep the places of names that are short enough to be names."""
    remembered = lru_cache(_KEPT)(make)

    @wraps(make)
    def place(name: str) -> Place:
        return remembered(name) if len(name) <= _KEPT_CHARACTERS else make(name)

    return place


@_kept
def participant(name: str) -> Place:
    """An organisation; public."""
    return Place(PUBLIC, f"participant/{name}")


def bic(value: str) -> Place:
    """The participant that holds a BIC; public."""
    return Place(PUBLIC, f"bic/{value}")


def root(key_digest: str) -> Place:
    """The participant that a CA's key certifies people for; public."""
    return Place(PUBLIC, f"root/{key_digest}")


def currency(code: str) -> Place:
    """An admitted currency; public."""
    return Place(PUBLIC, f"currency/{code}")


@_kept
def day(currency_code: str) -> Place:
    """The business day of a currency; public."""
    return Place(PUBLIC, f"day/{currency_code}")


@_kept
def secret(collection: str) -> Place:
    """The secret of a collection."""
    return Place(collection, "secret")


def sequence(collection: str) -> Place:
    """The number of the last list of a participant."""
    return Place(collection, "sequence")


def journal(collection: str, tx_id: str) -> Place:
    """What one transaction did for a participant."""
    return Place(collection, journals.key(tx_id))


def hidden(collection: str, collection_secret: bytes, kind: str, natural_id: str) -> Place:
    """A record of its own, under a key that only those who hold the secret can recompute."""
    mac = hmac.digest(collection_secret, f"{kind}|{natural_id}".encode(), "sha256")
    return Place(collection, f"{kind}/{mac.hex()}")


_remembered = lru_cache(_KEPT)(hidden)


def hidden_and_kept(collection: str, collection_secret: bytes, kind: str, natural_id: str) -> Place:
    """As `hidden`, and kept made: for accounts, and for what many payments of a batch name."""
    is_name = len(collection) + len(natural_id) <= _KEPT_CHARACTERS
    return (_remembered if is_name else hidden)(collection, collection_secret, kind, natural_id)


def salt(collection_secret: bytes, tx_id: str, key: str) -> bytes:
    """Give the 16 bytes that make a private value's public hash unguessable.

    They follow from the collection's secret, so that both endorsers find the same and nobody outside the collection,
    whoever sent the transaction, knows them.
    """
    return hmac.digest(collection_secret, f"salt|{tx_id}|{key}".encode(), "sha256")[:16]


def customs_duty(direction: str, hs_code: str) -> Place:
    """The duties of a chapter, heading or code of goods; public, as law is."""
    return Place(PUBLIC, f"customs_duty/{direction}/{hs_code}")


def customs_exchange(code: str) -> Place:
    """The monthly rates at which customs takes a currency; public."""
    return Place(PUBLIC, f"customs_exchange/{code}")


def advance_rates() -> Place:
    """What part of a document's value may be lent; public."""
    return Place(PUBLIC, "advance_rates")


def rule(authority: str, ruling_id: str) -> Place:
    """What an authority rules, or has proposed to rule, for all; public."""
    return Place(PUBLIC, f"rule/{authority}/{ruling_id}")


def customs_terms() -> Place:
    """The terms of customs; public."""
    return Place(PUBLIC, "customs_terms")


def customs_notice(participant: str, notice_id: str) -> Place:
    """A notice of customs; public."""
    return Place(PUBLIC, f"customs_notice/{participant}/{notice_id}")
