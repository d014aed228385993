"""What is done on a page with a paper that one holds, beside passing it on: confirm, present, hand over for money.

A bill of lading that a payment waits for is handed over against it: title, control and money move in one transaction,
or nothing does (`waitan undertaking pass`). A document is presented to the organisation that asks for it.
"""

from typing import Final

from gateway.traders.web.signable import Act, Case, Field, Given, whom
from settlement.errors import Code, Refusal
from settlement.payments.undertaking import PassAgainstPayment, Undertaking, UndertakingState
from settlement.trade.document import (
    KINDS,
    DocumentHolder,
    DocumentState,
    PresentDocument,
    RevokeDocument,
    TradeDocument,
    TransferDocument,
)
from settlement.trade.lading import control, disputes
from settlement.trade.lading.bill import BillOfLading, party_of, require_move
from settlement.trade.lading.chain import Action, BillParty
from settlement.trade.lading.commands import DisputeBillOfLading, SignBillOfLading
from settlement.trade.record import Actor

_ANYTHING: Final = "-"
"""Stands for a text that has still to be written, where the rules are asked before it is."""


def held(bill: BillOfLading, by: Actor, action: Action) -> BillOfLading:
    """Give a bill to who holds it, where something may be done with it; NOT_IN_CONTROL to anybody else."""
    require_move(bill, action)
    if bill.standing is None or bill.standing.holder != party_of(by):
        raise Refusal(Code.NOT_IN_CONTROL, "record_id")
    return bill


def _to_be_disputed(case: Case) -> object:
    dispute = DisputeBillOfLading(command_id=_ANYTHING, record_id=case.record.record_id, reason=_ANYTHING)
    return disputes.disputed(case.record, dispute, case.by)


def _to_be_handed_over(case: Case) -> bool:
    """Say whether a payment waits for the title to a bill that the firm holds, and is its beneficiary's to earn."""
    record: Undertaking = case.record
    if record.state is not UndertakingState.RESERVED or not record.terms.title:
        return False
    bills = [each for each in case.whole if each.record_id == record.terms.title and isinstance(each, BillOfLading)]
    return bool(bills) and held(bills[0], case.by, Action.TRANSFER) is bills[0]


def _handing_over(case: Case, given: Given) -> PassAgainstPayment:
    record: Undertaking = case.record
    return PassAgainstPayment(
        command_id=given.command_id,
        payment=record.payment,
        payer=record.payer,
        payee=record.payee,
        recipient=BillParty(participant=record.payer, identifier=record.terms.title_to),
    )


def _stands(case: Case) -> bool:
    """Say whether a document stands, and its date has not passed."""
    record: TradeDocument = case.record
    return record.state is DocumentState.ISSUED and not record.has_lapsed(case.by.on)


def _is_held(case: Case) -> bool:
    record: TradeDocument = case.record
    return _stands(case) and (record.holder.participant, record.holder.identifier) == (
        case.by.participant,
        case.by.party,
    )


def _is_issuers(case: Case) -> bool:
    record: TradeDocument = case.record
    return _stands(case) and (record.signature.participant, record.issuer) == (case.by.participant, case.by.party)


def _giving_on(case: Case, given: Given) -> TransferDocument:
    to = whom(given.text("to"))
    return TransferDocument(
        command_id=given.command_id,
        document_id=case.record.record_id,
        holder=DocumentHolder(participant=to.participant, identifier=to.identifier),
    )


ACTS: Final = (
    Act(
        "hand_over_bill",
        Undertaking,
        _to_be_handed_over,
        _handing_over,
        "waitan undertaking pass {number}",
    ),
    Act(
        "confirm_bill",
        BillOfLading,
        lambda case: control.signed(held(case.record, case.by, Action.SIGN), case.by),
        lambda case, given: SignBillOfLading(command_id=given.command_id, record_id=case.record.record_id),
        "waitan lading sign {id}",
    ),
    Act(
        "dispute_bill",
        BillOfLading,
        _to_be_disputed,
        lambda case, given: DisputeBillOfLading(
            command_id=given.command_id, record_id=case.record.record_id, reason=given.text("reason")
        ),
        "waitan lading dispute {id} --reason TEXT",
        (Field("reason"),),
    ),
    Act(
        "present_document",
        TradeDocument,
        _is_held,
        lambda case, given: PresentDocument(
            command_id=given.command_id, document_id=case.record.record_id, to=given.text("to_organisation")
        ),
        "waitan document present {id} --to ORGANISATION",
        lambda case: (Field("to_organisation", "choice", case.organisations),),
    ),
    Act(
        "transfer_document",
        TradeDocument,
        lambda case: _is_held(case) and KINDS[case.record.terms.kind].is_exclusive,
        _giving_on,
        "waitan document transfer {id} --to BANK --firm NUMBER",
        (Field("to", "party"),),
    ),
    Act(
        "revoke_document",
        TradeDocument,
        _is_issuers,
        lambda case, given: RevokeDocument(
            command_id=given.command_id, document_id=case.record.record_id, reason=given.text("reason")
        ),
        "waitan document revoke {id} --reason TEXT",
        (Field("reason"),),
    ),
)
"""What the holder of a paper signs, and what else those who stand on it do."""
