"""The life-cycle tables, walked over every state and every event."""

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from settlement import day, financing, participants, rulings
from settlement.accounts import account, issuance, redemption
from settlement.customs import assessment, declaration, rates
from settlement.errors import Code
from settlement.lifecycle import Lifecycle
from settlement.payments import initiation, undertaking
from settlement.trade import contract, document, invoice
from settlement.trade.lading import chain
from tests.expectations import refused

CASES: dict[str, tuple[Lifecycle[Any, Any], type[StrEnum], type[StrEnum], set[str], int]] = {
    "participant": (
        participants.LIFECYCLE,
        participants.ParticipantState,
        participants.ParticipantEvent,
        {"EXITED"},
        4,
    ),
    "day": (day.LIFECYCLE, day.DayState, day.DayEvent, set(), 3),
    "account": (account.LIFECYCLE, account.AccountState, account.AccountEvent, {"CLOSED"}, 3),
    "issuance": (
        issuance.ISSUANCE,
        issuance.IssuanceState,
        issuance.IssuanceEvent,
        {"ISSUED", "DECLINED"},
        4,
    ),
    "redemption": (
        redemption.LIFECYCLE,
        redemption.RedemptionState,
        redemption.RedemptionEvent,
        {"PAID_OUT", "FAILED", "DECLINED"},
        6,
    ),
    "financing": (
        financing.LIFECYCLE,
        financing.FinancingState,
        financing.FinancingEvent,
        {"REPAID", "DEFAULTED", "REJECTED", "LAPSED"},
        14,
    ),
    "undertaking": (
        undertaking.LIFECYCLE,
        undertaking.UndertakingState,
        undertaking.UndertakingEvent,
        {"SETTLED", "VOIDED", "EXPIRED"},
        6,
    ),
    "initiation": (
        initiation.LIFECYCLE,
        initiation.InitiationState,
        initiation.InitiationEvent,
        {"RELEASED", "DECLINED", "EXPIRED"},
        3,
    ),
    "contract": (
        contract.SalesContract.LIFECYCLE,
        contract.ContractState,
        contract.ContractEvent,
        {"EXPIRED"},
        21,
    ),
    "bill of lading": (
        chain.LIFECYCLE,
        chain.BillState,
        chain.Action,
        {"DELIVERED", "VOIDED", "CONVERTED"},
        41,
    ),
    "declaration": (
        declaration.LIFECYCLE,
        declaration.DeclarationState,
        declaration.DeclarationEvent,
        {"CLEARED", "REJECTED", "CANCELLED"},
        53,
    ),
    "tax assessment": (
        assessment.LIFECYCLE,
        assessment.AssessmentState,
        assessment.AssessmentEvent,
        {"NIL", "REFUNDED", "WITHDRAWN"},
        11,
    ),
    "customs notice": (
        rates.LIFECYCLE,
        rates.NoticeState,
        rates.NoticeEvent,
        {"IN_FORCE", "WITHDRAWN"},
        2,
    ),
    "invoice": (
        invoice.Invoice.LIFECYCLE,
        invoice.InvoiceState,
        invoice.InvoiceEvent,
        set(),
        20,
    ),
    "ruling": (rulings.LIFECYCLE, rulings.RulingState, rulings.RulingEvent, set(), 7),
    "document": (
        document.TradeDocument.LIFECYCLE,
        document.DocumentState,
        document.DocumentEvent,
        {"REVOKED", "EXPIRED"},
        5,
    ),
}
EVERY = pytest.mark.parametrize("name", CASES)


@EVERY
def test_what_the_table_does_not_list_is_refused(name: str) -> None:
    """Each pair of state and event leads where its row says, or is refused."""
    table, states, events, _, rows = CASES[name]
    led = 0
    for state, event in product(states, events):
        if (state, event) in table.moves:
            assert table.after(state, event) is table.moves[state, event]
            led += 1
        else:
            with refused(Code.MOVE_NOT_ALLOWED):
                table.after(state, event)
    assert led == len(table.moves) == rows


@EVERY
def test_exactly_these_states_are_terminal(name: str) -> None:
    """Nothing leads out of a terminal state, and something out of every other."""
    table, states, _, terminal, _ = CASES[name]
    assert {state.value for state in states if table.is_terminal(state)} == terminal


@EVERY
def test_every_state_and_event_is_used(name: str) -> None:
    """Each state can be reached from the first, and each event happens somewhere."""
    table, states, events, _, _ = CASES[name]
    reached = {table.initial}
    while more := {to for (state, _), to in table.moves.items() if state in reached} - reached:
        reached |= more
    assert reached == set(states)
    assert {event for _, event in table.moves} == set(events)


def test_the_diagram_has_a_line_for_each_row() -> None:
    """The diagram is drawn from the table."""
    assert day.LIFECYCLE.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> CLOSED",
        "    CLOSED --> OPEN: OPENED",
        "    OPEN --> CUT_OFF: CUT_OFF",
        "    CUT_OFF --> CLOSED: CLOSED",
    ]
