"""The day as it is played: messages in, officers' interventions around them, the creditors' banks' answers."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from gateway.cli.demo.programme import Fate, Scene
from gateway.cli.demo.rehearsal import end
from gateway.cli.officers import new_id
from gateway.cli.payments import return_request
from gateway.client import WaitanError
from gateway.development.cast import Cast
from gateway.development.example_payment import now
from settlement import money
from settlement.accounts.account import BlockAccount, UnblockAccount
from settlement.accounts.redemption import ApproveRedemption, ConfirmRedemption, RecordPayout, RequestRedemption
from settlement.day import CutOffDay
from settlement.errors import Code
from settlement.participants import ReinstateParticipant, SuspendParticipant
from waitan.v1.payments_pb2 import (
    CREDIT_STATUS_BLOCKED,
    CREDIT_STATUS_CREDITED,
    CREDIT_STATUS_NOT_POSTED,
    CREDIT_STATUS_UNSPECIFIED,
    CREDIT_STATUS_WAITING,
    SETTLEMENT_STATE_REJECTED,
    WHEN_UNFUNDED_REJECT,
    ConfirmCreditRequest,
    PaymentDetails,
)

REDEEMED: Final = ("bankist", "EUR", "250000.00")
"""What a bank takes off the ledger during the day."""

_FATES: Final = {
    CREDIT_STATUS_UNSPECIFIED: Fate.SETTLED,
    CREDIT_STATUS_WAITING: Fate.WAITING,
    CREDIT_STATUS_NOT_POSTED: Fate.NOT_POSTED,
    CREDIT_STATUS_CREDITED: Fate.CREDITED,
    CREDIT_STATUS_BLOCKED: Fate.BLOCKED,
}
_CREDITS: Final = {
    Fate.WAITING: CREDIT_STATUS_WAITING,
    Fate.NOT_POSTED: CREDIT_STATUS_NOT_POSTED,
    Fate.CREDITED: CREDIT_STATUS_CREDITED,
    Fate.BLOCKED: CREDIT_STATUS_BLOCKED,
    Fate.PARTLY_RETURNED: CREDIT_STATUS_CREDITED,
}


class Played(NamedTuple):
    """What became of a scene. `answered_ms` is the time from sending it to its answer: finality, where it settled."""

    scene: Scene
    uetr: str
    fate: Fate
    reason: str
    status: str
    where: str
    block: int
    answered_ms: float

    @property
    def is_as_named(self) -> bool:
        """Whether the file's name told the truth."""
        return (self.fate, self.reason) == (self.scene.fate, self.scene.reason)


async def submit(cast: Cast, scenes: Sequence[Scene], advance: Callable[[Scene], None]) -> list[Played]:
    """Hand in all messages in order, each at its payer's bank."""
    played = []
    for scene in scenes:
        advance(scene)
        async with _around(cast, scene):
            played.append(await _submit(cast, scene))
    return played


async def _submit(cast: Cast, scene: Scene) -> Played:
    client = await cast.client(cast.bank(scene.payer))
    started = time.perf_counter()
    try:
        outcome = (await client.submit_message(scene.document, WHEN_UNFUNDED_REJECT)).outcome
    except WaitanError as error:
        if not error.is_refusal:
            raise
        answered_ms = (time.perf_counter() - started) * 1000
        return Played(scene, "", Fate.REFUSED, error.code, "", error.where, 0, answered_ms)
    answered_ms = (time.perf_counter() - started) * 1000
    fate = Fate.REJECTED if outcome.code else Fate.SETTLED
    return Played(scene, outcome.uetr, fate, outcome.code, "", "", outcome.block, answered_ms)


@asynccontextmanager
async def _around(cast: Cast, scene: Scene) -> AsyncIterator[None]:
    """Do before and after a scene what its reason needs: a blocked account, a suspended bank, a cut-off."""
    reason = scene.reason if scene.fate is Fate.REJECTED else ""
    if reason == Code.AC06:
        payee = cast.bank(scene.payee)
        why = "Order 2026-17"
        await cast.ruled(BlockAccount(command_id=new_id(), participant=payee, currency=scene.currency, reason=why))
        yield
        await cast.ruled(UnblockAccount(command_id=new_id(), participant=payee, currency=scene.currency, reason=why))
    elif reason == Code.AG11:
        payee, why = cast.bank(scene.payee), "Inspection on site"
        await cast.ruled(SuspendParticipant(command_id=new_id(), participant=payee, reason=why))
        yield
        await cast.ruled(ReinstateParticipant(command_id=new_id(), participant=payee, reason=why))
    elif reason == Code.TM01:
        clearing = await cast.client("clearing")
        date = next(day.date for day in await clearing.days() if day.currency == scene.currency)
        await cast.officer(CutOffDay(command_id=new_id(), currency=scene.currency, date=date))
        yield
    else:
        yield


async def confirm(cast: Cast, played: Sequence[Played], date: str, advance: Callable[[Scene], None]) -> None:
    """Let the creditors' banks tell what became of what they received, as the names of the files say."""
    for each in played:
        if each.fate is Fate.SETTLED:
            advance(each.scene)
            await _confirm(cast, each, date)


async def _confirm(cast: Cast, each: Played, date: str) -> None:
    scene = each.scene
    client = await cast.client(cast.bank(scene.payee))
    if scene.fate in _CREDITS:
        credit = _CREDITS[scene.fate]
        request = ConfirmCreditRequest(
            uetr=each.uetr,
            status=credit,
            reason=scene.reason if credit in (CREDIT_STATUS_WAITING, CREDIT_STATUS_BLOCKED) else "",
            effective_date=date if credit == CREDIT_STATUS_CREDITED else "",
            message_id=f"STATUS-{scene.number:02}",
            created_at=now(),
        )
        await client.confirm_credit(request)
    if scene.fate in (Fate.RETURNED, Fate.PARTLY_RETURNED):
        details = await client.payment(each.uetr)
        partial = scene.fate is Fate.PARTLY_RETURNED
        amount = _tenth(details) if partial else details.payment.amount
        await client.return_payment(return_request(details, amount, scene.reason, date, partial=partial))


def _tenth(details: PaymentDetails) -> str:
    currency = details.payment.currency
    return money.render(money.parse(details.payment.amount, currency) // 10, currency)


async def redeem(cast: Cast, date: str) -> None:
    """Let a bank take money off the ledger: asked, confirmed, approved by another, paid outside."""
    bank, currency, amount = REDEEMED
    redemption_id = f"REDEMPTION-{date}"
    names = {"participant": bank, "redemption_id": redemption_id}
    request = RequestRedemption(
        command_id=new_id(),
        redemption_id=redemption_id,
        currency=currency,
        amount=amount,
        payout_account="EUR-NOSTRO-0042",
    )
    await (await cast.client(bank)).ask(request)
    await cast.officer(ConfirmRedemption(command_id=new_id(), **names))
    await cast.officer(ApproveRedemption(command_id=new_id(), **names), person="officer-2")
    await cast.officer(RecordPayout(command_id=new_id(), payout_reference=f"T2-{date}-0042", **names))


async def close(cast: Cast) -> None:
    """Cut off what is still open, and close the day in every currency."""
    await end(cast, await (await cast.client("clearing")).days())


async def look_up(cast: Cast, played: Sequence[Played]) -> list[Played]:
    """Ask the payers' gateways what became of every payment that is on the ledger."""
    return [await _look_up(cast, each) if each.uetr else each for each in played]


async def _look_up(cast: Cast, each: Played) -> Played:
    details = await (await cast.client(cast.bank(each.scene.payer))).payment(each.uetr)
    returned = [event.reason for event in details.events if event.amount and event.reason]
    if details.state == SETTLEMENT_STATE_REJECTED:
        fate, reason = Fate.REJECTED, details.status_reason
    elif details.returned_amount:
        whole = details.returned_amount == details.payment.amount
        fate, reason = Fate.RETURNED if whole else Fate.PARTLY_RETURNED, returned[-1]
    else:
        fate, reason = _FATES[details.credit], details.status_reason
    return each._replace(fate=fate, reason=reason, status=details.status)
