"""`waitan document`: certificates and other documents. Bodies stay in files; the ledger has commitments to them."""

import secrets
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.trade import calling as trading
from settlement import identity
from settlement.records import IdentifiedCommand
from settlement.trade import document
from settlement.trade.document import (
    SALT_BYTES,
    DocumentHolder,
    DocumentTerms,
    IssueDocument,
    PresentDocument,
    RevokeDocument,
    TransferDocument,
    VerifyDocument,
)

_OF_ONE: Final[dict[str, type[IdentifiedCommand]]] = {"present": PresentDocument, "revoke": RevokeDocument}
"""By the words of the command line."""


class Described(DocumentTerms, tag="trade-document/1", kw_only=True):
    """The terms of a document as a file has them: without the commitment, which is made of the body."""

    commitment: str = ""

    def complete(self) -> DocumentTerms:
        """Give the terms in the form that is signed."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in self.__struct_fields__}
        return DocumentTerms(**fields)


async def issue(say: Say, who: Who, file: Path, body: Path) -> None:
    """Sign and issue the document that a file describes; its commitment is made here, with a salt beside the body."""
    salt = secrets.token_bytes(SALT_BYTES)
    terms = replace(_described(file), commitment=document.commitment(salt, _bytes(body)))
    async with trading.as_trader(who) as session:
        command = IssueDocument(command_id=new_id(), terms=terms, signature=trading.signature(session, terms))
        issuer = identity.claimed_party(session.credential.certificate) or session.participant
        named = document.document_id(terms, session.participant, issuer)
        salted = body.with_name(f"{body.name}.salt")
        salted.write_text(f"{salt.hex()}\n")
        await trading.ask(session, say, command, named, f"Document {terms.number} is issued")
    say.line(f"Give {body} and its salt, {salted}, to whom it concerns: with both they can compare it.")


async def act(say: Say, who: Who, words: str, told: str, **fields: str) -> None:
    """Show a document, or revoke it."""
    async with trading.as_trader(who) as session:
        command = _OF_ONE[words](command_id=new_id(), **fields)
        await trading.ask(session, say, command, fields["document_id"], told)


async def transfer(say: Say, who: Who, document_id: str, *, to: str, firm: str) -> None:
    """Give on the one original."""
    holder = DocumentHolder(participant=to, identifier=firm)
    async with trading.as_trader(who) as session:
        command = TransferDocument(command_id=new_id(), document_id=document_id, holder=holder)
        await trading.ask(session, say, command, document_id, f"Given to {holder.name}")


async def verify(say: Say, who: Who, document_id: str, *, body: Path, salt: str) -> None:
    """Compare a body with what the ledger has of it, and record that."""
    text = salt or _bytes(body.with_name(f"{body.name}.salt")).decode(errors="replace").strip()
    try:
        given = bytes.fromhex(text)
    except ValueError:
        given = b""
    if len(given) != SALT_BYTES:
        raise usage("This is no salt.", do="It is 32 hexadecimal digits: --salt, or in a file beside the body.")
    async with trading.as_trader(who) as session:
        commitment = document.commitment(given, _bytes(body))
        command = VerifyDocument(command_id=new_id(), document_id=document_id, commitment=commitment)
        await trading.ask(session, say, command, document_id, "It is the document")


def _described(file: Path) -> DocumentTerms:
    """Read what describes a document; its commitment is not known yet."""
    return trading.read(file, Described, "description of a document").complete()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(Exit.USAGE, f"{file} cannot be read ({error.strerror}).") from None
