"""Where the day is played: on a network of its own in this process, or on one that runs and is met at its doors."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final, NamedTuple

from gateway.app import wall_clock_ms
from gateway.development.data_directory import DataDirectory, Endpoints
from gateway.development.members import Member
from gateway.development.morning import Funds, prepare
from gateway.development.process import consecutive, doors, running

FUNDS: Final[Funds] = {
    "banksh": {
        "CNY": "12000000.00",
        "JPY": "40000000",
        "TRY": "15000000.00",
        "BHD": "300000.000",
        "EUR": "4000000.00",
    },
    "bankist": {
        "CNY": "15000000.00",
        "JPY": "300000000",
        "TRY": "10000000.00",
        "BHD": "600000.000",
        "EUR": "1200000.00",
    },
}
"""What the banks begin the demo's day with."""


class Stage(NamedTuple):
    """A network as its clients know it: its name, its organisations with their keys, and where their gateways are.

    `clock` gives its time, milliseconds since 1970.
    """

    network: str
    members: Mapping[str, Member]
    doors: Mapping[str, Endpoints]
    clock: Callable[[], int] = wall_clock_ms


@asynccontextmanager
async def of_its_own(
    directory: DataDirectory, funds: Funds, date: str, *, clock: Callable[[], int] = wall_clock_ms
) -> AsyncIterator[Stage]:
    """Begin a network in a directory, fund its banks and open the day; its gateways end with this.

    `clock` gives milliseconds since 1970; certificates are made as of its time.
    """
    directory.create(now=datetime.fromtimestamp(clock() / 1000, UTC))
    async with running(directory, clock) as network:
        await prepare(network.gateways, network.members, funds=funds, date=date)
        async with doors(network, directory, consecutive(network.members, 0, 0)) as opened:
            yield Stage(directory.description().network, network.members, opened, clock)


def that_runs(directory: DataDirectory) -> Stage:
    """Find a network that runs by its directory; raises `NoNetworkError`."""
    members = directory.members()
    opened = {name: directory.endpoints(name) for name in members}
    return Stage(directory.description().network, members, opened)
