"""One payment in each transaction, as most Fabric chaincode is written: what the batches are compared with.

The chaincode is examples/one_payment_per_transaction, deployed beside Waitan's on the same network with the same
collections and endorsement. Its accounts are disjoint, so that no transaction waits for another, and a transaction
counts as done on the word of one peer: it is given every advantage.
"""

import asyncio
import itertools
import statistics
import time
from typing import Final, NamedTuple

from gateway.fabric_client import Contract, FabricError
from settlement import canonical
from settlement.payments.commands import SubmitPayment

FUNCTION: Final = "pay"


class Rate(NamedTuple):
    """Transactions a second that became valid, their median latency in ms, and how many failed and were repeated."""

    payments_per_s: float
    p50_ms: float
    failed: int


class SinglePayments:
    """A client of that chaincode; `endorsers` are the MSPs of both authorities."""

    def __init__(self, contract: Contract, endorsers: list[str], payment: SubmitPayment) -> None:
        self._contract: Final = contract
        self._endorsers: Final = endorsers
        self._body: Final = canonical.encode(payment)
        self._parties: Final = (payment.payer, payment.payee)
        self._lanes: Final = itertools.count(time.time_ns())

    async def settle(self, payments: int, in_flight: int) -> Rate:
        """Make so many payments with so many in flight, each lane between two accounts of its own."""
        times_ms: list[float] = []
        left = iter(range(payments))
        failed = 0

        async def lane(number: int) -> None:
            nonlocal failed
            for _ in left:
                start = time.perf_counter()
                while not await self._pay(number):
                    failed += 1
                times_ms.append((time.perf_counter() - start) * 1000)

        start = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(in_flight):
                tasks.create_task(lane(next(self._lanes)))
        return Rate(payments / (time.perf_counter() - start), statistics.median(times_ms), failed)

    async def _pay(self, lane: int) -> bool:
        payer, payee = self._parties
        transient = {
            "from": b"%d" % lane,
            "to": b"%d" % lane,
            "amount": b"1",
            "payment": self._body,
        }
        try:
            await self._contract.submit(FUNCTION, payer, payee, transient=transient, organisations=self._endorsers)
        except FabricError:
            return False
        return True
