"""Gateways over a world's ledger, for what needs several callers at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.app import Gateway
from gateway.ledger.courier import LocalCourier
from gateway.ledger.embedded import EmbeddedNetwork
from tests.world import World


@asynccontextmanager
async def gateways(world: World, directory: Path, *names: str) -> AsyncIterator[dict[str, Gateway]]:
    """Open the gateways of some organisations; the world's ledger is closed with them."""
    world.is_closed = True
    network = EmbeddedNetwork(world.ledger)
    courier = LocalCourier(network.client("clearing", world.service("clearing"), world.clock))
    opened = {
        name: Gateway(
            participant=name,
            ledger=network.client(name, world.service(name), world.clock),
            courier=courier,
            credential=world.service(name),
            directory=directory,
            clock=world.clock,
        )
        for name in names
    }
    try:
        for gateway in opened.values():
            await gateway.start()
            await gateway.follower.reached(world.ledger.height - 1)
        yield opened
    finally:
        for gateway in opened.values():
            await gateway.close()
        await network.close()
