"""The transaction functions, by subject. Importing this package registers them all."""

from chaincode.contracts import accounts, day, participants, payments

__all__ = ["accounts", "day", "participants", "payments"]
