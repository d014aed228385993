"""Declarations that a trader lodges on a page, and corrects before customs has accepted them.

A form begins with what is known: of a contract on the ledger the parties, the goods and their prices, of its trade the
invoices and the bill of lading; of a declaration all that it says. A seller declares an export, a buyer an import.
"""

import re
from typing import Final

from msgspec.structs import replace

from gateway.traders.web.signable import Act, Case, Field, Given
from settlement import money
from settlement.customs import declared as content
from settlement.customs.assessment import AssessmentEvent, ClaimRefund, TaxAssessment
from settlement.customs.declaration import (
    AmendDeclaration,
    CancelDeclaration,
    CompleteDeclaration,
    Declaration,
    DeclarationEvent,
    DeclarationState,
    LodgeDeclaration,
)
from settlement.customs.declared import LINES_MAX, Declared, GoodsLine
from settlement.customs.duty import CNY, Direction
from settlement.customs.handling import declaration_id
from settlement.errors import Code, Refusal
from settlement.payments.checks import require_none
from settlement.records import IdentifiedCommand
from settlement.trade.contract import ContractState, SalesContract
from settlement.trade.goods import Line
from settlement.trade.invoice import Invoice
from settlement.trade.lading.bill import BillOfLading

GENERAL_TRADE: Final = "0110"
"""The supervision mode of an ordinary purchase (GAC announcement 2019 no. 18)."""
BY_SEA: Final = "1"
"""Maritime transport (UN/ECE Recommendation 19)."""
_DESCRIPTION_MAX: Final = 140
_PACKAGES: Final = re.compile(r"[0-9]{1,9}").fullmatch
"""As many as content.PACKAGES_MAX: no more digits than an integer is read from."""
WHOLE: Final = "WHOLE"
SUMMARY: Final = "SUMMARY"
"""Whether all is declared at once, or a summary that is completed later."""
_UNSIGNED: Final = (ContractState.DRAFT, ContractState.PARTLY_SIGNED)


def _to_be_declared(case: Case) -> bool:
    """Say whether the firm may declare goods of a contract: one of its two sides, once both have signed."""
    record: SalesContract = case.record
    is_side = case.by.firm in record.firms and record.state not in _UNSIGNED
    return is_side and bool(case.customs) and len(record.terms.lines) <= LINES_MAX


def _draft(case: Case) -> Declared:
    """Begin a declaration with what contract and trade say."""
    record: SalesContract = case.record
    terms = record.terms
    is_export = case.by.party == terms.seller.identifier
    own, other = (terms.seller, terms.buyer) if is_export else (terms.buyer, terms.seller)
    bills = [each.number for each in case.whole if isinstance(each, BillOfLading)]
    origin = terms.seller.address.country
    return Declared(
        number="",
        direction=Direction.EXPORT if is_export else Direction.IMPORT,
        declarant=own,
        counterparty=other.name,
        procedure=GENERAL_TRADE,
        transport_mode=BY_SEA,
        transport_document=bills[-1] if bills else "",
        port="",
        country=other.address.country,
        currency=terms.currency,
        lines=tuple(_goods(line, origin) for line in terms.lines),
        trade=record.record_id,
        incoterm=terms.delivery.rule,
        invoices=tuple(each.number for each in case.whole if isinstance(each, Invoice)),
    )


def _goods(line: Line, origin: str) -> GoodsLine:
    return GoodsLine(
        hs_code=line.hs_code,
        description=line.description[:_DESCRIPTION_MAX],
        quantity=line.quantity,
        unit=line.unit,
        origin=origin,
        value=line.amount,
    )


def _fields(draft: Declared, *, is_new: bool = False) -> tuple[Field, ...]:
    """Ask for all that a form can change, and fill in what a draft says of it.

    On which transport document the goods are is said once: on another they are other goods (handling.py).
    """
    is_import = draft.direction is Direction.IMPORT
    return (
        Field("counterparty", value=draft.counterparty),
        Field("procedure", value=draft.procedure),
        Field("transport_mode", "number", value=draft.transport_mode),
        *([Field("transport_document", value=draft.transport_document)] if is_new else []),
        Field("port", value=draft.port),
        Field("country", "code", value=draft.country),
        *([Field("arrived_on", "date", value=draft.arrived_on)] if is_import else []),
        Field("incoterm", "code", is_needed=False, value=draft.incoterm),
        Field("packages", "number", is_needed=False, value=str(draft.packages or "")),
        Field("gross_weight_kg", "decimal", is_needed=False, value=draft.gross_weight_kg),
        Field("net_weight_kg", "decimal", is_needed=False, value=draft.net_weight_kg),
        Field("invoices", "numbers", is_needed=False, value=", ".join(draft.invoices)),
        Field("certificates", "numbers", is_needed=False, value=", ".join(draft.certificates)),
        *(field for place, line in enumerate(draft.lines, 1) for field in _line_fields(place, line, draft.currency)),
    )


def _line_fields(place: int, line: GoodsLine, currency: str) -> tuple[Field, ...]:
    asked = (("hs_code", "number"), ("quantity", "decimal"), ("origin", "code"), ("value", "amount"))
    about = f"{line.description} · {line.unit}, {currency}"
    return tuple(
        Field(
            key,
            form,
            is_needed=False,
            value=getattr(line, key),
            line=place,
            about=about,
            currency=currency if form == "amount" else "",
        )
        for key, form in asked
    )


def _filled(draft: Declared, given: Given) -> Declared:
    """Say a draft with what was filled in. Goods of which there is no quantity are not declared."""
    packages = given.decimal("packages") or "0"
    if not _PACKAGES(packages):
        raise Refusal(Code.CH16, "packages")
    lines = tuple(
        replace(
            draft.lines[place - 1],
            hs_code=given.text(f"hs_code_{place}"),
            quantity=given.decimal(f"quantity_{place}"),
            origin=given.text(f"origin_{place}").upper(),
            value=given.amount(f"value_{place}", draft.currency),
        )
        for place in _declared_lines(draft, given)
    )
    return replace(
        draft,
        counterparty=given.text("counterparty"),
        procedure=given.text("procedure"),
        transport_mode=given.text("transport_mode"),
        port=given.text("port").upper(),
        country=given.text("country").upper(),
        arrived_on=given.text("arrived_on"),
        incoterm=given.text("incoterm").upper(),
        packages=int(packages),
        gross_weight_kg=given.decimal("gross_weight_kg"),
        net_weight_kg=given.decimal("net_weight_kg"),
        invoices=given.many("invoices"),
        certificates=given.many("certificates"),
        lines=lines,
    )


def _declared_lines(draft: Declared, given: Given) -> list[int]:
    """Give the form's numbers of the lines that are declared."""
    return [place for place in range(1, len(draft.lines) + 1) if given.text(f"quantity_{place}")]


def _in_order(draft: Declared, given: Given, *, is_summary: bool = False) -> Declared:
    """Say a draft with what was filled in, in order; raises `Refusal` with the place of the field in the form."""
    declared = _filled(draft, given)
    try:
        require_none(content.faults(declared, is_summary=is_summary))
    except Refusal as refusal:
        raise Refusal(refusal.code, _in_form(refusal.where, _declared_lines(draft, given))) from None
    return declared


def _in_form(where: str, places: list[int]) -> str:
    """Give a place in the form, which has lines that are not declared; that of no line at all is its first quantity."""
    lines, _, rest = where.partition(".")
    if lines != "lines":
        return where
    place, _, name = rest.partition(".")
    return f"lines.{places[int(place)] - 1}.{name}" if rest else "lines.0.quantity"


def _lodging_fields(case: Case) -> tuple[Field, ...]:
    return (
        Field("customs", "choice", case.customs),
        Field("declared_as", "choice", (WHOLE, SUMMARY)),
        Field("number", "number"),
        *_fields(_draft(case), is_new=True),
    )


def _lodging(case: Case, given: Given) -> LodgeDeclaration:
    is_summary = given.text("declared_as") == SUMMARY
    draft = replace(_draft(case), number=given.text("number"), transport_document=given.text("transport_document"))
    return LodgeDeclaration(
        command_id=given.command_id,
        customs=given.text("customs"),
        declared=_in_order(draft, given, is_summary=is_summary),
        is_summary=is_summary,
    )


def _value(command: LodgeDeclaration) -> str:
    """Say for people what the goods that are declared are worth together."""
    declared = command.declared
    return money.for_people(money.render(declared.value_minor, declared.currency), declared.currency)


def _is_own(case: Case) -> bool:
    """Say whether the firm may still change what it declared: its own, and customs has not accepted it."""
    record: Declaration = case.record
    return case.by.firm in record.firms and record.state is DeclarationState.LODGED


def _to_be_completed(case: Case) -> bool:
    """Say whether the firm owes the rest of a summary; the ledger knows whether its last day has passed."""
    record: Declaration = case.record
    may = (record.state, DeclarationEvent.COMPLETED) in record.LIFECYCLE.moves
    return case.by.firm in record.firms and record.is_summary and may


def _correction(case: Case, given: Given) -> IdentifiedCommand:
    record: Declaration = case.record
    return AmendDeclaration(
        command_id=given.command_id,
        declaration_id=record.record_id,
        declared=_in_order(record.declared, given, is_summary=record.is_summary),
        reason=given.text("reason"),
    )


def _completion(case: Case, given: Given) -> IdentifiedCommand:
    return CompleteDeclaration(
        command_id=given.command_id,
        declaration_id=case.record.record_id,
        declared=_in_order(case.record.declared, given),
    )


def _to_be_claimed(case: Case) -> bool:
    record: TaxAssessment = case.record
    return case.by.firm in record.firms and (record.state, AssessmentEvent.REFUND_CLAIMED) in record.LIFECYCLE.moves


ACTS: Final = (
    Act(
        "lodge_declaration",
        SalesContract,
        _to_be_declared,
        _lodging,
        "waitan customs lodge FILE",
        _lodging_fields,
        comes_to=_value,
        leads_to=lambda command: declaration_id(command.declared.number),
    ),
    Act(
        "complete_declaration",
        Declaration,
        _to_be_completed,
        _completion,
        "waitan customs complete FILE",
        lambda case: _fields(case.record.declared),
    ),
    Act(
        "amend_declaration",
        Declaration,
        _is_own,
        _correction,
        "waitan customs amend FILE --reason TEXT",
        lambda case: (*_fields(case.record.declared), Field("reason")),
    ),
    Act(
        "withdraw_declaration",
        Declaration,
        _is_own,
        lambda case, given: CancelDeclaration(
            command_id=given.command_id, declaration_id=case.record.record_id, reason=given.text("reason")
        ),
        "waitan customs cancel {number} --reason TEXT",
        (Field("reason"),),
    ),
    Act(
        "claim_refund",
        TaxAssessment,
        _to_be_claimed,
        lambda case, given: ClaimRefund(
            command_id=given.command_id,
            assessment_id=case.record.record_id,
            amount=given.amount("amount", CNY),
            reason=given.text("reason"),
        ),
        "waitan customs claim {number} AMOUNT --reason TEXT",
        (Field("amount", "amount", currency=CNY), Field("reason")),
    ),
)
"""What a declarant signs."""
