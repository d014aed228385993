"""A busy run over a network: both banks pay without a pause, and in the end every payment is counted."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from gateway.client import WaitanClient, WaitanError
from gateway.development.data_directory import DataDirectory
from gateway.tls import TlsIdentity
from tests.builders import a_payment
from waitan.v1.payments_pb2 import RESULT_SETTLED

T = TypeVar("T")

BANKS: Final = ("banksh", "bankist")
LANES: Final = 6
"""How many payments of each bank are under way."""
AMOUNT_MINOR: Final = 100
ASKED_S: Final = 60.0
PAUSE_S: Final = 0.1
FOLLOWS_S: Final = 60.0
"""How long a gateway's own copy of the ledger may take to show what was answered."""
WAIT_S: Final = 120.0
"""How long a network may take to stand up again, on a machine that does much else."""


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask a gateway that may just be starting again."""
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                return await ask()
            except WaitanError as error:
                if not (error.is_unreachable or error.is_unknown):
                    raise
                await asyncio.sleep(PAUSE_S)


class BusyRun:
    """Payments of 1.00 CNY from each of some banks to the other, each asked until it is answered as settled."""

    def __init__(self, clients: dict[str, WaitanClient], date: str) -> None:
        self._clients: Final = clients
        self._date: Final = date
        self._numbers: Final = itertools.count()
        self._answered: Final = asyncio.Condition()
        self._ends = False
        self.answers: Final[dict[str, tuple[str, str]]] = {}
        """By UETR: the payer, and the transaction that the answer named."""
        self.asked_again: Final[Counter[str]] = Counter()
        """How often a payment was asked again, by what had been answered."""
        self.times_s: Final[list[float]] = []

    async def more(self, count: int, *, wait_s: float = WAIT_S) -> None:
        """Wait for some more answers."""
        wanted = len(self.answers) + count
        async with asyncio.timeout(wait_s), self._answered:
            await self._answered.wait_for(lambda: len(self.answers) >= wanted)

    async def refused(self, code: str, *, wait_s: float = WAIT_S) -> None:
        """Wait until some payment has been answered with a code."""
        before = self.asked_again[code]
        async with asyncio.timeout(wait_s), self._answered:
            await self._answered.wait_for(lambda: self.asked_again[code] > before)

    async def lane(self, payer: str) -> None:
        """Pay without a pause until the run ends; the last payment is asked until it is answered, too."""
        payee = next(name for name in BANKS if name != payer)
        while not self._ends:
            payment = a_payment(
                "1.00",
                payer=payer,
                payee=payee,
                settlement_date=self._date,
                created_at="",
                instruction_id=f"BUSY-{time.time_ns()}-{next(self._numbers)}",
            )
            start = time.monotonic()
            while True:
                try:
                    outcome = await self._clients[payer].submit(payment)
                except WaitanError as error:
                    if error.is_refusal:
                        raise
                    await self._note(error.code or error.status.name)
                    await asyncio.sleep(PAUSE_S)
                else:
                    break
            assert outcome.result == RESULT_SETTLED
            self.times_s.append(time.monotonic() - start)
            async with self._answered:
                self.answers[payment.uetr] = (payer, outcome.transaction_id)
                self._answered.notify_all()

    async def _note(self, code: str) -> None:
        async with self._answered:
            self.asked_again[code] += 1
            self._answered.notify_all()

    def end(self) -> None:
        """Begin no more payments."""
        self._ends = True

    async def balances(self) -> dict[str, int]:
        """Give the banks' balances in CNY, as Clearing's own copy of the ledger has them, in minor units."""
        accounts = await patiently(lambda: self._clients["clearing"].accounts(currency="CNY"))
        return {each.participant: each.posted_minor for each in accounts if each.participant in BANKS}

    async def each_once(self, before: dict[str, int]) -> None:
        """Say that each answered payment stands where its answer said, and that the money of each moved once."""
        for uetr, (payer, transaction_id) in self.answers.items():
            shown = await self._shown(payer, uetr)
            assert (shown.transaction_id, shown.is_duplicate) == (transaction_id, False), uetr
        paid = Counter(payer for payer, _ in self.answers.values())
        wanted = {name: before[name] + AMOUNT_MINOR * (paid.total() - 2 * paid[name]) for name in BANKS}
        deadline = time.monotonic() + FOLLOWS_S
        while (held := await self.balances()) != wanted and time.monotonic() < deadline:  # noqa: ASYNC110 - another's
            await asyncio.sleep(PAUSE_S)
        assert held == wanted

    async def _shown(self, payer: str, uetr: str) -> Any:
        """Ask for an answered payment; one that was answered on the authorities' word is shown when its peer has it."""
        deadline = time.monotonic() + FOLLOWS_S
        while True:
            try:
                return await patiently(partial(self._clients[payer].payment, uetr))
            except WaitanError as error:
                if error.code != "NOT_FOUND" or time.monotonic() >= deadline:
                    raise
            await asyncio.sleep(PAUSE_S)


@asynccontextmanager
async def busy(directory: Path, payers: tuple[str, ...] = BANKS) -> AsyncIterator[BusyRun]:
    """Let banks pay meanwhile; then every payment is asked to its end, and all of them are counted."""
    places = DataDirectory(directory)
    async with AsyncExitStack() as stack:
        clients = {}
        for name, member in places.members().items():
            officer = member.people.get("officer-1")
            if officer is not None:
                identity = TlsIdentity(officer.certificate, officer.key, member.ca.root.certificate)
                client = WaitanClient(places.endpoints(name).grpc, identity, timeout_s=ASKED_S)
                clients[name] = await stack.enter_async_context(client)
        date = next(day.date for day in await clients["clearing"].days() if day.currency == "CNY")
        run = BusyRun(clients, date)
        before = await run.balances()
        async with asyncio.timeout(2 * WAIT_S), asyncio.TaskGroup() as lanes:
            for payer in payers:
                for _ in range(LANES):
                    lanes.create_task(run.lane(payer))
            try:
                yield run
            finally:
                run.end()
        await run.each_once(before)
