"""`waitan invoice ...`, `document ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import At, Data, Json, Person, Who, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

invoices = group("Invoices under a contract: issue, accept, dispute, credit and debit.")
documents = group("Certificates and documents: issue, show, give on, compare, revoke.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `trade list` shows it: 32 characters.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="In JSON.")]
Body = Annotated[Path, typer.Option("--body", metavar="FILE", help="The document itself, such as a PDF.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


@invoices.command("issue")
def issue_invoice(file: File, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Sign and issue an invoice, as the seller.

    Example: waitan invoice issue examples/trade/textiles/invoice.json
    """
    from gateway.cli.trade import invoices as work

    say = Say(as_json=json)
    perform(say, lambda: work.issue(say, Who(data, at, person), file))


@invoices.command()
def accept(invoice: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Accept what an invoice comes to, as the buyer.

    Example: waitan invoice accept 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    _answer(Who(data, at, person), "accept", "The invoice is accepted", json=json, invoice_id=invoice)


@invoices.command()
def dispute(
    invoice: Name, *, reason: Reason, at: At = None, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Dispute an invoice, as the buyer.

    Example: waitan invoice dispute 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist --reason "Three bales short"
    """
    _answer(Who(data, at, person), "dispute", "The invoice is disputed", json=json, invoice_id=invoice, reason=reason)


@invoices.command()
def note(file: File, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Sign and issue a credit or debit note to an invoice, as the seller.

    Example: waitan invoice note credit-note.json
    """
    from gateway.cli.trade import invoices as work

    say = Say(as_json=json)
    perform(say, lambda: work.note(say, Who(data, at, person), file))


@documents.command("issue")
def issue_document(
    file: File, *, body: Body, at: At = None, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Sign and issue a document; the ledger gets a salted hash of its body, and never the body.

    Example: waitan document issue origin.json --body origin.pdf --at customs --as customs-1
    """
    from gateway.cli.trade import documents as work

    say = Say(as_json=json)
    perform(say, lambda: work.issue(say, Who(data, at, person), file, body))


@documents.command()
def present(
    document: Name,
    *,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="To an organisation, such as customs.")] = "",
    contract: Annotated[str, typer.Option("--contract", metavar="ID", help="To both sides of a contract.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show a document that one holds.

    Example: waitan document present 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --to customs
    """
    _act(Who(data, at, person), "present", "Shown", json=json, document_id=document, to=to, contract_id=contract)


@documents.command()
def transfer(
    document: Name,
    *,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="The new holder's bank, or itself.")],
    firm: Annotated[str, typer.Option("--firm", metavar="LEI|USCC", help="The new holder, where it is a firm.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Give on a document of which there is one original.

    Example: waitan document transfer 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --to bankist --firm 789000M2RX5C8V1DPT81
    """
    from gateway.cli.trade import documents as work

    say = Say(as_json=json)
    perform(say, lambda: work.transfer(say, Who(data, at, person), document, to=to, firm=firm))


@documents.command()
def verify(
    document: Name,
    *,
    body: Body,
    salt: Annotated[str, typer.Option(metavar="HEX", help="Its salt, if not in FILE.salt beside it.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Compare a document's body with what the ledger has of it, and record who did.

    Example: waitan document verify 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --body origin.pdf --at bankist --as officer-1
    """
    from gateway.cli.trade import documents as work

    say = Say(as_json=json)
    perform(say, lambda: work.verify(say, Who(data, at, person), document, body=body, salt=salt))


@documents.command()
def revoke(
    document: Name, *, reason: Reason, at: At = None, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Revoke a document that one has issued.

    Example: waitan document revoke 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Wrong consignee"
    """
    _act(Who(data, at, person), "revoke", "Revoked", json=json, document_id=document, reason=reason)


def _answer(who: Who, words: str, told: str, *, json: bool, **fields: str) -> None:
    from gateway.cli.trade import invoices as work

    say = Say(as_json=json)
    perform(say, lambda: work.answer(say, who, words, told, **fields))


def _act(who: Who, words: str, told: str, *, json: bool, **fields: str) -> None:
    from gateway.cli.trade import documents as work

    say = Say(as_json=json)
    perform(say, lambda: work.act(say, who, words, told, **fields))
