"""The port: what a gateway needs of a ledger, whichever it is. Two adapters provide it: embedded and fabric."""

from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple, Protocol

from settlement.forms.answers import Answer, Answers
from settlement.forms.consent import SignedList


class Carried(NamedTuple):
    """A batch that took effect: where it stands, and what was said to each command of each list."""

    tx_id: str
    block: int
    answers: Answers


class BatchConflictError(Exception):
    """The batch was endorsed but another changed what it had read: nothing was written, endorse it again."""


class LedgerUnreachableError(Exception):
    """The ledger cannot be asked, and nothing was sent: ED06, try again."""


class CourierUnreachableError(LedgerUnreachableError):
    """The courier cannot be asked, and nothing was sent: another one may carry the list."""


class OutcomeUnknownError(Exception):
    """The batch was sent and its fate is not known: ask by `tx_id`, never send a new one blindly."""

    def __init__(self, tx_id: str) -> None:
        super().__init__(tx_id)
        self.tx_id = tx_id


class CourierSilentError(OutcomeUnknownError):
    """A courier took a list and does not answer in time: it may hang, so the same list may go by another."""


class FeedWrite(NamedTuple):
    """A write that this organisation may see.

    `digest` is the SHA-256 of the value that the block shows: None in public state, and where a value was deleted.
    """

    collection: str
    key: str
    value: bytes | None
    digest: bytes | None

    @property
    def is_purged(self) -> bool:
        """Whether there was a value, which its organisation has purged since: its hash alone is left."""
        return self.value is None and self.digest is not None


class FeedTransaction(NamedTuple):
    """A transaction; one that is not valid has no writes. `missing` names private parts that the peer lacks."""

    tx_id: str
    timestamp_ms: int
    valid: bool
    writes: tuple[FeedWrite, ...]
    missing: tuple[str, ...] = ()


class FeedBlock(NamedTuple):
    """A block as one organisation sees it. Both hashes are computed from the bytes that came."""

    number: int
    hash: bytes
    previous_hash: bytes
    transactions: tuple[FeedTransaction, ...]


class Ledger(Protocol):
    """One organisation's access to the ledger."""

    @property
    def network(self) -> str:
        """The network's name: the channel on Fabric."""

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        """Make one transaction of some lists and wait until it is committed.

        Raises `BatchConflictError`, `LedgerUnreachableError` or `OutcomeUnknownError`.
        """

    def blocks(self, start: int) -> AsyncGenerator[FeedBlock, None]:
        """Follow the block feed from a number on, for ever."""


class Courier(Protocol):
    """Takes signed lists to the ledger."""

    async def carry(self, signed: SignedList) -> "Delivered":
        """Carry one list and say what became of it; raises as `Ledger.carry` does."""


class Delivered(NamedTuple):
    """What became of one list: the transaction and block that hold it, and an answer for each command."""

    tx_id: str
    block: int
    answers: tuple[Answer, ...]
