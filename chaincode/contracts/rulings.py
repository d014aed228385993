"""What two people of an authority rule: rules for all, and what stops one organisation or one account."""

from chaincode import keys
from chaincode.contracts import places
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement import rulings
from settlement.records import Record, RulingCommand
from settlement.rulings import Ruling, RulingState, WithdrawRuling


async def enact(tx: LedgerTx, command: RulingCommand, place: Place, after: Record) -> None:
    """Store what somebody proposes or confirms and, once two have ruled, the record that is to stand at a place."""
    own_place = await _place(tx, rulings.ruling_id(command))
    ruling = rulings.decided(
        await tx.get(own_place, Ruling),
        command,
        authority=tx.caller.participant,
        by=tx.caller.signer,
        at_ms=tx.timestamp_ms,
    )
    tx.put(own_place, ruling)
    if ruling.state is RulingState.CONFIRMED:
        tx.put(place, after)


@transaction(WithdrawRuling)
async def withdraw_ruling(tx: LedgerTx, command: WithdrawRuling) -> None:
    """Take back what waits for a second person."""
    place = await _place(tx, command.ruling_id)
    before = await tx.get(place, Ruling)
    tx.put(place, rulings.withdrawn(before, command, by=tx.caller.signer, at_ms=tx.timestamp_ms))


async def _place(tx: LedgerTx, ruling_id: str) -> Place:
    """Where an authority's own ruling stands: what is about one organisation, that one does not learn beforehand."""
    if rulings.is_for_all(ruling_id):
        return keys.rule(tx.caller.participant, ruling_id)
    return await places.hidden(tx, keys.AUTHORITY, "ruling", f"{tx.caller.participant}|{ruling_id}")
