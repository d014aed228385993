"""A hold: part of a balance that is set aside, and then posted, or released. Two phases, one end.

What is held still belongs to its account (`posted`), and cannot be spent (`available`). The record that asked for the
hold (a redemption, a payment undertaking) sees to it that it ends once; here are the movements alone.
(REQUIREMENTS section 2 Hold, I2, I3)
"""

from msgspec.structs import replace

from settlement.accounts.account import Account, transferred


def reserved(account: Account, amount_minor: int) -> Account:
    """Set an amount aside; the caller has asked whether it is available."""
    assert 0 < amount_minor <= account.available_minor
    return replace(account, reserved_minor=account.reserved_minor + amount_minor)


def released(account: Account, amount_minor: int) -> Account:
    """Let an amount that was set aside be spent again."""
    assert 0 < amount_minor <= account.reserved_minor
    return replace(account, reserved_minor=account.reserved_minor - amount_minor)


def posted(debit: Account, credit: Account, amount_minor: int) -> tuple[Account, Account]:
    """Move an amount that was set aside; the caller has asked whether the credit side can hold it."""
    return transferred(released(debit, amount_minor), credit, amount_minor)
