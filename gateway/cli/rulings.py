"""What takes two people of an organisation: one proposes it, another confirms it; what waits, the rules in force."""

import shlex
from typing import Final, NamedTuple

from google.protobuf.json_format import MessageToDict

from gateway.cli.amounts import require_currency
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from settlement import money
from settlement.accounts.account import BlockAccount, UnblockAccount
from settlement.participants import ReinstateParticipant, SuspendParticipant
from settlement.parties import Kind
from settlement.payments.evidence import RequireReports
from settlement.payments.release import SetReleaseLimit
from settlement.records import RulingCommand
from settlement.rulings import WithdrawRuling
from settlement.trade.advance import SetAdvanceRate
from waitan.v1.rulings_pb2 import RULING_STATE_PROPOSED, RULING_STATE_UNSPECIFIED, Ruling, RulingState

NO_LIMIT: Final = "none"
OFFICERS: Final = ("officer-1", "officer-2")
PEOPLE: Final = {Kind.CLEARING: OFFICERS, Kind.REGULATOR: ("supervisor-1", "supervisor-2")}
"""Who proposes where nobody is named, and who confirms; of a bank two officers do."""


class _Asked(NamedTuple):
    """A ruling as it is typed: what is told once it is in force, and the words of the command line that ask for it."""

    command: RulingCommand
    told: str
    words: str


async def set_rate(say: Say, who: Who, *, percent: int, since: str, confirms: bool) -> None:
    """Say what part of a document's value may be lent."""
    command = SetAdvanceRate(command_id=new_id(), effective_from=since, percent=percent, confirms=confirms)
    told = f"From {since} on {percent} % of a document's value may be lent"
    await _rule(say, who, Kind.REGULATOR, _Asked(command, told, f"financing rate {percent} {since}"))


async def require_reports(say: Say, who: Who, *, since: str, confirms: bool) -> None:
    """Say from which date on payments across the border report what they are for."""
    command = RequireReports(command_id=new_id(), since=since, confirms=confirms)
    told = f"From {since} on payments into or out of China report what they are for"
    await _rule(say, who, Kind.REGULATOR, _Asked(command, told, f"participant require-reports {since}"))


async def freeze(say: Say, who: Who, bank: str, currency: str, *, reason: str, confirms: bool, thaws: bool) -> None:
    """Stop an account, or let it move again."""
    currency = require_currency(currency)
    Whereabouts(who.data).organisation(bank)
    kind, word, told = (UnblockAccount, "unblock", "moves again") if thaws else (BlockAccount, "block", "is blocked")
    command = kind(command_id=new_id(), participant=bank, currency=currency, reason=reason, confirms=confirms)
    words = f"account {word} {bank} {currency} --reason {shlex.quote(reason)}"
    await _rule(say, who, Kind.REGULATOR, _Asked(command, f"{bank}'s {currency} account {told}", words))


async def limit(say: Say, who: Who, currency: str, amount: str, *, confirms: bool) -> None:
    """Set the most that a bank pays by one officer alone, or lift it."""
    currency, at = require_currency(currency), who.at or Whereabouts(who.data).first(Kind.BANK)
    most = "" if amount == NO_LIMIT else amount
    command = SetReleaseLimit(command_id=new_id(), participant=at, currency=currency, amount=most, confirms=confirms)
    told = f"Above {amount} {currency} two officers of {at} release a payment" if most else f"{at} has no limit"
    await _rule(say, who, Kind.BANK, _Asked(command, told, f"account limit {currency} {amount}"))


async def suspend(say: Say, who: Who, name: str, *, reason: str, confirms: bool, ends: bool) -> None:
    """Stop an organisation, or end its suspension."""
    Whereabouts(who.data).organisation(name)
    kind, word, told = (
        (ReinstateParticipant, "reinstate", "takes part again")
        if ends
        else (SuspendParticipant, "suspend", "is suspended")
    )
    command = kind(command_id=new_id(), participant=name, reason=reason, confirms=confirms)
    words = f"participant {word} {name} --reason {shlex.quote(reason)}"
    await _rule(say, who, Kind.CLEARING, _Asked(command, f"{name} {told}", words))


async def list_rulings(say: Say, who: Who, *, waiting: bool, limit: int) -> None:
    """List the newest of what is ruled, and of what waits for a second person."""
    places = Whereabouts(who.data)
    state = RULING_STATE_PROPOSED if waiting else RULING_STATE_UNSPECIFIED
    async with calling(places, who.at or places.first(Kind.REGULATOR), who.person) as session:
        found = []
        async for each in session.client.rulings(state):
            found.append(each)
            if len(found) == limit:
                break
    say.result({"rulings": [MessageToDict(each, preserving_proto_field_name=True) for each in found]})
    rows = [
        (
            each.ruling_id,
            each.authority,
            _standing(each),
            each.reason or _terms(each),
            f"{each.proposed_by}\n{each.proposed_at[:10]}",
            each.decided_by,
        )
        for each in found
    ]
    say.table(("ruling", "whose", "state", "why", "asked", "decided"), rows)
    if not rows:
        say.line("Nothing waits for a second person." if waiting else "None yet.")


async def withdraw(say: Say, who: Who, ruling_id: str, *, reason: str) -> None:
    """Take back what waits for a second person."""
    places = Whereabouts(who.data)
    at = who.at or places.first(Kind.REGULATOR)
    async with calling(places, at, who.person or _people(places, at)[0]) as session:
        done = await session.ask(WithdrawRuling(command_id=new_id(), ruling_id=ruling_id, reason=reason))
    say.result({"ruling_id": ruling_id, "transaction_id": done.transaction_id, "block": done.block})
    say.line(f"{ruling_id} is withdrawn (block {done.block}).")


async def rules(say: Say, who: Who) -> None:
    """Tell the rules for all, and what is proposed in their place."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.REGULATOR), who.person) as session:
        found = await session.client.rules()
        waiting = session.client.rulings(RULING_STATE_PROPOSED)
        proposed = [each async for each in waiting if not each.participant]
    told = MessageToDict(found, preserving_proto_field_name=True)
    say.result({**told, "proposed": [MessageToDict(each, preserving_proto_field_name=True) for each in proposed]})
    since = found.reports_since
    say.line(
        f"From {since} on payments into or out of China report what they are for."
        if since
        else "Payments into or out of China that name documents report what they are for; no other must."
    )
    say.line(
        "All of a document's value may be lent." if not found.advance_rates else "Of a document's value may be lent:"
    )
    for period in found.advance_rates:
        say.line(f"    from {period.effective_from} on {period.percent} %")
    for each in proposed:
        say.line(f"Waits for another of {each.authority}: {each.command} {_terms(each)}, asked by {each.proposed_by}.")


async def _rule(say: Say, who: Who, kind: Kind, asked: _Asked) -> None:
    """Let a person propose or confirm; `kind`: of the authority to which it goes unless `--at` says else."""
    places, confirms = Whereabouts(who.data), asked.command.confirms
    at = who.at or places.first(kind)
    person = who.person or _people(places, at)[confirms]
    async with calling(places, at, person) as session:
        done = await session.ask(asked.command)
        say.result(
            {
                "command": type(asked.command).__name__,
                "in_force": confirms,
                "transaction_id": done.transaction_id,
                "block": done.block,
            }
        )
        if confirms:
            say.line(f"{asked.told} (block {done.block}).")
            return
        say.line(f"Proposed (block {done.block}). It takes effect as another person of {at} confirms it:")
        say.line(f"    {_confirming(session, asked.words, at)}", wrap=False)


def _confirming(session: Session, words: str, at: str) -> str:
    return session.command(f"{words} --at {at} --as {_people(session.places, at)[1]} --confirm")


def _people(places: Whereabouts, at: str) -> tuple[str, str]:
    """Say who proposes and who confirms where nobody is named."""
    return PEOPLE.get(places.organisation(at).kind, OFFICERS)


def _standing(ruling: Ruling) -> str:
    state = RulingState.Name(ruling.state).removeprefix("RULING_STATE_")
    waits = ruling.state == RULING_STATE_PROPOSED and ruling.expires_on
    return f"{state}\nuntil {ruling.expires_on}" if waits else state


def _terms(ruling: Ruling) -> str:
    """Show what is ruled where no reason stands with it: the fields of the command."""
    import json

    content = json.loads(ruling.content)
    if change := content.get("change"):
        said = [f"{name} {value}" for name, value in change["change"].get("terms", {}).items()]
        return f"other terms: {', '.join(said)}"
    if payment := content.get("payment"):
        account = payment.get("creditor_account") or {}
        to = [payment["creditor"].get("name", ""), account.get("iban") or account.get("other", "")]
        return f"{money.for_people(payment['amount'], payment['currency'])} to {', '.join(filter(None, to))}"
    return ", ".join(f"{name} {value}" for name, value in content.items() if name != "type" and value != "")
