"""The network that is measured: `waitan up` in a process of its own, but that no caller is held to a rate.

`python -m gateway.bench.served.network DIRECTORY`: it says on a line that it is ready, as JSON, and serves until it is
ended. What one caller may ask is a setting; what a door can do is what is measured here.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Final

from gateway.development.data_directory import DataDirectory
from gateway.development.morning import Funds, prepare
from gateway.development.process import HOST, Allowed, consecutive, doors, operation_door, running
from gateway.operation import logs, memory, open_files

FUNDS: Final[Funds] = {bank: {"CNY": "9000000000.00", "EUR": "9000000000.00"} for bank in ("banksh", "bankist")}
DATE: Final = "2026-11-23"
LAVISH: Final = Allowed(rate_per_s=1e9, burst=10**9, calls_max=20_000, connections_max=20_000)


async def _serve(directory: DataDirectory) -> None:
    logs.configure()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    directory.create()
    async with running(directory) as network:
        await prepare(network.gateways, network.members, funds=FUNDS, date=DATE)
        ports = consecutive(network.members, 0, 0)
        async with operation_door(network, 0) as port, doors(network, directory, ports, LAVISH):
            memory.settle()
            sys.stdout.write(json.dumps({"operation": f"{HOST}:{port}"}) + "\n")
            sys.stdout.flush()
            await stopped.wait()


if __name__ == "__main__":
    open_files.allow_many()
    asyncio.run(_serve(DataDirectory(Path(sys.argv[1]))))
