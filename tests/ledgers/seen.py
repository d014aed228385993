"""A ledger as its clients see it, whatever it is: embedded, Fabric's protocols over loopback, or Fabric.

On the second, peers and orderers are fakes that speak the real protocols, between the gateway's adapter and Fabric
client on one side, and the chaincode server and an embedded ledger on the other. The third is a real network, where
there is one: `WAITAN_NETWORK` names its build directory, or `WAITAN_FABRIC_BIN` the release binaries to raise one from.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import pytest

from gateway.cli.demo import rehearsal
from gateway.client import WaitanClient, WaitanError
from gateway.development.cast import Cast
from gateway.development.customers import TRADERS
from gateway.development.data_directory import DataDirectory, Endpoints
from gateway.development.members import Member
from gateway.development.stage import Stage, that_runs
from settlement.participants import RegisterCustomer
from settlement.payments.commands import SubmitPayment
from tests.builders import a_payment, a_uetr, an_id
from tests.expectations import PATIENCE_S
from tests.gateway.fabric_house import AUTHORITIES, a_fabric_house
from tests.gateway.house import NETWORK, a_house

T = TypeVar("T")

BANKS: Final = ("banksh", "bankist")
ORGANISATIONS: Final = (*AUTHORITIES, "customs", *BANKS)
FUNDS: Final = {"banksh": {"CNY": "5000000.00", "EUR": "1000000.00"}, "bankist": {"CNY": "5000000.00"}}
"""What the banks begin with: enough for what the tests pay."""


class Ledger(NamedTuple):
    """A ledger: everybody's clients, an officer's at each bank, and the business date."""

    cast: Cast
    clients: Mapping[str, WaitanClient]
    date: str

    def payment(self, amount: str = "100.00", *, payer: str = "banksh") -> SubmitPayment:
        """Build a payment whose identifications nobody has used."""
        payee = next(name for name in BANKS if name != payer)
        return a_payment(
            amount, payer=payer, payee=payee, settlement_date=self.date, instruction_id=a_uetr()[:35], created_at=""
        )

    async def balances(self) -> dict[str, Decimal]:
        """Give the banks' balances in CNY, as each bank's own gateway has it."""
        accounts = [(await self.clients[name].accounts(name, "CNY"))[0] for name in BANKS]
        return {each.participant: Decimal(each.balance) for each in accounts}


@asynccontextmanager
async def embedded(path: Path) -> AsyncIterator[Stage]:
    """Begin a network on the embedded ledger."""
    async with a_house(path) as house:
        yield _stage(house.members, {name: door.port for name, door in house.servers.items()})


@asynccontextmanager
async def over_fakes(path: Path) -> AsyncIterator[Stage]:
    """Begin one over Fabric's protocols."""
    async with a_fabric_house(path, names=ORGANISATIONS) as house:
        yield _stage(house.members, {name: door.grpc for name, door in house.doors.items()})


@asynccontextmanager
async def on_fabric(path: Path) -> AsyncIterator[Stage]:
    """Find a network of Fabric's own programs, or raise one; skips where there is neither."""
    from tests.network.test_real_network import FIRST_PORT, raised

    named = os.environ.get("WAITAN_NETWORK")
    if named is not None:
        yield that_runs(DataDirectory(Path(named)))
        return
    if "WAITAN_FABRIC_BIN" not in os.environ:
        pytest.skip("WAITAN_NETWORK names no running network, and WAITAN_FABRIC_BIN no release binaries")
    with raised(path / "net", FIRST_PORT + 400) as network:
        yield that_runs(DataDirectory(network.path))


LEDGERS: Final = {"embedded": embedded, "fakes": over_fakes, "fabric": on_fabric}


@asynccontextmanager
async def opened(kind: str, path: Path) -> AsyncIterator[Ledger]:
    """Open a ledger whose day is open, whose banks have money and know their customers."""
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(LEDGERS[kind](path))
        cast = await stack.enter_async_context(Cast(stage))
        clients = {name: await cast.client(name) for name in BANKS}
        for name, client in clients.items():
            await client.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS[name].customer))
        yield Ledger(cast, clients, await rehearsal.ready(cast, FUNDS))


async def once(ask: Callable[[], Awaitable[T]], holds: Callable[[T], bool]) -> T:
    """Ask until an answer shows what must come: another organisation's read model follows a moment later."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                answer = await ask()
            except WaitanError as error:
                if error.code != "NOT_FOUND":
                    raise
            else:
                if holds(answer):
                    return answer
            await asyncio.sleep(0.02)


def _stage(members: Mapping[str, Member], ports: Mapping[str, int]) -> Stage:
    doors = {name: Endpoints(grpc=f"localhost:{port}", http="", courier="") for name, port in ports.items()}
    return Stage(NETWORK, members, doors)
