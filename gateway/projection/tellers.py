"""From which of a transaction's journals an event is taken, so that each is taken once."""

from collections.abc import Collection


def is_taken(collection: str, teller: str, own: str, tellers: Collection[str]) -> bool:
    """Say whether an event is taken from a collection's journal: its teller's where that is held, or else one's own.

    `teller` is who asked for it or, of what the ledger tells by itself, its payer; `own` is whose read model it is, and
    `tellers` are those whose journals of the transaction it has. An authority has the journals of both parties, and may
    be one of them: Clearing is, of a tax that is paid to the treasury.
    """
    return collection == teller or (collection == own and teller not in tellers)
