"""What a bank lets nobody pay alone: its limits, and payments above them."""

from chaincode.contracts import day, places, rulings
from chaincode.overlay import LedgerTx
from chaincode.transactions import transaction
from settlement.errors import Code, Refusal
from settlement.parties import Role
from settlement.payments import checks, release
from settlement.payments.commands import SubmitPayment
from settlement.payments.parts import under
from settlement.payments.release import ProposeRelease, SetReleaseLimit
from settlement.payments.undertaking import ProposeChange
from settlement.rulings import Ruling


@transaction(SetReleaseLimit)
async def set_release_limit(tx: LedgerTx, command: SetReleaseLimit) -> None:
    """Limit what is paid from an account by one officer, once two have signed it."""
    place, account = await places.account(tx, tx.caller.participant, command.currency)
    await rulings.enact(tx, command, place, release.limited(account, command, by=tx.caller.participant))


@transaction(ProposeRelease)
async def propose_release(tx: LedgerTx, command: ProposeRelease) -> None:
    """Keep a payment above the limit for another officer; it has no effect. DU03 once it is released."""
    checks.require_none(under("payment", checks.faults(command.payment)))
    _, account = await places.account(tx, tx.caller.participant, command.payment.currency)
    on = await day.today(tx, command.payment.currency)
    deadline = release.require_proposal(account, command, by=tx.caller.participant, on=on)
    release.require_unpaid(await tx.get(await rulings.place_of(tx, release.proposal_id(command.payment)), Ruling))
    await rulings.noted(tx, command, deadline)


async def require(tx: LedgerTx, signed: SubmitPayment | ProposeChange, currency: str) -> None:
    """Hold what is above the limit to two officers: one has proposed it, another has signed it now."""
    if tx.caller.role is not Role.BANK_OFFICER:
        raise Refusal(Code.RELEASE_NEEDED, release.needed_at(signed))
    place = await rulings.place_of(tx, release.proposal_id(signed))
    after = release.released(
        await tx.get(place, Ruling),
        signed,
        authority=tx.caller.participant,
        by=tx.caller.signer,
        at_ms=tx.timestamp_ms,
        on=await day.today(tx, currency),
    )
    tx.put(place, after)
