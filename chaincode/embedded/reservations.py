"""What is reserved on an account, explained: all of it belongs to redemptions and conditional payments that stand.

Reserved money is its owner's and cannot be spent; so a reservation that nothing explains takes money away from a bank,
and one that is missing lets it be spent twice. (REQUIREMENTS I2, section 2 Hold)
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from chaincode.port import Place
from settlement import money
from settlement.accounts.account import ISSUER, Account
from settlement.accounts.redemption import Redemption, RedemptionState
from settlement.payments.undertaking import Undertaking, UndertakingState
from settlement.records import Record

_Owner = tuple[str, str]
"""Whose account, and its currency."""

_RESERVING: Final = frozenset({RedemptionState.REQUESTED, RedemptionState.CONFIRMED})


class Reservations:
    """Follows what is reserved, transaction by transaction."""

    def __init__(self) -> None:
        self._held: Final[dict[tuple[str, ...], int]] = {}
        self._accounts: Final[dict[_Owner, int]] = {}
        self._unseen: set[str] = set()

    def enter(self, writes: Sequence[tuple[Place, Record]], unseen: frozenset[str]) -> Iterator[str]:
        """Take in what a transaction wrote; `unseen` names the collections of which something was purged."""
        self._unseen |= unseen  # from then on what explains a reservation may be what was purged
        explained: Counter[_Owner] = Counter()
        moved: Counter[_Owner] = Counter()
        for _, record in writes:
            if isinstance(record, Account) and record.kind != ISSUER:
                owner = (record.participant, record.currency)
                moved[owner] += record.reserved_minor - self._accounts.get(owner, 0)
                self._accounts[owner] = record.reserved_minor
            elif isinstance(record, Undertaking):
                stands = record.state is UndertakingState.RESERVED
                held_minor = record.amount_minor if stands else 0
                explained[record.payer, record.currency] += self._change((record.record_id,), held_minor)
            elif isinstance(record, Redemption):
                stands = record.state in _RESERVING
                held_minor = money.parse_exact(record.amount, record.currency) if stands else 0
                name = (record.participant, record.redemption_id)
                explained[record.participant, record.currency] += self._change(name, held_minor)
        for owner in sorted(moved.keys() | explained.keys()):
            if moved[owner] != explained[owner] and owner[0] not in self._unseen:
                yield (
                    f"what is reserved on the account of {owner[0]} in {owner[1]} changed by {moved[owner]} "
                    f"minor units, its redemptions and conditional payments explain {explained[owner]}"
                )

    def _change(self, name: tuple[str, ...], held_minor: int) -> int:
        """Note how much something holds now, and give by how much that differs; a second copy differs by nothing."""
        before = self._held.pop(name, 0)
        if held_minor:
            self._held[name] = held_minor
        return held_minor - before
