"""A whole network on one machine, for trying and for tests: its organisations, its first morning, its process."""
