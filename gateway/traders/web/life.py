"""A payment's life as steps: who had it, since when, for how long, what came out, and what it waits for.

Nothing here is in a language: a step names its text by a key of gateway.traders.web.words.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from gateway.projection.queries import EventView, PaymentView
from gateway.traders.web import way
from gateway.traders.web.way import Charge, Station
from settlement import money
from settlement.forms.journals import Event
from settlement.participants import Participant
from settlement.payments.commands import ConfirmCredit, CreditStatus, ReturnPayment, SubmitPayment
from settlement.payments.payment import SettlementState
from settlement.payments.undertaking import LedgerStatement


class Mood(StrEnum):
    """How a step is drawn: something done, an end, a no, or something that is still awaited."""

    DONE = "done"
    FINAL = "final"
    STOPPED = "stopped"
    AWAITED = "awaited"


class Step(NamedTuple):
    """One step. `by` is an organisation's name for people; `at_ms` is None for what is still awaited."""

    key: str
    mood: Mood
    by: str
    at_ms: int | None
    code: str = ""
    amount: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it has not happened yet."""
        return self.at_ms is None


class Life(NamedTuple):
    """All of a payment that a page shows beside its parties."""

    steps: tuple[Step, ...]
    charges: tuple[Charge, ...]
    stations: tuple[Station, ...] = ()

    @property
    def now(self) -> Step:
        """The last that happened: how the payment stands."""
        return next(step for step in reversed(self.steps) if not step.is_open)

    @property
    def waits(self) -> Step | None:
        """What it waits for, if for anything."""
        return self.steps[-1] if self.steps[-1].is_open else None

    def spent_ms(self, position: int) -> int | None:
        """Give how long a step lasted until the next one; None for the last one that happened."""
        here, following = self.steps[position], self.steps[position + 1 : position + 2]
        if here.at_ms is None or not following or following[0].at_ms is None:
            return None
        return max(0, following[0].at_ms - here.at_ms)


_CREDIT_MOODS = {
    CreditStatus.WAITING: Mood.DONE,
    CreditStatus.NOT_POSTED: Mood.DONE,
    CreditStatus.CREDITED: Mood.FINAL,
    CreditStatus.BLOCKED: Mood.STOPPED,
}


_OF_RESERVATION = {
    Event.PAYMENT_RESERVED: ("reserved", Mood.DONE),
    Event.RESERVATION_SETTLED: ("settled", Mood.FINAL),
    Event.RESERVATION_ENDED: ("reservation_ended", Mood.STOPPED),
    Event.UNDERTAKING_CHANGED: ("undertaking_changed", Mood.DONE),
    Event.DOCUMENTS_COMPLETE: ("documents_complete", Mood.DONE),
}


def of(
    view: PaymentView,
    events: Sequence[EventView],
    participants: Mapping[str, Participant],
    *,
    with_parties: bool = True,
) -> Life:
    """Tell a payment's life from its events, in their order; without parties its way is the banks' alone."""
    names = {name: each.organisation.name for name, each in participants.items()}
    steps = [_step(view, event, names) for event in events]
    if view.state is SettlementState.RESERVED:
        terms = view.command.terms
        steps.append(Step("awaits_conditions", Mood.AWAITED, "", None, code=terms.expires_on if terms else ""))
    if view.state is SettlementState.SETTLED and view.credit not in (CreditStatus.CREDITED, CreditStatus.BLOCKED):
        returned_in_full = view.returned_minor == view.amount_minor
        if not returned_in_full:
            steps.append(Step("awaits_credit", Mood.AWAITED, names.get(view.payee, view.payee), None))
    charges = tuple(
        Charge(money.for_people(each.amount, each.currency), each.agent.bic) for each in view.command.charges
    )
    return Life(tuple(steps), charges, way.of(view, participants, charges, with_parties=with_parties))


def _step(view: PaymentView, event: EventView, names: Mapping[str, str]) -> Step:
    by, command = names.get(event.by, event.by), event.command
    if event.kind is Event.PAYMENT_REJECTED:
        return Step("rejected", Mood.STOPPED, by, event.at_ms, code=event.entry.code)
    if isinstance(command, ConfirmCredit):
        key = f"credit_{command.status.value.lower()}"
        return Step(key, _CREDIT_MOODS[command.status], by, event.at_ms, code=command.reason)
    if isinstance(command, LedgerStatement) or event.kind is Event.PAYMENT_RESERVED:
        amount = (
            money.for_people(command.amount, view.currency)
            if isinstance(command, LedgerStatement | SubmitPayment)
            else ""
        )
        key, mood = _OF_RESERVATION[event.kind]
        return Step(key, mood, by, event.at_ms, code=getattr(command, "code", ""), amount=amount)
    if isinstance(command, ReturnPayment):
        amount = money.for_people(command.amount, view.currency)
        whole = view.returned_minor == view.amount_minor
        key, mood = ("returned", Mood.STOPPED) if whole else ("returned_in_part", Mood.DONE)
        return Step(key, mood, by, event.at_ms, code=command.reason, amount=amount)
    amount = money.for_people(money.render(view.amount_minor, view.currency), view.currency)
    return Step("settled", Mood.FINAL, by, event.at_ms, amount=amount)
