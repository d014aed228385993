"""Where logs go: standard error, one line each, as JSON for machines or as text for people.

A line has the moment, the level, what happened, and what is bound to the request that it is about: its name
(`request_id`), the caller's fingerprint and role. It has no field of a payment: whoever logs passes ids of the ledger
(transaction, block), methods and counts, and an exception's text only where it is this program's own.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from enum import StrEnum
from typing import Any, Final, TextIO, cast

import msgspec
import structlog

_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


class Level(StrEnum):
    """From which level on lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Format(StrEnum):
    """How a line looks."""

    JSON = "json"
    TEXT = "text"


class _StandardError:
    """Standard error as it is at each moment. A log that cannot be written stops nobody's payment."""

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):  # the terminal has gone, or the file is closed
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


_lowest: int = logging.INFO


def has_calls() -> bool:
    """Say whether a call's line is written: what is not need not be made."""
    return not structlog.is_configured() or _lowest <= logging.INFO


def configure(level: Level = Level.WARNING, form: Format = Format.TEXT) -> None:
    """Let the whole process log like this from now on."""
    global _lowest  # noqa: PLW0603 - as structlog's own configuration
    _lowest = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _as_json
            if form is Format.JSON
            else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_lowest),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _StandardError())),
    )


def _as_json(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    first: Mapping[str, Any] = {name: event.pop(name) for name in ("timestamp", "level", "event")}
    return _ENCODER.encode({**first, **event}).decode()
