"""Processes of the benchmark: started, heard when they are ready, and ended."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple


class Served(NamedTuple):
    """A process that serves, and what it said when it was ready."""

    pid: int
    said: dict[str, Any]

    def cpu_s(self) -> float:
        """How much of the processor's time its threads have used (Documentation/scheduler/sched-stats, in ns)."""
        told = (thread.joinpath("schedstat").read_text() for thread in Path(f"/proc/{self.pid}/task").iterdir())
        return sum(int(line.split()[0]) for line in told) / 1e9

    def memory_bytes(self) -> int:
        """How much memory it holds that it shares with nobody (proc(5), smaps_rollup)."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024


@contextmanager
def served(module: str, *arguments: str) -> Iterator[Served]:
    """Run a module of this package in a process of its own."""
    command = [sys.executable, "-m", f"gateway.bench.served.{module}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        try:
            assert process.stdout is not None
            yield Served(process.pid, json.loads(process.stdout.readline()))
        finally:
            process.terminate()
