"""What the read model knows of payments, as messages of the protocol."""

from collections.abc import Callable
from typing import Final

from gateway.conditions import Condition, Met, Standing
from gateway.operators import codec
from gateway.projection.queries import EventView, PaymentView
from gateway.submission import Answer, is_refusal
from settlement import dates, money
from settlement.errors import Code, Refusal
from settlement.forms.journals import Event
from settlement.parties import Kind
from settlement.payments.commands import ConfirmCredit, CreditStatus, ReturnPayment, SubmitPayment
from settlement.payments.payment import SettlementState
from settlement.payments.undertaking import LedgerStatement
from waitan.v1 import payments_pb2 as pb

_AUTHORITIES: Final = frozenset({Kind.CLEARING, Kind.REGULATOR})


class Viewer:
    """Shows payments to one organisation.

    Who asked within a bank, and for which of its customers, is that bank's business, and the authorities'.
    """

    def __init__(self, participant: str, kind: Kind, standing: Callable[[PaymentView], Standing | None]) -> None:
        self._standing: Final = standing
        self._participant: Final = participant
        self._sees_all: Final = kind in _AUTHORITIES

    def details(self, view: PaymentView, events: list[EventView]) -> pb.PaymentDetails:
        """Show a payment with its history."""
        status = view.status
        returned = money.render(view.returned_minor, view.currency) if view.returned_minor else ""
        payment = codec.write(view.command, pb.Payment)
        standing = self._standing(view)
        if not self._may_see(view.payer):
            payment.ClearField("initiation_id")
        return pb.PaymentDetails(
            payment=payment,
            payer=view.payer,
            payee=view.payee,
            state=codec.choice(SettlementState, pb.SettlementState, view.state),
            status=status.status,
            status_reason=status.reason or "",
            credit=codec.choice(CreditStatus, pb.CreditStatus, view.credit),
            returned_amount=returned,
            transaction_id=view.tx_id,
            block=view.block,
            settled_at=dates.render(view.at_ms),
            requested_by=view.command.requested_by if self._may_see(view.payer) else "",
            is_duplicate=view.is_duplicate,
            settled_on=view.settled_on if view.state is SettlementState.SETTLED else "",
            reserved_amount=money.render(view.amount_minor, view.currency) if view.reservation else "",
            events=[self.event(each) for each in events],
            terms=codec.write(standing.terms, pb.Terms) if standing else None,
            proposed=codec.write(standing.proposed, pb.Change) if standing and standing.proposed else None,
            conditions=map(_condition, standing.conditions if standing else ()),
        )

    def event(self, view: EventView) -> pb.PaymentEvent:
        """Show an event."""
        command = view.command
        assert isinstance(command, SubmitPayment | ConfirmCredit | ReturnPayment | LedgerStatement)
        message = pb.PaymentEvent(
            position=view.position,
            event=codec.choice(Event, pb.EventKind, view.kind),
            uetr=view.uetr,
            payer=view.payer,
            payee=view.payee,
            by=view.by,
            code=view.entry.code,
            transaction_id=view.tx_id,
            block=view.block,
            at=dates.render(view.at_ms),
            requested_by=command.requested_by if self._may_see(view.by) else "",
            is_duplicate=view.is_duplicate,
        )
        if isinstance(command, ConfirmCredit):
            message.credit = codec.choice(CreditStatus, pb.CreditStatus, command.status)
            message.reason = command.reason
        else:
            message.currency = command.currency
            message.amount = command.amount
        if isinstance(command, ReturnPayment):
            message.reason = command.reason
        elif isinstance(command, LedgerStatement):
            message.code = command.code
        return message

    def _may_see(self, asker: str) -> bool:
        return self._sees_all or asker == self._participant


def _condition(each: Condition) -> pb.Condition:
    met = codec.choice(Met, pb.Met, each.met)
    return pb.Condition(where=each.where, names=each.names, number=each.number, met=met)


def outcome(uetr: str, answer: Answer) -> pb.PaymentOutcome:
    """Show what became of a payment."""
    code, where, tx_id, block = answer.outcome
    if not code:
        result = pb.RESULT_RESERVED if answer.is_reserved else pb.RESULT_SETTLED
    elif is_refusal(code):
        return pb.PaymentOutcome(uetr=uetr, result=pb.RESULT_REFUSED, code=code, where=where)
    else:
        result = pb.RESULT_REJECTED
    return pb.PaymentOutcome(
        uetr=uetr,
        result=result,
        code=code,
        where=where,
        transaction_id=tx_id,
        block=block,
        is_repeat=answer.is_repeat,
    )


def settled_or_rejected(uetr: str, answer: Answer) -> pb.PaymentOutcome:
    """Show what became of a payment; raise what was refused."""
    code, where, *_ = answer.outcome
    if is_refusal(code):
        raise Refusal(Code(code), where)
    return outcome(uetr, answer)
