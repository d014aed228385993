"""Keys that somebody could guess: every natural id under every prefix, plain or digested as anybody could digest it."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from itertools import product


def disguises(kind: str, name: str) -> Iterator[str]:
    """Give what a key might hold in place of a natural id that anybody could compute as well."""
    yield name
    for digested in (name, f"{kind}|{name}"):
        yield hashlib.sha256(digested.encode()).hexdigest()
        yield hmac.digest(b"", digested.encode(), "sha256").hex()


def guesses(kinds: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Give every key that might be made of some natural ids."""
    for kind, name, separator in product(kinds, names, ("/", "|", ":", "")):
        for disguised in disguises(kind, name):
            yield f"{kind}{separator}{disguised}"


def guessed(shown: frozenset[bytes] | set[bytes], kinds: Iterable[str], names: Iterable[str]) -> list[str]:
    """Find those whose SHA-256, as Fabric publishes it, is among the hashes shown."""
    return [guess for guess in guesses(kinds, names) if hashlib.sha256(guess.encode()).digest() in shown]
