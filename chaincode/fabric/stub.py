"""The port (chaincode.port.Stub) over Fabric's chaincode protocol."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from chaincode import shim
from chaincode.port import Place


class FabricStub:
    """One transaction of a peer, as the contracts see it."""

    def __init__(self, stub: shim.Stub) -> None:
        self.tx_id: Final = stub.tx_id
        self.timestamp_ms: Final = stub.timestamp_ms
        self.transient: Final = stub.transient
        self._stub: Final = stub

    async def fetch(self, places: Collection[Place]) -> Mapping[Place, bytes | None]:
        """Read many places, in one round trip for each collection where the peer can (Fabric 3.1)."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for collection, key in places:
            wanted[collection].append(key)
        found: dict[Place, bytes | None] = {}
        for collection in sorted(wanted):
            values = await self._collection(collection, sorted(wanted[collection]))
            found.update((Place(collection, key), value) for key, value in values.items())
        return found

    async def _collection(self, collection: str, keys: list[str]) -> Mapping[str, bytes | None]:
        try:
            return await self._stub.get_many(keys, collection)
        except shim.DataMissingError:
            # Of many it is only known that one is missing. One by one shows which: the others may still decide.
            return await self._one_by_one(collection, keys)

    async def _one_by_one(self, collection: str, keys: list[str]) -> Mapping[str, bytes | None]:
        found: dict[str, bytes | None] = {}
        for key in keys:
            try:
                found.update(await self._stub.get_many([key], collection))
            except shim.DataMissingError:
                found[key] = None
        return found

    async def write(self, writes: Mapping[Place, bytes | None]) -> None:
        """Hand over all writes in the order of their places, in as few messages as the peer takes."""
        await self._stub.write_batch(shim.Write(place.key, writes[place], place.collection) for place in sorted(writes))
