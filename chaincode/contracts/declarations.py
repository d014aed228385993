"""Declarations: lodged by traders through their banks, handled by customs, held by customs or the regulator.

Two indexes stand in the authorities' collection, for they hold over all banks: who holds the declaration of a number
(registered once), and which standing declarations speak of the same goods (I6).
"""

from collections.abc import Iterable

from chaincode import keys
from chaincode.contracts import customs_rates, places, tax_assessments, trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.customs import handling
from settlement.customs.declaration import (
    AcceptDeclaration,
    AmendDeclaration,
    CancelDeclaration,
    ClearDeclaration,
    CompleteDeclaration,
    Declaration,
    DeclaredGoods,
    HoldGoods,
    LiftHold,
    LodgeDeclaration,
    OrderInspection,
    RecordInspection,
    RegisteredNumber,
    RejectDeclaration,
    ReleaseGoods,
)
from settlement.customs.declared import goods_fingerprint
from settlement.errors import Code, Refusal
from settlement.participants import Participant
from settlement.parties import Role
from settlement.trade import contract
from settlement.trade.contract import SalesContract


def _lodging_reads(own: str, command: LodgeDeclaration, secrets: dict[str, bytes]) -> Iterable[Place]:
    declared = command.declared
    yield keys.hidden(own, secrets[own], "customer", declared.declarant.identifier)
    if keys.AUTHORITY in secrets:
        authority = secrets[keys.AUTHORITY]
        name = handling.declaration_id(declared.number)
        yield keys.hidden(keys.AUTHORITY, authority, "declaration_number", name)
        yield keys.hidden(keys.AUTHORITY, authority, "declared_goods", goods_fingerprint(declared))


@transaction(LodgeDeclaration, names=lambda command: (command.customs, keys.AUTHORITY), reads=_lodging_reads)
async def lodge_declaration(tx: LedgerTx, command: LodgeDeclaration) -> None:
    """Take a declaration in, and register its number."""
    by = await trade_records.actor(tx)
    declared = command.declared
    number_place = await _number_place(tx, handling.declaration_id(declared.number))
    goods_place, goods = await _goods(tx, goods_fingerprint(declared))
    on = await tax_assessments.business_date(tx)
    lodged = handling.lodged(
        command,
        by,
        customs=await tx.get(keys.participant(command.customs), Participant),
        is_number_used=await tx.get(number_place, RegisteredNumber) is not None,
        is_duplicate=bool(goods.declarations),
        completion_days=(await customs_rates.terms(tx, on)).completion_days if command.is_summary else 0,
        on=on,
    )
    await _require_trade(tx, lodged)
    await trade_records.store(tx, lodged)
    tx.put(number_place, RegisteredNumber(record_id=lodged.record_id, held_by=lodged.held_by))
    tx.put(goods_place, goods.with_one(lodged.record_id))


@transaction(CompleteDeclaration)
async def complete_declaration(tx: LedgerTx, command: CompleteDeclaration) -> None:
    """Complete a summary."""
    found = await _load(tx, command.declaration_id)
    _, goods = await _goods(tx, goods_fingerprint(command.declared))
    by, on = await trade_records.actor(tx), await tax_assessments.business_date(tx)
    after = handling.completed(found, command, by, is_duplicate=goods.others(found.record_id), on=on)
    await _store_said_anew(tx, found, after)


@transaction(AmendDeclaration)
async def amend_declaration(tx: LedgerTx, command: AmendDeclaration) -> None:
    """Correct what was declared."""
    found = await _load(tx, command.declaration_id)
    _, goods = await _goods(tx, goods_fingerprint(command.declared))
    by = await trade_records.actor(tx)
    after = handling.amended(found, command, by, is_duplicate=goods.others(found.record_id))
    await _store_said_anew(tx, found, after)


@transaction(CancelDeclaration)
async def cancel_declaration(tx: LedgerTx, command: CancelDeclaration) -> None:
    """End a declaration, with what is assessed and not paid; its goods may be declared again."""
    found = await _load(tx, command.declaration_id)
    by = await trade_records.actor(tx)
    after = handling.cancelled(found, command, by)
    await tax_assessments.withdraw(tx, after, by, command.reason)
    await _free_goods(tx, found)
    await trade_records.store(tx, after)


@transaction(AcceptDeclaration)
async def accept_declaration(tx: LedgerTx, command: AcceptDeclaration) -> None:
    """Accept."""
    await _move(tx, command)


@transaction(RejectDeclaration)
async def reject_declaration(tx: LedgerTx, command: RejectDeclaration) -> None:
    """Do not accept; the goods may be declared again, under another number."""
    await _free_goods(tx, await _move(tx, command))


@transaction(OrderInspection)
async def order_inspection(tx: LedgerTx, command: OrderInspection) -> None:
    """Order an inspection."""
    await _move(tx, command)


@transaction(ClearDeclaration)
async def clear_declaration(tx: LedgerTx, command: ClearDeclaration) -> None:
    """Close the file."""
    found = await _load(tx, command.declaration_id)
    owes_tax = await tax_assessments.is_owed(tx, found)
    await trade_records.store(tx, handling.cleared(found, await trade_records.actor(tx), owes_tax=owes_tax))


@transaction(RecordInspection)
async def record_inspection(tx: LedgerTx, command: RecordInspection) -> None:
    """Record what was found."""
    found = await _load(tx, command.declaration_id)
    await trade_records.store(tx, handling.inspected(found, command, await trade_records.actor(tx)))


@transaction(HoldGoods)
async def hold_goods(tx: LedgerTx, command: HoldGoods) -> None:
    """Hold the goods."""
    found = await _load(tx, command.declaration_id)
    await trade_records.store(tx, handling.held(found, command, await trade_records.actor(tx)))


@transaction(LiftHold)
async def lift_hold(tx: LedgerTx, command: LiftHold) -> None:
    """Lift one's own hold."""
    found = await _load(tx, command.declaration_id)
    await trade_records.store(tx, handling.hold_lifted(found, command, await trade_records.actor(tx)))


@transaction(ReleaseGoods)
async def release_goods(tx: LedgerTx, command: ReleaseGoods) -> None:
    """Let the goods go."""
    found = await _load(tx, command.declaration_id)
    until = await tax_assessments.guaranteed_until(tx, found)
    by, on = await trade_records.actor(tx), await tax_assessments.business_date(tx)
    await trade_records.store(tx, handling.released(found, by, guaranteed_until=until, on=on))


async def _move(tx: LedgerTx, command: AcceptDeclaration | RejectDeclaration | OrderInspection) -> Declaration:
    after = handling.moved(await _load(tx, command.declaration_id), command, await trade_records.actor(tx))
    await trade_records.store(tx, after)
    return after


async def _load(tx: LedgerTx, record_id: str) -> Declaration:
    """Load a declaration that the caller's organisation holds; the regulator finds it by its registered number."""
    held_by = ""
    if tx.caller.role is Role.SUPERVISOR:
        registered = await tx.get(await _number_place(tx, record_id), RegisteredNumber)
        if registered is None:
            raise Refusal(Code.NOT_FOUND, "declaration_id")
        held_by = registered.held_by[0]
    found = await trade_records.load_own(tx, Declaration, record_id, held_by=held_by)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "declaration_id")
    return found


async def _store_said_anew(tx: LedgerTx, before: Declaration, after: Declaration) -> None:
    """Store a new version, and its goods in the place of those before."""
    await _free_goods(tx, before)
    place, goods = await _goods(tx, goods_fingerprint(after.declared))
    tx.put(place, goods.with_one(after.record_id))
    await trade_records.store(tx, after)


async def _free_goods(tx: LedgerTx, declaration: Declaration) -> None:
    place, goods = await _goods(tx, goods_fingerprint(declaration.declared))
    tx.put(place, goods.without(declaration.record_id))


async def _number_place(tx: LedgerTx, record_id: str) -> Place:
    return await places.hidden(tx, keys.AUTHORITY, "declaration_number", record_id)


async def _goods(tx: LedgerTx, fingerprint: str) -> tuple[Place, DeclaredGoods]:
    place = await places.hidden(tx, keys.AUTHORITY, "declared_goods", fingerprint)
    return place, await tx.get(place, DeclaredGoods) or DeclaredGoods()


async def _require_trade(tx: LedgerTx, lodged: Declaration) -> None:
    """Require that a contract which a declaration names is the declarant's own."""
    if lodged.trade:
        declarant = lodged.declared.declarant
        found = await trade_records.load(tx, SalesContract, lodged.trade)
        contract.require_trade_of(found, declarant.identifier, declarant.bank, "declared.trade")
