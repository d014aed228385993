"""`waitan network ...`: the words. A Fabric network on this machine, from release binaries or in Docker."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Json, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

app = group("A Hyperledger Fabric network on this machine.")

Directory = Annotated[
    Path | None,
    typer.Option("--dir", metavar="BUILD", help="The network's build directory [~/.waitan-fabric]."),
]


@app.command()
def up(
    *,
    native: Annotated[bool, typer.Option("--native", help="Run processes, from Fabric's release binaries.")] = False,
    docker: Annotated[bool, typer.Option("--docker", help="Run containers, from Fabric's official images.")] = False,
    binaries: Annotated[
        Path | None,
        typer.Option(
            "--bin", metavar="DIR", envvar="WAITAN_FABRIC_BIN", show_envvar=True, help="Where peer and orderer are."
        ),
    ] = None,
    consensus: Annotated[
        str | None, typer.Option(metavar="raft|bft", help="How orderers agree. [as described: raft]")
    ] = None,
    orderers: Annotated[
        int | None,
        typer.Option(metavar="N", help="How many orderers, of the numbers that the description has: 1 or 3."),
    ] = None,
    directory: Directory = None,
    base_port: Annotated[
        int, typer.Option(metavar="PORT", help="The first port; each organisation takes twenty. [17100]", min=0)
    ] = 0,
    topology: Annotated[Path | None, typer.Option(metavar="FILE", help="Another description of the network.")] = None,
    json: Json = False,
) -> None:
    """Start a network, deploy the contracts, and begin the business day; again: start what does not run.

    Of a network that is there its directory says what it stands on and how it was made.

    Example: waitan network up --native --bin ~/fabric/bin
    """
    from gateway.cli.fabric import network as work

    say = Say(as_json=json)
    choices = work.Choices(
        native=native, docker=docker, binaries=binaries, consensus=consensus, orderers=orderers, base_port=base_port
    )
    perform(say, lambda: work.up(say, directory, topology, choices))


@app.command()
def deploy(*, directory: Directory = None, json: Json = False) -> None:
    """Bring the contracts' definition up to date; nothing happens where it is.

    Example: waitan network deploy
    """
    from gateway.cli.fabric import network as work

    say = Say(as_json=json)
    perform(say, lambda: work.deploy(say, directory))


@app.command()
def status(*, directory: Directory = None, json: Json = False) -> None:
    """Say how each process is, how many blocks it has, and what is deployed.

    Example: waitan network status
    """
    from gateway.cli.fabric import nodes as work

    say = Say(as_json=json)
    perform(say, lambda: work.status(say, directory))


@app.command()
def restart(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as peer0.banksh, as status names it.")],
    *,
    directory: Directory = None,
    json: Json = False,
) -> None:
    """End one process, also one that hangs, and start it again.

    Example: waitan network restart gateway.customs
    """
    from gateway.cli.fabric import nodes as work

    say = Say(as_json=json)
    perform(say, lambda: work.restart(say, directory, name))


@app.command()
def down(
    *,
    directory: Directory = None,
    volumes: Annotated[bool, typer.Option("--volumes", help="Delete ledger, keys and all else, too.")] = False,
    json: Json = False,
) -> None:
    """Stop a network; with --volumes remove it, half made or whole.

    Example: waitan network down --volumes
    """
    from gateway.cli.fabric import network as work

    say = Say(as_json=json)
    perform(say, lambda: work.down(say, directory, volumes=volumes))


@app.command()
def logs(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Such as peer0.banksh; without one, all.")] = None,
    *,
    directory: Directory = None,
    lines: Annotated[int, typer.Option(metavar="NUMBER", help="How many of the last lines.", min=1)] = 20,
    json: Json = False,
) -> None:
    """Show the last lines of a process's log.

    Example: waitan network logs gateway.banksh
    """
    from gateway.cli.fabric import nodes as work

    say = Say(as_json=json)
    perform(say, lambda: work.logs(say, directory, name, lines))


@app.command()
def add_bank(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its short name, such as bankfra.")],
    *,
    bic: Annotated[str, typer.Option(metavar="BIC", help="Of eleven characters, such as RHEIDEFFXXX.")],
    title: Annotated[str, typer.Option("--name", metavar="TEXT", help="Its full name.")] = "",
    directory: Directory = None,
    base_port: Annotated[
        int, typer.Option(metavar="PORT", help="Its first port; it takes twenty. [those after the last one's]", min=0)
    ] = 0,
    json: Json = False,
) -> None:
    """Let one more bank join a running network, while payments go on.

    Example: waitan network add-bank bankfra --bic RHEIDEFFXXX --name "Rheinufer Bank"
    """
    from gateway.cli.fabric import joining as work

    say = Say(as_json=json)
    perform(say, lambda: work.add_bank(say, directory, name, bic, title, base_port=base_port))
