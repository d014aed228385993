"""Where the records of the contracts stand: a natural name in, a place out."""

from chaincode import keys
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from settlement.accounts.account import CASH, ISSUER, Account


def account_place(participant: str, secret: bytes, currency: str, kind: str = CASH) -> Place:
    """The account of a participant in a currency."""
    return keys.hidden_and_kept(participant, secret, "account", f"{currency}|{kind}")


async def account(tx: LedgerTx, participant: str, currency: str, kind: str = CASH) -> tuple[Place, Account | None]:
    """Load an account; give its place too, to store it again."""
    place = account_place(participant, await tx.secret(participant), currency, kind)
    return place, await tx.get(place, Account)


async def issuer_account(tx: LedgerTx, currency: str) -> tuple[Place, Account]:
    """Load the contra account of a currency, held by both authorities."""
    place, found = await account(tx, keys.AUTHORITY, currency, ISSUER)
    return place, found or Account(participant=keys.AUTHORITY, currency=currency, kind=ISSUER)


async def hidden(tx: LedgerTx, participant: str, kind: str, natural_id: str) -> Place:
    """A record of its own in a participant's collection."""
    return keys.hidden(participant, await tx.secret(participant), kind, natural_id)
