"""Messages that are in order, to be spoilt one thing at a time."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree
from msgspec.structs import replace

from settlement.iso20022 import reading, writing
from settlement.iso20022.messages import ReturnMessage, StatusMessage
from settlement.iso20022.refusal import MessageRefusal
from settlement.parties import Agent, CashAccount, OtherIdentification, Party, PostalAddress
from settlement.payments.commands import (
    AgentInstruction,
    Charge,
    ChargeBearer,
    PaymentName,
    ReferredDocument,
    RegulatoryReporting,
    ReportingDetail,
    StructuredRemittance,
    SubmitPayment,
)

TODAY: Final = date(2026, 11, 23)
SENT_AT: Final = "2026-11-23T01:00:05.000Z"
SHANGHAI_BANK: Final = "BKCHCNBJ300"
ISTANBUL_BANK: Final = "TCZBTR2AXXX"
FRANKFURT_BANK: Final = "DEUTDEFFXXX"
CLEARING: Final = "PBOCCNBJXXX"
PARTICIPANTS: Final = {SHANGHAI_BANK: "banksh", ISTANBUL_BANK: "bankist", CLEARING: "clearing"}
UETR: Final = "8a562c67-ca16-48ba-b074-65581be6f001"
SCHEMAS: Final = Path(__file__).resolve().parents[4] / "shared" / "iso20022"


def a_payment(**changes: Any) -> SubmitPayment:
    """A payment from Shanghai to Istanbul."""
    payment = SubmitPayment(
        uetr=UETR,
        payer="banksh",
        payee="bankist",
        currency="CNY",
        amount="1000.00",
        settlement_date="2026-11-23",
        message_id="BANKSH-20261123-1",
        created_at="2026-11-23T01:00:00.000Z",
        instruction_id="INSTR-1",
        end_to_end_id="PO-2026-17",
        charge_bearer=ChargeBearer.SHAR,
        instructing_agent=SHANGHAI_BANK,
        instructed_agent=ISTANBUL_BANK,
        debtor=Party(
            name="Pudong Machine Works Co Ltd",
            address=PostalAddress(country="CN", town_name="Shanghai", street_name="Yan An East Road"),
        ),
        debtor_account=CashAccount(other="6222020200112233445"),
        debtor_agent=Agent(bic=SHANGHAI_BANK),
        creditor=Party(
            name="Bosphorus Textiles AS",
            address=PostalAddress(country="TR", town_name="Istanbul", address_line=("Mecidiyekoy Yolu 12",)),
        ),
        creditor_account=CashAccount(iban="TR330006100519786457841326"),
        creditor_agent=Agent(bic=ISTANBUL_BANK),
        purpose="GDDS",
        remittance="Invoice 2026-17",
    )
    return replace(payment, **changes)


# What a payment that uses every field is made of.
_ADDRESS: Final = PostalAddress(
    country="DE",
    town_name="Frankfurt",
    department="Exports",
    sub_department="Machines",
    street_name="Mainzer Landstrasse",
    building_number="11",
    building_name="Tower A",
    floor="4",
    post_box="1200",
    room="410",
    post_code="60325",
    town_location_name="Westend",
    district_name="Hessen Sued",
    country_sub_division="HE",
    address_line=("Backyard", "Second bell"),
)
_IDENTIFICATION: Final = OtherIdentification(identification="HRB-5512", scheme="COID", issuer="Amtsgericht")
_COMPANY: Final = Party(
    name="Taunus Maschinen GmbH",
    address=_ADDRESS,
    lei="529900T8BM49AURSDO55",
    uscc="91310000132200821H",
    organisation_ids=(_IDENTIFICATION, OtherIdentification(identification="X-1", proprietary_scheme="HOUSE")),
    country_of_residence="DE",
)
_PERSON: Final = Party(
    name="A Person",
    person_ids=(OtherIdentification(identification="P-100", scheme="CCPT", issuer="DE"),),
)
_AGENT: Final = Agent(
    bic=FRANKFURT_BANK,
    lei="529900T8BM49AURSDO55",
    clearing_system="DEBLZ",
    clearing_member="50070010",
    name="A bank",
    address=_ADDRESS,
)
_ACCOUNT: Final = CashAccount(
    other="123-45", other_scheme="BBAN", other_issuer="A bank", type_code="CACC", currency="CNY", name="Main"
)
_REPORT: Final = RegulatoryReporting(
    indicator="DEBT",
    authority_name="State Administration of Foreign Exchange",
    authority_country="CN",
    details=(
        ReportingDetail(
            type="BOP",
            date="2026-11-20",
            country="TR",
            code="121010",
            amount="1000.00",
            currency="CNY",
            information=("DECL 220120260000012345", "GOODS"),
        ),
    ),
)
_REMITTANCE: Final = StructuredRemittance(
    documents=(ReferredDocument(type_code="CINV", number="INV-17", related_date="2026-10-01"),),
    remitted_amount="1000.00",
    remitted_currency="CNY",
    creditor_reference="RF18539007547034",
    creditor_reference_type="SCOR",
    creditor_reference_issuer="ISO",
    additional=("First instalment", "of two"),
)


def a_full_payment(**changes: Any) -> SubmitPayment:
    """A payment that uses every field there is (but unstructured remittance, which excludes the structured)."""
    full = a_payment(
        debtor=_COMPANY,
        creditor=_COMPANY,
        debtor_account=_ACCOUNT,
        creditor_account=CashAccount(iban="TR330006100519786457841326", type_code="CACC", currency="TRY", name="Main"),
        debtor_agent=_AGENT,
        creditor_agent=_AGENT,
        debtor_agent_account=_ACCOUNT,
        creditor_agent_account=_ACCOUNT,
        ultimate_debtor=_PERSON,
        ultimate_creditor=Party(any_bic=FRANKFURT_BANK),
        initiating_party=_COMPANY,
        transaction_id="TX-1",
        clearing_system_reference="CLR-1",
        instruction_priority="HIGH",
        service_level=("G001", "URGP"),
        local_instrument="CTRC",
        category_purpose="TRAD",
        instructed_amount="140.00",
        instructed_currency="EUR",
        exchange_rate="7.1428571428",
        charges=(
            Charge(amount="0.00", currency="EUR", agent=_AGENT),
            Charge(amount="1.25", currency="EUR", agent=_AGENT),
        ),
        previous_instructing_agents=(_AGENT, Agent(bic=CLEARING), _AGENT),
        intermediary_agents=(_AGENT, _AGENT, Agent(bic=CLEARING)),
        instructions_for_creditor_agent=(
            AgentInstruction(code="PHOB", information="+90 212 555 0100"),
            AgentInstruction(code="HOLD"),
        ),
        instructions_for_next_agent=(AgentInstruction(code="TELA", information="Call first"),),
        regulatory_reporting=(_REPORT,),
        remittance="",
        structured_remittance=(_REMITTANCE,),
    )
    return replace(full, **changes)


def a_return(**changes: Any) -> ReturnMessage:
    """A return of the whole payment, because the creditor's account is closed."""
    payment = a_payment()
    message = ReturnMessage(
        message_id="BANKIST-1",
        created_at="2026-11-23T03:00:00.000Z",
        return_id="RTR-1",
        uetr=payment.uetr,
        original_message_id=payment.message_id,
        original_message_name="pacs.008.001.08",
        original_created_at=payment.created_at,
        original_instruction_id=payment.instruction_id,
        original_end_to_end_id=payment.end_to_end_id,
        original_transaction_id="TX-1",
        original_amount="1000.00",
        original_currency="CNY",
        original_settlement_date="2026-11-23",
        amount="995.00",
        currency="CNY",
        settlement_date="2026-11-23",
        instructed_amount="1000.00",
        instructed_currency="CNY",
        charges=(Charge(amount="5.00", currency="CNY", agent=Agent(bic=ISTANBUL_BANK)),),
        reason="AC04",
        additional=("PART", "fee kept"),
        sender=ISTANBUL_BANK,
        receiver=SHANGHAI_BANK,
        debtor=payment.creditor,
        debtor_agent=payment.creditor_agent,
        creditor_agent=payment.debtor_agent,
        creditor=payment.debtor,
    )
    return replace(message, **changes)


def a_status(**changes: Any) -> StatusMessage:
    """The creditor's bank says that the creditor has the money."""
    message = writing.status_of(
        a_payment(transaction_id="TX-1"),
        message_id="BANKIST-2",
        created_at="2026-11-23T04:00:00.000Z",
        status="ACCC",
        sender=ISTANBUL_BANK,
        effective_date="2026-11-23",
    )
    return replace(message, **changes)


def payment_name() -> PaymentName:
    """Where the ledger has the payment."""
    return PaymentName(journal="0" * 64, uetr=UETR)


def payment_xml(payment: SubmitPayment | None = None, *, header: bool = True) -> str:
    """A pacs.008 as text."""
    return writing.payment_message(payment or a_payment(), sent_at=SENT_AT, header=header).decode()


def read(data: bytes | str, *, on: date = TODAY, participant_of: Callable[[str], str | None] = PARTICIPANTS.get) -> Any:
    """Read a message as the gateway would; give the command or statement."""
    data = data.encode() if isinstance(data, str) else data
    return reading.read(data, business_date=on, participant_of=participant_of).message


def refusal(data: bytes | str, *, on: date = TODAY) -> MessageRefusal:
    """Read a message that must be refused; give the refusal."""
    with pytest.raises(MessageRefusal) as caught:
        read(data, on=on)
    return caught.value


def schema(name: str) -> etree.XMLSchema:
    """Give a published schema, or skip the test where it is not at hand."""
    path = SCHEMAS / f"{name}.xsd"
    if not path.exists():
        pytest.skip(f"the published schema of {name} is not at hand (it is not part of the project)")
    return etree.XMLSchema(etree.parse(path))
