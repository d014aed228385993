"""The words of `waitan bench`."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Json, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

app = group("Measure this machine.")


@app.callback()
def bench() -> None:
    """Measure this machine."""


@app.command()
def embedded(
    *,
    payments: Annotated[
        int, typer.Option(help="How far the ledger grows, in steps of 10,000.", min=20_000)
    ] = 1_000_000,
    json: Json = False,
) -> None:
    """Measure the embedded ledger, beside PostgreSQL where it is installed; takes some minutes.

    Example: waitan bench embedded --payments 100000
    """
    from gateway.cli import bench as work

    say = Say(as_json=json)
    perform(say, lambda: work.run_embedded(say, payments))


@app.command()
def doors(*, json: Json = False) -> None:
    """Measure the doors of a network of its own, beside bare servers and under too much; takes some minutes.

    Example: waitan bench doors --json
    """
    from gateway.cli import bench as work

    say = Say(as_json=json)
    perform(say, lambda: work.run_doors(say))


@app.command()
def trade(*, json: Json = False) -> None:
    """Measure two trades from contract to payment, declarations lodged, and what evidence adds to a payment.

    Example: waitan bench trade --json
    """
    from gateway.cli import bench as work

    say = Say(as_json=json)
    perform(say, lambda: work.run_trade(say))


@app.command()
def fabric(
    *,
    directory: Annotated[
        Path | None, typer.Option("--dir", metavar="BUILD", help="The network's build directory [~/.waitan-fabric].")
    ] = None,
    program: Annotated[
        Path, typer.Option("--compare-with", metavar="FILE", help="The chaincode that settles one in a transaction.")
    ] = Path("examples/one_payment_per_transaction/one_payment.py"),
    node_shim: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            envvar="WAITAN_NODE_SHIM",
            show_envvar=True,
            help="Where npm install fabric-shim was run: the chaincode's server is compared with that one.",
        ),
    ] = None,
    grow_to: Annotated[
        int, typer.Option("--payments", help="How many payments the ledger grows by at the end.", min=0)
    ] = 0,
    json: Json = False,
) -> None:
    """Measure a native network that runs, beside one payment in each transaction; takes some minutes.

    Example: waitan bench fabric --dir ~/fabric-bench
    """
    from gateway.cli.fabric import bench as work

    say = Say(as_json=json)
    perform(
        say,
        lambda: work.run_fabric(say, directory, work.compared(work.require_program(program), node_shim), grow_to),
    )


@app.command()
def networks(
    *,
    directory: Annotated[Path, typer.Argument(metavar="BUILD", help="A network's build directory.")],
    beside: Annotated[Path, typer.Argument(metavar="BESIDE", help="The other network's build directory.")],
    json: Json = False,
) -> None:
    """Settle the same load on two native networks that run, in turn, and compare: SmartBFT beside Raft, say.

    Example: waitan bench networks ~/fabric-bft ~/fabric-raft
    """
    from gateway.cli.fabric import bench as work

    say = Say(as_json=json)
    perform(say, lambda: work.run_networks(say, directory, beside))
