"""Tokens that count no more before their time: named by their id, or all of a subject.

A text file, one revocation a line, read again when it changes:

    token   ISSUER JTI       one token
    subject ISSUER SUBJECT   every token of a subject, or of a customer by LEI or USCC

What follows a `#` at the beginning of a line is a remark.
"""

from pathlib import Path
from typing import Final, NamedTuple

from gateway.watched import Watched

_WORDS: Final = 3


class Revoked(NamedTuple):
    """What is revoked: pairs of issuer and token id, and of issuer and subject."""

    tokens: frozenset[tuple[str, str]]
    subjects: frozenset[tuple[str, str]]


NOTHING: Final = Revoked(frozenset(), frozenset())


class Revocations:
    """The list of one file, or, without a file, an empty one."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file; raises `OSError` and `ValueError`."""
        self._watched: Final = Watched((path,), parse) if path else None

    @property
    def now(self) -> Revoked | None:
        """What is revoked; None where the file cannot be read: then nobody knows, and no token may count."""
        if self._watched is None:
            return NOTHING
        value = self._watched.value
        return value if self._watched.is_current else None


def parse(data: bytes) -> Revoked:
    """Read a list; raises `ValueError` naming the line that is none."""
    found: dict[str, set[tuple[str, str]]] = {"token": set(), "subject": set()}
    for number, line in enumerate(data.decode().splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != _WORDS or words[0] not in found:
            raise ValueError(f"line {number} is neither `token ISSUER JTI` nor `subject ISSUER SUBJECT`")
        found[words[0]].add((words[1], words[2]))
    return Revoked(frozenset(found["token"]), frozenset(found["subject"]))
