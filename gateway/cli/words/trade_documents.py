"""`waitan invoice ...`, `document ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Who, Work, asking, group
from gateway.cli.say import Say

invoices = group("Invoices under a contract: issue, accept, dispute, credit and debit.")
documents = group("Certificates and documents: issue, show, give on, compare, revoke.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `trade list` shows it: 32 characters.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="In JSON.")]
Body = Annotated[Path, typer.Option("--body", metavar="FILE", help="The document itself, such as a PDF.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


@invoices.command("issue")
@asking()
def issue_invoice(say: Say, who: Who, file: File) -> Work:
    """Sign and issue an invoice, as the seller.

    Example: waitan invoice issue examples/trade/textiles/invoice.json
    """
    from gateway.cli.trade import invoices as work

    return work.issue(say, who, file)


@invoices.command()
@asking()
def accept(say: Say, who: Who, invoice: Name) -> Work:
    """Accept what an invoice comes to, as the buyer.

    Example: waitan invoice accept 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    return _answer(say, who, "accept", "The invoice is accepted", invoice_id=invoice)


@invoices.command()
@asking()
def dispute(say: Say, who: Who, invoice: Name, *, reason: Reason) -> Work:
    """Dispute an invoice, as the buyer.

    Example: waitan invoice dispute 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist --reason "Three bales short"
    """
    return _answer(say, who, "dispute", "The invoice is disputed", invoice_id=invoice, reason=reason)


@invoices.command()
@asking()
def note(say: Say, who: Who, file: File) -> Work:
    """Sign and issue a credit or debit note to an invoice, as the seller.

    Example: waitan invoice note credit-note.json
    """
    from gateway.cli.trade import invoices as work

    return work.note(say, who, file)


@documents.command("issue")
@asking()
def issue_document(say: Say, who: Who, file: File, *, body: Body) -> Work:
    """Sign and issue a document; the ledger gets a salted hash of its body, and never the body.

    Example: waitan document issue origin.json --body origin.pdf --at customs --as customs-1
    """
    from gateway.cli.trade import documents as work

    return work.issue(say, who, file, body)


@documents.command()
@asking()
def present(
    say: Say,
    who: Who,
    document: Name,
    *,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="To an organisation, such as customs.")] = "",
    contract: Annotated[str, typer.Option("--contract", metavar="ID", help="To both sides of a contract.")] = "",
) -> Work:
    """Show a document that one holds.

    Example: waitan document present 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --to customs
    """
    return _act(say, who, "present", "Shown", document_id=document, to=to, contract_id=contract)


@documents.command()
@asking()
def transfer(
    say: Say,
    who: Who,
    document: Name,
    *,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="The new holder's bank, or itself.")],
    firm: Annotated[str, typer.Option("--firm", metavar="LEI|USCC", help="The new holder, where it is a firm.")] = "",
) -> Work:
    """Give on a document of which there is one original.

    Example: waitan document transfer 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --to bankist --firm 789000M2RX5C8V1DPT81
    """
    from gateway.cli.trade import documents as work

    return work.transfer(say, who, document, to=to, firm=firm)


@documents.command()
@asking()
def verify(
    say: Say,
    who: Who,
    document: Name,
    *,
    body: Body,
    salt: Annotated[str, typer.Option(metavar="HEX", help="Its salt, if not in FILE.salt beside it.")] = "",
) -> Work:
    """Compare a document's body with what the ledger has of it, and record who did.

    Example: waitan document verify 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --body origin.pdf --at bankist --as officer-1
    """
    from gateway.cli.trade import documents as work

    return work.verify(say, who, document, body=body, salt=salt)


@documents.command()
@asking()
def revoke(say: Say, who: Who, document: Name, *, reason: Reason) -> Work:
    """Revoke a document that one has issued.

    Example: waitan document revoke 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Wrong consignee"
    """
    return _act(say, who, "revoke", "Revoked", document_id=document, reason=reason)


def _answer(say: Say, who: Who, words: str, told: str, **fields: str) -> Work:
    from gateway.cli.trade import invoices as work

    return work.answer(say, who, words, told, **fields)


def _act(say: Say, who: Who, words: str, told: str, **fields: str) -> Work:
    from gateway.cli.trade import documents as work

    return work.act(say, who, words, told, **fields)
