"""The way of a payment: who is on it, where the money is, and who took what."""

from typing import Any

import msgspec
import pytest

from gateway.projection.queries import PaymentView
from gateway.traders.web import way
from gateway.traders.web.way import Charge, Passage, Station
from settlement.forms.journals import Entry, Event
from settlement.participants import Organisation, Participant
from settlement.parties import Agent, Kind
from settlement.payments.commands import CreditStatus
from tests.builders import BICS, SILK, TEKSTIL, a_payment

PARTICIPANTS = {
    name: Participant(
        organisation=Organisation(participant=name, kind=Kind.BANK, name=title, msp=name, root="", bic=BICS[name])
    )
    for name, title in (("banksh", "Bank of the Bund"), ("bankist", "Bosphorus Bankasi"))
}
OUTSIDE = "DEUTDEFFXXX"


def a_view(*, credit: CreditStatus | None = None, code: str = "", returned: int = 0, **others: Any) -> PaymentView:
    command = a_payment("100.00", **others)
    return PaymentView(
        id=1, uetr=command.uetr, payer="banksh", payee="bankist", currency="CNY", amount_minor=10_000, code=code,
        credit=credit, credit_reason="", returned_minor=returned, is_duplicate=False, tx_id="", block=1, at_ms=0,
        command=command, entry=Entry(event=Event.PAYMENT_SETTLED, by="banksh", command=msgspec.Raw(b"{}")),
    )  # fmt: skip


def the_way(view: PaymentView, *charges: Charge, with_parties: bool = True) -> tuple[Station, ...]:
    return way.of(view, PARTICIPANTS, charges, with_parties=with_parties)


@pytest.mark.parametrize(
    ("what", "here"),
    [
        ({}, "receiving_bank"),
        ({"credit": CreditStatus.WAITING}, "receiving_bank"),
        ({"credit": CreditStatus.BLOCKED}, "receiving_bank"),
        ({"credit": CreditStatus.CREDITED}, "to"),
        ({"code": "AM04"}, "paying_bank"),
        ({"returned": 10_000}, "paying_bank"),
        ({"returned": 9_999}, "receiving_bank"),
    ],
)
def test_the_money_is_where_the_ledger_says(what: dict[str, Any], here: str) -> None:
    stations = the_way(a_view(**what))
    places = [station.place for station in stations]
    at = places.index(Passage.HERE)
    assert stations[at].role == here
    assert places == [Passage.PASSED] * at + [Passage.HERE] + [Passage.AHEAD] * (len(places) - at - 1)


def test_a_bank_outside_is_on_the_way_with_what_it_took() -> None:
    view = a_view(debtor_agent=Agent(bic=OUTSIDE), intermediary_agents=(Agent(bic="CHASUS33XXX"),))
    stations = the_way(view, Charge("12.50 EUR", OUTSIDE), Charge("3.00 CNY", BICS["bankist"]))
    assert [(each.name, each.charges) for each in stations] == [
        (SILK.name, ()),
        (OUTSIDE, ("12.50 EUR",)),
        ("Bank of the Bund", ()),
        ("Bosphorus Bankasi", ("3.00 CNY",)),
        ("CHASUS33XXX", ()),
        (TEKSTIL.name, ()),
    ]


def test_without_parties_the_way_is_the_banks_alone() -> None:
    stations = the_way(a_view(), with_parties=False)
    assert [each.name for each in stations] == ["Bank of the Bund", "Bosphorus Bankasi"]
