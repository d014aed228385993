"""The whole of `waitan bench doors`: one network, all that its doors are measured by."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from gateway.bench import Figures
from gateway.bench.served import calls, followers, house, overload, visible
from gateway.bench.served.processes import served
from gateway.operation import open_files

Say = Callable[[str], None]


async def measure(say: Say) -> Figures:
    """Run all of it. Keys are explained in docs/reference/performance.md."""
    open_files.allow_many()
    with tempfile.TemporaryDirectory(prefix="waitan-bench-") as name:
        path = Path(name) / "network"
        with served("network", str(path)) as network:
            async with house.opened(path) as bank:
                figures: Figures = {"cores": os.cpu_count() or 0}
                say("a payment asked for, beside bare servers")
                figures |= await calls.measure(bank, network)
                say("from settled to visible")
                figures |= await visible.measure(bank, network)
                say("three times too much")
                figures |= await overload.measure(bank, network)
                say("those who only listen")
                figures |= await followers.measure(bank, network)
                return figures
