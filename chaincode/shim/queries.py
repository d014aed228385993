"""Range and history queries: results that come from the peer in portions."""

from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar

from fabric_protos.ledger.queryresult.kv_query_result_pb2 import KV, KeyModification
from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage, QueryResponse, QueryStateClose, QueryStateNext

from chaincode.shim.exchange import Exchange, parse_answer

T = TypeVar("T")


class Entry(NamedTuple):
    """A key of a range, with its value."""

    key: str
    value: bytes


class Modification(NamedTuple):
    """A value that a key had, and the transaction that gave it; `deleted` where that took it away."""

    tx_id: str
    value: bytes
    timestamp_ms: int
    deleted: bool


class Results(Generic[T]):
    """The results of one query, in the peer's order, to be walked once: `async for entry in stub.range(...)`.

    Used as a context manager it also tells the peer when the walk ends before the results do. Otherwise the peer
    closes what is open when the transaction completes.
    """

    def __init__(self, exchange: Exchange, kind: int, query: bytes, parse: Callable[[bytes], T]) -> None:
        self._exchange: Final = exchange
        self._kind: Final = kind
        self._query: Final = query
        self._parse: Final = parse
        self._portion: deque[T] = deque()
        self._id: str | None = None
        self._more = True

    def __aiter__(self) -> Self:
        """The results themselves: they can be walked once."""
        return self

    async def __anext__(self) -> T:
        """The next result; PeerError where the peer fails to give it."""
        while not self._portion:
            if not self._more:
                raise StopAsyncIteration
            await self._fetch()
        return self._portion.popleft()

    async def __aenter__(self) -> Self:
        """The results themselves."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what was not walked; after an error the transaction ends, and with it the query."""
        if error is None:
            await self.close()

    async def close(self) -> None:
        """Give up what was not walked."""
        self._portion.clear()
        if self._more and self._id is not None:
            self._more = False
            await self._exchange.ask(
                ChaincodeMessage.QUERY_STATE_CLOSE, QueryStateClose(id=self._id).SerializeToString()
            )
        self._more = False

    async def _fetch(self) -> None:
        if self._id is None:
            payload = await self._exchange.ask(self._kind, self._query)
        else:
            payload = await self._exchange.ask(
                ChaincodeMessage.QUERY_STATE_NEXT, QueryStateNext(id=self._id).SerializeToString()
            )
        response = parse_answer(QueryResponse, payload)
        self._id = response.id
        self._more = response.has_more
        self._portion.extend(self._parse(result.resultBytes) for result in response.results)


def parse_entry(data: bytes) -> Entry:
    """A result of GET_STATE_BY_RANGE (queryresult.KV)."""
    found = parse_answer(KV, data)
    return Entry(found.key, found.value)


def parse_modification(data: bytes) -> Modification:
    """A result of GET_HISTORY_FOR_KEY (queryresult.KeyModification)."""
    found: Any = parse_answer(KeyModification, data)
    timestamp_ms = found.timestamp.seconds * 1000 + found.timestamp.nanos // 1_000_000
    return Modification(found.tx_id, found.value, timestamp_ms, found.is_delete)
