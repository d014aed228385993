"""A payment asked for, over HTTP and over gRPC, beside a bare server that gives the same bytes.

Rounds alternate between the two servers, and each round has a ratio; the median of the ratios is told. Beside the rate,
which the client's own work holds down too, there is the ratio of the servers' processor time for a call.
"""

import random
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NamedTuple

from gateway.bench import Figures
from gateway.bench.served import bare
from gateway.bench.served.callers import GrpcCaller, get, http_rate
from gateway.bench.served.house import House
from gateway.bench.served.processes import Served, served
from waitan.v1 import payments_pb2

PAYMENTS: Final = 2_000
ROUNDS: Final = 7
CALLS: Final = 6_000
WARM_UP: Final = 2_000
GET_PAYMENT: Final = "/waitan.v1.PaymentService/GetPayment"


class _Round(NamedTuple):
    """Answers a second, and microseconds of the server's processor time for each."""

    per_s: float
    cpu_us: float


async def measure(house: House, network: Served) -> Figures:
    """Settle some payments and ask for them in no order."""
    payments = await house.settle(PAYMENTS)
    uetrs = [payment.uetr for payment in payments]
    random.Random(7).shuffle(uetrs)  # noqa: S311 - reproducible, nothing secret
    gets = [get(f"/v1/payments/{uetr}", house.token) for uetr in uetrs]
    asked = [payments_pb2.GetPaymentRequest(uetr=uetr).SerializeToString() for uetr in uetrs]
    body = await house.fetched(f"/v1/payments/{uetrs[0]}")
    async with GrpcCaller(house.grpc, house.officer) as ours:
        answer = await ours.method(GET_PAYMENT)[0](asked[0])
        with tempfile.TemporaryDirectory(prefix="waitan-bench-") as name, _bare(house, Path(name), body) as other:
            async with GrpcCaller(other.said["grpc"], house.officer) as theirs:
                figures: Figures = {
                    "get_first_cpu_us": await _first(network, http_rate(house.http, gets, len(gets)), len(gets)),
                    "get_payment_first_cpu_us": await _first(
                        network, ours.rate(GET_PAYMENT, asked, len(asked)), len(asked)
                    ),
                }
                figures |= await _compared(
                    "get",
                    (network, lambda calls: http_rate(house.http, gets, calls)),
                    (other, lambda calls: http_rate(other.said["http"], [get(bare.PATH)], calls)),
                )
                return figures | await _compared(
                    "get_payment",
                    (network, lambda calls: ours.rate(GET_PAYMENT, asked, calls)),
                    (other, lambda calls: theirs.rate(bare.ECHO, [answer], calls)),
                )


def _bare(house: House, directory: Path, body: bytes) -> AbstractContextManager[Served]:
    """Start the bare servers with the bank's certificate and the answer that ours gives."""
    files = {"certificate": house.service.certificate, "key": house.service.key, "root": house.root, "body": body}
    for name, data in files.items():
        (directory / name).write_bytes(data)
    return served("bare", *(str(directory / name) for name in files))


Side = tuple[Served, Callable[[int], Awaitable[float]]]


async def _compared(name: str, ours: Side, theirs: Side) -> Figures:
    for _, run in (ours, theirs):
        await run(WARM_UP)
    rounds = [(await _round(ours), await _round(theirs)) for _ in range(ROUNDS)]
    mine, its = zip(*rounds, strict=True)
    return {
        f"{name}_per_s": round(_median([each.per_s for each in mine])),
        f"{name}_bare_per_s": round(_median([each.per_s for each in its])),
        f"{name}_vs_bare": round(_median([one.per_s / other.per_s for one, other in rounds]), 3),
        f"{name}_cpu_us": round(_median([each.cpu_us for each in mine]), 1),
        f"{name}_bare_cpu_us": round(_median([each.cpu_us for each in its]), 1),
        f"{name}_cpu_vs_bare": round(_median([other.cpu_us / one.cpu_us for one, other in rounds]), 3),
    }


async def _first(process: Served, run: Awaitable[float], calls: int) -> float:
    """Ask for each payment for the first time; give microseconds of processor time for each."""
    before_s = process.cpu_s()
    await run
    return round((process.cpu_s() - before_s) / calls * 1e6, 1)


async def _round(side: Side) -> _Round:
    process, run = side
    before_s = process.cpu_s()
    per_s = await run(CALLS)
    return _Round(per_s, (process.cpu_s() - before_s) / CALLS * 1e6)


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)
