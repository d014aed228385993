"""One organisation's gateway, without its doors: lists out, feed in, and the read model between."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.auth.signing import Credential
from gateway.ledger.lists import Lists, Outcome
from gateway.ledger.port import Courier, Ledger
from gateway.projection.follow import Follower
from gateway.projection.queries import Queries
from gateway.projection.store import ProjectionStore
from settlement import canonical
from settlement.records import Command

LAG_S: Final = 2.0
"""How long an answer waits for this organisation's own peer; then the authorities' commit status is enough."""


class Gateway:
    """What the doors of one organisation stand on."""

    def __init__(
        self, *, participant: str, ledger: Ledger, courier: Courier, credential: Credential, directory: Path
    ) -> None:
        self.participant: Final = participant
        self.network: Final = ledger.network
        self._store: Final = ProjectionStore(directory / f"{participant}.sqlite")
        self.follower: Final = Follower(ledger, self._store, participant)
        self.queries: Final = Queries(self._store.reader())
        self.lists: Final = Lists(
            network=ledger.network,
            participant=participant,
            credential=credential,
            courier=courier,
            last_sequence=lambda: self.queries.last_sequence(participant),
            caught_up=self.follower.reached,
        )

    async def start(self) -> None:
        """Begin to follow the ledger."""
        self.follower.start()

    async def close(self) -> None:
        """Finish what is under way and stop."""
        await self.lists.close()
        await self.follower.close()
        self._store.close()

    async def ask(self, commands: Sequence[Command]) -> list[Outcome]:
        """Ask the ledger, and answer once this organisation's own feed shows the result."""
        outcomes = await self.lists.submit([canonical.encode(command) for command in commands])
        try:
            async with asyncio.timeout(LAG_S):
                await self.follower.reached(outcomes[0].block)
        except TimeoutError:
            pass
        return outcomes
