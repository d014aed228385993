"""Who follows payments: one of them, all that name one of some parties, or every one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.app import Gateway
from gateway.projection import words
from gateway.projection.queries import EventView, PaymentView
from gateway.traders.followers import AT_ONCE, EVERY, Follower, Followers, MaySee
from settlement.payments.commands import SubmitPayment


class PaymentFollowers(Followers[EventView]):
    """All who follow payments. One payment's key is how events name it: UETR, payer, whether used before by it."""

    def __init__(self, gateway: Gateway, show: Callable[[EventView], bytes]) -> None:
        super().__init__(gateway, show)
        self._customers = 0
        """How many follow by party: without them no payment need be looked at."""

    @contextmanager
    def payment(self, view: PaymentView, parties: tuple[str, ...] | None) -> Iterator[Follower]:
        """Follow one payment, which the follower may see, since its parties are these."""
        key = (view.uetr, view.payer, view.is_duplicate)
        with self.one([key], lambda _: True, parties) as follower:
            yield follower

    @contextmanager
    def all(self, parties: tuple[str, ...] | None, may_see: MaySee) -> Iterator[Follower]:
        """Follow every payment that names one of some parties and may be seen; without parties, every payment."""
        if parties is None:
            with self.one([EVERY], may_see, None) as follower:
                yield follower
            return
        self._customers += 1
        try:
            with self.one(parties, may_see, parties) as follower:
                yield follower
        finally:
            self._customers -= 1

    def last(self) -> int:
        """Give the position of the last event."""
        return self.gateway.queries.last_position()

    def after(self, position: int) -> list[EventView]:
        """Read the next events."""
        return self.gateway.queries.events_after(position, limit=AT_ONCE)

    def is_further_back(self, position: int, events: int, *, before: int) -> bool:
        """Say whether more than so many events came since."""
        return self.gateway.queries.is_further_back(position, events, before=before)

    def concerned(self, event: EventView) -> set[Follower]:
        """Say whom an event concerns: those of its payment, those of its parties who may see it, and who sees all."""
        found = self.of(EVERY) | self.of((event.uetr, event.payer, event.is_duplicate))
        payment = payment_of(self.gateway, event) if self._customers else None
        if payment is not None:
            named = (self.of(party) for party in words.parties_of(payment))
            found.update(follower for each in named for follower in each if follower.may_see(payment))
        return found


def payment_of(gateway: Gateway, event: EventView) -> SubmitPayment | None:
    """Give the payment that an event happened to; None where it has been purged."""
    command = event.command
    if isinstance(command, SubmitPayment):
        return command
    same = (event.payer, event.is_duplicate)
    found = [each for each in gateway.queries.payments(event.uetr) if (each.payer, each.is_duplicate) == same]
    return found[0].command if found else None
