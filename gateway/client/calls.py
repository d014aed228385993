"""By what the parts of `gateway.client.WaitanClient` ask; the client itself says how."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Any

from google.protobuf.message import Message


class Calls(ABC):
    """A part of the client: the calls of one service."""

    @abstractmethod
    async def _call(self, method: Any, request: Message) -> Any:
        """Ask what changes nothing."""

    @abstractmethod
    async def _act(self, method: Any, request: Message) -> Any:
        """Ask what changes something."""

    async def _pages(self, method: Any, request: Message) -> AsyncIterator[Any]:
        """Ask for one page of a list after the other; `request` has a cursor, which each page's answer moves on."""
        asked: Any = request
        while True:
            page = await self._call(method, asked)
            yield page
            if not page.next:
                return
            asked.cursor = page.next
