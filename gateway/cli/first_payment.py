"""`waitan pay`: a payment between two of the development network's customers, with all that a payment needs."""

from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import uuid4

from gateway.development import Profile
from waitan.v1.common_pb2 import Agent, CashAccount, Party, PostalAddress
from waitan.v1.payments_pb2 import CHARGE_BEARER_SHAR, Payment


class Customer(NamedTuple):
    """A fictitious customer of a development bank, and its account there."""

    party: Party
    account: CashAccount


class Sum(NamedTuple):
    """An amount with exactly its currency's decimals."""

    amount: str
    currency: str


CUSTOMERS: Final = {
    "banksh": Customer(
        Party(
            name="Huangpu Silk & Textile Co., Ltd.",
            address=PostalAddress(
                street_name="Sichuan Middle Road", building_number="276", town_name="Shanghai", country="CN"
            ),
        ),
        CashAccount(other="1001274009300118821", other_scheme="BBAN"),
    ),
    "bankist": Customer(
        Party(
            name="Bosphorus Tekstil A.S.",
            address=PostalAddress(
                street_name="Istiklal Caddesi", building_number="205", town_name="Istanbul", country="TR"
            ),
        ),
        CashAccount(iban="TR150008800000004100488126"),
    ),
}


def payment(payer: Profile, payee: Profile, paid: Sum, *, date: str, text: str) -> Payment:
    """Make a payment from one bank's customer to another's, named by a new UETR."""
    debtor, creditor = CUSTOMERS[payer.participant], CUSTOMERS[payee.participant]
    uetr = str(uuid4())
    return Payment(
        uetr=uetr,
        currency=paid.currency,
        amount=paid.amount,
        settlement_date=date,
        message_id=f"PAY-{uetr[:18]}",
        instruction_id=f"PAY-{uetr[:18]}",
        end_to_end_id="NOTPROVIDED",
        charge_bearer=CHARGE_BEARER_SHAR,
        instructing_agent=payer.bic,
        instructed_agent=payee.bic,
        debtor=debtor.party,
        debtor_account=debtor.account,
        debtor_agent=Agent(bic=payer.bic),
        creditor=creditor.party,
        creditor_account=creditor.account,
        creditor_agent=Agent(bic=payee.bic),
        remittance=text,
        created_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    )
