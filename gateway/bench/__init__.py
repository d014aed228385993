"""Benchmarks: each says what it measures, in one run, as ratios where machines differ. `waitan bench` runs them."""
