"""What traders ask of their banks: recorded, declined, and released by a payment."""

from collections.abc import Iterable

from chaincode import keys
from chaincode.contracts import places
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.participants import Customer, Participant
from settlement.payments import initiation
from settlement.payments.commands import SubmitPayment
from settlement.payments.initiation import DeclineInitiation, InitiatePayments, Initiation


def place(participant: str, secret: bytes, initiation_id: str) -> Place:
    """Say where an initiation of a bank's customer stands."""
    return keys.hidden(participant, secret, "initiation", initiation_id)


def _initiation_reads(participant: str, command: InitiatePayments, secrets: dict[str, bytes]) -> Iterable[Place]:
    secret = secrets[participant]
    yield keys.hidden(participant, secret, "customer", command.customer)
    yield place(participant, secret, initiation.initiation_id(command.customer, command.message_id, 0))


def _decline_reads(participant: str, command: DeclineInitiation, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield place(participant, secrets[participant], command.initiation_id)


@transaction(InitiatePayments, reads=_initiation_reads)
async def initiate_payments(tx: LedgerTx, command: InitiatePayments) -> None:
    """Record what a customer asks for; a message identification counts once for each customer."""
    own = tx.caller.participant
    bank = await tx.get(keys.participant(own), Participant)
    assert bank is not None
    customer = await tx.get(await places.hidden(tx, own, "customer", command.customer), Customer)
    asked = initiation.initiated(command, customer=customer, bank_bic=bank.organisation.bic, at_ms=tx.timestamp_ms)
    if await _load(tx, asked[0].initiation_id) is not None:
        raise Refusal(Code.DU01, "message_id")
    for each in asked:
        await _store(tx, each)


@transaction(DeclineInitiation, reads=_decline_reads)
async def decline_initiation(tx: LedgerTx, command: DeclineInitiation) -> None:
    """Say no, with the reason."""
    found = await _load(tx, command.initiation_id)
    on = _date(await tx.get(keys.day(found.instruction.currency), BusinessDay)) if found else ""
    await _store(tx, initiation.declined(found, command, on=on, at_ms=tx.timestamp_ms))


async def require_release(tx: LedgerTx, payment: SubmitPayment, day: BusinessDay | None) -> Initiation:
    """Load the initiation that a payment names, if the payment may release it."""
    return initiation.require_release(await _load(tx, payment.initiation_id), payment, _date(day))


async def release(tx: LedgerTx, found: Initiation, payment: SubmitPayment, code: Code | None) -> None:
    """Store that a payment released it, whatever became of the payment."""
    after = initiation.released(found, payment, journal=tx.tx_id, at_ms=tx.timestamp_ms, code=code)
    await _store(tx, after)


async def _load(tx: LedgerTx, initiation_id: str) -> Initiation | None:
    return await tx.get(await places.hidden(tx, tx.caller.participant, "initiation", initiation_id), Initiation)


async def _store(tx: LedgerTx, record: Initiation) -> None:
    tx.put(await places.hidden(tx, tx.caller.participant, "initiation", record.initiation_id), record)


def _date(day: BusinessDay | None) -> str:
    return day.date if day is not None else ""
