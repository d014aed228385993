"""Payments on their way to the ledger, each once: a batch in, an answer for each payment out.

The checks stand in this order: the content (settlement.payments.checks), the UETR against the payments under way in
this process and against all that the organisation ever sent (gateway.repeats), then the identifications of message
and instruction against those of its last ten business days (DU01, DU05). What is left goes to the ledger as one.

A payment stays under way until the ledger has refused it or the read model shows it, whoever may have stopped waiting
for the answer meanwhile: so at every moment one of the two knows a UETR that was sent. One whose outcome is unknown may
be asked for again at once: the desk of lists looks it up in the read model before it sends it (gateway.ledger.lists).
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from gateway.ledger.lists import Outcome
from gateway.ledger.port import OutcomeUnknownError
from gateway.operation import metrics
from gateway.projection import identifications
from gateway.projection.queries import Queries
from gateway.repeats import Repeats, decoded, is_same
from settlement import canonical
from settlement.catalogue import family
from settlement.errors import Code, Family, Refusal
from settlement.payments import checks
from settlement.payments.commands import SubmitPayment
from settlement.payments.payment import SettlementState

MAX_PAYMENTS: Final = 500
"""The most payments in one message of a client's."""

_IS_REFUSAL: Final = {"": False} | {code.value: family(code) is Family.REFUSAL for code in Code}


def is_refusal(code: str) -> bool:
    """Say whether an outcome wrote nothing."""
    return _IS_REFUSAL[code]


class Prepared(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A payment whose content is in order: its canonical form, and the digests of its identifications.

    The first is the message's, the second the instruction's where it has one.
    """

    uetr: str
    command: bytes
    identifications: tuple[int, ...]
    is_conditional: bool = False

    def is_as(self, other: "Prepared") -> bool:
        """Say whether another payment has the same content (gateway.repeats)."""
        return self.command == other.command or is_same(decoded(self.command), decoded(other.command))


def prepared(payment: SubmitPayment) -> Prepared:
    """Check a payment's content and give what is sent; raises `Refusal`."""
    command = canonical.encode(payment)
    checks.require_payment(payment, command)
    given = identifications.given(payment.message_id, payment.instruction_id)
    digests = tuple(identifications.digest(kind, text) for kind, text in given)
    return Prepared(payment.uetr, command, digests, payment.terms is not None)


class Answer(NamedTuple):
    """What became of a payment. `is_repeat`: it was asked before, and this is the first outcome.

    `is_reserved`: it is a conditional one that has not settled yet, as far as the read model knows.
    """

    outcome: Outcome
    is_repeat: bool = False
    is_reserved: bool = False


class _UnderWay(NamedTuple):
    """A payment under way, and its place in the outcomes of its batch."""

    payment: Prepared
    outcomes: "asyncio.Future[list[Outcome]]"
    position: int


class Submission:
    """The payments of one organisation that are under way.

    `ask` takes commands in canonical form to the ledger, without a limit of time, with what `readings` was when they
    were looked up in the read model (`Lists.readings`); `height` is the number of blocks in the read model; `admit`
    raises where there is no room for more.
    """

    def __init__(
        self,
        *,
        ask: Callable[[Sequence[bytes], int], Awaitable[list[Outcome]]],
        queries: Queries,
        repeats: Repeats,
        height: Callable[[], int],
        readings: Callable[[], int],
        answer_s: float,
        admit: Callable[[], None] = lambda: None,
        participant: str = "",
    ) -> None:
        self._ask: Final = ask
        self._queries: Final = queries
        self._repeats: Final = repeats
        self._height: Final = height
        self._readings: Final = readings
        self._answer_s: Final = answer_s
        self._admit: Final = admit
        self._participant: Final = participant
        self._under_way: Final[dict[str, _UnderWay]] = {}
        self._identified: Final[set[int]] = set()
        self._decided: Final[deque[tuple[int, list[Prepared]]]] = deque()
        self._tasks: Final[set[asyncio.Task[None]]] = set()

    async def submit(self, payments: Sequence[SubmitPayment]) -> list[Answer]:
        """Submit some payments, at most 500, and answer each in its place.

        Raises `TooManyError` where there is no room for them, and as `submit_prepared` does.
        """
        self._admit()
        asked: list[Prepared | Refusal] = []
        for payment in payments:
            try:
                asked.append(prepared(payment))
            except Refusal as refusal:
                asked.append(refusal)
        return await self.submit_prepared(asked)

    async def submit_prepared(self, asked: Sequence[Prepared | Refusal]) -> list[Answer]:
        """Submit some payments, at most 500, and answer each in its place; what was refused before is passed on.

        Raises `LedgerUnreachableError` where nothing was sent, `OutcomeUnknownError` where nobody can say in time, or
        not for all of them.
        """
        while self._decided and self._decided[0][0] < self._height():
            self._forget(self._decided.popleft()[1])
        answers: dict[int, Answer] = {}
        waiting: dict[int, _UnderWay] = {}
        fresh = self._fresh(asked, answers)
        self._send(self._unused(fresh, answers), answers, waiting)
        batches = {one.outcomes for one in waiting.values()}
        if not all(batch.done() for batch in batches):
            await asyncio.wait(batches, timeout=self._answer_s)
        _require_outcomes(batches)
        for place, one in waiting.items():
            answers[place] = Answer(one.outcomes.result()[one.position], one.payment is not asked[place])
        self._count(answers.values())
        return [self._told(asked[place], answers[place]) for place in range(len(asked))]

    def _count(self, answers: Iterable[Answer]) -> None:
        """Count what became of payments, those of a batch together."""
        for (state, code), number in Counter((_state(each), each.outcome.code) for each in answers).items():
            metrics.PAYMENTS.labels(self._participant, state, code).inc(number)

    async def close(self) -> None:
        """Wait for what is under way; to be cancelled here does not cancel that."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _told(self, asked: Prepared | Refusal, answer: Answer) -> Answer:
        """Say whether a conditional payment is still reserved; settled is said only of one that is known to be."""
        if isinstance(asked, Refusal) or not asked.is_conditional or answer.outcome.code:
            return answer
        view = self._queries.payment(asked.uetr, tx_id=answer.outcome.tx_id)
        return answer._replace(is_reserved=view is None or view.state is not SettlementState.SETTLED)

    def _fresh(self, asked: Sequence[Prepared | Refusal], answers: dict[int, Answer]) -> list[tuple[int, Prepared]]:
        """Keep those in order and new to the read model; answer the others."""
        found = []
        for place, payment in enumerate(asked):
            if isinstance(payment, Refusal):
                answers[place] = _refused(payment.code, payment.where)
            else:
                found.append((place, payment))
        first = self._repeats.of_payments([(payment.uetr, payment.command) for _, payment in found])
        for place, outcome in first.items():
            answers[found[place][0]] = Answer(outcome, is_repeat=not is_refusal(outcome.code))
        return [each for place, each in enumerate(found) if place not in first] if first else found

    def _unused(self, fresh: list[tuple[int, Prepared]], answers: dict[int, Answer]) -> list[tuple[int, Prepared]]:
        """Keep those whose identifications are new, and those under way already; answer the others."""
        used = self._queries.sent_lately([digest for _, one in fresh for digest in one.identifications])
        used |= self._identified
        found = []
        named = set()
        for place, payment in fresh:
            own = payment.identifications
            clash = None if used.isdisjoint(own) else next(digest for digest in own if digest in used)
            if clash is None or payment.uetr in self._under_way or payment.uetr in named:
                found.append((place, payment))
                named.add(payment.uetr)
                used.update(own)
            elif clash == own[0]:
                answers[place] = _refused(Code.DU01, "message_id")
            else:
                answers[place] = _refused(Code.DU05, "instruction_id")
        return found

    def _send(
        self,
        unused: list[tuple[int, Prepared]],
        answers: dict[int, Answer],
        waiting: dict[int, _UnderWay],
    ) -> None:
        """Send those that are not under way already; those that are wait for the first."""
        outcomes: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        batch: list[Prepared] = []
        for place, payment in unused:
            first = self._under_way.get(payment.uetr)
            if first is None:
                first = self._under_way[payment.uetr] = _UnderWay(payment, outcomes, len(batch))
                batch.append(payment)
                self._identified.update(payment.identifications)
            elif not payment.is_as(first.payment):
                answers[place] = _refused(Code.DU03, "uetr")
                continue
            waiting[place] = first
        if batch:
            task = asyncio.create_task(self._carry(batch, self._readings(), outcomes))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, batch: list[Prepared], readings: int, outcomes: "asyncio.Future[list[Outcome]]") -> None:
        """Ask the ledger for a batch, and keep it under way until it is seen to have taken effect, or is unknown."""
        try:
            decided = await self._ask([payment.command for payment in batch], readings)
            refused = [payment for payment, outcome in zip(batch, decided, strict=True) if is_refusal(outcome.code)]
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            self._forget(batch)
            outcomes.set_exception(error)
            outcomes.exception()  # nobody may wait any more
            return
        self._forget(refused)
        block = max(outcome.block for outcome in decided)
        if block < self._height():
            self._forget(batch)
        else:
            self._decided.append((block, batch))
        outcomes.set_result(decided)

    def _forget(self, payments: list[Prepared]) -> None:
        for payment in payments:
            first = self._under_way.get(payment.uetr)
            if first is not None and first.payment is payment:
                del self._under_way[payment.uetr]
                self._identified.difference_update(payment.identifications)


def _require_outcomes(batches: set["asyncio.Future[list[Outcome]]"]) -> None:
    """Raise what went wrong. Where another batch may have gone well it is not so that nothing was sent."""
    wrong = [batch.exception() for batch in batches if batch.done()]
    failed = [error for error in wrong if error is not None]
    if failed and len(failed) == len(batches) and len({type(error) for error in failed}) == 1:
        raise failed[0]
    if failed or len(wrong) < len(batches):
        raise OutcomeUnknownError("") from (failed[0] if failed else None)


def _state(answer: Answer) -> str:
    """Say what became of a payment, as it is counted."""
    if answer.is_repeat:
        return "REPEATED"
    if not answer.outcome.code:
        return "SETTLED"
    return "REFUSED" if is_refusal(answer.outcome.code) else "REJECTED"


def _refused(code: Code, where: str) -> Answer:
    return Answer(Outcome(code, where, "", 0))
