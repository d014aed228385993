"""States of records that are looked for together: declarations that wait, tax that is owed, loans by what is next."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from settlement.customs.assessment import OPEN, TaxAssessment
from settlement.customs.declaration import COVERED, Declaration, DeclarationState
from settlement.financing import Financing, FinancingState
from settlement.trade.record import kind_of

_D: Final = DeclarationState
_F: Final = FinancingState


class Group(NamedTuple):
    """The states of a kind of record that stand together."""

    kind: str
    states: tuple[str, ...]

    def address(self, key: str) -> str:
        """Write the address of the list of all records of the group, which has a key."""
        return f"/trade?kind={self.kind}&state={key}"


def _group(kind: type[Declaration | Financing | TaxAssessment], *states: str) -> Group:
    return Group(kind_of(kind), states)


GROUPS: Final[Mapping[str, Group]] = {
    "waits_for_customs": _group(Declaration, _D.LODGED, _D.ACCEPTED, _D.INSPECTED_OK, _D.INSPECTED_FAIL, *COVERED),
    "tax_open": _group(TaxAssessment, *OPEN),
    "loans_to_look_at": _group(Financing, _F.APPLIED, _F.VERIFIED),
    "loans_drawn": _group(Financing, _F.DRAWN, _F.PARTLY_REPAID),
    "loans_running": _group(Financing, _F.DRAWN, _F.PARTLY_REPAID, _F.DEFAULTED),
    "loans_over": _group(Financing, _F.REPAID, _F.REJECTED, _F.LAPSED),
}
"""By the keys of their words. Customs has the next step in those that wait for it: an order to inspect has a list of
its own, and tax is the trader's to pay.
"""


def groups_of(kind: str) -> list[str]:
    """Give the keys of a kind's groups."""
    return [key for key, group in GROUPS.items() if group.kind == kind]
