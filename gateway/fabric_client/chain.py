"""That blocks follow one another: each names the hash of the one before it."""

from typing import NamedTuple

from gateway.fabric_client.blocks import Block
from gateway.fabric_client.errors import UntrueBlockError


class Link(NamedTuple):
    """The last block that is known: what the next one must continue."""

    number: int
    hash: bytes


class Chain:
    """Checks each block against the one before it. Keep its `last` link and no peer can show another past."""

    def __init__(self, last: Link | None = None) -> None:
        """Begin after a known block; without one, the first block that comes is believed."""
        self._last = last

    @property
    def last(self) -> Link | None:
        """The block that was last checked."""
        return self._last

    def check(self, block: Block) -> None:
        """Take the next block; raises `UntrueBlockError` if it does not continue the last one."""
        last = self._last
        if last is not None:
            if block.number != last.number + 1:
                raise UntrueBlockError(block.number, f"it came after block {last.number}")
            if block.previous_hash != last.hash:
                raise UntrueBlockError(block.number, f"it does not continue block {last.number} as that was read")
        self._last = Link(block.number, block.hash)
