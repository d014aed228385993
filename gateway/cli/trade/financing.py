"""`waitan financing`: what traders apply for and banks lend on documents."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import msgspec

from gateway.cli import amounts
from gateway.cli.failures import usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.trade.calling import BANK, TRADER
from gateway.cli.whereabouts import Whereabouts
from gateway.development.customers import TRADERS
from settlement.financing import (
    ApplyForFinancing,
    DefaultFinancing,
    DrawFinancing,
    Financing,
    FinancingState,
    RejectFinancing,
    RepayFinancing,
    Subject,
    VerifyFinancing,
    financing_id,
)
from settlement.money import for_people as money
from settlement.payments.commands import PaymentName
from settlement.payments.documents import Kind
from settlement.records import IdentifiedCommand
from settlement.trade.securities import SECURITIES
from waitan.v1 import payments_pb2 as pb


async def apply(say: Say, who: Who, *, number: str, amount: str, currency: str, on: list[str], days: int) -> None:
    """Apply, as a trader, for a loan on some documents, and consent for some days that the bank looks."""
    bank = who.at or BANK
    currency = amounts.require_currency(currency)
    until = datetime.now(UTC) + timedelta(days=days)
    command = ApplyForFinancing(
        command_id=new_id(),
        lender=bank,
        number=number,
        currency=currency,
        amount=amounts.require_amount(amount, currency),
        subjects=tuple(map(_subject, on)),
        consents_until=until.isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    async with calling(Whereabouts(who.data), bank, who.person or TRADER) as session:
        name = financing_id(bank, TRADERS[bank].customer.identifier, number)
        with _naming(session, name):
            done = await session.ask(command)
        say.result({"record_id": name, "block": done.block})
        say.line(f"Applied: {number}. Its bank looks how much is free:")
        say.line(f"    {session.command(f'financing verify {name} --at {bank}')}", wrap=False)


async def verify(say: Say, who: Who, name: str) -> None:
    """Look, as the bank, how much is free, and reserve the amount where it fits."""
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        with _naming(session, name):
            await session.client.ask(VerifyFinancing(command_id=new_id(), financing_id=name))
        found = await _read(session, name)
        rows = [
            (each.record_id, "yes" if each.fits else "no", _left(each.amount, each.currency))
            for each in found.remaining
        ]
        say.result({"state": found.state.value, "remaining": msgspec.to_builtins(found.remaining)})
        say.table(("document", "fits", "left"), rows)
        if found.state is FinancingState.VERIFIED:
            say.line("Verified: the amount is reserved until the trader's consent ends. Paid out:")
            say.line(f"    {session.command(f'financing draw {name} --reference BOOKING')}", wrap=False)
        else:
            say.line("It does not fit. The trader may apply for less, under another number.")


async def draw(say: Say, who: Who, name: str, *, reference: str) -> None:
    """Note that the loan was paid out."""
    await _ask(say, who, name, DrawFinancing(command_id=new_id(), financing_id=name, reference=reference))


async def repay(say: Say, who: Who, name: str, *, amount: str, uetr: str, reference: str) -> None:
    """Count what came back, from a payment that the bank received or from elsewhere."""
    if bool(uetr) is bool(reference):
        raise usage("Say where it came from.", do="Name the payment with --from UETR, or its source with --reference.")
    payment: PaymentName | None = None
    payer = ""
    if uetr:
        async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
            details: pb.PaymentDetails = await session.client.payment(uetr)
        payment, payer = PaymentName(journal=details.transaction_id, uetr=uetr), details.payer
    command = RepayFinancing(
        command_id=new_id(), financing_id=name, amount=amount, payment=payment, payer=payer, reference=reference
    )
    await _ask(say, who, name, command)


async def end(say: Say, who: Who, name: str, *, reason: str, defaulted: bool) -> None:
    """Do not lend; or do not expect the rest back."""
    kind = DefaultFinancing if defaulted else RejectFinancing
    await _ask(say, who, name, kind(command_id=new_id(), financing_id=name, reason=reason))


async def _ask(say: Say, who: Who, name: str, command: IdentifiedCommand) -> None:
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        with _naming(session, name):
            await session.client.ask(command)
        found = await _read(session, name)
        say.result({"record_id": name, "state": found.state.value})
        say.line(f"Financing {found.number}: {found.state.value.lower().replace('_', ' ')}.")


def _naming(session: Session, name: str) -> AbstractContextManager[None]:
    """Say where to look a financing up, where it is not known what became of what is asked."""
    look = session.command(f"trade show {name} --at {session.participant}")
    return session.naming(f"Look it up: {look}", record_id=name)


async def _read(session: Session, name: str) -> Financing:
    content = (await session.client.trade_record(name)).record.content
    return msgspec.json.decode(content, type=Financing)


def _subject(text: str) -> Subject:
    """Read KIND:ID."""
    kind, _, record_id = text.partition(":")
    if kind not in {each.value for each in SECURITIES}:
        raise usage(f"{text} names no document.", do="Say KIND:ID, such as invoice:5f1d0c9b7a3e42b88c6d90f1e2a3b4c5.")
    return Subject(kind=Kind(kind), record_id=record_id)


def _left(amount: str, currency: str) -> str:
    """Write how much is free, where the bank was told."""
    return money(amount, currency) if amount else ""
