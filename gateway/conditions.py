"""What a conditional payment waits for, as one organisation's read model knows it: each condition, met or not.

The ledger decides on what both banks and the authorities hold; a bank that does not hold a document cannot tell whether
its condition is met, and says so.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from gateway.projection.queries import PaymentView
from gateway.projection.trade import Trade
from settlement.payments import undertaking
from settlement.payments.commands import PaymentName
from settlement.payments.documents import Documents, NamedDocument
from settlement.payments.evidence import named, wanted
from settlement.payments.payment import SettlementState
from settlement.payments.terms import Evidence, Terms
from settlement.payments.undertaking import Change, Undertaking
from settlement.trade.record import kind_of
from settlement.trade.seen import SOURCES


class Met(StrEnum):
    """Whether a condition is met."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


class Condition(NamedTuple):
    """One condition: the field that states it, what that names (a date, or a document's record id), its number."""

    where: str
    names: str
    number: str
    met: Met


class Standing(NamedTuple):
    """A conditional payment as it stands: the terms that count now, a change that is proposed, and each condition."""

    terms: Terms
    proposed: Change | None
    conditions: tuple[Condition, ...]


class Conditions:
    """Tells how conditional payments stand."""

    def __init__(self, trade: Trade) -> None:
        self._trade: Final = trade

    def of(self, view: PaymentView, *, on: str) -> Standing | None:
        """Say how a payment that is reserved stands on a business date; None for one that is not, or no longer."""
        if view.state is not SettlementState.RESERVED:
            return None
        name = undertaking.name_of(view.payer, PaymentName(journal=view.tx_id, uetr=view.uetr))
        found = self._trade.find(name, on=on, kind=kind_of(Undertaking))
        if found is None:
            return None
        assert isinstance(found.record, Undertaking)
        return self.standing(found.record, on=on)

    def standing(self, record: Undertaking, *, on: str) -> Standing:
        """Say how a conditional payment stands on a business date."""
        evidence = None if record.evidence is None or record.evidence.credit_waits else record.evidence
        known = self._documents(evidence, record.terms, on)
        waits = undertaking.waits_for(record.terms, evidence, known, on, payer=record.payer)
        conditions = [
            Condition(
                where, names, known[names].number if names in known else "", self._met(where, names, waits, known)
            )
            for where, names in _stated(record.terms, evidence)
        ]
        return Standing(record.terms, record.proposed, tuple(conditions))

    def _documents(self, evidence: Evidence | None, terms: Terms, on: str) -> Documents:
        found: dict[str, NamedDocument] = {}
        for kind, record_id in wanted(evidence, terms):
            view = self._trade.find(record_id, on=on, kind=kind.value)
            if view is not None:
                found[record_id] = SOURCES[kind].seen(view.record)
        return found

    @staticmethod
    def _met(where: str, names: str, waits: tuple[str, ...], known: Documents) -> Met:
        if where not in waits:
            return Met.YES
        return Met.NO if names in known or where == "terms.not_before" else Met.UNKNOWN


def _stated(terms: Terms, evidence: Evidence | None) -> Iterator[tuple[str, str]]:
    """Give each condition: the field that states it, and what it names."""
    if terms.not_before:
        yield "terms.not_before", terms.not_before
    for place, record_id in enumerate(terms.released):
        yield f"terms.released.{place}", record_id
    if terms.title:
        yield "terms.title", terms.title
    for where, _, record_id in named(evidence) if evidence else ():
        yield where, record_id
