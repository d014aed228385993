"""What two people of an organisation rule: rules for all, what stops one organisation or account, a bank's limits."""

from chaincode import keys
from chaincode.contracts import day, places
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement import rulings
from settlement.parties import Kind
from settlement.records import Record, RulingCommand
from settlement.rulings import Deadline, Ruling, RulingState, WithdrawRuling


async def enact(tx: LedgerTx, command: RulingCommand, place: Place, after: Record) -> None:
    """Store what somebody proposes or confirms and, once two have ruled, the record that is to stand at a place."""
    if (await noted(tx, command)).state is RulingState.CONFIRMED:
        tx.put(place, after)


async def noted(tx: LedgerTx, command: RulingCommand, deadline: Deadline | None = None) -> Ruling:
    """Store what somebody proposes (until a deadline, where it has one) or confirms, and say how it stands."""
    own_place = await place_of(tx, rulings.ruling_id(command))
    ruling = rulings.decided(
        await tx.get(own_place, Ruling),
        command,
        authority=tx.caller.participant,
        by=tx.caller.signer,
        at_ms=tx.timestamp_ms,
        deadline=deadline,
    )
    tx.put(own_place, ruling)
    return ruling


@transaction(WithdrawRuling)
async def withdraw_ruling(tx: LedgerTx, command: WithdrawRuling) -> None:
    """Take back what waits for a second person."""
    place = await place_of(tx, command.ruling_id)
    before = await tx.get(place, Ruling)
    if before is not None and before.deadline is not None:
        before = rulings.standing(before, await day.today(tx, before.deadline.currency))
    tx.put(place, rulings.withdrawn(before, command, by=tx.caller.signer, at_ms=tx.timestamp_ms))


async def place_of(tx: LedgerTx, ruling_id: str) -> Place:
    """Where an organisation's own ruling stands: a bank's with itself, an authority's where it shall be known.

    One about one organisation stands with the authorities: that organisation does not learn of it beforehand.
    """
    if tx.caller.kind is Kind.BANK:
        return await places.hidden(tx, tx.caller.participant, "ruling", ruling_id)
    if rulings.is_for_all(ruling_id):
        return keys.rule(tx.caller.participant, ruling_id)
    return await places.hidden(tx, keys.AUTHORITY, "ruling", f"{tx.caller.participant}|{ruling_id}")
