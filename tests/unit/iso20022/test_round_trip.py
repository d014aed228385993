"""What is written validates against the published schemas, and is read again to what it was written from."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from settlement import money
from settlement.currencies import EXPONENTS
from settlement.iso20022 import fields, writing
from settlement.iso20022.messages import ReturnMessage
from settlement.parties import Agent, CashAccount, OtherIdentification, Party, PostalAddress
from settlement.payments import checks
from settlement.payments.commands import (
    AgentInstruction,
    Charge,
    ChargeBearer,
    ReferredDocument,
    RegulatoryReporting,
    ReportingDetail,
    StructuredRemittance,
    SubmitPayment,
)
from tests.unit.iso20022 import samples
from tests.unit.iso20022.samples import (
    CLEARING,
    FRANKFURT_BANK,
    ISTANBUL_BANK,
    SENT_AT,
    SHANGHAI_BANK,
    a_full_payment,
    a_payment,
    a_return,
    a_status,
)

_X = "abcXYZ019/-?:().,'+ "
_PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def _text(longest: int) -> st.SearchStrategy[str]:
    return st.text(_PRINTABLE, min_size=1, max_size=longest).filter(lambda text: text.strip(" ") != "")


def _identification(longest: int = 35) -> st.SearchStrategy[str]:
    return st.text(_X, min_size=1, max_size=longest).filter(lambda text: text.strip(" ") != "")


def _maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | strategy


_BIC = st.sampled_from([SHANGHAI_BANK, ISTANBUL_BANK, FRANKFURT_BANK, CLEARING])
_COUNTRY = st.sampled_from(["CN", "TR", "DE", "XK"])
_DAY = st.dates().map(lambda day: day.isoformat())
_CODE = st.text("ABCXYZ019", min_size=1, max_size=4)
_LINES = st.lists(st.text('!#$%&*=^_`{|}~";<>@[]\\', min_size=1, max_size=70), max_size=2).map(tuple)
"""Lines that cannot repeat what stands in the other elements of an address."""


@st.composite
def _amount(draw: st.DrawFn, *, zero: bool = False) -> tuple[str, str]:
    currency = draw(st.sampled_from(sorted(EXPONENTS)))
    return money.render(draw(st.integers(0 if zero else 1, 10**18 - 1)), currency), currency


_ADDRESS = st.builds(
    PostalAddress,
    country=_COUNTRY,
    town_name=_text(35),
    department=_maybe(_text(70)),
    street_name=_maybe(_text(70)),
    building_number=_maybe(_text(16)),
    post_code=_maybe(_text(16)),
    address_line=_LINES,
)
_OTHER = st.builds(
    OtherIdentification, identification=_identification(), scheme=_CODE, issuer=_maybe(_text(35))
) | st.builds(
    OtherIdentification,
    identification=_identification(),
    proprietary_scheme=_maybe(_text(35).filter(lambda scheme: scheme != "USCC")),
)
_OTHERS = st.lists(_OTHER, min_size=1, max_size=2).map(tuple)
_COMPANY = st.builds(
    Party,
    name=_text(140),
    address=_ADDRESS,
    lei=st.sampled_from(["", "529900T8BM49AURSDO55"]),
    uscc=st.sampled_from(["", "91310000132200821H"]),
    organisation_ids=_OTHERS,
    country_of_residence=_maybe(_COUNTRY),
)
_PERSON = st.builds(Party, name=_text(140), address=_ADDRESS, person_ids=_OTHERS)
_PARTY = _COMPANY | _PERSON | st.builds(Party, any_bic=_BIC)
_AGENT = st.builds(Agent, bic=_BIC) | st.builds(
    Agent,
    bic=_BIC,
    lei=st.sampled_from(["", "529900T8BM49AURSDO55"]),
    clearing_system=_CODE,
    clearing_member=_identification(),
    name=_text(140),
    address=_ADDRESS,
)
_ACCOUNT = st.builds(CashAccount, iban=st.just("TR330006100519786457841326"), name=_maybe(_text(70))) | st.builds(
    CashAccount,
    other=_identification(34),
    other_scheme=_maybe(_CODE),
    other_issuer=_maybe(_text(35)),
    type_code=_maybe(_CODE),
    currency=st.sampled_from(["", "CNY", "TRY"]),
)
_INSTRUCTIONS = st.lists(
    st.builds(AgentInstruction, code=st.sampled_from(["PHOB", "HOLD"]), information=_maybe(_text(140))),
    max_size=2,
    unique_by=lambda instruction: instruction.code,
).map(tuple)


@st.composite
def _charge(draw: st.DrawFn) -> Charge:
    amount, currency = draw(_amount(zero=True))
    return Charge(amount=amount, currency=currency, agent=draw(_AGENT))


@st.composite
def _detail(draw: st.DrawFn) -> ReportingDetail:
    amount, currency = draw(_amount(zero=True) | st.just(("", "")))
    return ReportingDetail(
        type=draw(_text(35)),
        date=draw(_maybe(_DAY)),
        country=draw(_maybe(_COUNTRY)),
        code=draw(_maybe(st.text("019ABC", min_size=1, max_size=10))),
        amount=amount,
        currency=currency,
        information=tuple(draw(st.lists(_text(35), max_size=3))),
    )


_REPORTING = st.builds(
    RegulatoryReporting,
    indicator=st.sampled_from(["CRED", "DEBT", "BOTH"]),
    authority_name=_maybe(_text(140)),
    authority_country=_maybe(_COUNTRY),
    details=st.lists(_detail(), max_size=2).map(tuple),
)


@st.composite
def _structured(draw: st.DrawFn) -> StructuredRemittance:
    amount, currency = draw(_amount() | st.just(("", "")))
    document = st.builds(
        ReferredDocument,
        type_code=st.sampled_from(["CINV", "BOLD", "CREN"]),
        number=_identification(),
        related_date=_maybe(_DAY),
    )
    return StructuredRemittance(
        documents=tuple(draw(st.lists(document, max_size=2))),
        remitted_amount=amount,
        remitted_currency=currency,
        creditor_reference=draw(_identification().filter(lambda text: not text.startswith("RF"))),
        creditor_reference_type=draw(st.sampled_from(["", "SCOR", "PUOR"])),
        additional=tuple(draw(st.lists(_text(140), max_size=3))),
    )


@st.composite
def payments(draw: st.DrawFn) -> SubmitPayment:
    """Payments whose content is in order, with any of the fields there are."""
    amount, currency = draw(_amount())
    instructed, rate = ("", ""), ""
    if draw(st.booleans()):
        instructed, rate = draw(_amount()), "7.14"
        if instructed[1] == currency:
            instructed, rate = (amount, currency), ""
    structured = draw(st.lists(_structured(), max_size=2).map(tuple))
    charged = instructed[1] != currency and draw(st.booleans())
    return SubmitPayment(
        uetr=str(draw(st.uuids(version=4))),
        payer="banksh",
        payee="bankist",
        currency=currency,
        amount=amount,
        settlement_date=draw(st.dates(min_value=samples.TODAY)).isoformat(),
        message_id=draw(_identification()),
        created_at=SENT_AT,
        end_to_end_id=draw(_identification()),
        charge_bearer=draw(st.sampled_from([ChargeBearer.CRED, ChargeBearer.SHAR] if charged else [ChargeBearer.SHAR])),
        instructing_agent=SHANGHAI_BANK,
        instructed_agent=ISTANBUL_BANK,
        debtor=draw(_PARTY),
        debtor_agent=draw(_AGENT),
        creditor=draw(_PARTY),
        creditor_agent=draw(_AGENT),
        transaction_id=draw(_maybe(_identification())),
        clearing_system_reference=draw(_maybe(_identification())),
        instruction_priority=draw(st.sampled_from(["", "HIGH", "NORM"])),
        service_level=tuple(draw(st.lists(_CODE.filter(lambda code: code[0] != "G"), max_size=3))),
        local_instrument=draw(_maybe(_CODE)),
        category_purpose=draw(_maybe(_CODE)),
        debtor_account=draw(_ACCOUNT),
        creditor_account=draw(_ACCOUNT),
        debtor_agent_account=draw(st.none() | _ACCOUNT),
        ultimate_debtor=draw(st.none() | _PARTY),
        ultimate_creditor=draw(st.none() | _PARTY),
        initiating_party=draw(st.none() | _PARTY),
        instructed_amount=instructed[0],
        instructed_currency=instructed[1],
        exchange_rate=rate,
        charges=tuple(draw(st.lists(_charge(), min_size=1, max_size=2))) if charged else (),
        previous_instructing_agents=tuple(draw(st.lists(_AGENT, max_size=3))),
        intermediary_agents=tuple(draw(st.lists(_AGENT, max_size=3))),
        instructions_for_creditor_agent=draw(_INSTRUCTIONS),
        purpose=draw(_maybe(_CODE)),
        regulatory_reporting=tuple(draw(st.lists(_REPORTING, max_size=2))),
        remittance="" if structured else draw(_maybe(_text(140))),
        structured_remittance=structured,
    )


def _paths(data: bytes) -> set[str]:
    """Give the path of every element of a message that holds text, and of every attribute, without numbers."""
    paths = set()
    for element in etree.fromstring(data).iter():
        path = "".join(char for char in fields_path(element) if not char.isdecimal())
        if element.text:
            paths.add(path)
        paths.update(f"{path}/@{name}" for name in map(str, element.attrib))
    return paths


def fields_path(element: Any) -> str:
    """An element's path as names."""
    names = [etree.QName(each).localname for each in (element, *element.iterancestors())]
    return "/" + "/".join(reversed([name for name in names if name != "Message"]))


@settings(max_examples=60, deadline=None)
@given(payments())
def test_a_payment_is_read_again_to_the_command_it_was_written_from(payment: SubmitPayment) -> None:
    """Whatever its content, a payment that is in order comes back equal, and its document fits the schema."""
    if checks.faults(payment):
        return
    data = writing.payment_message(payment, sent_at=SENT_AT)
    assert samples.read(data) == payment
    if (samples.SCHEMAS / "pacs.008.001.08.xsd").exists():
        samples.schema("pacs.008.001.08").assertValid(etree.fromstring(data)[1])


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("payment", [a_payment(), a_full_payment()], ids=["usual", "full"])
def test_a_payment_needs_no_header(payment: SubmitPayment, *, header: bool) -> None:
    """With or without a business application header, the same payment is read."""
    assert samples.read(writing.payment_message(payment, sent_at=SENT_AT, header=header)) == payment


@pytest.mark.parametrize(
    "message",
    [
        a_return(),
        a_return(
            amount="1000.00",
            charges=(),
            debtor=None,
            creditor=None,
            debtor_agent=None,
            creditor_agent=None,
            additional=(),
        ),
    ],
)
def test_a_return_is_read_again_as_it_was_written(message: ReturnMessage) -> None:
    """A return comes back equal, and its command is the one that was asked for."""
    data = writing.return_message(message, sent_at=SENT_AT)
    assert samples.read(data) == message


@pytest.mark.parametrize(
    ("status", "reason", "sender"),
    [
        ("PDNG", "", CLEARING),
        ("ACSC", "", CLEARING),
        ("RJCT", "AM04", CLEARING),
        ("RJCT", "ACCOUNT_NOT_USABLE", CLEARING),
        ("ACSP", "G003", ISTANBUL_BANK),
        ("ACWP", "", ISTANBUL_BANK),
        ("ACCC", "", ISTANBUL_BANK),
        ("BLCK", "AM07", ISTANBUL_BANK),
    ],
)
def test_a_status_is_read_again_as_it_was_written(status: str, reason: str, sender: str) -> None:
    """Settlement told by the clearing institution, and credit told by the creditor's bank, come back equal."""
    message = writing.status_of(
        a_payment(),
        message_id="STATUS-1",
        created_at=SENT_AT,
        status=status,
        reason=reason,
        sender=sender,
        effective_date="" if status == "RJCT" else "2026-11-23",
        additional=("for you to know",) if reason else (),
    )
    assert samples.read(writing.status_message(message, sent_at=SENT_AT)) == message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pacs.008.001.08", writing.payment_message(a_payment(), sent_at=SENT_AT)),
        ("pacs.008.001.08", writing.payment_message(a_full_payment(), sent_at=SENT_AT)),
        ("pacs.004.001.09", writing.return_message(a_return(), sent_at=SENT_AT)),
        ("pacs.002.001.10", writing.status_message(a_status(), sent_at=SENT_AT)),
        ("pacs.002.001.10", writing.status_message(a_status(status="RJCT", reason="UNFUNDED"), sent_at=SENT_AT)),
    ],
)
def test_what_is_written_fits_the_published_schemas(name: str, data: bytes) -> None:
    """Header and document validate against the schemas of the registration authority."""
    header, document = etree.fromstring(data)
    samples.schema("head.001.001.02").assertValid(header)
    samples.schema(name).assertValid(document)


def test_the_table_of_fields_names_exactly_what_is_written() -> None:
    """A payment that has everything writes every path in the table, and no other."""
    data = writing.payment_message(a_full_payment(), sent_at=SENT_AT)
    both = _paths(data) | _paths(writing.payment_message(a_payment(), sent_at=SENT_AT))
    both |= _paths(
        writing.payment_message(a_full_payment(creditor_account=a_payment().creditor_account), sent_at=SENT_AT)
    )
    documents = {path for path in both if path.startswith("/Document")}
    table = {"".join(char for char in path if not char.isdecimal()) for path in fields.leaves(fields.PAYMENT)}
    uscc = {path for path in table if path.endswith("/OrgId/Othr")}
    others = {path for path in table if "PrvtId/Othr" in path or path.endswith("Id/OrgId/AnyBIC")}
    ours = {"/Document/FIToFICstmrCdtTrf/GrpHdr/NbOfTxs", "/Document/FIToFICstmrCdtTrf/GrpHdr/SttlmInf/SttlmMtd"}
    assert documents - table == ours
    assert {
        path
        for path in table - uscc - others - documents
        if "Acct/" not in path and "UltmtCdtr" not in path and "UltmtDbtr" not in path
    } == set()


def test_a_return_becomes_the_command_that_the_gateway_asks() -> None:
    """What the message says and what the read model knows make the command; writing it gives the message again."""
    payment = a_payment(transaction_id="TX-1")
    command = a_return().command(samples.payment_name(), payer="banksh", payee="bankist", requested_by="f" * 64)
    assert writing.return_of(payment, command) == a_return()


def test_a_confirmation_becomes_the_command_that_the_gateway_asks() -> None:
    """ACCC is CREDITED, and the command keeps the date of the credit."""
    command = a_status().command(samples.payment_name(), payer="banksh", payee="bankist")
    assert (command.status.value, command.effective_date) == ("CREDITED", "2026-11-23")
