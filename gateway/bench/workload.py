"""What the benchmarks settle: payments between fictitious banks, varied as real ones are, the same at every run."""

import itertools
import random
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from gateway.development.members import Profile
from settlement.parties import Agent, CashAccount, Kind, Party, PostalAddress
from settlement.payments.commands import ChargeBearer, SubmitPayment

CURRENCY: Final = "CNY"
DATE: Final = "2026-11-23"
BANKS: Final = 64

_TOWNS: Final = (("CN", "Shanghai"), ("CN", "Ningbo"), ("TR", "Istanbul"), ("JP", "Osaka"), ("BH", "Manama"))
_TRADES: Final = ("Textile", "Bearings", "Hazelnut", "Machine Tools", "Silk", "Ceramics", "Optics", "Marine Supply")
_STREETS: Final = ("Zhongshan East Road", "Istiklal Caddesi", "Midosuji", "King Faisal Highway", "Yan'an Road")


def profiles() -> list[Profile]:
    """Clearing, regulator and the banks of the benchmark."""
    letters = "ABCDEFGH"
    return [
        Profile("clearing", Kind.CLEARING, "Clearing House", "WTCHCNSHXXX"),
        Profile("regulator", Kind.REGULATOR, "Supervision Office"),
        *(
            Profile(f"bank{i:02}", Kind.BANK, f"Bank {i}", f"BN{letters[i // 8]}{letters[i % 8]}CNSHXXX")
            for i in range(BANKS)
        ),
    ]


class Workload:
    """An endless supply of payments. `debtors` are the banks that pay, each equally likely; any other is paid."""

    def __init__(self, banks: list[Profile], *, debtors: int, seed: int = 1, date: str = DATE) -> None:
        self._date: Final = date
        self._banks: Final = banks
        self._debtors: Final = banks[:debtors]
        self._random: Final = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
        self._numbers: Final = itertools.count(seed * 10**7)

    def payments(self, count: int) -> Iterator[SubmitPayment]:
        """Give the next payments."""
        for _ in range(count):
            yield self._payment()

    def _payment(self) -> SubmitPayment:
        dice = self._random
        payer = dice.choice(self._debtors)
        payee = dice.choice(self._banks)
        while payee is payer:
            payee = dice.choice(self._banks)
        number = next(self._numbers)
        minor = dice.randrange(1, 10**4)
        return SubmitPayment(
            uetr=str(UUID(int=dice.getrandbits(128), version=4)),
            payer=payer.participant,
            payee=payee.participant,
            currency=CURRENCY,
            amount=f"{minor // 100}.{minor % 100:02}",
            settlement_date=self._date,
            message_id=f"MSG{number:08}{dice.randrange(10**10):010}",
            instruction_id=f"INS{number:08}",
            end_to_end_id=f"INV-2026-{number % 10**6:06}",
            charge_bearer=ChargeBearer.SHAR,
            instructing_agent=payer.bic,
            instructed_agent=payee.bic,
            debtor=self._party(),
            debtor_account=CashAccount(other=f"62220{dice.randrange(10**13):013}"),
            debtor_agent=Agent(bic=payer.bic),
            creditor=self._party(),
            creditor_account=CashAccount(other=f"62284{dice.randrange(10**13):013}"),
            creditor_agent=Agent(bic=payee.bic),
            purpose="GDDS",
            remittance=f"Invoice {number % 10**6} of {self._date}, container {dice.randrange(10**7):07}",
        )

    def _party(self) -> Party:
        dice = self._random
        country, town = dice.choice(_TOWNS)
        return Party(
            name=f"{town} {dice.choice(_TRADES)} {dice.randrange(10**4)} Co Ltd",
            address=PostalAddress(
                country=country,
                town_name=town,
                street_name=dice.choice(_STREETS),
                building_number=str(dice.randrange(1, 999)),
                post_code=f"{dice.randrange(10**6):06}",
            ),
        )
