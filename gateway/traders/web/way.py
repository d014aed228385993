"""The way that a payment's money takes: who is on it, where the money is, who took a charge."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from gateway.projection.queries import PaymentView
from settlement.participants import Participant
from settlement.parties import Agent
from settlement.payments.commands import CreditStatus
from settlement.payments.payment import SettlementState


class Charge(NamedTuple):
    """What somebody along the way took: an amount with its currency, and the BIC of who took it."""

    amount: str
    by: str


class Passage(StrEnum):
    """How a station stands to the money: it has been there, it is there, it is still to come."""

    PASSED = "passed"
    HERE = "here"
    AHEAD = "ahead"


class Station(NamedTuple):
    """Somebody on the way: `role` is a key of the words, `charges` what it took."""

    role: str
    name: str
    place: Passage
    charges: tuple[str, ...] = ()


class _On(NamedTuple):
    role: str
    name: str
    bic: str = ""


def of(
    view: PaymentView, participants: Mapping[str, Participant], charges: Sequence[Charge], *, with_parties: bool
) -> tuple[Station, ...]:
    """Give the stations, in their order: the payer, the banks, the payee; without parties the banks alone.

    Between the two banks that settle here and their customers there may be others, which are none of this ledger.
    """
    way = list(_way(view, participants))
    here = next(place for place, each in enumerate(way) if each.role == _whereabouts(view))
    return tuple(
        Station(
            each.role,
            each.name,
            Passage.HERE if place == here else Passage.PASSED if place < here else Passage.AHEAD,
            tuple(charge.amount for charge in charges if each.bic and charge.by == each.bic),
        )
        for place, each in enumerate(way)
        if with_parties or each.role not in ("from", "to")
    )


def _way(view: PaymentView, participants: Mapping[str, Participant]) -> Iterator[_On]:
    command = view.command
    payer, payee = _bank(participants, "paying_bank", view.payer), _bank(participants, "receiving_bank", view.payee)
    yield _On("from", command.debtor.name or command.debtor.any_bic)
    if command.debtor_agent.bic != payer.bic:
        yield _outside("payers_bank", command.debtor_agent)
    yield from (_outside("bank_between", agent) for agent in command.previous_instructing_agents)
    yield payer
    yield payee
    yield from (_outside("bank_between", agent) for agent in command.intermediary_agents)
    if command.creditor_agent.bic != payee.bic:
        yield _outside("payees_bank", command.creditor_agent)
    yield _On("to", command.creditor.name or command.creditor.any_bic)


def _bank(participants: Mapping[str, Participant], role: str, name: str) -> _On:
    """Name a bank that settles here; its short name where the read model does not have it."""
    found = participants.get(name)
    return _On(role, found.organisation.name, found.organisation.bic) if found else _On(role, name)


def _outside(role: str, agent: Agent) -> _On:
    return _On(role, agent.name or agent.bic, agent.bic)


def _whereabouts(view: PaymentView) -> str:
    """Say whose the money is by role: not before the bank that pays here, where a payment is first known."""
    if view.state is not SettlementState.SETTLED or view.returned_minor == view.amount_minor:
        return "paying_bank"
    return "to" if view.credit is CreditStatus.CREDITED else "receiving_bank"
