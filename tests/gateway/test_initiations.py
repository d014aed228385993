"""What customers ask for, at the operators' door: seen, released and declined by their bank's officers."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from grpc import StatusCode
from msgspec.structs import replace

from gateway.client import WaitanClient, WaitanError
from settlement.payments import initiation
from settlement.payments.initiation import Instruction
from tests.builders import SILK_ACCOUNT, SILK_LEI, a_decline, a_uetr, an_initiation, an_instruction
from tests.contracts.samples import register
from tests.gateway.house import NETWORK, House, a_fresh_payment
from waitan.v1 import initiations_pb2 as pb
from waitan.v1 import payments_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def customer(house: House, banksh: WaitanClient) -> AsyncIterator[None]:
    """The paying bank has a customer with one account."""
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    yield


async def asked(house: House, *instructions: Instruction, **others: Any) -> list[str]:
    """Let the paying bank record what its customer asks for; give the names."""
    command = an_initiation(*instructions, **others)
    outcomes = await house.gateways["banksh"].ask([command])
    assert [outcome.code for outcome in outcomes] == [""]
    count = len(command.instructions)
    return [initiation.initiation_id(SILK_LEI, command.message_id, position) for position in range(count)]


async def release(client: WaitanClient, initiation_id: str, **others: Any) -> payments_pb2.PaymentOutcome:
    return await client.release(pb.ReleaseInitiationRequest(initiation_id=initiation_id, **others))


async def refusal(client: WaitanClient, initiation_id: str, **others: Any) -> tuple[str, str]:
    with pytest.raises(WaitanError) as raised:
        await release(client, initiation_id, **others)
    return raised.value.code, raised.value.where


async def states(client: WaitanClient, names: Sequence[str]) -> list[str]:
    found = [await client.initiation(name) for name in names]
    return [pb.InitiationState.Name(each.state).removeprefix("INITIATION_STATE_") for each in found]


async def test_a_release_pays_what_was_asked_for(house: House, banksh: WaitanClient) -> None:
    """The payment says what the customer said, and both name each other."""
    [name] = await asked(house, an_instruction("12.34", remittance="Silk, 3 bales"), requested_by="ab")
    shown = await banksh.initiation(name)
    assert (shown.status, shown.instruction.amount, shown.requested_by) == ("ACTC", "12.34", "ab")
    outcome = await release(banksh, name)
    assert outcome.result == payments_pb2.RESULT_SETTLED
    shown = await banksh.initiation(name)
    assert (shown.state, shown.status, shown.uetr) == (pb.INITIATION_STATE_RELEASED, "ACSC", outcome.uetr)
    assert shown.transaction_id == outcome.transaction_id
    assert shown.decided_by == house.members["banksh"].person("officer-1").fingerprint
    details = await banksh.payment(outcome.uetr)
    assert (details.payment.initiation_id, details.payment.remittance) == (name, "Silk, 3 bales")


async def test_the_payees_bank_is_not_told_which_customer_asked(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    [name] = await asked(house)
    outcome = await release(banksh, name)
    await house.caught_up()
    assert (await bankist.payment(outcome.uetr)).payment.initiation_id == ""
    with pytest.raises(WaitanError) as raised:
        await bankist.initiation(name)
    assert raised.value.code == "NOT_FOUND"


async def test_a_release_that_is_repeated_is_answered_as_it_was(house: House, banksh: WaitanClient) -> None:
    [name] = await asked(house)
    first = await release(banksh, name)
    again = await release(banksh, name)
    assert (again.uetr, again.transaction_id, again.is_repeat) == (first.uetr, first.transaction_id, True)


async def test_an_unfunded_release_is_refused_and_the_initiation_stands(house: House, banksh: WaitanClient) -> None:
    [name] = await asked(house, an_instruction("999999999.00"))
    assert await refusal(banksh, name) == ("UNFUNDED", "amount")
    assert await states(banksh, [name]) == ["INITIATED"]


async def test_a_rejected_payment_is_told_to_the_trader(house: House, banksh: WaitanClient) -> None:
    [name] = await asked(house, an_instruction("999999999.00"))
    outcome = await release(banksh, name, when_unfunded=payments_pb2.WHEN_UNFUNDED_REJECT)
    assert (outcome.result, outcome.code) == (payments_pb2.RESULT_REJECTED, "AM04")
    shown = await banksh.initiation(name)
    assert (shown.status, shown.status_reason, shown.code) == ("RJCT", "AM04", "AM04")
    assert shown.state == pb.INITIATION_STATE_RELEASED


async def test_an_officer_declines_in_the_banks_name_or_in_person(house: House, banksh: WaitanClient) -> None:
    own, signed = await asked(house, an_instruction(), an_instruction())
    await banksh.ask(a_decline(own, "AC06", text="The account is blocked"))
    await banksh.ask_signed(NETWORK, a_decline(signed), house.members["banksh"].person("officer-1"))
    shown = await banksh.initiation(own)
    assert (shown.status, shown.status_reason, shown.text) == ("RJCT", "AC06", "The account is blocked")
    assert await states(banksh, [own, signed]) == ["DECLINED", "DECLINED"]
    assert await refusal(banksh, own) == ("MOVE_NOT_ALLOWED", "initiation_id")


async def test_it_is_not_released_before_its_day(house: House, banksh: WaitanClient) -> None:
    [name] = await asked(house, an_instruction(execution_date="2027-06-01"))
    assert await refusal(banksh, name) == ("DT04", "settlement_date")


async def test_it_is_not_released_after_its_time(house: House, banksh: WaitanClient) -> None:
    [name] = await asked(house, an_instruction(execution_date="2026-11-10"))
    assert await refusal(banksh, name) == ("DS24", "initiation_id")
    shown = await banksh.initiation(name)
    assert (shown.state, shown.status_reason) == (pb.INITIATION_STATE_EXPIRED, "DS24")


async def test_who_is_paid_is_a_participant(house: House, banksh: WaitanClient) -> None:
    creditor_agent = an_instruction().creditor_agent
    elsewhere = an_instruction(creditor_agent=type(creditor_agent)(bic="DEUTDEFFXXX"))
    [name] = await asked(house, elsewhere)
    assert await refusal(banksh, name) == ("CNOR", "instructed_agent")
    assert await refusal(banksh, name, instructed_agent="NOBIC") == ("RC01", "instructed_agent")
    assert (await release(banksh, name, instructed_agent="BOSPTRIS")).result == payments_pb2.RESULT_SETTLED


async def test_a_used_uetr_is_told_when_it_is_released(house: House, banksh: WaitanClient) -> None:
    uetr = a_uetr()
    first, second = [*await asked(house, an_instruction(uetr=uetr)), *await asked(house, an_instruction(uetr=uetr))]
    assert (await release(banksh, first)).uetr == uetr
    assert await refusal(banksh, second) == ("DU03", "uetr")


async def test_a_bank_may_release_by_a_payment_of_its_own(house: House, banksh: WaitanClient) -> None:
    """One that names the initiation and says what it said; and nothing else releases it."""
    [name] = await asked(house, an_instruction("33.00"))
    found = house.gateways["banksh"].initiations.find(name)
    assert found is not None
    payment = a_fresh_payment("33.00", initiation_id=name, **carried(found.record.instruction))
    with pytest.raises(WaitanError) as raised:
        await banksh.submit(replace(payment, amount="33.01"))
    assert (raised.value.code, raised.value.where) == ("NOT_AS_INITIATED", "amount")
    outcome = await banksh.submit(payment)
    shown = await banksh.initiation(name)
    assert (shown.state, shown.uetr) == (pb.INITIATION_STATE_RELEASED, outcome.uetr)
    assert (await banksh.submit(payment)).is_repeat


def carried(instruction: Instruction) -> dict[str, Any]:
    return {name: getattr(instruction, name) for name in ("debtor", "debtor_account", "remittance", "end_to_end_id")}


async def test_they_are_listed_by_state_and_customer(house: House, banksh: WaitanClient) -> None:
    open_, declined = await asked(house, an_instruction(), an_instruction())
    expired = (await asked(house, an_instruction(execution_date="2026-11-10")))[0]
    await banksh.ask(a_decline(declined))
    expected = {
        pb.INITIATION_STATE_INITIATED: open_,
        pb.INITIATION_STATE_DECLINED: declined,
        pb.INITIATION_STATE_EXPIRED: expired,
    }
    for state, name in expected.items():
        listed = [each async for each in banksh.initiations(state, SILK_LEI)]
        assert {each.state for each in listed} == {state}
        assert [each.initiation_id for each in listed if each.initiation_id in expected.values()] == [name]
    assert [each async for each in banksh.initiations(customer="529900NOBODY")] == []


async def test_pages_hold_each_once(house: House, banksh: WaitanClient) -> None:
    names = await asked(house, *[an_instruction(f"{number}.00") for number in range(1, 6)], message_id="PAGED")
    queries, found, after = house.gateways["banksh"].initiations, [], 0
    while page := queries.page(after=after, limit=2):
        found += [view.record.initiation_id for view in page]
        after = page[-1].id
    assert len(found) == len(set(found))
    assert set(names) <= set(found)
    assert [view.record.initiation_id for view in queries.of_message("banksh", SILK_LEI, "PAGED")] == names


async def test_an_authority_sees_and_does_not_release(house: House, banksh: WaitanClient) -> None:
    [name] = await asked(house)
    await house.caught_up()
    async with house.client("regulator", "supervisor-1") as supervisor:
        assert (await supervisor.initiation(name)).bank == "banksh"
        assert await refusal(supervisor, name) == ("AG08", "certificate")


@pytest.mark.parametrize("initiation_id", ["", "00", "x" * 5000])
async def test_what_is_not_there_is_not_found(banksh: WaitanClient, initiation_id: str) -> None:
    with pytest.raises(WaitanError) as raised:
        await banksh.initiation(initiation_id)
    assert (raised.value.code, raised.value.status) == ("NOT_FOUND", StatusCode.NOT_FOUND)
    assert await refusal(banksh, initiation_id) == ("NOT_FOUND", "initiation_id")
