"""The transaction functions, by subject. Importing this package registers them all."""

from chaincode.contracts import (
    accounts,
    bills_of_lading,
    customs_rates,
    day,
    declarations,
    documents,
    financings,
    happenings,
    initiations,
    invoices,
    participants,
    payments,
    sales_contracts,
    supervision,
    tax_assessments,
    undertakings,
)

__all__ = [
    "accounts",
    "bills_of_lading",
    "customs_rates",
    "day",
    "declarations",
    "documents",
    "financings",
    "happenings",
    "initiations",
    "invoices",
    "participants",
    "payments",
    "sales_contracts",
    "supervision",
    "tax_assessments",
    "undertakings",
]
