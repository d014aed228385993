"""Payments through signed lists: what settles, what is refused, what is rejected, and what each leaves."""

from typing import Any

import pytest

from chaincode.port import Place
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.journals import Event
from settlement.parties import Agent
from settlement.payments.commands import WhenUnfunded
from tests import invariants
from tests.builders import TOMORROW, YESTERDAY, a_payment
from tests.contracts.samples import admit, block, close, open_account, suspend
from tests.rulings import ruled
from tests.world import Batch, World


def changes(before: dict[Place, bytes], after: dict[Place, bytes]) -> set[tuple[str, str]]:
    """Name the collections and the kinds of records that are not what they were, to the byte."""
    places = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    return {(place.collection, place.key.partition("/")[0]) for place in places}


def events(world: World, participant: str, batch: Batch) -> list[tuple[Event, str]]:
    """Tell what a participant's journal says of a batch."""
    journal = world.journal(participant, batch.tx_id)
    return [(entry.event, entry.code) for entry in journal.entries] if journal else []


def test_a_payment_moves_its_amount(world: World) -> None:
    """What the payer loses the payee gains, and both journals tell of it."""
    batch = world.must("banksh", a_payment("100.00"))
    assert (world.balance("banksh"), world.balance("bankist")) == (99_990_000, 10_000)
    for name in ("banksh", "bankist"):
        assert events(world, name, batch) == [(Event.PAYMENT_SETTLED, "")]
    assert events(world, "bankfra", batch) == []
    invariants.check(world)


def test_the_place_in_a_list_is_for_its_sender_to_know(world: World) -> None:
    batch = world.must("banksh", a_payment(payee="bankfra"), a_payment())
    own, theirs = world.journal("banksh", batch.tx_id), world.journal("bankist", batch.tx_id)
    assert own is not None
    assert theirs is not None
    assert [(entry.list_index, entry.position) for entry in own.entries] == [(0, 0), (0, 1)]
    assert [(entry.list_index, entry.position) for entry in theirs.entries] == [(-1, -1)]
    assert (len(own.lists), len(theirs.lists)) == (1, 0)


REFUSED: list[tuple[dict[str, Any], Code, str]] = [
    ({"payer": "bankist"}, Code.AG08, "payer"),
    ({"payee": "nobody", "instructed_agent": "BOSPTRISXXX"}, Code.CNOR, "payee"),
    ({"payee": "banksh"}, Code.CNOR, "payee"),
    ({"payee": "authority", "instructed_agent": "BOSPTRISXXX"}, Code.CNOR, "payee"),
    (
        {"payee": "customs", "instructed_agent": "BOSPTRISXXX", "creditor_agent": Agent(bic="BOSPTRISXXX")},
        Code.AC01,
        "payee",
    ),
    ({"instructed_agent": "MAINDEFFXXX"}, Code.CNOR, "instructed_agent"),
    ({"instructing_agent": "MAINDEFFXXX"}, Code.DNOR, "instructing_agent"),
    ({"currency": "EUR"}, Code.AM11, "currency"),  # in use, but not settled here
    ({"currency": "XXQ"}, Code.AM11, "currency"),
    ({"currency": "XAU"}, Code.AM03, "currency"),
    ({"amount": "1"}, Code.CH20, "amount"),
    ({"amount": "1.000"}, Code.CH20, "amount"),
    ({"amount": "01.00"}, Code.CH16, "amount"),
    ({"amount": "-1.00"}, Code.CH16, "amount"),
    ({"amount": "1e3"}, Code.CH16, "amount"),
    ({"amount": "１.00"}, Code.CH16, "amount"),
    ({"amount": "NaN"}, Code.CH16, "amount"),
    ({"amount": "0.00"}, Code.AM01, "amount"),
    ({"amount": "9000000.00"}, Code.UNFUNDED, "amount"),
    ({"settlement_date": TOMORROW}, Code.DT04, "settlement_date"),
    ({"settlement_date": "2026-02-30"}, Code.CH16, "settlement_date"),
    ({"uetr": "not-a-uetr"}, Code.CH16, "uetr"),
]


@pytest.mark.parametrize(("changed", "code", "where"), REFUSED, ids=[f"{where}-{code}" for _, code, where in REFUSED])
def test_a_refused_payment_leaves_nothing(world: World, changed: dict[str, Any], code: Code, where: str) -> None:
    """Of all that stands, only the number of the list is another; its UETR is free (I3)."""
    payment = a_payment(**{"amount": "1.00", **changed})
    before = world.state()
    batch = world.ask("banksh", payment)
    assert batch.answers == ((Answer(code, where),),)
    assert changes(before, world.state()) == {("banksh", "sequence")}
    if code not in {Code.CH16, Code.AG08}:
        assert world.must("banksh", a_payment("1.00", uetr=payment.uetr)).codes == [[""]]


def test_without_an_account_in_a_currency_that_is_settled_there_is_no_account(world: World) -> None:
    """Of either bank: it is told which one, the payer first."""
    world.must("clearing", admit("EUR"), by="officer-1")
    assert world.say("banksh", a_payment("1.00", currency="EUR")) == [Answer(Code.AC01, "payer")]
    world.must("clearing", open_account("banksh", "EUR"), by="officer-1")
    assert world.say("banksh", a_payment("1.00", currency="EUR")) == [Answer(Code.AC01, "payee")]


def test_another_banks_account_is_not_debited(world: World) -> None:
    """Not with its name as payer, nor with its agent."""
    for payment in (
        a_payment(payer="banksh", payee="bankist"),
        a_payment(payer="banksh", payee="bankfra"),
        a_payment(payer="banksh", payee="bankist", instructing_agent="BOSPTRISXXX"),
    ):
        assert world.say("bankist", payment) == [Answer(Code.AG08, "payer")]


def stop_payee(world: World) -> None:
    ruled(world, suspend("bankist"), at="clearing")


def block_payer(world: World) -> None:
    ruled(world, block("banksh"))


def block_payee(world: World) -> None:
    ruled(world, block("bankist"))


def close_payee(world: World) -> None:
    world.must("clearing", close("bankist"), by="officer-1")


def nothing(world: World) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "changed", "code"),
    [
        (nothing, {"settlement_date": YESTERDAY}, Code.DT01),
        (nothing, {"amount": "9000000.00", "when_unfunded": WhenUnfunded.REJECT}, Code.AM04),
        (stop_payee, {}, Code.AG11),
        (close_payee, {}, Code.AC04),
        (block_payer, {}, Code.AC06),
        (block_payee, {}, Code.AC06),
    ],
)
def test_a_rejected_payment_leaves_its_rejection_with_its_payer(
    world: World, prepare: Any, changed: dict[str, Any], code: Code
) -> None:
    """The payer's journal tells the code; the payee hears nothing; no balance is another, to the byte (I3)."""
    world.must("banksh", a_payment("1.00", payee="bankfra"))
    prepare(world)
    before = world.state()
    batch = world.ask("banksh", a_payment(**{"amount": "1.00", **changed}))
    assert batch.codes == [[code]]
    assert changes(before, world.state()) == {("banksh", "sequence"), ("banksh", "journal")}
    assert events(world, "banksh", batch) == [(Event.PAYMENT_REJECTED, code)]
    invariants.check(world)


def test_money_ends_just_below_its_limit(world: World) -> None:
    """All that can be issued of a currency is 2**63 - 1 units; one bank can hold it all, and not a unit more."""
    for _ in range(9):
        world.fund("bankist", "9999999999999999.99")
    left = 2**63 - 1 - world.balance("bankist") - world.balance("banksh")
    world.fund("bankist", f"{left // 100}.{left % 100:02d}")
    world.must("banksh", a_payment("1000000.00"))
    assert world.balance("bankist") == 2**63 - 1
    for bank in ("banksh", "bankist"):
        with pytest.raises(AssertionError, match="ACCOUNT_NOT_USABLE"):
            world.fund(bank, "0.01")
    invariants.check(world)


def test_funds_are_used_in_the_order_of_the_list(world: World) -> None:
    """Each command sees what the ones before it left."""
    amounts = ["600000.00", "600000.00", "400000.00", "0.01"]
    batch = world.ask("banksh", *(a_payment(amount) for amount in amounts))
    assert batch.codes == [["", Code.UNFUNDED, "", Code.UNFUNDED]]
    assert world.balance("banksh") == 0


def test_what_is_received_can_be_spent_in_the_same_batch(world: World) -> None:
    """The lists of one batch run one after the other."""
    there = world.sign("banksh", [a_payment("700.00")])
    back = world.sign("bankist", [a_payment("700.00", payer="bankist", payee="banksh")])
    assert world.endorse(back, there).answers == ((Answer(Code.UNFUNDED, "amount"),), (Answer(""),))
    assert world.carry(there, back).codes == [[""], [""]]
    assert world.balance("bankist") == 0
    invariants.check(world)


def test_a_bad_command_in_the_middle_leaves_its_neighbours(world: World) -> None:
    """Refused, rejected or unreadable, it leaves nothing of itself and the rest settles."""
    lists = [
        a_payment("1.00"),
        a_payment("2.00", instructed_agent="MAINDEFFXXX"),
        a_payment("4.00", settlement_date=YESTERDAY),
        a_payment("8.00"),
    ]
    batch = world.carry(world.sign("banksh", [*lists, b"{not json", b"{}"]))
    assert batch.codes == [["", Code.CNOR, Code.DT01, "", Code.FF01, Code.FF01]]
    assert world.balance("bankist") == 900
    assert events(world, "bankist", batch) == [(Event.PAYMENT_SETTLED, "")] * 2
    assert events(world, "banksh", batch) == [
        (Event.PAYMENT_SETTLED, ""),
        (Event.PAYMENT_REJECTED, Code.DT01),
        (Event.PAYMENT_SETTLED, ""),
    ]
    invariants.check(world)


def test_a_uetr_is_used_once_within_a_batch(world: World) -> None:
    """Within a list and across the lists of one bank; another bank's use of it is another payment."""
    one = a_payment("1.00")
    again = a_payment("2.00", uetr=one.uetr)
    number = world.last_sequence("banksh") + 1
    first, second = world.sign("banksh", [one, again]), world.sign("banksh", [again], sequence=number + 1)
    world.fund("bankfra", "10.00")
    third = world.sign("bankfra", [a_payment("4.00", payer="bankfra", uetr=one.uetr)])
    duplicate = Answer(Code.DU03, "uetr")
    assert world.carry(first, second, third).answers == ((Answer(""), duplicate), (duplicate,), (Answer(""),))
    assert world.balance("bankist") == 500


def test_a_rejected_payment_uses_its_uetr(world: World) -> None:
    rejected = a_payment("1.00", settlement_date=YESTERDAY)
    batch = world.ask("banksh", rejected, a_payment("1.00", uetr=rejected.uetr))
    assert batch.codes == [[Code.DT01, Code.DU03]]


def test_a_refused_payment_leaves_its_uetr_free_in_the_same_list(world: World) -> None:
    refused = a_payment("1.00", settlement_date=TOMORROW)
    assert world.ask("banksh", refused, a_payment("1.00", uetr=refused.uetr)).codes == [[Code.DT04, ""]]


def test_a_suspended_bank_is_credited_if_the_regulator_says_so(world: World) -> None:
    ruled(world, suspend("bankist", may_be_credited=True))
    world.must("banksh", a_payment("1.00"))
    assert world.balance("bankist") == 100
    assert world.say("clearing", suspend("bankfra", may_be_credited=True), by="officer-1") == [
        Answer(Code.AG08, "may_be_credited")
    ]


def test_suspending_one_bank_stops_no_other(world: World) -> None:
    stop_payee(world)
    assert world.must("banksh", a_payment("1.00", payee="bankfra")).codes == [[""]]


def test_currencies_do_not_mix(world: World) -> None:
    """Yen are moved in yen, without decimals, and what is held in another currency pays for nothing."""
    assert world.say("banksh", a_payment("100", currency="JPY")) == [Answer(Code.UNFUNDED, "amount")]
    world.fund("banksh", "150", "JPY")
    world.must("banksh", a_payment("100", currency="JPY"))
    assert (world.balance("bankist", "JPY"), world.balance("bankist")) == (100, 0)
    invariants.check(world)
