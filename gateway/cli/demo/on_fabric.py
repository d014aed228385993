"""The network on which `waitan demo --network` plays: whether it is there, and has the day's organisations."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gateway.cli.copying import seeing
from gateway.cli.fabric import network
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.session import failure_of
from gateway.client import WaitanError
from gateway.development.data_directory import DataDirectory, NoNetworkError
from gateway.development.members import SHANGHAI, Profile
from gateway.development.stage import Stage, that_runs
from network.ground import Standing
from network.nodes import Build


@contextmanager
def stage(path: Path) -> Iterator[Stage]:
    """Give the network of a directory, and turn what stops the day on it into a `Failure`."""
    directory = DataDirectory(path)
    if not directory.exists:
        with network.told():
            Standing.read(Build(path))
    try:
        _require_the_days(directory.description().organisations, path)
        yield that_runs(directory)
    except NoNetworkError as error:
        raise Failure(
            Exit.UNREACHABLE, f"The network in {path} cannot be read: {error}.", do=f"See: {seeing(directory)}"
        ) from None
    except WaitanError as error:
        raise failure_of(error, "an organisation", str(path), start=seeing(directory)) from None


def lacking(organisations: Sequence[Profile]) -> list[Profile]:
    """Give those that are not there of the organisations whose messages and shipments make the day."""
    there = {(each.participant, each.kind, each.bic) for each in organisations}
    return [each for each in SHANGHAI if (each.participant, each.kind, each.bic) not in there]


def _require_the_days(organisations: Sequence[Profile], path: Path) -> None:
    if absent := lacking(organisations):
        named = ", ".join(f"{each.participant} ({each.bic or each.kind.value})" for each in absent)
        raise usage(
            f"The demo's day needs {named}, and the network in {path} has none of that name, kind and BIC.",
            do="Play it on a network whose description names them, as the usual one does; or pay: waitan pay --help",
        )
