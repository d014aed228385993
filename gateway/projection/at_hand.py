"""Answers about single payments that were asked for lately, each at hand until something happens to its payment.

Whoever follows a payment asks the same again and again, and most times nothing has happened meanwhile. An answer is
made from the read model once; the follower says which payments each block touches, before it tells anybody that the
block has been applied, and their answers go. So none is older than what the read model shows.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from gateway.projection.follow import FeedFollower
from gateway.projection.queries import PaymentView

T = TypeVar("T")

MOST: Final = 8192
"""Of how many payments answers are kept; a payment's answer has some two kilobytes."""


class AtHand(Generic[T]):
    """Answers of one door, by the payment's UETR and by who asks. Only for the event loop's thread.

    What waits for conditions is not kept: what is told of it changes with other records, and with the day.
    """

    def __init__(self, follower: FeedFollower, *, most: int = MOST) -> None:
        self._follower: Final = follower
        self._most: Final = most
        self._answers: Final[OrderedDict[str, dict[str, T]]] = OrderedDict()
        self._directory_version = follower.directory_version
        follower.on_touched(self._forget)

    def get(self, uetr: str, asker: str = "") -> T | None:
        """Give an answer that is at hand."""
        if self._directory_version != self._follower.directory_version:  # who may see what may have changed
            self._directory_version = self._follower.directory_version
            self._answers.clear()
        its = self._answers.get(uetr)
        return None if its is None else its.get(asker)

    def keep(self, answer: T, view: PaymentView, asker: str = "") -> T:
        """Keep an answer that was made of what the read model shows just now, and give it."""
        if view.reservation is None:
            self._answers.setdefault(view.uetr, {})[asker] = answer
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
        return answer

    def _forget(self, uetrs: Iterable[str]) -> None:
        if self._answers:
            for uetr in uetrs:
                self._answers.pop(uetr, None)
