"""pain.002: what a bank tells a trader of a message, payment by payment."""

import pytest
from lxml import etree
from msgspec.structs import replace

from settlement.iso20022 import customer_status
from settlement.iso20022.customer_status import CustomerReport
from settlement.payments.initiation import initiated
from settlement.payments.payment import TransactionStatus
from tests.builders import BICS, SILK_LEI, an_initiation, an_instruction
from tests.unit.iso20022 import samples
from tests.unit.test_initiation import CUSTOMER

NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"}


def a_report(*statuses: TransactionStatus, text: str = "") -> CustomerReport:
    instructions = [an_instruction(end_to_end_id=f"E2E-{place}") for place in range(len(statuses))]
    command = an_initiation(*instructions, customer=SILK_LEI, message_id="M-1")
    records = initiated(command, customer=CUSTOMER, bank_bic=BICS["banksh"], at_ms=1)
    told = [
        (replace(record, text=text), status, samples.UETR) for record, status in zip(records, statuses, strict=True)
    ]
    return customer_status.report_of(told, message_id="R-1", created_at=samples.SENT_AT, bank_bic=BICS["banksh"])


def texts(report: CustomerReport, path: str) -> list[str]:
    tree = etree.fromstring(customer_status.write(report))
    return [element.text or "" for element in tree.findall(f".//p:{path.replace('/', '/p:')}", NAMESPACE)]


WAITING, SETTLED = TransactionStatus("ACTC"), TransactionStatus("ACSC")
DECLINED, OURS = TransactionStatus("RJCT", "AM04"), TransactionStatus("RJCT", "NOT_AS_INITIATED")


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        ((WAITING,), "ACTC"),
        ((WAITING, WAITING), "ACTC"),
        ((SETTLED, WAITING), "PART"),
        ((DECLINED, OURS), "RJCT"),
        ((TransactionStatus("ACWP"),), "PART"),
    ],
)
def test_the_message_stands_as_its_payments_do(statuses: tuple[TransactionStatus, ...], whole: str) -> None:
    report = a_report(*statuses)
    assert texts(report, "GrpSts") == [whole]
    assert texts(report, "TxSts") == [each.status for each in statuses]


def test_each_payment_is_named_as_the_trader_named_it() -> None:
    report = a_report(WAITING, SETTLED)
    assert texts(report, "OrgnlMsgId") == ["M-1"]
    assert texts(report, "OrgnlPmtInfId") == ["PMT-1"]
    assert texts(report, "OrgnlEndToEndId") == ["E2E-0", "E2E-1"]
    assert texts(report, "AcctSvcrRef") == [each.initiation_id for each in report.transfers]


def test_a_no_has_its_reason_and_the_banks_words() -> None:
    report = a_report(DECLINED, OURS, text="x" * 120)
    assert texts(report, "StsRsnInf/Rsn/Cd") == ["AM04"]
    assert texts(report, "StsRsnInf/Rsn/Prtry") == ["NOT_AS_INITIATED"]
    assert texts(report, "StsRsnInf/AddtlInf") == ["x" * 105, "x" * 15] * 2


@pytest.mark.parametrize("statuses", [(WAITING,), (SETTLED, DECLINED, OURS, WAITING)])
def test_what_is_written_is_of_the_published_schema(statuses: tuple[TransactionStatus, ...]) -> None:
    data = customer_status.write(a_report(*statuses, text="No funds, sorry"))
    samples.schema("pain.002.001.10").assertValid(etree.fromstring(data))
