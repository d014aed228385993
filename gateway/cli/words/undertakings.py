"""`waitan undertaking ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import Propose, Who, Work, Yes, asking, group
from gateway.cli.say import Say

app = group("Conditional payments: take them on, see what they wait for, settle, change and end them.")

Uetr = Annotated[str, typer.Argument(metavar="UETR", help="The payment's name: 36 characters.")]
Date = Annotated[str, typer.Option(metavar="DATE", help="A business date, YYYY-MM-DD.")]


@app.command("take-on")
@asking(at=False)
def take_on(
    say: Say,
    who: Who,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    currency: Annotated[str, typer.Argument(metavar="CURRENCY")] = "CNY",
    *,
    payer: Annotated[str, typer.Option("--from", metavar="BANK", help="The payer.")] = "bankist",
    payee: Annotated[str, typer.Option("--to", metavar="BANK", help="The payee.")] = "banksh",
    expires: Annotated[
        str,
        typer.Option(metavar="DATE", help="The last day on which it can settle; thirty days from now unless given."),
    ] = "",
    not_before: Date = "",
    released: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A declaration that must be released; may be given again.")
    ] = None,
    title: Annotated[str, typer.Option(metavar="ID", help="A bill of lading whose title must be the buyer's.")] = "",
    contract: Annotated[str, typer.Option(metavar="ID", help="The contract that it is paid under.")] = "",
    invoice: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="An invoice that it pays; may be given again.")
    ] = None,
    declaration: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="A declaration whose goods it pays, by its 18 digits; may be given again."),
    ] = None,
    bill: Annotated[str, typer.Option(metavar="ID", help="The bill of lading of those goods.")] = "",
    credit_waits: Annotated[
        bool, typer.Option("--credit-waits", help="Let the credit wait for these documents, and not the payment.")
    ] = False,
    propose: Propose = False,
    yes: Yes = False,
) -> Work:
    """Undertake to pay once conditions are met and documents are there: the amount is set aside until then.

    Example: waitan undertaking take-on 1000.00 --from bankist --to banksh --not-before 2026-12-01 --expires 2026-12-31
    """
    from gateway.cli.payments import Order
    from gateway.cli.trade import undertakings as work
    from gateway.cli.trade.evidence import Named

    named = Named(contract, tuple(invoice or ()), tuple(declaration or ()), bill, credit_waits)
    wanted = work.Wanted(expires, not_before, tuple(released or ()), title, named)
    who = who._replace(at=payer)
    order = Order(payee, amount, currency, "Conditional")
    return work.take_on(say, who, order, wanted, work.Proposing(propose, yes))


@app.command()
@asking()
def show(say: Say, who: Who, uetr: Uetr) -> Work:
    """Tell what a conditional payment waits for.

    Example: waitan undertaking show 8f7b7676-d015-40dc-ac63-888f28f00481
    """
    from gateway.cli.trade import undertakings as work

    return work.show(say, who, uetr)


@app.command()
@asking()
def settle(say: Say, who: Who, uetr: Uetr) -> Work:
    """Ask, as either bank, that it settle: its conditions are met.

    Example: waitan undertaking settle 8f7b7676-d015-40dc-ac63-888f28f00481
    """
    from gateway.cli.trade import undertakings as work

    return work.end(say, who, uetr, settles=True)


@app.command()
@asking()
def release(say: Say, who: Who, uetr: Uetr) -> Work:
    """Ask, as either bank, that what is reserved for an expired one be given back.

    Example: waitan undertaking release 8f7b7676-d015-40dc-ac63-888f28f00481
    """
    from gateway.cli.trade import undertakings as work

    return work.end(say, who, uetr, settles=False)


@app.command()
@asking()
def propose(
    say: Say,
    who: Who,
    uetr: Uetr,
    *,
    amount: Annotated[str, typer.Option(help="A lower amount.")] = "",
    ends: Annotated[bool, typer.Option("--ends", help="That it ends unpaid.")] = False,
    not_before: Date = "",
    expires: Date = "",
    second: Annotated[
        bool, typer.Option("--propose", help="Propose it to a second officer of this bank first, who releases it.")
    ] = False,
    yes: Yes = False,
) -> Work:
    """Propose, as the payer's bank, a change, which its beneficiary must sign; above the bank's limit with --propose.

    Example: waitan undertaking propose 8f7b7676-d015-40dc-ac63-888f28f00481 --amount 900.00
    """
    from gateway.cli.trade import undertakings as work

    return work.propose(say, who, uetr, work.Changed(amount, ends, not_before, expires), work.Proposing(second, yes))


@app.command()
@asking()
def accept(say: Say, who: Who, uetr: Uetr) -> Work:
    """Accept, as the beneficiary, the change that is proposed, with one's own signature.

    Example: waitan undertaking accept 8f7b7676-d015-40dc-ac63-888f28f00481 --at banksh
    """
    from gateway.cli.trade import undertakings as work

    return work.accept(say, who, uetr)


@app.command("pass")
@asking()
def pass_on(say: Say, who: Who, uetr: Uetr) -> Work:
    """Pass a bill of lading on against the payment that waits for its title: both move, or neither.

    Example: waitan undertaking pass 8f7b7676-d015-40dc-ac63-888f28f00481 --at banksh
    """
    from gateway.cli.trade import undertakings as work

    return work.pass_on(say, who, uetr)
