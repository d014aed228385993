"""`waitan proof ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Data, Json, group
from gateway.cli.perform import perform_now
from gateway.cli.say import Say

app = group("What proves something to those who have no part in the network.")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A certificate, as /v1/certificates/UETR gave it.")],
    *,
    root: Annotated[
        list[str] | None,
        typer.Option("--root", metavar="NAME=FILE", help="An organisation's root [those of --data]; repeatable."),
    ] = None,
    clearing: Annotated[
        str | None, typer.Option(metavar="NAME=FILE", help="The clearing institution and its root; with --root.")
    ] = None,
    regulator: Annotated[
        str | None, typer.Option(metavar="NAME=FILE", help="The regulator and its root; with --root.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Check a payment's certificate against root certificates alone: both authorities' and the bank's.

    Example: waitan proof verify payment.json --root banksh=sh.crt --clearing clearing=c.crt --regulator regulator=r.crt
    """
    from gateway.cli import proof as work

    say = Say(as_json=json)
    perform_now(say, lambda: work.verify(say, data, file, root or [], clearing=clearing, regulator=regulator))
