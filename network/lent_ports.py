"""Ports that the system lends to outgoing connections (Linux, ip-sysctl, ip_local_port_range): no place for servers.

A node that is down for a moment can find its port lent to somebody's connection, and not start again.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

_SETTINGS: Final = Path("/proc/sys/net/ipv4")


def lent(settings: Path = _SETTINGS) -> range:
    """Give the ports that the system lends; none where it does not say."""
    try:
        first, last = map(int, (settings / "ip_local_port_range").read_text().split())
    except (OSError, ValueError):
        return range(0)
    return range(first, last + 1)


def kept_back(settings: Path = _SETTINGS) -> set[int]:
    """Give those among them that it was told to keep back (ip_local_reserved_ports, such as 40000-40100,50000)."""
    try:
        written = (settings / "ip_local_reserved_ports").read_text().strip()
        spans = [each.partition("-") for each in written.split(",") if each]
        return {port for first, _, last in spans for port in range(int(first), int(last or first) + 1)}
    except (OSError, ValueError):
        return set()


def warning(ports: Iterable[int], settings: Path = _SETTINGS) -> str:
    """Say what may happen where a network's ports are among those; empty where they are not."""
    from_system, reserved = lent(settings), kept_back(settings)
    at_risk = sorted(port for port in ports if port in from_system and port not in reserved)
    if not at_risk:
        return ""
    return (
        f"Ports {at_risk[0]} to {at_risk[-1]} are among those that the system lends to outgoing connections"
        f" ({from_system[0]} to {from_system[-1]}): a node that ends may find its own taken."
        " Begin below them: --base-port"
    )
