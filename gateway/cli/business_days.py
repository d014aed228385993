"""On which business day a command line's payment settles; or that there is none now, and what to do."""

from collections.abc import Sequence

from gateway.cli.copying import is_on_fabric
from gateway.cli.failures import Failure, refused, usage
from gateway.cli.session import Session
from gateway.development.morning import today
from settlement import dates
from settlement.errors import Code
from waitan.v1.days_pb2 import DAY_STATE_CUT_OFF, DAY_STATE_OPEN, BusinessDay


async def open_day(session: Session, currency: str) -> str:
    """Give the date of a currency's open day; a failure that names the currencies there are, or the day's state."""
    days = await session.client.days()
    for day in days:
        if day.currency == currency:
            if day.state == DAY_STATE_OPEN:
                return str(day.date)
            raise _over(session, day, days)
    known = ", ".join(sorted(day.currency for day in days))
    raise usage(f"This ledger does not settle {currency}.", do=f"It settles {known}.")


def _over(session: Session, day: BusinessDay, days: Sequence[BusinessDay]) -> Failure:
    """Say, with the code that the ledger would give, that a day is cut off or closed; nothing was sent."""
    is_cut_off = day.state == DAY_STATE_CUT_OFF
    openings = ", then ".join(map(session.command, commands(day, days)))
    is_served_here = not is_on_fabric(session.places.directory.path)
    again = " Or start again tomorrow: waitan up opens it." if is_served_here else ""
    return refused(
        Code.TM01 if is_cut_off else Code.DAY_CLOSED,
        "settlement_date",
        sentence=f"{day.currency}'s business day, {day.date}, is over: no payment settles before the next is opened.",
        do=f"Open it: {openings}.{again}",
        heading="Not sent",
    )


def commands(day: BusinessDay, days: Sequence[BusinessDay]) -> list[str]:
    """Write the commands that open the next day of a currency: of all, where all stand as it does.

    Its date is the one that is open in others if that is later, else today, or the day after.
    """
    others = [each for each in days if each.currency != day.currency]
    alone = "" if all(each.state == day.state for each in others) else f" --currency {day.currency}"
    open_ones = [each.date for each in others if each.state == DAY_STATE_OPEN and each.date > day.date]
    last = day.date if alone else max(each.date for each in days)
    date = max(open_ones, default=max(today(), dates.days_after(last, 1)))
    close = [f"day close{alone}"] if day.state == DAY_STATE_CUT_OFF else []
    return [*close, f"day open {date}{alone}"]
