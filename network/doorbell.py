"""Whether a process that runs answers as well: one that hangs keeps its ports, and takes calls that nobody reads.

Any word is an answer: what it says of its health is for others to ask.
"""

import asyncio
import ssl
from contextlib import suppress
from typing import Final

from network.ground import State
from network.nodes import LOOPBACK, Node, Part

ANSWER_S: Final = 10.0
"""How long an answer may take; one that works, on a machine that does much else, takes milliseconds."""
_HEALTH: Final = b"GET /healthz HTTP/1.0\r\n\r\n"


async def rung(node: Node) -> State:
    """Say how a process is that runs: up, hung, or starting where nobody listens at its door yet."""
    port, words = _door(node)
    try:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(words)
                await reader.read(1)
            finally:
                writer.close()
    except TimeoutError:
        return State.HUNG
    except ConnectionRefusedError:
        return State.STARTING
    except OSError:  # it has closed the connection, so it is there
        return State.UP
    return State.UP


def _door(node: Node) -> tuple[int, bytes]:
    """Give a port at which a process answers whoever asks, and what to say there."""
    match node.part:
        case Part.PEER | Part.ORDERER:
            return node.operations_port, _HEALTH
        case Part.GATEWAY:
            return node.http_port, _HEALTH
        case Part.CHAINCODE:
            return node.port, _hello()


def _hello() -> bytes:
    """Write the first message of a TLS connection: whoever is called answers it before it asks for a certificate."""
    context = ssl.create_default_context()
    said, heard = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(heard, said, server_hostname="localhost").do_handshake()
    return said.read()
