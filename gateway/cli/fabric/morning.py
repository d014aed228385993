"""The first morning of a network on Fabric: the ledger is founded, all are taken on board and funded, the day opens.

Founding is for nobody's door: it is done here, by gateways in this process that end before those with doors begin. What
is there already is left as it is.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from gateway.app import Gateway
from gateway.cli.fabric.answering import all_answer, askers
from gateway.cli.failures import Exit, Failure
from gateway.cli.up import PURSE
from gateway.development.data_directory import DataDirectory
from gateway.development.members import RefusedError
from gateway.development.morning import prepare, today
from gateway.ledger.port import LedgerUnreachableError, OutcomeUnknownError
from gateway.serving import running
from network.ground import Ground
from network.topology import Kind, Topology


async def begin(ground: Ground, topology: Topology) -> None:
    """Found the ledger and begin the day; raises `Failure` and `NetworkFault`."""
    path = ground.build.path
    funds = {bank.name: PURSE for bank in topology.of_kind(Kind.BANK)}
    try:
        async with desks(ground, topology) as gateways:
            await prepare(gateways, DataDirectory(path).members(), funds=funds, date=today())
    except RefusedError as error:
        raise Failure(Exit.REFUSED, f"The ledger does not let the day begin: {error}.") from None
    except (LedgerUnreachableError, OutcomeUnknownError) as error:
        raise Failure(
            Exit.UNREACHABLE,
            f"The ledger does not take what begins the day: {str(error) or 'no answer in time'}.",
            do=f"See: {ground.build.command('status')}; then the same again.",
        ) from None


@asynccontextmanager
async def desks(ground: Ground, topology: Topology) -> AsyncIterator[dict[str, Gateway]]:
    """Run all organisations' gateways here, without doors, once their peers answer and they follow the ledger."""
    asked = askers(ground, topology)
    await all_answer(ground.build, asked)
    gateways: dict[str, Gateway] = {}
    async with AsyncExitStack() as stack:
        for each in asked:
            opened = await stack.enter_async_context(running(each.settings, each.shown))
            gateways[each.settings.participant] = opened.gateway
        # The first block is the channel's own; a gateway that has it is connected.
        await asyncio.gather(*(gateway.follower.reached(0) for gateway in gateways.values()))
        yield gateways
