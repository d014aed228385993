"""`waitan undertaking`: conditional payments, as their two banks and their beneficiaries work with them."""

from contextlib import AbstractContextManager
from typing import Final, NamedTuple

from google.protobuf.json_format import MessageToDict
from msgspec.structs import replace

from gateway.cli import amounts, payments, proposing, releases
from gateway.cli.business_days import open_day
from gateway.cli.failures import refused, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.trade.calling import TRADER
from gateway.cli.trade.evidence import Named, with_evidence
from gateway.cli.whereabouts import Whereabouts
from gateway.development import example_payment
from gateway.development.customers import TRADERS
from gateway.development.example_payment import Sum
from settlement import dates, money
from settlement.payments.commands import PaymentName
from settlement.payments.terms import Terms
from settlement.payments.undertaking import (
    AcceptChange,
    Change,
    PassAgainstPayment,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
)
from settlement.trade.lading.chain import BillParty
from waitan.v1 import payments_pb2 as pb

_MET: Final = {pb.MET_YES: "met", pb.MET_NO: "not met", pb.MET_UNKNOWN: "this bank cannot tell"}


WITHIN_DAYS: Final = 30
"""How long a bank undertakes to pay where nothing else is said."""


class Wanted(NamedTuple):
    """On what a payment is to wait; empty: not on that. It waits for the documents that it names too."""

    expires: str
    not_before: str = ""
    released: tuple[str, ...] = ()
    title: str = ""
    named: Named = Named()


class Changed(NamedTuple):
    """What of a conditional payment is to be otherwise; empty: that is not."""

    amount: str = ""
    ends: bool = False
    not_before: str = ""
    expires: str = ""


class Proposing(NamedTuple):
    """Whether what is asked is only proposed, to a second officer; and whether it is signed without a question."""

    is_wanted: bool = False
    yes: bool = False


NOT_PROPOSING: Final = Proposing()


async def take_on(
    say: Say, who: Who, order: payments.Order, wanted: Wanted, proposal: Proposing = NOT_PROPOSING
) -> None:
    """Let a bank take on a payment to a customer of another, who can sign changes of it."""
    payee, amount, currency, text = order
    places, payer = Whereabouts(who.data), who.at or ""
    for bank in (payer, payee):
        if bank not in TRADERS:
            raise usage(f"{bank} has no example customer.", do=f"Those of {', '.join(TRADERS)} can pay and be paid.")
    if payer == payee:
        raise usage("Payer and payee are one bank.", do="Name two: --from and --to.")
    currency = amounts.require_currency(currency)
    total = Sum(amounts.require_amount(amount, currency), currency)
    person = who.person or (releases.MAKER if proposal.is_wanted else None)
    async with calling(places, payer, person) as session:
        date = await open_day(session, currency)
        asked = example_payment.payment(places.bank(payer), places.bank(payee), total, date=date, text=text)
        terms = Terms(
            expires_on=wanted.expires or dates.days_after(date, WITHIN_DAYS),
            not_before=wanted.not_before,
            released=wanted.released,
            title=wanted.title,
            title_to=TRADERS[payer].customer.identifier if wanted.title else "",
        )
        asked = await with_evidence(session, replace(asked, terms=terms), wanted.named)
        if proposal.is_wanted:
            await releases.propose_typed(say, session, asked, yes=proposal.yes)
            return
        look = payments.look_up(asked.uetr, places.directory)
        with session.naming(look, uetr=asked.uetr), session.proposing(proposing.of_undertaking(order, payer, wanted)):
            outcome = await session.client.submit(asked)
    say.result(MessageToDict(outcome, preserving_proto_field_name=True))
    if outcome.result == pb.RESULT_REJECTED:
        raise refused(outcome.code, outcome.where, do="Fund the account, and ask anew.")
    word = "Reserved" if outcome.result == pb.RESULT_RESERVED else "Settled at once, for nothing is outstanding"
    say.line(f"{word}: {money.for_people(total.amount, currency)} from {payer} to {payee} (block {outcome.block}).")
    say.line(f"What it waits for: {session.command(f'undertaking show {asked.uetr} --at {payer}')}", wrap=False)


async def show(say: Say, who: Who, uetr: str) -> None:
    """Tell what a conditional payment waits for."""
    async with payments.found(Whereabouts(who.data), who, uetr) as (session, details):
        say.result(MessageToDict(details, preserving_proto_field_name=True))
        if details.state != pb.SETTLEMENT_STATE_RESERVED:
            say.line(f"It waits for nothing: {details.status} {details.status_reason}".strip())
            return
        currency = details.payment.currency
        reserved = money.for_people(details.reserved_amount, currency)
        say.line(f"{details.payer} has undertaken to pay {details.payee} {reserved}, until {details.terms.expires_on}.")
        rows = [(each.where, each.number or each.names, _MET[each.met]) for each in details.conditions]
        say.table(("condition", "what", "now"), rows)
        if details.HasField("proposed"):
            say.line("A change is proposed. Its beneficiary accepts it:")
            say.line(f"    {session.command(f'undertaking accept {uetr} --at {details.payee}')}", wrap=False)


async def end(say: Say, who: Who, uetr: str, *, settles: bool) -> None:
    """Let a bank ask that a conditional payment settle, or that what is reserved for an expired one is given back."""
    async with payments.found(Whereabouts(who.data), who, uetr) as (session, details):
        kind = SettleUndertaking if settles else ReleaseUndertaking
        command = kind(command_id=new_id(), payment=_name(details), payer=details.payer, payee=details.payee)
        with _naming(session, uetr):
            done = await session.client.ask(command)
        say.result({"uetr": uetr, "block": done.block})
        told = "Settled, and final" if settles else "Given back: the reserved amount is free again"
        say.line(f"{told} (block {done.block}).")


async def propose(say: Say, who: Who, uetr: str, wanted: Changed, proposal: Proposing = NOT_PROPOSING) -> None:
    """Let the payer's bank propose a change: to the beneficiary, or to a second officer first."""
    amount, ends, not_before, expires = wanted
    if proposal.is_wanted and who.person is None:
        who = who._replace(person=releases.MAKER)
    async with payments.found(Whereabouts(who.data), who, uetr) as (session, details):
        terms = None
        if not_before or expires:
            now = details.terms
            terms = Terms(
                expires_on=expires or now.expires_on,
                not_before=not_before or now.not_before,
                released=tuple(now.released),
                title=now.title,
                title_to=now.title_to,
            )
        change = Change(terms=terms, amount=amount, ends=ends)
        command = ProposeChange(
            command_id=new_id(), payment=_name(details), payer=details.payer, payee=details.payee, change=change
        )
        if proposal.is_wanted:
            await releases.propose_change(say, session, command, yes=proposal.yes)
            return
        with _naming(session, uetr), session.proposing(proposing.of_change(uetr, details.payer, wanted)):
            done = await session.client.ask(command)
        say.result({"uetr": uetr, "block": done.block})
        say.line("Proposed. Nothing changes until the beneficiary signs it:")
        say.line(f"    {session.command(f'undertaking accept {uetr} --at {details.payee}')}", wrap=False)


async def accept(say: Say, who: Who, uetr: str) -> None:
    """Let the beneficiary sign the change that is proposed, as it reads it from the ledger."""
    at = who.at or "bankist"
    async with calling(Whereabouts(who.data), at) as bank:
        details = await bank.client.payment(uetr)
    if not details.HasField("proposed"):
        raise usage("No change of this payment is proposed.", do="Its payer's bank proposes one.")
    async with calling(Whereabouts(who.data), at, who.person or TRADER) as session:
        command = AcceptChange(
            command_id=new_id(),
            payment=_name(details),
            payer=details.payer,
            payee=details.payee,
            change=_change(details.proposed),
        )
        with _naming(session, uetr):
            done = await session.ask(command)
        say.result({"uetr": uetr, "block": done.block})
        say.line(f"Signed, and changed (block {done.block}).")


async def pass_on(say: Say, who: Who, uetr: str) -> None:
    """Let the holder of a bill of lading pass it on against the payment that waits for its title."""
    places = Whereabouts(who.data)
    async with payments.found(places, Who(who.data, who.at, None), uetr, payee=True) as (bank, details):
        at = bank.participant
    recipient = BillParty(participant=details.payer, identifier=details.terms.title_to)
    async with calling(places, at, who.person or TRADER) as session:
        command = PassAgainstPayment(
            command_id=new_id(),
            payment=_name(details),
            payer=details.payer,
            payee=details.payee,
            recipient=recipient,
        )
        with _naming(session, uetr):
            done = await session.ask(command)
        say.result({"uetr": uetr, "block": done.block})
        say.line(f"The bill has passed, and the money has come, in one transaction (block {done.block}).")


def _naming(session: Session, uetr: str) -> AbstractContextManager[None]:
    """Say where to look a payment up, where it is not known what became of what is asked."""
    return session.naming(payments.look_up(uetr, session.places.directory), uetr=uetr)


def _name(details: pb.PaymentDetails) -> PaymentName:
    return PaymentName(journal=details.transaction_id, uetr=details.payment.uetr)


def _change(message: pb.Change) -> Change:
    from gateway.operators import codec

    return codec.read(message, Change)
