"""What the regulator rules for all banks: one supervisor proposes it, another confirms it."""

from typing import Final

from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from settlement.payments.evidence import RequireReports
from settlement.rulings import RuleCommand
from settlement.trade.advance import SetAdvanceRate

PROPOSER: Final = ("regulator", "supervisor-1")
CONFIRMER: Final = "supervisor-2"


async def set_rate(say: Say, who: Who, *, percent: int, since: str, confirms: bool) -> None:
    """Say what part of a document's value may be lent."""
    command = SetAdvanceRate(command_id=new_id(), effective_from=since, percent=percent, confirms=confirms)
    told = f"From {since} on {percent} % of a document's value may be lent"
    await _rule(say, who, command, told, f"financing rate {percent} {since}")


async def require_reports(say: Say, who: Who, *, since: str, confirms: bool) -> None:
    """Say from which date on payments across the border report what they are for."""
    command = RequireReports(command_id=new_id(), since=since, confirms=confirms)
    told = f"From {since} on payments into or out of China report what they are for"
    await _rule(say, who, command, told, f"participant require-reports {since}")


async def _rule(say: Say, who: Who, command: RuleCommand, told: str, words: str) -> None:
    at, proposer = PROPOSER
    person = who.person or (CONFIRMER if command.confirms else proposer)
    async with calling(Whereabouts(who.data), who.at or at, person) as session:
        done = await session.ask(command)
        say.result({"in_force": command.confirms, "block": done.block})
        if command.confirms:
            say.line(f"{told} (block {done.block}).")
            return
        say.line(f"Proposed (block {done.block}). It comes into force as another supervisor confirms it:")
        say.line(f"    {session.command(f'{words} --confirm')}", wrap=False)
