"""`waitan financing ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import Confirm, Who, Work, asking, group
from gateway.cli.say import Say

app = group("Loans on documents of trade: apply, verify, draw, repay; never twice on the same document.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `financing apply` shows it: 32 characters.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


@app.command()
@asking()
def apply(
    say: Say,
    who: Who,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The trader's own, such as LOAN-1.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    currency: Annotated[str, typer.Argument(metavar="CURRENCY")] = "CNY",
    *,
    on: Annotated[list[str], typer.Option(metavar="KIND:ID", help="A document; may be given again.")],
    days: Annotated[int, typer.Option(min=1, max=30, help="For how long the bank may look.")] = 7,
) -> Work:
    """Apply, as a trader, for a loan on invoices, declarations or a bill of lading.

    Example: waitan financing apply LOAN-1 60000.00 --on invoice:5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import financing as work

    return work.apply(say, who, number=number, amount=amount, currency=currency, on=on, days=days)


@app.command()
@asking()
def verify(say: Say, who: Who, name: Name) -> Work:
    """Look, as the bank, how much is free, and reserve the amount where it fits.

    Example: waitan financing verify 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import financing as work

    return work.verify(say, who, name)


@app.command()
@asking()
def draw(
    say: Say,
    who: Who,
    name: Name,
    *,
    reference: Annotated[str, typer.Option(metavar="TEXT", help="Of the booking, at the bank.")],
) -> Work:
    """Note, as the bank, that the loan was paid out.

    Example: waitan financing draw 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reference BOOKING-7
    """
    from gateway.cli.trade import financing as work

    return work.draw(say, who, name, reference=reference)


@app.command()
@asking()
def repay(
    say: Say,
    who: Who,
    name: Name,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    *,
    uetr: Annotated[str, typer.Option("--from", metavar="UETR", help="A payment received for a document.")] = "",
    reference: Annotated[str, typer.Option(metavar="TEXT", help="Where it came from, if from no payment.")] = "",
) -> Work:
    """Count, as the bank, what came back.

    Example: waitan financing repay 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 60000.00 --reference CASH
    """
    from gateway.cli.trade import financing as work

    return work.repay(say, who, name, amount=amount, uetr=uetr, reference=reference)


@app.command()
@asking()
def reject(say: Say, who: Who, name: Name, *, reason: Reason) -> Work:
    """Do not lend, or no longer: what was reserved is free.

    Example: waitan financing reject 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Limit reached"
    """
    from gateway.cli.trade import financing as work

    return work.end(say, who, name, reason=reason, defaulted=False)


@app.command()
@asking()
def default(say: Say, who: Who, name: Name, *, reason: Reason) -> Work:
    """Do not expect the rest back; the claim stays, so that nobody lends on the same document again.

    Example: waitan financing default 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Insolvent"
    """
    from gateway.cli.trade import financing as work

    return work.end(say, who, name, reason=reason, defaulted=True)


@app.command()
@asking()
def rate(
    say: Say,
    who: Who,
    percent: Annotated[int, typer.Argument(metavar="PERCENT", help="Of a document's value.")],
    since: Annotated[str, typer.Argument(metavar="DATE", help="From which business date on.")],
    *,
    confirm: Confirm = False,
) -> Work:
    """Say, as the regulator, what part of a document's value may be lent; it takes two supervisors.

    Example: waitan financing rate 80 2027-01-01
    """
    from gateway.cli import rulings as work

    return work.set_rate(say, who, percent=percent, since=since, confirms=confirm)
