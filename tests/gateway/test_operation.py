"""Metrics, health, logs and traces of a gateway that serves: they tell how it is, and nothing of a payment."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from gateway.app import Gateway
from gateway.client import WaitanError
from gateway.limits import Room, TooManyError
from gateway.operation import door, logs, loop_lag, metrics, tracing
from gateway.operation.health import Health
from gateway.outcomes import RATE_LIMITED
from gateway.projection.faults import FeedBrokenError
from settlement.payments.commands import WhenUnfunded
from tests.gateway.house import House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY: Final = "CANARY9264"


@asynccontextmanager
async def an_open_door(*gateways: Gateway) -> AsyncIterator[tuple[Health, str]]:
    """Open the door of a process with some gateways."""
    health = Health(lambda: gateways)
    opened = await door.serve(health, "127.0.0.1", 0)
    try:
        yield health, f"http://127.0.0.1:{opened.port}"
    finally:
        await opened.close()


async def fetched(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def counted() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Read /metrics as Prometheus does: each sample by its name and labels."""
    async with an_open_door() as (_, url):
        status, text = await fetched(f"{url}/metrics")
    assert status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def grown(before: dict[Any, float], after: dict[Any, float], name: str, **labels: str) -> float:
    """Give by how much the sum over all samples of a name grew, of those that have the labels."""
    return sum(
        value - before.get((sample, its), 0.0)
        for (sample, its), value in after.items()
        if sample == name and labels.items() <= dict(its).items()
    )


async def test_payments_are_counted_by_what_became_of_them(house: House) -> None:
    before = await counted()
    settled = a_fresh_payment()
    async with house.client("banksh") as client:
        await client.submit(settled)
        await client.submit(settled)
        await client.submit(a_fresh_payment("900000000.00", when_unfunded=WhenUnfunded.REJECT))
        for amount in ("1.001", "0.00"):
            with pytest.raises(WaitanError):
                await client.submit(a_fresh_payment(amount))
    await house.caught_up()
    after = await counted()
    its = {"participant": "banksh"}
    assert grown(before, after, "waitan_payments_total", state="SETTLED", code="", **its) == 1
    assert grown(before, after, "waitan_payments_total", state="REPEATED", code="", **its) == 1
    assert grown(before, after, "waitan_payments_total", state="REJECTED", code="AM04", **its) == 1
    called = {"door": "grpc", "method": "PaymentService/SubmitPayment", **its}
    assert grown(before, after, "waitan_calls_total", status="OK", **called) == 3
    assert grown(before, after, "waitan_calls_total", status="INVALID_ARGUMENT", **called) == 2
    assert grown(before, after, "waitan_call_seconds_count", **called) == 5
    # Or more: what other tests left to be done the gateways ask for by themselves (gateway.openings).
    assert grown(before, after, "waitan_list_commands_sum", **its) >= 2
    assert grown(before, after, "waitan_batch_commands_sum") >= 2
    for stage in ("listing", "carrying", "showing"):
        assert grown(before, after, "waitan_stage_seconds_count", stage=stage, **its) >= 2
    assert grown(before, after, "waitan_projection_lag_seconds_count", **its) >= 2
    assert after["waitan_projection_height", (("participant", "banksh"),)] == house.gateways["banksh"].follower.height
    assert after["waitan_commands_under_way", (("participant", "banksh"),)] == 0


async def test_a_histogram_is_what_prometheus_reads(house: House) -> None:
    series = metrics.CALL_SECONDS.labels("test", "test", "histogram")
    for value in (0.0004, 0.0005, 0.3, 99.0):
        series.observe(value)
    found = await counted()
    labels = {"participant": "test", "door": "test", "method": "histogram"}

    def below(bound: str) -> float:
        return found["waitan_call_seconds_bucket", tuple(sorted({**labels, "le": bound}.items()))]

    assert [below(each) for each in ("0.0005", "0.25", "0.5", "10.0", "+Inf")] == [2, 2, 3, 3, 4]
    assert found["waitan_call_seconds_sum", tuple(sorted(labels.items()))] == pytest.approx(99.3009)


async def test_a_process_is_ready_once_all_its_gateways_serve_and_no_more_when_it_stops(house: House) -> None:
    async with an_open_door(house.gateways["banksh"], house.gateways["clearing"]) as (health, url):
        assert await fetched(f"{url}/healthz") == (
            200,
            '{"status": "ok", "gateways": {"banksh": "serving", "clearing": "serving"}}',
        )
        assert (await fetched(f"{url}/readyz"))[0] == 200
        health.stop()
        status, text = await fetched(f"{url}/readyz")
        assert (status, set(json.loads(text)["gateways"].values())) == (503, {"stopping"})
        assert (await fetched(f"{url}/healthz"))[0] == 200


async def test_who_waits_to_be_onboarded_lives_and_is_not_ready_and_who_has_stopped_does_not_live(
    house: House, tmp_path: Path
) -> None:
    gateway = house.gateway("banksh", house.courier, tmp_path)
    async with an_open_door(gateway) as (_, url):
        assert [(await fetched(f"{url}/{each}"))[0] for each in ("healthz", "readyz")] == [200, 503]
        gateway.follower.failure = FeedBrokenError("a gap")
        status, text = await fetched(f"{url}/healthz")
        assert (status, json.loads(text)["gateways"]) == (503, {"banksh": "stopped"})
    await gateway.close()


async def test_a_loop_that_is_kept_from_its_work_shows_it() -> None:
    before = await counted()
    async with loop_lag.watched(every_s=0.01):
        await asyncio.sleep(0.02)
        time.sleep(0.3)  # noqa: ASYNC251 - this is what is measured
        await asyncio.sleep(0.02)
    after = await counted()
    late = grown(before, after, "waitan_event_loop_lag_seconds_count")
    in_time = grown(before, after, "waitan_event_loop_lag_seconds_bucket", le="0.1")
    assert late - in_time >= 1


# Room


async def test_who_comes_when_there_is_no_room_is_told_when_to_ask_again_and_later_let_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = house.gateways["banksh"]
    full = Room(2)
    monkeypatch.setattr(gateway, "room", full)
    monkeypatch.setattr(gateway.payments, "_admit", full.require)
    async with house.client("banksh") as client:
        with full.hold(2):
            with pytest.raises(WaitanError) as raised:
                await client.submit(a_fresh_payment())
            assert (raised.value.code, raised.value.is_unknown) == (RATE_LIMITED, False)
            assert await client.accounts()
        assert (await client.submit(a_fresh_payment())).block


async def test_a_batch_of_a_stream_waits_for_room_and_not_for_ever() -> None:
    room = Room(10)
    with room.hold(10):
        waiting = asyncio.create_task(room.free(5.0))
        await asyncio.sleep(0)
        assert not waiting.done()
        with pytest.raises(TooManyError):
            await room.free(0.01)
    await waiting


async def test_the_time_to_ask_again_follows_how_long_commands_take() -> None:
    now_s = 0.0
    room = Room(1, clock=lambda: now_s)
    for _ in range(50):
        with room.hold(1):
            now_s += 2.0
    assert 1.9 < room.wait_s <= 2.0


# Logs


@pytest.fixture
def all_written() -> Iterator[None]:
    """Lines of the lowest level too, as JSON."""
    before = structlog.get_config()
    logs.configure(logs.Level.DEBUG, logs.Format.JSON)
    yield
    structlog.configure(**before)


async def test_every_line_is_an_object_with_the_requests_name_and_none_has_what_is_private(
    house: House, all_written: None, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = a_fresh_payment("7.13", remittance=CANARY, end_to_end_id=CANARY)
    async with house.client("banksh") as client:
        outcome = await client.submit(payment)
        for uetr in (payment.uetr, CANARY):
            try:
                await client.payment(uetr)
            except WaitanError:
                continue
        with pytest.raises(WaitanError):
            await client.submit_message(f"<Document>{CANARY}</Document>".encode())
    await house.caught_up()
    told = capsys.readouterr().err
    lines = [json.loads(line) for line in told.splitlines()]
    calls = [line for line in lines if line["event"] == "call"]
    assert {call["ended"] for call in calls} == {"OK", "INVALID_ARGUMENT"}
    assert all({"timestamp", "level", "request_id", "caller", "role"} <= call.keys() for call in calls)
    (block,) = [line for line in lines if line["event"] == "on the ledger"]
    assert (block["transaction_id"], block["block"]) == (outcome.transaction_id, outcome.block)
    assert block["request_id"] in {call["request_id"] for call in calls}
    for private in (CANARY, payment.uetr, "7.13", payment.debtor.name, payment.creditor_agent.bic):
        assert private not in told


async def test_metrics_name_nothing_that_is_private(house: House) -> None:
    payment = a_fresh_payment("7.17", remittance=CANARY)
    async with house.client("banksh") as client:
        await client.submit(payment)
        with pytest.raises(WaitanError):
            await client.payment(CANARY)
    text = metrics.exposition().decode()
    for private in (CANARY, payment.uetr, payment.debtor.name, payment.creditor_agent.bic):
        assert private not in text
    assert not re.search(r'="[0-9a-f]{16,}"', text), "a label with a fingerprint or an id"


# Traces


async def test_a_calls_trace_goes_from_the_door_to_the_block_and_has_nothing_private(house: House) -> None:
    pytest.importorskip("opentelemetry.sdk")
    from grpc import aio
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from gateway.operators import codec
    from waitan.v1 import payments_pb2, payments_pb2_grpc

    exporter = InMemorySpanExporter()
    stop = tracing.start_with(SimpleSpanProcessor(exporter), 0.0, "banksh")
    try:
        payment = a_fresh_payment(remittance=CANARY)
        trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
        credentials = house.identity("banksh", "officer-1").channel_credentials()
        async with aio.secure_channel(f"localhost:{house.servers['banksh'].port}", credentials) as channel:
            stub: Any = payments_pb2_grpc.PaymentServiceStub(channel)
            request = payments_pb2.SubmitPaymentRequest(payment=codec.write(payment, payments_pb2.Payment))
            asked = (("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01"),)
            outcome = (await stub.SubmitPayment(request, metadata=asked)).outcome
            with pytest.raises(aio.AioRpcError):
                await stub.GetPayment(payments_pb2.GetPaymentRequest(uetr=CANARY), metadata=asked)
            await stub.GetPayment(payments_pb2.GetPaymentRequest(uetr=payment.uetr))  # not sampled: a share of 0
    finally:
        stop()
    spans = exporter.get_finished_spans()
    assert {f"{span.context.trace_id:032x}" for span in spans} == {trace_id}
    by_name = {span.name: span for span in spans}
    assert set(by_name) == {
        "/waitan.v1.PaymentService/SubmitPayment",
        "/waitan.v1.PaymentService/GetPayment",
        "ask the ledger",
        "carry a list",
        "make a transaction",
        "show",
    }
    asked_of = by_name["ask the ledger"]
    assert dict(asked_of.attributes or {})["transaction_id"] == outcome.transaction_id
    assert asked_of.parent is not None
    assert asked_of.parent.span_id == by_name["/waitan.v1.PaymentService/SubmitPayment"].context.span_id
    assert not by_name["/waitan.v1.PaymentService/GetPayment"].status.is_ok
    told = "".join(span.to_json() for span in spans)
    assert CANARY not in told
    assert payment.uetr not in told
