"""`waitan network up`, `deploy`, `down`: a Fabric network on this machine."""

import asyncio
import shlex
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, NamedTuple

from gateway.cli.copying import waitan
from gateway.cli.fabric.entering import require_enterable
from gateway.cli.fabric.places import build_path
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say, marked
from gateway.config import ConfigError
from gateway.development.data_directory import DataDirectory, Endpoints, NoNetworkError
from gateway.operation import logs as logging
from network import deploy as deploying
from network import lent_ports, ownership, raising, render
from network.binaries import Binaries
from network.docker import Docker
from network.faults import DaemonAbsent, DescriptionFault, NetworkFault
from network.ground import DOCKER, Ground, Standing, State
from network.keeping import KEEPER
from network.lock import held
from network.native import Native
from network.nodes import LOOPBACK, Build, gateway
from network.processes import require_linux
from network.topology import Consensus, Kind, Topology

_LINES: Final = {"raft": (Consensus.RAFT, Consensus.RAFT3), "bft": (Consensus.BFT,)}
"""The lines of a description among which `--consensus` chooses, and `--orderers` by how many owners they name."""


class Choices(NamedTuple):
    """What `waitan network up` was told; None, 0 and False for what was not said."""

    native: bool = False
    docker: bool = False
    binaries: Path | None = None
    consensus: str | None = None
    orderers: int | None = None
    base_port: int = 0


def build_of(named: Path | None) -> Build:
    """Give the build directory that was named, else the usual one."""
    return Build(build_path(named))


@contextmanager
def told() -> Iterator[None]:
    """Turn what is wrong with a network, its settings or its keys into a `Failure`."""
    try:
        yield
    except DescriptionFault as fault:
        raise usage(fault.sentence, do=fault.do) from None
    except NetworkFault as fault:
        raise Failure(Exit.UNREACHABLE, fault.sentence, do=fault.do, details=fault.details) from None
    except NoNetworkError as error:
        raise Failure(Exit.UNREACHABLE, f"{error}.") from None
    except ConfigError as error:
        # The settings were made here; what they name can be damaged or gone.
        raise Failure(
            Exit.UNREACHABLE,
            error.sentence,
            where=error.where,
            do=f"{error.do or 'Restore it from a copy'}; then the same again.",
        ) from None
    except OSError as error:
        raise Failure(
            Exit.UNREACHABLE,
            f"{error.filename or 'A file'} cannot be written or read ({error.strerror}).",
            do="Mend its permissions, or name another directory: --dir BUILD",
        ) from None


def ground_of(build: Build, binaries: Path | None = None) -> Ground:
    """Find what a network stands on, its programs where they were unless others are named; raises `NetworkFault`."""
    standing = Standing.read(build)
    if standing.ground == DOCKER:
        return Docker(build)
    return Native(build, Binaries.find(binaries or Path(standing.binaries)))


async def up(say: Say, named: Path | None, described: Path | None, choices: Choices) -> None:
    """Bring a network up, and say where everything is."""
    # What gateways here meet while others begin is not for who waits for a network; what stops it is told.
    logging.configure(logging.Level.ERROR)
    started = time.monotonic()
    build = build_of(named)
    with told():
        ownership.require_usable(build)
        topology = wanted(build, described, choices)
        ground = _ground(build, choices)
        for each in topology.organisations:
            require_enterable(each, do="Mend the description.")
        with held(build, "waitan network up"):
            topology = await raising.prepare(ground, topology)
            _certify_people(build)
            warn_of_lent_ports(say, topology.ports)
            with _breaking_off(say, build):
                if hung := await raising.end_hung(ground, topology):
                    say.line(f"What hangs is ended, to be started again: {', '.join(hung)}.", style="yellow")
                deployed = await raising.raise_fabric(ground, topology, lambda text: say.line(f"{text} ..."))
                await _begin(say, ground, topology)
            hung = await raising.hanging(ground, ground.site.nodes(topology))
            hung += [peer.name for peer in deployed.absent if peer.name not in hung]
    took_s = time.monotonic() - started
    ready = _ready(build, topology, deployed, took_s)
    if hung:
        raise Failure(
            Exit.UNREACHABLE,
            f"All is started, and this gives no answer since: {', '.join(hung)}.",
            do=f"What it says: {build.command(f'logs {hung[0]}')}; then start it again: {build.command('up')}",
            also={**ready, "ready": False, "hung": hung},
        )
    say.result(ready)
    _tell_ready(say, build, topology, deployed, took_s)


def warn_of_lent_ports(say: Say, ports: Iterable[int]) -> None:
    """Say where a port may be somebody's connection when its node wants it."""
    if risk := lent_ports.warning(ports):
        say.line(risk, style="yellow")


@contextmanager
def _breaking_off(say: Say, build: Build) -> Iterator[None]:
    """Say to who breaks a start off (Ctrl-C) what is left: processes live on without this one."""
    try:
        yield
    except asyncio.CancelledError:
        say.line("Broken off. What was started runs on: the same again goes on from there.", style="yellow")
        say.line(f"To end it: {build.command('down')}", wrap=False)
        raise


def _certify_people(build: Build) -> None:
    """Certify those who act on the ledger and have no certificate yet: the network itself knows none of them."""
    DataDirectory(build.path).members()


def wanted(build: Build, described: Path | None, choices: Choices) -> Topology:
    """Give the network that is asked for: of one that is there, what it is in all that is not said."""
    is_there = ownership.is_whole(build) or ownership.has_run(build)
    kept = render.read_topology(build) if is_there else None
    topology = kept if kept and described is None else Topology.read(described)
    if kept and choices.consensus is None and choices.orderers is None:
        line = kept.consensus
    else:
        line = chosen_line(choices, topology)
    first_port = kept.first_port if kept and described else 0
    return topology.started(line, choices.base_port or first_port)


def _ground(build: Build, choices: Choices) -> Ground:
    if not choices.native and not choices.docker and Standing.found(build):
        return ground_of(build, choices.binaries)
    if choices.native == choices.docker:
        raise usage("Is the network to be processes or containers?", do="Say --native --bin DIR, or --docker.")
    if choices.docker:
        return Docker(build)
    require_linux()
    if choices.binaries is None:
        raise usage(
            "Where are Fabric's programs?",
            do="Unpack the release archive of Fabric 3.1 or later, and name where: --bin DIR",
        )
    return Native(build, Binaries.find(choices.binaries))


def chosen_line(choices: Choices, described: Topology) -> Consensus:
    """Choose the line of the description: its own, the first of a kind, or the one that names so many orderers."""
    if choices.consensus is None and choices.orderers is None:
        return described.consensus
    counts = {each: len(described.orderers[each]) for each in Consensus if each in described.orderers}
    kind = choices.consensus or next(kind for kind, lines in _LINES.items() if described.consensus in lines)
    lines = [each for each in _LINES.get(kind, ()) if choices.orderers in (None, counts.get(each))]
    if not lines:
        there = [
            f"--consensus {kind} --orderers {counts[each]}"
            for kind in _LINES
            for each in _LINES[kind]
            if each in counts
        ]
        raise usage(
            f"There is no consensus {kind} of {choices.orderers or 'its usual number of'} orderers.",
            do=f"Say one of {'; '.join(there)}, or write another into a description of your own (--topology).",
        )
    return lines[0]


async def _begin(say: Say, ground: Ground, topology: Topology) -> None:
    """Found the ledger and begin the day, where that is not done, and open the gateways' doors."""
    from gateway.cli.fabric.morning import begin

    running = await ground.states([gateway(each) for each in topology.organisations])
    if set(running.values()) == {State.DOWN}:
        say.line("Founding the ledger and opening the day ...")
        await begin(ground, topology)
    say.line("Starting the gateways ...")
    try:
        await raising.raise_gateways(ground, topology)
    finally:
        ground.keep()


def _doors(build: Build, topology: Topology) -> dict[str, Endpoints]:
    directory = DataDirectory(build.path)
    return {each.name: directory.endpoints(each.name) for each in topology.organisations}


def _ready(build: Build, topology: Topology, deployed: deploying.Deployed, took_s: float) -> dict[str, Any]:
    """Give what `--json` tells of a network that is up."""
    doors = _doors(build, topology)
    return {
        "ready": True,
        "data": str(build.path),
        "consensus": topology.consensus.value,
        "sequence": deployed.sequence,
        "took_s": round(took_s, 1),
        "organisations": {name: {"grpc": door.grpc, "http": door.http} for name, door in doors.items()},
        **not_yet(deployed),
    }


def _tell_ready(say: Say, build: Build, topology: Topology, deployed: deploying.Deployed, took_s: float) -> None:
    directory, doors = DataDirectory(build.path), _doors(build, topology)
    say.line()
    say.table(
        ("organisation", "", "gRPC, mutual TLS", "HTTP", "peer"),
        [
            (
                marked("[bold]{}[/]", each.name),
                each.title,
                doors[each.name].grpc,
                doors[each.name].http.removeprefix("http://"),
                f"{LOOPBACK}:{each.first_port}",
            )
            for each in topology.organisations
        ],
    )
    say.line()
    say.line(
        f"{topology.consensus.value} with {raising.counted(len(topology.orderer_owners), 'orderer')}, contracts at"
        f" sequence {deployed.sequence}, ready in {took_s:.0f} s. All of it lies in {build.path}."
    )
    tell_not_yet(say, build, deployed)
    say.line()
    _try(say, directory, topology)
    say.line()
    say.line(f"It runs on until: {build.command('down')}", style="green", wrap=False)


def _try(say: Say, directory: DataDirectory, topology: Topology) -> None:
    """Say what can be done next: a payment takes two banks, the demo those of its day."""
    from gateway.cli.demo.on_fabric import lacking

    say.line("Try:", style="bold")
    payer, *others = topology.of_kind(Kind.BANK)
    if others:
        pay = f"pay --from {payer.name} --to {others[0].name} 1000.00 CNY"
        say.line(f"  {waitan(pay, directory)}", wrap=False)
    say.line(f"  {waitan('account list', directory)}", wrap=False)
    if not lacking(directory.description().organisations):
        say.line(f"  waitan demo --network --dir {shlex.quote(str(directory.path))}", wrap=False)


async def deploy(say: Say, named: Path | None) -> None:
    """Bring the definition on the channel to what the build directory says, and wait until all peers find it."""
    from gateway.cli.fabric.answering import all_answer, askers

    build = build_of(named)
    with told():
        ground = ground_of(build)
        with held(build, "waitan network deploy"):
            topology = render.read_topology(build)
            done = await deploying.deploy(ground, topology)
            ground.keep()
            await all_answer(build, askers(ground, topology), without={peer.name for peer in done.absent})
    say.result({"sequence": done.sequence, "version": done.version, "changed": done.changed, **not_yet(done)})
    what = "is now deployed" if done.changed else "was deployed already: nothing is changed"
    say.line(f"Sequence {done.sequence} ({done.version}) {what}.")
    tell_not_yet(say, build, done)


def not_yet(deployed: deploying.Deployed) -> dict[str, list[str]]:
    """Give who could not be asked, as a command's object tells it; nothing where nobody is behind."""
    told = {"not_approved": deployed.unapproved, "not_installed": deployed.unasked}
    return {name: list(those) for name, those in told.items() if those}


def tell_not_yet(say: Say, build: Build, deployed: deploying.Deployed) -> None:
    """Say whom a deployment went past, and what brings them along."""
    behind = [f"{name} has not approved sequence {deployed.sequence} yet" for name in deployed.unapproved]
    behind += [f"{name} may not have the contracts' package yet" for name in deployed.unasked]
    if behind:
        say.line(f"{'; '.join(behind)}: no answer there. What is deployed holds without.", style="yellow")
        say.line(f"Once it is up again, this brings it along: {build.command('deploy')}", style="yellow", wrap=False)


async def down(say: Say, named: Path | None, *, volumes: bool) -> None:
    """Stop what runs and, with `volumes`, remove all that was made; never fails for what is not there."""
    build = build_of(named)
    with told():
        is_there, left = ownership.is_a_networks(build), ownership.Left()
        with held(build, "waitan network down") if is_there else nullcontext():
            stopped = await _stop(say, build, removes=volumes)
            if is_there and volumes:
                left = ownership.remove(build)
    say.result({"stopped": stopped, "removed": is_there and volumes})
    if stopped or is_there:
        say.line(f"Stopped: {raising.counted(len(stopped), 'process', 'processes')}." if stopped else "Nothing ran.")
    if not is_there:
        say.line(f"There is no network in {build.path}.", wrap=False)
    elif volumes:
        _removed(say, build, left)


def _removed(say: Say, build: Build, left: ownership.Left) -> None:
    say.line(f"Ledger, keys and settings in {build.path} are removed.", wrap=False)
    for name, target in left.links:
        say.line(f"What {name} led to is left: {target}", style="yellow", wrap=False)
    if left.others:
        others = ", ".join(left.others)
        say.line(f"{build.path} holds other files, and these are left: {others}.", style="yellow", wrap=False)


async def _stop(say: Say, build: Build, *, removes: bool) -> list[str]:
    """Stop a network, also one whose build directory is half made: processes are known by their marks.

    Where there is no daemon, no container runs on this machine, and keys and ledger can be removed. One that runs and
    does not answer may have containers that write them.
    """
    from network.processes import is_linux, stop

    stopped = await stop(build.path, first=(KEEPER,)) if is_linux() else []
    if Standing.found(build) == DOCKER:
        try:
            stopped += await Docker(build).stop()
        except DaemonAbsent as fault:
            if not removes:
                raise
            say.line(f"{fault.sentence} So no container of this network runs here.")
    return stopped
