"""pain.001: what a trader asks for, read whole; and what is refused, with its code and element."""

from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from lxml import etree
from pyiso20022.pain import pain_001_001_09 as models

from gateway.development.customers import TRADERS
from settlement.errors import Code
from settlement.iso20022 import customer_initiation
from settlement.iso20022.customer_initiation import Asked
from settlement.iso20022.refusal import MessageRefusal
from settlement.iso20022.structure import Shape, shape_of
from settlement.parties import CashAccount
from settlement.payments.commands import ChargeBearer
from settlement.payments.initiation import INSTRUCTIONS_MAX, InitiatePayments
from tests.builders import BICS, SILK, SILK_ACCOUNT, SILK_LEI, TEKSTIL, TODAY, TOMORROW
from tests.initiation_messages import CREDITOR, a_group, a_message, a_transfer
from tests.unit.iso20022 import samples

ASKED: Final = Asked(customer=SILK_LEI, command_id="c-1", valid_days=5, requested_by="ab")
UETR: Final = "8a562c67-ca16-48ba-b074-65581be6f001"
HEAD: Final = "/Document/CstmrCdtTrfInitn/GrpHdr"
GROUP: Final = "/Document/CstmrCdtTrfInitn/PmtInf"
TX: Final = f"{GROUP}/CdtTrfTxInf"


def read(text: str) -> InitiatePayments:
    return customer_initiation.read(text.encode(), ASKED, bank_bic=BICS["banksh"])


def refusal(text: str) -> MessageRefusal:
    with pytest.raises(MessageRefusal) as caught:
        read(text)
    return caught.value


def test_a_message_says_what_it_asks_for() -> None:
    command = read(a_message(message_id="M-1"))
    assert (command.message_id, command.created_at) == ("M-1", f"{TODAY}T01:00:00.000Z")
    assert (command.customer, command.command_id, command.valid_days, command.requested_by) == (
        SILK_LEI,
        "c-1",
        5,
        "ab",
    )
    [asked] = command.instructions
    assert (asked.currency, asked.amount, asked.execution_date) == ("CNY", "100.00", TODAY)
    assert (asked.payment_information_id, asked.instruction_id, asked.end_to_end_id) == ("PMT-1", "I-1", "E2E-1")
    assert (asked.debtor.name, asked.debtor_account) == (SILK.name, CashAccount(other=SILK_ACCOUNT))
    assert (asked.creditor.name, asked.creditor_agent.bic) == (TEKSTIL.name, BICS["bankist"])
    assert (asked.initiating_party, asked.remittance) == (None, "Invoice 2026-118")


def test_groups_and_transfers_keep_their_order() -> None:
    """Each transfer has what its own group says."""
    command = read(
        a_message(
            a_group(a_transfer("1.00"), a_transfer("2", uetr=UETR), name="A"),
            a_group(a_transfer("3", currency="JPY"), name="B", execution_date=TOMORROW),
            count=3,
            total="6",
        )
    )
    assert [
        (each.payment_information_id, each.amount, each.currency, each.execution_date, each.uetr)
        for each in command.instructions
    ] == [
        ("A", "1.00", "CNY", TODAY, ""),
        ("A", "2.00", "CNY", TODAY, UETR),
        ("B", "3", "JPY", TOMORROW, ""),
    ]


def test_what_a_group_says_counts_for_its_transfers() -> None:
    told = "<UltmtDbtr><Nm>Silk Holding</Nm></UltmtDbtr><ChrgBr>DEBT</ChrgBr><CdtTrfTxInf>"
    text = a_message(a_group(a_transfer(), a_transfer())).replace("<CdtTrfTxInf>", told, 1)
    for each in read(text).instructions:
        assert each.charge_bearer is ChargeBearer.DEBT
        assert each.ultimate_debtor is not None
        assert each.ultimate_debtor.name == "Silk Holding"


def test_who_asks_for_another_is_told() -> None:
    text = a_message().replace("<InitgPty><Nm>Huangpu Silk Co</Nm>", "<InitgPty><Nm>Huangpu Group Treasury</Nm>")
    [asked] = read(text).instructions
    assert asked.initiating_party is not None
    assert asked.initiating_party.name == "Huangpu Group Treasury"


def test_sums_are_hash_totals_whatever_the_currencies() -> None:
    groups = (
        a_group(
            a_transfer("1.50"), a_transfer("2", currency="JPY"), totals="<NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum>"
        ),
    )
    assert len(read(a_message(*groups, total="3.50")).instructions) == 2


ONE = a_message()
TWO = a_message(a_group(a_transfer("1.00"), a_transfer("2.00")))
REFUSED: dict[str, tuple[str, Code, str]] = {
    "no XML": ("M-1", Code.FF01, ""),
    "a pacs.008": (samples.payment_xml(), Code.FF01, "/Document"),
    "an older version": (ONE.replace("001.09", "001.03"), Code.FF01, "/Document"),
    "a header": (
        samples.payment_xml().partition("<Document")[0] + ONE.partition("?>\n")[2] + "</Message>",
        Code.CH17,
        "/AppHdr",
    ),
    "an unknown element": (ONE.replace("<NbOfTxs>", "<X/><NbOfTxs>"), Code.FF01, f"{HEAD}/X"),
    "one announced, two there": (TWO.replace("<NbOfTxs>2", "<NbOfTxs>1"), Code.AM18, f"{HEAD}/NbOfTxs"),
    "two announced, one there": (a_message(count=2), Code.AM18, f"{HEAD}/NbOfTxs"),
    "a group's number": (
        a_message(a_group(totals="<NbOfTxs>2</NbOfTxs>")),
        Code.AM18,
        f"{GROUP}/NbOfTxs",
    ),
    "the message's sum": (a_message(total="100.01"), Code.AM16, f"{HEAD}/CtrlSum"),
    "a group's sum": (
        a_message(a_group(), a_group(totals="<CtrlSum>99.99</CtrlSum>"), count=2),
        Code.AM10,
        f"{GROUP}[2]/CtrlSum",
    ),
    "a cheque": (ONE.replace(">TRF<", ">CHK<"), Code.CH16, f"{GROUP}/PmtMtd"),
    "batch booking": (
        ONE.replace("</PmtMtd>", "</PmtMtd><BtchBookg>true</BtchBookg>"),
        Code.CH17,
        f"{GROUP}/BtchBookg",
    ),
    "an hour of execution": (
        ONE.replace(f"<Dt>{TODAY}</Dt>", f"<DtTm>{TODAY}T09:00:00Z</DtTm>"),
        Code.CH21,
        f"{GROUP}/ReqdExctnDt/Dt",
    ),
    "another bank's BIC": (
        ONE.replace(f"<BICFI>{BICS['banksh']}", f"<BICFI>{BICS['bankist']}"),
        Code.DNOR,
        f"{GROUP}/DbtrAgt/FinInstnId/BICFI",
    ),
    "an equivalent amount": (
        ONE.replace(
            '<InstdAmt Ccy="CNY">100.00</InstdAmt>',
            '<EqvtAmt><Amt Ccy="CNY">100.00</Amt><CcyOfTrf>EUR</CcyOfTrf></EqvtAmt>',
        ),
        Code.CH17,
        f"{TX}/Amt/EqvtAmt",
    ),
    "no amount": (ONE.replace(">100.00<", ">0.00<"), Code.AM01, f"{TX}/Amt/InstdAmt"),
    "a fraction of a fen": (ONE.replace(">100.00<", ">100.001<"), Code.CH20, f"{TX}/Amt/InstdAmt"),
    "a currency that is none": (ONE.replace('Ccy="CNY"', 'Ccy="ABC"'), Code.AM11, f"{TX}/Amt/InstdAmt/@Ccy"),
    "said twice": (
        ONE.replace("<CdtTrfTxInf>", "<ChrgBr>SHAR</ChrgBr><CdtTrfTxInf>").replace(
            "<CdtrAgt>", "<ChrgBr>SHAR</ChrgBr><CdtrAgt>"
        ),
        Code.CH17,
        f"{TX}/ChrgBr",
    ),
    "SLEV": (ONE.replace("<CdtTrfTxInf>", "<ChrgBr>SLEV</ChrgBr><CdtTrfTxInf>"), Code.BE19, f"{GROUP}/ChrgBr"),
    "two lines of remittance": (
        ONE.replace("<Ustrd>", "<Ustrd>a</Ustrd><Ustrd>"),
        Code.CH17,
        f"{TX}/RmtInf/Ustrd[2]",
    ),
    "no creditor's bank": (
        ONE.replace(f"<CdtrAgt><FinInstnId><BICFI>{BICS['bankist']}</BICFI></FinInstnId></CdtrAgt>", ""),
        Code.CH21,
        f"{TX}/CdtrAgt/FinInstnId/BICFI",
    ),
    "an account's digits": (ONE.replace("841326", "841327"), Code.AC01, f"{TX}/CdtrAcct/Id/IBAN"),
    "an address without a town": (
        ONE.replace(CREDITOR, CREDITOR.replace("<TwnNm>Istanbul</TwnNm>", "")),
        Code.BE04,
        f"{TX}/Cdtr/PstlAdr/TwnNm",
    ),
    "the second of two": (
        TWO.replace(">2.00<", ">0.00<"),
        Code.AM01,
        f"{TX}[2]/Amt/InstdAmt",
    ),
    "one UETR twice": (
        a_message(a_group(a_transfer(uetr=UETR), a_transfer(uetr=UETR))),
        Code.DU03,
        f"{TX}[2]/PmtId/UETR",
    ),
    "a character": (ONE.replace("<MsgId>", "<MsgId>_"), Code.CH16, f"{HEAD}/MsgId"),
    "no offset": (ONE.replace("+08:00", ""), Code.CH16, f"{HEAD}/CreDtTm"),
    "a purpose of the group": (
        ONE.replace(
            "<CdtTrfTxInf>",
            "<UltmtDbtr><Nm>\u00e9</Nm></UltmtDbtr><CdtTrfTxInf>",
        ),
        Code.CH16,
        f"{GROUP}/UltmtDbtr/Nm",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_in_order_is_refused_at_its_element(case: str) -> None:
    text, code, path = REFUSED[case]
    told = refusal(text)
    assert (told.code, told.where) == (code, path), told.violations


def test_a_refusal_holds_no_value() -> None:
    told = refusal(ONE.replace(">100.00<", ">0.00<").replace("E2E-1", "CANARY-1_"))
    assert "CANARY" not in str(told.violations)


def test_too_many_payments_are_refused_at_once() -> None:
    text = a_message(a_group(*[a_transfer("1.00")] * (INSTRUCTIONS_MAX + 1)))
    assert refusal(text).code is Code.CH17


def test_every_field_of_an_instruction_has_an_element() -> None:
    """What a trader may say stands in the tables, and nothing else does."""
    tables = (
        customer_initiation._OF_GROUP,
        customer_initiation._OF_EITHER,
        customer_initiation._OF_TRANSFER,
        {"initiating_party": ""},
    )
    [asked] = read(ONE).instructions
    assert set().union(*tables) == set(asked.__struct_fields__)


def test_carried_elements_are_elements_of_the_schema() -> None:
    """Each path that is accounted for leads somewhere in the compiled shapes."""
    for path in customer_initiation._carried():
        shape: Shape | None = shape_of(models.Document)
        for step in path.split("/")[2:]:
            assert shape is not None, path
            part = next((each for each in shape.parts.values() if each.name == step), None)
            assert part is not None, path
            shape = shape_of(part.kind) if part.convert is None else None


@pytest.mark.parametrize("text", [ONE, TWO, a_message(a_group(), a_group(a_transfer(uetr=UETR)), total="200")])
def test_what_the_tests_write_is_of_the_published_schema(text: str) -> None:
    samples.schema("pain.001.001.09").assertValid(etree.fromstring(text.encode()))


def test_the_message_of_the_guides_is_one() -> None:
    """From the example customer of the first development bank, and its account."""
    example = (Path(__file__).parents[3] / "examples" / "initiation" / "ask.xml").read_text(encoding="utf-8")
    [asked] = read(example).instructions
    trader = TRADERS["banksh"]
    assert (asked.debtor.name, asked.debtor_account.other) == (trader.party.name, trader.account.other)


@pytest.mark.parametrize("count", [1, 20])
def test_the_total_of_amounts_is_exact(count: int) -> None:
    """Tenths are added as tenths, never as binary fractions."""
    text = a_message(a_group(*[a_transfer("0.10")] * count), total=str(Decimal("0.1") * count))
    assert len(read(text).instructions) == count
