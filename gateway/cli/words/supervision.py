"""`waitan supervision ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import Who, Work, asking, group
from gateway.cli.say import Say

app = group("What the regulator has read, as its gateway recorded it before it answered.")


@app.command()
@asking()
def reads(
    say: Say,
    who: Who,
    *,
    of: Annotated[str, typer.Option(metavar="NAME", help="Only reads that concern this organisation.")] = "",
) -> Work:
    """List what the regulator has read, oldest first: of one's own organisation, at an authority of all.

    A supervisor says why in the environment variable WAITAN_REASON, with any command that reads.

    Example: waitan supervision reads --at banksh
    """
    from gateway.cli import supervision as work

    return work.reads(say, who, of=of)
