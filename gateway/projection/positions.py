"""Positions of events: made from where an event stands on the ledger, and so the same in every read model.

A row number would not do: a value that its organisation purges is in no feed from then on, so a read model made anew,
or begun later, has fewer rows, and every later one would move. A purged value's hash stays on its block, though, and
is counted here like what stands. Positions rise, have gaps, and fit into 63 bits:

    events of payments   block (31) | number of the journal in the block (16) | number of the entry in the journal (16)
    acts on trade        block (31) | number of the write in the block (18)   | number of the act in the write (14)
"""

import hashlib
from typing import Final

from gateway.ledger.port import FeedTransaction, FeedWrite
from settlement.forms import journals

LAST: Final = 2**63 - 1
"""No position, and no row, is beyond this one."""
ENTRY_BITS: Final = 16
_IN_BLOCK_BITS: Final = 32
_BLOCK_BITS: Final = 31
_ACT_BITS: Final = 14


def entry_of(position: int) -> int:
    """Give the place in its journal of the entry that tells an event of a payment."""
    return position & ((1 << ENTRY_BITS) - 1)


def block_of(position: int) -> int:
    """Give the number of the block on which something stands."""
    return position >> _IN_BLOCK_BITS


class Places:
    """Counts what one block holds, as its transactions are applied in their order."""

    def __init__(self, block: int) -> None:
        self.block: Final = block
        """Its number."""
        self._journals = 0
        self._first_write = 0
        self._writes = 0

    def begin_transaction(self, transaction: FeedTransaction) -> None:
        """Count on from the transaction before, which has twice as many places as writes: what it paid comes last."""
        self._first_write += 2 * self._writes
        self._writes = len(transaction.writes)

    def journal(self) -> int:
        """Give the position of the next journal's first entry."""
        number, self._journals = self._journals, self._journals + 1
        return self._made(number, 0, ENTRY_BITS)

    def pass_over(self, transaction: FeedTransaction, write: FeedWrite) -> None:
        """Count a purged value, of whose key the hash alone may be left, if it was a journal."""
        key = journals.key(transaction.tx_id)
        if write.key in (key, hashlib.sha256(key.encode()).hexdigest()):
            self._journals += 1

    def act(self, write: int, number: int) -> int:
        """Give the position of an act that a write of the transaction tells."""
        return self._made(self._first_write + write, number, _ACT_BITS)

    def payment(self, write: int, number: int) -> int:
        """Give the position of an act that a journal, which is a write of the transaction, tells of an invoice."""
        return self._made(self._first_write + self._writes + write, number, _ACT_BITS)

    def _made(self, place: int, number: int, bits: int) -> int:
        if number >> bits or place >> (_IN_BLOCK_BITS - bits) or self.block >> _BLOCK_BITS:
            raise OverflowError(f"block {self.block} holds more than positions can tell apart")
        return self.block << _IN_BLOCK_BITS | place << bits | number
