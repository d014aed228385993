"""`waitan lading ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Who, Work, asking, group
from gateway.cli.say import Say

app = group("Bills of lading: write, issue, pass on, surrender; who holds one, and proof of it.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `trade list --kind bill_of_lading` shows it.")]
To = Annotated[str, typer.Argument(metavar="WHOM", help="BANK for a bank itself, NUMBER@BANK for its customer.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: told to everybody on the bill.")]
Keeper = Annotated[str, typer.Option(metavar="NAME", help="A participant that keeps the bill.")]


@app.command()
@asking()
def draft(
    say: Say,
    who: Who,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A DCSA transport document, in JSON.")],
    *,
    shipper_bank: Annotated[str, typer.Option(metavar="BANK", help="The shipper's bank.")] = "banksh",
    consignee_bank: Annotated[str, typer.Option(metavar="BANK", help="The consignee's, if it is on the ledger.")] = "",
    endorsee_bank: Annotated[str, typer.Option(metavar="BANK", help="The endorsee's; a shipper's own is known.")] = "",
    contract: Annotated[str, typer.Option(metavar="ID", help="The contract of sale that it belongs to.")] = "",
    replaces: Annotated[str, typer.Option(metavar="ID", help="A bill surrendered for amendment.")] = "",
    paper: Annotated[str, typer.Option(metavar="NUMBER", help="A bill on paper that was taken in for it.")] = "",
    originals: Annotated[int, typer.Option(help="With --paper: how many originals were taken in.")] = 3,
    place: Annotated[str, typer.Option(metavar="TEXT", help="With --paper: where.")] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="With --paper: when.")] = "",
) -> Work:
    """Write a bill as its carrier, or write it anew until it is issued.

    Example: waitan lading draft examples/trade/textiles/bill_of_lading.json
    """
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.chain import PaperOriginal

    taken_in = PaperOriginal(number=paper, originals=originals, place=place, date=on) if paper else None
    banks = work.Banks(shipper_bank, consignee_bank, endorsee_bank)
    return work.draft(say, who, file, banks, trade=contract, replaces=replaces, paper=taken_in)


@app.command()
@asking()
def approve(say: Say, who: Who, bill: Name) -> Work:
    """Find a draft in order, as its shipper; what is approved is shown.

    Example: waitan lading approve 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import lading as work

    return work.approve(say, who, bill)


@app.command()
@asking()
def issue(say: Say, who: Who, bill: Name) -> Work:
    """Issue what was approved, as its carrier; the shipper holds it from then on.

    Example: waitan lading issue 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import lading as work

    return work.issue(say, who, bill)


@app.command()
@asking()
def transfer(
    say: Say,
    who: Who,
    bill: Name,
    whom: To,
    *,
    reason: Why = "",
) -> Work:
    """Give a bill that one holds to another.

    Example: waitan lading transfer 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 789000M2RX5C8V1DPT81@bankist
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import TransferBillOfLading

    command = TransferBillOfLading(command_id=new_id(), record_id=bill, recipient=work.to(whom), reason=reason)
    return work.act(say, who, work.HOLDER, command)


@app.command()
@asking()
def endorse(
    say: Say,
    who: Who,
    bill: Name,
    whom: Annotated[
        str, typer.Argument(metavar="[WHOM]", help="BANK, or NUMBER@BANK; nobody: in blank, to whoever holds it.")
    ] = "",
    *,
    final: Annotated[bool, typer.Option("--final", help="Who gets the title cannot endorse it on.")] = False,
) -> Work:
    """Pass the title of a bill that one holds to another's order, or in blank; the bill itself stays until transferred.

    Example: waitan lading endorse 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 789000M2RX5C8V1DPT81@bankist
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import EndorseBillOfLading, Manner

    named = Manner.ENDORSE if final else Manner.ENDORSE_TO_ORDER
    command = EndorseBillOfLading(
        command_id=new_id(),
        record_id=bill,
        manner=named if whom else Manner.BLANK_ENDORSE,
        endorsee=work.to(whom) if whom else None,
    )
    return work.act(say, who, work.HOLDER, command)


@app.command()
@asking()
def sign(say: Say, who: Who, bill: Name) -> Work:
    """Confirm, for all on it to see, that one holds a bill.

    Example: waitan lading sign 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import SignBillOfLading

    command = SignBillOfLading(command_id=new_id(), record_id=bill)
    return work.act(say, who, work.HOLDER, command)


@app.command()
@asking()
def reject(say: Say, who: Who, bill: Name, *, reason: Why = "not what was agreed") -> Work:
    """Give back a bill that one was given, before one does anything else with it.

    Example: waitan lading reject 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import RejectBillOfLading

    command = RejectBillOfLading(command_id=new_id(), record_id=bill, reason=reason)
    return work.act(say, who, work.HOLDER, command)


@app.command()
@asking()
def surrender(
    say: Say,
    who: Who,
    bill: Name,
    *,
    amend: Annotated[
        str, typer.Option(metavar="REASON", help="To amend, not for the goods: SWTP (to paper), COD, SWI or words.")
    ] = "",
) -> Work:
    """Give a bill back to its carrier: for the goods, or to have it amended or put on paper.

    Example: waitan lading surrender 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    from gateway.cli.officers import new_id
    from gateway.cli.trade import lading as work
    from settlement.trade.lading.commands import Purpose, SurrenderBillOfLading

    purpose = Purpose.SURRENDER_FOR_AMENDMENT if amend else Purpose.SURRENDER_FOR_DELIVERY
    command = SurrenderBillOfLading(command_id=new_id(), record_id=bill, purpose=purpose, reason=amend)
    return work.act(say, who, work.HOLDER, command)


@app.command()
@asking()
def show(say: Say, who: Who, bill: Name) -> Work:
    """Show who holds a bill, and all that was done with it; its chain is verified first.

    Example: waitan lading show 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    from gateway.cli.trade import lading as work

    return work.show(say, who, bill)


@app.command()
@asking()
def export(
    say: Say, who: Who, bill: Name, file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")]
) -> Work:
    """Write a bill as a DCSA PINT envelope, signed: proof of who holds it now.

    Example: waitan lading export 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 bill.json
    """
    from gateway.cli.trade import lading as work

    return work.export(say, who, bill, file)


@app.command()
@asking()
def verify(
    say: Say,
    who: Who,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PINT envelope that `export` has written.")],
) -> Work:
    """Check a PINT envelope: every signature, every checksum, and that every step was allowed.

    Example: waitan lading verify bill.json --at bankist
    """
    from gateway.cli.trade import lading as work

    return work.verify(say, who, file)
