"""Contracts of sale that a trader proposes on a page, and their amendments: the form, and the terms that it makes.

What the lines of goods come to is reckoned. Of its own side a firm fills in what its latest contract does not say. An
amendment begins with the terms in effect; the two parties and the currency stay as they are.
What the rules can say of the terms beforehand they are asked before anybody signs.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from gateway.traders.web.signable import Act, Case, Field, Given
from settlement import currencies, money
from settlement.errors import Code, Refusal
from settlement.parties import PostalAddress
from settlement.trade import contract, goods
from settlement.trade.contract import AmendContract, ContractEvent, ProposeContract, SalesContract
from settlement.trade.contract_terms import (
    EDITIONS,
    Collection,
    ContractTerms,
    Delivery,
    PaymentMethod,
    PaymentTerms,
)
from settlement.trade.goods import Line
from settlement.trade.traders import Trader

SELLER: Final = "SELLER"
BUYER: Final = "BUYER"
LINES: Final = 2
"""How many lines of goods a form begins with, and how many more it gets each time that more are asked for."""
LINES_MAX: Final = 40
"""How many it can have: more are proposed by command."""
WAYS: Final = {
    "ADVANCE": (PaymentMethod.ADVANCE, None),
    "OPEN_ACCOUNT": (PaymentMethod.OPEN_ACCOUNT, None),
    "COLLECTION_DP": (PaymentMethod.COLLECTION, Collection.DP),
    "COLLECTION_DA": (PaymentMethod.COLLECTION, Collection.DA),
    "UNDERTAKING": (PaymentMethod.UNDERTAKING, None),
}
"""How the buyer pays: a choice on the form, and how terms say it."""
RULES: Final = tuple(sorted(set().union(*EDITIONS.values())))
SEEN_MOST: Final = ("H87", "MTR", "KGM", "TNE", "SET", "PR", "C62", "GRM", "MTK", "MTQ", "LTR")
UNITS: Final = (*SEEN_MOST, *sorted(goods.UNITS.difference(SEEN_MOST)))
"""The units of UN/ECE Recommendation 20, those that are seen most before the others."""
_DEAR: Final = "1000000"
"""A price at which the least quantity costs something: what costs nothing even so has a quantity that is wrong."""
_WHOLE: Final = re.compile(r"[0-9]{1,3}").fullmatch
_SAID: Final = {
    "amount": "quantity_1",
    "lines": "quantity_1",
    "delivery.rule": "incoterm",
    "delivery.version": "edition",
    "delivery.place": "place",
    "payment.days": "days",
    "payment.collection": "payment",
    "seller": "side",
}
"""Places in terms, and the fields that say them where those have other names."""
_ADDRESS: Final = (
    ("country", "code", True),
    ("town_name", "text", True),
    ("street_name", "text", False),
    ("building_number", "text", False),
    ("post_code", "text", False),
)


# The form


def _proposal_fields(case: Case) -> tuple[Field, ...]:
    """Ask for everything. Of itself the firm is asked for what the ledger does not know of it."""
    own = _own_before(case)
    return (
        Field("side", "choice", (SELLER, BUYER)),
        Field("number"),
        Field("agreed_on", "date", value=case.by.on),
        Field("own_name", value=own.name if own else case.name, part="own", is_wide=True),
        *_address_fields("own", own.address if own else PostalAddress()),
        Field("other_name", part="other", is_wide=True),
        Field("other_identifier", "identifier", part="other", is_wide=True),
        Field("other_bank", "choice", case.banks, part="other", is_wide=True),
        *_address_fields("other", PostalAddress()),
        Field("currency", "currency"),
        *_agreed_fields(None),
        *_lines_fields((), case.lines),
    )


def _amendment_fields(case: Case) -> tuple[Field, ...]:
    terms: ContractTerms = case.record.terms
    return (
        Field("agreed_on", "date", value=case.by.on),
        *_agreed_fields(terms),
        *_lines_fields(terms.lines, case.lines),
    )


def _agreed_fields(terms: ContractTerms | None) -> tuple[Field, ...]:
    """Ask how is delivered and paid, until when, and under which law."""
    delivery = terms.delivery if terms else Delivery(rule="CIF", version=max(EDITIONS), place="")
    payment = terms.payment if terms else PaymentTerms(method=PaymentMethod.OPEN_ACCOUNT)
    way = next(key for key, each in WAYS.items() if each == (payment.method, payment.collection))
    return (
        Field("incoterm", "choice", RULES, value=delivery.rule),
        Field("edition", "choice", tuple(sorted(EDITIONS, reverse=True)), value=delivery.version),
        Field("place", value=delivery.place),
        Field("payment", "choice", tuple(WAYS), value=way),
        Field("days", "number", is_needed=False, value=str(payment.days or "")),
        Field("tolerance_pct", "number", is_needed=False, value=str(terms.tolerance_pct or "") if terms else ""),
        Field("latest_shipment_on", "date", value=terms.latest_shipment_on if terms else ""),
        Field("expires_on", "date", value=terms.expires_on if terms else ""),
        Field("law", value=terms.law if terms else "CISG"),
    )


def _address_fields(side: str, address: PostalAddress) -> tuple[Field, ...]:
    return tuple(
        Field(
            f"{side}_{name}",
            form,
            is_needed=is_needed,
            value=getattr(address, name),
            part=side,
            is_wide=name == "street_name",
        )
        for name, form, is_needed in _ADDRESS
    )


def _lines_fields(lines: Sequence[Line], asked: int) -> tuple[Field, ...]:
    """Ask for so many lines of goods, at least for those that are there: a line without a quantity is left out."""
    many = min(max(asked, len(lines) or LINES), max(LINES_MAX, len(lines)))
    return tuple(
        field
        for place in range(1, many + 1)
        for field in _line_fields(place, lines[place - 1] if place <= len(lines) else None)
    )


def _line_fields(place: int, line: Line | None) -> tuple[Field, ...]:
    asked: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("description", "text", ()),
        ("hs_code", "number", ()),
        ("quantity", "decimal", ()),
        ("unit", "choice", UNITS),
        ("unit_price", "decimal", ()),
    )
    return tuple(
        Field(
            key,
            form,
            choices,
            is_needed=False,
            value=getattr(line, key) if line else "",
            line=place,
            is_wide=key == "description",
        )
        for key, form, choices in asked
    )


def _own_before(case: Case) -> Trader | None:
    """Give the firm as its latest contract names it."""
    for record in reversed(case.whole):
        if isinstance(record, SalesContract):
            sides = (record.terms.seller, record.terms.buyer)
            found = [each for each in sides if (each.identifier, each.bank) == (case.by.party, case.by.participant)]
            if found:
                return found[0]
    return None


# What it makes


def _proposal(case: Case, given: Given) -> ProposeContract:
    own, other = _own(case, given), _other(given)
    sells = given.text("side") == SELLER
    command = ProposeContract(
        command_id=given.command_id,
        terms=_terms(
            given,
            number=given.text("number"),
            version=1,
            seller=own if sells else other,
            buyer=other if sells else own,
            currency=given.text("currency").upper(),
        ),
    )
    try:
        contract.proposed(command, case.by)
    except Refusal as refusal:
        raise Refusal(refusal.code, _in_form(refusal.where, given, sells=sells)) from None
    return command


def _amendment(case: Case, given: Given) -> AmendContract:
    record: SalesContract = case.record
    before = record.terms
    command = AmendContract(
        command_id=given.command_id,
        terms=_terms(
            given,
            number=before.number,
            version=before.version + 1,
            seller=before.seller,
            buyer=before.buyer,
            currency=before.currency,
        ),
    )
    try:
        contract.amended(record, command, case.by)
    except Refusal as refusal:
        raise Refusal(refusal.code, _in_form(refusal.where, given)) from None
    return command


def _terms(given: Given, **parties: Any) -> ContractTerms:
    """Say in terms what was filled in; what they come to is reckoned."""
    currency: str = parties["currency"]
    currencies.exponent(currency)
    lines = tuple(_line(given, place, currency) for place in _filled_lines(given))
    method, collection = WAYS[given.text("payment")]
    return ContractTerms(
        **parties,
        agreed_on=given.text("agreed_on"),
        amount=money.render(goods.total_minor(lines, currency), currency),
        lines=lines,
        delivery=Delivery(rule=given.text("incoterm"), version=given.text("edition"), place=given.text("place")),
        payment=PaymentTerms(method=method, days=_whole(given, "days"), collection=collection),
        latest_shipment_on=given.text("latest_shipment_on"),
        expires_on=given.text("expires_on"),
        law=given.text("law"),
        tolerance_pct=_whole(given, "tolerance_pct"),
    )


def _line(given: Given, place: int, currency: str) -> Line:
    """Say a line of goods; AM01 for goods that cost nothing, CH16 for a quantity or a price that is no number."""
    quantity, price = given.decimal(f"quantity_{place}"), given.decimal(f"unit_price_{place}")
    if not price:
        raise Refusal(Code.CH21, f"unit_price_{place}")
    amount_minor = goods.product_minor(quantity, price, currency)
    if not amount_minor:
        wrong = "unit_price" if goods.product_minor(quantity, _DEAR, currency) else "quantity"
        raise Refusal(Code.CH16 if amount_minor is None else Code.AM01, f"{wrong}_{place}")
    return Line(
        hs_code=given.text(f"hs_code_{place}"),
        description=given.text(f"description_{place}"),
        quantity=quantity,
        unit=given.text(f"unit_{place}"),
        unit_price=price,
        amount=money.render(amount_minor, currency),
    )


def _filled_lines(given: Given) -> list[int]:
    """Give the form's numbers of the lines of goods that are sold."""
    places = sorted(int(name.removeprefix("quantity_")) for name in given.fields if name.startswith("quantity_"))
    return [place for place in places if given.text(f"quantity_{place}")]


def _whole(given: Given, name: str) -> int:
    """Read a small whole number; nothing is none."""
    text = given.text(name) or "0"
    if not _WHOLE(text):
        raise Refusal(Code.CH16, name)
    return int(text)


def _own(case: Case, given: Given) -> Trader:
    return Trader(
        identifier=case.by.require_party(),
        name=given.text("own_name"),
        address=_address(given, "own"),
        bank=case.by.participant,
    )


def _other(given: Given) -> Trader:
    return Trader(
        identifier=given.text("other_identifier").upper(),
        name=given.text("other_name"),
        address=_address(given, "other"),
        bank=given.text("other_bank"),
    )


def _address(given: Given, side: str) -> PostalAddress:
    return PostalAddress(
        country=given.text(f"{side}_country").upper(),
        town_name=given.text(f"{side}_town_name"),
        street_name=given.text(f"{side}_street_name"),
        building_number=given.text(f"{side}_building_number"),
        post_code=given.text(f"{side}_post_code"),
    )


def _in_form(where: str, given: Given, *, sells: bool = True) -> str:
    """Name the field of the form for a place in the terms."""
    place = where.removeprefix("terms.")
    side, _, rest = place.partition(".")
    if side == "lines" and rest:
        line, _, name = rest.partition(".")
        return f"{'quantity' if name == 'amount' else name}_{_filled_lines(given)[int(line)]}"
    if side in ("seller", "buyer") and rest:
        whose = "own" if (side == "seller") is sells else "other"
        return f"{whose}_{rest.rpartition('.')[2]}"
    return _SAID.get(place, place)


def _value(command: ProposeContract | AmendContract) -> str:
    return money.for_people(command.terms.amount, command.terms.currency)


def _to_be_amended(case: Case) -> bool:
    record: SalesContract = contract.require_own(case.record, case.by)
    may = (record.state, ContractEvent.AMENDMENT_PROPOSED) in record.LIFECYCLE.moves
    return may and len(record.terms.lines) <= LINES_MAX


PROPOSAL: Final = Act(
    "propose_contract",
    SalesContract,
    lambda case: bool(case.banks),
    _proposal,
    "waitan contract propose FILE",
    _proposal_fields,
    comes_to=_value,
    leads_to=lambda command: contract.contract_id(command.terms),
    more_lines=LINES,
)
"""With which a trade begins: it is about no record that there is."""

ACTS: Final = (
    Act(
        "amend_contract",
        SalesContract,
        _to_be_amended,
        _amendment,
        "waitan contract amend FILE",
        _amendment_fields,
        comes_to=_value,
        more_lines=LINES,
    ),
)
"""What a party to a contract in effect proposes."""
