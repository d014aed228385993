"""CPU time of processes, from /proc: what a payment costs each of them, however busy the machine is with others."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12
"""Which fields after the command's name are time in user and system mode (proc(5), /proc/pid/stat)."""


class CpuClock:
    """Reads the CPU time that processes have used, by name."""

    def __init__(self, processes: Mapping[str, Sequence[int]]) -> None:
        """Take the ids of processes by name; those of one name are added up."""
        self._processes: Final = dict(processes)
        self._before_s: dict[str, float] = {}

    def start(self) -> None:
        """Count from now on."""
        self._before_s = self._now_s()

    def spent_s(self) -> dict[str, float]:
        """Give the CPU seconds of each since the start."""
        return {name: used - self._before_s.get(name, 0.0) for name, used in self._now_s().items()}

    def _now_s(self) -> dict[str, float]:
        return {name: sum(map(_used_s, pids)) for name, pids in self._processes.items()}


def _used_s(pid: int) -> float:
    """Give the CPU seconds of a process, 0 where it is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    # The command's name may hold blanks and brackets, so counting begins after its last bracket.
    fields = told.rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS_PER_S


class ProcessClock:
    """Reads the CPU time that this process and those that it has started have used, in less than a microsecond."""

    def now_s(self) -> float:
        """Give the CPU seconds until now; of a process that has ended since, nothing."""
        return time.process_time() + sum(map(_cpu_clock_s, _children()))


def _children() -> set[int]:
    told = [path.read_text(encoding="ascii") for path in Path("/proc/self/task").glob("*/children")]
    return {int(pid) for each in told for pid in each.split()}


def _cpu_clock_s(pid: int) -> float:
    """Give the CPU seconds of another process, by the name that Linux gives its clock (clock_getcpuclockid(3))."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0
