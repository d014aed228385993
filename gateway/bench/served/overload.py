"""Three times as many payments as the door can take: those it lets in settle, the rest are told when to come again.

The peak is what comes of ever as many calls under way as the door lets in. Then payments come by the clock, at three
times that rate, whoever is refused does not come again, and a lone payment tells when all is as before.
"""

import asyncio
import itertools
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, NamedTuple

from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode, aio

from gateway.bench import Figures
from gateway.bench.served.callers import GrpcCaller
from gateway.bench.served.house import House
from gateway.bench.served.processes import Served
from waitan.v1 import payments_pb2 as pb

UNDER_WAY: Final = (250, 500, 1_000)
"""The peak is the most that comes of any of these, in payments."""
WARM_UP_CALLS: Final = 60
PEAK_CALLS: Final = 150
OVERLOAD_S: Final = 10.0
FACTOR: Final = 3
LONE: Final = 30
CALM: Final = 2.0
"""A lone payment that takes no longer than so many times what it took before the load has the door to itself again."""
RECOVERY_MAX_S: Final = 60.0
SUBMIT: Final = "/waitan.v1.PaymentService/SubmitPayments"
PER_CALL: Final = 100
"""Payments in each call: a bank hands over what it has, and the door decides about all of them at once. With few in a
call the client, on the same machine, could not send three times as much as the door takes."""

Send = Callable[[bytes], Awaitable[str]]


async def measure(house: House, network: Served) -> Figures:
    """Find the peak, go beyond it, and come back."""
    async with GrpcCaller(house.grpc, house.officer, connections=4) as caller:
        methods = itertools.cycle(caller.exchanges(SUBMIT))

        async def send(request: bytes) -> str:
            return await _sent(next(methods), request)

        before_ms = statistics.median([await _lone_ms(house) for _ in range(LONE)])
        await _calls_per_s(send, house, UNDER_WAY[0], WARM_UP_CALLS)
        peaks = [await _peak((send, house, network), under_way) for under_way in UNDER_WAY]
        peak = max(each.calls_per_s for each in peaks)
        before_s = network.cpu_s()
        results, sent_s, answered_s = await _overload(send, house, FACTOR * peak)
        cpu_us = _us_each(network.cpu_s() - before_s, results["settled"])
        recovery_s = await _recovery_s(house, CALM * before_ms)
    offered = sum(results.values()) / sent_s
    refused = sum(number for result, number in results.items() if result.startswith("refused"))
    told = results["refused, with a time"]
    return {
        "overload_peak_payments_per_s": round(peak * PER_CALL),
        "overload_offered_payments_per_s": round(offered * PER_CALL),
        "overload_offered_vs_peak": round(offered / peak, 2),
        "overload_goodput_payments_per_s": round(results["settled"] * PER_CALL / answered_s),
        "overload_goodput_vs_peak": round(results["settled"] / answered_s / peak, 3),
        "overload_peak_cpu_us": max(peaks).cpu_us,
        "overload_cpu_us": cpu_us,
        "overload_refused_share": round(refused / sum(results.values()), 3),
        "overload_refused_with_a_time_share": round(told / max(1, refused), 3),
        "overload_failed": sum(results.values()) - refused - results["settled"],
        "overload_recovery_s": round(recovery_s, 2),
    }


def _requests(house: House, calls: int) -> Iterator[bytes]:
    """Make calls' requests before the time that is measured: what a bank's own system spends is not the door's."""
    made = [pb.SubmitPaymentsRequest(payments=house.payments(PER_CALL)).SerializeToString() for _ in range(calls)]
    return iter(made)


async def _sent(method: Any, request: bytes) -> str:
    """Send one call and say what came of it."""
    call = method(iter((request,)))
    try:
        response = pb.SubmitPaymentsResponse.FromString(await call.read())
    except aio.AioRpcError as error:
        if error.code() is not StatusCode.RESOURCE_EXHAUSTED:
            return error.code().name
        return "refused, with a time" if _has_time(error) else "refused"
    finally:
        call.cancel()
    return "settled" if {each.result for each in response.outcomes} == {pb.RESULT_SETTLED} else "not settled"


def _has_time(error: aio.AioRpcError) -> bool:
    metadata: dict[str, Any] = dict(error.trailing_metadata() or ())  # type: ignore[arg-type]  # pairs, untyped
    details = Status.FromString(metadata["grpc-status-details-bin"]).details
    retry = RetryInfo()
    return any(each.Unpack(retry) and retry.retry_delay.ToTimedelta().total_seconds() > 0 for each in details)


async def _calls_per_s(send: Send, house: House, under_way: int, calls: int) -> float:
    """Give calls a second that settle with ever as many payments under way."""
    requests = _requests(house, calls)
    settled = 0

    async def keep_on() -> None:
        nonlocal settled
        for request in requests:
            is_settled = await send(request) == "settled"
            settled += is_settled  # after the wait: others count meanwhile

    start_s = time.perf_counter()
    await asyncio.gather(*(keep_on() for _ in range(max(1, under_way // PER_CALL))))
    return settled / (time.perf_counter() - start_s)


class _Peak(NamedTuple):
    """Calls that settled a second, and the server's processor time for each of their payments."""

    calls_per_s: float
    cpu_us: float


async def _peak(asked: tuple[Send, House, Served], under_way: int) -> _Peak:
    send, house, network = asked
    before_s = network.cpu_s()
    calls_per_s = await _calls_per_s(send, house, under_way, PEAK_CALLS)
    return _Peak(calls_per_s, _us_each(network.cpu_s() - before_s, PEAK_CALLS))


def _us_each(cpu_s: float, calls: int) -> float:
    return round(1e6 * cpu_s / max(1, calls) / PER_CALL, 1)


class _Overload(NamedTuple):
    """What came of the calls, in how long they were sent, and when the last had its answer."""

    results: Counter[str]
    sent_s: float
    answered_s: float


async def _overload(send: Send, house: House, per_s: float) -> _Overload:
    """Send by the clock, whatever becomes of it."""
    results: Counter[str] = Counter()
    sent: set[asyncio.Task[None]] = set()

    async def one(request: bytes) -> None:
        result = await send(request)
        results[result] += 1

    requests = _requests(house, round(per_s * OVERLOAD_S))
    start_s = time.perf_counter()
    for number, request in enumerate(requests):
        await asyncio.sleep(max(0.0, start_s + number / per_s - time.perf_counter()))
        task = asyncio.create_task(one(request))
        sent.add(task)
        task.add_done_callback(sent.discard)
    sent_s = time.perf_counter() - start_s
    await asyncio.gather(*sent)
    return _Overload(results, sent_s, time.perf_counter() - start_s)


async def _recovery_s(house: House, calm_ms: float) -> float:
    start_s = time.perf_counter()
    while time.perf_counter() - start_s < RECOVERY_MAX_S:
        begun_s = time.perf_counter()
        if max([await _lone_ms(house) for _ in range(3)]) <= calm_ms:
            return begun_s - start_s
    return RECOVERY_MAX_S


async def _lone_ms(house: House) -> float:
    start_s = time.perf_counter()
    for payment in house.payments(1):
        await house.client.submit(payment)
    return 1000 * (time.perf_counter() - start_s)
