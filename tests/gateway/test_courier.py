"""Lists on their way: lost, repeated, held back, raced. What was asked once takes effect once, and is answered so."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from msgspec.structs import replace

from gateway.app import Gateway, wall_clock_ms
from gateway.ledger import courier_service, lists
from gateway.ledger.courier import LocalCourier
from gateway.ledger.port import Courier, LedgerUnreachableError, OutcomeUnknownError
from gateway.ledger.remote_courier import RemoteCourier
from gateway.operation import tracing
from gateway.projection.faults import FeedBrokenError
from settlement.errors import Refusal
from settlement.forms.consent import SignedList
from settlement.payments.commands import SubmitPayment
from tests.builders import an_issuance_request
from tests.closing import closing
from tests.fakes import couriers
from tests.fakes.couriers import FaultyCourier, ForgetfulCourier, HoldingCourier, Way
from tests.gateway.house import House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send again at once."""
    monkeypatch.setattr(lists, "PAUSES_S", (0.0, 0.0, 0.0))


@asynccontextmanager
async def a_gateway(house: House, courier: Courier, directory: Path) -> AsyncIterator[Gateway]:
    """A second gateway of the paying bank, caught up."""
    gateway = house.gateway("banksh", courier, directory)
    await gateway.start()
    try:
        await gateway.follower.reached(house.ledger.ledger.height - 1)
        yield gateway
    finally:
        await gateway.close()


def times_settled(house: House, payment: SubmitPayment) -> int:
    queries = house.gateways["clearing"].queries
    events = queries.events_after(0, limit=100_000)
    return sum(event.uetr == payment.uetr for event in events)


def forgetful(house: House) -> Courier:
    return ForgetfulCourier(lambda: LocalCourier(house.access("clearing")))


COURIERS: list[Callable[[House], Courier]] = [lambda house: house.courier, forgetful]


@pytest.mark.parametrize("courier", COURIERS, ids=["remembers the last list", "remembers nothing"])
@pytest.mark.parametrize(
    "ways",
    [
        (couriers.list_lost,),
        (couriers.answer_lost,),
        (couriers.list_lost, couriers.answer_lost),
        (couriers.answer_lost, couriers.list_lost, couriers.not_reached),
        (couriers.twice,),
        (couriers.twice_and_second_answer,),
        (couriers.answer_lost, couriers.twice_and_second_answer),
    ],
    ids=lambda ways: ", ".join(way.__name__ for way in ways),
)
async def test_whatever_a_courier_loses_or_repeats_a_payment_settles_once_and_is_answered_truly(
    house: House, tmp_path: Path, courier: Callable[[House], Courier], ways: tuple[Way, ...]
) -> None:
    faulty = FaultyCourier(courier(house), *ways)
    good, refused, last = a_fresh_payment("1.00"), a_fresh_payment("99999999.00"), a_fresh_payment("2.00")
    async with a_gateway(house, faulty, tmp_path) as gateway:
        answers = await gateway.payments.submit([good, refused, last])
        following = await gateway.payments.submit([a_fresh_payment("3.00")])
    await house.caught_up()
    assert [answer.outcome.code for answer in answers] == ["", "UNFUNDED", ""]
    assert following[0].outcome.code == ""
    view = house.gateways["banksh"].queries.payment(good.uetr)
    assert view is not None
    assert answers[0].outcome.tx_id == view.tx_id
    assert [times_settled(house, each) for each in (good, refused, last)] == [1, 0, 1]


async def test_an_unknown_list_is_sent_again_as_it_was(house: House, tmp_path: Path) -> None:
    faulty = FaultyCourier(house.courier, couriers.list_lost, couriers.list_lost)
    async with a_gateway(house, faulty, tmp_path) as gateway:
        await gateway.payments.submit([a_fresh_payment()])
    assert len(faulty.sent) == 3
    assert len({signed.signature for signed in faulty.sent}) == 1


@pytest.mark.parametrize(("carried_s", "sent"), [(0.0, 1), (lists.CARRIED_S, 4)])
async def test_a_list_that_nobody_tells_of_is_sent_no_more_after_some_time(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, carried_s: float, sent: int
) -> None:
    monkeypatch.setattr(lists, "CARRIED_S", carried_s)
    faulty = FaultyCourier(house.courier, *[couriers.list_lost] * sent)
    payment = a_fresh_payment()
    async with a_gateway(house, faulty, tmp_path) as gateway:
        with pytest.raises(OutcomeUnknownError):
            await gateway.payments.submit([payment])
        assert len(faulty.sent) == sent
        answers = [each for _ in range(2) for each in await gateway.payments.submit([payment])]
    assert [each.outcome.code for each in answers] == ["", ""]
    await house.caught_up()
    assert times_settled(house, payment) == 1


async def test_what_was_certainly_not_sent_is_said_to_be_unreachable_and_may_be_sent_again(
    house: House, tmp_path: Path
) -> None:
    payment = a_fresh_payment()
    faulty = FaultyCourier(house.courier, couriers.not_reached)
    async with a_gateway(house, faulty, tmp_path) as gateway:
        with pytest.raises(LedgerUnreachableError):
            await gateway.payments.submit([payment])
        [answer] = await gateway.payments.submit([payment])
    assert (answer.outcome.code, answer.is_repeat) == ("", False)


async def test_a_list_held_back_and_let_go_after_a_restart_settles_nothing_twice(house: House, tmp_path: Path) -> None:
    """The gateway stops without an answer; its list arrives just before the payment is asked for again."""
    payment, other = a_fresh_payment(), a_fresh_payment()
    holding = HoldingCourier(forgetful(house))
    async with a_gateway(house, holding, tmp_path) as gateway:
        with pytest.raises(OutcomeUnknownError):
            await gateway.payments.submit([payment])
    released: list[str] = []

    class Overtaking:
        """Lets the old list go first, whatever it is given."""

        async def carry(self, signed: SignedList) -> object:
            if not released:
                released.append((await holding.let_go(0)).tx_id)
            return await house.courier.carry(signed)

    async with a_gateway(house, Overtaking(), tmp_path) as gateway:  # type: ignore[arg-type]
        answers = await gateway.payments.submit([other, payment])
    await house.caught_up()
    assert [answer.outcome.code for answer in answers] == ["", ""]
    assert answers[1].outcome.tx_id == released[0]
    assert [times_settled(house, each) for each in (payment, other)] == [1, 1]


async def test_a_list_let_go_after_another_took_its_number_takes_no_effect(house: House, tmp_path: Path) -> None:
    payment, other = a_fresh_payment(), a_fresh_payment()
    holding = HoldingCourier(forgetful(house))
    async with a_gateway(house, holding, tmp_path / "first") as gateway:
        with pytest.raises(OutcomeUnknownError):
            await gateway.payments.submit([payment])
    async with a_gateway(house, house.courier, tmp_path / "second") as gateway:
        await gateway.payments.submit([other])
        late = await holding.let_go(0)
        assert [answer.code for answer in late.answers] == ["SEQUENCE_NOT_NEXT"]
        await gateway.payments.submit([payment])
        assert (await holding.let_go(0)).answers[0].code == "SEQUENCE_NOT_NEXT"
    await house.caught_up()
    assert times_settled(house, payment) == 1


async def test_two_gateways_of_one_bank_settle_a_payment_once(house: House, tmp_path: Path) -> None:
    payments = [a_fresh_payment("1.00") for _ in range(20)]
    async with (
        a_gateway(house, forgetful(house), tmp_path / "one") as one,
        a_gateway(house, forgetful(house), tmp_path / "two") as two,
    ):
        answers = await asyncio.gather(
            *(gateway.payments.submit([payment]) for payment in payments for gateway in (one, two))
        )
    await house.caught_up()
    assert {answer.outcome.code for [answer] in answers} == {""}
    assert [times_settled(house, payment) for payment in payments] == [1] * len(payments)


async def test_two_gateways_tell_a_payment_of_other_content_apart(house: House, tmp_path: Path) -> None:
    payment = a_fresh_payment("1.00")
    async with (
        a_gateway(house, house.courier, tmp_path / "one") as one,
        a_gateway(house, house.courier, tmp_path / "two") as two,
    ):
        answers = await asyncio.gather(
            one.payments.submit([payment]), two.payments.submit([replace(payment, amount="2.00")])
        )
    await house.caught_up()
    assert sorted(answer.outcome.code for [answer] in answers) == ["", "DU03"]
    assert times_settled(house, payment) == 1


async def test_a_command_asked_again_after_a_lost_answer_is_done_once(house: House, tmp_path: Path) -> None:
    request = an_issuance_request("5.00")
    faulty = FaultyCourier(forgetful(house), couriers.answer_lost)
    async with a_gateway(house, faulty, tmp_path) as gateway:
        [outcome] = await gateway.ask([request])
    assert outcome.code == ""


@asynccontextmanager
async def a_courier_service(house: House) -> AsyncIterator[str]:
    roots = b"".join(member.ca.root.certificate for member in house.members.values())
    identity = house.identity("clearing")._replace(roots=roots)
    clearing = house.gateways["clearing"]
    served = await courier_service.serve(house.courier, clearing.participants, wall_clock_ms, "localhost:0", identity)
    try:
        yield f"localhost:{served.port}"
    finally:
        await served.close()


async def test_a_gateway_settles_through_a_courier_in_another_process(house: House, tmp_path: Path) -> None:
    async with a_courier_service(house) as address:
        remote = RemoteCourier(address, house.identity("banksh", roots="clearing"))
        async with a_gateway(house, remote, tmp_path) as gateway:
            payments = [a_fresh_payment("1.00") for _ in range(50)]
            answers = await gateway.payments.submit([*payments, a_fresh_payment("99999999.00")])
        await remote.close()
    assert [answer.outcome.code for answer in answers] == [""] * 50 + ["UNFUNDED"]


async def test_a_trace_goes_on_at_the_courier_and_a_list_is_linked_to_all_that_it_serves(
    house: House, tmp_path: Path
) -> None:
    pytest.importorskip("opentelemetry.sdk")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    async def settle(trace_id: str) -> None:
        with tracing.span("a call", {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}):
            await gateway.payments.submit([a_fresh_payment("1.00")])

    traces = [f"{number:032x}" for number in (1, 2, 3)]
    exporter = InMemorySpanExporter()
    async with a_courier_service(house) as address:
        remote = RemoteCourier(address, house.identity("banksh", roots="clearing"))
        async with a_gateway(house, remote, tmp_path) as gateway:
            stop = tracing.start_with(SimpleSpanProcessor(exporter), 0.0, "banksh")
            try:
                await asyncio.gather(*map(settle, traces))  # who asks at the same moment shares a list
            finally:
                stop()
        await remote.close()
    spans = {(span.name, f"{span.context.trace_id:032x}"): span for span in exporter.get_finished_spans()}
    first = traces[0]
    carried = spans["carry a list", first]
    call = spans["/waitan.v1.CourierService/Carry", first]
    made = spans["make a transaction", first]
    assert call.parent is not None
    assert made.parent is not None
    assert (call.parent.span_id, made.parent.span_id) == (carried.context.span_id, call.context.span_id)
    assert [f"{link.context.trace_id:032x}" for link in carried.links] == traces[1:]
    assert sum(name == "carry a list" for name, _ in spans) == 1


async def test_a_courier_that_is_not_there_is_unreachable(house: House, nobodys_port: int) -> None:
    remote = RemoteCourier(f"127.0.0.1:{nobodys_port}", house.identity("banksh", roots="clearing"))
    async with closing(remote):
        with pytest.raises(LedgerUnreachableError):
            await remote.carry(SignedList("banksh", 1, (b"{}",), b"", b""))


async def test_the_courier_takes_lists_of_the_callers_own_organisation_from_gateways_alone(house: House) -> None:
    signed = SignedList("banksh", 1, (b"{}",), b"", b"")
    async with a_courier_service(house) as address:
        for identity in (
            house.identity("bankist", roots="clearing"),
            house.identity("banksh", "officer-1", roots="clearing"),
        ):
            async with closing(RemoteCourier(address, identity)) as remote:
                with pytest.raises(Refusal) as raised:
                    await remote.carry(signed)
            assert raised.value.code == "AG08"


async def test_a_lost_connection_leaves_the_outcome_unknown(house: House) -> None:
    """The courier's process ends while a list is with it."""
    holding = asyncio.Event()

    class Silent:
        """Takes a list and never answers."""

        async def carry(self, signed: SignedList) -> object:
            holding.set()
            await asyncio.Event().wait()
            raise AssertionError

    roots = b"".join(member.ca.root.certificate for member in house.members.values())
    identity = house.identity("clearing")._replace(roots=roots)
    participants = house.gateways["clearing"].participants
    served = await courier_service.serve(
        Silent(),  # type: ignore[arg-type]
        participants,
        wall_clock_ms,
        "localhost:0",
        identity,
    )
    remote = RemoteCourier(f"localhost:{served.port}", house.identity("banksh", roots="clearing"))
    async with closing(served), closing(remote):
        asked = asyncio.create_task(remote.carry(SignedList("banksh", 1, (b"{}",), b"", b"")))
        await holding.wait()
        await served._server.stop(None)
        with pytest.raises(OutcomeUnknownError) as raised:
            await asked
    assert isinstance(raised.value.__cause__, grpc.RpcError)


async def test_a_gateway_whose_read_model_has_stopped_serves_nobody(house: House, tmp_path: Path) -> None:
    async with a_gateway(house, house.courier, tmp_path) as gateway:
        gateway.follower.failure = FeedBrokenError("a block does not follow")
        with pytest.raises(LedgerUnreachableError):
            await gateway.payments.submit([a_fresh_payment()])
        with pytest.raises(LedgerUnreachableError):
            gateway.participants()
