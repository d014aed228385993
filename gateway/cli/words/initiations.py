"""`waitan initiation ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import InstructedAgent, Reports, Who, Work, asking, group
from gateway.cli.say import Say

app = group("What customers ask their bank to pay: see it, release it, decline it.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it: 32 characters.")]


@app.command("list")
@asking()
def list_initiations(
    say: Say,
    who: Who,
    *,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="initiated, released, declined or expired; without one, all.")
    ] = "",
    customer: Annotated[str, typer.Option(metavar="NUMBER", help="Only this customer's: its LEI or USCC.")] = "",
) -> Work:
    """List what a bank's customers have asked for, oldest first.

    Example: waitan initiation list --at banksh --state initiated
    """
    from gateway.cli import initiations as work

    return work.list_initiations(say, who, state=state, customer=customer)


@app.command()
@asking()
def show(say: Say, who: Who, initiation: Name) -> Work:
    """Show what a customer asked for, and what became of it.

    Example: waitan initiation show 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli import initiations as work

    return work.show(say, who, initiation)


@app.command()
@asking()
def release(
    say: Say,
    who: Who,
    initiation: Name,
    *,
    reject: Annotated[
        bool, typer.Option("--reject", help="If the bank cannot fund it now, record that (AM04), and end it so.")
    ] = False,
    instructed_agent: InstructedAgent = "",
    report: Reports = None,
) -> Work:
    """Pay what a customer asked for; asked again, the first outcome is told.

    Example: waitan initiation release 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at banksh
    """
    from gateway.cli import initiations as work
    from gateway.cli.completing import Completed

    return work.release(say, who, initiation, Completed(instructed_agent, report or ()), reject=reject)


@app.command()
@asking()
def decline(
    say: Say,
    who: Who,
    initiation: Name,
    *,
    reason: Annotated[
        str, typer.Option(metavar="CODE", help="ISO 20022 status reason, such as AM04, AC06, RR04.")
    ] = "MS03",
    text: Annotated[str, typer.Option(metavar="TEXT", help="What the customer is told besides.")] = "",
) -> Work:
    """Say no to what a customer asked for.

    Example: waitan initiation decline 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason AM04 --text "Not enough funds"
    """
    from gateway.cli import initiations as work

    return work.decline(say, who, initiation, reason=reason, text=text)
