"""A peer's disk, read as a thief of it would: blocks, state, private data, whatever is compressed in them unpacked.

Fabric keeps blocks in files, one behind the other with its length before it, and the rest in LevelDB: state under
`<channel> 0 d<namespace> 0 <key>`, where a collection's namespace is `<chaincode>$$p<collection>`, and `$$h` for its
hashes (Fabric's documentation, "Ledger"; core/ledger/kvledger/txmgmt/privacyenabledstate).
"""

import base64
import binascii
import contextlib
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import zstandard
from fabric_protos.common import common_pb2

from gateway.fabric_client import Block, HashedSet
from gateway.fabric_client.blocks import read_block
from settlement.forms.records import body
from tests.network import leveldb

CHAINCODE: Final = "waitan"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
_TELLING: Final = 8
"""Characters from which on a text is looked for: a shorter one turns up by chance."""
_VALUE_FIELD: Final = 2


class Disk:
    """The data directory of one peer."""

    def __init__(self, peer: Path) -> None:
        self._data: Final = peer / "data"
        self._ledger: Final = peer / "data" / "ledgersData"

    def find(self, words: Collection[str]) -> set[str]:
        """Say which of some texts stand anywhere on the disk."""
        return {word for word in words if word.encode() in self.everything}

    @cached_property
    def everything(self) -> bytes:
        """All of LevelDB's entries put together again, all other files, and what is compressed in any of them."""
        files = sorted(file for file in self._data.rglob("*") if file.is_file())
        parts = {file.read_bytes() for file in files if file.suffix not in leveldb.SUFFIXES}
        for database in sorted({file.parent for file in files if file.name == "CURRENT"}):
            parts |= {part for entry in leveldb.entries(database) for part in entry}
        return b"\n".join([*parts, *(frame for part in parts for frame in unpacked(part))])

    @cached_property
    def known_to_all(self) -> str:
        """What every member may know: the contracts' public keys and values, transactions' ids, collections' names."""
        values = (text for _, value in self.public for text in _texts(json.loads(value)))
        ids = (transaction.transaction_id for block in self.blocks for transaction in block.transactions)
        collections = {
            hashed.collection
            for block in self.blocks
            for transaction in block.transactions
            for hashed in transaction.sets.hashed
        }
        return "\n".join([*(key for key, _ in self.public), *values, *ids, *collections])

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks, as their files have them."""
        return tuple(
            read_block(block, {}, collections=())
            for file in self._block_files()
            for block in _blocks(file.read_bytes())
        )

    @cached_property
    def private(self) -> dict[str, list[tuple[str, bytes]]]:
        """Keys and values of each collection that the peer holds; what was overwritten is among them."""
        return self._state("$$p")

    @cached_property
    def public(self) -> list[tuple[str, bytes]]:
        """Keys and values of the contracts' public state."""
        return self._state("")[""]

    @cached_property
    def key_hashes(self) -> frozenset[bytes]:
        """The hashes of private keys, of everybody's collections: in the state, and read or written on any block."""
        in_state = {
            key
            for namespace, key, _ in self._entries()
            if namespace.startswith(f"{CHAINCODE}$$h") and len(key) == hashlib.sha256().digest_size
        }
        on_blocks = {
            key_hash
            for block in self.blocks
            for transaction in block.transactions
            for hashed in transaction.sets.hashed
            for key_hash in _hashes(hashed)
        }
        return frozenset(in_state | on_blocks)

    def _state(self, mark: str) -> dict[str, list[tuple[str, bytes]]]:
        found: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for namespace, key, value in self._entries():
            chaincode, separator, collection = namespace.partition(mark or "$$")
            if chaincode == CHAINCODE and bool(separator) is bool(mark) and value:
                found[collection].append((key.decode(), _stored(value)))
        return found

    def _entries(self) -> Iterator[tuple[str, bytes, bytes]]:
        for entry in leveldb.entries(self._ledger / "stateLeveldb"):
            _, _, rest = entry.key.partition(b"\0")
            namespace, separator, key = rest.partition(b"\0")
            if separator and namespace.startswith(b"d"):
                yield namespace[1:].decode(), key, entry.value

    def _block_files(self) -> list[Path]:
        return sorted((self._ledger / "chains" / "chains").rglob("blockfile_*"))


def _hashes(hashed: HashedSet) -> Iterator[bytes]:
    yield from (read.key_hash for read in hashed.reads)
    yield from (write.key_hash for write in hashed.writes)


def unpacked(data: bytes) -> Iterator[bytes]:
    """Give what every Zstandard frame in some bytes holds."""
    at = data.find(_ZSTANDARD)
    while at >= 0:
        with contextlib.suppress(zstandard.ZstdError):  # four bytes that only look like the beginning of one
            yield zstandard.ZstdDecompressor().decompressobj().decompress(data[at:])
        at = data.find(_ZSTANDARD, at + 1)


def plain(value: bytes) -> bytes:
    """Give the JSON of a private value, without its salt and unpacked."""
    stored = body(value, private=True)
    return next(unpacked(stored), stored)


def texts_of(values: Collection[tuple[str, bytes]]) -> set[str]:
    """Give all telling texts of a collection: of its records, and of the commands in those."""
    return {
        text
        for key, value in values
        if key != "secret"
        for text in _texts(json.loads(plain(value)))
        if len(text) >= _TELLING
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        inner = _inner(value)
        if inner is None:
            yield value
        else:
            yield from _texts(inner)


def _inner(text: str) -> Any:
    """Read the JSON that stands in a text, as a command does in what was signed; None where there is none."""
    try:
        found = json.loads(text if text.startswith("{") else base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _blocks(data: bytes) -> Iterator[common_pb2.Block]:
    at = 0
    while at < len(data):
        size, at = leveldb.varint(data, at)
        if size == 0 or at + size > len(data):
            return
        yield _block(data[at : at + size])
        at += size


def _block(data: bytes) -> common_pb2.Block:
    """Read a block as files have it, not in protobuf's encoding (common/ledger/blkstorage/block_serialization.go)."""
    number, at = leveldb.varint(data, 0)
    data_hash, at = leveldb.sized(data, at)
    previous_hash, at = leveldb.sized(data, at)
    parts: list[list[bytes]] = []
    for _ in ("transactions", "metadata"):
        count, at = leveldb.varint(data, at)
        parts.append([])
        for _ in range(count):
            part, at = leveldb.sized(data, at)
            parts[-1].append(part)
    return common_pb2.Block(
        header=common_pb2.BlockHeader(number=number, data_hash=data_hash, previous_hash=previous_hash),
        data=common_pb2.BlockData(data=parts[0]),
        metadata=common_pb2.BlockMetadata(metadata=parts[1]),
    )


def _stored(value: bytes) -> bytes:
    """Take a value out of what stands in the state: protobuf's fields, of which the second is the value."""
    at = 0
    while at < len(value):
        tag, at = leveldb.varint(value, at)
        field, at = leveldb.sized(value, at)
        if tag >> 3 == _VALUE_FIELD:
            return field
    return b""
