"""`waitan ruling ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import Who, Work, asking, group
from gateway.cli.say import Say

app = group("What takes two people of an organisation: what waits for the second, and the rules in force.")


@app.command("list")
@asking()
def list_rulings(
    say: Say,
    who: Who,
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what waits for a second person.")] = False,
    limit: Annotated[int, typer.Option(help="The newest so many; 0: all.", min=0)] = 100,
) -> Work:
    """List blocked accounts, suspensions and rules for all, newest first: who asked and confirmed, what waits for whom.

    An authority sees all of these; everybody else the rules for all, and a bank its own limits and payments above them.

    Example: waitan ruling list --waiting
    """
    from gateway.cli import rulings as work

    return work.list_rulings(say, who, waiting=waiting, limit=limit)


@app.command()
@asking()
def rules(say: Say, who: Who) -> Work:
    """Tell the rules for all banks: who must report, how much may be lent, and what is proposed in their place.

    Example: waitan ruling rules --at banksh
    """
    from gateway.cli import rulings as work

    return work.rules(say, who)


@app.command()
@asking()
def withdraw(
    say: Say,
    who: Who,
    name: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")],
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "Asked by mistake",
) -> Work:
    """Take back what waits for a second person; any officer of the same organisation may.

    Example: waitan ruling withdraw BlockAccount/bankist/EUR
    """
    from gateway.cli import rulings as work

    return work.withdraw(say, who, name, reason=reason)
