"""Payments above a bank's limit: one officer proposes, another releases."""

from pathlib import Path
from typing import Final

from google.protobuf.json_format import MessageToDict

from gateway.cli import agreed_payments
from gateway.cli.failures import refused, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.payments import Order, document_of, document_of_today, look_up, order_of, sender_of
from gateway.cli.rulings import OFFICERS
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from gateway.operators import codec
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.money import for_people as money
from settlement.parties import Kind
from settlement.payments.commands import SubmitPayment
from settlement.payments.initiation import Instruction
from settlement.payments.release import ProposeRelease, proposal_id
from waitan.v1 import payments_pb2 as pb
from waitan.v1.rulings_pb2 import RULING_STATE_PROPOSED

MAKER: Final = OFFICERS[0]
CHECKER: Final = OFFICERS[1]


async def propose_order(say: Say, who: Who, order: Order, *, yes: bool = False) -> None:
    """Propose what `waitan pay` would pay."""
    places = Whereabouts(who.data)
    at = who.at or places.first(Kind.BANK)
    async with calling(places, at, who.person or MAKER) as session:
        payment = await order_of(session, order)
        await propose_typed(say, session, payment, yes=yes)


async def propose_typed(say: Say, session: Session, payment: SubmitPayment, *, yes: bool) -> None:
    """Propose a payment that was made here."""
    said = await session.client.prepare_release(pb.PrepareReleaseRequest(payment=codec.write(payment, pb.Payment)))
    agreed_payments.require_ordered(said, payment)
    await _propose(say, session, said, yes=yes)


async def propose(say: Say, who: Who, file: Path | None, initiation: str, *, today: bool, yes: bool = False) -> None:
    """Propose the payment that a pacs.008 asks for, or that a customer has asked for; raises `Failure`."""
    if bool(file) is bool(initiation):
        raise usage("Name one payment.", do="Name a file, or with --initiation what a customer has asked for.")
    places = Whereabouts(who.data)
    document = document_of(file) if file else b""
    at = who.at or (sender_of(places, document) if file else places.first(Kind.BANK))
    async with calling(places, at, who.person or MAKER) as session:
        if today and file:
            document = await document_of_today(session, document)
        if file:
            said = await session.client.prepare_release(pb.PrepareReleaseRequest(document=document))
            agreed_payments.require_document(said, document, session.participant)
        else:
            asked = codec.read((await session.client.initiation(initiation)).instruction, Instruction)
            said = await session.client.prepare_release(pb.PrepareReleaseRequest(initiation_id=initiation))
            agreed_payments.require_initiation(said, asked, initiation, session.participant)
        await _propose(say, session, said, yes=yes)


async def release(say: Say, who: Who, uetr: str, *, yes: bool = False) -> None:
    """Release what another officer has proposed, as it stands on the ledger."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.BANK), who.person or CHECKER) as session:
        payment = await _proposed(session, uetr)
        agreed_payments.require_agreed(say, payment, "Release it, as the second officer?", yes=yes)
        with session.naming(look_up(uetr, session.places.directory), uetr=uetr):
            outcome = await session.client.release_payment(session.places.network, payment, session.credential)
        if outcome.result == pb.RESULT_REJECTED:
            raise refused(outcome.code, outcome.where, do=f"It is recorded: {session.command(f'payment show {uetr}')}")
        say.result(MessageToDict(outcome, preserving_proto_field_name=True))
        told = "Settled" if outcome.result == pb.RESULT_SETTLED else "Reserved"
        say.line(f"{told}: {_words(payment)}, released by the second officer (block {outcome.block}).")


async def _propose(say: Say, session: Session, payment: SubmitPayment, *, yes: bool) -> None:
    agreed_payments.require_agreed(say, payment, "Propose it, as the first officer?", yes=yes)
    done = await session.ask(ProposeRelease(command_id=new_id(), payment=payment))
    say.result({"uetr": payment.uetr, "ruling_id": proposal_id(payment), "block": done.block})
    say.line(f"Proposed: {_words(payment)} (block {done.block}). Another officer releases it:")
    at = session.participant
    say.line(f"    {session.command(f'payment release {payment.uetr} --at {at} --as {CHECKER}')}", wrap=False)


async def _proposed(session: Session, uetr: str) -> SubmitPayment:
    """Find the payment that waits for a second officer."""
    for each in await session.client.rulings(RULING_STATE_PROPOSED):
        command = canonical.decode(each.content.encode(), PERSONAL_DECODER)
        if isinstance(command, ProposeRelease) and command.payment.uetr == uetr:
            return command.payment
    raise usage(
        "No payment of this UETR waits for a second officer.",
        do=f"What waits: {session.command(f'ruling list --waiting --at {session.participant}')}",
    )


def _words(payment: SubmitPayment) -> str:
    return f"{money(payment.amount, payment.currency)} to {payment.creditor.name}"
