"""Random histories of what a bank's customer asks for, held against a model of a few lines and the invariants."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from msgspec.structs import replace

from gateway.development.members import Member
from settlement.payments import initiation
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.initiation import Initiation
from tests import invariants
from tests.builders import (
    BICS,
    SILK_ACCOUNT,
    SILK_LEI,
    TODAY,
    a_decline,
    a_uetr,
    an_id,
    an_initiation,
    an_instruction,
)
from tests.contracts.samples import close_day, cut_off, open_day, register
from tests.model.playing import play
from tests.world import World

HISTORIES, STEPS = 25, 30
START = date.fromisoformat(TODAY)
FUNDS = 100_000_000

amounts = st.integers(1, 10_000) | st.sampled_from([60_000_000, FUNDS, 10 * FUNDS])
asked_for = st.lists(st.tuples(amounts, st.sampled_from([-3, -1, 0, 0, 0, 1])), min_size=1, max_size=3)


@dataclass
class Asked:
    """What the model keeps of an initiation: minor units, day numbers, state."""

    amount: int
    due: int
    last: int
    state: str = "INITIATED"


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


class InitiationHistories(RuleBasedStateMachine):
    """A world in which one bank has one customer, and the model of both."""

    names: Bundle[str] = Bundle("names")

    def __init__(self, members: Mapping[str, Member], prepared: Path, directory: Path) -> None:
        super().__init__()
        self.directory = directory / an_id()
        shutil.copytree(prepared, self.directory)
        self.world = World(self.directory, members)
        self.world.must("banksh", register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
        self.asked: dict[str, Asked] = {}
        self.messages = 0
        self.funds = FUNDS
        self.today = 0

    def teardown(self) -> None:
        self.world.close()
        shutil.rmtree(self.directory)

    @rule(target=names, wanted=asked_for, valid_days=st.integers(0, 3))
    def ask(self, wanted: list[tuple[int, int]], valid_days: int) -> Any:
        instructions = [an_instruction(text(each), execution_date=day(self.today + ahead)) for each, ahead in wanted]
        self.messages += 1
        command = an_initiation(*instructions, message_id=f"M-{self.messages}", valid_days=valid_days)
        again = an_initiation(message_id=command.message_id)
        assert self.world.ask("banksh", command, again).codes == [["", "DU01"]]
        names = [initiation.initiation_id(SILK_LEI, command.message_id, place) for place in range(len(wanted))]
        for name, (amount, ahead) in zip(names, wanted, strict=True):
            due = self.today + ahead
            self.asked[name] = Asked(amount, due, due + valid_days)
        return multiple(*names)

    @rule(name=names, refuse=st.booleans(), extra=st.sampled_from([0, 0, 0, 1]), other=st.booleans())
    def release(self, name: str, *, refuse: bool, extra: int, other: bool) -> None:
        model = self.asked[name]
        payment = self.payment(name, model.amount + extra, refuse=refuse)
        if other:
            payment = replace(payment, uetr=a_uetr())
        assert self.world.ask("banksh", payment).codes == [[self.expected(model, refuse=refuse, extra=extra)]]

    def expected(self, model: Asked, *, refuse: bool, extra: int) -> str:
        if code := self.closed(model):
            return code
        if extra:
            return "NOT_AS_INITIATED"
        if self.today < model.due:
            return "DT04"
        if model.amount > self.funds and refuse:
            return "UNFUNDED"
        model.state = "RELEASED"
        if model.amount > self.funds:
            return "AM04"
        self.funds -= model.amount
        return ""

    @rule(name=names)
    def decline(self, name: str) -> None:
        model = self.asked[name]
        code = self.closed(model)
        assert self.world.ask("banksh", a_decline(name)).codes == [[code]]
        model.state = model.state if code else "DECLINED"

    @rule(ahead=st.integers(1, 2))
    def next_day(self, ahead: int) -> None:
        over, self.today = day(self.today), self.today + ahead
        self.world.must("clearing", cut_off(over), close_day(over), open_day(day(self.today)), by="officer-1")

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        stored = {record.initiation_id: record for _, record in self.world.records(Initiation)}
        assert {name: record.state.value for name, record in stored.items()} == {
            name: model.state for name, model in self.asked.items()
        }
        for name, record in stored.items():
            expired = self.closed(self.asked[name]) == "DS24"
            assert (initiation.standing(record, day(self.today)).state.value == "EXPIRED") is expired
        assert self.world.balance("banksh") == self.funds
        invariants.check(self.world)

    def closed(self, model: Asked) -> str:
        if model.state != "INITIATED":
            return "MOVE_NOT_ALLOWED"
        return "DS24" if self.today > model.last else ""

    def payment(self, name: str, amount: int, *, refuse: bool) -> SubmitPayment:
        stored = {record.initiation_id: record for _, record in self.world.records(Initiation)}[name]
        instruction = an_instruction(text(amount), execution_date=stored.instruction.execution_date)
        return initiation.payment_of(
            instruction,
            uetr=initiation.uetr_of(stored),
            payer="banksh",
            payee="bankist",
            instructing_agent=BICS["banksh"],
            instructed_agent=BICS["bankist"],
            settlement_date=day(self.today),
            message_id=name,
            created_at=stored.created_at,
            initiation_id=name,
            when_unfunded=WhenUnfunded.REFUSE if refuse else WhenUnfunded.REJECT,
        )


def test_every_history_is_the_models(
    members: Mapping[str, Member], prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("histories")
    play(lambda: InitiationHistories(members, prepared, directory), histories=HISTORIES, steps=STEPS)
