"""The register of transaction functions: one for each command, with the places it will read."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final, NamedTuple, TypeVar

from chaincode.overlay import LedgerTx
from chaincode.port import Place
from settlement.errors import Code
from settlement.records import Command

C = TypeVar("C", bound=Command)

Function = Callable[[LedgerTx, C], Awaitable[Code | None]]
"""Load, let `settlement` decide, store. Gives the code of a rejection, or None; raises `Refusal`."""
Places = Callable[[str, C, dict[str, bytes]], Iterable[Place]]
"""The places that a command of a participant will read, given the collections' secrets; only a head start."""


class Registered(NamedTuple):
    """A transaction function and what it reads."""

    function: Function[Command]
    names: Callable[[Command], tuple[str, ...]]
    reads: Places[Command]


FUNCTIONS: Final[dict[type[Command], Registered]] = {}


def transaction(
    kind: type[C],
    *,
    names: Callable[[C], tuple[str, ...]] = lambda _: (),
    reads: Places[C] = lambda *_: (),
) -> Callable[[Function[C]], Function[C]]:
    """Register the function of a command: the participants it names, and the places it reads."""

    def register(function: Function[C]) -> Function[C]:
        assert kind not in FUNCTIONS
        FUNCTIONS[kind] = Registered(function, names, reads)  # type: ignore[arg-type]  # each gets its own kind
        return function

    return register
