"""`waitan pay` and `waitan payment`: submit, confirm, send back; and how a payment is found."""

import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

from google.protobuf.json_format import MessageToDict
from msgspec.structs import replace

from gateway.cli import amounts, proposing, redating, submitted
from gateway.cli.business_days import open_day
from gateway.cli.copying import waitan
from gateway.cli.failures import Exit, Failure, naming, nearest, refused, usage
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.submitted import Submitted
from gateway.cli.whereabouts import Whereabouts
from gateway.client import WaitanError
from gateway.development import example_payment
from gateway.development.data_directory import DataDirectory
from gateway.development.example_payment import Sum, now
from gateway.development.members import Profile
from settlement import identifiers, money
from settlement.errors import Code, Refusal
from settlement.payments import commands
from waitan.v1.days_pb2 import DAY_STATE_OPEN
from waitan.v1.payments_pb2 import (
    CREDIT_STATUS_BLOCKED,
    CREDIT_STATUS_CREDITED,
    CREDIT_STATUS_NOT_POSTED,
    CREDIT_STATUS_WAITING,
    RESULT_SETTLED,
    WHEN_UNFUNDED_REFUSE,
    WHEN_UNFUNDED_REJECT,
    ConfirmCreditRequest,
    PaymentDetails,
    PaymentOutcome,
    ReturnPaymentRequest,
    WhenUnfunded,
)

CREDITS: Final = {
    "credited": CREDIT_STATUS_CREDITED,
    "waiting": CREDIT_STATUS_WAITING,
    "not-posted": CREDIT_STATUS_NOT_POSTED,
    "blocked": CREDIT_STATUS_BLOCKED,
}
_PAYER: Final = re.compile(rb"<(?:\w+:)?InstgAgt>\s*<(?:\w+:)?FinInstnId>\s*<(?:\w+:)?BICFI>([A-Z0-9]{8,11})<")
_SIZE_MAX_BYTES: Final = 1 << 20


class Order(NamedTuple):
    """What `waitan pay` pays: to which bank, how much, and what for."""

    payee: str
    amount: str
    currency: str
    text: str


class Terms(NamedTuple):
    """How files are handed in: as copies for today, held against their documents, rejected where unfunded."""

    today: bool = False
    evidence: bool = False
    reject: bool = False

    @property
    def when_unfunded(self) -> WhenUnfunded:
        """What the gateway is asked to do where the payer cannot fund it."""
        return WHEN_UNFUNDED_REJECT if self.reject else WHEN_UNFUNDED_REFUSE


async def pay(say: Say, who: Who, order: Order, *, reject: bool = False) -> None:
    """Pay from a customer of the bank that asks to another bank's, today; `reject` it where that is unfunded."""
    places, payer = Whereabouts(who.data), who.at or ""
    _banks(places, payer, order.payee)
    async with calling(places, payer, who.person) as session:
        payment = await order_of(session, order, reject=reject)
        currency, amount = payment.currency, payment.amount
        started = time.perf_counter()
        try:
            with session.proposing(proposing.of_order(order, payer, reject=reject)):
                outcome = await session.client.submit(payment)
        except WaitanError as error:
            if error.code == Code.UNFUNDED:
                raise await _unfunded(session, currency) from None
            raise naming(session.failure(error), look_up(payment.uetr, places.directory), uetr=payment.uetr) from None
        answered_ms = (time.perf_counter() - started) * 1000
    if outcome.result != RESULT_SETTLED:
        raise refused(
            outcome.code, outcome.where, do=f"It is recorded: {session.command(f'payment show {outcome.uetr}')}"
        )
    say.result({**_outcome_json(outcome), "answered_ms": round(answered_ms, 1)})
    say.marked(
        "[green]Settled[/]: {}",
        f"{money.for_people(amount, currency)} from {payer} to {order.payee}, final in {answered_ms:.0f} ms"
        f" (block {outcome.block}).",
    )
    say.line(f"Its life so far: {session.command(f'payment show {payment.uetr}')}", wrap=False)


async def order_of(session: Session, order: Order, *, reject: bool = False) -> commands.SubmitPayment:
    """Make the payment that is ordered, of the open business day; raises `Failure`. `reject` it where unfunded."""
    debtor, creditor = _banks(session.places, session.participant, order.payee)
    currency = amounts.require_currency(order.currency)
    amount = amounts.require_amount(order.amount, currency)
    date = await open_day(session, currency)
    payment = example_payment.payment(debtor, creditor, Sum(amount, currency), date=date, text=order.text)
    return replace(payment, when_unfunded=commands.WhenUnfunded.REJECT) if reject else payment


def _banks(places: Whereabouts, payer: str, payee: str) -> tuple[Profile, Profile]:
    """Give two banks whose example customers pay and are paid."""
    debtor, creditor = places.bank(payer), places.bank(payee)
    if debtor is creditor:
        raise usage("Payer and payee are one bank, and a bank settles within itself.", do="Name two: --from and --to.")
    return debtor, creditor


def look_up(uetr: str, directory: DataDirectory) -> str:
    """Say what to do about a payment of unknown outcome: who pays again pays under another UETR."""
    command = waitan(f"payment show {uetr}", directory)
    return f"Look it up before you pay again, which would be another payment: {command}"


async def _unfunded(session: Session, currency: str) -> Failure:
    held = [account.available for account in await session.client.accounts(session.participant, currency)]
    holds = money.for_people(held[0], currency) if held else f"no {currency}"
    fund = session.command(f"issuance request {amounts.such_as(currency)} {currency} --at {session.participant}")
    return refused(
        Code.UNFUNDED,
        "amount",
        sentence=f"{session.participant} has {holds} to spend, and this payment asks for more.",
        do=f"Pay less, or fund it: {fund}",
    )


async def submit(say: Say, who: Who, files: Sequence[Path], terms: Terms) -> None:
    """Submit ISO 20022 documents one after another; fails with the worst of their outcomes.

    For today each gets the date of its currency's open day, and a new UETR.
    """
    places = Whereabouts(who.data)
    documents = [(path, document_of(path)) for path in files]
    sessions: dict[str, Session] = {}
    results: list[Submitted] = []
    async with AsyncExitStack() as stack:
        for path, document in documents:
            bank = who.at or sender_of(places, document)
            if bank not in sessions:
                sessions[bank] = await stack.enter_async_context(calling(places, bank, who.person))
            try:
                sent = await document_of_today(sessions[bank], document) if terms.today else document
            except Failure as failure:
                results.append(Submitted(path, "", None, failure, 0.0))
                continue
            results.append(await submit_document(sessions[bank], path, sent, terms))
            if results[-1].exit_code is Exit.UNREACHABLE:
                break
    submitted.tell(say, results, places.directory)


async def document_of_today(session: Session, document: bytes) -> bytes:
    """Make a copy of a document for the open business day of its currency, under a new UETR; raises `Failure`.

    In a currency that is not settled here it is for the day of the others: the ledger says what is wrong with it.
    """
    days, currency = await session.client.days(), redating.currency_of(document)
    if any(day.currency == currency for day in days):
        return redating.redated(document, await open_day(session, currency))
    date = max((day.date for day in days if day.state == DAY_STATE_OPEN), default="")
    return redating.redated(document, date) if date else document


async def submit_document(session: Session, path: Path, document: bytes, terms: Terms) -> Submitted:
    """Submit one document, whatever becomes of it; for today it has a UETR that its file does not tell."""
    started = time.perf_counter()
    outcome, failure, uetr = None, None, redating.uetr_of(document)
    warnings: tuple[str, ...] = ()
    try:
        answer = await session.client.submit_message(document, terms.when_unfunded, holds_evidence=terms.evidence)
        outcome, warnings = (
            answer.outcome,
            tuple(f"{each.code} {each.path}: {each.sentence}" for each in answer.warnings),
        )
    except WaitanError as error:
        failure = session.failure(error)
        if error.code == Code.RELEASE_NEEDED:
            failure = refused(error.code, error.where, do=session.proposed_by(proposing.of_file(path, terms)))
        if terms.today and uetr:
            failure = naming(failure, look_up(uetr, session.places.directory), uetr=uetr)
    answered_ms = (time.perf_counter() - started) * 1000
    return Submitted(path, outcome.uetr if outcome else "", outcome, failure, answered_ms, warnings)


def document_of(path: Path) -> bytes:
    """Read a file; raises `Failure`."""
    try:
        if path.stat().st_size > _SIZE_MAX_BYTES:
            raise usage(f"{path} is larger than 1 MiB.", do="Send one message a file.")
        return path.read_bytes()
    except OSError as error:
        raise usage(
            f"{path} cannot be read: {error.strerror}.", do="Name files that hold ISO 20022 messages."
        ) from None


def sender_of(places: Whereabouts, document: bytes) -> str:
    """Find the bank whose message it is, by its instructing agent; the first bank where none is named."""
    named = _PAYER.search(document)
    for bank in places.banks:
        if named and bank.bic[:8] == named[1].decode()[:8]:
            return bank.participant
    return places.banks[0].participant


async def confirm(say: Say, who: Who, uetr: str, *, status: str, reason: str) -> None:
    """Tell, as the creditor's bank, what became of a payment."""
    if status not in CREDITS:
        raise usage(
            f"{status} is nothing to confirm.", do=f"{nearest(status, CREDITS)} Say {', '.join(CREDITS)}.".strip()
        )
    async with found(Whereabouts(who.data), who, uetr, payee=True) as (session, details):
        request = ConfirmCreditRequest(
            uetr=uetr,
            status=CREDITS[status],
            reason=reason,
            message_id=f"CONF-{uuid4().hex[:20]}",
            effective_date=details.payment.settlement_date if status == "credited" else "",
            created_at=now(),
        )
        done = await session.client.confirm_credit(request)
        say.result({"uetr": uetr, "status": status, "transaction_id": done.transaction_id, "block": done.block})
        say.line(f"{session.participant} has told: {status}{f' ({reason})' if reason else ''} (block {done.block}).")


async def send_back(say: Say, who: Who, uetr: str, *, amount: str | None, reason: str) -> None:
    """Send a payment back, as the creditor's bank: what is left of it, or a part."""
    async with found(Whereabouts(who.data), who, uetr, payee=True) as (session, details):
        currency = details.payment.currency
        left = _left(details)
        chosen = amounts.require_amount(amount, currency) if amount else left
        request = return_request(details, chosen, reason, await open_day(session, currency), partial=chosen != left)
        command = session.command(f"payment show {uetr}")
        look = f"See whether return {request.return_id} came about before you send back again: {command}"
        with session.naming(look, uetr=uetr, return_id=request.return_id):
            done = await session.client.return_payment(request)
        say.result({"uetr": uetr, "amount": chosen, "currency": currency, "block": done.block})
        say.line(
            f"{session.participant} has sent {money.for_people(chosen, currency)} back ({reason}; block {done.block})."
        )


def return_request(
    details: PaymentDetails, amount: str, reason: str, date: str, *, partial: bool
) -> ReturnPaymentRequest:
    """Make a return of a payment."""
    return ReturnPaymentRequest(
        uetr=details.payment.uetr,
        return_id=f"RTR-{uuid4().hex[:20]}",
        currency=details.payment.currency,
        amount=amount,
        settlement_date=date,
        reason=reason,
        message_id=f"RTRM-{uuid4().hex[:20]}",
        created_at=now(),
        additional=[f"PART {reason}"] if partial else [],
    )


def _left(details: PaymentDetails) -> str:
    from settlement import money

    currency = details.payment.currency
    returned = money.parse(details.returned_amount, currency) if details.returned_amount else 0
    left = money.parse(details.payment.amount, currency) - returned
    if left == 0:
        raise refused("AM09", "amount", sentence="All of it was sent back before.")
    return money.render(left, currency)


@asynccontextmanager
async def found(
    places: Whereabouts, who: Who, uetr: str, *, payee: bool = False
) -> AsyncIterator[tuple[Session, PaymentDetails]]:
    """Find a payment: at the gateway that was named, else at any bank's; `payee` insists on the creditor's bank."""
    try:
        identifiers.uetr(uetr)
    except Refusal:
        raise usage(f"{uetr} is no UETR.", do="Copy it from the payment: 36 characters, lower case.") from None
    is_party = False
    for name in [who.at] if who.at else [bank.participant for bank in places.banks]:
        async with calling(places, name, who.person) as session:
            try:
                details = await session.client.payment(uetr)
            except WaitanError as error:
                if error.code != Code.NOT_FOUND:
                    raise
                continue
            is_party = True
            if not payee or details.payee == name:
                yield session, details
                return
    if is_party:
        raise refused("AG08", do="Ask through the creditor's bank: --at NAME.")
    where = (
        f"{who.at} is no party to a payment of this UETR."
        if who.at
        else "No bank here is party to a payment of this UETR."
    )
    raise refused("NOT_FOUND", "uetr", sentence=where, do="Check the UETR; a refused payment leaves no trace.")


def _outcome_json(outcome: PaymentOutcome) -> dict[str, Any]:
    return dict(MessageToDict(outcome, preserving_proto_field_name=True))
