"""Benchmarks: each says what it measures, in one run, as ratios where machines differ. `waitan bench` runs them."""

Figures = dict[str, float | int | str]
"""What a benchmark measured, by the keys that docs/reference/performance.md explains."""
