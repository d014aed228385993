"""The chain of a bill of lading is what was done with it, and nothing else."""

import hashlib
from typing import Any

import pytest
from msgspec.structs import replace

from settlement import canonical
from settlement.errors import Code
from settlement.trade.lading import bill as bills
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import Action, BillParty, Link
from tests.expectations import refused
from tests.lading import (
    BANKSH,
    CARRIER,
    SILK,
    TEKSTIL,
    a_bill,
    a_draft,
    a_named_bill,
    a_straight_bill,
    a_text,
    an_actor,
    answer,
    endorse,
    surrender,
    title_of,
    transfer,
)


def a_long_chain() -> BillOfLading:
    made = transfer(endorse(a_named_bill(), TEKSTIL, "silk"), TEKSTIL, "silk", "sale 2611")
    return answer(surrender(made, "tekstil"), accepted=True)


def test_each_link_hashes_the_one_before_and_the_document() -> None:
    made = a_long_chain()
    previous = hashlib.sha256(canonical.encode(made.terms)).hexdigest()
    for link in made.links:
        assert link.previous == previous
        assert link.document == hashlib.sha256(made.document.encode()).hexdigest()
        previous = hashlib.sha256(canonical.encode(link)).hexdigest()


OTHER_VALUES: dict[str, Any] = {
    "action": Action.SIGN,
    "actor": BillParty(participant="bankfra", identifier="x"),
    "recipient": BillParty(participant="bankfra", identifier="x"),
    "at_ms": 1,
    "reason": "another",
    "signer": "somebody else",
    "serial": "ff",
    "tx_id": "tx-99",
    "document": "0" * 64,
    "previous": "0" * 64,
}


@pytest.mark.parametrize("field", Link.__struct_fields__)
@pytest.mark.parametrize("number", range(5))
def test_no_link_can_be_altered(field: str, number: int) -> None:
    """Whatever field of whichever link: the chain does not verify, nor does what it is said to lead to."""
    made = a_long_chain()
    assert len(made.links) == 5
    links = list(made.links)
    links[number] = replace(links[number], **{field: OTHER_VALUES[field]})
    altered = replace(made, links=tuple(links))
    with refused(Code.CHAIN_BROKEN):
        bills.verify(altered)


def test_no_link_can_be_left_out_added_or_put_elsewhere() -> None:
    made = a_long_chain()
    a, b, c, d, e = made.links
    for links in ((a, b, c, e), (a, c, b, d, e), (a, b, c, d, d, e), (b, c, d, e), (a, b, c, d), ()):
        with refused(Code.CHAIN_BROKEN):
            bills.verify(replace(made, links=links))


@pytest.mark.parametrize(
    "changes",
    [
        {"document": a_text(isShippedOnBoardType=False)},
        {"standing": None},
        {"terms": replace(a_long_chain().terms, endorsee=TEKSTIL)},
        {"terms": replace(a_long_chain().terms, to_order=False)},
        {"terms": replace(a_long_chain().terms, carrier=SILK)},
    ],
    ids=["document", "standing", "endorsee", "kind", "carrier"],
)
def test_nothing_around_the_chain_can_be_altered(changes: dict[str, Any]) -> None:
    with refused(Code.CHAIN_BROKEN):
        bills.verify(replace(a_long_chain(), **changes))


def test_a_forged_chain_that_hashes_well_is_still_no_chain() -> None:
    """Who can compute all hashes anew cannot make an action lawful that was not: the chain is replayed."""
    made = a_straight_bill()
    assert made.standing is not None
    forged = Link(
        action=Action.ENDORSE_TO_ORDER,
        actor=SILK,
        recipient=TEKSTIL,
        at_ms=1,
        signer="silk",
        serial="a1",
        tx_id="tx",
        document=made.terms.document,
        previous=made.standing.head,
    )
    with refused(Code.CHAIN_BROKEN, "links.1"):
        bills.verify(replace(made, links=(*made.links, forged)))


def test_a_holder_that_is_only_written_down_is_no_holder() -> None:
    made = a_bill()
    assert made.standing is not None
    with refused(Code.CHAIN_BROKEN, "standing"):
        bills.verify(replace(made, standing=replace(made.standing, holder=TEKSTIL)))


def test_the_acts_of_a_bill_are_its_timeline() -> None:
    """Each says what was done, by whom and for whom, when, in which transaction and by which certificate (I14)."""
    made = transfer(a_bill(), TEKSTIL, "silk", "sale 2611")
    assert (made.act.event, made.act.party, made.act.signer, made.act.reason, made.act.to) == (
        "TRANSFER",
        SILK.identifier,
        "silk",
        "sale 2611",
        f"{TEKSTIL.identifier}@bankist",
    )
    link, by = made.links[-1], an_actor("silk")
    assert (link.at_ms, link.signer, link.serial, link.tx_id) == (by.at_ms, "silk", by.signer.serial, by.tx_id)
    assert (made.act.at_ms, made.act.serial, made.tx_id) == (by.at_ms, by.signer.serial, by.tx_id)
    assert transfer(made, BANKSH, "tekstil").act.to == "banksh"
    assert a_draft().act.to == ""
    assert made.revision == 4
    assert (CARRIER.identifier in made.parties, title_of(made)) == (True, None)
