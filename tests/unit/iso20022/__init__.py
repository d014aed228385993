"""ISO 20022 at the door."""
