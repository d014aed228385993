"""A dispute stops a bill of lading, until two supervisors rule on it."""

from collections.abc import Callable

import pytest

from settlement.errors import Code
from settlement.trade.lading import control, disputes
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillState
from settlement.trade.lading.commands import (
    ConfirmBillRuling,
    DisputeBillOfLading,
    ProposeBillRuling,
    Ruling,
)
from tests.builders import an_id
from tests.expectations import refused
from tests.lading import (
    BANKSH,
    SILK,
    TEKSTIL,
    a_bill,
    a_draft,
    an_actor,
    answer,
    approve,
    endorse,
    holder_of,
    reject,
    surrender,
    transfer,
)


def dispute(made: BillOfLading, by: str = "silk") -> BillOfLading:
    command = DisputeBillOfLading(command_id=an_id(), record_id=made.record_id, reason="our key was stolen")
    return disputes.disputed(made, command, an_actor(by))


def propose(made: BillOfLading, ruling: Ruling = Ruling.RELEASE, by: str = "supervisor-1") -> BillOfLading:
    command = ProposeBillRuling(
        command_id=an_id(), record_id=made.record_id, keeper="customs", ruling=ruling, reason="heard both"
    )
    return disputes.proposed(made, command, an_actor(by))


def rule(made: BillOfLading, ruling: Ruling = Ruling.RELEASE, by: str = "supervisor-2") -> BillOfLading:
    command = ConfirmBillRuling(command_id=an_id(), record_id=made.record_id, keeper="customs", ruling=ruling)
    return disputes.ruled(made, command, an_actor(by))


STOPPED: dict[str, Callable[[BillOfLading], BillOfLading]] = {
    "transfer": lambda made: transfer(made, SILK, "tekstil"),
    "endorsement": lambda made: endorse(made, SILK, "tekstil"),
    "rejection": lambda made: reject(made, "tekstil"),
    "surrender": lambda made: surrender(made, "tekstil"),
    "signature": lambda made: control.signed(made, an_actor("tekstil")),
    "both at once": lambda made: control.passed(made, SILK, an_actor("tekstil")),
    "another dispute": lambda made: dispute(made, "carrier"),
}


@pytest.mark.parametrize("name", STOPPED)
def test_a_dispute_stops_a_bill(name: str) -> None:
    with refused(Code.IN_DISPUTE, "record_id"):
        STOPPED[name](dispute(transfer(a_bill(), TEKSTIL, "silk")))


def test_a_dispute_stops_the_carrier_too() -> None:
    made = dispute(surrender(a_bill(), "silk"))
    with refused(Code.IN_DISPUTE):
        answer(made, accepted=True)
    accepted = dispute(answer(surrender(a_bill(), "silk"), accepted=True))
    with refused(Code.IN_DISPUTE):
        control.delivered(accepted, an_actor("carrier"))


def test_a_ruling_takes_two_supervisors() -> None:
    made = dispute(a_bill())
    with refused(Code.NOT_FOUND, "ruling"):
        rule(made)
    proposal = propose(made)
    with refused(Code.SAME_SIGNER, "record_id"):
        rule(proposal, by="supervisor-1")
    with refused(Code.NOT_FOUND, "ruling"):
        rule(proposal, Ruling.ANNUL)
    with refused(Code.IN_DISPUTE):
        transfer(proposal, TEKSTIL, "silk")
    freed = rule(proposal)
    assert (freed.state, freed.is_disputed) == (BillState.ISSUED, False)
    assert holder_of(transfer(freed, TEKSTIL, "silk")) == TEKSTIL


def test_a_ruling_may_end_a_bill() -> None:
    ended = rule(propose(dispute(a_bill()), Ruling.ANNUL), Ruling.ANNUL)
    assert ended.state is BillState.VOIDED
    with refused(Code.MOVE_NOT_ALLOWED):
        transfer(ended, TEKSTIL, "silk")


def test_where_nothing_is_disputed_nothing_is_ruled() -> None:
    for made in (a_bill(), rule(propose(dispute(a_bill())))):
        with refused(Code.NOT_FOUND, "dispute"):
            propose(made)
        with refused(Code.NOT_FOUND, "dispute"):
            rule(made)


def test_the_same_state_of_things_is_disputed_once() -> None:
    """Or one party could keep a bill still for ever; after the next link it may again, and another may at once."""
    freed = rule(propose(dispute(a_bill())))
    with refused(Code.ALREADY_EXISTS, "record_id"):
        dispute(freed)
    assert dispute(freed, "carrier").is_disputed
    assert dispute(transfer(freed, TEKSTIL, "silk")).is_disputed


def test_who_only_keeps_a_copy_does_not_dispute() -> None:
    """The shipper's bank has a copy for its customer; when it has held the bill itself, it may."""
    made = a_bill()
    with refused(Code.NOT_IN_CONTROL, "record_id"):
        dispute(made, "banksh")
    assert dispute(transfer(made, BANKSH, "silk"), "banksh").is_disputed
    assert dispute(transfer(transfer(made, BANKSH, "silk"), TEKSTIL, "banksh"), "banksh").is_disputed


def test_drafts_and_ended_bills_are_not_disputed() -> None:
    ended = rule(propose(dispute(a_bill()), Ruling.ANNUL), Ruling.ANNUL)
    for made in (a_draft(), approve(a_draft()), ended):
        with refused(Code.MOVE_NOT_ALLOWED):
            dispute(made)
