"""What a client reads of RulingService; a part of `gateway.client.WaitanClient`."""

from collections.abc import AsyncIterator
from typing import Any

from gateway.client.calls import Calls
from waitan.v1 import rulings_pb2 as pb


class RulingCalls(Calls):
    """Calls that change nothing; what a person proposes, confirms or withdraws goes by `ask_signed`."""

    _rulings: Any

    async def rulings(
        self, state: pb.RulingState = pb.RULING_STATE_UNSPECIFIED, participant: str = ""
    ) -> AsyncIterator[pb.Ruling]:
        """Give what is ruled and what waits for a second person, that to which something happened last first."""
        request = pb.ListRulingsRequest(state=state, participant=participant)
        async for page in self._pages(self._rulings.ListRulings, request):
            for each in page.rulings:
                yield each

    async def rules(self) -> pb.GetRulesResponse:
        """Give the rules for all that are in force, or will be."""
        response: pb.GetRulesResponse = await self._call(self._rulings.GetRules, pb.GetRulesRequest())
        return response
