"""What `waitan customs` does: declarations from a file, what officers decide, rates, and taxes."""
