"""The first morning of a network on Fabric: the ledger is founded, all are taken on board and funded, the day opens.

Founding is for nobody's door: it is done here, by gateways in this process that end before those with doors begin. What
is there already is left as it is.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec

from gateway import config, credentials
from gateway.app import Gateway
from gateway.cli.failures import Exit, Failure
from gateway.cli.up import PURSE
from gateway.development.data_directory import DataDirectory
from gateway.development.members import RefusedError
from gateway.development.morning import prepare, today
from gateway.fabric_client import EvaluateError, Peer
from gateway.fabric_client import Gateway as Access
from gateway.ledger.port import LedgerUnreachableError, OutcomeUnknownError
from gateway.serving import running
from gateway.settings import Config, CourierSettings
from network import doors
from network.nodes import Build, Site
from network.topology import Kind, Topology

BEGIN_S: Final = 60.0
"""How long the peers may take until they answer queries: gossip has to find the endorsers."""
ABOUT: Final = "about"
"""The query that every certificate may ask."""
_PAUSE_S: Final = 0.2


async def begin(build: Build, topology: Topology) -> None:
    """Found the ledger and begin the day; raises `Failure`."""
    directory = DataDirectory(build.path)
    names = [each.name for each in topology.organisations]
    funds = {bank.name: PURSE for bank in topology.of_kind(Kind.BANK)}
    try:
        async with desks(build, topology, names) as gateways:
            await prepare(gateways, directory.members(), funds=funds, date=today())
    except RefusedError as error:
        raise Failure(Exit.REFUSED, f"The ledger does not let the day begin: {error}.") from None
    except (LedgerUnreachableError, OutcomeUnknownError) as error:
        raise Failure(
            Exit.UNREACHABLE,
            f"The ledger does not take what begins the day: {str(error) or 'no answer in time'}.",
            do=f"See: waitan network status --dir {build.path}; then the same again.",
        ) from None


@asynccontextmanager
async def desks(build: Build, topology: Topology, names: Iterable[str]) -> AsyncIterator[dict[str, Gateway]]:
    """Run some organisations' gateways here, without doors, once their peers answer and they follow the ledger."""
    gateways: dict[str, Gateway] = {}
    async with AsyncExitStack() as stack:
        for name in names:
            # Each carries its own lists: the courier's door is not open yet.
            settings = msgspec.structs.replace(_settings(build, topology, name), courier=CourierSettings())
            shown = credentials.read(settings)
            await answering(settings, shown)
            gateways[name] = (await stack.enter_async_context(running(settings, shown))).gateway
        # The first block is the channel's own; a gateway that has it is connected.
        await asyncio.gather(*(gateway.follower.reached(0) for gateway in gateways.values()))
        yield gateways


def _settings(build: Build, topology: Topology, name: str) -> Config:
    """Give a gateway's settings as this machine sees the network, whatever its nodes run in."""
    text = doors.settings(Site(build.path), topology, topology.organisation(name))
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        return config.load(Path(file.name), {})


async def all_answering(build: Build, topology: Topology) -> None:
    """Wait until every organisation's own peer finds its way to the contracts; raises `LedgerUnreachableError`."""
    for each in topology.organisations:
        settings = _settings(build, topology, each.name)
        await answering(settings, credentials.read(settings))


async def answering(settings: Config, shown: credentials.Credentials) -> None:
    """Wait until a query through the organisation's own first peer is answered, by an authority's chaincode."""
    own = settings.fabric.peers[0]
    peer = Peer.at(own.address, shown.peers[0], server_name=own.name or None)
    contract = Access(peer, shown.creator, shown.signer).contract(settings.network, settings.fabric.chaincode)
    last: EvaluateError | None = None
    try:
        async with asyncio.timeout(BEGIN_S):
            while True:
                try:
                    await contract.evaluate(ABOUT, organisations=settings.fabric.endorsers[:1])
                except EvaluateError as error:
                    last = error
                    await asyncio.sleep(_PAUSE_S)
                else:
                    return
    except TimeoutError:
        raise LedgerUnreachableError(f"{peer.name} does not answer queries: {last}") from None
    finally:
        await peer.close()
