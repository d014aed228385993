"""What a supervisor reads is recorded before it is told: whose it is, who asked, what for (REQUIREMENTS P4; ADR 0028).

The regulator reads everything in its jurisdiction. Its gateway first puts each read on the ledger, many in one command,
into the collection of every organisation whose data is read; then it reads, and answers.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from settlement.errors import Code, Refusal
from settlement.participants import NAME
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text

READS_MAX: Final = 200
"""The most reads that one command records."""
SUBJECT_MAX: Final = 140
"""Characters of what a read names."""

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}").fullmatch
_SUBJECT: Final = re.compile(rf"[ -~]{{0,{SUBJECT_MAX}}}").fullmatch


class Read(Record):
    """One question. `by` is the SHA-256 (hex) of the asking certificate, or of the issuer and id of the token.

    `question` is the gRPC method or the HTTP route; `subject` what it names, such as a UETR, and empty where it asks
    for a list; `reason` why, as the supervisor says, empty where it does not say; `times` how often it was asked in
    the same words while the command before was under way.
    """

    by: str
    question: str
    subject: str = ""
    reason: str = ""
    times: int = 1


class NotedRead(Record):
    """A read, and the participants whose data it may show."""

    read: Read
    participants: tuple[str, ...]


class RecordReads(IdentifiedCommand):
    """The regulator's gateway records what its people are about to read."""

    reads: tuple[NotedRead, ...]

    @property
    def participants(self) -> tuple[str, ...]:
        """Everybody whose data is read."""
        return tuple(sorted({name for each in self.reads for name in each.participants}))


class SupervisoryReads(Record, tag="supervisory-reads/1"):
    """What the regulator has read of one organisation, by one command; it stands in that organisation's collection."""

    participant: str
    command_id: str
    at_ms: int
    reads: tuple[Read, ...]


def recorded(command: RecordReads, *, at_ms: int) -> tuple[SupervisoryReads, ...]:
    """Give each organisation its own reads; CH21 or CH16 at the field that is not in order."""
    _require(command)
    of: defaultdict[str, list[Read]] = defaultdict(list)
    for each in command.reads:
        for name in each.participants:
            of[name].append(each.read)
    return tuple(
        SupervisoryReads(participant=name, command_id=command.command_id, at_ms=at_ms, reads=tuple(of[name]))
        for name in sorted(of)
    )


def _require(command: RecordReads) -> None:
    if not command.reads:
        raise Refusal(Code.CH21, "reads")
    if len(command.reads) > READS_MAX:
        raise Refusal(Code.CH17, "reads")
    for place, each in enumerate(command.reads):
        for where in _faults(each):
            raise Refusal(Code.CH16, f"reads.{place}.{where}")
        require_text(each.read.question, f"reads.{place}.read.question")


def _faults(noted: NotedRead) -> Iterator[str]:
    """Name the fields that are not in order."""
    if not noted.participants or len(set(noted.participants)) != len(noted.participants):
        yield "participants"
    if not all(NAME.fullmatch(name) for name in noted.participants):
        yield "participants"
    if _FINGERPRINT(noted.read.by) is None:
        yield "read.by"
    if _SUBJECT(noted.read.subject) is None:
        yield "read.subject"
    if _SUBJECT(noted.read.reason) is None:
        yield "read.reason"
    if noted.read.times < 1:
        yield "read.times"
