"""Where the logs of a network in this process go: standard error, one line each, only what needs a look."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class _StandardError:
    """Standard error as it is at each moment. A log that cannot be written stops nobody's payment."""

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):  # the terminal has gone, or the file is closed
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def quiet() -> None:
    """Log warnings and worse, for people."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _StandardError())),
    )
