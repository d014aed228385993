"""Bills of lading: written and issued by carriers, passed on by who holds them, ended by surrender."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from chaincode import keys
from chaincode.contracts import places, trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.errors import Code, Refusal
from settlement.participants import Customer, Participant
from settlement.trade import contract
from settlement.trade.contract import SalesContract
from settlement.trade.lading import bill, control, disputes
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty
from settlement.trade.lading.commands import (
    AnswerSurrender,
    ApproveBillOfLading,
    BillCommand,
    ConfirmBillRuling,
    ConvertBillOfLading,
    DisputeBillOfLading,
    DraftBillOfLading,
    EndorseBillOfLading,
    IssueBillOfLading,
    ProposeBillRuling,
    RecordDelivery,
    RejectBillOfLading,
    SignBillOfLading,
    SurrenderBillOfLading,
    TransferBillOfLading,
    VoidBillOfLading,
)
from settlement.trade.record import Actor

C = TypeVar("C", bound=BillCommand)


def _banks(command: DraftBillOfLading) -> tuple[str, ...]:
    return tuple(filter(None, (command.shipper_bank, command.consignee_bank, command.endorsee_bank)))


def _recipient(command: TransferBillOfLading) -> tuple[str, ...]:
    return (command.recipient.participant,)


def _endorsee(command: EndorseBillOfLading) -> tuple[str, ...]:
    return (command.endorsee.participant,) if command.endorsee else ()


def _keeper(command: ProposeBillRuling | ConfirmBillRuling) -> tuple[str, ...]:
    return (command.keeper,)


def _reads(participant: str, command: BillCommand, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield trade_records.place(BillOfLading, participant, secrets[participant], command.record_id)


@transaction(DraftBillOfLading, names=_banks)
async def draft_bill_of_lading(tx: LedgerTx, command: DraftBillOfLading) -> None:
    """Write a bill, or write it anew."""
    by = await trade_records.actor(tx)
    banks = {name: found for name in _banks(command) if (found := await tx.get(keys.participant(name), Participant))}
    terms = bill.terms_of(command, by, banks)
    for party in bill.customers(terms):
        await _require_registered(tx, party, "document.documentParties")
    if command.trade:
        await _require_trade(tx, command, terms.shipper)
    existing = await trade_records.load(tx, BillOfLading, bill.id_of_draft(command, by))
    replaced = await trade_records.load(tx, BillOfLading, command.replaces) if command.replaces else None
    drafted = bill.drafted(existing, command, terms, by, replaced=replaced)
    await (trade_records.store(tx, drafted) if existing else trade_records.store_new(tx, drafted, "document"))


@transaction(ApproveBillOfLading, reads=_reads)
async def approve_bill_of_lading(tx: LedgerTx, command: ApproveBillOfLading) -> None:
    """Let the shipper find a draft in order."""
    await _move(tx, command, bill.approved)


@transaction(IssueBillOfLading, reads=_reads)
async def issue_bill_of_lading(tx: LedgerTx, command: IssueBillOfLading) -> None:
    """Issue what was approved; what it replaces ends in the same transaction."""
    by = await trade_records.actor(tx)
    issued = bill.issued(await _load(tx, command, by), command, by)
    if issued.terms.replaces:
        replaced = await trade_records.load(tx, BillOfLading, issued.terms.replaces)
        assert replaced is not None
        await trade_records.store(tx, control.replaced(replaced, issued, by))
    await trade_records.store(tx, issued)


@transaction(TransferBillOfLading, names=_recipient, reads=_reads)
async def transfer_bill_of_lading(tx: LedgerTx, command: TransferBillOfLading) -> None:
    """Give control to another."""
    await _move(tx, command, control.transferred, to=command.recipient, where="recipient")


@transaction(EndorseBillOfLading, names=_endorsee, reads=_reads)
async def endorse_bill_of_lading(tx: LedgerTx, command: EndorseBillOfLading) -> None:
    """Pass the title on."""
    await _move(tx, command, control.endorsed, to=command.endorsee, where="endorsee")


@transaction(SignBillOfLading, reads=_reads)
async def sign_bill_of_lading(tx: LedgerTx, command: SignBillOfLading) -> None:
    """Confirm that one holds it."""
    await _move(tx, command, lambda found, _, by: control.signed(found, by))


@transaction(RejectBillOfLading, reads=_reads)
async def reject_bill_of_lading(tx: LedgerTx, command: RejectBillOfLading) -> None:
    """Give back what one was given."""
    await _move(tx, command, control.rejected)


@transaction(SurrenderBillOfLading, reads=_reads)
async def surrender_bill_of_lading(tx: LedgerTx, command: SurrenderBillOfLading) -> None:
    """Ask the carrier for the goods, or to amend."""
    await _move(tx, command, control.surrendered)


@transaction(AnswerSurrender, reads=_reads)
async def answer_surrender(tx: LedgerTx, command: AnswerSurrender) -> None:
    """Accept a surrender, or reject it."""
    await _move(tx, command, control.answered)


@transaction(RecordDelivery, reads=_reads)
async def record_delivery(tx: LedgerTx, command: RecordDelivery) -> None:
    """Record that the goods are handed over."""
    await _move(tx, command, lambda found, _, by: control.delivered(found, by))


@transaction(ConvertBillOfLading, reads=_reads)
async def convert_bill_of_lading(tx: LedgerTx, command: ConvertBillOfLading) -> None:
    """End it with the paper that replaces it."""
    await _move(tx, command, control.converted)


@transaction(VoidBillOfLading, reads=_reads)
async def void_bill_of_lading(tx: LedgerTx, command: VoidBillOfLading) -> None:
    """Withdraw a draft, or void what was surrendered for amendment."""
    await _move(tx, command, control.voided)


@transaction(DisputeBillOfLading, reads=_reads)
async def dispute_bill_of_lading(tx: LedgerTx, command: DisputeBillOfLading) -> None:
    """Stop a bill until the regulator rules."""
    await _move(tx, command, disputes.disputed)


@transaction(ProposeBillRuling, names=_keeper)
async def propose_bill_ruling(tx: LedgerTx, command: ProposeBillRuling) -> None:
    """Propose how to end a dispute."""
    found = await _kept(tx, command)
    await trade_records.store(tx, disputes.proposed(found, command, await trade_records.actor(tx)))


@transaction(ConfirmBillRuling, names=_keeper)
async def confirm_bill_ruling(tx: LedgerTx, command: ConfirmBillRuling) -> None:
    """Confirm it, with a second pair of eyes."""
    found = await _kept(tx, command)
    await trade_records.store(tx, disputes.ruled(found, command, await trade_records.actor(tx)))


async def pass_whole(tx: LedgerTx, record_id: str, to: BillParty, *, reason: str = "") -> BillOfLading:
    """Pass title and control from the caller to another, within a command that does something else too.

    What the command then refuses takes this back as well: both happen, or neither (pay on title). Refuses like an
    endorsement and a transfer; gives the bill as it then stands.
    """
    by = await trade_records.actor(tx)
    found = bill.require_concerned(await trade_records.load(tx, BillOfLading, record_id), by)
    await _require_registered(tx, to, "recipient")
    passed = control.passed(found, to, by, reason=reason)
    await trade_records.store(tx, passed)
    return passed


async def _move(
    tx: LedgerTx,
    command: C,
    decide: Callable[[BillOfLading, C, Actor], BillOfLading],
    *,
    to: BillParty | None = None,
    where: str = "",
) -> None:
    by = await trade_records.actor(tx)
    after = decide(await _load(tx, command, by), command, by)
    if to is not None:
        await _require_registered(tx, to, where)
    await trade_records.store(tx, after)


async def _load(tx: LedgerTx, command: BillCommand, by: Actor) -> BillOfLading:
    return bill.require_concerned(await trade_records.load(tx, BillOfLading, command.record_id), by)


async def _kept(tx: LedgerTx, command: ProposeBillRuling | ConfirmBillRuling) -> BillOfLading:
    """Give a bill as one that keeps it holds it: the regulator's own collection has none."""
    found = await trade_records.load(tx, BillOfLading, command.record_id, held_by=command.keeper)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "record_id")
    return found


async def _require_registered(tx: LedgerTx, party: BillParty, where: str) -> None:
    """Require a bank of this ledger, and a firm that it has registered; NOT_FOUND otherwise."""
    await trade_records.require_banks(tx, (party.participant,), where)
    if party.identifier:
        registered = await places.hidden(tx, party.participant, "customer", party.identifier)
        if await tx.get(registered, Customer) is None:
            raise Refusal(Code.NOT_FOUND, where)


async def _require_trade(tx: LedgerTx, command: DraftBillOfLading, shipper: BillParty) -> None:
    """Require that the contract of sale which a bill names is the shipper's own."""
    found = await trade_records.load(tx, SalesContract, command.trade, held_by=command.shipper_bank)
    contract.require_trade_of(found, shipper.identifier, shipper.participant, "trade")
