"""`waitan account ...`, `issuance ...`, `redemption ...`: the words."""

from typing import Annotated

import typer

from gateway.cli.options import Confirm, Who, Work, asking, group
from gateway.cli.say import Say

accounts = group("Balances; opening, blocking and closing accounts.")
issuances = group("Money onto the ledger: asked, confirmed, approved.")
redemptions = group("Money off the ledger: asked, confirmed, approved, paid.")

Bank = Annotated[str, typer.Argument(metavar="BANK", help="Whose it is, such as banksh.")]
Currency = Annotated[str, typer.Argument(metavar="CURRENCY", help="Such as CNY.")]
Name = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="With all its decimals: 1000.00")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


def _ask(say: Say, who: Who, words: str, told: str, **fields: str) -> Work:
    from gateway.cli import officers

    return officers.ask(say, who, words, told, **fields)


@accounts.command("list")
@asking()
def list_accounts(
    say: Say, who: Who, *, currency: Annotated[str, typer.Option(metavar="CURRENCY", help="Only this one.")] = ""
) -> Work:
    """List accounts and balances: all, as clearing sees them, or those that `--at` may see.

    Example: waitan account list --at banksh
    """
    from gateway.cli import accounts as work

    return work.list_accounts(say, who, currency=currency)


@accounts.command("open")
@asking(at=False)
def open_account(say: Say, who: Who, bank: Bank, currency: Currency) -> Work:
    """Open a bank's account in a currency that the ledger settles.

    Example: waitan account open banksh EUR
    """
    return _move_account(say, who, "open", "is open", participant=bank, currency=currency)


@accounts.command("block")
@asking()
def block_account(
    say: Say,
    who: Who,
    bank: Bank,
    currency: Currency,
    *,
    reason: Reason = "Asked by an officer",
    confirm: Confirm = False,
) -> Work:
    """Block an account in both directions, as the regulator; it takes two supervisors.

    Example: waitan account block bankist EUR --as supervisor-1
    """
    return _freeze(say, who, (bank, currency), reason, confirms=confirm, thaws=False)


@accounts.command("unblock")
@asking()
def unblock_account(
    say: Say,
    who: Who,
    bank: Bank,
    currency: Currency,
    *,
    reason: Reason = "Asked by an officer",
    confirm: Confirm = False,
) -> Work:
    """Let a blocked account move again; it takes two supervisors as well.

    Example: waitan account unblock bankist EUR
    """
    return _freeze(say, who, (bank, currency), reason, confirms=confirm, thaws=True)


def _freeze(say: Say, who: Who, account: tuple[str, str], reason: str, *, confirms: bool, thaws: bool) -> Work:
    from gateway.cli import rulings as work

    return work.freeze(say, who, *account, reason=reason, confirms=confirms, thaws=thaws)


@accounts.command("limit")
@asking()
def limit_account(
    say: Say,
    who: Who,
    currency: Currency,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="With its decimals; none: no limit.")],
    *,
    confirm: Confirm = False,
) -> Work:
    """Set the most that one officer alone pays from a bank's own account; it takes two officers.

    Example: waitan account limit CNY 1000000.00 --at banksh --as officer-1
    """
    from gateway.cli import rulings as work

    return work.limit(say, who, currency, amount, confirms=confirm)


@accounts.command("close")
@asking(at=False)
def close_account(say: Say, who: Who, bank: Bank, currency: Currency) -> Work:
    """Close an account whose balance is zero.

    Example: waitan account close bankist BHD
    """
    return _move_account(say, who, "close", "is closed", participant=bank, currency=currency)


def _move_account(say: Say, who: Who, move: str, done: str, **fields: str) -> Work:
    currency = fields["currency"].upper()
    told = f"{fields['participant']}'s {currency} account {done}"
    return _ask(say, who, f"account {move}", told, **{**fields, "currency": currency})


@issuances.command("list")
@asking()
def list_issuances(say: Say, who: Who) -> Work:
    """List issuances and who said yes.

    Example: waitan issuance list
    """
    from gateway.cli import accounts as work

    return work.list_issuances(say, who)


@issuances.command("request")
@asking()
def request_issuance(
    say: Say,
    who: Who,
    amount: Amount,
    currency: Currency,
    *,
    reference: Annotated[str, typer.Option(help="Of the payment made to the settlement agent.")] = "FUNDING-1",
) -> Work:
    """Ask, as a bank, for money on the ledger against a payment made outside.

    Example: waitan issuance request 500000.00 CNY --at banksh
    """
    from gateway.cli import accounts as work

    return work.request_issuance(say, who, amount=amount, currency=currency, reference=reference)


@issuances.command("confirm")
@asking(at=False)
def confirm_issuance(
    say: Say,
    who: Who,
    bank: Bank,
    issuance: Name,
    *,
    reference: Annotated[str, typer.Option(help="Of the agent's camt.054.")] = "CAMT054-1",
) -> Work:
    """Confirm, as a clearing officer (the maker), that the funding has arrived.

    Example: waitan issuance confirm banksh ISS-0f6a51c2b9d4 --as officer-1
    """
    after = f"issuance approve {bank} {issuance} --as officer-2"
    fields = {"participant": bank, "issuance_id": issuance, "credit_reference": reference, "after": after}
    return _ask(say, who, "issuance confirm", f"{issuance} is confirmed", **fields)


@issuances.command("approve")
@asking(at=False, person="officer-2")
def approve_issuance(say: Say, who: Who, bank: Bank, issuance: Name) -> Work:
    """Approve, as another clearing officer (the checker): the amount is issued.

    Example: waitan issuance approve banksh ISS-0f6a51c2b9d4 --as officer-2
    """
    fields = {"participant": bank, "issuance_id": issuance}
    return _ask(say, who, "issuance approve", f"{issuance} is issued", **fields)


@issuances.command("decline")
@asking(at=False)
def decline_issuance(
    say: Say, who: Who, bank: Bank, issuance: Name, *, reason: Reason = "Funding not received"
) -> Work:
    """End an issuance that is not to be.

    Example: waitan issuance decline banksh ISS-0f6a51c2b9d4 --reason "Funding not received"
    """
    fields = {"participant": bank, "issuance_id": issuance, "reason": reason}
    return _ask(say, who, "issuance decline", f"{issuance} is declined", **fields)


@redemptions.command("list")
@asking()
def list_redemptions(say: Say, who: Who) -> Work:
    """List redemptions and who said yes.

    Example: waitan redemption list
    """
    from gateway.cli import accounts as work

    return work.list_redemptions(say, who)


@redemptions.command("request")
@asking()
def request_redemption(
    say: Say,
    who: Who,
    amount: Amount,
    currency: Currency,
    *,
    account: Annotated[str, typer.Option("--to-account", help="Where it is to be paid outside.")] = "NOSTRO-1",
) -> Work:
    """Ask, as a bank, for money outside; the amount is reserved at once.

    Example: waitan redemption request 250.00 CNY --at bankist
    """
    from gateway.cli import accounts as work

    return work.request_redemption(say, who, amount=amount, currency=currency, account=account)


@redemptions.command("confirm")
@asking(at=False)
def confirm_redemption(say: Say, who: Who, bank: Bank, redemption: Name) -> Work:
    """Find a redemption in order, as a clearing officer (the maker).

    Example: waitan redemption confirm bankist RED-5b1e0c7a44f2 --as officer-1
    """
    after = f"redemption approve {bank} {redemption} --as officer-2"
    fields = {"participant": bank, "redemption_id": redemption, "after": after}
    return _ask(say, who, "redemption confirm", f"{redemption} is confirmed", **fields)


@redemptions.command("approve")
@asking(at=False, person="officer-2")
def approve_redemption(say: Say, who: Who, bank: Bank, redemption: Name) -> Work:
    """Approve, as another clearing officer (the checker): the amount is burned.

    Example: waitan redemption approve bankist RED-5b1e0c7a44f2 --as officer-2
    """
    after = f"redemption paid-out {bank} {redemption} REFERENCE"
    fields = {"participant": bank, "redemption_id": redemption, "after": after}
    return _ask(say, who, "redemption approve", f"{redemption} is burned", **fields)


@redemptions.command("decline")
@asking(at=False)
def decline_redemption(say: Say, who: Who, bank: Bank, redemption: Name, *, reason: Reason = "Not in order") -> Work:
    """End a redemption that is not to be: what was reserved is released.

    Example: waitan redemption decline bankist RED-5b1e0c7a44f2 --reason "Not in order"
    """
    fields = {"participant": bank, "redemption_id": redemption, "reason": reason}
    return _ask(say, who, "redemption decline", f"{redemption} is declined", **fields)


@redemptions.command("paid-out")
@asking(at=False)
def paid_out(
    say: Say,
    who: Who,
    bank: Bank,
    redemption: Name,
    reference: Annotated[str, typer.Argument(help="Of the payment made outside.")],
) -> Work:
    """Record that the money was paid outside: the redemption ends.

    Example: waitan redemption paid-out bankist RED-5b1e0c7a44f2 NOSTRO-20261123-7
    """
    fields = {"participant": bank, "redemption_id": redemption, "payout_reference": reference}
    return _ask(say, who, "redemption paid-out", f"{redemption} is paid out", **fields)


@redemptions.command("failed")
@asking(at=False)
def failed(say: Say, who: Who, bank: Bank, redemption: Name, *, reason: Reason = "The agent sent it back") -> Work:
    """Record that the money could not be paid outside: the amount is restored.

    Example: waitan redemption failed bankist RED-5b1e0c7a44f2 --reason "The agent sent it back"
    """
    fields = {"participant": bank, "redemption_id": redemption, "reason": reason}
    return _ask(say, who, "redemption failed", f"{redemption} failed and is restored", **fields)
