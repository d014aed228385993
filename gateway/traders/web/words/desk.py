"""The words of a bank's desk: today, balances, liquidity, statements."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "desk": ("Desk", "业务台", "Masa"),
}
# fmt: on
