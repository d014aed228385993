"""The business day on the ledger: what it lets through, and what happens to a batch that straddles its turn."""

import pytest

from chaincode.embedded.blocks import Validity
from settlement.errors import Code
from settlement.forms.answers import Answer
from tests import invariants
from tests.builders import TODAY, TOMORROW, YESTERDAY, a_payment, a_return
from tests.contracts.samples import close_day, cut_off, open_day
from tests.world import World


def test_payments_settle_on_an_open_day_alone(world: World) -> None:
    """After the cut-off today is TM01, tomorrow DT04, the past DT01; the next day opens afresh (T1)."""
    payments = [a_payment("1.00", settlement_date=date) for date in (TODAY, TOMORROW, YESTERDAY)]
    assert [answer.code for answer in world.say("banksh", *payments)] == ["", Code.DT04, Code.DT01]
    world.must("clearing", cut_off(), by="officer-1")
    assert [answer.code for answer in world.say("banksh", *payments)] == [Code.TM01, Code.DT04, Code.DT01]
    world.must("clearing", close_day(), by="officer-2")
    assert [answer.code for answer in world.say("banksh", *payments)] == [Code.TM01, Code.DT04, Code.DT01]
    world.must("clearing", open_day(TOMORROW), by="officer-1")
    assert [answer.code for answer in world.say("banksh", *payments)] == [Code.DT01, "", Code.DT01]


def test_each_currency_has_a_day_of_its_own(world: World) -> None:
    world.must("clearing", cut_off(currency="JPY"), by="officer-1")
    assert world.must("banksh", a_payment("1.00")).codes == [[""]]


@pytest.mark.parametrize(
    ("commands", "codes"),
    [
        ([cut_off(TOMORROW)], [Code.NOT_FOUND]),
        ([cut_off(currency="EUR")], [Code.NOT_FOUND]),
        ([close_day()], [Code.MOVE_NOT_ALLOWED]),
        ([open_day(TOMORROW)], [Code.MOVE_NOT_ALLOWED]),
        ([cut_off(), cut_off()], ["", Code.MOVE_NOT_ALLOWED]),
        ([cut_off(), close_day(), close_day()], ["", "", Code.MOVE_NOT_ALLOWED]),
        ([cut_off(), close_day(), open_day(TODAY)], ["", "", Code.DAY_NOT_LATER]),
        ([cut_off(), close_day(), open_day("2026-13-01")], ["", "", Code.CH16]),
        ([open_day(TOMORROW, "EUR")], [Code.AM11]),
    ],
)
def test_a_day_is_moved_step_by_step(world: World, commands: list[object], codes: list[str]) -> None:
    assert world.ask("clearing", *commands, by="officer-1").codes == [codes]  # type: ignore[arg-type]


def test_a_batch_that_straddles_the_cut_off_takes_no_effect(world: World) -> None:
    """It read the day before it turned: it is invalid, and run again it is told TM01 (T1, MVCC)."""
    signed = world.sign("banksh", [a_payment("1.00")])
    early = world.endorse(signed)
    world.must("clearing", cut_off(), by="officer-1")
    before = world.state()
    assert world.commit(early)[0].validity is Validity.MVCC_READ_CONFLICT
    assert world.state() == before
    assert world.carry(signed).codes == [[Code.TM01]]
    assert world.balance("bankist") == 0


def test_a_cut_off_in_the_same_block_stops_what_follows_it(world: World) -> None:
    """The order within a block decides: what stands before the cut-off settles, what stands after does not."""
    before, cut = world.endorse(world.sign("banksh", [a_payment("1.00")])), cut_off()
    turn = world.endorse(world.sign("clearing", world.signed("clearing", "officer-1", cut)))
    after = world.endorse(world.sign("bankist", [a_payment("1.00", payer="bankist", payee="bankfra")]))
    validities = [batch.validity for batch in world.commit(before, turn, after)]
    assert validities == [Validity.VALID, Validity.VALID, Validity.MVCC_READ_CONFLICT]
    assert world.balance("bankist") == 100


def test_two_batches_on_one_account_do_not_both_count(world: World) -> None:
    """The second read a balance that the first has changed: it is run again (I2)."""
    one, two = world.sign("banksh", [a_payment("600000.00")]), None
    first = world.endorse(one)
    world.fund("bankfra", "1.00")
    two = world.sign("bankfra", [a_payment("1.00", payer="bankfra", payee="banksh")])
    second = world.endorse(two)
    assert [batch.validity for batch in world.commit(first, second)] == [Validity.VALID, Validity.MVCC_READ_CONFLICT]
    assert world.carry(two).codes == [[""]]
    assert world.balance("banksh") == 40_000_100
    invariants.check(world)


def test_a_day_that_turns_in_a_busy_run_loses_nothing(world: World) -> None:
    """Of payments asked for without pause, those before the turn settle, the others are told; each once."""
    codes: list[str] = []
    for round_number in range(30):
        signed = world.sign("banksh", [a_payment("1.00") for _ in range(5)])
        endorsed = world.endorse(signed)
        if round_number == 15:
            world.must("clearing", cut_off(), by="officer-1")
        batch = world.commit(endorsed)[0]
        if batch.validity is not Validity.VALID:
            batch = world.carry(signed)
        codes += batch.codes[0]
    assert codes == [""] * 75 + [Code.TM01] * 75
    assert world.balance("bankist") == 7_500
    invariants.check(world)


def test_returns_pass_until_the_day_is_closed(world: World) -> None:
    payment = a_payment("5.00")
    journal = world.must("banksh", payment).tx_id
    world.must("clearing", cut_off(), by="officer-1")
    world.must("bankist", a_return(payment, journal, "2.00"))
    late = a_return(payment, journal, "3.00", settlement_date=TOMORROW)
    past = a_return(payment, journal, "3.00", settlement_date=YESTERDAY)
    assert [answer.code for answer in world.say("bankist", late, past)] == [Code.DT04, Code.DATE_PAST]
    world.must("clearing", close_day(), by="officer-1")
    assert world.say("bankist", a_return(payment, journal, "3.00")) == [Answer(Code.DAY_CLOSED, "settlement_date")]
