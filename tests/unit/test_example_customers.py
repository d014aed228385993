"""The example customers of a development network's banks."""

from gateway.development.customers import TRADERS, customer_of
from settlement import identifiers


def test_every_bank_has_a_customer_of_its_own() -> None:
    """Also two branches of one bank, whose BICs differ in the last three characters alone; the LEIs are right."""
    bics = ("BOSPTRIS", "BOSPTRISXXX", "BOSPTRISANK", "BOSPTRISIZM", "MAINDEFF")
    customers = {bic: customer_of("added", bic) for bic in bics}
    firms = [each.customer.identifier for each in customers.values()]
    assert [identifiers.lei(firm) for firm in firms] == firms
    assert firms[0] == firms[1]  # the head office, in its short form and its long one
    assert len(set(firms)) == len({each.account.other for each in customers.values()}) == len(bics) - 1


def test_the_banks_of_the_development_network_have_those_that_are_written_down() -> None:
    for bank, trader in TRADERS.items():
        assert customer_of(bank, "MAINDEFF") is trader
