"""`waitan account`, `issuance` and `redemption`: balances, and money coming onto the ledger and leaving it."""

from typing import Final
from uuid import uuid4

from google.protobuf.json_format import MessageToDict

from gateway.cli import amounts
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from gateway.development.members import CLEARING
from settlement.accounts.issuance import RequestIssuance
from settlement.accounts.redemption import RequestRedemption
from settlement.money import for_people as money
from waitan.v1.accounts_pb2 import AccountState, IssuanceState, RedemptionState

BANK: Final = "banksh"
"""Who is asked where nobody is named."""


async def list_accounts(say: Say, who: Who, *, currency: str) -> None:
    """List the accounts that an organisation may see; clearing sees all."""
    async with calling(Whereabouts(who.data), who.at or CLEARING, who.person) as session:
        accounts = await session.client.accounts(currency=currency.upper())
    accounts.sort(key=lambda each: (each.currency, each.kind != "cash", each.participant))
    say.result({"accounts": [MessageToDict(each, preserving_proto_field_name=True) for each in accounts]})
    rows = []
    for each in accounts:
        state = AccountState.Name(each.state).removeprefix("ACCOUNT_STATE_").lower()
        style = "dim" if each.kind != "cash" else ""
        whose = each.participant if each.kind == "cash" else "issuer"
        reserved = money(each.available, "") if each.available != each.balance else ""
        cells = (each.currency, whose, money(each.balance, ""), reserved, "" if state == "open" else state)
        rows.append(tuple(f"[{style}]{cell}[/]" if style and cell else cell for cell in cells))
    say.table(("currency", "account", "balance", "available", "state"), rows, right=("balance", "available"))


async def request_issuance(say: Say, who: Who, *, amount: str, currency: str, reference: str) -> None:
    """Ask, as a bank, for money on the ledger."""
    currency = amounts.require_currency(currency)
    amount = amounts.require_amount(amount, currency)
    bank, issuance_id = who.at or BANK, f"ISS-{uuid4().hex[:12]}"
    async with calling(Whereabouts(who.data), bank, who.person) as session:
        request = RequestIssuance(
            command_id=new_id(),
            issuance_id=issuance_id,
            currency=currency,
            amount=amount,
            funding_reference=reference,
        )
        command = session.command(f"issuance list --at {bank}")
        look = f"Look for {issuance_id} before you ask again, which would be another: {command}"
        with session.naming(look, issuance_id=issuance_id):
            done = await session.client.ask(request)
    say.result({"issuance_id": issuance_id, "participant": bank, "block": done.block})
    say.line(f"{bank} asks for {money(amount, currency)}: issuance {issuance_id} (block {done.block}).")
    after = session.command(f"issuance confirm {bank} {issuance_id} --as officer-1")
    say.line(f"Next: {after}", wrap=False)


async def request_redemption(say: Say, who: Who, *, amount: str, currency: str, account: str) -> None:
    """Ask, as a bank, for money outside; the amount is reserved."""
    currency = amounts.require_currency(currency)
    amount = amounts.require_amount(amount, currency)
    bank, redemption_id = who.at or BANK, f"RED-{uuid4().hex[:12]}"
    async with calling(Whereabouts(who.data), bank, who.person) as session:
        request = RequestRedemption(
            command_id=new_id(),
            redemption_id=redemption_id,
            currency=currency,
            amount=amount,
            payout_account=account,
        )
        command = session.command(f"redemption list --at {bank}")
        look = f"Look for {redemption_id} before you ask again, which would be another: {command}"
        with session.naming(look, redemption_id=redemption_id):
            done = await session.client.ask(request)
    say.result({"redemption_id": redemption_id, "participant": bank, "block": done.block})
    say.line(f"{bank} redeems {money(amount, currency)}: redemption {redemption_id} (block {done.block}).")
    after = session.command(f"redemption confirm {bank} {redemption_id} --as officer-1")
    say.line(f"Next: {after}", wrap=False)


async def list_issuances(say: Say, who: Who) -> None:
    """List issuances."""
    async with calling(Whereabouts(who.data), who.at or CLEARING, who.person) as session:
        issuances = sorted(await session.client.issuances(), key=lambda each: (each.participant, each.issuance_id))
    say.result({"issuances": [MessageToDict(each, preserving_proto_field_name=True) for each in issuances]})
    rows = [
        (
            each.issuance_id,
            each.participant,
            money(each.amount, each.currency),
            IssuanceState.Name(each.state).removeprefix("ISSUANCE_STATE_"),
            each.confirmed_by,
            each.approved_by,
        )
        for each in issuances
    ]
    say.table(("issuance", "bank", "amount", "state", "confirmed", "approved"), rows, right=("amount",))


async def list_redemptions(say: Say, who: Who) -> None:
    """List redemptions."""
    async with calling(Whereabouts(who.data), who.at or CLEARING, who.person) as session:
        redemptions = await session.client.redemptions()
    say.result({"redemptions": [MessageToDict(each, preserving_proto_field_name=True) for each in redemptions]})
    rows = [
        (
            each.redemption_id,
            each.participant,
            money(each.amount, each.currency),
            RedemptionState.Name(each.state).removeprefix("REDEMPTION_STATE_"),
            each.confirmed_by,
            each.approved_by,
        )
        for each in redemptions
    ]
    say.table(("redemption", "bank", "amount", "state", "confirmed", "approved"), rows, right=("amount",))
    if not rows:
        request = session.command("redemption request 500.00 CNY --to-account ACCOUNT")
        say.line(f"None yet. A bank asks for one: {request}", wrap=False)
