"""`waitan ruling ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import At, Data, Json, Person, Who, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

app = group("What takes two people of an authority: what waits for the second, and the rules in force.")


@app.command("list")
def list_rulings(
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for a second person.")] = False,
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List freezes, suspensions and rules for all: who asked, who confirmed or withdrew, what waits for whom.

    An authority sees all; everybody else the rules for all.

    Example: waitan ruling list --waiting
    """
    from gateway.cli import rulings as work

    say = Say(as_json=json)
    perform(say, lambda: work.list_rulings(say, Who(data, at, person), waiting=waiting))


@app.command()
def rules(*, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Tell the rules for all banks: who must report, how much may be lent, and what is proposed in their place.

    Example: waitan ruling rules --at banksh
    """
    from gateway.cli import rulings as work

    say = Say(as_json=json)
    perform(say, lambda: work.rules(say, Who(data, at, person)))


@app.command()
def withdraw(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")],
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "Asked by mistake",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Take back what waits for a second person; any officer of the same authority may.

    Example: waitan ruling withdraw BlockAccount/bankist/EUR
    """
    from gateway.cli import rulings as work

    say = Say(as_json=json)
    perform(say, lambda: work.withdraw(say, Who(data, at, person), name, reason=reason))
