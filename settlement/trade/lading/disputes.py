"""Who holds a bill is contested: it stands still until the regulator rules, with two pairs of eyes."""

from msgspec.structs import replace

from settlement.errors import Code, Refusal
from settlement.texts import require_text
from settlement.trade.lading.bill import BillOfLading, Dispute, Proposal, party_of, people_of, require_move
from settlement.trade.lading.chain import LIFECYCLE, Action
from settlement.trade.lading.commands import ConfirmBillRuling, DisputeBillOfLading, ProposeBillRuling
from settlement.trade.record import Actor


def disputed(bill: BillOfLading, command: DisputeBillOfLading, by: Actor) -> BillOfLading:
    """Stop a bill where it stands, by who stands on it or was ever given it; a bank that only keeps a copy does not.

    Once ruled on, the same state of things is not disputed again by the same party.
    """
    require_move(bill, Action.DISPUTE)
    require_text(command.reason, "reason")
    party = party_of(by)
    if party not in people_of(bill):
        raise Refusal(Code.NOT_IN_CONTROL, "record_id")
    before = bill.dispute
    if before and (before.raised_by, before.links) == (party, len(bill.links)):
        raise Refusal(Code.ALREADY_EXISTS, "record_id")
    dispute = Dispute(raised_by=party, reason=command.reason, links=len(bill.links))
    return bill.after(Action.DISPUTE, by, reason=command.reason, dispute=dispute)


def proposed(bill: BillOfLading, command: ProposeBillRuling, by: Actor) -> BillOfLading:
    """Propose a ruling, in place of one proposed before."""
    require_text(command.reason, "reason")
    dispute = _open(bill, Action.PROPOSE_RULING)
    proposal = Proposal(ruling=command.ruling, reason=command.reason, by=by.signer)
    return bill.after(Action.PROPOSE_RULING, by, reason=command.reason, dispute=replace(dispute, proposal=proposal))


def ruled(bill: BillOfLading, command: ConfirmBillRuling, by: Actor) -> BillOfLading:
    """Let a second supervisor confirm what the first proposed: SAME_SIGNER, and NOT_FOUND where it proposed no such."""
    action = Action(command.ruling.value)
    dispute = _open(bill, action)
    proposal = dispute.proposal
    if proposal is None or proposal.ruling is not command.ruling:
        raise Refusal(Code.NOT_FOUND, "ruling")
    if by.signer.is_same_person(proposal.by):
        raise Refusal(Code.SAME_SIGNER, "record_id")
    return bill.after(action, by, reason=proposal.reason, dispute=replace(dispute, ruling=command.ruling))


def _open(bill: BillOfLading, action: Action) -> Dispute:
    LIFECYCLE.after(bill.state, action)
    if bill.dispute is None or not bill.dispute.is_open:
        raise Refusal(Code.NOT_FOUND, "dispute")
    return bill.dispute
