"""Bills of lading through signed lists: who holds copies, who may do what, and that each step is whole."""

import pytest

from gateway.auth.signing import Credential, sign_command
from settlement.errors import Code
from settlement.parties import Role
from settlement.records import Command
from settlement.trade.lading import bill as bills
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty, BillState
from settlement.trade.lading.commands import (
    ConfirmBillRuling,
    ConvertBillOfLading,
    DisputeBillOfLading,
    IssueBillOfLading,
    ProposeBillRuling,
    Purpose,
    RecordDelivery,
    Ruling,
)
from settlement.trade.record import kind_of
from tests.builders import a_payment, an_id
from tests.certificates import a_credential
from tests.contracts.samples import register
from tests.lading import (
    BANKIST,
    BANKSH,
    CARRIER,
    OTHER_CARRIER_LEI,
    OTHER_LEI,
    PAPER,
    SILK,
    SILK_USCC,
    TEKSTIL,
    TEKSTIL_LEI,
    a_text,
    named,
)
from tests.shipping import CARRIER_PERSON, OFFICER, Shipping
from tests.trade import TRADER, in_effect, of_others, registered
from tests.world import NETWORK, World

AMENDMENT = Purpose.SURRENDER_FOR_AMENDMENT


@pytest.fixture
def market(world: World) -> World:
    """A network in which both banks know their traders."""
    return registered(world)


def to_order_of_shipper() -> str:
    return a_text(endorsee=named(SILK_USCC))


def somebody(world: World, participant: str, role: Role, party: str) -> Credential:
    claims = {"waitan.participant": participant, "waitan.role": role.value, "waitan.party": party}
    return a_credential(world.members[participant].ca, common_name="somebody", attributes=claims)


def carried(world: World, participant: str, person: Credential, command: Command) -> tuple[str, str]:
    """Let an organisation carry what somebody has signed, write nothing, and give code and place."""
    answer = world.endorse(world.sign(participant, [sign_command(NETWORK, command, person)])).answers[0][0]
    return answer.code, answer.where


def copies(shipping: Shipping) -> dict[str, BillOfLading]:
    kind = kind_of(BillOfLading)
    return {
        name: found
        for name in shipping.world.members
        if (found := shipping.world.record(shipping.world.hidden(name, kind, shipping.record_id), BillOfLading))
    }


def test_a_bill_stands_with_customs_and_its_parties_banks_alone(market: World) -> None:
    """All copies are one record; a bank gets one with the first customer that gets the bill."""
    made = Shipping(market).issued()
    assert set(copies(made)) == {"customs", "banksh"}
    made.silk(made.transfer(TEKSTIL))
    found = copies(made)
    assert set(found) == {"customs", "banksh", "bankist"}
    assert len(set(map(repr, found.values()))) == 1
    assert made.copy().held_by == ("bankist", "banksh", "customs")


def test_a_bill_goes_its_way_from_draft_to_delivery(market: World) -> None:
    """Written, approved, issued, sold through two banks against documents, surrendered, delivered; it verifies."""
    made = Shipping(market, to_order_of_shipper()).issued()
    made.silk(made.endorse(TEKSTIL), made.transfer(BANKSH, "collection D/P"))
    market.must("banksh", made.transfer(BANKIST), by=OFFICER)
    market.must("bankist", made.transfer(TEKSTIL), by=OFFICER)
    made.tekstil(made.surrender())
    made.carrier(made.answer())
    made.carrier(RecordDelivery(command_id=an_id(), record_id=made.record_id))
    found = made.copy("bankist")
    assert found.state is BillState.DELIVERED
    assert [link.action.value for link in found.links] == [
        *("ISSUE", "ENDORSE_TO_ORDER", "TRANSFER", "TRANSFER", "TRANSFER", "SURRENDER_FOR_DELIVERY", "SACC"),
    ]
    bills.verify(found)
    assert [act.event for act in found.acts] == ["DELIVER"]
    assert found.revision == 10


def test_each_link_names_the_transaction_that_holds_its_signed_command(market: World) -> None:
    made = Shipping(market).issued()
    batch = made.silk(made.transfer(TEKSTIL))
    link = made.copy().links[-1]
    assert (link.tx_id, link.signer) == (batch.tx_id, TRADER)


# Who may.


def test_nobody_moves_what_it_does_not_hold(market: World) -> None:
    """A trader on the bill is told that it is another's to do; one that is not on it, that there is no such bill."""
    made = Shipping(market, a_text(isToOrder=False, consignee=named())).issued()
    assert made.codes("bankist", made.transfer(SILK), made.surrender()) == [Code.NOT_IN_CONTROL] * 2
    assert made.codes("banksh", made.transfer(BANKIST), by=OFFICER) == [Code.NOT_IN_CONTROL]
    stranger = somebody(market, "banksh", Role.TRADER, OTHER_LEI)
    assert carried(market, "banksh", stranger, made.transfer(TEKSTIL)) == (Code.AG08, "party")
    market.must("banksh", register(OTHER_LEI))
    assert carried(market, "banksh", stranger, made.transfer(TEKSTIL)) == (Code.NOT_FOUND, "record_id")


def test_what_another_organisation_holds_is_not_there(market: World) -> None:
    made = Shipping(market).issued()
    market.must("bankfra", register(OTHER_LEI))
    for participant, role, party in (("bankfra", Role.TRADER, OTHER_LEI), ("bankfra", Role.BANK_OFFICER, "")):
        person = somebody(market, participant, role, party)
        for command in (made.transfer(TEKSTIL), made.surrender(), disputing(made)):
            assert carried(market, participant, person, command) == (Code.NOT_FOUND, "record_id")


def test_a_carrier_does_nothing_with_anothers_bill(market: World) -> None:
    """Neither surrender nor delivery nor a new draft: to it there is no such bill."""
    made = Shipping(market).issued()
    made.silk(made.surrender())
    other = somebody(market, "customs", Role.CARRIER, OTHER_CARRIER_LEI)
    for command in (made.answer(), RecordDelivery(command_id=an_id(), record_id=made.record_id)):
        assert carried(market, "customs", other, command) == (Code.NOT_FOUND, "record_id")
    draft = Shipping(market, a_text(transportDocumentSubReference="2")).command
    assert carried(market, "customs", other, draft) == (Code.AG08, "document.documentParties.issuingParty")
    nameless = somebody(market, "customs", Role.CARRIER, "")
    assert carried(market, "customs", nameless, made.answer()) == (Code.AG08, "party")


def test_a_trader_cannot_act_through_another_bank(market: World) -> None:
    """The same LEI, certified by another bank, is not the holder."""
    made = Shipping(market).issued()
    made.silk(made.transfer(TEKSTIL))
    market.must("banksh", register(TEKSTIL_LEI))
    twin = somebody(market, "banksh", Role.TRADER, TEKSTIL_LEI)
    assert carried(market, "banksh", twin, made.surrender()) == (Code.NOT_FOUND, "record_id")


@pytest.mark.parametrize(
    "to",
    [
        BillParty(participant="bankist", identifier=OTHER_LEI),
        BillParty(participant="bankxx", identifier=TEKSTIL_LEI),
        BillParty(participant="clearing"),
        BillParty(participant="customs", identifier=OTHER_CARRIER_LEI),
    ],
    ids=["no customer", "no participant", "no bank", "another carrier"],
)
def test_a_bill_goes_to_registered_firms_and_banks_alone(market: World, to: BillParty) -> None:
    made = Shipping(market).issued()
    answers = market.say("banksh", made.transfer(to), made.endorse(to), by=TRADER)
    assert [(each.code, each.where) for each in answers] == [
        (Code.NOT_FOUND, "recipient"),
        (Code.NOT_FOUND, "endorsee"),
    ]


def test_a_draft_names_registered_firms_and_a_contract_of_its_shipper(market: World) -> None:
    agreed = in_effect(market)
    assert Shipping(market, trade=agreed.record_id).issued().copy().trade == agreed.record_id
    for trade in ("0" * 32, of_others(market)):
        other = Shipping(market, a_text(transportDocumentSubReference="2"), trade=trade)
        answer = market.say("customs", other.command, by=CARRIER_PERSON)[0]
        assert (answer.code, answer.where) == (Code.NOT_FOUND, "trade")
    unknown = Shipping(market, a_text(transportDocumentSubReference="3", endorsee=named(OTHER_LEI)))
    answer = market.say("customs", unknown.command, by=CARRIER_PERSON)[0]
    assert (answer.code, answer.where) == (Code.NOT_FOUND, "document.documentParties")


def test_what_is_done_twice_is_done_once(market: World) -> None:
    """The same signed command again is answered as done, and has no second effect."""
    made = Shipping(market).issued()
    command = made.transfer(TEKSTIL)
    made.silk(command)
    before = made.copy()
    made.silk(command)
    assert made.copy() == before


def test_a_transfer_and_what_follows_it_fit_in_one_batch(market: World) -> None:
    """Two organisations' lists in one transaction: the second sees what the first did, and both are in the timeline."""
    made = Shipping(market).issued()
    first = market.sign("banksh", market.signed("banksh", TRADER, made.transfer(TEKSTIL)))
    second = market.sign("bankist", market.signed("bankist", TRADER, made.reject()))
    assert market.carry(first, second).codes == [[""], [""]]
    found = made.copy()
    assert [act.event for act in found.acts] == ["TRANSFER", "REJECT_TRANSFER"]
    assert found.standing is not None
    assert found.standing.holder == SILK


def test_two_transfers_of_one_bill_in_one_batch_are_one_transfer(market: World) -> None:
    made = Shipping(market).issued()
    market.must("bankfra", register(OTHER_LEI))
    batch = market.ask(
        "banksh",
        made.transfer(TEKSTIL),
        made.transfer(BillParty(participant="bankfra", identifier=OTHER_LEI)),
        by=TRADER,
    )
    assert batch.codes == [["", Code.NOT_IN_CONTROL]]


# Endings.


def test_an_amended_bill_and_the_end_of_the_old_one_are_one_transaction(market: World) -> None:
    made = Shipping(market).issued()
    made.silk(made.surrender(AMENDMENT, "COD"))
    made.carrier(made.answer())
    new = Shipping(market, amended(), replaces=made.record_id).approved()
    assert made.copy().state is BillState.SURRENDERED_FOR_AMENDMENT
    batch = made.carrier(new.issue())
    old, fresh = made.copy(), new.copy()
    assert (old.state, old.replaced_by, old.tx_id) == (BillState.VOIDED, new.record_id, batch.tx_id)
    assert (fresh.state, fresh.tx_id) == (BillState.ISSUED, batch.tx_id)
    assert fresh.terms.amended == ("isShippedOnBoardType", "transportDocumentSubReference")
    for each in (old, fresh):
        bills.verify(each)


def amended() -> str:
    return a_text(transportDocumentSubReference="2", isShippedOnBoardType=False)


def test_a_bill_is_replaced_once(market: World) -> None:
    """A second draft that would replace it cannot be issued once another one has."""
    made = Shipping(market).issued()
    made.silk(made.surrender(AMENDMENT, "COD"))
    made.carrier(made.answer())
    first = Shipping(market, amended(), replaces=made.record_id).approved()
    second = Shipping(market, a_text(transportDocumentSubReference="3"), replaces=made.record_id).approved()
    made.carrier(first.issue())
    assert made.codes("customs", second.issue(), by=CARRIER_PERSON) == [Code.MOVE_NOT_ALLOWED]


def test_conversion_to_paper_ends_it(market: World) -> None:
    made = Shipping(market).issued()
    made.silk(made.surrender(AMENDMENT, "SWTP"))
    made.carrier(made.answer())
    made.carrier(ConvertBillOfLading(command_id=an_id(), record_id=made.record_id, paper=PAPER))
    assert (made.copy("banksh").state, made.copy("banksh").paper) == (BillState.CONVERTED, PAPER)
    assert made.codes("banksh", made.transfer(TEKSTIL), made.surrender()) == [Code.MOVE_NOT_ALLOWED] * 2


def test_after_its_surrender_a_bill_is_used_no_more(market: World) -> None:
    made = Shipping(market).issued()
    made.silk(made.surrender())
    for _ in ("asked", "accepted"):
        used = made.transfer(TEKSTIL), made.endorse(TEKSTIL), made.surrender(), made.reject()
        assert made.codes("banksh", *used) == [Code.MOVE_NOT_ALLOWED] * 4
        if made.copy().state is BillState.PENDING_SURRENDER_FOR_DELIVERY:
            made.carrier(made.answer())
    assert made.codes("customs", made.answer(), by=CARRIER_PERSON) == [Code.MOVE_NOT_ALLOWED]


# Disputes.


def disputing(made: Shipping) -> DisputeBillOfLading:
    return DisputeBillOfLading(command_id=an_id(), record_id=made.record_id, reason="our key was stolen")


def proposing(made: Shipping, ruling: Ruling, keeper: str = "customs") -> ProposeBillRuling:
    return ProposeBillRuling(
        command_id=an_id(), record_id=made.record_id, keeper=keeper, ruling=ruling, reason="heard both"
    )


def confirming(made: Shipping, ruling: Ruling) -> ConfirmBillRuling:
    return ConfirmBillRuling(command_id=an_id(), record_id=made.record_id, keeper="banksh", ruling=ruling)


@pytest.mark.parametrize(
    ("ruling", "state", "then"),
    [(Ruling.RELEASE, BillState.ISSUED, ""), (Ruling.ANNUL, BillState.VOIDED, "MOVE_NOT_ALLOWED")],
)
def test_a_dispute_stops_a_bill_until_two_supervisors_have_ruled(
    market: World, ruling: Ruling, state: BillState, then: str
) -> None:
    """Whichever copy they name, all copies change."""
    made = Shipping(market).issued()
    made.silk(made.transfer(TEKSTIL))
    made.silk(disputing(made))
    assert made.codes("bankist", made.surrender()) == [Code.IN_DISPUTE]
    market.must("regulator", proposing(made, ruling), by="supervisor-1")
    alone = market.say("regulator", confirming(made, ruling), by="supervisor-1")
    assert [each.code for each in alone] == [Code.SAME_SIGNER]
    market.must("regulator", confirming(made, ruling), by="supervisor-2")
    assert {each.state for each in copies(made).values()} == {state}
    assert len(copies(made)) == 3
    assert made.codes("bankist", made.surrender()) == [then]


def test_a_ruling_names_who_keeps_the_bill(market: World) -> None:
    made = Shipping(market).issued()
    made.silk(disputing(made))
    for keeper in ("bankfra", "regulator", "nobody"):
        answer = market.say("regulator", proposing(made, Ruling.RELEASE, keeper), by="supervisor-1")[0]
        assert answer.code == Code.NOT_FOUND


def test_a_keeper_that_is_nobody_ends_no_other_list_of_the_batch(market: World) -> None:
    """A peer has no collection of that name, and takes the question for a fault of the whole transaction."""
    made = Shipping(market).issued()
    asked = market.signed("regulator", "supervisor-1", proposing(made, Ruling.RELEASE, "nobody"))
    batch = market.carry(market.sign("regulator", asked), market.sign("banksh", [a_payment("1.00")]))
    assert batch.codes == [[Code.NOT_FOUND], [""]]


# What is public.


def test_nothing_of_a_bill_can_be_read_off_the_blocks(market: World) -> None:
    """Keys are hidden and values salted: no number, no party, no id stands in any key."""
    made = Shipping(market, a_text(transportDocumentReference="CANARY-BL-77")).issued()
    made.silk(made.endorse(TEKSTIL), made.transfer(TEKSTIL))
    written = " ".join(place.key for place in market.state())
    for text in ("CANARY", made.record_id, SILK_USCC, TEKSTIL_LEI):
        assert text not in written
    values = [value for place, value in market.state().items() if not place.collection]
    assert not any(b"CANARY" in value for value in values)


def test_a_manifest_of_another_network_or_key_is_not_taken(market: World) -> None:
    made = Shipping(market).approved()
    thief = somebody(market, "customs", Role.CARRIER, CARRIER.identifier)
    command = made.issue()
    assert carried(market, "customs", thief, command) == (Code.DS0H, "manifest")
    parts = command.manifest.split(".")
    for broken in (".".join(parts[:2]), command.manifest[:-3] + "AAA", ".".join([parts[0], parts[1][::-1], parts[2]])):
        bad = IssueBillOfLading(command_id=an_id(), record_id=made.record_id, manifest=broken)
        answer = market.say("customs", bad, by=CARRIER_PERSON)[0]
        assert (answer.code, answer.where) == (Code.DS0H, "manifest")
