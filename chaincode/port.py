"""The port: what the contracts need of a ledger. Fabric's chaincode shim and the embedded ledger both provide it.

A host gives facts about one transaction and moves bytes; it knows no records. Reads see the committed state only:
reading one's own writes is the overlay's work.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from settlement.identity import Signer
from settlement.parties import Kind, Role

PUBLIC = ""
"""The name of the state that every member holds, in the place of a collection's."""


class Place(NamedTuple):
    """Where a value stands: a private data collection (or PUBLIC) and a key."""

    collection: str
    key: str


class Caller(NamedTuple):
    """On whose behalf a command runs: the organisation, and the person or service that signed.

    `party` is the LEI or USCC of the firm for which a trader or carrier acts (`settlement.identity.Identity`);
    `certificate` is what it signed with (DER).
    """

    participant: str
    kind: Kind
    role: Role
    signer: Signer
    party: str = ""
    certificate: bytes = b""


class Stub(Protocol):
    """One transaction, as its host sees it."""

    @property
    def tx_id(self) -> str:
        """The transaction's id."""

    @property
    def timestamp_ms(self) -> int:
        """The transaction's time, as the courier claims it: milliseconds since 1970-01-01T00:00:00Z."""

    @property
    def transient(self) -> Mapping[str, bytes]:
        """What came with the proposal and is not on any block."""

    async def fetch(self, places: Collection[Place]) -> Mapping[Place, bytes | None]:
        """Read many places in as few round trips as the host allows; absent ones are not in the answer.

        None stands for a private value that there is, as its hash shows, but that this host does not hold.
        """

    async def write(self, writes: Mapping[Place, bytes | None]) -> None:
        """Hand over all writes of the transaction, once, at its end; None deletes."""
