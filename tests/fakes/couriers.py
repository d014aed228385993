"""Couriers that fail: they lose lists or answers, send twice, hold back. What they do deliver, they deliver truly."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final

from gateway.ledger.port import Courier, Delivered, LedgerUnreachableError, OutcomeUnknownError
from settlement.forms.consent import SignedList

Way = Callable[[Courier, SignedList], Coroutine[Any, Any, Delivered]]
"""How one delivery goes."""


async def well(courier: Courier, signed: SignedList) -> Delivered:
    """Deliver."""
    return await courier.carry(signed)


async def not_reached(courier: Courier, signed: SignedList) -> Delivered:
    """Fail before anything is sent, and know it."""
    raise LedgerUnreachableError


async def list_lost(courier: Courier, signed: SignedList) -> Delivered:
    """Lose the list on its way."""
    raise OutcomeUnknownError("")


async def answer_lost(courier: Courier, signed: SignedList) -> Delivered:
    """Deliver, and lose the answer."""
    await courier.carry(signed)
    raise OutcomeUnknownError("")


async def twice(courier: Courier, signed: SignedList) -> Delivered:
    """Deliver two times, and tell the first answer."""
    first = await courier.carry(signed)
    await courier.carry(signed)
    return first


async def twice_and_second_answer(courier: Courier, signed: SignedList) -> Delivered:
    """Deliver two times, and tell the second answer."""
    await courier.carry(signed)
    return await courier.carry(signed)


class FaultyCourier:
    """Goes the ways it is told to, one for each delivery, then well. `sent` keeps what it was given."""

    def __init__(self, courier: Courier, *ways: Way) -> None:
        self._courier: Final = courier
        self._ways: Final[Iterator[Way]] = iter(ways)
        self.sent: Final[list[SignedList]] = []

    async def carry(self, signed: SignedList) -> Delivered:
        """Deliver, as well as it goes."""
        self.sent.append(signed)
        return await next(self._ways, well)(self._courier, signed)


class HoldingCourier:
    """Holds lists back until it is told to let them go, in whatever order."""

    def __init__(self, courier: Courier) -> None:
        self._courier: Final = courier
        self.held: Final[list[SignedList]] = []
        self.came: Final = asyncio.Event()

    async def carry(self, signed: SignedList) -> Delivered:
        """Keep a list; nobody hears of it."""
        self.held.append(signed)
        self.came.set()
        raise OutcomeUnknownError("")

    async def let_go(self, place: int) -> Delivered:
        """Deliver one of the lists that were held."""
        return await self._courier.carry(self.held[place])


class ForgetfulCourier:
    """One list, one transaction, and no memory of the list before: as the ledger itself would answer."""

    def __init__(self, make: Callable[[], Courier]) -> None:
        self._make: Final = make

    async def carry(self, signed: SignedList) -> Delivered:
        """Deliver with a courier that has never seen a list."""
        return await self._make().carry(signed)
