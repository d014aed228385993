"""`waitan customs notices, announce, approve, withdraw`: the dated rates of customs."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from gateway.cli.customs.declarations import CUSTOMS
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from settlement.customs.rates import ApproveRates, EnterRates, Notice, WithdrawRates

SECOND_OFFICER = "customs-2"
"""Who approves where nobody is named: not the one who enters."""


async def notices(say: Say, who: Who) -> None:
    """List the notices."""
    async with calling(Whereabouts(who.data), who.at or CUSTOMS, who.person) as session:
        found = [msgspec.json.decode(each.content, type=Notice) for each in await session.client.notices()]
    say.result({"notices": [msgspec.to_builtins(each) for each in found]})
    rows = [
        (
            each.notice_id,
            each.effective_from,
            str(len(each.duties)),
            str(len(each.exchange)),
            "yes" if each.terms else "",
            each.state.lower().replace("_", " "),
        )
        for each in found
    ]
    say.table(("notice", "from", "duties", "exchange", "terms", "state"), rows, right=("duties", "exchange"))


async def announce(say: Say, who: Who, file: Path) -> None:
    """Enter a notice."""
    command = replace(notice(file), command_id=new_id())
    async with calling(Whereabouts(who.data), who.at or CUSTOMS, who.person) as session:
        done = await session.ask(command)
    say.result({"notice_id": command.notice_id, "transaction_id": done.transaction_id, "block": done.block})
    say.line(f"Notice {command.notice_id} is entered (block {done.block}). Another officer puts it into force:")
    say.line(session.command(f"customs approve {command.notice_id} --as {SECOND_OFFICER}"), wrap=False)


async def decide(say: Say, who: Who, notice_id: str, *, is_approved: bool) -> None:
    """Put a notice into force, or withdraw it."""
    kind = ApproveRates if is_approved else WithdrawRates
    person = who.person or (SECOND_OFFICER if is_approved else None)
    async with calling(Whereabouts(who.data), who.at or CUSTOMS, person) as session:
        done = await session.ask(kind(command_id=new_id(), notice_id=notice_id))
    say.result({"notice_id": notice_id, "transaction_id": done.transaction_id, "block": done.block})
    say.line(f"Notice {notice_id} is {'in force' if is_approved else 'withdrawn'} (block {done.block}).")


def notice(file: Path) -> EnterRates:
    """Read a notice: the fields of EnterRates, whose command id is made anew; raises `Failure`."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=EnterRates)
    except OSError as error:
        raise Failure(Exit.USAGE, f"{file} cannot be read ({error.strerror}).") from None
    except msgspec.MsgspecError as error:
        raise usage(f"{file} holds no notice of rates: {error}.", do="See examples/trade/.") from None
