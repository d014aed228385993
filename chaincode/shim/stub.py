"""A chaincode's view of one transaction: what was asked, and the ledger's state before it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from fabric_protos.peer.chaincode_event_pb2 import ChaincodeEvent
from fabric_protos.peer.chaincode_shim_pb2 import (
    ChaincodeMessage,
    DelState,
    GetHistoryForKey,
    GetState,
    GetStateByRange,
    GetStateMultiple,
    GetStateMultipleResult,
    PutState,
    WriteBatchState,
    WriteRecord,
)

from chaincode.shim.creator import Creator
from chaincode.shim.errors import DataMissingError, PeerError, ProtocolError
from chaincode.shim.exchange import Exchange, parse_answer
from chaincode.shim.proposal import Proposal
from chaincode.shim.queries import Entry, Modification, Results, parse_entry, parse_modification

FIRST_SIMPLE_KEY: Final = "\x01"
"""Where a range without a start begins: below it lie Fabric's composite keys."""
VERSIONS_DIFFER: Final = "private data matching public hash version is not available"
"""What a peer says to GET_STATE where its private value is late or missing (core/ledger, queryExecutor)."""
RECORD_OVERHEAD_BYTES: Final = 5
"""What a batch adds to a record: a tag, and a length below 2^28."""
BATCH_OVERHEAD_BYTES: Final = 1024
"""More than a message adds to a batch: type, channel (249 characters at most), transaction id (64), tags, lengths."""


class Write(NamedTuple):
    """A value to be put under a key, or None to delete it; in a private data collection, or in the public state."""

    key: str
    value: bytes | None
    collection: str = ""


class Stub:
    """One transaction.

    Reads see the state that was committed before it, never its own writes. A collection's name means private data;
    the empty one means the public state. An absent value and an empty one are the same to Fabric, and None here.
    """

    def __init__(self, exchange: Exchange, proposal: Proposal, args: Sequence[bytes]) -> None:
        self.args: Final = tuple(args)
        self.event: Any = None
        self._exchange: Final = exchange
        self._proposal: Final = proposal

    @property
    def channel_id(self) -> str:
        """The channel on which it runs."""
        return self._exchange.channel_id

    @property
    def tx_id(self) -> str:
        """The transaction's id."""
        return self._exchange.tx_id

    @property
    def timestamp_ms(self) -> int:
        """The transaction's time, as the client claims it: milliseconds since 1970-01-01T00:00:00Z."""
        return self._proposal.timestamp_ms

    @property
    def creator(self) -> Creator:
        """Who signed the transaction."""
        return self._proposal.creator

    @property
    def transient(self) -> Mapping[str, bytes]:
        """What came with the proposal and is on no block."""
        return self._proposal.transient

    async def get(self, key: str, collection: str = "") -> bytes | None:
        """A value. DataMissingError where the ledger holds it, but this peer does not."""
        query = GetState(key=key, collection=collection).SerializeToString()
        try:
            return await self._exchange.ask(ChaincodeMessage.GET_STATE, query) or None
        except PeerError as error:
            if collection and VERSIONS_DIFFER in error.told:
                raise DataMissingError(collection) from error
            raise

    async def get_many(self, keys: Iterable[str], collection: str = "") -> dict[str, bytes]:
        """Many values of one collection in as few round trips as the peer allows; absent ones are not in the answer.

        DataMissingError where the ledger holds one of them, but this peer does not. An older value that it still has
        is given as it is, for a peer compares versions in `get` alone; it stands in the read set with its own version,
        so nothing that rests on it is committed.
        """
        distinct = list(dict.fromkeys(keys))
        portion = self._exchange.limits.read
        found = {}
        if not portion:
            for key in distinct:
                if (value := await self.get(key, collection)) is not None:
                    found[key] = value
            return found
        for start in range(0, len(distinct), portion):
            found.update(await self._get_portion(distinct[start : start + portion], collection))
        return found

    async def private_hash(self, key: str, collection: str) -> bytes | None:
        """The SHA-256 of a private value, which every peer of the channel has; None where there is none."""
        query = GetState(key=key, collection=collection).SerializeToString()
        return await self._exchange.ask(ChaincodeMessage.GET_PRIVATE_DATA_HASH, query) or None

    async def put(self, key: str, value: bytes, collection: str = "") -> None:
        """Write a value, which may not be empty."""
        _check(key, value)
        write = PutState(key=key, value=value, collection=collection)
        await self._exchange.ask(ChaincodeMessage.PUT_STATE, write.SerializeToString())

    async def delete(self, key: str, collection: str = "") -> None:
        """Delete a key."""
        _check(key, None)
        write = DelState(key=key, collection=collection)
        await self._exchange.ask(ChaincodeMessage.DEL_STATE, write.SerializeToString())

    async def write_batch(self, writes: Iterable[Write]) -> None:
        """Put and delete, in the order given and in as few round trips as the peer allows; the last of a key wins."""
        if not self._exchange.limits.write:
            for key, value, collection in writes:
                await (self.delete(key, collection) if value is None else self.put(key, value, collection))
            return
        for batch in self._batches(writes):
            await self._exchange.ask(ChaincodeMessage.WRITE_BATCH_STATE, batch)

    def range(self, start: str, end: str, collection: str = "") -> Results[Entry]:
        """The keys from `start` on and before `end`, in the order of their UTF-8; an empty end means to the last.

        A transaction that has ranged over private data may not write.
        """
        query = GetStateByRange(startKey=start or FIRST_SIMPLE_KEY, endKey=end, collection=collection)
        return Results(self._exchange, ChaincodeMessage.GET_STATE_BY_RANGE, query.SerializeToString(), parse_entry)

    def history(self, key: str) -> Results[Modification]:
        """What a key of the public state held, latest first; PeerError where the peer keeps no history."""
        query = GetHistoryForKey(key=key).SerializeToString()
        return Results(self._exchange, ChaincodeMessage.GET_HISTORY_FOR_KEY, query, parse_modification)

    def set_event(self, name: str, payload: bytes = b"") -> None:
        """Emit an event with the transaction; the last one set is the one. It is on the block, for all to read."""
        if not name:
            raise ValueError("an event needs a name")
        self.event = ChaincodeEvent(event_name=name, payload=payload)

    async def _get_portion(self, keys: list[str], collection: str) -> dict[str, bytes]:
        query = GetStateMultiple(keys=keys, collection=collection).SerializeToString()
        answer = await self._exchange.ask(ChaincodeMessage.GET_STATE_MULTIPLE, query)
        values = parse_answer(GetStateMultipleResult, answer).values
        if len(values) == len(keys):
            found = {key: value for key, value in zip(keys, values, strict=True) if value}
        elif not collection or len(values) > len(keys):
            raise ProtocolError
        else:
            # Which of the keys a short answer is about cannot be told, so none of it is taken.
            found = {}
        if collection:
            await self._expect_absent([key for key in keys if key not in found], collection)
        return found

    async def _expect_absent(self, keys: list[str], collection: str) -> None:
        """Tell "not on the ledger" from "not on this peer".

        A peer that lacks private values answers GET_STATE_MULTIPLE with empty ones, and without an error.
        """
        for key in keys:
            if await self.private_hash(key, collection) is not None:
                raise DataMissingError(collection)

    def _batches(self, writes: Iterable[Write]) -> Iterator[bytes]:
        """Payloads of WRITE_BATCH_STATE, none with more records or bytes than may be in one message."""
        limit_bytes = self._exchange.message_max_bytes - BATCH_OVERHEAD_BYTES
        batch, size_bytes = WriteBatchState(), 0
        for key, value, collection in writes:
            _check(key, value)
            kind = WriteRecord.DEL_STATE if value is None else WriteRecord.PUT_STATE
            record = WriteRecord(key=key, value=value or b"", collection=collection, type=kind)
            record_bytes = record.ByteSize() + RECORD_OVERHEAD_BYTES
            if batch.rec and (len(batch.rec) == self._exchange.limits.write or size_bytes + record_bytes > limit_bytes):
                yield batch.SerializeToString()
                batch, size_bytes = WriteBatchState(), 0
            batch.rec.append(record)
            size_bytes += record_bytes
        if batch.rec:
            yield batch.SerializeToString()


def _check(key: str, value: bytes | None) -> None:
    if not key:
        raise ValueError("a key may not be empty")
    if value is not None and not value:
        raise ValueError("Fabric takes an empty value for a deletion: delete the key instead")
