"""What a trader signs about a record of trade: one table, a row for each act.

Whether an act is offered is what the rules say: they are asked, with the reader's firm in the place of whoever will
sign. The ledger asks them again of whom did sign.
"""

from typing import Any, Final

from gateway.app import Gateway
from gateway.traders.web import contracting, declaring, invoicing, presenting
from gateway.traders.web.presenting import held
from gateway.traders.web.signable import Act, Case, Field, Given, whom
from settlement import currencies, dates
from settlement.customs.declaration import Declaration
from settlement.errors import Code, Refusal
from settlement.financing import SUBJECTS_MAX, ApplyForFinancing, Subject
from settlement.payments.documents import Kind
from settlement.payments.evidence import party_id
from settlement.payments.undertaking import AcceptChange, Undertaking, UndertakingState
from settlement.trade import contract, invoice
from settlement.trade.contract import (
    ConfirmPerformance,
    ContractEvent,
    ContractState,
    SalesContract,
    SignContract,
    TerminateContract,
    WithdrawProposal,
)
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, Invoice
from settlement.trade.lading import chain, control
from settlement.trade.lading.bill import BillOfLading, party_of, require_move
from settlement.trade.lading.chain import Action
from settlement.trade.lading.commands import (
    ApproveBillOfLading,
    EndorseBillOfLading,
    Manner,
    Purpose,
    RejectBillOfLading,
    SurrenderBillOfLading,
    TransferBillOfLading,
)
from settlement.trade.record import TradeRecord, kind_of
from settlement.trade.securities import SECURITIES, Applicant
from settlement.trade.seen import SOURCES

REASON: Final = Field("reason")
SECURING: Final = (Invoice, Declaration, BillOfLading)
"""The kinds of record on which a bank lends."""
_ANYTHING: Final = "-"
"""Stands for a text that has still to be written, where the rules are asked before it is."""


def acts_of(case: Case) -> list[Act]:
    """Give the acts that are open to the reader's firm."""
    return [act for act in ACTS if isinstance(case.record, act.kind) and _is_open(act, case)]


def _is_open(act: Act, case: Case) -> bool:
    try:
        return act.is_open(case) is not False
    except Refusal:
        return False


# What the rules say of each


def _to_be_signed(case: Case) -> bool:
    record: SalesContract = contract.require_own(case.record, case.by)
    if record.state not in (ContractState.DRAFT, ContractState.PARTLY_SIGNED, ContractState.AMENDING):
        return False
    signatures = record.amendment_signatures if record.amendment else record.signatures
    return all(each.party != case.by.party for each in signatures)


def _to_be_ended(case: Case) -> object:
    notice = TerminateContract(command_id=_ANYTHING, contract_id=case.record.record_id, reason=_ANYTHING)
    return contract.terminated(case.record, notice, case.by)


def _to_be_withdrawn(case: Case) -> object:
    contract.require_own(case.record, case.by)
    return SalesContract.LIFECYCLE.after(case.record.state, ContractEvent.WITHDRAWN)


def _to_be_disputed(case: Case) -> object:
    dispute = DisputeInvoice(command_id=_ANYTHING, invoice_id=case.record.record_id, reason=_ANYTHING)
    return invoice.disputed(case.record, dispute, case.by)


def _approval(case: Case) -> bool:
    bill: BillOfLading = case.record
    require_move(bill, Action.APPROVE)
    return party_of(case.by) == bill.terms.shipper


def _to_be_endorsed(case: Case) -> object:
    blank = EndorseBillOfLading(
        command_id=_ANYTHING, record_id=case.record.record_id, manner=Manner.BLANK_ENDORSE, endorsee=None
    )
    return control.endorsed(case.record, blank, case.by)


def _to_be_rejected(case: Case) -> object:
    rejection = RejectBillOfLading(command_id=_ANYTHING, record_id=case.record.record_id, reason=_ANYTHING)
    return control.rejected(case.record, rejection, case.by)


def _to_be_surrendered(case: Case) -> None:
    bill = held(case.record, case.by, Action.SURRENDER_FOR_DELIVERY)
    assert bill.standing is not None
    chain.require_entitled(bill.terms, bill.standing)


def _change_proposed(case: Case) -> bool:
    record: Undertaking = case.record
    beneficiary = (party_id(record.asked.creditor), record.payee)
    stands = record.state is UndertakingState.RESERVED and record.proposed is not None
    return stands and beneficiary == (case.by.party, case.by.participant)


def securing(gateway: Gateway, case: Case, numbers: str, on: str) -> tuple[TradeRecord[Any], ...]:
    """Find the firm's other documents that are to secure a loan: `NUMBER` or `KIND:NUMBER`, with commas between them.

    NOT_ELIGIBLE for what is none on which a bank might lend to it, CH16 for a number that two of them have.
    """
    found = []
    for text in filter(None, (each.strip() for each in numbers.split(","))):
        kind, _, number = text.rpartition(":")
        views = gateway.trade.every(on=on, number=number, kind=kind, party=case.by.party)
        documents = [each.record for each in views if is_security(case._replace(record=each.record))]
        if len(documents) != 1:
            raise Refusal(Code.CH16 if documents else Code.NOT_ELIGIBLE, "also_on")
        found += documents
    return tuple(found)


def is_security(case: Case) -> bool:
    """Say whether a record, of whatever kind, is a document on which a bank might lend to the firm."""
    return isinstance(case.record, SECURING) and _secures(case)


def _secures(case: Case) -> bool:
    """Say whether a bank might lend on it to the firm; whether it does, and how much, is seen when it looks."""
    kind = Kind(kind_of(type(case.record)))
    seen = SECURITIES[kind](case.record, SOURCES[kind].seen(case.record))
    firm = Applicant(case.by.participant, case.by.require_party(), case.by.signer.key)
    return seen.is_known_to(firm) and seen.secures(firm)


# What is signed


def _change(case: Case, given: Given) -> AcceptChange:
    record: Undertaking = case.record
    assert record.proposed is not None
    return AcceptChange(
        command_id=given.command_id,
        payment=record.payment,
        payer=record.payer,
        payee=record.payee,
        change=record.proposed,
    )


def _endorsement(case: Case, given: Given) -> EndorseBillOfLading:
    manner = Manner(given.text("manner"))
    if (manner is Manner.BLANK_ENDORSE) is bool(given.text("to")):
        raise Refusal(Code.CH17 if given.text("to") else Code.CH21, "to")
    return EndorseBillOfLading(
        command_id=given.command_id,
        record_id=case.record.record_id,
        manner=manner,
        endorsee=whom(given.text("to")) if given.text("to") else None,
    )


def _application(case: Case, given: Given) -> ApplyForFinancing:
    """Apply for a loan on the record and those beside it: the consent counts until the end of a day (UTC)."""
    documents = (case.record, *case.beside)
    if len({each.record_id for each in documents}) < len(documents) or len(documents) > SUBJECTS_MAX:
        raise Refusal(Code.CH17, "also_on")
    currency = given.text("currency").upper()
    currencies.exponent(currency)
    return ApplyForFinancing(
        command_id=given.command_id,
        lender=case.by.participant,
        number=given.text("loan_number"),
        currency=currency,
        amount=given.amount("amount", currency),
        subjects=tuple(Subject(kind=Kind(kind_of(type(each))), record_id=each.record_id) for each in documents),
        consents_until=f"{dates.day(given.text('consents_until'), 'consents_until')}T23:59:59Z",
    )


LOAN: Final = (
    Field("loan_number"),
    Field("amount", "amount"),
    Field("currency", "currency"),
    Field("consents_until", "date"),
    Field("also_on", "documents", is_needed=False),
)
"""What an application for a loan says, the document aside from which it is made."""
_APPLY: Final = "waitan financing apply NUMBER AMOUNT CURRENCY --on {kind}:{{id}}"

ACTS: Final[tuple[Act, ...]] = (
    Act(
        "sign_contract",
        SalesContract,
        _to_be_signed,
        lambda case, given: SignContract(command_id=given.command_id, contract_id=case.record.record_id, signature=""),
        "waitan contract sign {id}",
        document=lambda case, _: case.record.proposal,
        is_awaited=True,
    ),
    *invoicing.ACTS,
    *declaring.ACTS,
    Act(
        "withdraw_proposal",
        SalesContract,
        _to_be_withdrawn,
        lambda case, given: WithdrawProposal(
            command_id=given.command_id, contract_id=case.record.record_id, reason=given.text("reason")
        ),
        "waitan contract withdraw {id} --reason TEXT",
        (REASON,),
    ),
    Act(
        "confirm_performance",
        SalesContract,
        lambda case: contract.confirmed(case.record, case.by),
        lambda case, given: ConfirmPerformance(command_id=given.command_id, contract_id=case.record.record_id),
        "waitan contract performed {id}",
    ),
    *contracting.ACTS,
    Act(
        "terminate_contract",
        SalesContract,
        _to_be_ended,
        lambda case, given: TerminateContract(
            command_id=given.command_id, contract_id=case.record.record_id, reason=given.text("reason")
        ),
        "waitan contract terminate {id} --reason TEXT",
        (REASON,),
    ),
    Act(
        "accept_invoice",
        Invoice,
        lambda case: invoice.accepted(case.record, case.by),
        lambda case, given: AcceptInvoice(command_id=given.command_id, invoice_id=case.record.record_id),
        "waitan invoice accept {id}",
        is_awaited=True,
    ),
    Act(
        "dispute_invoice",
        Invoice,
        _to_be_disputed,
        lambda case, given: DisputeInvoice(
            command_id=given.command_id, invoice_id=case.record.record_id, reason=given.text("reason")
        ),
        "waitan invoice dispute {id} --reason TEXT",
        (REASON,),
    ),
    Act(
        "approve_bill",
        BillOfLading,
        _approval,
        lambda case, given: ApproveBillOfLading(
            command_id=given.command_id, record_id=case.record.record_id, terms=chain.digest(case.record.terms)
        ),
        "waitan lading approve {id}",
        is_awaited=True,
    ),
    Act(
        "endorse_bill",
        BillOfLading,
        _to_be_endorsed,
        _endorsement,
        "waitan lading endorse {id} WHOM",
        (Field("manner", "choice", tuple(each.value for each in Manner)), Field("to", "party", is_needed=False)),
    ),
    Act(
        "transfer_bill",
        BillOfLading,
        lambda case: held(case.record, case.by, Action.TRANSFER),
        lambda case, given: TransferBillOfLading(
            command_id=given.command_id,
            record_id=case.record.record_id,
            recipient=whom(given.text("to")),
            reason=given.text("reason"),
        ),
        "waitan lading transfer {id} WHOM",
        (Field("to", "party"), Field("reason", is_needed=False)),
    ),
    Act(
        "reject_bill",
        BillOfLading,
        _to_be_rejected,
        lambda case, given: RejectBillOfLading(
            command_id=given.command_id, record_id=case.record.record_id, reason=given.text("reason")
        ),
        "waitan lading reject {id} --reason TEXT",
        (REASON,),
    ),
    Act(
        "surrender_bill",
        BillOfLading,
        _to_be_surrendered,
        lambda case, given: SurrenderBillOfLading(
            command_id=given.command_id,
            record_id=case.record.record_id,
            purpose=Purpose(given.text("purpose")),
            reason=given.text("reason"),
        ),
        "waitan lading surrender {id}",
        (Field("purpose", "choice", tuple(each.value for each in Purpose)), Field("reason", is_needed=False)),
    ),
    *presenting.ACTS,
    Act("accept_change", Undertaking, _change_proposed, _change, "waitan undertaking accept {number}", is_awaited=True),
    *(
        Act("apply_for_financing", kind, _secures, _application, _APPLY.format(kind=kind_of(kind)), LOAN)
        for kind in SECURING
    ),
)
"""Every act that a page offers, in its order on a page."""
