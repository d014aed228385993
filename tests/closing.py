"""What a test opens is closed when it fails, too: a socket left open would be another test's warning."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar


class _Closes(Protocol):
    async def close(self) -> None: ...


C = TypeVar("C", bound=_Closes)


@asynccontextmanager
async def closing(opened: C) -> AsyncIterator[C]:
    """Close what was opened, however the test ends."""
    try:
        yield opened
    finally:
        await opened.close()
