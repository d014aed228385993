"""`waitan initiation`: what a bank's customers ask for, and the bank's yes or no."""

from typing import Final

from google.protobuf.json_format import MessageToDict

from gateway.cli.completing import Completed
from gateway.cli.failures import nearest, refused, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from settlement.money import for_people as money
from settlement.parties import Kind
from settlement.payments.initiation import DeclineInitiation
from waitan.v1 import initiations_pb2 as pb
from waitan.v1.payments_pb2 import RESULT_SETTLED, WHEN_UNFUNDED_REFUSE, WHEN_UNFUNDED_REJECT

_STATES: Final = {
    "": pb.INITIATION_STATE_UNSPECIFIED,
    "initiated": pb.INITIATION_STATE_INITIATED,
    "released": pb.INITIATION_STATE_RELEASED,
    "declined": pb.INITIATION_STATE_DECLINED,
    "expired": pb.INITIATION_STATE_EXPIRED,
}


async def list_initiations(say: Say, who: Who, *, state: str, customer: str) -> None:
    """List what customers asked for."""
    if state.lower() not in _STATES:
        known = [name for name in _STATES if name]
        raise usage(f"{state} is no state.", do=f"{nearest(state, known)} Say {', '.join(known)}.".strip())
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.BANK), who.person) as session:
        found = [each async for each in session.client.initiations(_STATES[state.lower()], customer)]
    say.result({"initiations": [MessageToDict(each, preserving_proto_field_name=True) for each in found]})
    rows = [
        (
            each.initiation_id,
            money(each.instruction.amount, each.instruction.currency),
            each.instruction.execution_date,
            _state(each),
            f"{each.status} {each.status_reason}".strip(),
        )
        for each in found
    ]
    say.table(("initiation", "amount", "for", "state", "status"), rows, right=("amount",))
    if not rows:
        say.line("None. A customer asks over HTTP: POST /v1/payments with a pain.001.")


async def show(say: Say, who: Who, initiation_id: str) -> None:
    """Show one."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.BANK), who.person) as session:
        found = await session.client.initiation(initiation_id)
    say.result(MessageToDict(found, preserving_proto_field_name=True))
    asked = found.instruction
    account = asked.creditor_account.iban or asked.creditor_account.other
    paid = f"{asked.creditor.name or asked.creditor.any_bic}, {account}, at {asked.creditor_agent.bic}"
    reason = f" {found.status_reason}" if found.status_reason else ""
    say.line(f"{found.initiation_id}  {_state(found)} ({found.status}{reason})")
    lines = [
        f"{asked.debtor.name} ({found.customer}) asked for it at {found.initiated_at}, in message {found.message_id}.",
        f"{money(asked.amount, asked.currency)} to {paid}; for {asked.execution_date}.",
    ]
    if asked.remittance:
        lines.append(f"What for: {asked.remittance}")
    if found.uetr:
        lines.append(f"{found.bank} released it at {found.decided_at}.")
    if found.reason:
        lines.append(f"{found.bank} declined it at {found.decided_at}: {found.reason} {found.text}".strip())
    say.list(lines)
    if found.state == pb.INITIATION_STATE_INITIATED:
        after = session.command(f"initiation release {found.initiation_id} --at {found.bank}")
        say.line(f"It stands until {found.expires_on}. To pay it: {after}", wrap=False)
    elif found.uetr:
        say.line(f"The payment's life: {session.command(f'payment show {found.uetr}')}", wrap=False)


async def release(say: Say, who: Who, initiation_id: str, completed: Completed, *, reject: bool) -> None:
    """Pay what was asked for, with what the bank adds of its own; raises `Failure`."""
    request = pb.ReleaseInitiationRequest(
        initiation_id=initiation_id,
        when_unfunded=WHEN_UNFUNDED_REJECT if reject else WHEN_UNFUNDED_REFUSE,
        instructed_agent=completed.instructed_agent,
        regulatory_reporting=completed.messages(),
    )
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.BANK), who.person) as session:
        look = session.command(f"initiation show {initiation_id} --at {session.participant}")
        again = f"Release it again, it is paid once; or look it up: {look}"
        options = f"{completed.words()}{'--reject ' if reject else ''}"
        proposal = f"payment propose --initiation {initiation_id} {options}--at {session.participant}"
        with session.naming(again, initiation_id=initiation_id), session.proposing(proposal):
            outcome = await session.client.release(request)
    life = session.command(f"payment show {outcome.uetr}")
    if outcome.result != RESULT_SETTLED:
        raise refused(outcome.code, outcome.where, do=f"It is recorded, and the customer is told: {life}")
    say.result({"initiation_id": initiation_id, **MessageToDict(outcome, preserving_proto_field_name=True)})
    again = " before" if outcome.is_repeat else ""
    say.line(f"Released and settled{again} (block {outcome.block}).")
    say.line(f"The payment's life: {life}", wrap=False)


async def decline(say: Say, who: Who, initiation_id: str, *, reason: str, text: str) -> None:
    """Say no."""
    command = DeclineInitiation(command_id=new_id(), initiation_id=initiation_id, reason=reason.upper(), text=text)
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.BANK), who.person) as session:
        look = session.command(f"initiation show {initiation_id} --at {session.participant}")
        with session.naming(f"Look it up: {look}", initiation_id=initiation_id):
            done = await session.client.ask(command)
    say.result({"initiation_id": initiation_id, "reason": command.reason, "block": done.block})
    say.line(f"Declined ({command.reason}); the customer is told (block {done.block}).")


def _state(found: pb.Initiation) -> str:
    return pb.InitiationState.Name(found.state).removeprefix("INITIATION_STATE_").lower()
