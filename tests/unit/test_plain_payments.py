"""A payment that is plain passes at a glance, and only one that a look at each field would pass too."""

import json
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from settlement import canonical
from settlement.parties import CashAccount, Party, PostalAddress
from settlement.payments import checks, plain
from settlement.payments.commands import (
    ChargeBearer,
    RegulatoryReporting,
    ReportingDetail,
    SubmitPayment,
)
from settlement.payments.plain import is_plain, read
from settlement.payments.terms import Evidence, Share
from tests.unit.iso20022.samples import (
    a_payment,
)

USUAL: Final = a_payment()


def _address(**changes: Any) -> Party:
    assert USUAL.creditor.address is not None
    return replace(USUAL.creditor, address=replace(USUAL.creditor.address, **changes))


TEXTS: Final = sorted(
    field.name
    for field in fields(USUAL)
    if isinstance(getattr(USUAL, field.name), str)
    and field.name not in {"payer", "payee", "requested_by", "when_unfunded", "charge_bearer"}
)


EMPTY: Final = ("requested_by", "created_at", "purpose", "initiation_id", "remittance", "instructed_currency")

PLAIN: Final = replace(
    USUAL,
    creditor=replace(USUAL.creditor, address=PostalAddress(country="TR", town_name="Istanbul", post_code="34394")),
)


def test_a_payment_that_is_plain_is_known_by_its_canonical_form() -> None:
    """The usual payment of a stream is plain; one with a field that few have is not, though in order."""
    assert is_plain(PLAIN, canonical.encode(PLAIN))
    schemed = replace(PLAIN, debtor_account=CashAccount(other="1001274009300118821", other_scheme="BBAN"))
    assert is_plain(schemed, canonical.encode(schemed))
    for changes in (
        {"debtor_account": CashAccount(other="1001274009300118821", other_scheme="bban")},
        {"debtor_account": CashAccount(iban="TR150008800000004100488126", other_scheme="BBAN")},
        {"charge_bearer": ChargeBearer.DEBT},
        {"creditor_account": CashAccount(iban="TR340006100519786457841326")},
        {"created_at": "2026-13-23T01:00:00.000Z"},
        {"instructed_agent": "TCZBXX2AXXX"},
        {"debtor": _address(country="QQ")},
        {"settlement_date": "2026-02-30"},
        {"amount": "1000.0"},
        {"amount": "0.00"},
        {"currency": "XXX"},
        {"evidence": Evidence()},
        {"evidence": Evidence(invoices=(Share(record_id="1" * 32, amount=PLAIN.amount),))},
        {"evidence": Evidence(contract="1" * 32, credit_waits=True)},
        {"debtor": replace(PLAIN.debtor, lei="5493001KJTIIGC8Y1R13")},
        {"debtor": replace(PLAIN.debtor, lei="5493001KJTIIGC8Y1R12", uscc="91350100M000100Y43")},
        {"regulatory_reporting": (RegulatoryReporting(details=(ReportingDetail(country="CN"),)),)},
    ):
        other = replace(PLAIN, **changes)
        assert not is_plain(other, canonical.encode(other))


@pytest.mark.parametrize(
    "named",
    [
        Evidence(contract="1" * 32),
        Evidence(bill_of_lading="1" * 32, contract="2" * 32),
        Evidence(declarations=(Share(record_id="1" * 32),), invoices=(Share(record_id="1" * 32),)),
        Evidence(
            bill_of_lading="4" * 32,
            contract="3" * 32,
            declarations=(Share(record_id="1" * 32),),
            invoices=(Share(record_id="2" * 32),),
        ),
    ],
)
def test_a_payment_that_names_documents_is_plain_too(named: Evidence) -> None:
    """With what it reports to China's authority, and firms that tell their numbers."""
    detail = ReportingDetail(country="CN", code="121010", information=("220120260000000118", "more"))
    payment = replace(
        PLAIN,
        evidence=named,
        debtor=replace(PLAIN.debtor, lei="5493001KJTIIGC8Y1R12"),
        creditor=replace(PLAIN.creditor, uscc="91350100M000100Y43"),
        regulatory_reporting=(RegulatoryReporting(details=(detail,)),),
    )
    assert is_plain(payment, canonical.encode(payment))
    assert checks.faults(payment) == []


@given(st.data())
def test_nothing_is_wrong_with_a_plain_payment(data: st.DataObject) -> None:
    """Whatever is put in whatever field: what passes at a glance, a look at each field would pass too."""
    name = data.draw(st.sampled_from(TEXTS))
    alphabet = st.sampled_from("aZ09-./ ,:'+?()\\\"#_~é\x7f")
    payment = replace(PLAIN, **{name: data.draw(st.text(alphabet, max_size=40) | st.just(getattr(PLAIN, name)))})
    if is_plain(payment, canonical.encode(payment)):
        assert checks.faults(payment) == []


@given(st.data())
def test_nothing_is_wrong_with_a_plain_payment_that_names_documents(data: st.DataObject) -> None:
    """The same of what it names and reports."""
    texts = st.text(st.sampled_from('aZ09-./ ,"\\é'), max_size=36)
    ids = st.sampled_from(["1" * 32, "2" * 32, "x", "", "A" * 32])
    shares = st.lists(st.builds(Share, record_id=ids, amount=st.sampled_from(["", "1.00"])), max_size=2).map(tuple)
    named = st.builds(
        Evidence, contract=ids, bill_of_lading=ids, invoices=shares, declarations=shares, credit_waits=st.booleans()
    )
    details = st.builds(
        ReportingDetail,
        country=st.sampled_from(["CN", "TR", ""]),
        code=texts,
        information=st.lists(texts, max_size=2).map(tuple),
    )
    payment = replace(
        PLAIN,
        evidence=data.draw(st.none() | named),
        regulatory_reporting=data.draw(
            st.lists(st.builds(RegulatoryReporting, details=st.lists(details, max_size=2).map(tuple)), max_size=2).map(
                tuple
            )
        ),
    )
    if is_plain(payment, canonical.encode(payment)):
        assert checks.faults(payment) == []


@given(st.from_regex(plain.FORM, fullmatch=True))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
def test_what_is_of_the_plain_form_is_canonical(said: bytes) -> None:
    """So whoever has read it need not encode it again to know that it has one spelling."""
    assert canonical.encode(msgspec.json.decode(said, type=SubmitPayment)) == said


@given(st.data())
def test_another_spelling_of_a_plain_payment_is_not_read(data: st.DataObject) -> None:
    """Members twice, in another order, empty, or with white space between."""
    members = json.loads(canonical.encode(PLAIN))
    names = data.draw(st.permutations(sorted(members)))
    spellings = [
        json.dumps({name: members[name] for name in names}, separators=(",", ":")),
        json.dumps(members, separators=(",", data.draw(st.sampled_from([": ", ":\n", " :"])))),
        json.dumps({**members, data.draw(st.sampled_from(EMPTY)): ""}, separators=(",", ":"), sort_keys=True),
        canonical.encode(PLAIN).decode().replace('"amount":', '"amount":"1.00","amount":'),
    ]
    assert read(canonical.encode(PLAIN)) == PLAIN
    for said in spellings:
        found = read(said.encode())
        assert found is None or canonical.encode(found) == said.encode()
