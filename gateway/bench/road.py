"""The stations of a lone payment within the gateways' process: how long it spends at each, as medians."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gateway.bench import Figures
from gateway.bench.workload import CURRENCY, Workload
from gateway.development.data_directory import DataDirectory
from gateway.development.members import SHANGHAI
from gateway.development.morning import prepare
from gateway.development.process import running
from settlement.parties import Kind

PAYMENTS: Final = 200
DATE: Final = "2026-11-23"
PAYER: Final = "banksh"
PAYEE: Final = "bankist"


async def measure(directory: Path) -> Figures:
    """Settle lone payments through a gateway without its doors; give `road_*_ms`."""
    data = DataDirectory(directory)
    data.create()
    async with running(data) as network:
        funds = {PAYER: {CURRENCY: "1000000.00"}, PAYEE: {CURRENCY: "1.00"}}
        await prepare(network.gateways, network.members, funds=funds, date=DATE)
        stamps = _Stamps()
        ledger = network.ledger.ledger
        ledger.endorse = stamps.around("endorse", ledger.endorse)  # type: ignore[method-assign]  # timed, not changed
        ledger.commit = stamps.around("commit", ledger.commit)  # type: ignore[method-assign]  # timed, not changed
        banks = [profile for profile in SHANGHAI if profile.kind is Kind.BANK]
        gateway = network.gateways[PAYER]
        for payment in Workload(banks, debtors=1, seed=7, date=DATE).payments(PAYMENTS):
            stamps.begin()
            (answer,) = await gateway.payments.submit([payment])
            stamps.end()
            assert not answer.outcome.code
            await network.caught_up()
        return stamps.medians()


class _Stamps:
    """Moments of each payment, in the order in which it passes the stations."""

    def __init__(self) -> None:
        self._moments: dict[str, float] = {}
        self._spent_ms: Final[dict[str, list[float]]] = {
            name: [] for name in ("road_list_ms", "road_contract_ms", "road_ledger_ms", "road_feed_ms", "road_ms")
        }

    def begin(self) -> None:
        self._moments = {"begin": time.perf_counter()}

    def around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            self._moments[name] = time.perf_counter()
            result = work(*arguments)
            self._moments[f"{name} done"] = time.perf_counter()
            return result

        return timed

    def end(self) -> None:
        at = self._moments | {"end": time.perf_counter()}
        for name, start, stop in (
            ("road_list_ms", "begin", "endorse"),
            ("road_contract_ms", "endorse", "endorse done"),
            ("road_ledger_ms", "endorse done", "commit done"),
            ("road_feed_ms", "commit done", "end"),
            ("road_ms", "begin", "end"),
        ):
            self._spent_ms[name].append((at[stop] - at[start]) * 1000)

    def medians(self) -> Figures:
        return {name: round(statistics.median(spent), 2) for name, spent in self._spent_ms.items()}
