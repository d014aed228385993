"""What may be done with a declaration, and by whom: each decision gives the declaration as it then stands, or refuses.

Who may ask at all is the access table's matter (`chaincode.access`); here a trader's own declaration is told from
another's, and what the trader may do before customs has accepted it from what customs may do after.
"""

from typing import Final

from msgspec.structs import replace

from settlement import dates
from settlement.customs import declared as content
from settlement.customs.declaration import (
    COVERED,
    DUPLICATE,
    EVENTS,
    LIFECYCLE,
    AcceptDeclaration,
    AmendDeclaration,
    CancelDeclaration,
    CompleteDeclaration,
    Declaration,
    DeclarationEvent,
    DeclarationState,
    Hold,
    HoldGoods,
    LiftHold,
    LodgeDeclaration,
    OrderInspection,
    RecordInspection,
    RejectDeclaration,
)
from settlement.customs.declared import Declared
from settlement.errors import Code, Refusal
from settlement.participants import Participant
from settlement.parties import Kind, Role
from settlement.payments.checks import require_none
from settlement.payments.parts import under
from settlement.texts import require_text
from settlement.trade.record import Actor, record_id

_UNEXAMINED: Final = (DeclarationState.INSPECTION_ORDERED, DeclarationState.INSPECTED_FAIL)
_UNTAXED: Final = (DeclarationState.ACCEPTED, DeclarationState.INSPECTED_OK, DeclarationState.ASSESSED)
_KEPT: Final = ("number", "direction", "declarant", "transport_document", "trade")
"""What neither an amendment nor a completion changes: another number or another trader is another declaration."""


def declaration_id(number: str) -> str:
    """Name a declaration by its number, which there is once in the network."""
    return record_id(Declaration, number)


def lodged(
    command: LodgeDeclaration,
    by: Actor,
    *,
    customs: Participant | None,
    is_number_used: bool,
    is_duplicate: bool,
    completion_days: int,
    on: str,
) -> Declaration:
    """Take a declaration in from its declarant, whose bank certified who signed.

    AG08 for another's, NOT_FOUND where `customs` is no customs, DECLARATION_NUMBER_USED where the number was registered
    before, by whomever. Goods that were declared before are taken in and held (I6). `completion_days` says when a
    summary is to be completed.
    """
    declared = command.declared
    declarant = declared.declarant
    if by.require_party() != declarant.identifier or by.participant != declarant.bank:
        raise Refusal(Code.AG08, "declared.declarant")
    require_none(under("declared", content.faults(declared, is_summary=command.is_summary)))
    if customs is None or customs.organisation.kind is not Kind.CUSTOMS:
        raise Refusal(Code.NOT_FOUND, "customs")
    if is_number_used:
        raise Refusal(Code.DECLARATION_NUMBER_USED, "declared.number")
    draft = Declaration(
        record_id=declaration_id(declared.number),
        number=declared.number,
        firms=(by.firm,),
        held_by=tuple(sorted({command.customs, declarant.bank})),
        state=LIFECYCLE.initial,
        tx_id=by.tx_id,
        acts=(),
        revision=0,
        trade=declared.trade,
        customs=command.customs,
        declared=declared,
        lodged_on=on,
        is_summary=command.is_summary,
        complete_by=dates.days_after(on, completion_days) if command.is_summary else "",
    )
    after = draft.after(DeclarationEvent.LODGED, by)
    return _suspected(after, by) if is_duplicate else after


def completed(
    declaration: Declaration, command: CompleteDeclaration, by: Actor, *, is_duplicate: bool, on: str
) -> Declaration:
    """Complete a summary, by its last day."""
    _require_own(declaration, by)
    _require_same(declaration, command.declared)
    require_none(under("declared", content.faults(command.declared)))
    if not declaration.is_summary:
        raise _not_allowed(declaration)
    if on > declaration.complete_by:
        raise Refusal(Code.SUMMARY_LAPSED, "declaration_id")
    after = _said_anew(
        declaration.after(DeclarationEvent.COMPLETED, by, is_summary=False, complete_by="", lodged_on=on),
        command.declared,
    )
    return _suspected(after, by) if is_duplicate else after


def amended(declaration: Declaration, command: AmendDeclaration, by: Actor, *, is_duplicate: bool) -> Declaration:
    """Correct what was declared: the trader before customs has accepted it, customs after."""
    require_text(command.reason, "reason")
    _require_turn(declaration, by)
    _require_same(declaration, command.declared)
    require_none(under("declared", content.faults(command.declared, is_summary=declaration.is_summary)))
    after = _said_anew(declaration.after(DeclarationEvent.AMENDED, by, reason=command.reason), command.declared)
    return _suspected(after, by) if is_duplicate else after


def cancelled(declaration: Declaration, command: CancelDeclaration, by: Actor) -> Declaration:
    """End a declaration: the trader before customs has accepted it, customs until the goods are released."""
    require_text(command.reason, "reason")
    _require_turn(declaration, by)
    return declaration.after(DeclarationEvent.CANCELLED, by, reason=command.reason)


def moved(
    declaration: Declaration,
    command: AcceptDeclaration | RejectDeclaration | OrderInspection,
    by: Actor,
) -> Declaration:
    """Let customs accept, reject, or order an inspection."""
    reason = "" if isinstance(command, AcceptDeclaration) else command.reason
    if not isinstance(command, AcceptDeclaration):
        require_text(reason, "reason")
    _require_customs(declaration, by)
    return declaration.after(EVENTS[type(command)], by, reason=reason)


def held(declaration: Declaration, command: HoldGoods, by: Actor) -> Declaration:
    """Hold the goods; an organisation holds them once at a time."""
    require_text(command.reason, "reason")
    _require_officer(declaration, by)
    if any(hold.is_open and hold.participant == by.participant for hold in declaration.holds):
        raise _not_allowed(declaration)
    hold = Hold(participant=by.participant, reason=command.reason, placed_at_ms=by.at_ms, placed_by=by.signer)
    return declaration.after(DeclarationEvent.HELD, by, reason=command.reason, holds=(*declaration.holds, hold))


def hold_lifted(declaration: Declaration, command: LiftHold, by: Actor) -> Declaration:
    """Lift one's own hold: customs does not lift the regulator's, nor the regulator customs'."""
    require_text(command.reason, "reason")
    _require_officer(declaration, by)
    if not any(hold.is_open and hold.participant == by.participant for hold in declaration.holds):
        raise _not_allowed(declaration)
    holds = tuple(
        replace(hold, lifted_by=by.signer, lifted_at_ms=by.at_ms)
        if hold.is_open and hold.participant == by.participant
        else hold
        for hold in declaration.holds
    )
    return declaration.after(DeclarationEvent.HOLD_LIFTED, by, reason=command.reason, holds=holds)


def inspected(declaration: Declaration, command: RecordInspection, by: Actor) -> Declaration:
    """Record what an inspection found."""
    require_text(command.findings, "findings")
    _require_customs(declaration, by)
    passed = command.is_as_declared
    event = DeclarationEvent.INSPECTION_PASSED if passed else DeclarationEvent.INSPECTION_FAILED
    return declaration.after(event, by, reason=command.findings)


def released(declaration: Declaration, by: Actor, *, guaranteed_until: str, on: str) -> Declaration:
    """Let the goods go.

    SAME_SIGNER for who lifted a hold of them, GOODS_HELD, INSPECTION_OPEN, TAX_NOT_COVERED: that too where the tax was
    guaranteed and the guarantee (`guaranteed_until`, empty: none) is over.
    """
    _require_customs(declaration, by)
    if any(by.signer.is_same_person(hold.lifted_by) for hold in declaration.holds):
        raise Refusal(Code.SAME_SIGNER, "declaration_id")
    if declaration.is_held:
        raise Refusal(Code.GOODS_HELD, "declaration_id")
    if declaration.state in _UNEXAMINED:
        raise Refusal(Code.INSPECTION_OPEN, "declaration_id")
    is_over = declaration.state is DeclarationState.DUTY_GUARANTEED and on > guaranteed_until
    if declaration.state in _UNTAXED or is_over:
        raise Refusal(Code.TAX_NOT_COVERED, "declaration_id")
    assert declaration.state in COVERED or (declaration.state, DeclarationEvent.RELEASED) not in LIFECYCLE.moves
    return declaration.after(DeclarationEvent.RELEASED, by, released_on=on)


def cleared(declaration: Declaration, by: Actor, *, owes_tax: bool) -> Declaration:
    """Close the file; TAX_NOT_COVERED while tax that was guaranteed is not paid."""
    _require_customs(declaration, by)
    after = declaration.after(DeclarationEvent.CLEARED, by)
    if owes_tax:
        raise Refusal(Code.TAX_NOT_COVERED, "declaration_id")
    return after


def _require_own(declaration: Declaration, by: Actor) -> None:
    """To a trader, another's declaration does not exist."""
    if by.firm not in declaration.firms:
        raise Refusal(Code.NOT_FOUND, "declaration_id")


def _require_customs(declaration: Declaration, by: Actor) -> None:
    """Each customs handles its own."""
    if by.participant != declaration.customs:
        raise Refusal(Code.NOT_FOUND, "declaration_id")


def _require_officer(declaration: Declaration, by: Actor) -> None:
    """The regulator holds anybody's goods."""
    if by.role is not Role.SUPERVISOR:
        _require_customs(declaration, by)


def _require_turn(declaration: Declaration, by: Actor) -> None:
    """Until it is accepted a declaration is the trader's to change, from then on customs'."""
    if by.role is Role.TRADER:
        _require_own(declaration, by)
    else:
        _require_customs(declaration, by)
    if (declaration.state is DeclarationState.LODGED) is not (by.role is Role.TRADER):
        raise _not_allowed(declaration)


def _not_allowed(declaration: Declaration) -> Refusal:
    return Refusal(Code.MOVE_NOT_ALLOWED, f"{LIFECYCLE.name}.{declaration.state.value}")


def _require_same(declaration: Declaration, said: Declared) -> None:
    for name in _KEPT:
        if getattr(said, name) != getattr(declaration.declared, name):
            raise Refusal(Code.CH16, f"declared.{name}")


def _said_anew(declaration: Declaration, said: Declared) -> Declaration:
    return replace(declaration, declared=said, version=declaration.version + 1)


def _suspected(declaration: Declaration, by: Actor) -> Declaration:
    """Hold goods in the name of customs that were declared before, unless customs holds them already."""
    if any(hold.is_open and hold.participant == declaration.customs for hold in declaration.holds):
        return declaration
    hold = Hold(participant=declaration.customs, reason=DUPLICATE, placed_at_ms=by.at_ms)
    return declaration.after(DeclarationEvent.HELD, by, reason=DUPLICATE, holds=(*declaration.holds, hold))
