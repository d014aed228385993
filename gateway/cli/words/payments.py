"""`waitan payment ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import InstructedAgent, Reject, Reports, Who, Work, Yes, asking, group
from gateway.cli.say import Say

app = group("Submit payments, follow them, confirm them, send them back.")

Uetr = Annotated[str, typer.Argument(metavar="UETR", help="The payment's name: 36 characters.")]


@app.command()
@asking()
def submit(
    say: Say,
    who: Who,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="ISO 20022 messages.")],
    *,
    today: Annotated[
        bool, typer.Option("--today", help="Send copies for today under new names: twice settles twice.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Hold each pacs.008 against the documents that it names.")
    ] = False,
    reject: Reject = False,
) -> Work:
    """Hand in ISO 20022 messages (pacs.008, pacs.004, pacs.002), each at the gateway of its sender.

    Example: waitan payment submit --today examples/day/01-*.xml
    """
    from gateway.cli import payments as work

    return work.submit(say, who, files, work.Terms(today, evidence, reject))


@app.command()
@asking()
def propose(
    say: Say,
    who: Who,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A pacs.008.")] = None,
    *,
    initiation: Annotated[str, typer.Option("--initiation", metavar="ID", help="Or what a customer asked for.")] = "",
    instructed_agent: InstructedAgent = "",
    report: Reports = None,
    today: Annotated[bool, typer.Option("--today", help="Propose a copy for today under a new name.")] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Hold the pacs.008 against the documents that it names.")
    ] = False,
    reject: Reject = False,
    yes: Yes = False,
) -> Work:
    """Propose a payment above the bank's limit, as its first officer; another releases it.

    Example: waitan payment propose --today examples/day/01-*.xml --as officer-1
    """
    from gateway.cli import releases as work
    from gateway.cli.completing import Completed
    from gateway.cli.payments import Terms

    completed = Completed(instructed_agent, report or ())
    return work.propose(say, who, work.Asked(file, initiation, Terms(today, evidence, reject), completed), yes=yes)


@app.command()
@asking()
def release(say: Say, who: Who, uetr: Uetr, *, yes: Yes = False) -> Work:
    """Release, as another officer, a payment above the bank's limit that was proposed, or other terms of one.

    Example: waitan payment release 8f7b7676-d015-40dc-ac63-888f28f00481 --as officer-2
    """
    from gateway.cli import releases as work

    return work.release(say, who, uetr, yes=yes)


@app.command()
@asking()
def show(say: Say, who: Who, uetr: Uetr) -> Work:
    """Tell a payment's life: who asked, which block, what it waits for, whose turn it is.

    Example: waitan payment show 8f7b7676-d015-40dc-ac63-888f28f00481
    """
    from gateway.cli import payment_life as work

    return work.show(say, who, uetr)


@app.command()
@asking()
def confirm(
    say: Say,
    who: Who,
    uetr: Uetr,
    *,
    status: Annotated[str, typer.Option(help="credited, waiting, not-posted or blocked.")] = "credited",
    reason: Annotated[str, typer.Option(metavar="CODE", help="Why it waits (G002 G003 G004) or is blocked.")] = "",
) -> Work:
    """Tell, as the creditor's bank, what became of a payment.

    Example: waitan payment confirm 8f7b7676-d015-40dc-ac63-888f28f00481 --status waiting --reason G003
    """
    from gateway.cli import payments as work

    return work.confirm(say, who, uetr, status=status, reason=reason)


@app.command("return")
@asking()
def send_back(
    say: Say,
    who: Who,
    uetr: Uetr,
    *,
    amount: Annotated[str | None, typer.Option(help="A part; without it, all that is left.")] = None,
    reason: Annotated[str, typer.Option(metavar="CODE", help="ISO 20022 return reason.")] = "AC04",
) -> Work:
    """Send a payment back, as the creditor's bank, in full or in part.

    Example: waitan payment return 8f7b7676-d015-40dc-ac63-888f28f00481 --amount 250.00 --reason AM09
    """
    from gateway.cli import payments as work

    return work.send_back(say, who, uetr, amount=amount, reason=reason)


@app.command()
@asking()
def watch(
    say: Say,
    who: Who,
    *,
    after: Annotated[int, typer.Option("--after", metavar="POSITION", help="Begin after this event.", min=0)] = 0,
    direction: Annotated[str, typer.Option(help="both, incoming or outgoing.")] = "both",
    count: Annotated[int, typer.Option(help="End after so many events; 0 goes on.", min=0)] = 0,
) -> Work:
    """Follow what happens to a bank's payments, a line for each event (with --json, an object on each line).

    Example: waitan payment watch --at bankist --direction incoming
    """
    from gateway.cli import following as work

    return work.watch(say, who, after=after, direction=direction, count=count)


@app.command()
@asking()
def message(
    say: Say,
    who: Who,
    uetr: Uetr,
    *,
    kind: Annotated[str, typer.Option(help="pacs.008, the payment; pacs.002, its status.")] = "pacs.008",
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Write it there.")] = None,
) -> Work:
    """Give a payment as an ISO 20022 message, as both its banks may have it.

    Example: waitan payment message 8f7b7676-d015-40dc-ac63-888f28f00481 --kind pacs.002
    """
    from gateway.cli import following as work

    return work.message(say, who, uetr, kind=kind, to=to)
