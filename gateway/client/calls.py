"""By what the parts of `gateway.client.WaitanClient` ask; the client itself says how."""

from abc import ABC, abstractmethod
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
