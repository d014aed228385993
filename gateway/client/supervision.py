"""What a client reads of SupervisionService; a part of `gateway.client.WaitanClient`."""

from collections.abc import AsyncIterator
from typing import Any

from gateway.client.calls import Calls
from waitan.v1 import supervision_pb2 as pb


class SupervisionCalls(Calls):
    """Calls that change nothing."""

    _supervision: Any

    async def supervisory_reads(self, participant: str = "") -> AsyncIterator[pb.SupervisoryRead]:
        """Tell what the regulator has read, oldest first; of one organisation if named."""
        request = pb.ListReadsRequest(participant=participant)
        async for page in self._pages(self._supervision.ListReads, request):
            for each in page.reads:
                yield each
