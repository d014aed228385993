"""What the measured process says of itself at /metrics: histograms as they grew between two readings."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import aiohttp

Samples = Mapping[str, float]
"""A sample's line up to its value, and the value."""

_LE: Final = 'le="'


async def scraped(address: str) -> dict[str, float]:
    """Read all samples."""
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}/metrics") as response:
        text = await response.text()
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def quantile_ms(before: Samples, after: Samples, name: str, labels: str, share: float) -> float:
    """Give a quantile of what a histogram (in seconds) took in meanwhile, in milliseconds.

    It lies within one bucket, and is taken as Prometheus' histogram_quantile takes it: by its place in between.
    """
    counts = {
        _bound(line): value - before.get(line, 0.0)
        for line, value in after.items()
        if line.startswith(f"{name}_bucket{{") and labels in line
    }
    points = [(0.0, 0.0), *sorted(counts.items())]
    wanted = points[-1][1] * share
    for (low_s, below), (high_s, up_to) in pairwise(points):
        if up_to >= wanted and up_to > below:
            return 1000 * (low_s + (high_s - low_s) * (wanted - below) / (up_to - below))
    raise ValueError(f"{name} took nothing in")


def _bound(line: str) -> float:
    return float(line.partition(_LE)[2].partition('"')[0])
