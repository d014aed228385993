"""How a process is: whether it lives, and whether it is ready to be asked.

*Alive* means that nothing has happened that only a new start mends: a read model that has stopped does not go on by
itself. *Ready* means besides that the organisation is on the ledger and that the process is not about to stop.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from gateway.app import Gateway
from gateway.operation import metrics


class State(StrEnum):
    """How one gateway is."""

    SERVING = "serving"
    WAITING = "waiting"
    """To be onboarded, or for its first blocks."""
    STOPPING = "stopping"
    STOPPED = "stopped"


class Told(NamedTuple):
    """What is told of a process: yes or no, and the state of each of its gateways by participant."""

    is_well: bool
    gateways: dict[str, State]


class Health:
    """Looks after the gateways of one process."""

    def __init__(self, gateways: Callable[[], Iterable[Gateway]]) -> None:
        self._gateways: Final = gateways
        self._is_stopping = False

    def stop(self) -> None:
        """From now on say that the process is about to stop."""
        self._is_stopping = True

    def alive(self) -> Told:
        """Say whether the process lives; where it does not, starting it anew is what helps."""
        states = self._states()
        return Told(State.STOPPED not in states.values(), states)

    def ready(self) -> Told:
        """Say whether it is ready to be asked."""
        states = self._states()
        return Told(all(state is State.SERVING for state in states.values()), states)

    def count(self) -> None:
        """Put it into the metrics."""
        for name, state in self._states().items():
            metrics.SERVING.labels(name).set(state is State.SERVING)

    def _states(self) -> dict[str, State]:
        return {each.participant: self._state(each) for each in self._gateways()}

    def _state(self, gateway: Gateway) -> State:
        if self._is_stopping:
            return State.STOPPING
        if gateway.follower.failure is not None:
            return State.STOPPED
        return State.SERVING if gateway.is_serving else State.WAITING
