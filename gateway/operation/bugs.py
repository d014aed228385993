"""What is written down of a bug: where it happened, and nothing of what was being worked on.

An exception's own text often quotes what it was about, so its kind and its place are told, and the text is not.
"""

import secrets
import traceback
from typing import Final

import structlog

LONGEST: Final = 8
"""How many exceptions of a chain are told."""

log = structlog.get_logger()


def report(error: BaseException, **where: str) -> str:
    """Log a bug once; give the reference under which it is found."""
    reference = secrets.token_hex(8)
    log.error("bug", reference=reference, trace=trace_of(error), **where)
    return reference


def trace_of(error: BaseException) -> str:
    """Tell the kinds and places of an exception and of what caused it."""
    told: list[str] = []
    each: BaseException | None = error
    while each is not None and len(told) < LONGEST:
        told.append("".join(traceback.format_tb(each.__traceback__)) + type(each).__qualname__)
        each = each.__cause__ or each.__context__
    return "\ncaused by\n".join(told)
