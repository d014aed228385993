"""`waitan network status`, `restart`, `logs`: the processes of a network, and who watches over them."""

import asyncio
from pathlib import Path
from typing import Final

from gateway.cli.fabric.network import build_of, ground_of, told
from gateway.cli.failures import Exit, Failure, nearest, usage
from gateway.cli.say import Say, marked
from network import raising, render
from network.ground import Ground, State
from network.keeping import KEEPER, keeper_log, stop_keeper
from network.lock import held
from network.nodes import LOOPBACK, Build, Part

_COLOURS: Final = {State.UP: "green", State.STARTING: "yellow", State.HUNG: "yellow", State.DOWN: "red"}


async def status(say: Say, named: Path | None) -> None:
    """Say how everything is; fails where anything is not up."""
    build = build_of(named)
    with told():
        ground, topology = ground_of(build), render.read_topology(build)
        found = await raising.status(ground, topology)
        sequence, version, _ = await raising.committed(ground, topology)
    rows = await asyncio.gather(*(_row(each) for each in found))
    if (keeper := ground.keeper()) is not None:
        rows.append({"name": KEEPER, "state": keeper.value})
    unwell = [row["name"] for row in rows if row["state"] != State.UP or row.get("health", "serves") != "serves"]
    told_json = {"nodes": rows, "sequence": sequence, "version": version}
    say.table(("", "", "port", "blocks", "health"), [_cells(row) for row in rows], right=("blocks",))
    say.line()
    say.line(f"Contracts: sequence {sequence} ({version})." if sequence else "No contracts are known to be deployed.")
    if unwell:
        raise Failure(
            Exit.UNREACHABLE,
            f"Not well: {', '.join(map(str, unwell))}.",
            do=_remedy(build, rows, str(unwell[0])),
            also=told_json,
        )
    say.result(told_json)


def _remedy(build: Build, rows: list[dict[str, object]], first: str) -> str:
    """Say what brings back what hangs, and what is down."""
    hung = [row["name"] for row in rows if row["state"] == State.HUNG]
    down = any(row["state"] == State.DOWN for row in rows)
    again = f"restart {hung[0]}" if len(hung) == 1 else "up"
    steps = [f"end what hangs and start it again: {build.command(again)}"] if hung else []
    steps += [f"start what is down: {build.command('up')}"] if down else []
    if any(row["state"] == State.STARTING for row in rows):
        steps.append(f"wait for what starts: {build.command('up')}")
    told = "; ".join([*steps, f"what it says: {build.command(f'logs {first}')}"])
    return told[0].upper() + told[1:]


async def _row(told: raising.Told) -> dict[str, object]:
    """Say of one process how it is; of a gateway, what it says of its health."""
    node = told.node
    row: dict[str, object] = {"name": node.name, "state": told.state.value, "port": node.port}
    if told.height is not None:
        row["height"] = told.height
    if node.part is Part.GATEWAY:
        row["health"] = await _health(told)
    return row


def _cells(row: dict[str, object]) -> tuple[str, ...]:
    colour = _COLOURS[State(str(row["state"]))]
    name, state = marked("[bold]{}[/]", str(row["name"])), marked(f"[{colour}]{{}}[/]", str(row["state"]))
    return name, state, str(row.get("port", "")), str(row.get("height", "")), str(row.get("health", ""))


async def _health(told: raising.Told) -> str:
    """Ask a gateway how it is, as a machine that watches would."""
    import aiohttp

    url = f"http://{LOOPBACK}:{told.node.http_port}/healthz"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session,
            session.get(url) as response,
        ):
            return "serves" if response.ok else "does not serve"
    except (aiohttp.ClientError, TimeoutError):
        return "does not answer"


async def restart(say: Say, named: Path | None, name: str) -> None:
    """End one process, whatever it does, and start it again."""
    build = build_of(named)
    with told():
        ground = ground_of(build)
        with held(build, "waitan network restart"):
            topology = render.read_topology(build)
            nodes = {node.name: node for node in ground.site.nodes(topology)}
            _require_known(name, [*nodes, *_watching(ground)])
            if name == KEEPER:
                await stop_keeper(build)
                ground.keep()
            else:
                await raising.restart(ground, topology, nodes[name])
    say.result({"restarted": name})
    say.line(f"{name} is started again.", style="green")


def _watching(ground: Ground) -> list[str]:
    return [] if ground.keeper() is None else [KEEPER]


def _require_known(name: str, names: list[str]) -> None:
    if name not in names:
        raise usage(
            f"Nothing here is called {name}.", do=f"{nearest(name, names)} There are: {', '.join(names)}.".strip()
        )


async def logs(say: Say, named: Path | None, name: str | None, lines: int) -> None:
    """Show the last lines of a node's log, or of every node's."""
    build = build_of(named)
    with told():
        ground, topology = ground_of(build), render.read_topology(build)
        names = [*(node.name for node in ground.site.nodes(topology)), *_watching(ground)]
    if name is not None:
        _require_known(name, names)
    with told():
        found = {
            each: keeper_log(build, lines) if each == KEEPER else list(ground.log(each, lines))
            for each in ([name] if name else names)
        }
    say.result({"logs": found})
    for each, last in found.items():
        if name is None:
            say.line()
            say.line(each, style="bold")
        for line in last:
            say.line(line, wrap=False)
