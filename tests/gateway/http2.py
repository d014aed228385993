"""HTTP/2 by hand (RFC 9113): frames as a client may send them that means no good, over TLS with a certificate."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from pathlib import Path
from typing import Final, NamedTuple

from gateway.tls import TlsIdentity
from tests.expectations import PATIENCE_S

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
ACK: Final = 0x1
END_HEADERS: Final = 0x4
_HEAD_BYTES: Final = 9
_SHORT: Final = 127


class Kind(IntEnum):
    """Kinds of frames."""

    DATA = 0
    HEADERS = 1
    RST_STREAM = 3
    SETTINGS = 4
    PING = 6
    GOAWAY = 7
    CONTINUATION = 9


class Frame(NamedTuple):
    """A frame as it came."""

    kind: int
    flags: int
    stream: int
    payload: bytes


def frame(kind: Kind, payload: bytes = b"", *, flags: int = 0, stream: int = 0) -> bytes:
    """Write a frame."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def field(name: str, value: str) -> bytes:
    """Write a field of a head, unabbreviated (RFC 7541, 6.2.2); both under 127 bytes."""
    assert len(name) < _SHORT
    assert len(value) < _SHORT
    return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def call(method: str, stream: int, *, flags: int = END_HEADERS, more: bytes = b"") -> bytes:
    """Write the head of a gRPC call."""
    fields = {
        ":method": "POST",
        ":scheme": "https",
        ":path": method,
        ":authority": "localhost",
        "te": "trailers",
        "content-type": "application/grpc",
    }
    head = b"".join(field(name, value) for name, value in fields.items())
    return frame(Kind.HEADERS, head + more, flags=flags, stream=stream)


def message(size_bytes: int) -> bytes:
    """Write the beginning of a gRPC message: its length, and nothing of it."""
    return struct.pack(">BI", 0, size_bytes)


class Connection:
    """A connection by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader: Final = reader
        self._writer: Final = writer

    async def send(self, data: bytes) -> None:
        """Send what may be no frame; where the other side has hung up, nothing."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except (ConnectionError, ssl.SSLError):
            return

    async def frames(self) -> AsyncIterator[Frame]:
        """Give the frames that come, until the other side hangs up."""
        try:
            while True:
                head = await asyncio.wait_for(self.reader.readexactly(_HEAD_BYTES), PATIENCE_S)
                size, kind, flags, stream = int.from_bytes(head[:3]), head[3], head[4], int.from_bytes(head[5:])
                payload = await asyncio.wait_for(self.reader.readexactly(size), PATIENCE_S)
                yield Frame(kind, flags, stream & 0x7FFFFFFF, payload)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            return

    async def first(self, *kinds: Kind) -> Frame | None:
        """Give the first frame of some kinds; None where the other side hangs up before."""
        async for each in self.frames():
            if each.kind in kinds and not (each.kind in (Kind.SETTINGS, Kind.PING) and each.flags & ACK):
                return each
        return None


@asynccontextmanager
async def connected(port: int, identity: TlsIdentity, folder: Path, *, begin: bool = True) -> AsyncIterator[Connection]:
    """Connect with a certificate; `begin` with the preface and settings of one's own."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(identity.certificate)
    key.write_bytes(identity.key)
    context = ssl.create_default_context(cadata=identity.roots.decode())
    context.load_cert_chain(chain, key)
    context.set_alpn_protocols(["h2"])
    reader, writer = await asyncio.open_connection("localhost", port, ssl=context)
    made = Connection(reader, writer)
    try:
        if begin:
            await made.send(PREFACE + frame(Kind.SETTINGS))
        yield made
    finally:
        writer.transport.abort()
