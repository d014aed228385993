"""A payment to be read before the first one comes: what reading needs takes some tenths of a second to load."""

from datetime import date
from typing import Final

from gateway.development.customers import TRADERS
from gateway.development.example_payment import Sum, payment
from gateway.development.members import SHANGHAI
from settlement.payments.commands import SubmitPayment

DATE: Final = date(2026, 11, 23)


def example() -> SubmitPayment:
    """Make a payment that is in order."""
    payer, payee = (profile for profile in SHANGHAI if profile.participant in TRADERS)
    return payment(payer, payee, Sum("1.00", "CNY"), date=DATE.isoformat(), text="-")
