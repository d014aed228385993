"""A customs declaration, from the trader's lodging to the clearing of the goods.

DRAFT -> LODGED -> ACCEPTED -> [INSPECTION_ORDERED -> INSPECTED_OK | INSPECTED_FAIL] -> ASSESSED -> DUTY_PAID |
DUTY_GUARANTEED | DUTY_NIL -> RELEASED -> CLEARED; REJECTED before it is accepted, CANCELLED before the goods are
released. A draft is the trader's own file; the ledger knows a declaration from its lodging.

Goods can be held in any of these states until they are released, by customs or by the regulator, each for itself. So a
hold is no place on the way but stands beside it: `Declaration.status` tells HELD while there is one. Nothing is
released with a hold, an open inspection, or tax that is neither paid nor guaranteed; and where there was a hold, who
lifted it does not release the goods (four eyes). (REQUIREMENTS section 2, 6 and I6)

Dates are business dates of the CNY day on the ledger, never a clock's.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar, Final

from settlement.customs.declared import Declared
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.records import IdentifiedCommand, Record
from settlement.trade.record import TradeRecord


class DeclarationState(StrEnum):
    """How far a declaration has come."""

    DRAFT = "DRAFT"
    LODGED = "LODGED"
    ACCEPTED = "ACCEPTED"
    INSPECTION_ORDERED = "INSPECTION_ORDERED"
    INSPECTED_OK = "INSPECTED_OK"
    INSPECTED_FAIL = "INSPECTED_FAIL"
    ASSESSED = "ASSESSED"
    DUTY_PAID = "DUTY_PAID"
    DUTY_GUARANTEED = "DUTY_GUARANTEED"
    DUTY_NIL = "DUTY_NIL"
    RELEASED = "RELEASED"
    CLEARED = "CLEARED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


class DeclarationEvent(StrEnum):
    """What happens to a declaration."""

    LODGED = "LODGED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    COMPLETED = "COMPLETED"
    AMENDED = "AMENDED"
    HELD = "HELD"
    HOLD_LIFTED = "HOLD_LIFTED"
    INSPECTION_ORDERED = "INSPECTION_ORDERED"
    INSPECTION_PASSED = "INSPECTION_PASSED"
    INSPECTION_FAILED = "INSPECTION_FAILED"
    ASSESSED = "ASSESSED"
    FOUND_FREE_OF_DUTY = "FOUND_FREE_OF_DUTY"
    DUTY_PAID = "DUTY_PAID"
    DUTY_GUARANTEED = "DUTY_GUARANTEED"
    RELEASED = "RELEASED"
    CLEARED = "CLEARED"
    CANCELLED = "CANCELLED"


_S = DeclarationState
_E = DeclarationEvent

_UNRELEASED: Final = (
    _S.LODGED,
    _S.ACCEPTED,
    _S.INSPECTION_ORDERED,
    _S.INSPECTED_OK,
    _S.INSPECTED_FAIL,
    _S.ASSESSED,
    _S.DUTY_PAID,
    _S.DUTY_GUARANTEED,
    _S.DUTY_NIL,
)
COVERED: Final = (_S.DUTY_PAID, _S.DUTY_GUARANTEED, _S.DUTY_NIL)
"""Tax is paid, guaranteed, or there is none."""

LIFECYCLE: Final = Lifecycle(
    "declaration",
    initial=_S.DRAFT,
    moves={
        (_S.DRAFT, _E.LODGED): _S.LODGED,
        (_S.LODGED, _E.ACCEPTED): _S.ACCEPTED,
        (_S.LODGED, _E.REJECTED): _S.REJECTED,
        (_S.LODGED, _E.COMPLETED): _S.LODGED,
        (_S.ACCEPTED, _E.COMPLETED): _S.ACCEPTED,
        (_S.INSPECTION_ORDERED, _E.COMPLETED): _S.INSPECTION_ORDERED,
        (_S.INSPECTED_OK, _E.COMPLETED): _S.INSPECTED_OK,
        (_S.LODGED, _E.AMENDED): _S.LODGED,
        (_S.ACCEPTED, _E.AMENDED): _S.ACCEPTED,
        (_S.INSPECTED_OK, _E.AMENDED): _S.ACCEPTED,
        (_S.INSPECTED_FAIL, _E.AMENDED): _S.ACCEPTED,
        (_S.ACCEPTED, _E.INSPECTION_ORDERED): _S.INSPECTION_ORDERED,
        (_S.INSPECTED_FAIL, _E.INSPECTION_ORDERED): _S.INSPECTION_ORDERED,
        (_S.INSPECTION_ORDERED, _E.INSPECTION_PASSED): _S.INSPECTED_OK,
        (_S.INSPECTION_ORDERED, _E.INSPECTION_FAILED): _S.INSPECTED_FAIL,
        (_S.ACCEPTED, _E.ASSESSED): _S.ASSESSED,
        (_S.INSPECTED_OK, _E.ASSESSED): _S.ASSESSED,
        (_S.ASSESSED, _E.FOUND_FREE_OF_DUTY): _S.DUTY_NIL,
        (_S.ASSESSED, _E.DUTY_PAID): _S.DUTY_PAID,
        (_S.ASSESSED, _E.DUTY_GUARANTEED): _S.DUTY_GUARANTEED,
        (_S.DUTY_GUARANTEED, _E.DUTY_PAID): _S.DUTY_PAID,
        (_S.RELEASED, _E.DUTY_PAID): _S.RELEASED,
        (_S.DUTY_PAID, _E.RELEASED): _S.RELEASED,
        (_S.DUTY_GUARANTEED, _E.RELEASED): _S.RELEASED,
        (_S.DUTY_NIL, _E.RELEASED): _S.RELEASED,
        (_S.RELEASED, _E.CLEARED): _S.CLEARED,
        **{(state, _E.HELD): state for state in _UNRELEASED},
        **{(state, _E.HOLD_LIFTED): state for state in _UNRELEASED},
        **{(state, _E.CANCELLED): _S.CANCELLED for state in _UNRELEASED},
    },
)
HELD: Final = "HELD"
"""What is told of goods that are held, whatever their state."""
DUPLICATE: Final = "Suspected duplicate: the same goods were declared before"


class Hold(Record):
    """A hold on goods: the organisation that placed it, who, why, and who lifted it.

    `placed_by` is absent where the ledger itself suspected a duplicate, in the name of customs.
    """

    participant: str
    reason: str
    placed_at_ms: int
    placed_by: Signer | None = None
    lifted_by: Signer | None = None
    lifted_at_ms: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it still holds the goods."""
        return self.lifted_by is None


def are_held(holds: Iterable[Hold]) -> bool:
    """Say whether goods on which these holds were placed are held now."""
    return any(hold.is_open for hold in holds)


class Declaration(TradeRecord[DeclarationState], tag="declaration/1"):
    """A declaration, held by customs and by the bank of its declarant.

    `version` counts what was declared, from 1: each amendment and the completion of a summary make another.
    `lodged_on` dates the lodging or, of a summary, its completion. `assessment` is the record_id of the present tax
    assessment; `assessments` counts them.
    """

    LIFECYCLE: ClassVar[Lifecycle[Any, Any]] = LIFECYCLE

    customs: str
    declared: Declared
    lodged_on: str
    is_summary: bool = False
    complete_by: str = ""
    version: int = 1
    holds: tuple[Hold, ...] = ()
    assessment: str = ""
    assessments: int = 0
    released_on: str = ""

    @property
    def bank(self) -> str:
        """The bank that speaks for the declarant."""
        return self.declared.declarant.bank

    @property
    def is_held(self) -> bool:
        """Whether anybody holds the goods."""
        return are_held(self.holds)

    @property
    def status(self) -> str:
        """What is told: the state, or HELD."""
        return HELD if self.is_held and self.state in _UNRELEASED else self.state.value


class RegisteredNumber(Record, tag="declaration_number/1"):
    """A declaration's number, taken for the whole network: its record, and who holds it. The authorities'."""

    record_id: str
    held_by: tuple[str, ...]


class DeclaredGoods(Record, tag="declared_goods/1"):
    """The standing declarations (record_id) of one set of goods, by its fingerprint. The authorities'."""

    declarations: tuple[str, ...] = ()

    def others(self, record_id: str) -> bool:
        """Say whether another declaration speaks of the same goods."""
        return any(each != record_id for each in self.declarations)

    def with_one(self, record_id: str) -> "DeclaredGoods":
        """Add a declaration."""
        return DeclaredGoods(declarations=tuple(sorted({*self.declarations, record_id})))

    def without(self, record_id: str) -> "DeclaredGoods":
        """Take out one that no longer stands, or speaks of other goods now."""
        return DeclaredGoods(declarations=tuple(each for each in self.declarations if each != record_id))


class LodgeDeclaration(IdentifiedCommand):
    """A trader lodges a declaration with customs (a participant), in full or as a summary that it completes later."""

    customs: str
    declared: Declared
    is_summary: bool = False


class CompleteDeclaration(IdentifiedCommand):
    """A trader completes a summary declaration: all of it, said anew."""

    declaration_id: str
    declared: Declared


class AmendDeclaration(IdentifiedCommand):
    """A trader corrects what is not accepted yet, customs what is: all of it, said anew, and why."""

    declaration_id: str
    declared: Declared
    reason: str


class CancelDeclaration(IdentifiedCommand):
    """A trader withdraws what is not accepted yet; customs cancels what is."""

    declaration_id: str
    reason: str


class AcceptDeclaration(IdentifiedCommand):
    """Customs accepts a declaration: from now on its content is customs' to change."""

    declaration_id: str


class RejectDeclaration(IdentifiedCommand):
    """Customs does not accept a declaration."""

    declaration_id: str
    reason: str


class HoldGoods(IdentifiedCommand):
    """Customs, or the regulator, holds the goods."""

    declaration_id: str
    reason: str


class LiftHold(IdentifiedCommand):
    """Who holds the goods lets them go on."""

    declaration_id: str
    reason: str


class OrderInspection(IdentifiedCommand):
    """Customs wants to see the goods."""

    declaration_id: str
    reason: str


class RecordInspection(IdentifiedCommand):
    """Customs has seen the goods: they are as declared, or they are not, and what was found."""

    declaration_id: str
    is_as_declared: bool
    findings: str


class ReleaseGoods(IdentifiedCommand):
    """Customs lets the goods go."""

    declaration_id: str


class ClearDeclaration(IdentifiedCommand):
    """Customs closes the file: all formalities are done, and tax that a bank guaranteed is paid."""

    declaration_id: str


EVENTS: Final[dict[type[IdentifiedCommand], DeclarationEvent]] = {
    AcceptDeclaration: _E.ACCEPTED,
    RejectDeclaration: _E.REJECTED,
    OrderInspection: _E.INSPECTION_ORDERED,
}
