"""`waitan up`: a whole network on this machine, until it is told to stop."""

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from gateway.auth.scopes import Scope
from gateway.cli.copying import waitan
from gateway.cli.failures import usage
from gateway.cli.say import Say, marked
from gateway.cli.serving import told
from gateway.cli.whereabouts import require_not_on_fabric
from gateway.development import stage
from gateway.development.data_directory import DataDirectory, Endpoints
from gateway.development.members import SHANGHAI
from gateway.development.morning import OFFICER, Funds, prepare, today
from gateway.development.process import HOST, Network, consecutive, doors, operation_door, require_free, running
from gateway.operation import logs, memory, open_files
from gateway.traders.tokens import mint
from settlement.day import BusinessDay

PURSE: Final = {
    "CNY": "50000000.00",
    "JPY": "1000000000",
    "TRY": "50000000.00",
    "BHD": "1500000.000",
    "EUR": "10000000.00",
}
"""What each bank begins with."""
DESK_OF: Final = "banksh"
"""At whose desk a browser shows what happens."""
FUNDS: Final[Funds] = {"banksh": PURSE, "bankist": PURSE}


class Choices(NamedTuple):
    """What `waitan up` was told: the first port of each kind, and that of metrics and health, 0 for any.

    `demo_pace_s`: how many seconds apart the demo's messages come; None: none.
    """

    grpc_port: int
    http_port: int
    operation_port: int = 0
    demo_pace_s: float | None = None


async def serve(say: Say, data: Path | None, choices: Choices) -> None:
    """Start the network, say where it is, and serve until SIGINT or SIGTERM."""
    logs.configure()
    open_files.allow_many()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    _require_apart(choices.grpc_port, choices.http_port)
    directory = DataDirectory.chosen(data)
    require_not_on_fabric(directory, "waitan network up")
    with told(directory):
        await _serve(say, directory, choices, stopped)


def _require_apart(grpc_port: int, http_port: int) -> None:
    """Each organisation takes the next port of each kind, so the two ranges may not meet."""
    if grpc_port and http_port and abs(grpc_port - http_port) < len(SHANGHAI):
        raise usage(
            f"The gRPC ports from {grpc_port} and the HTTP ports from {http_port} overlap: each kind takes"
            f" {len(SHANGHAI)} in a row.",
            do="Choose them further apart: waitan up --grpc-port 7201 --http-port 8201",
        )


async def _serve(say: Say, directory: DataDirectory, choices: Choices, stopped: asyncio.Event) -> None:
    if not directory.exists:
        directory.create()
        say.line(f"A new network in {directory.path}.")
    ports = consecutive(directory.members(), choices.grpc_port, choices.http_port)
    require_free(ports)
    async with running(directory) as network:
        await prepare(network.gateways, network.members, funds=_funds(choices), date=today())
        async with (
            operation_door(network, choices.operation_port) as watched,
            doors(network, directory, ports) as opened,
        ):
            _ready(say, directory, network, opened, watched)
            memory.settle()
            async with _playing(say, directory, choices.demo_pace_s):
                await stopped.wait()
            network.health.stop()
            say.line("Stopping: what is under way is finished first.")


def _funds(choices: Choices) -> Funds:
    """Give what each bank begins with: with a demo what its messages count on."""
    if choices.demo_pace_s is None:
        return FUNDS
    return stage.FUNDS


@asynccontextmanager
async def _playing(say: Say, directory: DataDirectory, pace_s: float | None) -> AsyncIterator[None]:
    """Play the demo's day meanwhile, if that was asked for."""
    if pace_s is None:
        yield
        return
    from gateway.cli.demo.live import played_meanwhile

    async with played_meanwhile(say, directory, pace_s=pace_s):
        yield


def _ready(say: Say, directory: DataDirectory, network: Network, opened: Mapping[str, Endpoints], watched: int) -> None:
    """Say where everything is; a program waits for this."""
    days = network.gateways["clearing"].queries.records(BusinessDay)
    organisations = {
        name: {
            "grpc": endpoints.grpc,
            "http": endpoints.http,
            **({"courier": endpoints.courier} if endpoints.courier else {}),
            "name": network.members[name].profile.name,
        }
        for name, endpoints in opened.items()
    }
    say.event(
        {
            "ready": True,
            "data": str(directory.path),
            "operation": f"http://{HOST}:{watched}",
            "organisations": organisations,
            "pages": {"url": f"{opened[DESK_OF].http}/", "token": _desk_token(network)},
            "days": {day.currency: {"date": day.date, "state": day.state.value} for day in days},
        }
    )
    _doors(say, network, opened, watched)
    dates = ", ".join(sorted({day.date for day in days}))
    say.line()
    say.line(f"Business day {dates} in {', '.join(day.currency for day in days)}. Data in {directory.path}.")
    say.line()
    say.line("Try in another terminal:", style="bold")
    program = "waitan" if shutil.which("waitan") else sys.argv[0]
    for words in ("pay --from banksh --to bankist 1000.00 CNY", "account list"):
        say.line(f"  {waitan(words, directory, program=program)}", wrap=False)
    say.line(f"  {program} why AM04", wrap=False)
    _pages(say, directory, network, opened, program)
    say.line()
    say.line("Ready. Ctrl-C stops it.", style="green")


def _doors(say: Say, network: Network, opened: Mapping[str, Endpoints], watched: int) -> None:
    """Say where each organisation's doors are, and where the couriers, the metrics and the health."""
    say.line()
    say.table(
        ("organisation", "", "gRPC, mutual TLS", "HTTP"),
        [
            (
                marked("[bold]{}[/]", name),
                network.members[name].profile.name,
                endpoints.grpc,
                endpoints.http.removeprefix("http://"),
            )
            for name, endpoints in opened.items()
        ],
    )
    carrying = [f"{name} {each.courier}" for name, each in opened.items() if each.courier]
    say.line()
    say.line(f"Couriers, for gateways of other processes: {', '.join(carrying)}.")
    say.line(f"Metrics and health: http://{HOST}:{watched}/metrics, /healthz, /readyz.")


def _pages(say: Say, directory: DataDirectory, network: Network, opened: Mapping[str, Endpoints], program: str) -> None:
    """Say where a browser shows it, with what one signs in, and how others do."""
    say.line()
    say.line(f"Watch it in a browser, at {network.members[DESK_OF].profile.name}'s desk:", style="bold")
    say.line(f"  {opened[DESK_OF].http}/", wrap=False)
    say.line("  Sign in with this token, which holds for an hour:")
    say.line(f"  {_desk_token(network)}", wrap=False)
    say.line("  As a customer of the bank, or at clearing's or the regulator's own address:")
    for words in (f"token --at {DESK_OF}", "token --at clearing", "token --at regulator"):
        say.line(f"  {waitan(words, directory, program=program)}", wrap=False)


def _desk_token(network: Network) -> str:
    return mint(
        network.members[DESK_OF].service.key,
        network=network.gateways[DESK_OF].network,
        participant=DESK_OF,
        customer=OFFICER,
        now_s=int(time.time()),
        scope=Scope.DESK,
    )
