"""The words of the network at a glance."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "network": ("Network", "网络", "Ağ"),
}
# fmt: on
