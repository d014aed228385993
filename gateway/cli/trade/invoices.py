"""`waitan invoice`: issued by the seller, accepted or disputed by the buyer, changed by notes."""

from pathlib import Path
from typing import Final

from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.trade import calling as trading
from settlement.records import IdentifiedCommand
from settlement.trade import invoice
from settlement.trade.invoice import (
    AcceptInvoice,
    DisputeInvoice,
    InvoiceTerms,
    IssueInvoice,
    IssueNote,
    NoteKind,
    NoteTerms,
)

_ANSWERS: Final[dict[str, type[IdentifiedCommand]]] = {"accept": AcceptInvoice, "dispute": DisputeInvoice}
"""By the words of the command line."""


async def issue(say: Say, who: Who, file: Path) -> None:
    """Sign and issue the invoice that a file holds."""
    terms = trading.read(file, InvoiceTerms, "invoice")
    async with trading.as_trader(who) as session:
        command = IssueInvoice(command_id=new_id(), terms=terms, signature=trading.signature(session, terms))
        named = invoice.invoice_id(terms)
        await trading.ask(session, say, command, named, f"Invoice {terms.number} is issued")
    say.line(f"The buyer accepts it: {session.command(f'invoice accept {named} --at BANK')}", wrap=False)


async def answer(say: Say, who: Who, words: str, told: str, **fields: str) -> None:
    """Accept or dispute an invoice."""
    async with trading.as_trader(who) as session:
        command = _ANSWERS[words](command_id=new_id(), **fields)
        await trading.ask(session, say, command, fields["invoice_id"], told)


async def note(say: Say, who: Who, file: Path) -> None:
    """Sign and issue the credit or debit note that a file holds."""
    terms = trading.read(file, NoteTerms, "credit or debit note")
    what = "Credit" if terms.kind is NoteKind.CREN else "Debit"
    async with trading.as_trader(who) as session:
        command = IssueNote(command_id=new_id(), terms=terms, signature=trading.signature(session, terms))
        await trading.ask(session, say, command, terms.invoice_id, f"{what} note {terms.number} is issued")
