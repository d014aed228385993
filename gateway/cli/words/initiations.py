"""`waitan initiation ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import At, Data, Json, Person, Who, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

app = group("What customers ask their bank to pay: see it, release it, decline it.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it: 32 characters.")]


@app.command("list")
def list_initiations(
    *,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="initiated, released, declined or expired; without one, all.")
    ] = "",
    customer: Annotated[str, typer.Option(metavar="NUMBER", help="Only this customer's: its LEI or USCC.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List what a bank's customers have asked for, oldest first.

    Example: waitan initiation list --at banksh --state initiated
    """
    from gateway.cli import initiations as work

    say = Say(as_json=json)
    perform(say, lambda: work.list_initiations(say, Who(data, at, person), state=state, customer=customer))


@app.command()
def show(initiation: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Show what a customer asked for, and what became of it.

    Example: waitan initiation show 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli import initiations as work

    say = Say(as_json=json)
    perform(say, lambda: work.show(say, Who(data, at, person), initiation))


@app.command()
def release(
    initiation: Name,
    *,
    reject: Annotated[
        bool, typer.Option("--reject", help="If the bank cannot fund it now, record that (AM04), and end it so.")
    ] = False,
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Pay what a customer asked for; asked again, the first outcome is told.

    Example: waitan initiation release 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at banksh
    """
    from gateway.cli import initiations as work

    say = Say(as_json=json)
    perform(say, lambda: work.release(say, Who(data, at, person), initiation, reject=reject))


@app.command()
def decline(
    initiation: Name,
    *,
    reason: Annotated[
        str, typer.Option(metavar="CODE", help="ISO 20022 status reason, such as AM04, AC06, RR04.")
    ] = "MS03",
    text: Annotated[str, typer.Option(metavar="TEXT", help="What the customer is told besides.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Say no to what a customer asked for.

    Example: waitan initiation decline 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason AM04 --text "Not enough funds"
    """
    from gateway.cli import initiations as work

    say = Say(as_json=json)
    perform(say, lambda: work.decline(say, Who(data, at, person), initiation, reason=reason, text=text))
