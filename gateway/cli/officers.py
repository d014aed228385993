"""What officers ask in their own name: each command is signed with the key of the person who asks."""

from typing import Final
from uuid import uuid4

from gateway.cli.copying import waitan
from gateway.cli.failures import Failure, nearest, usage
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from gateway.client import WaitanError
from settlement import dates
from settlement.accounts.account import CloseAccount, OpenAccount
from settlement.accounts.issuance import ApproveIssuance, ConfirmIssuance, DeclineIssuance
from settlement.accounts.redemption import (
    ApproveRedemption,
    ConfirmRedemption,
    DeclineRedemption,
    FailPayout,
    RecordPayout,
)
from settlement.day import CloseDay, CutOffDay, OpenDay
from settlement.errors import Refusal
from settlement.participants import ActivateParticipant, ExitParticipant
from settlement.parties import Kind
from settlement.records import IdentifiedCommand

COMMANDS: Final[dict[str, type[IdentifiedCommand]]] = {
    "account open": OpenAccount,
    "account close": CloseAccount,
    "issuance confirm": ConfirmIssuance,
    "issuance approve": ApproveIssuance,
    "issuance decline": DeclineIssuance,
    "redemption confirm": ConfirmRedemption,
    "redemption approve": ApproveRedemption,
    "redemption decline": DeclineRedemption,
    "redemption paid-out": RecordPayout,
    "redemption failed": FailPayout,
    "participant activate": ActivateParticipant,
    "participant exit": ExitParticipant,
}
"""By the words of the command line."""

DAYS: Final[dict[str, type[OpenDay | CutOffDay | CloseDay]]] = {
    "open": OpenDay,
    "cut-off": CutOffDay,
    "close": CloseDay,
}


async def ask(say: Say, who: Who, words: str, told: str, *, after: str = "", **fields: str) -> None:
    """Let an officer (clearing's, unless `--at` says else) ask one thing; tell it is done, and what comes after."""
    places = Whereabouts(who.data)
    if "participant" in fields:
        places.organisation(fields["participant"])
    command = COMMANDS[words](command_id=new_id(), **fields)
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        done = await session.ask(command)
    say.result({"command": type(command).__name__, "transaction_id": done.transaction_id, "block": done.block})
    say.line(f"{told} (block {done.block}).")
    if after:
        say.line(f"Next: {waitan(after, places.directory)}", wrap=False)


async def move_days(say: Say, who: Who, move: str, *, date: str | None, currencies: list[str]) -> None:
    """Open, cut off or close the day of some currencies, or of all that the ledger settles."""
    places = Whereabouts(who.data)
    if move == "open":
        date = require_date(date or "")
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        days = {day.currency: day.date for day in await session.client.days()}
        chosen = [currency.upper() for currency in currencies] or sorted(days)
        for currency in chosen:
            if currency not in days:
                raise usage(
                    f"This ledger does not settle {currency}.",
                    do=f"{nearest(currency, days).upper()} It settles {', '.join(sorted(days))}.".strip(),
                )
        moved: list[dict[str, str | int]] = []
        for currency in chosen:
            command = DAYS[move](command_id=new_id(), currency=currency, date=date or days[currency])
            try:
                done = await session.ask(command)
            except WaitanError as error:
                raise _stopped(session, error, (move, currency), moved) from None
            moved.append({"currency": currency, "date": command.date, "block": done.block})
    say.result({"move": move, "days": moved})
    word = {"open": "is open", "cut-off": "is cut off: returns and redemptions still pass", "close": "is closed"}[move]
    for each in moved:
        say.line(f"{each['currency']}: {each['date']} {word} (block {each['block']}).")


def _stopped(
    session: Session, error: WaitanError, asked: tuple[str, str], moved: list[dict[str, str | int]]
) -> Failure:
    """Name the currency that failed, and those that had moved before it: each is a transaction of its own."""
    (move, currency), failure = asked, session.failure(error)
    look = session.command("day list")
    done = ", ".join(str(each["currency"]) for each in moved) or "none"
    return Failure(
        failure.exit_code,
        f"{currency}: {failure.sentence}",
        code=failure.code,
        where=failure.where,
        do=f"{failure.do} See how each stands ({look}), and name those that are left: --currency.".strip(),
        details=(*failure.details, f"Done before it ({move}): {done}."),
        also={"move": move, "days": moved},
    )


def new_id() -> str:
    """Make a command id."""
    return str(uuid4())


def require_date(date: str) -> str:
    """Give a date; a usage failure for what is none."""
    try:
        dates.day(date)
    except Refusal:
        raise usage(f"{date} is no date.", do="Write year, month and day: 2026-11-23.") from None
    return date
