"""`waitan lading`: what carriers, holders and supervisors do with bills of lading, each with a key of their own."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, NamedTuple

from google.protobuf.json_format import MessageToDict

from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from settlement.errors import Refusal
from settlement.records import Command
from settlement.trade.lading import bill as bills
from settlement.trade.lading import document, manifest
from settlement.trade.lading.chain import BillParty, PaperOriginal
from settlement.trade.lading.commands import (
    AnswerSurrender,
    ApproveBillOfLading,
    BillCommand,
    DraftBillOfLading,
    IssueBillOfLading,
)
from settlement.trade.lading.document import TransportDocument
from waitan.v1 import bills_of_lading_pb2 as pb

CARRIER: Final = ("customs", "carrier-1")
HOLDER: Final = ("banksh", "trader-1")
SUPERVISOR: Final = ("regulator", "supervisor-1")
"""Who is asked, and who asks, where nobody is named."""


class Banks(NamedTuple):
    """Which participants certify the parties of a document; empty: not on this ledger."""

    shipper: str
    consignee: str = ""
    endorsee: str = ""


async def draft(
    say: Say, who: Who, file: Path, banks: Banks, *, trade: str, replaces: str, paper: PaperOriginal | None
) -> None:
    """Write the bill that a file holds."""
    text, written = _document(file)
    parties = written.document_parties
    endorsee = banks.endorsee
    if not endorsee and parties.endorsee and parties.endorsee.identifier() == parties.shipper.identifier():
        endorsee = banks.shipper
    command = DraftBillOfLading(
        command_id=new_id(),
        document=text,
        shipper_bank=banks.shipper,
        consignee_bank=banks.consignee if parties.consignee else "",
        endorsee_bank=endorsee,
        trade=trade,
        replaces=replaces,
        from_paper=paper,
    )
    number, version = written.transport_document_reference, written.transport_document_sub_reference
    record_id = bills.bill_id(parties.issuing_party.identifier(), number, version)
    async with _calling(who, CARRIER) as session:
        await _ask(session, command, record_id, say)
    say.line(f"Bill {number} is written. Its shipper reads and approves it:")
    say.line(session.command(f"lading approve {record_id} --at {banks.shipper}"), wrap=False)


async def approve(say: Say, who: Who, record_id: str) -> None:
    """Approve the draft as it is now; it is shown."""
    async with _calling(who, HOLDER) as session:
        found = await session.client.bill_of_lading(record_id)
        say.line(found.document, wrap=False)
        approval = ApproveBillOfLading(command_id=new_id(), record_id=record_id, terms=found.terms_checksum)
        await _ask(session, approval, record_id, say)
    say.line(f"Bill {found.number} is approved. Its carrier issues it:")
    say.line(session.command(f"lading issue {record_id}"), wrap=False)


async def issue(say: Say, who: Who, record_id: str) -> None:
    """Issue, with the carrier's own signature on the document."""
    async with _calling(who, CARRIER) as session:
        found = await session.client.bill_of_lading(record_id)
        signs = session.credential
        token = manifest.signed(found.document, signs.certificate, signs.sign)
        await _ask(session, IssueBillOfLading(command_id=new_id(), record_id=record_id, manifest=token), record_id, say)
    say.line(f"Bill {found.number} is issued; {_called(found.shipper)} holds it.")


async def answer(say: Say, who: Who, record_id: str, *, reject: str) -> None:
    """Accept the surrender that there is now, or reject it."""
    async with _calling(who, CARRIER) as session:
        asked = await session.client.bill_of_lading(record_id)
        command = AnswerSurrender(
            command_id=new_id(), record_id=record_id, request=asked.head, accepted=not reject, reason=reject
        )
        await _ask(session, command, record_id, say)
        _tell(say, await session.client.bill_of_lading(record_id))


async def act(say: Say, who: Who, usual: tuple[str, str], command: BillCommand) -> None:
    """Do one thing with a bill, and show where it stands then."""
    async with _calling(who, usual) as session:
        await _ask(session, command, command.record_id, say)
        _tell(say, await session.client.bill_of_lading(command.record_id))


async def show(say: Say, who: Who, record_id: str) -> None:
    """Show a bill whose chain verifies."""
    async with _calling(who, HOLDER) as session:
        found = await session.client.bill_of_lading(record_id)
    say.result(MessageToDict(found, preserving_proto_field_name=True))
    _tell(say, found)
    rows = [
        (
            link.at,
            link.action.lower().replace("_", " "),
            _called(link.actor),
            _called(link.recipient) if link.HasField("recipient") else "",
            link.reason,
        )
        for link in found.links
    ]
    say.table(("when", "what", "by", "to", "why"), rows)
    say.line(f"All of its trade: {session.command(f'trade timeline {found.trade or record_id}')}", wrap=False)


async def export(say: Say, who: Who, record_id: str, file: Path) -> None:
    """Write a bill's PINT envelope into a file."""
    async with _calling(who, HOLDER) as session:
        envelope = await session.client.envelope(record_id)
    _write(file, envelope)
    say.result({"record_id": record_id, "file": str(file), "size_bytes": len(envelope)})
    say.line(f"Written: {file}. Whoever has it can check it:")
    say.line(session.command(f"lading verify {file}"), wrap=False)


async def verify(say: Say, who: Who, file: Path) -> None:
    """Let a gateway check an envelope, and tell what it proves."""
    envelope = _read(file)
    async with _calling(who, HOLDER) as session:
        found = await session.client.verified(envelope)
    say.result(MessageToDict(found, preserving_proto_field_name=True))
    say.line(f"Bill {found.number}, as the gateway of {found.exported_by} has it: {_words(found.state)}.")
    say.line(f"Held by {_called(found.holder)}.{_titled(found)}")
    known = {
        "CURRENT": "The ledger says the same.",
        "EARLIER": "More has happened on the ledger since.",
        "DIFFERENT": "The ledger has another history of this bill.",
        "UNKNOWN": "This organisation does not hold the bill, so it cannot compare.",
    }
    say.line(known[found.on_ledger])


def to(text: str) -> BillParty:
    """Read who receives: `BANK` for a bank itself, `NUMBER@BANK` for a firm that it has registered."""
    number, at, bank = text.rpartition("@")
    if not bank or (at and not number):
        raise usage(
            f"{text} names nobody.", do="Say BANK for a bank itself, or NUMBER@BANK: a LEI or USCC, and its bank."
        )
    return BillParty(participant=bank, identifier=number)


def _calling(who: Who, usual: tuple[str, str]) -> AbstractAsyncContextManager[Session]:
    at, person = usual
    return calling(Whereabouts(who.data), who.at or at, who.person or person)


async def _ask(session: Session, command: Command, record_id: str, say: Say) -> None:
    look = session.command(f"lading show {record_id} --at {session.participant}")
    with session.naming(f"Look it up: {look}", record_id=record_id):
        done = await session.ask(command)
    say.result({"record_id": record_id, "transaction_id": done.transaction_id, "block": done.block})


def _tell(say: Say, found: pb.BillOfLading) -> None:
    say.line(f"Bill {found.number}{f' version {found.version}' if found.version else ''}: {_state(found)}.")
    if found.HasField("holder"):
        say.line(f"Held by {_called(found.holder)}.{_titled(found)}")
    if found.HasField("dispute") and not found.dispute.ruling:
        say.line(f"Disputed by {_called(found.dispute.raised_by)}: {found.dispute.reason}. It stands still.")


def _state(found: pb.BillOfLading) -> str:
    return _words(pb.BillState.Name(found.state).removeprefix("BILL_STATE_"))


def _words(name: str) -> str:
    return name.lower().replace("_", " ")


def _titled(found: pb.BillOfLading | pb.VerifyEnvelopeResponse) -> str:
    return f" Endorsed to {_called(found.title_holder)}." if found.HasField("title_holder") else ""


def _called(party: pb.BillParty) -> str:
    return f"{party.identifier}@{party.participant}" if party.identifier else party.participant


def _document(file: Path) -> tuple[str, TransportDocument]:
    data = _read(file)
    try:
        text = document.canonical_text(data)
        return text, document.read(text)
    except Refusal as refusal:
        raise Failure(
            Exit.USAGE,
            f"{file} holds no transport document that can be issued here: see {refusal.where}.",
            code=refusal.code.value,
            do=f"See examples/trade/textiles/bill_of_lading.json, and: waitan why {refusal.code.value}",
        ) from None


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Failure(Exit.USAGE, f"{file} cannot be written ({error.strerror}).") from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(Exit.USAGE, f"{file} cannot be read ({error.strerror}).") from None
