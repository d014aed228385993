"""Reading a message before the first one comes: what reading needs takes some tenths of a second to load."""

from datetime import date
from typing import Final

from gateway.development.customers import TRADERS
from gateway.development.example_payment import Sum, payment
from gateway.development.members import SHANGHAI
from settlement.iso20022 import reading, writing

_ANY_DATE: Final = date(2026, 11, 23)


def warm() -> None:
    """Write an example payment, and read it."""
    payer, payee = (profile for profile in SHANGHAI if profile.participant in TRADERS)
    example = payment(payer, payee, Sum("1.00", "CNY"), date=_ANY_DATE.isoformat(), text="-")
    document = writing.payment_message(example, sent_at=example.created_at)
    banks = {payer.bic: payer.participant, payee.bic: payee.participant}
    reading.read(document, business_date=_ANY_DATE, participant_of=banks.get)
