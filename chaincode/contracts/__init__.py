"""The transaction functions, by subject. Importing this package registers them all."""

from chaincode.contracts import accounts, day, initiations, participants, payments

__all__ = ["accounts", "day", "initiations", "participants", "payments"]
