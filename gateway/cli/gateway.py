"""`waitan gateway`: one organisation's gateway over Fabric, until it is told to stop."""

import asyncio
import signal
from pathlib import Path

from gateway.cli.failures import Exit, Failure
from gateway.cli.say import Say
from gateway.config import ConfigError, load
from gateway.credentials import Credentials, read
from gateway.operation import logs, memory, open_files
from gateway.serving import ListenError, Opened, doors, running
from gateway.settings import Config


def check(say: Say, file: Path) -> None:
    """Read the settings and all files that they name, and say so."""
    config, _ = _settings(file)
    say.event({"checked": True, "participant": config.participant, "network": config.network})
    say.line(f"{file}: the settings of {config.participant}'s gateway on {config.network} are in order.", style="green")


async def serve(say: Say, file: Path) -> None:
    """Serve until SIGINT or SIGTERM; then finish what is under way."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    config, credentials = _settings(file)
    logs.configure(config.log.level, config.log.format)
    open_files.allow_many()
    try:
        async with running(config, credentials) as gateway, doors(config, credentials, gateway) as opened:
            _ready(say, config, opened)
            memory.settle()
            await stopped.wait()
            say.line("Stopping: what is under way is finished first.")
            await gateway.drain(config.operation.drain_s)
    except ListenError as error:
        raise Failure(
            Exit.UNREACHABLE, f"{error}.", where=error.where, do="Stop what listens there, or choose another port"
        ) from None
    except OSError as error:
        raise Failure(
            Exit.UNREACHABLE,
            f"{error.filename or config.data} cannot be written ({error.strerror}).",
            where="data",
            do="Mend its permissions, or name another directory",
        ) from None


def _settings(file: Path) -> tuple[Config, Credentials]:
    try:
        config = load(file)
        return config, read(config)
    except ConfigError as error:
        raise Failure(Exit.USAGE, error.sentence, where=error.where, do=error.do) from None


def _ready(say: Say, config: Config, opened: Opened) -> None:
    """Say where the doors are; a program waits for this."""
    say.event({"ready": True, "participant": config.participant, **opened._asdict()})
    say.line(
        f"{config.participant}'s gateway on {config.network}: gRPC {config.grpc.listen}, HTTP {config.http.listen}."
    )
    if opened.operation is not None:
        say.line(f"Metrics and health: {config.operation.listen}.")
    if opened.courier is not None:
        say.line(f"Courier of all organisations: {config.courier.listen}.")
    say.line("Ready.", style="green")
