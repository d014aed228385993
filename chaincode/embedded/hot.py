"""What stands and is asked for over and over (participants, secrets, accounts), kept as of one height.

A batch of payments reads some hundreds of records, nearly all of which the batch before read or wrote. They are kept
with their versions, and brought forward by the writes of the blocks since, which are in memory; where those are gone,
everything is read anew. So a simulation sees one height, whether a value comes from here or from its snapshot.
"""

from collections.abc import Callable, Sequence
from typing import Final

from chaincode.embedded.blocks import Version
from chaincode.embedded.store import Written
from chaincode.port import Place

_VALUES_MAX: Final = 16_384
_VALUE_BYTES_MAX: Final = 8192
"""Together at most 128 MiB, in practice a tenth. A contract has 4 to 6 KB with the certificates of those who signed it,
and every payment under it looks at it; a longer value is a journal, and hardly asked for again."""


class Hot:
    """The values of one thread that simulates."""

    def __init__(self) -> None:
        self.values: Final[dict[Place, tuple[bytes, Version]]] = {}
        self._height = 0
        self._epoch = 0

    def advance(self, height: int, epoch: int, written: Callable[[int], Sequence[Written] | None]) -> None:
        """Come to a height. `written` gives a block's writes, or None; with a new epoch nothing kept counts."""
        if epoch != self._epoch or len(self.values) > _VALUES_MAX:
            self.values.clear()
        self._epoch = epoch
        while self.values and self._height < height:
            block = written(self._height)
            if block is None:
                self.values.clear()
                break
            for position, place, value in block:
                if value is None:
                    self.values.pop(place, None)
                elif place in self.values:
                    self.keep(place, value, Version(self._height, position))
            self._height += 1
        self._height = height

    def keep(self, place: Place, value: bytes, version: Version) -> None:
        """Keep a value as of this height."""
        if len(value) <= _VALUE_BYTES_MAX:
            self.values[place] = value, version
        else:
            self.values.pop(place, None)
