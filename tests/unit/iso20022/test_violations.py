"""What is against the rules, one thing at a time: (spoilt message, code, element)."""

from datetime import date
from typing import Final

import pytest
from msgspec.structs import replace

from settlement.errors import Code, Refusal
from settlement.iso20022 import reading, writing
from settlement.iso20022.refusal import MessageRefusal, Violation
from settlement.parties import Agent, CashAccount, Party, PostalAddress
from settlement.payments.commands import Charge, ChargeBearer, SubmitPayment
from tests.unit.iso20022 import samples
from tests.unit.iso20022.samples import (
    PARTICIPANTS,
    SENT_AT,
    TODAY,
    a_full_payment,
    a_payment,
    a_return,
    a_status,
    payment_xml,
    refusal,
)

HEAD: Final = "/Document/FIToFICstmrCdtTrf/GrpHdr"
TX: Final = "/Document/FIToFICstmrCdtTrf/CdtTrfTxInf"
XML: Final = payment_xml()
FULL: Final = payment_xml(a_full_payment())
TRANSACTION: Final = XML[XML.index("<CdtTrfTxInf>") : XML.index("</FIToFICstmrCdtTrf>")]
DEBTOR: Final = a_payment().debtor
FREE: Final = PostalAddress(address_line=("Mecidiyekoy Yolu 12", "Istanbul", "Turkiye"))


def _charge(amount: str, currency: str = "CNY") -> Charge:
    return Charge(amount=amount, currency=currency, agent=Agent(bic=samples.ISTANBUL_BANK))


def _swap(old: str, new: str, *, full: bool = False) -> str:
    """Spoil the usual message; the text must be there."""
    data = FULL if full else XML
    assert old in data
    return data.replace(old, new)


SPOILT: Final = [
    # The schema: FF01 where it has no such thing, CH16 where a value has not the form of its type.
    ("a mandatory element is missing", _swap("<MsgId>BANKSH-20261123-1</MsgId>", ""), "FF01", f"{HEAD}/MsgId"),
    ("an element twice", _swap("<Purp>", "<Purp><Cd>GDDS</Cd></Purp><Purp>"), "FF01", f"{TX}/Purp[2]"),
    ("too often", _swap("</AdrLine>", "</AdrLine>" + "<AdrLine>b</AdrLine>" * 7), "FF01", f"{TX}/Cdtr/PstlAdr/AdrLine"),
    (
        "out of order",
        _swap("<CreDtTm>2026-11-23T01:00:00.000Z</CreDtTm><NbOfTxs>1</NbOfTxs>",
              "<NbOfTxs>1</NbOfTxs><CreDtTm>2026-11-23T01:00:00.000Z</CreDtTm>"),
        "FF01", f"{HEAD}/CreDtTm",
    ),
    ("both branches of a choice", _swap("<Id><IBAN>", "<Id><Othr><Id>1</Id></Othr><IBAN>"),
     "FF01", f"{TX}/CdtrAcct/Id"),
    ("neither branch of a choice", _swap("<Purp><Cd>GDDS</Cd></Purp>", "<Purp/>"), "FF01", f"{TX}/Purp"),
    ("no text where text must be", _swap("PO-2026-17", ""), "CH16", f"{TX}/PmtId/EndToEndId"),
    ("a text too long", _swap("PO-2026-17", "x" * 36), "CH16", f"{TX}/PmtId/EndToEndId"),
    ("a code not in the list", _swap("SHAR", "OURS"), "CH16", f"{TX}/ChrgBr"),
    ("a currency in small letters", _swap('Ccy="CNY"', 'Ccy="cny"'), "CH16", f"{TX}/IntrBkSttlmAmt/@Ccy"),
    ("a day that is not", _swap("2026-11-23</IntrBkSttlmDt>", "2026-02-29</IntrBkSttlmDt>"),
     "CH16", f"{TX}/IntrBkSttlmDt"),
    ("a day with an offset", _swap("2026-11-23</IntrBkSttlmDt>", "2026-11-23Z</IntrBkSttlmDt>"), "CH16",
     f"{TX}/IntrBkSttlmDt"),
    ("a UETR in capitals", _swap("8a562c67", "8A562C67"), "CH16", f"{TX}/PmtId/UETR"),
    ("a UETR of version 1", _swap("ca16-48ba", "ca16-18ba"), "CH16", f"{TX}/PmtId/UETR"),
    # The header agrees with the document.
    ("From is another", _swap(f"<Fr><FIId><FinInstnId><BICFI>{samples.SHANGHAI_BANK}",
                              f"<Fr><FIId><FinInstnId><BICFI>{samples.CLEARING}"),
                               "CH16", "/AppHdr/Fr/FIId/FinInstnId/BICFI"),
    ("To is another", _swap(f"<To><FIId><FinInstnId><BICFI>{samples.ISTANBUL_BANK}",
                            f"<To><FIId><FinInstnId><BICFI>{samples.CLEARING}"),
                             "CH16", "/AppHdr/To/FIId/FinInstnId/BICFI"),
    ("BizMsgIdr is another", _swap("<BizMsgIdr>", "<BizMsgIdr>X"), "CH16", "/AppHdr/BizMsgIdr"),
    ("MsgDefIdr is another", _swap("<MsgDefIdr>pacs.008", "<MsgDefIdr>pacs.009"), "CH16", "/AppHdr/MsgDefIdr"),
    ("SWIFT's business service", _swap("waitan.clrg.01", "swift.cbprplus.03"), "CH16", "/AppHdr/BizSvc"),
    ("the header is urgent", _swap("</CreDt>", "</CreDt><Prty>HIGH</Prty>"), "CH16", "/AppHdr/Prty"),
    ("a copy", _swap("</CreDt>", "</CreDt><CpyDplct>COPY</CpyDplct>"), "CH17", "/AppHdr/CpyDplct"),
    # Our usage.
    ("correspondent settlement", _swap("CLRG", "INDA"), "CH16", f"{HEAD}/SttlmInf/SttlmMtd"),
    ("cover settlement", _swap("CLRG", "COVE"), "CH16", f"{HEAD}/SttlmInf/SttlmMtd"),
    ("no UETR", _swap("<UETR>8a562c67-ca16-48ba-b074-65581be6f001</UETR>", ""), "CH21", f"{TX}/PmtId/UETR"),
    ("no settlement date", _swap("<IntrBkSttlmDt>2026-11-23</IntrBkSttlmDt>", ""), "CH21", f"{TX}/IntrBkSttlmDt"),
    ("two told, one sent", _swap("<NbOfTxs>1", "<NbOfTxs>2"), "AM18", f"{HEAD}/NbOfTxs"),
    ("one told, two sent", _swap(TRANSACTION, TRANSACTION * 2), "AM18", TX),
    ("two told and sent", _swap(TRANSACTION, TRANSACTION * 2).replace("<NbOfTxs>1", "<NbOfTxs>2"),
     "AM18", f"{HEAD}/NbOfTxs"),
    ("service level charges", _swap("SHAR", "SLEV"), "BE19", f"{TX}/ChrgBr"),
    ("no instructing agent", XML.replace(XML[XML.index("<InstgAgt>") : XML.index("<InstdAgt>")], ""),
     "CH21", f"{TX}/InstgAgt"),
    ("a moment without offset", _swap("01:00:00.000Z", "01:00:00"), "CH16", f"{HEAD}/CreDtTm"),
    ("an element not carried", _swap("<Purp>", "<InstrForNxtAgt/><Purp>"), "CH21", f"{TX}/InstrForNxtAgt[1]"),
    ("a proprietary purpose", _swap("<Purp><Cd>GDDS</Cd>", "<Purp><Prtry>GDDS</Prtry>"), "CH17", f"{TX}/Purp/Prtry"),
    ("supplementary data", _swap("</CdtTrfTxInf>",
                                "<SplmtryData><Envlp><x xmlns='u'/></Envlp></SplmtryData></CdtTrfTxInf>"),
     "CH17", f"{TX}/SplmtryData"),
    ("a second line of remittance", _swap("</Ustrd>", "</Ustrd><Ustrd>more</Ustrd>"), "CH17", f"{TX}/RmtInf/Ustrd[2]"),
    ("agents numbered with a gap", _swap("<InstgAgt>", f"<PrvsInstgAgt2><FinInstnId><BICFI>{samples.CLEARING}</BICFI>"
                                         "</FinInstnId></PrvsInstgAgt2><InstgAgt>"), "CH17", f"{TX}/PrvsInstgAgt2"),
    # The content.
    ("a BIC of no country", _swap(f"<CdtrAgt><FinInstnId><BICFI>{samples.ISTANBUL_BANK}",
                                 "<CdtrAgt><FinInstnId><BICFI>TCZBXX2A"),
     "RC01", f"{TX}/CdtrAgt/FinInstnId/BICFI"),
    ("wrong check digits in an IBAN", _swap("TR33", "TR34"), "AC01", f"{TX}/CdtrAcct/Id/IBAN"),
    ("an IBAN with small letters", _swap("TR330006100519786457841326", "TR33000610051978645784132a"), "AC01",
     f"{TX}/CdtrAcct/Id/IBAN"),
    ("a currency of the past", _swap('Ccy="CNY"', 'Ccy="DEM"'), "AM11", f"{TX}/IntrBkSttlmAmt/@Ccy"),
    ("gold", _swap('Ccy="CNY"', 'Ccy="XAU"'), "AM03", f"{TX}/IntrBkSttlmAmt"),
    ("drawing rights", _swap('Ccy="CNY"', 'Ccy="XDR"'), "AM03", f"{TX}/IntrBkSttlmAmt/@Ccy"),
    ("yen with decimals", _swap('Ccy="CNY"', 'Ccy="JPY"'), "CH20", f"{TX}/IntrBkSttlmAmt"),
    ("three decimals of yuan", _swap(">1000.00<", ">1000.001<"), "CH20", f"{TX}/IntrBkSttlmAmt"),
    ("nothing", _swap(">1000.00<", ">0.00<"), "AM01", f"{TX}/IntrBkSttlmAmt"),
    ("a creditor's address without town", _swap("<TwnNm>Istanbul</TwnNm>", ""), "BE04", f"{TX}/Cdtr/PstlAdr/TwnNm"),
    ("a debtor's address without country", _swap("<Ctry>CN</Ctry>", ""), "BE07", f"{TX}/Dbtr/PstlAdr/Ctry"),
    ("a country that is none", _swap("<Ctry>TR</Ctry>", "<Ctry>QQ</Ctry>"), "BE04", f"{TX}/Cdtr/PstlAdr/Ctry"),
    ("three lines", _swap("</AdrLine>", "</AdrLine><AdrLine>b</AdrLine><AdrLine>c</AdrLine>"), "BE04",
     f"{TX}/Cdtr/PstlAdr/AdrLine"),
    ("the town twice", _swap("Mecidiyekoy Yolu 12", "Mecidiyekoy, Istanbul"), "BE04", f"{TX}/Cdtr/PstlAdr/TwnNm"),
    ("free lines alone", payment_xml(a_payment(creditor=Party(name="X", address=FREE))),
     "BE04", f"{TX}/Cdtr/PstlAdr/TwnNm"),
    ("no address abroad", payment_xml(a_payment(debtor=Party(name="X"))), "BE07", f"{TX}/Dbtr/PstlAdr"),
    ("a debtor without a name", payment_xml(a_payment(debtor=Party(lei="529900T8BM49AURSDO55"))), "CH21", f"{TX}/Dbtr"),
    ("a name beside a BIC", payment_xml(a_payment(debtor=Party(name="X", any_bic=samples.CLEARING))),
     "CH17", f"{TX}/Dbtr"),
    ("wrong check digits in a debtor's LEI", payment_xml(a_payment(debtor=replace(DEBTOR, lei="529900T8BM49AURSDO56"))),
     "BE16", f"{TX}/Dbtr/Id/OrgId/LEI"),
    ("wrong check letter in a debtor's USCC", payment_xml(a_payment(debtor=replace(DEBTOR, uscc="91310000132200821J"))),
     "BE16", f"{TX}/Dbtr/Id/OrgId/Othr"),
    ("an accent", _swap("Bosphorus", "Bo\u011fazi\u00e7i"), "CH16", f"{TX}/Cdtr/Nm"),
    ("an identification with an exclamation", _swap("PO-2026-17", "PO!"), "CH16", f"{TX}/PmtId/EndToEndId"),
    ("spaces for a name", _swap("Bosphorus Textiles AS", "   "), "CH16", f"{TX}/Cdtr/Nm"),
    ("wrong check digits in a creditor reference", _swap("RF18", "RF19", full=True), "RR09",
     f"{TX}/RmtInf/Strd[1]/CdtrRefInf/Ref"),
    ("no rate between currencies", payment_xml(a_payment(instructed_amount="1.00", instructed_currency="EUR")), "CH21",
     f"{TX}/XchgRate"),
    ("amounts that do not add up", payment_xml(a_payment(instructed_amount="1010.00", instructed_currency="CNY",
                                                         charges=(_charge("9.00"),))), "AM09", f"{TX}/InstdAmt"),
    # The usage rules of CBPR+.
    ("R10", _swap("<Cd>HOLD</Cd>", "<Cd>TELB</Cd>", full=True), "CH17", TX),
    ("R11", _swap("<Cd>PHOB</Cd>", "<Cd>CHQB</Cd>", full=True), "CH17", TX),
    ("R13", _swap("<Cd>G001</Cd>", "<Cd>G004</Cd>", full=True), "CH16", f"{TX}/PmtTpInf/SvcLvl[1]/Cd"),
    ("R23", payment_xml(a_full_payment(charge_bearer=ChargeBearer.DEBT)), "CH17", TX),
    ("R24", _swap("<Strd>", "<Ustrd>x</Ustrd><Strd>", full=True), "CH17", TX),
    ("R25", _swap("<Cd>HOLD</Cd>", "<Cd>PHOB</Cd>", full=True), "CH17", TX),
    ("R26", payment_xml(a_payment(charge_bearer=ChargeBearer.CRED)), "CH21", TX),
    ("R27", _swap("<RmtInf>", "<RltdRmtInf><RmtId>x</RmtId></RltdRmtInf><RmtInf>"), "CH17", TX),
    ("R28", _swap("INSTR-1", "INSTR//1"), "CH16", f"{TX}/PmtId/InstrId"),
    ("R30", payment_xml(a_payment(instructed_amount="1010.00", instructed_currency="CNY")), "CH21", TX),
    ("R31", _swap('Ccy="CNY"', 'Ccy="XAG"'), "AM03", f"{TX}/IntrBkSttlmAmt"),
    ("R52", payment_xml(a_payment(debtor_agent=Agent(bic=samples.SHANGHAI_BANK, name="A bank"))), "CH21",
     f"{TX}/DbtrAgt/FinInstnId"),
    # Wrong in two ways: the code that must win.
    ("schema before content", _swap("TR33", "TR34").replace("<Purp>", "<Nope/><Purp>"), "FF01", f"{TX}/Nope"),
    ("FF01 before CH16", _swap(">1000.00<", ">1e3<").replace("<Purp>", "<Nope/><Purp>"), "FF01", f"{TX}/Nope"),
    ("a facet before all content", _swap(">1000.00<", ">1e3<").replace("SHAR", "SLEV"), "CH16", f"{TX}/IntrBkSttlmAmt"),
    ("CH21 before CH17", _swap("<UETR>8a562c67-ca16-48ba-b074-65581be6f001</UETR>", "").replace("<Purp><Cd>GDDS</Cd>",
                                                                                         "<Purp><Prtry>G</Prtry>"),
     "CH21", f"{TX}/PmtId/UETR"),
    ("CH17 before CH16", _swap("INSTR-1", "/1").replace("<Purp><Cd>GDDS</Cd>", "<Purp><Prtry>G</Prtry>"), "CH17",
     f"{TX}/Purp/Prtry"),
    ("CH16 before AM18", _swap("INSTR-1", "/1").replace("<NbOfTxs>1", "<NbOfTxs>2"), "CH16", f"{TX}/PmtId/InstrId"),
    ("AM18 before RC01", _swap("TCZBTR2AXXX", "TCZBXX2AXXX").replace("<NbOfTxs>1", "<NbOfTxs>2"),
     "AM18", f"{HEAD}/NbOfTxs"),
    ("AC01 before BE04", _swap("TR33", "TR34").replace("<TwnNm>Istanbul</TwnNm>", ""),
     "AC01", f"{TX}/CdtrAcct/Id/IBAN"),
    ("BE04 before BE07", _swap("<TwnNm>Istanbul</TwnNm>", "").replace("<TwnNm>Shanghai</TwnNm>", ""), "BE04",
     f"{TX}/Cdtr/PstlAdr/TwnNm"),
    ("BE19 before AM11", _swap("SHAR", "SLEV").replace('Ccy="CNY"', 'Ccy="DEM"'), "BE19", f"{TX}/ChrgBr"),
    ("AM11 before DNOR", payment_xml(a_payment(instructing_agent=samples.FRANKFURT_BANK))
     .replace('"CNY"', '"DEM"'), "AM11",
     f"{TX}/IntrBkSttlmAmt/@Ccy"),
    ("DNOR before CNOR", payment_xml(a_payment(instructing_agent=samples.FRANKFURT_BANK,
                                               instructed_agent=samples.FRANKFURT_BANK)), "DNOR", f"{TX}/InstgAgt"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "path"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_what_is_spoilt_is_refused_with_its_code_at_its_element(data: str, code: str, path: str) -> None:
    """Each violation has its ISO 20022 code and the path of the element at fault, and its sentence ends in a stop."""
    refused = refusal(data)
    assert (refused.code, refused.where) == (code, path)
    for violation in refused.violations:
        assert violation.path.startswith(("/Document", "/AppHdr"))
        assert violation.sentence.endswith(".")
        assert violation.rule


def test_an_agent_that_takes_no_part_is_told_by_its_side() -> None:
    """The unknown instructing agent is DNOR; the unknown instructed one, or creditor agent in its place, is CNOR."""
    stranger = samples.FRANKFURT_BANK
    assert refusal(payment_xml(a_payment(instructing_agent=stranger))).code is Code.DNOR
    assert refusal(payment_xml(a_payment(instructed_agent=stranger))).code is Code.CNOR
    plain = payment_xml(a_payment(creditor_agent=Agent(bic=stranger)), header=False)
    start, end = plain.index("<InstdAgt>"), plain.index("<Dbtr>")
    refused = refusal(plain[:start] + plain[end:])
    assert (refused.code, refused.where) == (Code.CNOR, f"{TX}/CdtrAgt")


def test_without_an_instructed_agent_the_creditor_agent_is_credited() -> None:
    """InstdAgt absent: the BIC of CdtrAgt says who is credited, also for the header's To."""
    start, end = XML.index("<InstdAgt>"), XML.index("<Dbtr>")
    assert samples.read(XML[:start] + XML[end:]) == a_payment()


def test_a_name_needs_no_address_within_one_country() -> None:
    """Between two agents of one country a name and an account will do (CBPR+ R46, R58)."""
    payment = a_payment(debtor=Party(name="X"), debtor_agent=Agent(bic="TGBATRISXXX"))
    assert samples.read(payment_xml(payment)) == payment


def test_a_party_needs_an_account_or_an_identification() -> None:
    """A debtor with neither cannot be told from others of its name (CBPR+ R51)."""
    refused = refusal(payment_xml(a_payment(debtor_account=None)))
    assert (refused.code, refused.where) == (Code.CH21, f"{TX}/DbtrAcct")
    identified = a_payment(debtor_account=None, debtor=replace(a_payment().debtor, uscc="91310000132200821H"))
    assert samples.read(payment_xml(identified)) == identified


@pytest.mark.parametrize(
    ("day", "lines", "refused"),
    [
        ("2026-11-13", ("Mecidiyekoy Yolu 12", "Istanbul"), False),
        ("2026-11-13", ("a", "b", "c"), False),
        ("2026-11-13", ("a", "b", "c", "d"), True),
        ("2026-11-13", ("x" * 36,), True),
        ("2026-11-14", ("Mecidiyekoy Yolu 12", "Istanbul"), True),
    ],
)
def test_an_address_of_lines_alone_is_warned_of_until_it_is_refused(
    day: str, lines: tuple[str, ...], *, refused: bool
) -> None:
    """Until 13 November 2026 three lines of 35 are read with a warning; from the 14th on they are BE04."""
    creditor = Party(name="Bosphorus Textiles AS", address=PostalAddress(address_line=lines))
    payment = a_payment(creditor=creditor, settlement_date=day)
    data = writing.payment_message(payment, sent_at=SENT_AT)
    on = date.fromisoformat(day)
    if refused:
        assert samples.refusal(data, on=on).code is Code.BE04
        return
    read = reading.read(data, business_date=on, participant_of=PARTICIPANTS.get)
    assert read.message == payment
    assert [(warning.code, warning.path) for warning in read.warnings] == [(Code.BE04, f"{TX}/Cdtr/PstlAdr")]


TXR: Final = "/Document/PmtRtr/TxInf"
TXS: Final = "/Document/FIToFIPmtStsRpt/TxInfAndSts"
RETURN: Final = writing.return_message(a_return(), sent_at=SENT_AT).decode()
STATUS: Final = writing.status_message(a_status(), sent_at=SENT_AT).decode()


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        (RETURN.replace("<RtrId>RTR-1</RtrId>", ""), "CH21", f"{TXR}/RtrId"),
        (RETURN.replace("<OrgnlUETR>8a562c67-ca16-48ba-b074-65581be6f001</OrgnlUETR>", ""), "CH21", f"{TXR}/OrgnlUETR"),
        (RETURN.replace("<Rsn><Cd>AC04</Cd></Rsn>", ""), "CH21", TXR),
        (RETURN.replace("<AddtlInf>PART</AddtlInf>", ""), "CH21", TXR),
        (RETURN.replace("CLRG", "INGA"), "CH16", "/Document/PmtRtr/GrpHdr/SttlmInf/SttlmMtd"),
        (RETURN.replace("<NbOfTxs>1", "<NbOfTxs>3"), "AM18", "/Document/PmtRtr/GrpHdr/NbOfTxs"),
        (RETURN.replace(">995.00<", ">995.001<"), "CH20", f"{TXR}/RtrdIntrBkSttlmAmt"),
        (RETURN.replace("SHAR", "SLEV"), "BE19", f"{TXR}/ChrgBr"),
        (RETURN.replace('OrgnlIntrBkSttlmAmt Ccy="CNY"', 'OrgnlIntrBkSttlmAmt Ccy="EUR"'), "AM03",
         f"{TXR}/RtrdIntrBkSttlmAmt/@Ccy"),
        (RETURN.replace("<RtrRsnInf>", "<RtrRsnInf><Orgtr><Nm>X</Nm></Orgtr>"), "CH17", f"{TXR}/RtrRsnInf/Orgtr"),
        (STATUS.replace("<OrgnlUETR>8a562c67-ca16-48ba-b074-65581be6f001</OrgnlUETR>", ""), "CH21", f"{TXS}/OrgnlUETR"),
        (STATUS.replace("<TxSts>ACCC</TxSts>", ""), "CH21", f"{TXS}/TxSts"),
        (STATUS.replace("ACCC", "ACCX"), "CH16", f"{TXS}/TxSts"),
        (STATUS.replace("ACCC", "RJCT"), "CH21", TXS),
        (STATUS.replace("</TxSts>", "</TxSts><AccptncDtTm>2026-11-23T01:00:00Z</AccptncDtTm>"), "CH17",
         f"{TXS}/AccptncDtTm"),
        (STATUS.replace("pacs.008.001.08</OrgnlMsgNmId>", "camt.056.001.08</OrgnlMsgNmId>"), "CH16",
         f"{TXS}/OrgnlGrpInf/OrgnlMsgNmId"),
    ],
)  # fmt: skip
def test_returns_and_reports_are_refused_at_their_element(data: str, code: str, path: str) -> None:
    """The same rules, in the places of pacs.004 and pacs.002."""
    refused = refusal(data)
    assert (refused.code, refused.where) == (code, path)


@pytest.mark.parametrize(("status", "reason"), [("ACSC", ""), ("PDNG", ""), ("RJCT", "AM04"), ("ACSP", "G001")])
def test_settlement_is_not_for_the_creditors_bank_to_tell(status: str, reason: str) -> None:
    """A report on settlement is read, but makes no confirmation of credit."""
    message = a_status(status=status, reason=reason, effective_date="")
    with pytest.raises(Refusal) as caught:
        message.command(samples.payment_name(), payer="banksh", payee="bankist")
    assert caught.value.code is Code.CH16


def test_a_refusal_lists_all_that_is_wrong_in_order_of_precedence() -> None:
    """One round trip tells everything: the first violation is the refusal's own, none is told twice."""
    data = XML.replace("SHAR", "SLEV").replace("TR33", "TR34").replace("<NbOfTxs>1", "<NbOfTxs>2")
    refused = refusal(data)
    assert [violation.code for violation in refused.violations] == [Code.AM18, Code.AC01, Code.BE19]
    assert (refused.code, refused.where) == refused.violations[0][:1] + refused.violations[0][2:3]
    once = MessageRefusal([Violation(Code.AC01, "a", "/x", "."), Violation(Code.AC01, "b", "/x", ".")])
    assert len(once.violations) == 1


def test_what_asks_for_it_stands_in_the_command() -> None:
    """Who asked and what to do when unfunded are no elements; the gateway says them."""
    read = reading.read(
        XML.encode(), business_date=TODAY, participant_of=PARTICIPANTS.get, requested_by="f" * 64
    ).message
    assert isinstance(read, SubmitPayment)
    assert read.requested_by == "f" * 64


def test_an_account_of_a_kind_is_kept() -> None:
    """Scheme, issuer, type, currency and name of an account come through."""
    account = CashAccount(other="1", other_scheme="BBAN", other_issuer="X", type_code="CACC", currency="CNY", name="N")
    assert samples.read(payment_xml(a_payment(debtor_account=account))).debtor_account == account
