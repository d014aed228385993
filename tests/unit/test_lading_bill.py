"""A bill of lading from its draft to its end: who writes it, who approves it, and what replaces it."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.errors import Code
from settlement.trade.lading import bill as bills
from settlement.trade.lading import chain, control, document, manifest
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import Action, BillParty, BillState
from settlement.trade.lading.commands import (
    ApproveBillOfLading,
    ConvertBillOfLading,
    IssueBillOfLading,
    Purpose,
    VoidBillOfLading,
)
from tests.builders import an_id
from tests.expectations import refused
from tests.lading import (
    OTHER_CARRIER_LEI,
    PAPER,
    SILK,
    TEKSTIL_LEI,
    a_bill,
    a_draft,
    a_text,
    an_actor,
    answer,
    approve,
    draft_command,
    issue,
    named,
    participants,
    people,
    surrender,
)

AMENDMENT = Purpose.SURRENDER_FOR_AMENDMENT


def redraft(found: BillOfLading, text: str, **others: Any) -> BillOfLading:
    command = draft_command(text, **others)
    by = an_actor("carrier", tx="tx-9")
    return bills.drafted(found, command, bills.terms_of(command, by, participants()), by)


# Drafting.


def test_a_bill_is_named_by_carrier_reference_and_version() -> None:
    made = a_draft()
    assert made.record_id == bills.id_of_draft(draft_command(), an_actor("carrier"))
    assert (made.number, made.version, made.state) == ("YPLSHA2611001", "", BillState.DRAFT)
    assert a_draft(a_text(transportDocumentSubReference="2")).record_id != made.record_id
    assert made.terms.document == document.checksum(made.document)


def test_a_carrier_writes_no_others_bill() -> None:
    with refused(Code.AG08, "document.documentParties.issuingParty"):
        a_draft(by="other carrier")


@pytest.mark.parametrize(
    ("others", "code", "where"),
    [
        ({"shipper_bank": ""}, Code.CH21, "shipper_bank"),
        ({"shipper_bank": "bankxx"}, Code.NOT_FOUND, "shipper_bank"),
        ({"consignee_bank": "bankist"}, Code.CH17, "consignee_bank"),
        ({"from_paper": replace(PAPER, originals=0)}, Code.CH16, "from_paper.originals"),
        ({"from_paper": replace(PAPER, originals=10)}, Code.CH16, "from_paper.originals"),
        ({"from_paper": replace(PAPER, number="")}, Code.CH21, "from_paper.number"),
        ({"from_paper": replace(PAPER, date="today")}, Code.CH16, "from_paper.date"),
    ],
)
def test_a_draft_is_refused(others: dict[str, Any], code: Code, where: str) -> None:
    with refused(code, where):
        a_draft(**others)


def test_a_party_that_is_not_on_this_ledger_can_stand_on_a_bill() -> None:
    """It can never act, and its bank need not have registered it."""
    made = a_draft(a_text(isToOrder=False, consignee=named()), consignee_bank="")
    assert made.terms.consignee == BillParty(participant="", identifier=TEKSTIL_LEI)
    assert list(bills.customers(made.terms)) == [SILK]
    assert made.held_by == ("banksh", "customs")


def test_a_draft_is_written_anew_until_it_is_issued_and_approved_anew() -> None:
    approved = approve(a_draft())
    again = redraft(approved, a_text(isShippedOnBoardType=False))
    assert (again.state, again.record_id, again.revision) == (BillState.DRAFT, approved.record_id, 3)
    with refused(Code.MOVE_NOT_ALLOWED):
        issue(again)
    with refused(Code.MOVE_NOT_ALLOWED):
        redraft(issue(approve(again)), a_text())
    with refused(Code.CH16, "trade"):
        redraft(approved, a_text(), trade="c" * 32)


# Approval and issue.


def test_the_shipper_alone_approves() -> None:
    for who in ("tekstil", "carrier", "banksh"):
        with refused(Code.NOT_IN_CONTROL, "record_id"):
            approve(a_draft(), who)


def test_what_is_approved_is_what_was_read() -> None:
    """A draft that was written anew meanwhile is not approved by the word on the first.

    Neither another document, nor the same one with another bank for its consignee, or with paper that was taken in.
    """
    text = a_text(isToOrder=False, consignee=named())
    read = a_draft(text)
    command = ApproveBillOfLading(command_id=an_id(), record_id=read.record_id, terms=chain.digest(read.terms))
    assert bills.approved(read, command, an_actor("silk")).state is BillState.APPROVED
    for now in (
        redraft(read, a_text()),
        redraft(read, text, consignee_bank="bankfra"),
        redraft(read, text, from_paper=PAPER),
    ):
        with refused(Code.NOT_AS_APPROVED, "terms"):
            bills.approved(now, command, an_actor("silk"))


def test_nothing_is_issued_unapproved_or_twice() -> None:
    with refused(Code.MOVE_NOT_ALLOWED):
        issue(a_draft())
    with refused(Code.MOVE_NOT_ALLOWED):
        issue(a_bill())


def test_a_bill_is_issued_with_its_carriers_own_signature() -> None:
    """On this document, with the key that signs the command, unaltered."""
    ready = approve(a_draft())
    with refused(Code.NOT_IN_CONTROL, "record_id"):
        issue(ready, by="other carrier")
    with refused(Code.DS0H, "manifest"):
        issue(ready, manifest_by="other carrier")
    carrier = people()["carrier"]
    other = manifest.signed(a_text(isShippedOnBoardType=False), carrier.certificate, carrier.sign)
    good = manifest.signed(ready.document, carrier.certificate, carrier.sign)
    for token in ("", "a.b.c", other, good[:-1], good + "A", good.replace(".", "..", 1), good[:-2] + "é"):
        with refused(Code.DS0H, "manifest"):
            bills.issued(ready, IssueBillOfLading(command_id="c", record_id="r", manifest=token), an_actor("carrier"))
    assert issue(ready).issuance


# What it replaces and what replaces it.


def surrendered_for_amendment(reason: str = "COD") -> BillOfLading:
    return answer(surrender(a_bill(), "silk", AMENDMENT, reason), accepted=True)


AMENDED = a_text(
    transportDocumentSubReference="2",
    transports={
        "plannedDepartureDate": "2026-11-24",
        "plannedArrivalDate": "2026-12-22",
        "portOfLoading": {"UNLocationCode": "CNSHA"},
        "portOfDischarge": {"UNLocationCode": "TRIZM"},
        "vesselVoyages": [{"vesselName": "Yangtze Pearl", "carrierExportVoyageNumber": "2647W"}],
    },
)


def amendment_of(old: BillOfLading, text: str = AMENDED, by: str = "carrier") -> BillOfLading:
    command = draft_command(text, replaces=old.record_id)
    actor = an_actor(by)
    return bills.drafted(None, command, bills.terms_of(command, actor, participants()), actor, replaced=old)


def test_an_amended_bill_replaces_the_one_surrendered() -> None:
    """What was amended is told as such, and the issue of the one voids the other."""
    old = surrendered_for_amendment()
    new = issue(approve(amendment_of(old)))
    assert new.terms.amended == ("transportDocumentSubReference", "transports.portOfDischarge.UNLocationCode")
    assert new.terms.replaces == old.record_id
    ended = control.replaced(old, new, an_actor("carrier"))
    assert (ended.state, ended.replaced_by) == (BillState.VOIDED, new.record_id)
    bills.verify(new)
    bills.verify(ended)


def test_a_bill_in_circulation_is_not_replaced() -> None:
    for old in (a_bill(), a_draft(), surrender(a_bill(), "silk", AMENDMENT, "COD")):
        with refused(Code.MOVE_NOT_ALLOWED):
            amendment_of(old)
    with refused(Code.MOVE_NOT_ALLOWED, "replaces"):
        amendment_of(surrendered_for_amendment("SWTP"))


def test_an_amendment_amends_something() -> None:
    old = surrendered_for_amendment()
    with refused(Code.CH16, "document"):
        amendment_of(old, old.document)


def test_conversion_to_paper_ends_a_bill_for_good() -> None:
    """The paper is named on it, and no action leads out of CONVERTED."""
    made = surrendered_for_amendment("SWTP")
    ended = control.converted(made, converting(made), an_actor("carrier"))
    assert (ended.state, ended.paper) == (BillState.CONVERTED, PAPER)
    assert chain.LIFECYCLE.is_terminal(BillState.CONVERTED)
    for action in Action:
        with refused(Code.MOVE_NOT_ALLOWED):
            bills.require_move(ended, action)


def converting(made: BillOfLading, **changes: Any) -> ConvertBillOfLading:
    return ConvertBillOfLading(command_id=an_id(), record_id=made.record_id, paper=replace(PAPER, **changes))


def test_only_what_was_surrendered_for_it_is_converted_and_by_its_carrier() -> None:
    made = surrendered_for_amendment("SWTP")
    with refused(Code.NOT_IN_CONTROL):
        control.converted(made, converting(made), an_actor("other carrier"))
    with refused(Code.CH16, "paper.originals"):
        control.converted(made, converting(made, originals=0), an_actor("carrier"))
    other = surrendered_for_amendment()
    with refused(Code.MOVE_NOT_ALLOWED, "record_id"):
        control.converted(other, converting(other), an_actor("carrier"))
    for early in (a_bill(), surrender(a_bill(), "silk", AMENDMENT, "SWTP")):
        with refused(Code.MOVE_NOT_ALLOWED):
            control.converted(early, converting(early), an_actor("carrier"))


def test_a_bill_that_replaces_paper_says_so() -> None:
    """The statement stands in the terms, so the first link is hashed onto it (MLETR article 17)."""
    made = a_bill(from_paper=PAPER)
    assert made.terms.from_paper == PAPER
    altered = replace(made, terms=replace(made.terms, from_paper=None))
    with refused(Code.CHAIN_BROKEN, "links.0"):
        bills.verify(altered)


def test_a_carrier_voids_a_draft_and_what_was_surrendered_but_no_bill_in_circulation() -> None:
    command = VoidBillOfLading(command_id=an_id(), record_id="", reason="cargo not loaded")
    for made in (a_draft(), approve(a_draft()), surrendered_for_amendment()):
        assert control.voided(made, command, an_actor("carrier")).state is BillState.VOIDED
        with refused(Code.NOT_IN_CONTROL):
            control.voided(made, command, an_actor("other carrier"))
    with refused(Code.MOVE_NOT_ALLOWED):
        control.voided(a_bill(), command, an_actor("carrier"))


# Who sees it.


def test_to_others_a_bill_is_not_there() -> None:
    """A trader that does not stand on it learns nothing, at whatever bank it is."""
    made = a_bill()
    for who in ("tekstil", "other", "other carrier"):
        with refused(Code.NOT_FOUND, "record_id"):
            bills.require_concerned(made, an_actor(who))
    with refused(Code.NOT_FOUND, "record_id"):
        bills.require_concerned(None, an_actor("silk"))
    assert bills.require_concerned(made, an_actor("silk")) is made
    assert OTHER_CARRIER_LEI not in made.parties
