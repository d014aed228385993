"""What a holder does with a bill, what the carrier answers, and how a bill ends."""

from settlement.errors import Code, Refusal
from settlement.texts import require_text
from settlement.trade.lading.bill import (
    SWITCH_TO_PAPER,
    BillOfLading,
    linked,
    require_carrier,
    require_move,
    require_paper,
    require_replaceable,
    surrender_reason,
)
from settlement.trade.lading.chain import Action, BillParty
from settlement.trade.lading.commands import (
    AnswerSurrender,
    ConvertBillOfLading,
    EndorseBillOfLading,
    RejectBillOfLading,
    SurrenderBillOfLading,
    TransferBillOfLading,
    VoidBillOfLading,
)
from settlement.trade.record import Actor


def transferred(bill: BillOfLading, command: TransferBillOfLading, by: Actor) -> BillOfLading:
    """Give control to another (MLETR article 11: possession is transferred by transferring control)."""
    return linked(bill, Action.TRANSFER, by, recipient=command.recipient, reason=command.reason)


def endorsed(bill: BillOfLading, command: EndorseBillOfLading, by: Actor) -> BillOfLading:
    """Pass the title on (MLETR article 15)."""
    return linked(bill, Action(command.manner.value), by, recipient=command.endorsee)


def passed(bill: BillOfLading, to: BillParty, by: Actor, *, reason: str = "") -> BillOfLading:
    """Pass to another all that the holder has, in one go: the title to its order, where there is one, and control.

    For a command that moves a bill only together with something else, such as the money: what it returns is stored in
    the same transaction or not at all. Refuses as an endorsement and a transfer do.
    """
    if bill.terms.to_order and bill.standing is not None and bill.standing.title is not None:
        bill = linked(bill, Action.ENDORSE_TO_ORDER, by, recipient=to)
    return linked(bill, Action.TRANSFER, by, recipient=to, reason=reason)


def signed(bill: BillOfLading, by: Actor) -> BillOfLading:
    """Confirm that one holds it."""
    return linked(bill, Action.SIGN, by)


def rejected(bill: BillOfLading, command: RejectBillOfLading, by: Actor) -> BillOfLading:
    """Give back what one was given, as the first thing that one does with it (I8)."""
    require_move(bill, Action.REJECT_TRANSFER)
    require_text(command.reason, "reason")
    offer = bill.standing.offer if bill.standing else None
    giver = offer.giver if offer and offer.arrived else None
    return linked(bill, Action.REJECT_TRANSFER, by, recipient=giver, reason=command.reason)


def surrendered(bill: BillOfLading, command: SurrenderBillOfLading, by: Actor) -> BillOfLading:
    """Ask the carrier: from now on it has control, until it answers (DCSA eBL Surrender 3.0)."""
    if command.purpose.value == Action.SURRENDER_FOR_AMENDMENT and not command.reason:
        raise Refusal(Code.CH21, "reason")
    return linked(bill, Action(command.purpose.value), by, recipient=bill.terms.carrier, reason=command.reason)


def answered(bill: BillOfLading, command: AnswerSurrender, by: Actor) -> BillOfLading:
    """Let the carrier accept, after which nothing follows in the chain; or reject, and give the bill back."""
    action = Action.SACC if command.accepted else Action.SREJ
    require_move(bill, action)
    require_carrier(bill, by)
    if not command.accepted:
        require_text(command.reason, "reason")
    assert bill.standing is not None
    if command.request != bill.standing.head:
        raise Refusal(Code.NOT_FOUND, "request")
    return linked(bill, action, by, recipient=bill.standing.requested_by, reason=command.reason)


def delivered(bill: BillOfLading, by: Actor) -> BillOfLading:
    """Record that the goods are handed over."""
    require_move(bill, Action.DELIVER)
    require_carrier(bill, by)
    return bill.after(Action.DELIVER, by)


def converted(bill: BillOfLading, command: ConvertBillOfLading, by: Actor) -> BillOfLading:
    """End the record with the paper that replaces it (MLETR article 18): nothing leads back."""
    require_move(bill, Action.CONVERT)
    require_carrier(bill, by)
    if surrender_reason(bill) != SWITCH_TO_PAPER:
        raise Refusal(Code.MOVE_NOT_ALLOWED, "record_id")
    require_paper(command.paper, "paper")
    return bill.after(Action.CONVERT, by, paper=command.paper)


def voided(bill: BillOfLading, command: VoidBillOfLading, by: Actor) -> BillOfLading:
    """Withdraw a draft, or void what was surrendered for amendment."""
    require_move(bill, Action.VOID)
    require_carrier(bill, by)
    require_text(command.reason, "reason")
    return bill.after(Action.VOID, by, reason=command.reason)


def replaced(bill: BillOfLading, replacement: BillOfLading, by: Actor) -> BillOfLading:
    """Void what an amended bill replaces, in the transaction that issues the amended one."""
    require_replaceable(bill)
    require_carrier(bill, by)
    return bill.after(Action.VOID, by, replaced_by=replacement.record_id)
