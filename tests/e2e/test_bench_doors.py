"""`waitan bench doors` on a small scale: it runs from end to end, and every figure that it gives is explained."""

from pathlib import Path
from typing import Any

import pytest

from gateway.bench.served import calls, followers, overload, suite, visible
from gateway.bench.served.scrape import quantile_ms

PERFORMANCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "performance.md"
SMALL: dict[Any, dict[str, Any]] = {
    calls: {"PAYMENTS": 40, "ROUNDS": 1, "CALLS": 100, "WARM_UP": 20},
    visible: {"FOR_S": 1, "RATE_PER_S": 100},
    overload: {"WARM_UP_CALLS": 2, "PEAK_CALLS": 10, "OVERLOAD_S": 0.5, "UNDER_WAY": (40,), "LONE": 3},
    followers: {"FOLLOWERS": 21, "EVENTS": 3, "STREAMS": 40, "AT_ONCE": 20, "CONNECTIONS": 2},
}


@pytest.mark.asyncio
async def test_every_figure_is_measured_and_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, values in SMALL.items():
        for name, value in values.items():
            monkeypatch.setattr(module, name, value)
    figures = await suite.measure(lambda _: None)
    explained = PERFORMANCE.read_text(encoding="utf-8")
    assert [name for name in figures if f"`{name}`" not in explained] == []
    assert (figures["followers"], figures["idle_streams"], figures["overload_failed"]) == (21, 40, 0)
    assert all(isinstance(value, int | float) for value in figures.values())


def test_a_quantile_is_what_prometheus_makes_of_the_buckets() -> None:
    before = {'lag_bucket{le="0.01",participant="a"}': 5.0}
    after = {
        'lag_bucket{le="0.01",participant="a"}': 55.0,
        'lag_bucket{le="0.02",participant="a"}': 100.0,
        'lag_bucket{le="+Inf",participant="a"}': 100.0,
        'lag_bucket{le="0.01",participant="b"}': 1000.0,
    }
    assert quantile_ms(before, after, "lag", 'participant="a"', 0.5) == pytest.approx(10.0)
    assert quantile_ms(before, after, "lag", 'participant="a"', 0.75) == pytest.approx(15.0)
