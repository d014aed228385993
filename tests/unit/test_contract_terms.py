"""Terms of a contract: what is in order, and each thing that is not."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.errors import Code
from settlement.parties import PostalAddress
from settlement.trade import goods
from settlement.trade.contract_terms import (
    VERSION_MAX,
    Collection,
    Delivery,
    PaymentMethod,
    PaymentTerms,
    require_terms,
)
from settlement.trade.goods import LINES_MAX, UNITS, Line
from tests.expectations import refused
from tests.trade import BUYER, FABRIC, SELLER, some_terms


def of_lines(*lines: Line, **others: Any) -> dict[str, Any]:
    return {"lines": lines, "amount": lines[0].amount, **others}


def one(**changed: Any) -> dict[str, Any]:
    return of_lines(replace(FABRIC, **changed), amount="58000.00")


ADVANCE = PaymentTerms(method=PaymentMethod.ADVANCE)
WRONG: list[tuple[dict[str, Any], Code, str]] = [
    ({"number": ""}, Code.CH21, "number"),
    ({"number": "HST 2026|4"}, Code.CH16, "number"),
    ({"version": 2}, Code.CH16, "version"),
    ({"seller": replace(SELLER, identifier="")}, Code.CH21, "seller.identifier"),
    ({"seller": replace(SELLER, identifier="91310101MA1FP2K401")}, Code.BE15, "seller.identifier"),
    ({"buyer": replace(BUYER, identifier="789000M2RX5C8V1DPT82")}, Code.BE15, "buyer.identifier"),
    ({"buyer": replace(BUYER, name="")}, Code.CH21, "buyer.name"),
    ({"buyer": replace(BUYER, bank="")}, Code.CH21, "buyer.bank"),
    ({"buyer": replace(BUYER, bank="Bank|Ist")}, Code.CH16, "buyer.bank"),
    ({"buyer": replace(BUYER, address=PostalAddress(country="TR"))}, Code.CH16, "buyer.address.town_name"),
    ({"buyer": replace(BUYER, address=PostalAddress(address_line=("1 Road",)))}, Code.CH16, "buyer.address.town_name"),
    ({"buyer": replace(SELLER, bank="bankist")}, Code.CH16, "buyer.identifier"),
    ({"currency": "XAU"}, Code.AM03, "currency"),
    ({"currency": "DEM"}, Code.AM11, "currency"),
    ({"amount": "100000.0"}, Code.CH20, "amount"),
    ({"amount": "100000.01"}, Code.SUM_WRONG, "amount"),
    ({"amount": "0.00"}, Code.AM01, "amount"),
    ({"lines": ()}, Code.CH21, "lines"),
    ({"lines": (FABRIC,) * (LINES_MAX + 1)}, Code.CH17, "lines"),
    (one(hs_code="50072"), Code.CH16, "lines.0.hs_code"),
    (one(hs_code="5007201"), Code.CH16, "lines.0.hs_code"),
    (one(hs_code="500720190012"), Code.CH16, "lines.0.hs_code"),
    (one(hs_code=""), Code.CH21, "lines.0.hs_code"),
    (one(description=""), Code.CH21, "lines.0.description"),
    (one(description="x" * 351), Code.CH16, "lines.0.description"),
    (one(unit="METRE"), Code.CH16, "lines.0.unit"),
    (one(quantity="-1000"), Code.CH16, "lines.0.quantity"),
    (one(quantity="1e3"), Code.CH16, "lines.0.quantity"),
    (one(unit_price="58.0000001"), Code.CH16, "lines.0.unit_price"),
    (one(unit_price="58.01"), Code.SUM_WRONG, "lines.0.amount"),
    (one(amount="58000"), Code.CH20, "lines.0.amount"),
    ({"tolerance_pct": 11}, Code.CH16, "tolerance_pct"),
    ({"tolerance_pct": -1}, Code.CH16, "tolerance_pct"),
    ({"delivery": Delivery(rule="DAT", version="2020", place="Izmir")}, Code.CH16, "delivery.rule"),
    ({"delivery": Delivery(rule="DPU", version="2010", place="Izmir")}, Code.CH16, "delivery.rule"),
    ({"delivery": Delivery(rule="CIF", version="2000", place="Izmir")}, Code.CH16, "delivery.version"),
    ({"delivery": Delivery(rule="CIF", version="2020", place="")}, Code.CH21, "delivery.place"),
    ({"payment": replace(ADVANCE, days=30)}, Code.CH17, "payment.days"),
    ({"payment": replace(ADVANCE, method=PaymentMethod.OPEN_ACCOUNT)}, Code.CH21, "payment.days"),
    ({"payment": replace(ADVANCE, method=PaymentMethod.OPEN_ACCOUNT, days=366)}, Code.CH16, "payment.days"),
    ({"payment": replace(ADVANCE, collection=Collection.DP)}, Code.CH17, "payment.collection"),
    ({"payment": replace(ADVANCE, method=PaymentMethod.COLLECTION)}, Code.CH21, "payment.collection"),
    (
        {"payment": PaymentTerms(method=PaymentMethod.COLLECTION, collection=Collection.DA)},
        Code.CH21,
        "payment.days",
    ),
    ({"agreed_on": "2026-02-30"}, Code.CH16, "agreed_on"),
    ({"expires_on": ""}, Code.CH21, "expires_on"),
    ({"latest_shipment_on": "2026-11-22"}, Code.CH16, "latest_shipment_on"),
    ({"latest_shipment_on": "2027-07-01"}, Code.CH16, "latest_shipment_on"),
    ({"law": ""}, Code.CH21, "law"),
    ({"law": "中国法律"}, Code.CH16, "law"),
]


@pytest.mark.parametrize(("changed", "code", "where"), WRONG)
def test_what_is_wrong_is_told_by_code_and_field(changed: dict[str, Any], code: Code, where: str) -> None:
    with refused(code, f"terms.{where}"):
        require_terms(some_terms(**changed), version=1)


@pytest.mark.parametrize(
    "payment",
    [
        ADVANCE,
        PaymentTerms(method=PaymentMethod.OPEN_ACCOUNT, days=60),
        PaymentTerms(method=PaymentMethod.COLLECTION, collection=Collection.DP),
        PaymentTerms(method=PaymentMethod.COLLECTION, collection=Collection.DA, days=90),
        PaymentTerms(method=PaymentMethod.UNDERTAKING),
        PaymentTerms(method=PaymentMethod.UNDERTAKING, days=30),
    ],
)
def test_every_way_to_pay_can_be_agreed(payment: PaymentTerms) -> None:
    require_terms(some_terms(payment=payment), version=1)


@pytest.mark.parametrize(
    ("quantity", "price", "currency", "minor"),
    [
        ("3", "0.333333", "CNY", 100),
        ("0.5", "0.01", "CNY", 0),
        ("1.5", "0.01", "CNY", 2),
        ("2.5", "0.01", "CNY", 2),
        ("1", "1.4999", "JPY", 1),
        ("7", "1.2345", "BHD", 8642),
        ("999999999999", "999999.999999", "CNY", 99999999999800000000),
    ],
)
def test_a_line_is_rounded_half_to_even(quantity: str, price: str, currency: str, minor: int) -> None:
    assert goods.product_minor(quantity, price, currency) == minor


def test_units_are_codes_of_recommendation_20() -> None:
    """Two or three capitals and digits each, counted or measured and not both."""
    assert all(2 <= len(unit) <= 3 and unit.isalnum() and unit.upper() == unit for unit in UNITS)
    assert goods.COUNTED < UNITS
    assert {"KGM", "MTR", "LTR"} < UNITS - goods.COUNTED


def test_a_contract_is_amended_so_often_and_no_more() -> None:
    last = replace(some_terms(), version=VERSION_MAX)
    require_terms(last, version=VERSION_MAX)
    beyond = VERSION_MAX + 1
    with refused(Code.CH16, "terms.version"):
        require_terms(replace(last, version=beyond), version=beyond)
