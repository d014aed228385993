"""Finding: one field for whatever somebody has in hand."""

from typing import Final

from aiohttp import web

from gateway.traders.web.frame import Frame, Page, lead
from gateway.traders.web.readers import Reader
from settlement import identifiers
from settlement.errors import Refusal

SHOWN_MAX: Final = 64
"""How much of what was asked for is shown again."""


class Finding:
    """The page `/find`."""

    def __init__(self, frame: Frame) -> None:
        self._frame: Final = frame

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/find", self._frame.read(self.find, "find"))

    async def find(self, request: web.Request, reader: Reader) -> Page | web.Response:
        """Lead to a payment by its UETR."""
        asked = request.query.get("q", "").strip()
        if not asked:
            return Page("find.html", {"asked": "", "missing": False})
        try:
            return lead(f"/payments/{identifiers.uetr(asked.lower())}")
        except Refusal:
            return Page("find.html", {"asked": asked[:SHOWN_MAX], "missing": True}, 404)
