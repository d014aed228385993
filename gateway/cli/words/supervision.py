"""`waitan supervision ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import At, Data, Json, Person, Who, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

app = group("What the regulator has read, as its gateway recorded it before it answered.")


@app.command()
def reads(
    *,
    of: Annotated[str, typer.Option(metavar="NAME", help="Only reads that concern this organisation.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List what the regulator has read, oldest first: of one's own organisation, at an authority of all.

    A supervisor says why in the environment variable WAITAN_REASON, with any command that reads.

    Example: waitan supervision reads --at banksh
    """
    from gateway.cli import supervision as work

    say = Say(as_json=json)
    perform(say, lambda: work.reads(say, Who(data, at, person), of=of))
