"""The paying bank of the measured network: its doors, its officer, a customer's token, and that customer's payments."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

from gateway.auth.development import Issued
from gateway.auth.scopes import Scope
from gateway.bench.served.network import DATE
from gateway.client import WaitanClient
from gateway.development.customers import TRADERS
from gateway.development.data_directory import DataDirectory
from gateway.development.example_payment import Sum, payment
from gateway.operators import codec
from gateway.tls import TlsIdentity
from gateway.traders.tokens import mint
from waitan.v1.payments_pb2 import RESULT_SETTLED, Payment

PAYER: Final = "banksh"
PAYEE: Final = "bankist"
BATCH: Final = 100
TIMEOUT_S: Final = 120.0
DAY_S: Final = 24 * 3600


class House:
    """The bank, as its clients see it; `client` is its officer's."""

    def __init__(self, directory: DataDirectory, client: WaitanClient) -> None:
        members, endpoints = directory.members(), directory.endpoints(PAYER)
        member = members[PAYER]
        self.client: Final = client
        self.grpc: Final = endpoints.grpc
        self.http: Final = endpoints.http.removeprefix("http://")
        self.service: Final[Issued] = member.service
        self.root: Final = member.ca.root.certificate
        self.officer: Final = officer(directory)
        self._network: Final = directory.description().network
        self.token: Final = mint(
            member.service.key,
            network=self._network,
            participant=PAYER,
            customer=TRADERS[PAYER].customer.identifier,
            now_s=int(time.time()),
            lifetime_s=DAY_S,
        )
        self._payer: Final = member.profile
        self._payee: Final = members[PAYEE].profile

    def desk_token(self, name: str) -> str:
        """Mint a token for one of the bank's own staff."""
        return mint(
            self.service.key,
            network=self._network,
            participant=PAYER,
            customer=name,
            now_s=int(time.time()),
            lifetime_s=DAY_S,
            scope=Scope.DESK,
        )

    def payments(self, count: int) -> Iterator[Payment]:
        """Make payments from the bank's customer to the other bank's."""
        for _ in range(count):
            made = payment(self._payer, self._payee, Sum("1.00", "CNY"), date=DATE, text="Benchmark")
            yield codec.write(made, Payment)

    async def settle(self, count: int) -> list[Payment]:
        """Settle some and wait until the bank shows them."""
        made = list(self.payments(count))

        async def batches() -> AsyncIterator[list[Payment]]:
            for start in range(0, count, BATCH):
                yield made[start : start + BATCH]

        async for outcomes in self.client.submit_batches(batches()):
            assert all(outcome.result == RESULT_SETTLED for outcome in outcomes), outcomes[0]
        return made

    async def fetched(self, path: str) -> bytes:
        """Fetch something from the HTTP door with the customer's token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with aiohttp.ClientSession(headers=headers) as session, session.get(f"http://{self.http}{path}") as got:
            assert got.status == 200, await got.text()  # noqa: PLR2004 - OK
            return await got.read()


def officer(directory: DataDirectory) -> TlsIdentity:
    """Give what an officer of the bank shows."""
    member = directory.members()[PAYER]
    person = member.people["officer-1"]
    return TlsIdentity(person.certificate, person.key, member.ca.root.certificate)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[House]:
    """Connect to the bank of a network that runs."""
    directory = await asyncio.to_thread(DataDirectory, path)
    async with WaitanClient(directory.endpoints(PAYER).grpc, officer(directory), timeout_s=TIMEOUT_S) as client:
        yield House(directory, client)
