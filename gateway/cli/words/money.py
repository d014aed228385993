"""`waitan account ...`, `issuance ...`, `redemption ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import At, Confirm, Data, Json, Person, Who, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

accounts = group("Balances; opening, blocking and closing accounts.")
issuances = group("Money onto the ledger: asked, confirmed, approved.")
redemptions = group("Money off the ledger: asked, confirmed, approved, paid.")

Bank = Annotated[str, typer.Argument(metavar="BANK", help="Whose it is, such as banksh.")]
Currency = Annotated[str, typer.Argument(metavar="CURRENCY", help="Such as CNY.")]
Name = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="With all its decimals: 1000.00")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


def _ask(who: Who, words: str, told: str, *, json: bool, **fields: str) -> None:
    from gateway.cli import officers

    say = Say(as_json=json)
    perform(say, lambda: officers.ask(say, who, words, told, **fields))


@accounts.command("list")
def list_accounts(
    *,
    currency: Annotated[str, typer.Option(metavar="CURRENCY", help="Only this one.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List accounts and balances: all, as clearing sees them, or those that `--at` may see.

    Example: waitan account list --at banksh
    """
    from gateway.cli import accounts as work

    say = Say(as_json=json)
    perform(say, lambda: work.list_accounts(say, Who(data, at, person), currency=currency))


@accounts.command("open")
def open_account(
    bank: Bank, currency: Currency, *, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Open a bank's account in a currency that the ledger settles.

    Example: waitan account open banksh EUR
    """
    _move_account(Who(data, None, person), "open", "is open", json=json, participant=bank, currency=currency)


@accounts.command("block")
def block_account(
    bank: Bank,
    currency: Currency,
    *,
    reason: Reason = "Asked by an officer",
    confirm: Confirm = False,
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Freeze an account in both directions, as the regulator; it takes two supervisors.

    Example: waitan account block bankist EUR --as supervisor-1
    """
    _freeze(Who(data, at, person), (bank, currency), reason, json=json, confirms=confirm, thaws=False)


@accounts.command("unblock")
def unblock_account(
    bank: Bank,
    currency: Currency,
    *,
    reason: Reason = "Asked by an officer",
    confirm: Confirm = False,
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Let a blocked account move again; it takes two supervisors as well.

    Example: waitan account unblock bankist EUR
    """
    _freeze(Who(data, at, person), (bank, currency), reason, json=json, confirms=confirm, thaws=True)


def _freeze(who: Who, account: tuple[str, str], reason: str, *, json: bool, confirms: bool, thaws: bool) -> None:
    from gateway.cli import rulings as work

    say = Say(as_json=json)
    perform(say, lambda: work.freeze(say, who, *account, reason=reason, confirms=confirms, thaws=thaws))


@accounts.command("close")
def close_account(
    bank: Bank, currency: Currency, *, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Close an account whose balance is zero.

    Example: waitan account close bankist BHD
    """
    _move_account(Who(data, None, person), "close", "is closed", json=json, participant=bank, currency=currency)


def _move_account(who: Who, move: str, done: str, *, json: bool, **fields: str) -> None:
    currency = fields["currency"].upper()
    told = f"{fields['participant']}'s {currency} account {done}"
    _ask(who, f"account {move}", told, json=json, **{**fields, "currency": currency})


@issuances.command("list")
def list_issuances(*, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """List issuances and who said yes.

    Example: waitan issuance list
    """
    from gateway.cli import accounts as work

    say = Say(as_json=json)
    perform(say, lambda: work.list_issuances(say, Who(data, at, person)))


@issuances.command("request")
def request_issuance(
    amount: Amount,
    currency: Currency,
    *,
    reference: Annotated[str, typer.Option(help="Of the payment made to the settlement agent.")] = "FUNDING-1",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Ask, as a bank, for money on the ledger against a payment made outside.

    Example: waitan issuance request 500000.00 CNY --at banksh
    """
    from gateway.cli import accounts as work

    say = Say(as_json=json)
    who = Who(data, at, person)
    perform(say, lambda: work.request_issuance(say, who, amount=amount, currency=currency, reference=reference))


@issuances.command("confirm")
def confirm_issuance(
    bank: Bank,
    issuance: Name,
    *,
    reference: Annotated[str, typer.Option(help="Of the agent's camt.054.")] = "CAMT054-1",
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Confirm, as a clearing officer (the maker), that the funding has arrived.

    Example: waitan issuance confirm banksh ISS-0f6a51c2b9d4 --as officer-1
    """
    after = f"issuance approve {bank} {issuance} --as officer-2"
    fields = {"participant": bank, "issuance_id": issuance, "credit_reference": reference, "after": after}
    _ask(Who(data, None, person), "issuance confirm", f"{issuance} is confirmed", json=json, **fields)


@issuances.command("approve")
def approve_issuance(
    bank: Bank, issuance: Name, *, person: Person = "officer-2", data: Data = None, json: Json = False
) -> None:
    """Approve, as another clearing officer (the checker): the amount is issued.

    Example: waitan issuance approve banksh ISS-0f6a51c2b9d4 --as officer-2
    """
    fields = {"participant": bank, "issuance_id": issuance}
    _ask(Who(data, None, person), "issuance approve", f"{issuance} is issued", json=json, **fields)


@issuances.command("decline")
def decline_issuance(
    bank: Bank,
    issuance: Name,
    *,
    reason: Reason = "Funding not received",
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """End an issuance that is not to be.

    Example: waitan issuance decline banksh ISS-0f6a51c2b9d4 --reason "Funding not received"
    """
    fields = {"participant": bank, "issuance_id": issuance, "reason": reason}
    _ask(Who(data, None, person), "issuance decline", f"{issuance} is declined", json=json, **fields)


@redemptions.command("list")
def list_redemptions(*, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """List redemptions and who said yes.

    Example: waitan redemption list
    """
    from gateway.cli import accounts as work

    say = Say(as_json=json)
    perform(say, lambda: work.list_redemptions(say, Who(data, at, person)))


@redemptions.command("request")
def request_redemption(
    amount: Amount,
    currency: Currency,
    *,
    account: Annotated[str, typer.Option("--to-account", help="Where it is to be paid outside.")] = "NOSTRO-1",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Ask, as a bank, for money outside; the amount is reserved at once.

    Example: waitan redemption request 250.00 CNY --at bankist
    """
    from gateway.cli import accounts as work

    say = Say(as_json=json)
    who = Who(data, at, person)
    perform(say, lambda: work.request_redemption(say, who, amount=amount, currency=currency, account=account))


@redemptions.command("confirm")
def confirm_redemption(
    bank: Bank, redemption: Name, *, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Find a redemption in order, as a clearing officer (the maker).

    Example: waitan redemption confirm bankist RED-5b1e0c7a44f2 --as officer-1
    """
    after = f"redemption approve {bank} {redemption} --as officer-2"
    fields = {"participant": bank, "redemption_id": redemption, "after": after}
    _ask(Who(data, None, person), "redemption confirm", f"{redemption} is confirmed", json=json, **fields)


@redemptions.command("approve")
def approve_redemption(
    bank: Bank, redemption: Name, *, person: Person = "officer-2", data: Data = None, json: Json = False
) -> None:
    """Approve, as another clearing officer (the checker): the amount is burned.

    Example: waitan redemption approve bankist RED-5b1e0c7a44f2 --as officer-2
    """
    after = f"redemption paid-out {bank} {redemption} REFERENCE"
    fields = {"participant": bank, "redemption_id": redemption, "after": after}
    _ask(Who(data, None, person), "redemption approve", f"{redemption} is burned", json=json, **fields)


@redemptions.command("decline")
def decline_redemption(
    bank: Bank,
    redemption: Name,
    *,
    reason: Reason = "Not in order",
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """End a redemption that is not to be: what was reserved is released.

    Example: waitan redemption decline bankist RED-5b1e0c7a44f2 --reason "Not in order"
    """
    fields = {"participant": bank, "redemption_id": redemption, "reason": reason}
    _ask(Who(data, None, person), "redemption decline", f"{redemption} is declined", json=json, **fields)


@redemptions.command("paid-out")
def paid_out(
    bank: Bank,
    redemption: Name,
    reference: Annotated[str, typer.Argument(help="Of the payment made outside.")],
    *,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Record that the money was paid outside: the redemption ends.

    Example: waitan redemption paid-out bankist RED-5b1e0c7a44f2 NOSTRO-20261123-7
    """
    fields = {"participant": bank, "redemption_id": redemption, "payout_reference": reference}
    _ask(Who(data, None, person), "redemption paid-out", f"{redemption} is paid out", json=json, **fields)


@redemptions.command("failed")
def failed(
    bank: Bank,
    redemption: Name,
    *,
    reason: Reason = "The agent sent it back",
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Record that the money could not be paid outside: the amount is restored.

    Example: waitan redemption failed bankist RED-5b1e0c7a44f2 --reason "The agent sent it back"
    """
    fields = {"participant": bank, "redemption_id": redemption, "reason": reason}
    _ask(Who(data, None, person), "redemption failed", f"{redemption} failed and is restored", json=json, **fields)
