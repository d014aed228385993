"""The name of one request: whoever asks may give it, every log line about it has it, and the answer tells it."""

import itertools
import re
import secrets
from typing import Final

import structlog

HEADER: Final = "X-Request-Id"
"""Over HTTP; over gRPC the same in lower case, as metadata."""
FIELD: Final = "request_id"
"""In a log."""

_PROCESS: Final = secrets.token_hex(8)
_NUMBERS: Final = itertools.count(1)
_GOOD: Final = re.compile(r"[A-Za-z0-9._-]{1,64}").fullmatch


def begin(given: str) -> str:
    """Take the name that was given, a new one where it is none, and let the logs of this task have it."""
    name = named(given)
    structlog.contextvars.bind_contextvars(**{FIELD: name})
    return name


def current() -> str:
    """Give the name that the logs of this task have."""
    return str(structlog.contextvars.get_contextvars().get(FIELD, ""))


def named(given: str) -> str:
    """Take the name that was given, a new one where it is none: nobody's secret, and no other's."""
    return given if given and _GOOD(given) else f"{_PROCESS}{next(_NUMBERS):08x}"
