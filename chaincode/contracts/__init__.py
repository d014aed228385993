"""The transaction functions, by subject. Importing this package registers them all."""

from chaincode.contracts import accounts, day, initiations, participants, payments, sales_contracts

__all__ = ["accounts", "day", "initiations", "participants", "payments", "sales_contracts"]
