"""The contracts as both authorities' peers find them here, and beside them a way to bring the peers' state to another.

Fabric makes a transaction's id of who proposed it, and lets no proposal be dated otherwise than now. The ledger of a
test has ids and a time of its own, so a proposal tells them in its transient map; all else is the peer's.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from chaincode.fabric.contract import contract
from chaincode.port import Place
from chaincode.shim import Chaincode, Response, Stub, Write

PUT: Final = b"put"
"""The function that writes what it is told to."""
WRITES: Final = "writes"
PRESENTED: Final = "presented"
"""Under these names the transient map holds what to write, and what to present to the contracts."""


class Facts(NamedTuple):
    """What the contracts are to take for the transaction's id and its time."""

    tx_id: str
    timestamp_ms: int

    def encode(self) -> bytes:
        """Give them as the transient map holds them."""
        return msgspec.msgpack.encode(self)


class Presented(Stub):
    """A peer's transaction with the id, the time and the transient map of the one that it stands for."""

    def __init__(self, stub: Stub) -> None:
        super().__init__(stub._exchange, stub._proposal, stub.args)
        self._facts: Final = msgspec.msgpack.decode(stub.transient[PRESENTED], type=Facts)

    @property
    def tx_id(self) -> str:
        return self._facts.tx_id

    @property
    def timestamp_ms(self) -> int:
        return self._facts.timestamp_ms

    @property
    def transient(self) -> Mapping[str, bytes]:
        return {name: value for name, value in super().transient.items() if name != PRESENTED}


def written(writes: Mapping[Place, bytes | None]) -> bytes:
    """Give what is to be written as the transient map holds it; None deletes."""
    return msgspec.msgpack.encode([(*place, value) for place, value in sorted(writes.items())])


class Served:
    """The chaincode of one authority; its clock shows the time that is presented.

    `contracts` is what runs a batch, on a stub of the kind `presented`: a test may put others in their place.
    """

    def __init__(self) -> None:
        self._now_ms = 0
        self.presented: type[Presented] = Presented
        self.contracts: Chaincode = contract(clock=lambda: self._now_ms)

    async def invoke(self, stub: Stub) -> Response:
        """Run a batch, or write what is told."""
        if stub.args == (PUT,):
            told = msgspec.msgpack.decode(stub.transient[WRITES], type=list[tuple[str, str, bytes | None]])
            await stub.write_batch(Write(key, value, collection) for collection, key, value in told)
            return Response()
        presented = self.presented(stub)
        self._now_ms = presented.timestamp_ms
        return await self.contracts(presented)
