"""Who comes to a door: so many connections at a time from one address, counted from when they are taken to their end.

They are counted where they are accepted, before TLS: a handshake that its client never ends costs memory as well, and
until it has ended nothing else here has seen the client.
"""

import asyncio
import ipaddress
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, Final

HANDSHAKES_MAX: Final = 256
"""How many more may come than a door serves: those whose handshakes are under way, and those to be told of it."""
TURNED_AWAY_AT_ONCE: Final = 16
_NETWORK_BITS: Final = 64
_KNOWN_MAX: Final = 10_000


@lru_cache(_KNOWN_MAX)
def origin(address: str) -> str:
    """Give what counts as one address: of IPv6 the network of 64 bits, all of which one subscriber has (RFC 6177)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, _NETWORK_BITS), strict=False))


class Arrivals:
    """The connections of one door, by their origins. `refusal`: what is said to whoever is one too many, if anything.

    Under TLS nothing can be said before a handshake, which is what is to be spared.
    """

    def __init__(self, most: int, of_one_address_max: int, refusal: bytes = b"") -> None:
        self._most: Final = most
        self._of_one_max: Final = of_one_address_max
        self._refusal: Final = refusal
        self._count: Final[Counter[str]] = Counter()
        self._in = 0

    def enter(self, whence: str) -> bool:
        """Count one more, which `leave` ends; False where its origin, or the door, has as many as it may."""
        if self._count[whence] >= self._of_one_max or self._in >= self._most:
            return False
        self._count[whence] += 1
        self._in += 1
        return True

    def leave(self, whence: str) -> None:
        """Count one less."""
        self._in -= 1
        self._count[whence] -= 1
        if not self._count[whence]:
            del self._count[whence]

    def turn_away(self, connection: socket.socket) -> None:
        """Say what is to be said, as far as the line takes it at once, and hang up."""
        with connection, suppress(OSError):
            connection.setblocking(False)
            connection.send(self._refusal)


class _Counted(socket.socket):
    """A connection that is counted until it is closed."""

    left: Callable[[], None] | None = None

    def close(self) -> None:
        """Close it."""
        super().close()
        left, self.left = self.left, None
        if left is not None:
            left()


class Gate(socket.socket):
    """A socket that listens and gives those connections alone that may come in, as asyncio takes them from it."""

    arrivals: Arrivals

    def accept(self) -> tuple[socket.socket, Any]:
        """Take the next connection that may come in; raises what `socket.accept` does, where none waits too."""
        for _ in range(TURNED_AWAY_AT_ONCE):
            taken, address = super().accept()
            whence = origin(address[0])
            if not self.arrivals.enter(whence):
                self.arrivals.turn_away(taken)
                continue
            counted = _Counted(taken.family, taken.type, taken.proto, fileno=taken.detach())
            counted.left = partial(self.arrivals.leave, whence)
            return counted, address
        raise BlockingIOError  # whoever floods the door keeps nobody waiting who is in


async def gates(host: str, port: int, arrivals: Arrivals) -> list[Gate]:
    """Bind to each address of a host (port 0: any); raises `OSError` where one cannot be had."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    made: list[Gate] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            try:
                gate = Gate(family, kind, protocol)
            except OSError:  # this machine has no IPv6
                continue
            made.append(gate)
            gate.arrivals = arrivals
            gate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                gate.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            gate.bind(address)
    except OSError:
        for gate in made:
            gate.close()
        raise
    return made
