"""What the read model keeps of rulings: what waits for a second person by itself, and all by what happened last."""

from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from gateway.projection.rulings import Rulings, RulingView
from settlement.accounts.account import Account
from settlement.payments.commands import SubmitPayment
from settlement.payments.release import ProposeRelease, SetReleaseLimit, proposal_id
from settlement.records import Command
from settlement.rulings import RulingState, WithdrawRuling
from tests.builders import TODAY, TOMORROW, a_payment, an_id
from tests.contracts.samples import block, close_day, cut_off, open_day
from tests.contracts.test_undertakings import go_to
from tests.gateway.feeds import Reading
from tests.gateway.test_read_model_questions import read_all
from tests.rulings import confirming, ruled
from tests.world import World

pytestmark = pytest.mark.asyncio

ONE, TWO = "officer-1", "officer-2"
WAITS = RulingState.PROPOSED


@pytest.fixture
def limited(world: World) -> World:
    """A bank above whose limit two officers release a payment."""
    ruled(world, a_limit("500.00"), at="banksh")
    return world


def a_limit(amount: str, currency: str = "CNY") -> SetReleaseLimit:
    return SetReleaseLimit(command_id=an_id(), participant="banksh", currency=currency, amount=amount)


def proposed(world: World, *, on: str = TODAY, by: str = ONE) -> SubmitPayment:
    payment = replace(a_payment("500.01"), settlement_date=on)
    world.must("banksh", ProposeRelease(command_id=an_id(), payment=payment), by=by)
    return payment


def page(reading: Reading, **wanted: Any) -> list[RulingView]:
    asked: dict[str, Any] = {"limit": 100, "authority": "banksh", **wanted}
    return reading.rulings.page(**asked)


class Noting:
    """Notes how SQLite answers what it is asked."""

    def __init__(self, reading: Reading) -> None:
        self._connection: Final = reading.store.connection
        self.plans: Final[list[list[str]]] = []

    def rows(self, question: str, bindings: Any = ()) -> list[Any]:
        steps = self._connection.execute(f"EXPLAIN QUERY PLAN {question}", bindings)
        self.plans.append([str(step) for *_, step in steps])
        return self._connection.execute(question, bindings).fetchall()


def names(views: list[RulingView]) -> list[str]:
    return [each.record.ruling_id for each in views]


async def test_what_waits_is_listed_the_newest_first(limited: World, tmp_path: Path) -> None:
    """Not what was released, withdrawn or confirmed; what was proposed anew stands before what was not."""
    released, withdrawn, again, first, last = (proposed(limited) for _ in range(5))
    limited.must("banksh", released, by=TWO)
    withdrawal = WithdrawRuling(command_id=an_id(), ruling_id=proposal_id(withdrawn), reason="Mistyped")
    limited.must("banksh", withdrawal, by=TWO)
    limited.must("banksh", ProposeRelease(command_id=an_id(), payment=again), by=TWO)
    reading = await read_all(limited, tmp_path, "banksh")
    waiting = page(reading, state=WAITS)
    assert names(waiting) == [proposal_id(each) for each in (again, last, first)]
    assert [each.record.proposed_by.name for each in waiting] == [TWO, ONE, ONE]
    assert reading.rulings.waiting("banksh") == 3
    every = page(reading)
    assert [each.record.state for each in every] == [
        *(WAITS, RulingState.WITHDRAWN, RulingState.CONFIRMED, WAITS, WAITS),
        RulingState.CONFIRMED,  # the limit
    ]


async def test_pages_of_one_say_the_same(limited: World, tmp_path: Path) -> None:
    for _ in range(4):
        proposed(limited)
    reading = await read_all(limited, tmp_path, "banksh")
    for state in (None, WAITS):
        found: list[RulingView] = []
        while more := page(reading, state=state, limit=1, after=found[-1].id if found else 0):
            found += more
        assert found == page(reading, state=state)


async def test_what_has_lapsed_waits_for_nobody(limited: World, tmp_path: Path) -> None:
    """By the business day of its currency; what is for the next day, and what has no day, still does."""
    late, later = proposed(limited), proposed(limited, on=TOMORROW)
    limited.must("banksh", a_limit("900.00"), by=ONE)
    go_to(limited, TOMORROW)
    reading = await read_all(limited, tmp_path, "banksh")
    assert names(page(reading, state=WAITS)) == ["SetReleaseLimit/banksh/CNY", proposal_id(later)]
    assert names(page(reading, state=RulingState.EXPIRED)) == [proposal_id(late)]
    assert reading.rulings.waiting("banksh") == 2


async def test_it_has_lapsed_too_where_its_day_ended_in_its_own_transaction(limited: World, tmp_path: Path) -> None:
    payment = a_payment("500.01")
    asked: list[Command] = [*limited.signed("banksh", ONE, ProposeRelease(command_id=an_id(), payment=payment))]
    turned = [*limited.signed("clearing", ONE, cut_off(), close_day(), open_day())]
    batch = limited.carry(limited.sign("banksh", asked), limited.sign("clearing", turned))
    assert batch.codes == [[""], ["", "", ""]]
    reading = await read_all(limited, tmp_path, "banksh")
    assert names(page(reading, state=RulingState.EXPIRED)) == [proposal_id(payment)]
    assert reading.rulings.waiting("banksh") == 0


@pytest.mark.parametrize("organisation", ["bankist", "clearing", "regulator"])
async def test_others_are_told_of_the_authorities_rulings_alone(
    limited: World, tmp_path: Path, organisation: str
) -> None:
    """The authorities hold a bank's proposals, and list none; both see each other's about an organisation."""
    proposed(limited)
    limited.must("regulator", block(), by="supervisor-1")
    told = names((await read_all(limited, tmp_path, organisation)).rulings.page(limit=100))
    assert told == ([] if organisation == "bankist" else ["BlockAccount/bankist/CNY"])


async def test_what_waits_is_found_without_looking_at_what_is_done(limited: World, tmp_path: Path) -> None:
    """However many payments two officers have released: SQLite goes by the index, and by nothing else."""
    reading = await read_all(limited, tmp_path, "banksh")
    noting = Noting(reading)
    rulings = Rulings(noting)  # type: ignore[arg-type]  # it asks no more of a reader
    rulings.page(state=WAITS, limit=1)
    rulings.waiting("banksh")
    for plan in noting.plans:
        assert "rulings_in_state (state=?" in plan[0], plan
        assert not [step for step in plan if "SCAN" in step or "TEMP B-TREE" in step], plan
    assert len(noting.plans) == 2


async def test_a_limit_is_told_of_the_ruling_and_of_no_account(limited: World, tmp_path: Path) -> None:
    """Even where the account changes its state in the same transaction: its bank's limit is its own business."""
    limited.must("banksh", a_limit("900.00"), by=ONE)
    limited.must("regulator", block("banksh"), by="supervisor-1")
    lists = [
        limited.sign("banksh", limited.signed("banksh", TWO, confirming(a_limit("900.00")))),
        limited.sign("regulator", limited.signed("regulator", "supervisor-2", confirming(block("banksh")))),
    ]
    assert limited.carry(*lists).codes == [[""], [""]]
    for organisation in ("banksh", "clearing"):
        reading = await read_all(limited, tmp_path, organisation)
        acts = reading.timeline.of(Account, "banksh/CNY")
        assert "SetReleaseLimit" not in {each.command for each in acts}


@pytest.mark.parametrize("state", [None, *RulingState], ids=str)
async def test_what_is_about_one_is_found_without_looking_at_what_is_about_others(
    limited: World, tmp_path: Path, state: RulingState | None
) -> None:
    """In whatever state, and in its order: nothing is sorted, and nothing of another read."""
    for _ in range(3):
        limited.must("banksh", proposed(limited), by=TWO)
    limited.must("regulator", block(), by="supervisor-1")
    reading = await read_all(limited, tmp_path, "regulator")
    noting = Noting(reading)
    found = Rulings(noting).page(state=state, participant="bankist", limit=100)  # type: ignore[arg-type]
    assert names(found) == (["BlockAccount/bankist/CNY"] if state in (None, WAITS) else [])
    index = "rulings_about_in_state (participant=? AND state=?" if state else "rulings_about (participant=?"
    [plan] = noting.plans
    assert index in plan[0], plan
    assert not [step for step in plan if "TEMP B-TREE" in step]
