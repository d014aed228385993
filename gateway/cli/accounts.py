"""`waitan account`, `issuance` and `redemption`: balances, and money coming onto the ledger and leaving it."""

from collections.abc import Sequence
from uuid import uuid4

from google.protobuf.json_format import MessageToDict

from gateway.cli import amounts
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say, marked
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from settlement.accounts.issuance import RequestIssuance
from settlement.accounts.redemption import RequestRedemption
from settlement.money import for_people as money
from settlement.parties import Kind
from waitan.v1.accounts_pb2 import AccountState, Issuance, IssuanceState, Redemption, RedemptionState


async def list_accounts(say: Say, who: Who, *, currency: str) -> None:
    """List the accounts that an organisation may see; clearing sees all."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        accounts = await session.client.accounts(currency=currency.upper())
    accounts.sort(key=lambda each: (each.currency, each.kind != "cash", each.participant))
    say.result({"accounts": [MessageToDict(each, preserving_proto_field_name=True) for each in accounts]})
    rows = []
    for each in accounts:
        state = AccountState.Name(each.state).removeprefix("ACCOUNT_STATE_").lower()
        whose = each.participant if each.kind == "cash" else "issuer"
        reserved = money(each.available, "") if each.available != each.balance else ""
        told = f"{state}: {each.blocked_because}" if each.blocked_because else state
        cells = (each.currency, whose, money(each.balance, ""), reserved, "" if state == "open" else told)
        rows.append(cells if each.kind == "cash" else tuple(marked("[dim]{}[/]", cell) for cell in cells))
    say.table(("currency", "account", "balance", "available", "state"), rows, right=("balance", "available"))


async def request_issuance(say: Say, who: Who, *, amount: str, currency: str, reference: str) -> None:
    """Ask, as a bank, for money on the ledger."""
    currency = amounts.require_currency(currency)
    amount = amounts.require_amount(amount, currency)
    name = f"ISS-{uuid4().hex[:12]}"
    request = RequestIssuance(
        command_id=new_id(), issuance_id=name, currency=currency, amount=amount, funding_reference=reference
    )
    await _request(say, who, request, kind="issuance", name=name, does=f"asks for {money(amount, currency)}")


async def request_redemption(say: Say, who: Who, *, amount: str, currency: str, account: str) -> None:
    """Ask, as a bank, for money outside; the amount is reserved."""
    currency = amounts.require_currency(currency)
    amount = amounts.require_amount(amount, currency)
    name = f"RED-{uuid4().hex[:12]}"
    request = RequestRedemption(
        command_id=new_id(), redemption_id=name, currency=currency, amount=amount, payout_account=account
    )
    await _request(say, who, request, kind="redemption", name=name, does=f"redeems {money(amount, currency)}")


async def _request(
    say: Say, who: Who, request: RequestIssuance | RequestRedemption, *, kind: str, name: str, does: str
) -> None:
    places = Whereabouts(who.data)
    bank = who.at or places.first(Kind.BANK)
    async with calling(places, bank, who.person) as session:
        listing = session.command(f"{kind} list --at {bank}")
        look = f"Look for {name} before you ask again, which would be another: {listing}"
        with session.naming(look, **{f"{kind}_id": name}):
            done = await session.client.ask(request)
    say.result({f"{kind}_id": name, "participant": bank, "block": done.block})
    say.line(f"{bank} {does}: {kind} {name} (block {done.block}).")
    say.line(f"Next: {session.command(f'{kind} confirm {bank} {name} --as officer-1')}", wrap=False)


async def list_issuances(say: Say, who: Who) -> None:
    """List issuances."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        issuances = sorted(await session.client.issuances(), key=lambda each: (each.participant, each.issuance_id))
    say.result({"issuances": [MessageToDict(each, preserving_proto_field_name=True) for each in issuances]})
    _table(say, "issuance", [(each.issuance_id, IssuanceState.Name(each.state), each) for each in issuances])


async def list_redemptions(say: Say, who: Who) -> None:
    """List redemptions."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        redemptions = await session.client.redemptions()
    say.result({"redemptions": [MessageToDict(each, preserving_proto_field_name=True) for each in redemptions]})
    _table(say, "redemption", [(each.redemption_id, RedemptionState.Name(each.state), each) for each in redemptions])
    if not redemptions:
        request = session.command("redemption request 500.00 CNY --to-account ACCOUNT")
        say.line(f"None yet. A bank asks for one: {request}", wrap=False)


def _table(say: Say, kind: str, requests: Sequence[tuple[str, str, Issuance | Redemption]]) -> None:
    """Show issuances or redemptions with their names and the names of their states."""
    rows = [
        (
            name,
            each.participant,
            money(each.amount, each.currency),
            state.removeprefix(f"{kind.upper()}_STATE_"),
            each.confirmed_by,
            each.approved_by,
        )
        for name, state, each in requests
    ]
    say.table((kind, "bank", "amount", "state", "confirmed", "approved"), rows, right=("amount",))
