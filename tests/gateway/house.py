"""A whole network with its doors open on loopback: real certificates, contracts, embedded ledger, gRPC and TLS."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from gateway.app import CLOSE_S, Gateway, wall_clock_ms
from gateway.auth.development import Issued
from gateway.client import WaitanClient
from gateway.development.customers import TRADERS
from gateway.development.members import Member, found, fund, open_accounts
from gateway.ledger.courier import LocalCourier
from gateway.ledger.embedded import EmbeddedNetwork
from gateway.ledger.port import Courier, Ledger
from gateway.operators import server
from gateway.operators.server import Server
from gateway.tls import TlsIdentity
from settlement.participants import RegisterCustomer
from settlement.payments.commands import SubmitPayment
from tests.builders import PROFILES, TODAY, a_payment, an_id

NETWORK: Final = "waitan"
BANKS: Final = ("banksh", "bankist", "bankfra")
CURRENCIES: Final = ("CNY", "JPY", "EUR")
FUNDS: Final = {"CNY": "1000000.00", "EUR": "1000.00"}


def a_fresh_payment(amount: str = "100.00", **others: Any) -> SubmitPayment:
    """Build a payment whose identifications nobody has used."""
    return a_payment(amount, **{"instruction_id": uuid4().hex, **others})


class House:
    """The organisations, their gateways and their doors."""

    def __init__(self, members: Mapping[str, Member], ledger: EmbeddedNetwork) -> None:
        self.members: Final = members
        self.ledger: Final = ledger
        self.gateways: Final[dict[str, Gateway]] = {}
        self.servers: Final[dict[str, Server]] = {}
        self.courier: Final = LocalCourier(self.access("clearing"))
        self._stack: Final = AsyncExitStack()

    def access(self, participant: str) -> Ledger:
        """Give an organisation's access to the ledger."""
        return self.ledger.client(participant, self.members[participant].service.credential, wall_clock_ms)

    def gateway(self, participant: str, courier: Courier, directory: Path, **choices: Any) -> Gateway:
        """Make a second gateway of an organisation; whoever takes it starts and closes it. Choices: as of `_gateway`.

        It asks for nothing by itself: what other tests left to settle on its date would be among what a test sends.
        """
        gateway = self._gateway(participant, courier, directory, **choices)
        gateway._openings.watch = asyncio.Event().wait  # type: ignore[method-assign, assignment]
        return gateway

    def _gateway(
        self,
        participant: str,
        courier: Courier,
        directory: Path,
        *,
        ledger: Ledger | None = None,
        close_s: float = CLOSE_S,
    ) -> Gateway:
        return Gateway(
            participant=participant,
            ledger=ledger or self.access(participant),
            courier=courier,
            credential=self.members[participant].service.credential,
            directory=directory,
            close_s=close_s,
        )

    def identity(self, participant: str, person: str = "", *, roots: str = "") -> TlsIdentity:
        """Give what a person of an organisation (or its service) shows, trusting an organisation's CA."""
        member = self.members[participant]
        issued = member.people[person] if person else member.service
        return self.shown(issued, roots or participant)

    def shown(self, issued: Issued, roots: str) -> TlsIdentity:
        """Give what the holder of a certificate shows."""
        return TlsIdentity(issued.certificate, issued.key, self.members[roots].ca.root.certificate)

    def client(self, participant: str, person: str = "officer-1", identity: TlsIdentity | None = None) -> WaitanClient:
        """Give a client of an organisation's gateway; whoever takes it closes it."""
        address = f"localhost:{self.servers[participant].port}"
        return WaitanClient(address, identity or self.identity(participant, person))

    async def caught_up(self) -> None:
        """Wait until every gateway has read what is on the ledger."""
        last = self.ledger.ledger.height - 1
        await asyncio.gather(*(gateway.follower.reached(last) for gateway in self.gateways.values()))

    async def open(self, participant: str, directory: Path) -> None:
        """Start an organisation's gateway and its door."""
        gateway = self._gateway(participant, self.courier, directory)
        await gateway.start()
        self._stack.push_async_callback(gateway.close)
        self.gateways[participant] = gateway
        self.servers[participant] = await server.serve(gateway, "localhost:0", self.identity(participant))
        self._stack.push_async_callback(self.servers[participant].close)

    async def close(self) -> None:
        """Close doors, gateways and ledger."""
        await self._stack.aclose()
        await self.courier.close()
        await self.ledger.close()


@asynccontextmanager
async def a_house(directory: Path) -> AsyncIterator[House]:
    """Found a network, fund its banks, open its day."""
    members = {profile.participant: Member(profile) for profile in PROFILES}
    ledger = EmbeddedNetwork.open(directory / "ledger", network=NETWORK, clock=wall_clock_ms)
    house = House(members, ledger)
    try:
        for name in members:
            await house.open(name, directory / "read")
        clearing = house.gateways["clearing"]
        await found(clearing, dict(members))
        await open_accounts(clearing, dict(members), CURRENCIES, BANKS, TODAY)
        for currency, amount in FUNDS.items():
            await fund(house.gateways["banksh"], clearing, members, currency, amount)
        await house.caught_up()
        yield house
    finally:
        await house.close()


async def register_traders(**banks: WaitanClient) -> None:
    """Have banks, by name, register the firms that trade through them."""
    for bank, client in banks.items():
        await client.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS[bank].customer))
