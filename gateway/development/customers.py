"""The firms of the development network, fictitious all: a customer of each bank, who trades, and a carrier.

The customers pay and are paid by `waitan pay` and have tokens; `trader-1` of each bank acts for its one. A bank that
somebody adds has an example customer, who pays and is paid, and no trader.
"""

from typing import Final, NamedTuple

from settlement import identifiers
from settlement.participants import Customer
from settlement.parties import CashAccount, Party, PostalAddress


class Trader(NamedTuple):
    """A trader and its account at its bank."""

    party: Party
    account: CashAccount

    @property
    def customer(self) -> Customer:
        """What its bank registers."""
        return Customer(
            identifier=self.party.lei or self.party.uscc,
            name=self.party.name,
            accounts=(self.account.iban or self.account.other,),
        )


TRADERS: Final = {
    "banksh": Trader(
        Party(
            name="Huangpu Silk & Textile Co., Ltd.",
            address=PostalAddress(
                street_name="Sichuan Middle Road",
                building_number="276",
                post_code="200002",
                town_name="Shanghai",
                country="CN",
            ),
            uscc="91310101MA1FP2K400",
        ),
        CashAccount(other="1001274009300118821", other_scheme="BBAN"),
    ),
    "bankist": Trader(
        Party(
            name="Bosphorus Tekstil A.S.",
            address=PostalAddress(
                street_name="Istiklal Caddesi",
                building_number="205",
                post_code="34433",
                town_name="Istanbul",
                country="TR",
            ),
            lei="789000M2RX5C8V1DPT81",
        ),
        CashAccount(iban="TR150008800000004100488126"),
    ),
}
"""By bank."""


def customer_of(bank: str, bic: str) -> Trader:
    """Give a bank's example customer: ours of the two banks of the development network, else one made from its BIC."""
    if bank in TRADERS:
        return TRADERS[bank]
    from stdnum.iso7064 import mod_97_10

    normal = identifiers.bic(bic)
    is_branch = not normal.endswith("XXX")  # whose customer is not that of its head office
    numbered = f"989800X{normal}" if is_branch else f"989800EXMP{normal[:8]}"
    return Trader(
        Party(
            name=f"Example Customer of {bank}",
            address=PostalAddress(town_name="Example Town", country=bic[4:6]),
            lei=numbered + mod_97_10.calc_check_digits(numbered),
        ),
        CashAccount(other=f"EXAMPLE{normal if is_branch else normal[:8]}", other_scheme="BBAN"),
    )


CARRIER: Final = Party(name="Yangtze Pacific Lines Co., Ltd.", lei="984500HP7XS0CARR1E86")
"""Whose ships carry the goods; customs, the single window, certifies its people."""

FIRMS: Final = {bank: trader.customer.identifier for bank, trader in TRADERS.items()} | {"customs": CARRIER.lei}
"""The LEI or USCC of the firm for which an organisation certifies somebody from the start."""
