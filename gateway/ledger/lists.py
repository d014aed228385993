"""What an organisation asks of the ledger, gathered into signed lists: one under way, the next one filling.

A list carries the number after the last one that took effect. Where another gateway of the same organisation has
used it, the list is signed anew with the number that follows, once the read model has caught up.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

from gateway.auth.signing import Credential
from gateway.ledger.port import Courier, Delivered
from settlement import canonical
from settlement.errors import Code
from settlement.forms.consent import MAX_COMMANDS, SignedList, list_to_sign

ATTEMPTS: Final = 5


class Outcome(NamedTuple):
    """What became of a command: its code ("" for done), the field at fault, and where it stands."""

    code: str
    where: str
    tx_id: str
    block: int


class _Asked(NamedTuple):
    commands: Sequence[bytes]
    future: "asyncio.Future[list[Outcome]]"


class Lists:
    """The desk where an organisation's commands become lists. `last_sequence` and `caught_up` ask the read model."""

    def __init__(
        self,
        *,
        network: str,
        participant: str,
        credential: Credential,
        courier: Courier,
        last_sequence: Callable[[], int],
        caught_up: Callable[[int], Awaitable[None]],
    ) -> None:
        self._network: Final = network
        self._participant: Final = participant
        self._credential: Final = credential
        self._courier: Final = courier
        self._last_sequence: Final = last_sequence
        self._caught_up: Final = caught_up
        self._sequence: int | None = None
        self._waiting: Final[deque[_Asked]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def submit(self, commands: Sequence[bytes]) -> list[Outcome]:
        """Ask for some commands (canonical bytes, at most 500) in order; give an outcome for each."""
        assert 0 < len(commands) <= MAX_COMMANDS
        asked = _Asked(commands, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await asked.future

    async def close(self) -> None:
        """Finish what is under way."""
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                delivered = await self._deliver([command for asked in group for command in asked.commands])
            except Exception as error:  # noqa: BLE001 - every asker in the list is told
                self._sequence = None
                for asked in group:
                    if not asked.future.done():
                        asked.future.set_exception(error)
                continue
            outcomes = [Outcome(code, where, delivered.tx_id, delivered.block) for code, where in delivered.answers]
            start = 0
            for asked in group:
                if not asked.future.done():
                    asked.future.set_result(outcomes[start : start + len(asked.commands)])
                start += len(asked.commands)

    def _next_group(self) -> list[_Asked]:
        group: list[_Asked] = []
        size = 0
        while self._waiting and (not group or size + len(self._waiting[0].commands) <= MAX_COMMANDS):
            group.append(self._waiting.popleft())
            size += len(group[-1].commands)
        return group

    async def _deliver(self, commands: list[bytes]) -> Delivered:
        for _ in range(ATTEMPTS):
            sequence = (self._last_sequence() if self._sequence is None else self._sequence) + 1
            delivered = await self._courier.carry(self._signed(sequence, commands))
            first = delivered.answers[0]
            self._sequence = None if first.refuses_list else sequence
            if first.code != Code.SEQUENCE_NOT_NEXT:
                return delivered
            await self._caught_up(delivered.block)
        return delivered

    def _signed(self, sequence: int, commands: list[bytes]) -> SignedList:
        digests = tuple(map(canonical.digest, commands))
        to_sign = list_to_sign(self._network, self._participant, sequence, digests)
        return SignedList(
            self._participant, sequence, tuple(commands), self._credential.sign(to_sign), self._credential.certificate
        )
