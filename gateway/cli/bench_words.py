"""The words of `waitan bench`."""

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
