"""Payments above a bank's limit, and other terms of them: one officer proposes, another releases."""

from pathlib import Path
from typing import Final, NamedTuple

from google.protobuf.json_format import MessageToDict

from gateway.cli import agreed_payments
from gateway.cli.completing import Completed
from gateway.cli.failures import refused, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.payments import Order, Terms, document_of, document_of_today, look_up, order_of, sender_of
from gateway.cli.rulings import OFFICERS
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from gateway.operators import codec
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.customs.assessment import TaxAssessment
from settlement.money import for_people as money
from settlement.parties import Kind
from settlement.payments.commands import SubmitPayment
from settlement.payments.initiation import Instruction
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, proposal_id
from settlement.payments.undertaking import ProposeChange
from waitan.v1 import payments_pb2 as pb
from waitan.v1.rulings_pb2 import RULING_STATE_PROPOSED

MAKER: Final = OFFICERS[0]
CHECKER: Final = OFFICERS[1]


class Asked(NamedTuple):
    """What is proposed: a file, or what a customer has asked for; and how it is taken.

    `terms` are of a file, as in `payment submit`; `completed` is what the bank adds to what a customer has asked for.
    """

    file: Path | None = None
    initiation: str = ""
    terms: Terms = Terms()
    completed: Completed = Completed()


async def propose_order(say: Say, who: Who, order: Order, *, reject: bool = False, yes: bool = False) -> None:
    """Propose what `waitan pay` would pay."""
    places = Whereabouts(who.data)
    at = who.at or places.first(Kind.BANK)
    async with calling(places, at, who.person or MAKER) as session:
        payment = await order_of(session, order, reject=reject)
        await propose_typed(say, session, payment, yes=yes)


async def propose_typed(say: Say, session: Session, payment: SubmitPayment, *, yes: bool) -> None:
    """Propose a payment that was made here."""
    said = await session.client.prepare_release(pb.PrepareReleaseRequest(payment=codec.write(payment, pb.Payment)))
    agreed_payments.require_ordered(said, payment)
    await _propose(say, session, said, yes=yes)


async def propose_tax(say: Say, session: Session, found: TaxAssessment, account: str, *, yes: bool) -> None:
    """Propose the payment of what is owed on an assessment today."""
    request = pb.PrepareReleaseRequest(assessment_id=found.record_id, debtor_account=account)
    said = await session.client.prepare_release(request)
    agreed_payments.require_tax(said, found, session.participant)
    await _propose(say, session, said, yes=yes)


async def propose(say: Say, who: Who, asked: Asked, *, yes: bool = False) -> None:
    """Propose the payment that a pacs.008 asks for, or that a customer has asked for; raises `Failure`."""
    if bool(asked.file) is bool(asked.initiation):
        raise usage("Name one payment.", do="Name a file, or with --initiation what a customer has asked for.")
    if asked.initiation and (asked.terms.today or asked.terms.evidence):
        raise usage("--today and --evidence are about a file.", do="Leave them out, or name a file.")
    if asked.file and asked.completed != Completed():
        raise usage(
            "--instructed-agent and --report are about what a customer has asked for.",
            do="Leave them out: the file says both.",
        )
    places = Whereabouts(who.data)
    document = document_of(asked.file) if asked.file else b""
    at = who.at or (sender_of(places, document) if asked.file else places.first(Kind.BANK))
    async with calling(places, at, who.person or MAKER) as session:
        said = await (_in_document(session, document, asked) if asked.file else _in_initiation(session, asked))
        await _propose(say, session, said, yes=yes)


async def propose_change(say: Say, session: Session, change: ProposeChange, *, yes: bool) -> None:
    """Propose other terms of a conditional payment, which another officer releases."""
    _require_agreed_change(say, change, "Propose it, as the first officer?", yes=yes)
    done = await session.ask(ProposeChangeRelease(command_id=new_id(), change=change))
    uetr = change.payment.uetr
    say.result({"uetr": uetr, "ruling_id": proposal_id(change), "block": done.block})
    say.line(f"Proposed: other terms of {uetr} (block {done.block}). Another officer releases them:")
    _say_release(say, session, uetr)


async def release(say: Say, who: Who, uetr: str, *, yes: bool = False) -> None:
    """Release what another officer has proposed, as it stands on the ledger: a payment, or other terms of one."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.BANK), who.person or CHECKER) as session:
        waits = await _proposed(session, uetr)
        with session.naming(look_up(uetr, session.places.directory), uetr=uetr):
            if isinstance(waits, ProposeChange):
                await _release_change(say, session, waits, yes=yes)
            else:
                await _release_payment(say, session, waits, yes=yes)


async def _in_document(session: Session, document: bytes, asked: Asked) -> SubmitPayment:
    if asked.terms.today:
        document = await document_of_today(session, document)
    request = pb.PrepareReleaseRequest(
        document=document, when_unfunded=asked.terms.when_unfunded, holds_evidence=asked.terms.evidence
    )
    said = await session.client.prepare_release(request)
    agreed_payments.require_document(said, document, session.participant, evidence=asked.terms.evidence)
    return said


async def _in_initiation(session: Session, asked: Asked) -> SubmitPayment:
    name = asked.initiation
    instruction = codec.read((await session.client.initiation(name)).instruction, Instruction)
    request = pb.PrepareReleaseRequest(
        initiation_id=name,
        when_unfunded=asked.terms.when_unfunded,
        instructed_agent=asked.completed.instructed_agent,
        regulatory_reporting=asked.completed.messages(),
    )
    said = await session.client.prepare_release(request)
    agreed_payments.require_initiation(said, instruction, name, session.participant)
    agreed_payments.require_completed(said, instruction, asked.completed)
    return said


async def _release_payment(say: Say, session: Session, payment: SubmitPayment, *, yes: bool) -> None:
    agreed_payments.require_agreed(say, payment, "Release it, as the second officer?", yes=yes)
    outcome = await session.client.release_payment(session.places.network, payment, session.credential)
    if outcome.result == pb.RESULT_REJECTED:
        recorded = session.command(f"payment show {payment.uetr}")
        raise refused(outcome.code, outcome.where, do=f"It is recorded: {recorded}")
    say.result(MessageToDict(outcome, preserving_proto_field_name=True))
    told = "Settled" if outcome.result == pb.RESULT_SETTLED else "Reserved"
    say.line(f"{told}: {_words(payment)}, released by the second officer (block {outcome.block}).")


async def _release_change(say: Say, session: Session, change: ProposeChange, *, yes: bool) -> None:
    _require_agreed_change(say, change, "Release it, as the second officer?", yes=yes)
    done = await session.ask(change)
    uetr = change.payment.uetr
    say.result({"uetr": uetr, "block": done.block})
    say.line(f"Released by the second officer (block {done.block}). Nothing changes until the beneficiary signs it:")
    say.line(f"    {session.command(f'undertaking accept {uetr} --at {change.payee}')}", wrap=False)


def _require_agreed_change(say: Say, change: ProposeChange, question: str, *, yes: bool) -> None:
    agreed_payments.require_shown(say, agreed_payments.facts_of_change(change), question, yes=yes)


async def _propose(say: Say, session: Session, payment: SubmitPayment, *, yes: bool) -> None:
    agreed_payments.require_agreed(say, payment, "Propose it, as the first officer?", yes=yes)
    done = await session.ask(ProposeRelease(command_id=new_id(), payment=payment))
    say.result({"uetr": payment.uetr, "ruling_id": proposal_id(payment), "block": done.block})
    say.line(f"Proposed: {_words(payment)} (block {done.block}). Another officer releases it:")
    _say_release(say, session, payment.uetr)


def _say_release(say: Say, session: Session, uetr: str) -> None:
    say.line(f"    {session.command(f'payment release {uetr} --at {session.participant} --as {CHECKER}')}", wrap=False)


async def _proposed(session: Session, uetr: str) -> SubmitPayment | ProposeChange:
    """Find what waits for a second officer: the payment, or other terms of it."""
    async for each in session.client.rulings(RULING_STATE_PROPOSED):
        if each.uetr == uetr and each.authority == session.participant:
            command = canonical.decode(each.content.encode(), PERSONAL_DECODER)
            return command.payment if isinstance(command, ProposeRelease) else command.change
    raise usage(
        "No payment of this UETR waits for a second officer.",
        do=f"What waits: {session.command(f'ruling list --waiting --at {session.participant}')}",
    )


def _words(payment: SubmitPayment) -> str:
    return f"{money(payment.amount, payment.currency)} to {payment.creditor.name}"
