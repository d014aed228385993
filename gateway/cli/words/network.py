"""`waitan day ...`, `participant ...`, `ledger ...`, `identity`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Confirm, Data, Json, Person, Who, Work, asking, group
from gateway.cli.perform import perform, perform_now
from gateway.cli.say import Say

days = group("The business day of each currency.")
participants = group("The organisations on the ledger.")
ledger = group("The ledger itself.")

Currencies = Annotated[list[str] | None, typer.Option("--currency", metavar="CURRENCY", help="Only this; repeatable.")]
Participant = Annotated[str, typer.Argument(metavar="NAME", help="Such as bankist.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


@days.command("list")
@asking()
def list_days(say: Say, who: Who) -> Work:
    """List the last business day of each currency.

    Example: waitan day list
    """
    from gateway.cli import lists as work

    return work.days(say, who)


def _move(say: Say, who: Who, move: str, date: str | None, currencies: list[str] | None) -> Work:
    from gateway.cli import officers

    return officers.move_days(say, who, move, date=date, currencies=currencies or [])


@days.command("open")
@asking(at=False)
def open_day(
    say: Say,
    who: Who,
    date: Annotated[str, typer.Argument(metavar="DATE", help="Later than the last: 2026-11-24")],
    *,
    currency: Currencies = None,
) -> Work:
    """Open a business day, in every currency unless some are named.

    Example: waitan day open 2026-11-24
    """
    return _move(say, who, "open", date, currency)


@days.command("cut-off")
@asking(at=False)
def cut_off_day(say: Say, who: Who, *, currency: Currencies = None) -> Work:
    """End the submission of payments; returns and redemptions still pass.

    Example: waitan day cut-off --currency EUR
    """
    return _move(say, who, "cut-off", None, currency)


@days.command("close")
@asking(at=False)
def close_day(say: Say, who: Who, *, currency: Currencies = None) -> Work:
    """Close the day after its cut-off: nothing moves until the next is opened.

    Example: waitan day close
    """
    return _move(say, who, "close", None, currency)


@participants.command("list")
@asking()
def list_participants(say: Say, who: Who) -> Work:
    """List the organisations, their BICs and where they stand.

    Example: waitan participant list
    """
    from gateway.cli import lists as work

    return work.participants(say, who)


@participants.command("show")
@asking()
def show_participant(say: Say, who: Who, name: Participant) -> Work:
    """Show one organisation: accounts, certificates, who may act for it here.

    Example: waitan participant show bankist
    """
    from gateway.cli import lists as work

    return work.participant(say, who, name)


@participants.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its short name, such as bankfra.")],
    bic: Annotated[str, typer.Argument(metavar="BIC", help="Of eleven characters, such as MNHBDEFFXXX.")],
    *,
    title: Annotated[str, typer.Option("--name", metavar="TEXT", help="Its full name.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a bank to a development network; the next `waitan up` takes it on board and serves its gateway.

    Example: waitan participant add bankfra MNHBDEFFXXX --name "Mainufer Handelsbank"
    """
    from gateway.cli import joining as work

    say = Say(as_json=json)
    perform_now(say, lambda: work.add(say, data, name, bic, title))


@participants.command()
def customer(
    identifier: Annotated[str, typer.Argument(metavar="LEI|USCC", help="The customer's own number.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The customer's name.")],
    *,
    account: Annotated[list[str] | None, typer.Option(metavar="NUMBER", help="An account of it; repeatable.")] = None,
    at: Annotated[str, typer.Option("--at", metavar="BANK", help="Whose customer it is.")] = "banksh",
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Register a bank's customer, who may then follow its payments with a token.

    Example: waitan participant customer 789000M2RX5C8V1DPT81 "Bosphorus Tekstil A.S." --at bankist
    """
    from gateway.cli import joining as work

    say = Say(as_json=json)
    who = Who(data, at, person)
    perform(say, lambda: work.register(say, who, identifier=identifier, name=name, accounts=account or []))


def _change(say: Say, who: Who, words: str, told: str, **fields: str) -> Work:
    from gateway.cli import officers

    return officers.ask(say, who, words, told, **fields)


@participants.command()
@asking()
def suspend(
    say: Say, who: Who, name: Participant, *, reason: Reason = "Asked by an officer", confirm: Confirm = False
) -> Work:
    """Stop an organisation from paying and from being paid: two clearing officers, or two supervisors.

    Example: waitan participant suspend bankist --at regulator --as supervisor-1
    """
    return _suspend(say, who, name, reason, confirms=confirm, ends=False)


@participants.command()
@asking()
def reinstate(
    say: Say, who: Who, name: Participant, *, reason: Reason = "Asked by an officer", confirm: Confirm = False
) -> Work:
    """End a suspension; it takes two as well.

    Example: waitan participant reinstate bankist --at regulator --as supervisor-2
    """
    return _suspend(say, who, name, reason, confirms=confirm, ends=True)


def _suspend(say: Say, who: Who, name: str, reason: str, *, confirms: bool, ends: bool) -> Work:
    from gateway.cli import rulings as work

    return work.suspend(say, who, name, reason=reason, confirms=confirms, ends=ends)


@participants.command("exit")
@asking(at=False)
def leave(say: Say, who: Who, name: Participant) -> Work:
    """Let an organisation leave; all its balances must be zero.

    Example: waitan participant exit bankist
    """
    return _change(say, who, "participant exit", f"{name} has left", participant=name)


@participants.command("require-reports")
@asking()
def require_reports(
    say: Say,
    who: Who,
    since: Annotated[str, typer.Argument(metavar="DATE", help="From which settlement date on.")],
    *,
    confirm: Confirm = False,
) -> Work:
    """Say, as the regulator, from when on payments into or out of China report what they are for.

    It takes two supervisors. From then on such a payment without a balance-of-payments code is refused (RR04).

    Example: waitan participant require-reports 2027-01-01
    """
    from gateway.cli import rulings as work

    return work.require_reports(say, who, since=since, confirms=confirm)


@ledger.command()
def verify(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A data directory, or a ledger's own; default: --data.")
    ] = None,
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """Prove a ledger from its files alone: chain, signatures, every value, and that the books balance.

    Example: waitan ledger verify
    """
    from gateway.cli import verification as work

    say = Say(as_json=json)
    perform_now(say, lambda: work.verify(say, directory or data))


def token(
    *,
    at: Annotated[str, typer.Option("--at", metavar="NAME", help="At whose door it counts.")] = "banksh",
    customer: Annotated[str | None, typer.Option(metavar="LEI|USCC", help="As the bank registered it.")] = None,
    staff: Annotated[bool, typer.Option("--staff", help="For a bank's desk, and not for a customer.")] = False,
    lifetime: Annotated[int | None, typer.Option(metavar="SECONDS", help="How long it holds.", min=1)] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a token for an HTTP door: of a bank's customer or desk, of clearing's or the regulator's staff.

    Example: waitan token --at bankist
    """
    from gateway.cli import token as work

    say = Say(as_json=json)
    perform_now(say, lambda: work.make(say, data, at, customer, lifetime, staff=staff))


def identity(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as officer-3.")],
    *,
    at: Annotated[str, typer.Option("--at", metavar="NAME", help="Whose CA certifies.")] = "banksh",
    role: Annotated[str | None, typer.Option(help="Such as bank_officer; each organisation may certify some.")] = None,
    party: Annotated[
        str, typer.Option(metavar="LEI|USCC", help="Of a trader or carrier: the firm for which it acts.")
    ] = "",
    request: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certify the key of this request (PEM), which a browser made.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a development certificate for one more person.

    Example: waitan identity officer-3 --at banksh
    """
    from gateway.cli import identity as work

    say = Say(as_json=json)
    perform_now(say, lambda: work.make(say, data, at, name, role=role, party=party, request=request))
