"""What is told of a network's fault."""

from pathlib import Path

from network.faults import ToolFault
from network.nodes import Build


def test_of_what_a_tool_says_its_errors_are_told() -> None:
    """Not how it is called, which Fabric's programs write after them."""
    said = "Error: no such channel\nUsage:\n  peer channel fetch [flags]\n\nFlags:\n  --tls   Use TLS\n  -h, --help\n"
    assert ToolFault("peer channel fetch", said).details == ("Error: no such channel",)
    assert ToolFault("peer channel fetch", "a\n\nb\nc\nd\n").details == ("b", "c", "d")


def test_where_more_is_told_stands_beneath() -> None:
    see = Build(Path("/banks/net")).command("logs peer0.banksh")
    assert see in ToolFault("peer channel fetch", "Error: no such channel", see=see).do
