"""What an organisation asks of the ledger, gathered into signed lists: one under way, the next one filling.

A list carries the number after the last one that took effect, and the ledger accepts that number once. So of all
lists that were ever signed with a number one takes effect at most, and everything here follows from that:

- Where it is not known what became of a list, the same envelope is sent again, until somebody says. If it had taken
  effect, the answer is SEQUENCE_NOT_NEXT.
- On SEQUENCE_NOT_NEXT the number was used: by this list, by another gateway of the same organisation, or by a list
  of this gateway before it was restarted. Once the read model has caught up, what took effect is answered from it,
  and only the rest is signed anew. A command that was refused left nothing, so it may be asked again.
- Whenever a number is taken from the read model and not from the list before, the commands are looked up there too:
  what another gateway sent in between must not be sent twice. So are those that wait for a later list and that a door
  had looked up before that: what was asked again while an outcome was unknown may have taken effect since. `readings`
  counts how often a number was taken, so that this is known of each command without a clock.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Any, Final, NamedTuple

import structlog

from gateway.auth.signing import Credential
from gateway.ledger.port import Courier, Delivered, LedgerUnreachableError, OutcomeUnknownError
from gateway.operation import metrics, tracing
from settlement import canonical
from settlement.errors import Code
from settlement.forms.consent import MAX_COMMANDS, SignedList, list_to_sign

MAX_BYTES: Final = 8 << 20
"""How large a list's commands may be together where they were asked for one after the other: a list goes to the courier
in one message of at most 16 MiB."""

ATTEMPTS: Final = 5
"""How often commands are signed anew after another list has used their number."""

PAUSES_S: Final = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0)
"""How long to wait before the same envelope is sent again; after the last, those who asked are told."""

CARRIED_S: Final = 25.0
"""After which time it is sent no more: couriers that hang take 10 s each time, and all that was asked since waits."""

log = structlog.get_logger()


class Outcome(NamedTuple):
    """What became of a command: its code ("" for done), the field at fault, and where it stands."""

    code: str
    where: str
    tx_id: str
    block: int


class _Asked(NamedTuple):
    """Commands that wait for their list, since `since_s` on the monotonic clock; `place` is in their trace.

    They were looked up in the read model when the list's number had been taken from it `readings` times.
    """

    commands: Sequence[bytes]
    future: "asyncio.Future[list[Outcome]]"
    since_s: float
    readings: int
    place: Any

    def fail(self, error: Exception) -> None:
        """Tell who asked, who may have stopped waiting."""
        if not self.future.done():
            self.future.set_exception(error)
            self.future.exception()


class Lists:
    """The desk where an organisation's commands become lists.

    The read model is asked three things: the number of the last list, what became of commands asked before, and to
    say when it has applied a block. `pause` waits between attempts.
    """

    def __init__(
        self,
        *,
        network: str,
        participant: str,
        credential: Credential,
        courier: Courier,
        last_sequence: Callable[[], int],
        known: Callable[[Sequence[bytes]], Sequence[Outcome | None]],
        caught_up: Callable[[int], Awaitable[None]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._network: Final = network
        self._participant: Final = participant
        self._credential: Final = credential
        self._courier: Final = courier
        self._last_sequence: Final = last_sequence
        self._known: Final = known
        self._caught_up: Final = caught_up
        self._pause: Final = pause
        self._sequence: int | None = None
        self._readings = 0
        self._waiting: Final[deque[_Asked]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._size: Final = metrics.LIST_COMMANDS.labels(participant)
        self._listing_s: Final = metrics.STAGE_SECONDS.labels(participant, "listing")
        self._carrying_s: Final = metrics.STAGE_SECONDS.labels(participant, "carrying")

    @property
    def readings(self) -> int:
        """How often the number was taken from the read model; what was looked up before the last time is no news."""
        return self._readings

    async def submit(self, commands: Sequence[bytes], *, readings: int | None = None) -> list[Outcome]:
        """Ask for some commands (canonical bytes, at most 1,000) in order; give an outcome for each.

        `readings` is what the property was when they were looked up in the read model, None for right now.
        Raises `LedgerUnreachableError` where nothing was sent, `OutcomeUnknownError` where nobody could say.
        Whoever stops waiting does not stop the list.
        """
        assert 0 < len(commands) <= MAX_COMMANDS
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        looked_up = self._readings if readings is None else readings
        asked = _Asked(commands, future, time.perf_counter(), looked_up, tracing.here())
        self._waiting.append(asked)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), context=Context())  # it serves more than who came first
        return await future

    async def close(self) -> None:
        """Finish what is under way; to be cancelled here does not cancel that."""
        if self._running is not None:
            await asyncio.wait((self._running,))

    async def abandon(self) -> None:
        """Stop at once. Who asked is told that nobody knows what becomes of the list under way: the ledger will."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait((self._running,))
        while self._waiting:
            self._waiting.popleft().fail(LedgerUnreachableError("the gateway closes"))

    async def _run(self) -> None:
        while self._waiting:
            group = self._next_group()
            commands = [command for asked in group for command in asked.commands]
            try:
                with tracing.shared("carry a list", (asked.place for asked in group), commands=len(commands)):
                    outcomes = await self._deliver(commands, readings=min(asked.readings for asked in group))
            except asyncio.CancelledError:
                for asked in group:
                    asked.fail(OutcomeUnknownError(""))
                raise
            except Exception as error:  # noqa: BLE001 - every asker in the list is told
                self._sequence = None
                for asked in group:
                    asked.fail(error)
                continue
            start = 0
            for asked in group:
                if not asked.future.done():
                    asked.future.set_result(outcomes[start : start + len(asked.commands)])
                start += len(asked.commands)

    def _next_group(self) -> list[_Asked]:
        group: list[_Asked] = []
        size = size_bytes = 0
        while self._waiting:
            commands = self._waiting[0].commands
            size, size_bytes = size + len(commands), size_bytes + sum(map(len, commands))
            if group and (size > MAX_COMMANDS or size_bytes > MAX_BYTES):
                break
            group.append(self._waiting.popleft())
        now_s = time.perf_counter()
        for asked in group:
            self._listing_s.observe(now_s - asked.since_s)
        return group

    async def _deliver(self, commands: list[bytes], *, readings: int) -> list[Outcome]:
        """Let commands take effect, each once, and give their outcomes; `readings` is of the one looked up first."""
        found: dict[int, Outcome] = {}
        left = list(range(len(commands)))
        for attempt in range(ATTEMPTS + 1):
            if self._sequence is None or (attempt == 0 and readings < self._readings):
                sequence, before = self._from_read_model([commands[place] for place in left], is_sent=attempt > 0)
                if self._sequence is None:
                    self._sequence = sequence
                    self._readings += 1
                found.update((place, known) for place, known in zip(left, before, strict=True) if known is not None)
                left = [place for place in left if place not in found]
            if not left or attempt == ATTEMPTS:
                break
            try:
                delivered = await self._carry(self._signed(self._sequence + 1, [commands[place] for place in left]))
            except LedgerUnreachableError as error:
                if found:  # of some it is known that they took effect, so it is not so that nothing did
                    raise OutcomeUnknownError("") from error
                raise
            first = delivered.answers[0]
            if not first.refuses_list:
                self._sequence += 1
            if first.refuses_list and first.code == Code.SEQUENCE_NOT_NEXT:
                self._sequence = None
                try:
                    await self._caught_up(delivered.block)
                except Exception as error:  # whatever keeps it from saying whether this list had taken effect before
                    raise OutcomeUnknownError("") from error
                continue
            found.update(zip(left, _outcomes(delivered), strict=True))
            break
        refused = Outcome(Code.SEQUENCE_NOT_NEXT, "list.sequence", "", 0)
        return [found.get(place, refused) for place in range(len(commands))]

    def _from_read_model(self, commands: list[bytes], *, is_sent: bool) -> tuple[int, Sequence[Outcome | None]]:
        """Read the last list's number and what is known; after a list was sent, a failure leaves its fate unknown."""
        try:
            return self._last_sequence(), self._known(commands)
        except Exception as error:
            if is_sent:
                raise OutcomeUnknownError("") from error
            raise

    async def _carry(self, signed: SignedList) -> Delivered:
        """Hand a list to the courier; where nobody says what became of it, the same one again.

        From then on no later attempt's no (the certificate has been revoked meanwhile, say) tells that the first came
        to nothing; SEQUENCE_NOT_NEXT alone does, with what the read model then knows.
        """
        unknown: Exception | None = None
        self._size.observe(len(signed.commands))
        begun_s = time.perf_counter()
        for pause_s in (*PAUSES_S, None):
            start_s = time.perf_counter()
            try:
                delivered = await self._courier.carry(signed)
            except Exception as error:
                if unknown is None and not isinstance(error, OutcomeUnknownError):
                    raise
                unknown = error
            else:
                self._carrying_s.observe(time.perf_counter() - start_s)
                if unknown is None or _is_about(delivered):
                    return delivered
            if pause_s is None or time.perf_counter() - begun_s > CARRIED_S:
                break
            log.warning("outcome of a list unknown, sending it again", sequence=signed.sequence)
            await self._pause(pause_s)
        raise OutcomeUnknownError("") from unknown

    def _signed(self, sequence: int, commands: list[bytes]) -> SignedList:
        digests = tuple(map(canonical.digest, commands))
        to_sign = list_to_sign(self._network, self._participant, sequence, digests)
        return SignedList(
            self._participant, sequence, tuple(commands), self._credential.sign(to_sign), self._credential.certificate
        )


def _is_about(delivered: Delivered) -> bool:
    """Say whether an answer tells what became of a list, however often it was sent."""
    first = delivered.answers[0]
    return not first.refuses_list or first.code == Code.SEQUENCE_NOT_NEXT


def _outcomes(delivered: Delivered) -> list[Outcome]:
    return [Outcome(code, where, delivered.tx_id, delivered.block) for code, where in delivered.answers]
