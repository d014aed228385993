"""Tests whose network is their own: they count what is on it, or others would count what they leave."""
