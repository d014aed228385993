"""A payment's content, whatever door it came through: (what is wrong, code, field)."""

from typing import Any, Final

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from settlement import canonical
from settlement.countries import COUNTRIES
from settlement.errors import Refusal
from settlement.parties import Agent, CashAccount, OtherIdentification, Party, PostalAddress
from settlement.payments import checks
from settlement.payments.commands import (
    AgentInstruction,
    Charge,
    ChargeBearer,
    ReferredDocument,
    RegulatoryReporting,
    ReportingDetail,
    ReturnPayment,
    StructuredRemittance,
)
from settlement.payments.terms import Evidence, Share, Terms
from tests.unit.iso20022.samples import (
    CLEARING,
    ISTANBUL_BANK,
    SHANGHAI_BANK,
    a_full_payment,
    a_payment,
    a_return,
    payment_name,
)

USUAL: Final = a_payment()
FULL: Final = a_full_payment()


def _address(**changes: Any) -> Party:
    assert USUAL.creditor.address is not None
    return replace(USUAL.creditor, address=replace(USUAL.creditor.address, **changes))


def _charge(amount: str = "5.00", currency: str = "CNY") -> Charge:
    return Charge(amount=amount, currency=currency, agent=Agent(bic=ISTANBUL_BANK))


WRONG: Final[list[tuple[dict[str, Any], str, str]]] = [
    ({"uetr": ""}, "CH21", "uetr"),
    ({"uetr": USUAL.uetr.upper()}, "CH16", "uetr"),
    ({"uetr": "8a562c67-ca16-18ba-b074-65581be6f001"}, "CH16", "uetr"),
    ({"message_id": ""}, "CH21", "message_id"),
    ({"message_id": "x" * 36}, "CH16", "message_id"),
    ({"message_id": "a_b"}, "CH16", "message_id"),
    ({"end_to_end_id": ""}, "CH21", "end_to_end_id"),
    ({"end_to_end_id": "  "}, "CH16", "end_to_end_id"),
    ({"end_to_end_id": "a\n"}, "CH16", "end_to_end_id"),
    ({"instruction_id": "/a"}, "CH16", "instruction_id"),
    ({"instruction_id": "a/"}, "CH16", "instruction_id"),
    ({"instruction_id": "a//b"}, "CH16", "instruction_id"),
    ({"transaction_id": "é"}, "CH16", "transaction_id"),
    ({"created_at": "2026-11-23"}, "CH16", "created_at"),
    ({"created_at": "2026-11-23T01:00:00+08:00"}, "CH16", "created_at"),
    ({"created_at": "2026-02-30T01:00:00Z"}, "CH16", "created_at"),
    ({"settlement_date": ""}, "CH21", "settlement_date"),
    ({"settlement_date": "2026-02-29"}, "CH16", "settlement_date"),
    ({"settlement_date": "20261123"}, "CH16", "settlement_date"),
    ({"instruction_priority": "URGT"}, "CH16", "instruction_priority"),
    ({"instructing_agent": "BKCHCNBJ"}, "RC01", "instructing_agent"),
    ({"instructed_agent": "TCZBXX2AXXX"}, "RC01", "instructed_agent"),
    ({"amount": "1e3"}, "CH16", "amount"),
    ({"amount": "1000"}, "CH20", "amount"),
    ({"amount": "1000.001"}, "CH20", "amount"),
    ({"amount": "01000.00"}, "CH16", "amount"),
    ({"amount": "0.00"}, "AM01", "amount"),
    ({"amount": "-1.00"}, "CH16", "amount"),
    ({"amount": "１.00"}, "CH16", "amount"),
    ({"currency": "DEM"}, "AM11", "currency"),
    ({"currency": "XAU"}, "AM03", "currency"),
    ({"instructed_amount": "1.00"}, "CH21", "instructed_amount"),
    ({"instructed_currency": "EUR"}, "CH21", "instructed_amount"),
    ({"instructed_amount": "1.00", "instructed_currency": "EUR"}, "CH21", "exchange_rate"),
    ({"exchange_rate": "1e3"}, "CH16", "exchange_rate"),
    ({"exchange_rate": "123456.789012"}, "CH16", "exchange_rate"),
    ({"charges": (_charge("1.001"),)}, "CH20", "charges.0.amount"),
    ({"charges": (_charge(), _charge(currency="DEM"))}, "AM11", "charges.1.currency"),
    ({"charges": (Charge(amount="1.00", currency="CNY", agent=Agent(bic="X")),)}, "RC01", "charges.0.agent.bic"),
    ({"charge_bearer": ChargeBearer.DEBT, "charges": (_charge(), _charge())}, "CH17", "charges"),
    ({"charge_bearer": ChargeBearer.CRED}, "CH21", "charges"),
    ({"instructed_amount": "1005.00", "instructed_currency": "CNY"}, "CH21", "charges"),
    (
        {"instructed_amount": "1004.00", "instructed_currency": "CNY", "charges": (_charge(),)},
        "AM09",
        "instructed_amount",
    ),
    ({"debtor": Party()}, "CH21", "debtor.name"),
    ({"debtor": Party(name="x" * 141)}, "CH16", "debtor.name"),
    ({"debtor": Party(name="X")}, "BE07", "debtor.address"),
    ({"creditor": Party(name="X")}, "BE04", "creditor.address"),
    ({"creditor": _address(town_name="")}, "BE04", "creditor.address.town_name"),
    ({"creditor": _address(country="")}, "BE04", "creditor.address.country"),
    ({"creditor": _address(country="tr")}, "BE04", "creditor.address.country"),
    ({"creditor": _address(address_line=("a", "b", "c"))}, "BE04", "creditor.address.address_line"),
    ({"creditor": _address(address_line=("x" * 71,))}, "CH16", "creditor.address.address_line.0"),
    ({"creditor": _address(address_line=("Old Istanbul road",))}, "BE04", "creditor.address.town_name"),
    ({"creditor": _address(post_code="x" * 17)}, "CH16", "creditor.address.post_code"),
    ({"creditor": Party(address=PostalAddress(country="TR", town_name="Bursa"))}, "CH21", "creditor.name"),
    ({"creditor": Party(any_bic=CLEARING, name="X")}, "CH17", "creditor.name"),
    ({"creditor": Party(any_bic="BKCHCNBJ")}, "RC01", "creditor.any_bic"),
    ({"debtor": replace(USUAL.debtor, lei="529900T8BM49AURSDO56")}, "BE16", "debtor.lei"),
    ({"creditor": replace(USUAL.creditor, lei="529900T8BM49AURSDO56")}, "BE17", "creditor.lei"),
    ({"creditor": replace(USUAL.creditor, uscc="91310000132200821I")}, "BE17", "creditor.uscc"),
    ({"initiating_party": Party(name="X", lei="1")}, "BE15", "initiating_party.lei"),
    ({"ultimate_debtor": Party()}, "CH21", "ultimate_debtor.name"),
    (
        {"ultimate_creditor": Party(name="X", country_of_residence="QQ")},
        "CH16",
        "ultimate_creditor.country_of_residence",
    ),
    (
        {
            "debtor": replace(
                USUAL.debtor, lei="529900T8BM49AURSDO55", person_ids=(OtherIdentification(identification="1"),)
            )
        },
        "CH17",
        "debtor.person_ids",
    ),
    (
        {
            "debtor": replace(
                USUAL.debtor, organisation_ids=(OtherIdentification(identification="1", proprietary_scheme="USCC"),)
            )
        },
        "CH17",
        "debtor.organisation_ids.0",
    ),
    (
        {"debtor": replace(USUAL.debtor, person_ids=(OtherIdentification(identification="1", scheme="ccpt"),))},
        "CH16",
        "debtor.person_ids.0.scheme",
    ),
    ({"debtor_account": None}, "CH21", "debtor_account"),
    ({"debtor_account": CashAccount()}, "CH21", "debtor_account.iban"),
    ({"debtor_account": CashAccount(iban="TR340006100519786457841326")}, "AC01", "debtor_account.iban"),
    ({"debtor_account": CashAccount(iban="TR330006100519786457841326", other="1")}, "CH17", "debtor_account.other"),
    ({"debtor_account": CashAccount(other="x" * 35)}, "CH16", "debtor_account.other"),
    ({"debtor_account": CashAccount(other="1", currency="DEM")}, "AM11", "debtor_account.currency"),
    ({"debtor_agent": Agent(bic="")}, "CH21", "debtor_agent.bic"),
    ({"debtor_agent": Agent(bic=SHANGHAI_BANK, clearing_member="1")}, "CH21", "debtor_agent.clearing_system"),
    ({"creditor_agent": Agent(bic=ISTANBUL_BANK, name="X")}, "CH21", "creditor_agent.address"),
    ({"previous_instructing_agents": (Agent(bic=CLEARING),) * 4}, "CH17", "previous_instructing_agents"),
    ({"intermediary_agents": (Agent(bic=CLEARING), Agent(bic="X"))}, "RC01", "intermediary_agents.1.bic"),
    ({"service_level": ("G001", "G004")}, "CH16", "service_level.1"),
    ({"service_level": ("A", "B", "C", "D")}, "CH17", "service_level"),
    ({"purpose": "goods"}, "CH16", "purpose"),
    ({"remittance": "x" * 141}, "CH16", "remittance"),
    ({"remittance": "tab\there"}, "CH16", "remittance"),
    ({"instructions_for_creditor_agent": (AgentInstruction(),)}, "CH21", "instructions_for_creditor_agent.0"),
    (
        {"instructions_for_creditor_agent": (AgentInstruction(code="TELA"),)},
        "CH16",
        "instructions_for_creditor_agent.0.code",
    ),
    (
        {"instructions_for_creditor_agent": (AgentInstruction(code="HOLD"), AgentInstruction(code="HOLD"))},
        "CH17",
        "instructions_for_creditor_agent",
    ),
    (
        {"instructions_for_creditor_agent": (AgentInstruction(code="PHOB"), AgentInstruction(code="TELB"))},
        "CH17",
        "instructions_for_creditor_agent",
    ),
    ({"regulatory_reporting": (RegulatoryReporting(),)}, "CH21", "regulatory_reporting.0"),
    ({"regulatory_reporting": (RegulatoryReporting(indicator="X"),)}, "CH16", "regulatory_reporting.0.indicator"),
    (
        {"regulatory_reporting": (RegulatoryReporting(details=(ReportingDetail(code="12101012345"),)),)},
        "CH16",
        "regulatory_reporting.0.details.0.code",
    ),
    (
        {"regulatory_reporting": (RegulatoryReporting(details=(ReportingDetail(date="2026-11-23"),)),)},
        "CH21",
        "regulatory_reporting.0.details.0",
    ),
    ({"structured_remittance": FULL.structured_remittance}, "CH17", "structured_remittance"),
    ({"remittance": "", "structured_remittance": (StructuredRemittance(),)}, "CH21", "structured_remittance.0"),
    (
        {
            "remittance": "",
            "structured_remittance": (StructuredRemittance(documents=(ReferredDocument(type_code="X", number="1"),)),),
        },
        "CH16",
        "structured_remittance.0.documents.0.type_code",
    ),
    (
        {
            "remittance": "",
            "structured_remittance": (
                StructuredRemittance(creditor_reference="RF19539007547034", creditor_reference_type="SCOR"),
            ),
        },
        "RR09",
        "structured_remittance.0.creditor_reference",
    ),
    (
        {"remittance": "", "structured_remittance": (StructuredRemittance(additional=("x" * 140,) * 3),) * 22},
        "CH16",
        "structured_remittance",
    ),
    # Wrong in two ways: the code that must win.
    ({"uetr": "", "amount": "x"}, "CH21", "uetr"),
    ({"message_id": "é", "creditor_account": CashAccount(iban="X")}, "CH16", "message_id"),
    ({"creditor_account": CashAccount(iban="X"), "creditor": _address(town_name="")}, "AC01", "creditor_account.iban"),
    ({"currency": "DEM", "creditor": _address(town_name="")}, "BE04", "creditor.address.town_name"),
]


@pytest.mark.parametrize(("changes", "code", "where"), WRONG, ids=[f"{row[1]} {row[2]}" for row in WRONG])
def test_what_is_wrong_is_refused_with_its_code_at_its_field(changes: dict[str, Any], code: str, where: str) -> None:
    """Each fault has its code, and the dotted path of the field, whether the canonical form is at hand or not."""
    payment = replace(USUAL, **changes)
    for said in (b"", canonical.encode(payment)):
        with pytest.raises(Refusal) as caught:
            checks.require_payment(payment, said)
        assert (caught.value.code, caught.value.where) == (code, where)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"created_at": "", "instruction_id": "", "purpose": "", "remittance": ""},
        {"created_at": "2026-11-23T01:00:00Z"},
        {"end_to_end_id": "NOTPROVIDED"},
        {"charge_bearer": ChargeBearer.CRED, "charges": (_charge("0.00"),)},
        {"charge_bearer": ChargeBearer.DEBT},
        {
            "charge_bearer": ChargeBearer.DEBT,
            "instructed_amount": "995.00",
            "instructed_currency": "CNY",
            "charges": (_charge(),),
        },
        {"instructed_amount": "1010.00", "instructed_currency": "CNY", "charges": (_charge(), _charge())},
        {"instructed_amount": "1000.00", "instructed_currency": "CNY"},
        {"currency": "JPY", "amount": "1000"},
        {"currency": "BHD", "amount": "1000.000"},
        {"creditor": Party(any_bic=CLEARING)},
        {"settlement_date": "2026-11-13", "creditor": Party(name="X", address=PostalAddress(address_line=("a", "b")))},
    ],
)
def test_what_is_in_order_passes(changes: dict[str, Any]) -> None:
    """The usual payment, and the edges of what is allowed."""
    checks.require_payment(replace(USUAL, **changes))


def test_a_payment_with_everything_passes() -> None:
    """Every field there is can be filled at once (but the two forms of remittance), and no field is left out here."""
    checks.require_payment(FULL)
    empty = {field.name for field in fields(FULL) if not getattr(FULL, field.name)}
    apart = {"initiation_id", "assessment_id"}  # records of a bank's customer
    assert empty == apart | {"requested_by", "remittance", "evidence", "terms"}
    checks.require_payment(replace(FULL, initiation_id="0" * 32))
    evidence = Evidence(contract="1" * 32, declarations=(Share(record_id="2" * 32),), bill_of_lading="3" * 32)
    checks.require_payment(replace(FULL, evidence=evidence, terms=Terms(expires_on=FULL.settlement_date)))


TEXTS: Final = sorted(
    field.name
    for field in fields(USUAL)
    if isinstance(getattr(USUAL, field.name), str)
    and field.name not in {"payer", "payee", "requested_by", "when_unfunded", "charge_bearer"}
)


@given(st.sampled_from(TEXTS), st.text(min_size=1, max_size=40))
def test_no_text_outside_printable_ascii_passes(name: str, text: str) -> None:
    """Whatever field it stands in, a control character, an accent or another script is refused, never an accident."""
    payment = replace(USUAL, **{name: text})
    if not all(" " <= char <= "~" for char in text):
        with pytest.raises(Refusal):
            checks.require_payment(payment)
    else:
        checks.faults(payment)


def _a_return(**changes: Any) -> ReturnPayment:
    return replace(a_return().command(payment_name(), payer="banksh", payee="bankist"), **changes)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"return_id": ""}, "CH21", "return_id"),
        ({"return_id": "é"}, "CH16", "return_id"),
        ({"message_id": ""}, "CH21", "message_id"),
        ({"payment": replace(payment_name(), uetr="x")}, "CH16", "payment.uetr"),
        ({"amount": "1.001"}, "CH20", "amount"),
        ({"currency": "DEM"}, "AM11", "currency"),
        ({"settlement_date": ""}, "CH21", "settlement_date"),
        ({"reason": ""}, "CH21", "reason"),
        ({"reason": "AC4"}, "CH16", "reason"),
        ({"additional": ("x" * 106,)}, "CH16", "additional.0"),
        ({"charges": (_charge("x"),)}, "CH16", "charges.0.amount"),
        ({"charges": (), "charge_bearer": ChargeBearer.CRED}, "CH21", "charges"),
        ({"instructed_amount": ""}, "CH21", "instructed_amount"),
    ],
)
def test_a_return_is_checked_likewise(changes: dict[str, Any], code: str, where: str) -> None:
    """The content of a return, of what does not need the original payment."""
    checks.require_return(_a_return())
    with pytest.raises(Refusal) as caught:
        checks.require_return(_a_return(**changes))
    assert (caught.value.code, caught.value.where) == (code, where)


def test_the_countries_are_those_of_the_standard() -> None:
    """The pinned list is ISO 3166-1 as the library has it, and Kosovo."""
    assert {country.alpha_2 for country in pycountry.countries} | {"XK"} == COUNTRIES
