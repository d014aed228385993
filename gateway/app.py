"""One organisation's gateway, without its doors: lists out, feed in, and the read model between."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from gateway.auth.signing import Credential
from gateway.conditions import Conditions, Standing
from gateway.ledger.lists import Lists, Outcome
from gateway.ledger.port import Courier, Ledger, LedgerUnreachableError, OutcomeUnknownError
from gateway.limits import Room
from gateway.openings import Openings
from gateway.operation import metrics, tracing
from gateway.projection.activity import Activity
from gateway.projection.balances import Balances
from gateway.projection.days import Days
from gateway.projection.entries import Entries
from gateway.projection.faults import FeedBrokenError
from gateway.projection.follow import FeedFollower
from gateway.projection.initiations import Initiations
from gateway.projection.proofs import Proofs
from gateway.projection.queries import PaymentView, Queries
from gateway.projection.rulings import Rulings
from gateway.projection.search import Search
from gateway.projection.store import ProjectionStore
from gateway.projection.supervision import SupervisoryReadsKept
from gateway.projection.timeline import Timeline
from gateway.projection.trade import Trade
from gateway.repeats import Repeats
from gateway.submission import Submission
from settlement import canonical
from settlement.day import date_of
from settlement.participants import Participant
from settlement.records import Command

CLOSE_S: Final = 10.0
"""How long a gateway that closes waits for its own peer to show what is under way; then who asked is told so."""

ABANDON_S: Final = 1.0
"""How long it then waits for what was sent to come to an end; then it closes without."""

LAG_S: Final = 2.0
"""How long an answer waits for this organisation's own peer; then the authorities' commit status is enough."""

INDEX_S: Final = 2.0
"""How long a search waits for the index of words."""

ANSWER_S: Final = 20.0
"""How long it waits for the ledger; then whoever asked is told that the outcome is not known."""

UNDER_WAY_MAX: Final = 2000
"""How many commands are under way at a time unless it is set otherwise; more only makes all of them wait longer."""


log = structlog.get_logger()


def wall_clock_ms() -> int:
    """Give this machine's time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Gateway:
    """What the doors of one organisation stand on."""

    def __init__(
        self,
        *,
        participant: str,
        ledger: Ledger,
        courier: Courier,
        credential: Credential,
        directory: Path,
        clock: Callable[[], int] = wall_clock_ms,
        close_s: float = CLOSE_S,
        under_way_max: int = UNDER_WAY_MAX,
    ) -> None:
        self.participant: Final = participant
        self.network: Final = ledger.network
        self.credential: Final = credential
        self.clock: Final = clock
        self._close_s: Final = close_s
        self._store: Final = ProjectionStore(directory / f"{participant}.sqlite")
        self.follower: Final = FeedFollower(ledger, self._store, participant)
        books = self._store.reader()
        self.days: Final = Days(books)
        self.balances: Final = Balances(books)
        self.timeline: Final = Timeline(books)
        self.activity: Final = Activity(books)
        self.proofs: Final = Proofs(books)
        self.queries: Final = Queries(self._store.reader())
        self.initiations: Final = Initiations(self._store.reader())
        self.rulings: Final = Rulings(self._store.reader())
        self.entries: Final = Entries(self._store.reader(), participant)
        self.search: Final = Search(self._store.reader())
        self.trade: Final = Trade(self._store.reader())
        self.supervisory_reads: Final = SupervisoryReadsKept(self._store.reader())
        self.repeats: Final = Repeats(self.queries, participant)
        self.room: Final = Room(under_way_max, participant)
        self.lists: Final = self._make_lists(courier)
        self.payments: Final = self._make_submission()
        self._conditions: Final = Conditions(self.trade)
        self._openings: Final = self._make_openings()
        self._watching: asyncio.Task[None] | None = None
        self._showing_s: Final = metrics.STAGE_SECONDS.labels(participant, "showing")
        self._participants: Mapping[str, Participant] = {}
        self._participants_at = -1

    def _make_lists(self, courier: Courier) -> Lists:
        return Lists(
            network=self.network,
            participant=self.participant,
            credential=self.credential,
            courier=courier,
            last_sequence=lambda: self.queries.last_sequence(self.participant),
            known=self.repeats.of_encoded,
            caught_up=self.follower.reached,
        )

    def _make_submission(self) -> Submission:
        return Submission(
            ask=self._ask_without_limit,
            queries=self.queries,
            repeats=self.repeats,
            height=lambda: self.follower.height,
            readings=lambda: self.lists.readings,
            answer_s=ANSWER_S,
            admit=self.room.require,
            participant=self.participant,
        )

    def _make_openings(self) -> Openings:
        return Openings(
            participant=self.participant,
            trade=self.trade,
            conditions=self._conditions,
            dates=self.initiations.dates,
            ask=self.ask,
            changed=self.follower.directory_beyond,
        )

    async def start(self) -> None:
        """Begin to follow the ledger, and to ask for what its business days bring."""
        self.follower.start()
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Finish what is under way and stop, even where this organisation's peer lags or a courier is silent for ever.

        What was sent and is not answered then is told as unknown. It is on the ledger or not, and the next start reads
        that there before it signs another list.
        """
        finishing = asyncio.create_task(self._finish())
        await asyncio.wait((finishing,), timeout=self._close_s)
        await self.follower.close()
        await asyncio.wait((finishing,), timeout=ABANDON_S)
        if not finishing.done():
            log.warning("closing without knowing what became of what was sent", participant=self.participant)
            await self.lists.abandon()
        await finishing
        self._store.close()

    async def _watch(self) -> None:
        """Ask for what business days bring until the read model stops; another fault stops this alone, and is told."""
        try:
            await self._openings.watch()
        except FeedBrokenError:  # the follower has told why
            return
        except Exception:
            log.exception("conditional payments no longer move with their dates")

    async def _finish(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self.payments.close()
        await self.lists.close()

    async def ask(self, commands: Sequence[Command]) -> list[Outcome]:
        """Ask the ledger, and answer once this organisation's own feed shows the result.

        Raises `TooManyError` where there is no room and `LedgerUnreachableError` where nothing was sent for another
        reason, `OutcomeUnknownError` where nobody can say in time.
        """
        self.room.require()
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._ask_without_limit([canonical.encode(command) for command in commands])
        except TimeoutError:
            raise OutcomeUnknownError("") from None

    async def _ask_without_limit(self, commands: Sequence[bytes], readings: int | None = None) -> list[Outcome]:
        self.require_serving()
        with self.room.hold(len(commands)):
            with tracing.span("ask the ledger", commands=len(commands)):
                outcomes = await self.lists.submit(commands, readings=readings)
                tracing.note(transaction_id=outcomes[0].tx_id, block=outcomes[0].block)
            with tracing.span("show"):
                await self._shown(outcomes)
        return outcomes

    async def _shown(self, outcomes: Sequence[Outcome]) -> None:
        """Wait, for so long and no longer, until the organisation's own read model shows what was done."""
        start_s = time.perf_counter()
        written = {(outcome.tx_id, outcome.block) for outcome in outcomes if outcome.tx_id}
        for tx_id, block in sorted(written):
            log.info("on the ledger", transaction_id=tx_id, block=block)
        with contextlib.suppress(TimeoutError, FeedBrokenError):  # what the ledger said is so all the same
            async with asyncio.timeout(LAG_S):
                await self.follower.reached(max(outcome.block for outcome in outcomes))
        self._showing_s.observe(time.perf_counter() - start_s)

    def require_serving(self) -> None:
        """Raise `LedgerUnreachableError` where the read model has stopped: what it says may no longer be so."""
        if self.follower.failure is not None:
            raise LedgerUnreachableError from self.follower.failure

    async def indexed(self) -> None:
        """Wait for searches to find what the read model has, but not for long: under load the index comes behind."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(INDEX_S):
                await self.follower.indexed(self.follower.height)

    @property
    def is_serving(self) -> bool:
        """Whether the organisation is on the ledger and the read model goes on."""
        return self.follower.failure is None and self.participant in self.participants()

    async def onboarded(self) -> None:
        """Wait until the organisation is on the ledger; raises `FeedBrokenError` where the read model stops."""
        is_told = False
        while self.participant not in self._directory():
            if not is_told and self.follower.height:
                is_told = True
                log.warning(
                    "not on the ledger yet, so nobody is served: waiting to be onboarded",
                    participant=self.participant,
                    network=self.network,
                )
            await self.grown()
        if is_told:
            log.warning("on the ledger now: serving", participant=self.participant)

    async def grown(self) -> None:
        """Wait until more blocks have been applied; raises `FeedBrokenError` where the read model stops."""
        await self.follower.reached(self.follower.height)  # the number of the next block

    def standing(self, view: PaymentView) -> Standing | None:
        """Say how a conditional payment stands on its business date; None for one that waits for nothing."""
        if view.reservation is None:
            return None
        return self._conditions.of(view, on=date_of(self.initiations.day(view.currency)))

    def participants(self) -> Mapping[str, Participant]:
        """Give the organisations on the ledger by name, as this organisation's read model has them.

        Every answer of a door begins with it, so it raises `LedgerUnreachableError` as `require_serving` does.
        """
        self.require_serving()
        return self._directory()

    def _directory(self) -> Mapping[str, Participant]:
        version = self.follower.directory_version
        if self._participants_at != version:
            self._participants_at = version
            self._participants = self.queries.participants()
        return self._participants
