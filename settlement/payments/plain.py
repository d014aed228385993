"""Payments that are in order at a glance: nearly all, and nearly all of these are of the same plain shape.

A plain payment goes from one named party with a structured address and an account to another, each at an agent
named by its BIC; it shares charges and has no more than texts beside, or names documents that all of it is for and
reports to China's authority. The canonical form of such a payment is one regular expression, made of the tables below,
so a stroke over its bytes says what else takes a look at each field.

The forms here are those of `parts` and `checks`, or stricter (no quotation marks, no space in front): a payment that is
not plain may well be in order, which `checks` then finds out field by field. Of one that is plain it would find the
same, only later. Nor does the expression leave room for a second spelling: what is of the form is canonical.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from settlement import identifiers, money
from settlement.countries import COUNTRIES
from settlement.errors import Refusal
from settlement.parties import CashAccount, Party
from settlement.payments import parts
from settlement.payments.commands import SubmitPayment

_REMEMBERED: Final = 4096
"""How many numbers of firms and of accounts are remembered as right: the same ones come again and again."""


def _text(longest: int) -> str:
    return rf"[!#-\[\]-~][ !#-\[\]-~]{{0,{longest - 1}}}"


def _identification(longest: int) -> str:
    x_set = r"0-9A-Za-z/\-?:().,'+"
    return rf"[{x_set}][{x_set} ]{{0,{longest - 1}}}"


def _value(form: str) -> str:
    return f'"{form}"'


def _object(must: Mapping[str, str], may: Mapping[str, str]) -> str:
    """Give the canonical form of an object: names in order, what is absent left out, no comma too many."""
    last = max(must)
    found = ""
    for name, form in sorted({**must, **may}.items()):
        member = f'"{name}":{form}'
        if name != last:
            member = f"{member}," if name < last else f",{member}"
        found += member if name in must else f"(?:{member})?"
    return rf"\{{{found}\}}"


def _some(may: Mapping[str, str]) -> str:
    """Give the canonical form of an object of which any member may be absent, but not all.

    The object begins with a member, and each comma is followed by one.
    """
    members = "".join(rf'(?:"{name}":{form}(?:,(?=")|(?=\}})))?' for name, form in sorted(may.items()))
    return rf'\{{(?="){members}\}}'


def _list(form: str, most: int) -> str:
    return rf"\[{form}(?:,{form}){{0,{most - 1}}}\]"


_BIC: Final = "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{5}"
_EXTERNAL: Final = "[A-Z0-9]{1,4}"
_PARTICIPANT: Final = "[a-z0-9-]{1,64}"
_ADDRESS: Final = _object(
    must={"country": _value("[A-Z]{2}"), "town_name": _value(_text(parts.ADDRESS_TEXTS["town_name"]))},
    may={name: _value(_text(longest)) for name, longest in parts.ADDRESS_TEXTS.items() if name != "town_name"},
)
_PARTY: Final = _object(
    must={"address": _ADDRESS, "name": _value(_text(140))},
    may={"lei": _value("[A-Z0-9]{20}"), "uscc": _value("[0-9A-Z]{18}")},
)
_IBAN: Final = _object(must={"iban": _value("[A-Z0-9]{15,34}")}, may={})
_OTHER: Final = _object(must={"other": _value(_identification(34))}, may={"other_scheme": _value(_EXTERNAL)})
_ACCOUNT: Final = f"(?:{_IBAN}|{_OTHER})"
_AGENT: Final = _object(must={"bic": _value(_BIC)}, may={})
_RECORD_ID: Final = _value("[0-9a-f]{32}")
_ONE: Final = _list(_object(must={"record_id": _RECORD_ID}, may={}), 1)
"""A document that all of the payment is for."""
_EVIDENCE: Final = _some({"bill_of_lading": _RECORD_ID, "contract": _RECORD_ID, "declarations": _ONE, "invoices": _ONE})
_REPORT: Final = _object(
    must={
        "details": _list(
            _object(
                must={"code": _value("[0-9A-Za-z]{1,10}"), "country": _value("CN")},
                may={"information": _list(_value(_text(35)), 10)},
            ),
            1,
        )
    },
    may={},
)
"""What China's authority is told of a payment: a balance-of-payments code, and the numbers of declarations."""
_PAYMENT: Final = _object(
    must={
        "type": _value("SubmitPayment"),
        "uetr": _value(identifiers.UETR_FORM),
        "payer": _value(_PARTICIPANT),
        "payee": _value(_PARTICIPANT),
        "currency": _value("[A-Z]{3}"),
        "amount": _value("[0-9.]{1,19}"),
        "settlement_date": _value("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        "message_id": _value(_identification(35)),
        "end_to_end_id": _value(_identification(35)),
        "charge_bearer": _value("SHAR"),
        "instructing_agent": _value(_BIC),
        "instructed_agent": _value(_BIC),
        "debtor": _PARTY,
        "debtor_agent": _AGENT,
        "debtor_account": _ACCOUNT,
        "creditor": _PARTY,
        "creditor_agent": _AGENT,
        "creditor_account": _ACCOUNT,
    },
    may={
        "requested_by": _value("[0-9a-f]{64}"),
        "created_at": _value("[0-9TZ:.-]{20,24}"),
        "when_unfunded": _value("reject"),
        "instruction_id": _value("[0-9A-Za-z-]{1,35}"),
        "transaction_id": _value(_identification(35)),
        "clearing_system_reference": _value(_identification(35)),
        "local_instrument": _value(_EXTERNAL),
        "category_purpose": _value(_EXTERNAL),
        "purpose": _value(_EXTERNAL),
        "remittance": _value(_text(140)),
        "initiation_id": _value("[0-9a-f]{32}"),
        "evidence": _EVIDENCE,
        "regulatory_reporting": _list(_REPORT, 1),
        "assessment_id": _value("[0-9a-f]{32}"),
    },
)
FORM: Final = re.compile(_PAYMENT.encode("ascii"))
"""The canonical form of a plain payment."""
_is_of_the_form: Final = FORM.fullmatch
_DECODER: Final = msgspec.json.Decoder(SubmitPayment)


def read(said: bytes) -> SubmitPayment | None:
    """Read a payment that is plain, with nothing wrong with it; None for all else, in order or not."""
    if _is_of_the_form(said) is None:
        return None
    payment = _DECODER.decode(said)
    return payment if _is_in_order(payment) else None


def is_plain(payment: SubmitPayment, said: bytes) -> bool:
    """Whether a payment, whose canonical form is `said`, is plain; then nothing is wrong with it."""
    return _is_of_the_form(said) is not None and _is_in_order(payment)


def _is_in_order(payment: SubmitPayment) -> bool:
    """Whether a payment of the form has nothing wrong with it that the form does not show."""
    assert payment.debtor.address is not None
    assert payment.creditor.address is not None
    return (
        payment.debtor.address.country in COUNTRIES
        and payment.creditor.address.country in COUNTRIES
        and money.is_exact(payment.amount, payment.currency)
        and parts.is_day(payment.settlement_date)
        and (not payment.created_at or parts.is_moment(payment.created_at))
        and parts.is_bic(payment.instructing_agent)
        and parts.is_bic(payment.instructed_agent)
        and parts.is_bic(payment.debtor_agent.bic)
        and parts.is_bic(payment.creditor_agent.bic)
        and _is_identified(payment.debtor)
        and _is_identified(payment.creditor)
        and _is_account(payment.debtor_account)
        and _is_account(payment.creditor_account)
    )


def _is_identified(party: Party) -> bool:
    """Whether a party that tells a LEI or a USCC tells one alone, and a right one."""
    if party.lei:
        return not party.uscc and _is_right(identifiers.lei, party.lei)
    return not party.uscc or _is_right(identifiers.uscc, party.uscc)


@lru_cache(_REMEMBERED)
def _is_right(check: Callable[[str], str], number: str) -> bool:
    try:
        check(number)
    except Refusal:
        return False
    return True


def _is_account(account: CashAccount | None) -> bool:
    """Whether an account, which is there and of the form, has a right IBAN if it has one."""
    assert account is not None
    return not account.iban or _is_right(identifiers.iban, account.iban)
