"""How a gateway and its reading processes talk: frames in on standard input, frames out on standard output.

A frame is its length (4 bytes, big-endian) and MessagePack. The first frame out is empty, and says that the process is
ready. The process ends with its input, so it does not outlive the gateway that started it, however that one ends.
"""

import signal
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from gateway.operation import memory

Q = TypeVar("Q")

LENGTH_BYTES: Final = 4


def frame(value: Any) -> bytes:
    """Make a frame."""
    data = msgspec.msgpack.encode(value)
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def serve(questions: msgspec.msgpack.Decoder[Q], answer: Callable[[Q], Any], warm: Callable[[], None]) -> None:
    """Warm up, say so, and answer until the input ends.

    Whoever stops the gateway may tell all its processes (systemd and terminals do): what is under way is still read.
    """
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.SIG_IGN)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    warm()
    memory.settle()
    target.write(frame(()))
    target.flush()
    while len(head := source.read(LENGTH_BYTES)) == LENGTH_BYTES:
        asked = questions.decode(source.read(int.from_bytes(head, "big")))
        target.write(frame(answer(asked)))
        target.flush()
