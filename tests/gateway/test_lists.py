"""The desk of lists and the courier when things go wrong under way: what is said afterwards is true, and is said."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import pytest

from gateway.auth.signing import Credential
from gateway.development.members import Member
from gateway.ledger.courier import LocalCourier
from gateway.ledger.lists import ATTEMPTS, Lists, Outcome
from gateway.ledger.port import Carried, Courier, Delivered, LedgerUnreachableError, OutcomeUnknownError
from gateway.projection.faults import FeedBrokenError
from settlement.errors import Code, Refusal
from settlement.forms.answers import Answer
from settlement.forms.consent import SignedList

pytestmark = pytest.mark.asyncio

COMMAND: Final = b'{"type":"Command"}'
OTHER: Final = b'{"other":1,"type":"Command"}'
NOT_NEXT: Final = Answer(Code.SEQUENCE_NOT_NEXT, "list.sequence")


@pytest.fixture
def credential(members: dict[str, Member]) -> Credential:
    return members["banksh"].service.credential


class ScriptedCourier:
    """Answers each delivery with the next of what it was given: a code for every command, or an error."""

    def __init__(self, *script: Answer | Exception) -> None:
        self._script: Final = list(script)
        self.sent: Final[list[SignedList]] = []

    async def carry(self, signed: SignedList) -> Delivered:
        """Give the next answer."""
        self.sent.append(signed)
        said = self._script.pop(0)
        if isinstance(said, Exception):
            raise said
        return Delivered("t", len(self.sent), (said,) * len(signed.commands))


class Known:
    """What the read model knows: nothing, until it is told."""

    def __init__(self) -> None:
        self.outcomes: dict[bytes, Outcome] = {}

    def __call__(self, commands: Sequence[bytes]) -> list[Outcome | None]:
        """Look some commands up."""
        return [self.outcomes.get(command) for command in commands]


async def at_once(_: object) -> None:
    """Be there already; wait no time."""


def a_desk(
    credential: Credential,
    courier: Courier,
    *,
    known: Callable[[Sequence[bytes]], Sequence[Outcome | None]] | None = None,
    caught_up: Callable[[int], Awaitable[None]] = at_once,
) -> Lists:
    return Lists(
        network="waitan",
        participant="banksh",
        credential=credential,
        courier=courier,
        last_sequence=lambda: 0,
        known=known or Known(),
        caught_up=caught_up,
        pause=at_once,
    )


@pytest.mark.parametrize(
    "second", [LedgerUnreachableError(), Refusal(Code.AG08), Answer(Code.AG08, "list.certificate")], ids=str
)
async def test_a_no_to_a_second_attempt_does_not_say_that_the_first_came_to_nothing(
    credential: Credential, second: Answer | Exception
) -> None:
    """The first attempt's answer was lost: what it did, another no to the same list does not undo."""
    courier = ScriptedCourier(OutcomeUnknownError(""), *[second] * 6)
    with pytest.raises(OutcomeUnknownError):
        await a_desk(credential, courier).submit([COMMAND])
    assert len({signed.signature for signed in courier.sent}) == 1


async def test_a_number_that_was_used_leaves_the_outcome_unknown_where_the_read_model_has_stopped(
    credential: Credential,
) -> None:
    async def never(_: int) -> None:
        raise FeedBrokenError

    courier = ScriptedCourier(OutcomeUnknownError(""), NOT_NEXT)
    with pytest.raises(OutcomeUnknownError):
        await a_desk(credential, courier, caught_up=never).submit([COMMAND])


async def test_a_read_model_that_fails_after_a_list_was_sent_leaves_the_outcome_unknown(credential: Credential) -> None:
    """That it cannot be read says that nothing was sent only before something was."""
    known, courier = Known(), ScriptedCourier(OutcomeUnknownError(""), NOT_NEXT)

    def damaged_later(commands: Sequence[bytes]) -> Sequence[Outcome | None]:
        if courier.sent:
            raise LedgerUnreachableError
        return known(commands)

    with pytest.raises(OutcomeUnknownError):
        await a_desk(credential, courier, known=damaged_later).submit([COMMAND])


async def test_what_took_effect_is_not_called_unreachable_with_what_did_not(credential: Credential) -> None:
    known = Known()

    async def caught_up(_: int) -> None:
        known.outcomes[COMMAND] = Outcome("", "", "t", 1)

    courier = ScriptedCourier(OutcomeUnknownError(""), NOT_NEXT, LedgerUnreachableError())
    with pytest.raises(OutcomeUnknownError):
        await a_desk(credential, courier, known=known, caught_up=caught_up).submit([COMMAND, OTHER])


async def test_what_took_effect_in_the_last_attempt_is_found(credential: Credential) -> None:
    """Other gateways took every number, until the last list took effect with its answer lost."""
    known = Known()

    async def caught_up(_: int) -> None:
        if len(courier.sent) > ATTEMPTS:
            known.outcomes[COMMAND] = Outcome("", "", "t", 1)

    courier = ScriptedCourier(*[NOT_NEXT] * (ATTEMPTS - 1), OutcomeUnknownError(""), NOT_NEXT)
    assert await a_desk(credential, courier, known=known, caught_up=caught_up).submit([COMMAND]) == [
        Outcome("", "", "t", 1)
    ]


async def test_what_took_effect_while_it_waited_to_be_sent_again_is_not_sent_again(credential: Credential) -> None:
    """A payment's first list had no answer and it is asked for again: it waits while the list before it finds that out.

    The number that this one then has is the desk's own, so nothing but looking it up says that the first took effect.
    """
    first, known = Outcome("", "", "first", 7), Known()
    courier = ScriptedCourier(NOT_NEXT, Answer(""), Answer(""))
    waiting: list[asyncio.Task[list[Outcome]]] = []

    async def caught_up(_: int) -> None:
        waiting.append(asyncio.create_task(desk.submit([COMMAND])))
        await asyncio.sleep(0)
        known.outcomes[COMMAND] = first

    desk = a_desk(credential, courier, known=known, caught_up=caught_up)
    assert (await desk.submit([OTHER]))[0].code == ""
    assert await waiting[0] == [first]
    assert [signed.commands for signed in courier.sent] == [(OTHER,), (OTHER,)]


async def test_what_was_looked_up_before_the_number_was_read_is_looked_up_again(credential: Credential) -> None:
    """A door's process stood still between looking a payment up and asking for it, and its first list took effect."""
    first, known = Outcome("", "", "first", 7), Known()
    courier = ScriptedCourier(Answer(""))
    desk = a_desk(credential, courier, known=known)
    looked_up = desk.readings
    assert (await desk.submit([OTHER]))[0].code == ""
    known.outcomes[COMMAND] = first
    assert await desk.submit([COMMAND], readings=looked_up) == [first]
    assert [signed.commands for signed in courier.sent] == [(OTHER,)]


async def test_what_was_looked_up_after_the_number_was_read_is_not_looked_up_again(credential: Credential) -> None:
    """Nothing but this desk's own lists can have come between: a payment costs one look, and not two."""
    looked: list[Sequence[bytes]] = []

    def known(commands: Sequence[bytes]) -> list[Outcome | None]:
        looked.append(commands)
        return [None] * len(commands)

    desk = a_desk(credential, ScriptedCourier(Answer(""), Answer("")), known=known)
    await desk.submit([OTHER])
    await desk.submit([COMMAND], readings=desk.readings)
    assert looked == [[OTHER]]


async def test_whoever_stops_waiting_or_closing_does_not_stop_a_list(credential: Credential) -> None:
    arrived, go = asyncio.Event(), asyncio.Event()

    class Slow:
        """Takes its time."""

        async def carry(self, signed: SignedList) -> Delivered:
            arrived.set()
            await go.wait()
            return Delivered("t", 1, (Answer(""),) * len(signed.commands))

    desk = a_desk(credential, Slow())
    impatient, patient = (asyncio.create_task(desk.submit([each])) for each in (COMMAND, OTHER))
    await arrived.wait()
    closing = asyncio.create_task(desk.close())
    await asyncio.sleep(0)
    for task in (impatient, closing):
        task.cancel()
    await asyncio.wait((impatient, closing))
    go.set()
    assert await patient == [Outcome("", "", "t", 1)]
    assert impatient.cancelled()
    await desk.close()


class ShortLedger:
    """A ledger whose answer has fewer lists than it was given."""

    network: Final = "waitan"

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        """Forget the last."""
        return Carried("t", 1, [[Answer("")] for _ in lists[1:]])  # type: ignore[arg-type]


async def test_a_courier_whose_ledger_answers_too_little_says_that_it_does_not_know() -> None:
    courier = LocalCourier(ShortLedger())  # type: ignore[arg-type]
    with pytest.raises(OutcomeUnknownError):
        await courier.carry(SignedList("banksh", 1, (COMMAND,), b"", b""))
    await courier.close()
