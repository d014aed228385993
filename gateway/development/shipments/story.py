"""A shipment as it is played: each step is somebody's, at their own gateway with their own key, and says what it did.

A step that must be refused is one that holds if it was, with the code that must win. What the steps claim is asked of
the gateways; nothing is told that was not so.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from gateway.client import WaitanError
from gateway.development.cast import Cast
from settlement.errors import Code
from settlement.records import Command, Record
from waitan.v1.payments_pb2 import SETTLEMENT_STATE_SETTLED, PaymentDetails
from waitan.v1.trade_pb2 import TradeRecord

R = TypeVar("R", bound=Record)
T = TypeVar("T")

CONCERNED: Final = frozenset({"banksh", "bankist", "customs"})
"""Whose people act in each of the two trades."""
READ_S: Final = 20.0
"""How long another organisation's gateway may take to see what happened."""
_PAUSE_S: Final = 0.05


class Person(NamedTuple):
    """Somebody, where they are certified, and what they are in the story."""

    name: str
    organisation: str
    part: str


class Step(NamedTuple):
    """What somebody did, or tried; `code` says why it was refused; `holds` whether it went as it must."""

    who: str
    does: str
    code: str
    holds: bool


async def at_once() -> None:
    """Do not wait between one step and the next."""


def unseen(_: Step) -> None:
    """Tell nobody of a step by itself."""


class Story:
    """One shipment's steps. `pause` comes before each command, `told` after each step."""

    def __init__(
        self,
        title: str,
        cast: Cast,
        *,
        pause: Callable[[], Awaitable[None]] = at_once,
        told: Callable[[Step], None] = unseen,
    ) -> None:
        self.title: Final = title
        self.cast: Final = cast
        self._pause: Final = pause
        self._told: Final = told
        self.steps: Final[list[Step]] = []
        self.payments: Final[list[str]] = []
        """The UETRs of the payments that the shipment made; each settles, or a step does not hold."""
        self.took_s = 0.0

    @property
    def holds(self) -> bool:
        """Whether every step went as it must."""
        return all(step.holds for step in self.steps)

    async def signs(self, who: Person, does: str, command: Command) -> None:
        """Let somebody sign a command and bring it to their gateway."""
        await self._pause()
        await self.cast.officer(command, organisation=who.organisation, person=who.name)
        self._add(Step(who.part, does, "", holds=True))

    async def is_refused(self, who: Person, tries: str, command: Command, code: Code) -> None:
        """Let somebody try what must be refused."""
        await self.fails(who, tries, self.cast.officer(command, organisation=who.organisation, person=who.name), code)

    async def fails(self, who: Person, tries: str, asked: Awaitable[Any], code: Code) -> None:
        """Wait for what must be refused."""
        await self._pause()
        try:
            await asked
        except WaitanError as error:
            self._add(Step(who.part, tries, error.code, holds=error.code == code))
        else:
            self._add(Step(who.part, tries, "", holds=False))

    def finds(self, who: Person, what: str, *, holds: bool) -> None:
        """Tell what somebody finds to be so."""
        self._add(Step(who.part, what, "", holds))

    def _add(self, step: Step) -> None:
        self.steps.append(step)
        self._told(step)

    async def record(self, who: Person, record_id: str, kind: type[R], state: str) -> R:
        """Read a record of trade at somebody's gateway, once that has seen it in a state."""
        client = await self.cast.client(who.organisation, who.name)

        async def read() -> TradeRecord | None:
            with contextlib.suppress(WaitanError):
                found = (await client.trade_record(record_id)).record
                return found if found.state == state else None
            return None

        return msgspec.json.decode((await _once(read)).content, type=kind)

    async def reads_timeline(self, who: Person, trade: str) -> None:
        """Tell what somebody's gateway has of a trade: all acts on all its records, by whomever."""
        client = await self.cast.client(who.organisation, who.name)
        acts = [act async for act in client.timeline(trade)]
        organisations = {act.participant for act in acts}
        records = {act.record_id for act in acts}
        told = f"reads one timeline: {len(acts)} acts on {len(records)} records by {len(organisations)} organisations"
        self.finds(who, told, holds=organisations >= CONCERNED)

    async def is_settled(self, who: Person, uetr: str) -> bool:
        """Say whether a payment has settled, as somebody's gateway comes to see it."""
        client = await self.cast.client(who.organisation, who.name)

        async def read() -> PaymentDetails | None:
            with contextlib.suppress(WaitanError):
                found = await client.payment(uetr)
                return found if found.state == SETTLEMENT_STATE_SETTLED else None
            return None

        try:
            await _once(read)
        except TimeoutError:
            return False
        return True


async def _once(read: Callable[[], Awaitable[T | None]]) -> T:
    """Read until there is something: a gateway answers when its own organisation has it, and others come after."""
    async with asyncio.timeout(READ_S):
        while (found := await read()) is None:  # noqa: ASYNC110 - another process's progress
            await asyncio.sleep(_PAUSE_S)
    return found
