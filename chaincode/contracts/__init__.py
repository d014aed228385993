"""The transaction functions, by subject. Importing this package registers them all."""

from chaincode.contracts import accounts, bills_of_lading, day, initiations, participants, payments, sales_contracts

__all__ = ["accounts", "bills_of_lading", "day", "initiations", "participants", "payments", "sales_contracts"]
