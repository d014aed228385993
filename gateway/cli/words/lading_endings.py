"""`waitan lading ...`: the words of carriers about what was surrendered, and of disputes."""

from enum import StrEnum
from typing import Annotated

import typer

from gateway.cli.options import Who, Work, asking
from gateway.cli.say import Say
from gateway.cli.words.lading import Keeper, Name, Why, app

__all__ = ["app"]


class Ruled(StrEnum):
    """How a dispute ends."""

    RELEASE = "release"
    ANNUL = "annul"


@app.command()
@asking()
def answer(
    say: Say,
    who: Who,
    bill: Name,
    *,
    reject: Annotated[str, typer.Option(metavar="REASON", help="Say no, and give the bill back.")] = "",
) -> Work:
    """Accept a surrender as the carrier, or reject it.

    Example: waitan lading answer 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import lading as work

    return work.answer(say, who, bill, reject=reject)


@app.command()
@asking()
def deliver(say: Say, who: Who, bill: Name) -> Work:
    """Record, as the carrier, that the goods are handed over.

    Example: waitan lading deliver 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import RecordDelivery

    command = RecordDelivery(command_id=new_id(), record_id=bill)
    return work.act(say, who, work.CARRIER, command)


@app.command()
@asking()
def convert(
    say: Say,
    who: Who,
    bill: Name,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Of the bill on paper.")],
    *,
    place: Annotated[str, typer.Option(metavar="TEXT", help="Where the paper was issued.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="When: 2026-11-25")],
    originals: Annotated[int, typer.Option(help="How many originals were issued.")] = 3,
) -> Work:
    """End a bill with the paper that takes its place, as the carrier; nothing leads back.

    Example: waitan lading convert 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 YPLSHA26110417 --place Shanghai --on 2026-11-25
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.chain import PaperOriginal
    from settlement.trade.lading.commands import ConvertBillOfLading

    paper = PaperOriginal(number=number, originals=originals, place=place, date=on)
    command = ConvertBillOfLading(command_id=new_id(), record_id=bill, paper=paper)
    return work.act(say, who, work.CARRIER, command)


@app.command()
@asking()
def void(say: Say, who: Who, bill: Name, *, reason: Why = "withdrawn") -> Work:
    """Withdraw a draft, or void what was surrendered for amendment, as the carrier.

    Example: waitan lading void 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "cargo not loaded"
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import VoidBillOfLading

    command = VoidBillOfLading(command_id=new_id(), record_id=bill, reason=reason)
    return work.act(say, who, work.CARRIER, command)


@app.command()
@asking()
def dispute(
    say: Say,
    who: Who,
    bill: Name,
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why: told to everybody on the bill.")],
) -> Work:
    """Contest who holds a bill: it stands still until the regulator rules.

    Example: waitan lading dispute 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "our key was stolen"
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import DisputeBillOfLading

    command = DisputeBillOfLading(command_id=new_id(), record_id=bill, reason=reason)
    return work.act(say, who, work.HOLDER, command)


@app.command()
@asking()
def rule(
    say: Say,
    who: Who,
    bill: Name,
    ruling: Annotated[Ruled, typer.Argument(help="It goes on from where it stands, or it is void.")],
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="Confirm what another supervisor has proposed.")] = False,
    reason: Why = "the parties were heard",
    keeper: Keeper = "customs",
) -> Work:
    """Propose how a dispute ends, as a supervisor; or confirm it as another, and it takes effect.

    Example: waitan lading rule 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 release --confirm --as supervisor-2
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import BillCommand, ConfirmBillRuling, ProposeBillRuling, Ruling

    chosen = Ruling(ruling.value.upper())
    command: BillCommand
    if confirm:
        command = ConfirmBillRuling(command_id=new_id(), record_id=bill, keeper=keeper, ruling=chosen)
    else:
        command = ProposeBillRuling(command_id=new_id(), record_id=bill, keeper=keeper, ruling=chosen, reason=reason)
    return work.act(say, who, work.SUPERVISOR, command)
