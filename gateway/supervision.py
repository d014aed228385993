"""The regulator's reads, recorded on the ledger before they are answered (REQUIREMENTS P4; ADR 0028).

Both doors of the regulator's gateway come here before they read. What a question names says whose data it may show;
a question that names nothing may show everybody's. Reads that come while a command is under way go into the next one
together, so that a busy hour costs some commands a second and not one for each read.
"""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from msgspec.structs import replace

from gateway import reasons
from gateway.app import Gateway
from settlement import dates, identifiers
from settlement.errors import Code, Refusal
from settlement.parties import Kind
from settlement.supervision import READS_MAX, SUBJECT_MAX, NotedRead, Read, RecordReads

SUBJECTS: Final = ("uetr", "record_id", "trade", "assessment_id", "initiation_id", "participant", "account", "number")
"""The fields of a question that name something, the one that decides first."""

_OF_A_TRADE_MAX: Final = 500
"""How many records of a trade, or of one number, are looked through for who holds them; more are everybody's."""


class Question(NamedTuple):
    """What is asked: the method or route, by whom (a fingerprint), why (as a header has it), what it names.

    `shows_no_other`: where what it names is not there, the answer says that and shows nothing.
    """

    name: str
    by: str
    reason: str
    named: Mapping[str, str]
    shows_no_other: bool = True


class Supervision:
    """Records the reads of one gateway, where that is the regulator's."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self._waiting: Counter[NotedRead] = Counter()
        self._gathering: asyncio.Task[None] | None = None
        self._under_way: asyncio.Task[None] | None = None
        self._whose: Final[Mapping[str, Callable[[str], Iterable[str]]]] = MappingProxyType(
            {
                "uetr": self._of_payment,
                "record_id": self._of_record,
                "trade": self._of_trade,
                "assessment_id": self._of_record,
                "initiation_id": self._of_initiation,
                "participant": lambda name: (name,),
                "account": lambda name: (name.rpartition("-")[0],),
                "number": self._of_number,
            }
        )

    @property
    def is_on(self) -> bool:
        """Whether this gateway is the regulator's."""
        own = self._gateway.participants().get(self._gateway.participant)
        return own is not None and own.organisation.kind is Kind.REGULATOR

    async def note(self, question: Question) -> None:
        """Record a question, and come back when that is on the ledger.

        What is asked for and is not there is nobody's, and is not recorded, if the answer shows nothing else; otherwise
        it is everybody's. Whom it has come to concern while it was recorded has it recorded as well. Raises `Refusal`
        CH16 for a reason that is none, and what `Gateway.ask` raises: what cannot be recorded is not read.
        """
        reason = reasons.heard(question.reason)
        subject = next(((name, question.named[name]) for name in SUBJECTS if question.named.get(name)), None)
        read = Read(by=question.by, question=question.name, subject=_printable(subject), reason=reason)
        noted: set[str] = set()
        while added := self._concerned(subject, shows_no_other=question.shows_no_other) - noted:
            await self._record(NotedRead(read=read, participants=tuple(sorted(added))))
            noted |= added

    def _concerned(self, subject: tuple[str, str] | None, *, shows_no_other: bool) -> set[str]:
        """Say whose data an answer may show, by what the read model has now."""
        everybody = self._gateway.participants().keys() - {self._gateway.participant}
        concerned = everybody & set(self._whose[subject[0]](subject[1])) if subject else everybody
        return set(concerned if concerned or shows_no_other else everybody)

    async def _record(self, noted: NotedRead) -> None:
        if self._gathering is None:
            self._gathering = asyncio.create_task(self._carry(self._under_way))
        self._waiting[noted] += 1
        await asyncio.shield(self._gathering)

    async def _carry(self, before: "asyncio.Task[None] | None") -> None:
        """Wait for the command before, take all that has gathered meanwhile, and ask for it."""
        if before is not None:
            await asyncio.wait((before,))
        taken, self._waiting = list(self._waiting.items()), Counter()
        self._under_way, self._gathering = self._gathering, None
        reads = [replace(each, read=replace(each.read, times=times)) for each, times in taken]
        parts = [reads[start : start + READS_MAX] for start in range(0, len(reads), READS_MAX)]
        commands = [RecordReads(command_id=str(uuid.uuid4()), reads=tuple(part)) for part in parts]
        for outcome in await self._gateway.ask(commands):
            if outcome.code:
                raise Refusal(Code(outcome.code), outcome.where)

    def _of_payment(self, uetr: str) -> Iterable[str]:
        try:
            found = self._gateway.queries.payments(identifiers.uetr(uetr))
        except Refusal:  # the question itself will be refused
            return ()
        return {name for view in found for name in (view.payer, view.payee)}

    def _of_record(self, record_id: str) -> Iterable[str]:
        found = self._gateway.trade.find(record_id, on=dates.day_of(self._gateway.clock()))
        return found.record.held_by if found else ()

    def _of_trade(self, record_id: str) -> Iterable[str]:
        """Everybody who holds a record of the trade to which a record belongs."""
        found = self._gateway.trade.find(record_id, on=dates.day_of(self._gateway.clock()))
        if found is None:
            return ()
        return {*found.record.held_by, *self._holding(trade=found.record.trade or record_id)}

    def _of_number(self, number: str) -> Iterable[str]:
        return self._holding(number=number)

    def _holding(self, *, trade: str = "", number: str = "") -> Iterable[str]:
        """Everybody who holds a record of a trade, or of a number; of too many to look through, everybody."""
        on, limit = dates.day_of(self._gateway.clock()), _OF_A_TRADE_MAX + 1
        found = self._gateway.trade.page(on=on, limit=limit, trade=trade, number=number)
        if len(found) == limit:
            return self._gateway.participants()
        return {name for each in found for name in each.record.held_by}

    def _of_initiation(self, initiation_id: str) -> Iterable[str]:
        found = self._gateway.initiations.find(initiation_id)
        return (found.bank,) if found else ()


def _printable(subject: tuple[str, str] | None) -> str:
    """Give what a question names as it can be recorded."""
    if subject is None:
        return ""
    return "".join(each if " " <= each <= "~" else "?" for each in subject[1])[:SUBJECT_MAX]
