"""The organisations: found the ledger, onboard, suspend, let go; revocations; a bank's customers."""

import re
from collections.abc import Callable

from msgspec.structs import replace

from chaincode import keys
from chaincode.contracts import places, rulings
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement import dates, identity, participants
from settlement.accounts.account import require_done_with
from settlement.errors import Code, Refusal
from settlement.forms import records
from settlement.participants import (
    ActivateParticipant,
    ExitParticipant,
    FoundLedger,
    OnboardParticipant,
    Organisation,
    Participant,
    ParticipantState,
    RegisterCustomer,
    ReinstateParticipant,
    RevokeCertificates,
    SuspendParticipant,
)
from settlement.parties import Kind
from settlement.payments.evidence import RequireReports

_SECRET = re.compile(r"[0-9a-f]{64}")
_SERIAL = re.compile(r"[1-9a-f][0-9a-f]{0,39}")


@transaction(FoundLedger)
async def found_ledger(tx: LedgerTx, command: FoundLedger) -> None:
    """Begin: the network, its two authorities and their collections' secrets. Once."""
    if await tx.get(keys.LEDGER, records.Ledger) is not None:
        raise Refusal(Code.ALREADY_EXISTS, "network")
    authorities = {command.clearing.participant: command.clearing, command.regulator.participant: command.regulator}
    if set(command.secrets) != {*authorities, keys.AUTHORITY} or len(authorities) != 2:  # noqa: PLR2004 - a pair
        raise Refusal(Code.CH16, "secrets")
    if (command.clearing.kind, command.regulator.kind) != (Kind.CLEARING, Kind.REGULATOR):
        raise Refusal(Code.CH16, "clearing.kind")
    tx.put(
        keys.LEDGER,
        records.Ledger(
            network=command.network, clearing=tx.caller.participant, regulator=command.regulator.participant
        ),
    )
    _store_secret(tx, keys.AUTHORITY, command.secrets[keys.AUTHORITY])
    for name, organisation in authorities.items():
        await _enter(tx, participants.entered, organisation, command.secrets[name])
        tx.put(keys.participant(name), Participant(organisation=organisation, state=ParticipantState.ACTIVE))


@transaction(RequireReports)
async def require_reports(tx: LedgerTx, command: RequireReports) -> None:
    """Say from when on payments into or out of China report what they are for, once two supervisors do."""
    ledger = await tx.get(keys.LEDGER, records.Ledger)
    assert ledger is not None
    after = replace(ledger, reports_since=dates.day(command.since, "since"))
    await rulings.enact(tx, command, keys.LEDGER, after)


@transaction(OnboardParticipant)
async def onboard_participant(tx: LedgerTx, command: OnboardParticipant) -> None:
    """Enter an organisation and give its collection a secret."""
    await _enter(tx, participants.onboarded, command.organisation, command.secret)


@transaction(ActivateParticipant)
async def activate_participant(tx: LedgerTx, command: ActivateParticipant) -> None:
    """Let an organisation take part."""
    await _move(tx, command)


@transaction(SuspendParticipant)
async def suspend_participant(tx: LedgerTx, command: SuspendParticipant) -> None:
    """Stop an organisation, once two people of an authority do."""
    await _rule(tx, command)


@transaction(ReinstateParticipant)
async def reinstate_participant(tx: LedgerTx, command: ReinstateParticipant) -> None:
    """End a suspension, once two do."""
    await _rule(tx, command)


@transaction(ExitParticipant)
async def exit_participant(tx: LedgerTx, command: ExitParticipant) -> None:
    """Let an organisation leave with all balances zero."""
    participant = await tx.get(keys.participant(command.participant), Participant)
    for currency in participant.accounts if participant else ():
        _, account = await places.account(tx, command.participant, currency)
        if account is not None:
            require_done_with(account, "participant")
    await _move(tx, command)


@transaction(RevokeCertificates)
async def revoke_certificates(tx: LedgerTx, command: RevokeCertificates) -> None:
    """Withdraw certificates of one's own CA."""
    if not all(_SERIAL.fullmatch(serial) for serial in command.serials):
        raise Refusal(Code.CH16, "serials")
    place = keys.participant(tx.caller.participant)
    participant = await tx.get(place, Participant)
    assert participant is not None
    tx.put(place, participants.revoked(participant, command))


@transaction(RegisterCustomer)
async def register_customer(tx: LedgerTx, command: RegisterCustomer) -> None:
    """Enter a customer of the bank."""
    participants.require_customer(command.customer)
    tx.put(await places.hidden(tx, tx.caller.participant, "customer", command.customer.identifier), command.customer)


async def _enter(
    tx: LedgerTx,
    decide: Callable[[Participant | None, Organisation], Participant],
    organisation: Organisation,
    secret: str,
) -> None:
    name = organisation.participant
    root_key = identity.require_root(organisation.root, "organisation.root")
    entered = decide(await tx.get(keys.participant(name), Participant), organisation)
    if name == keys.AUTHORITY:
        raise Refusal(Code.ALREADY_EXISTS, "organisation.participant")
    _store_secret(tx, name, secret)
    if organisation.bic:
        await _hold(tx, keys.bic(organisation.bic), name, "organisation.bic")
    # One CA for two organisations could certify, for the one, people of the other.
    await _hold(tx, keys.root(root_key), name, "organisation.root")
    tx.put(keys.participant(name), entered)


async def _hold(tx: LedgerTx, place: Place, participant: str, where: str) -> None:
    """Take what only one participant can have."""
    if await tx.get(place, records.Registrant) is not None:
        raise Refusal(Code.ALREADY_EXISTS, where)
    tx.put(place, records.Registrant(participant=participant))


def _store_secret(tx: LedgerTx, collection: str, secret: str) -> None:
    if not _SECRET.fullmatch(secret):
        raise Refusal(Code.CH16, "secret")
    tx.put(keys.secret(collection), records.Secret(value=secret))


async def _move(tx: LedgerTx, command: ActivateParticipant | ExitParticipant) -> None:
    place = keys.participant(command.participant)
    tx.put(place, participants.moved(await tx.get(place, Participant), command, by=tx.caller.kind))


async def _rule(tx: LedgerTx, command: SuspendParticipant | ReinstateParticipant) -> None:
    place = keys.participant(command.participant)
    after = participants.moved(await tx.get(place, Participant), command, by=tx.caller.kind)
    await rulings.enact(tx, command, place, after)
