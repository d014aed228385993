"""A state machine is one table: which event leads from which state to which. What is not listed is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Generic, TypeVar

from settlement.errors import Code, Refusal

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class Lifecycle(Generic[S, E]):
    """The moves of one kind of thing; a terminal state is one without outgoing rows."""

    def __init__(self, name: str, *, initial: S, moves: Mapping[tuple[S, E], S]) -> None:
        self.name: Final = name
        self.initial: Final = initial
        self.moves: Final = dict(moves)

    def after(self, state: S, event: E) -> S:
        """Give the state that follows; MOVE_NOT_ALLOWED, at `<name>.<state>`, where the table has no such row."""
        try:
            return self.moves[state, event]
        except KeyError:
            raise Refusal(Code.MOVE_NOT_ALLOWED, f"{self.name.replace(' ', '_')}.{state.value}") from None

    def is_terminal(self, state: S) -> bool:
        """Say whether nothing leads out of a state."""
        return all(origin is not state for origin, _ in self.moves)

    def diagram(self) -> str:
        """Draw the table as a Mermaid state diagram, rows in the order of the table."""
        rows = [f"    [*] --> {self.initial.value}"]
        rows += [f"    {a.value} --> {b.value}: {event.value}" for (a, event), b in self.moves.items()]
        return "\n".join(["stateDiagram-v2", *rows])
