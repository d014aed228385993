"""Currencies and accounts: admitting, opening, issuing and redeeming."""

from msgspec.structs import replace

from chaincode import keys
from chaincode.contracts import places, rulings
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement import currencies, identifiers
from settlement.accounts import account, issuance, redemption
from settlement.accounts.account import (
    Account,
    BlockAccount,
    CloseAccount,
    OpenAccount,
    UnblockAccount,
)
from settlement.accounts.circulation import Circulation, Issuer
from settlement.accounts.issuance import (
    AdmitCurrency,
    ApproveIssuance,
    ConfirmIssuance,
    Currency,
    DeclineIssuance,
    Issuance,
    RequestIssuance,
)
from settlement.accounts.redemption import (
    ApproveRedemption,
    ConfirmRedemption,
    DeclineRedemption,
    FailPayout,
    RecordPayout,
    Redemption,
    RequestRedemption,
)
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.participants import Participant, ParticipantState
from settlement.texts import require_text

_AnyRedemption = ConfirmRedemption | ApproveRedemption | DeclineRedemption | RecordPayout | FailPayout


@transaction(AdmitCurrency)
async def admit_currency(tx: LedgerTx, command: AdmitCurrency) -> None:
    """Name a currency's settlement agent. Once."""
    require_text(command.settlement_account, "settlement_account")
    if identifiers.bic(command.settlement_agent, "settlement_agent") != command.settlement_agent:
        raise Refusal(Code.RC01, "settlement_agent")
    currencies.exponent(command.currency)
    place = keys.currency(command.currency)
    if await tx.get(place, Currency) is not None:
        raise Refusal(Code.ALREADY_EXISTS, "currency")
    tx.put(
        place,
        Currency(
            currency=command.currency,
            settlement_agent=command.settlement_agent,
            settlement_account=command.settlement_account,
        ),
    )


@transaction(OpenAccount)
async def open_account(tx: LedgerTx, command: OpenAccount) -> None:
    """Open a participant's account in an admitted currency. Once."""
    if await tx.get(keys.currency(command.currency), Currency) is None:
        raise Refusal(Code.AM11, "currency")
    owner = keys.participant(command.participant)
    participant = await tx.get(owner, Participant)
    if participant is None:
        raise Refusal(Code.NOT_FOUND, "participant")
    if participant.state is ParticipantState.EXITED:
        raise Refusal(Code.MOVE_NOT_ALLOWED, "participant")
    place, existing = await places.account(tx, command.participant, command.currency)
    if existing is not None:
        raise Refusal(Code.ALREADY_EXISTS, "currency")
    tx.put(place, Account(participant=command.participant, currency=command.currency))
    tx.put(owner, replace(participant, accounts=(*participant.accounts, command.currency)))


@transaction(BlockAccount)
async def block_account(tx: LedgerTx, command: BlockAccount) -> None:
    """Stop an account, once two supervisors do."""
    await rulings.enact(tx, command, *await _moved(tx, command))


@transaction(UnblockAccount)
async def unblock_account(tx: LedgerTx, command: UnblockAccount) -> None:
    """Let it move again, once two do."""
    await rulings.enact(tx, command, *await _moved(tx, command))


@transaction(CloseAccount)
async def close_account(tx: LedgerTx, command: CloseAccount) -> None:
    """Close it at zero."""
    tx.put(*await _moved(tx, command))


@transaction(RequestIssuance)
async def request_issuance(tx: LedgerTx, command: RequestIssuance) -> None:
    """Ask for money on the ledger."""
    owner = tx.caller.participant
    account_place, funded = await places.account(tx, owner, command.currency)
    place = await places.hidden(tx, owner, "issuance", command.issuance_id)
    asked, funded = issuance.requested(await tx.get(place, Issuance), command, owner, funded)
    tx.put(place, asked)
    tx.put(account_place, funded)


@transaction(ConfirmIssuance)
async def confirm_issuance(tx: LedgerTx, command: ConfirmIssuance) -> None:
    """Confirm that the funding arrived."""
    place, found, _ = await _issuance(tx, command)
    tx.put(place, issuance.confirmed(found, command, tx.caller.signer))


@transaction(ApproveIssuance)
async def approve_issuance(tx: LedgerTx, command: ApproveIssuance) -> None:
    """Issue, with a second pair of eyes."""
    place, found, participant = await _issuance(tx, command)
    account_place, funded = await _account(tx, found)
    issuer = await _issuer(tx, found.currency)
    issued, issuer, funded = issuance.approved(
        found, tx.caller.signer, participant=participant, issuer=issuer, account=funded
    )
    tx.put(place, issued)
    tx.put(account_place, funded)
    await _store_issuer(tx, issuer)


@transaction(DeclineIssuance)
async def decline_issuance(tx: LedgerTx, command: DeclineIssuance) -> None:
    """End an issuance that is not to be."""
    place, found, _ = await _issuance(tx, command)
    account_place, funded = await _account(tx, found)
    ended, funded = issuance.declined(found, command, tx.caller.signer, funded)
    tx.put(place, ended)
    tx.put(account_place, funded)


@transaction(RequestRedemption)
async def request_redemption(tx: LedgerTx, command: RequestRedemption) -> None:
    """Ask for money outside; its amount is reserved."""
    owner = tx.caller.participant
    place = await places.hidden(tx, owner, "redemption", command.redemption_id)
    account_place, drawn = await places.account(tx, owner, command.currency)
    day = await tx.get(keys.day(command.currency), BusinessDay)
    existing = await tx.get(place, Redemption)
    asked, drawn = redemption.requested(existing, command, owner, day=day, account=drawn)
    tx.put(place, asked)
    tx.put(account_place, drawn)


@transaction(ConfirmRedemption)
async def confirm_redemption(tx: LedgerTx, command: ConfirmRedemption) -> None:
    """Find a redemption in order."""
    place, found = await _redemption(tx, command)
    tx.put(place, redemption.confirmed(found, tx.caller.signer))


@transaction(ApproveRedemption)
async def approve_redemption(tx: LedgerTx, command: ApproveRedemption) -> None:
    """Burn, with a second pair of eyes."""
    place, found = await _redemption(tx, command)
    account_place, drawn = await _account(tx, found)
    issuer = await _issuer(tx, found.currency)
    burned, issuer, drawn = redemption.approved(found, tx.caller.signer, account=drawn, issuer=issuer)
    tx.put(place, burned)
    tx.put(account_place, drawn)
    await _store_issuer(tx, issuer)


@transaction(DeclineRedemption)
async def decline_redemption(tx: LedgerTx, command: DeclineRedemption) -> None:
    """End a redemption that is not to be."""
    place, found = await _redemption(tx, command)
    account_place, drawn = await _account(tx, found)
    ended, drawn = redemption.declined(found, command, tx.caller.signer, drawn)
    tx.put(place, ended)
    tx.put(account_place, drawn)


@transaction(RecordPayout)
async def record_payout(tx: LedgerTx, command: RecordPayout) -> None:
    """End a redemption with the reference of the payment made outside."""
    place, found = await _redemption(tx, command)
    account_place, drawn = await _account(tx, found)
    ended, drawn = redemption.paid_out(found, command, tx.caller.signer, drawn)
    tx.put(place, ended)
    tx.put(account_place, drawn)


@transaction(FailPayout)
async def fail_payout(tx: LedgerTx, command: FailPayout) -> None:
    """Restore what was burned."""
    place, found = await _redemption(tx, command)
    account_place, drawn = await _account(tx, found)
    issuer = await _issuer(tx, found.currency)
    ended, issuer, drawn = redemption.failed(found, command, tx.caller.signer, account=drawn, issuer=issuer)
    tx.put(place, ended)
    tx.put(account_place, drawn)
    await _store_issuer(tx, issuer)


async def _moved(tx: LedgerTx, command: BlockAccount | UnblockAccount | CloseAccount) -> tuple[Place, Account]:
    if await tx.get(keys.participant(command.participant), Participant) is None:
        raise Refusal(Code.NOT_FOUND, "participant")
    place, found = await places.account(tx, command.participant, command.currency)
    return place, account.moved(found, command)


async def _issuance(
    tx: LedgerTx, command: ConfirmIssuance | ApproveIssuance | DeclineIssuance
) -> tuple[Place, Issuance, Participant]:
    participant = await tx.get(keys.participant(command.participant), Participant)
    if participant is None:
        raise Refusal(Code.NOT_FOUND, "participant")
    place = await places.hidden(tx, command.participant, "issuance", command.issuance_id)
    found = await tx.get(place, Issuance)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "issuance_id")
    return place, found, participant


async def _redemption(tx: LedgerTx, command: _AnyRedemption) -> tuple[Place, Redemption]:
    if await tx.get(keys.participant(command.participant), Participant) is None:
        raise Refusal(Code.NOT_FOUND, "participant")
    place = await places.hidden(tx, command.participant, "redemption", command.redemption_id)
    found = await tx.get(place, Redemption)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "redemption_id")
    return place, found


async def _account(tx: LedgerTx, found: Issuance | Redemption) -> tuple[Place, Account]:
    place, concerned = await places.account(tx, found.participant, found.currency)
    assert concerned is not None
    return place, concerned


async def _issuer(tx: LedgerTx, currency: str) -> Issuer:
    _, contra = await places.issuer_account(tx, currency)
    totals = await tx.get(await places.hidden(tx, keys.AUTHORITY, "circulation", currency), Circulation)
    return Issuer(contra, totals or Circulation(currency=currency))


async def _store_issuer(tx: LedgerTx, issuer: Issuer) -> None:
    currency = issuer.circulation.currency
    account_place, _ = await places.issuer_account(tx, currency)
    tx.put(account_place, issuer.account)
    tx.put(await places.hidden(tx, keys.AUTHORITY, "circulation", currency), issuer.circulation)
