"""`waitan customs pay, guarantee, claim, refund`: the tax on a declaration's goods."""

from google.protobuf.json_format import MessageToDict

from gateway.cli import proposing, releases
from gateway.cli.customs.declarations import CUSTOMS, with_assessment
from gateway.cli.failures import refused, usage
from gateway.cli.officers import new_id, require_date
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.trade.calling import BANK, TRADER
from gateway.cli.whereabouts import Whereabouts
from settlement.customs.assessment import ClaimRefund, DeclineRefund, GrantRefund, GuaranteeTax, TaxAssessment
from settlement.customs.duty import CNY
from settlement.money import for_people as money
from settlement.records import Command
from waitan.v1.payments_pb2 import RESULT_SETTLED

TAX_OFFICER = "tax-1"
"""Who asks for customs where nobody is named."""


async def pay(say: Say, who: Who, number: str, *, account: str, propose: bool = False, yes: bool = False) -> None:
    """Pay what is owed today, or `propose` to: another officer releases it."""
    person = who.person or (releases.MAKER if propose else None)
    async with calling(Whereabouts(who.data), who.at or BANK, person) as session:
        found = await _assessment(session, number)
        if propose:
            await releases.propose_tax(say, session, found, account, yes=yes)
            return
        look = session.command(f"customs show {number} --at {session.participant}")
        words = proposing.of_tax(number, account, session.participant)
        again = f"Pay it again, it is paid once; or look it up: {look}"
        with session.naming(again, number=number), session.proposing(words):
            outcome = await session.client.pay_tax(found.record_id, account)
    if outcome.result != RESULT_SETTLED:
        raise refused(outcome.code, outcome.where, do="Nothing is paid; see the payment's life for the reason.")
    say.result({"number": number, **MessageToDict(outcome, preserving_proto_field_name=True)})
    again = " before" if outcome.is_repeat else ""
    say.line(f"The tax on {number} was paid{again} to the treasury (block {outcome.block}).")
    say.line(f"The payment's life: {session.command(f'payment show {outcome.uetr}')}", wrap=False)


async def guarantee(say: Say, who: Who, number: str, *, reference: str, until: str) -> None:
    """Answer for what is owed."""
    expires_on = require_date(until)
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        found = await _assessment(session, number)
        command = GuaranteeTax(
            command_id=new_id(), assessment_id=found.record_id, reference=reference, expires_on=expires_on
        )
        await _ask(say, session, command, number)
    say.line(f"{session.participant} guarantees {money(found.total, CNY)} for {number}, until {until}.")


async def claim(say: Say, who: Who, number: str, *, amount: str, reason: str) -> None:
    """Claim tax back."""
    async with calling(Whereabouts(who.data), who.at or BANK, who.person or TRADER) as session:
        found = await _assessment(session, number)
        command = ClaimRefund(command_id=new_id(), assessment_id=found.record_id, amount=amount, reason=reason)
        await _ask(say, session, command, number)
    paid = found.payment.uetr if found.payment else ""
    say.line(f"{money(amount, CNY)} of the tax on {number} is claimed back.")
    say.line(f"A tax officer grants it; then the clearing institution returns it, of payment {paid}.")


async def refund(say: Say, who: Who, number: str, *, decline: str) -> None:
    """Grant a claim, or decline it."""
    async with calling(Whereabouts(who.data), who.at or CUSTOMS, who.person or TAX_OFFICER) as session:
        found = await _assessment(session, number)
        command: Command = GrantRefund(command_id=new_id(), assessment_id=found.record_id)
        if decline:
            command = DeclineRefund(command_id=new_id(), assessment_id=found.record_id, reason=decline)
        await _ask(say, session, command, number)
    say.line(f"The claim on {number} is declined." if decline else f"The claim on {number} is granted.")


async def _assessment(session: Session, number: str) -> TaxAssessment:
    _, found = await with_assessment(session, number)
    if found is None:
        raise usage(f"Nothing is assessed on {number} yet.", do=session.command(f"customs assess {number}"))
    return found


async def _ask(say: Say, session: Session, command: Command, number: str) -> None:
    look = session.command(f"customs show {number} --at {session.participant}")
    with session.naming(f"Look it up: {look}", number=number):
        done = await session.ask(command)
    say.result({"number": number, "transaction_id": done.transaction_id, "block": done.block})
