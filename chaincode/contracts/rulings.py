"""Rules for all banks, which two supervisors make."""

from chaincode import keys
from chaincode.overlay import LedgerTx
from settlement.rulings import ProposedRule, RuleCommand, decided


async def is_in_force(tx: LedgerTx, command: RuleCommand) -> bool:
    """Store what a supervisor proposes or confirms; say whether the rule is in force now."""
    place = keys.proposed_rule(type(command).__name__)
    proposed, is_in_force = decided(await tx.get(place, ProposedRule), command, tx.caller.signer)
    tx.put(place, proposed)
    return is_in_force
