"""Bytes that mean harm, or mean nothing: each gets a clear refusal, and nothing is fetched, expanded or guessed."""

import time
from collections.abc import Callable

import pytest

from settlement.errors import Code
from settlement.iso20022.refusal import LISTED_MAX
from tests.unit.iso20022 import samples
from tests.unit.iso20022.samples import payment_xml, refusal

PLAIN = payment_xml(header=False)
BODY = PLAIN.partition("?>\n")[2]
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
INSTANCE = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
HINTED = PLAIN.replace("<Document", f'<Document {INSTANCE} i:schemaLocation="urn:x http://203.0.113.1/x.xsd"')
PREFIXED = (
    BODY.replace("<Document xmlns=", "<p:Document xmlns:p=")
    .replace("</Document>", "</p:Document>")
    .replace("<FIToFICstmrCdtTrf>", f'<FIToFICstmrCdtTrf xmlns="{NAMESPACE}">')
)
LAUGHS = (
    "<!DOCTYPE Document [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10)) + "]>"
)


def _amount(text: str) -> str:
    return PLAIN.replace(">1000.00<", f">{text}<")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff\xfe", id="noise"),
        pytest.param(b"{}", id="JSON"),
        pytest.param(PLAIN.encode()[:-20], id="truncated"),
        pytest.param(PLAIN.encode() + b"<x/>", id="two roots"),
        pytest.param(PLAIN.replace("</PmtId>", "</PmtID>"), id="mismatched tags"),
        pytest.param(PLAIN + " " * (1 << 20), id="larger than 1 MiB"),
        pytest.param(LAUGHS + BODY.replace("Invoice 2026-17", "&l9;"), id="billion laughs"),
        pytest.param('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY, id="external entity"),
        pytest.param('<!DOCTYPE d SYSTEM "http://203.0.113.1/evil.dtd">' + BODY, id="external DTD"),
        pytest.param("<!DOCTYPE d>" + BODY, id="empty DTD"),
        pytest.param(BODY.replace("Invoice 2026-17", "&undeclared;"), id="undeclared entity"),
        pytest.param(PLAIN.encode("utf-16"), id="UTF-16"),
        pytest.param(BODY.encode("utf-16-le"), id="UTF-16 without mark"),
        pytest.param(PLAIN.replace("UTF-8", "UTF-16"), id="declared UTF-16"),
        pytest.param(PLAIN.replace("UTF-8", "UTF-7"), id="declared UTF-7"),
        pytest.param(PLAIN.replace("UTF-8", "ISO-8859-1"), id="declared Latin 1"),
        pytest.param(PLAIN.replace('version="1.0"', 'version="1.1"'), id="XML 1.1"),
        pytest.param(PLAIN.replace("Pudong", "Ko\u00e7").encode("latin-1"), id="Latin 1"),
        pytest.param(PLAIN.replace("pacs.008.001.08", "pacs.008.001.09"), id="another version"),
        pytest.param(PLAIN.replace("pacs.008.001.08", "pacs.009.001.08"), id="another message"),
        pytest.param(PLAIN.replace("urn:iso:std:iso:20022:tech:xsd:", "urn:example:"), id="another namespace"),
        pytest.param(PLAIN.replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"', ""), id="no namespace"),
        pytest.param("<a>" * 300 + "</a>" * 300, id="deep"),
        pytest.param(f"<Message>{BODY}{BODY}</Message>", id="two documents"),
        pytest.param(f"<Message>hello{BODY}</Message>", id="text in the envelope"),
        pytest.param(f'<Message secret="x">{BODY}</Message>', id="attribute on the envelope"),
        pytest.param(f"<a><b>{BODY}</b></a>", id="envelope in an envelope"),
        pytest.param(payment_xml().replace("head.001.001.02", "head.001.001.01"), id="another header version"),
        pytest.param(PLAIN.replace("<GrpHdr>", '<GrpHdr xmlns="urn:x">'), id="a foreign namespace inside"),
        pytest.param(PLAIN.replace("<PmtId>", "<PmtId><New>x</New>"), id="unknown element"),
        pytest.param(PLAIN.replace("<PmtId>", '<PmtId x="1">'), id="unknown attribute"),
        pytest.param(PLAIN.replace("<MsgId>", '<MsgId x="1">'), id="unknown attribute on text"),
        pytest.param(PLAIN.replace('Ccy="CNY"', 'Ccy="CNY" x="1"'), id="unknown attribute on an amount"),
        pytest.param(PLAIN.replace(' Ccy="CNY"', ""), id="amount without currency"),
        pytest.param(
            PLAIN.replace("<Document", f'<Document {INSTANCE} i:nil="true"'),
            id="nil",
        ),
        pytest.param(PLAIN.replace("<PmtId>", "<PmtId>stray"), id="stray text before"),
        pytest.param(PLAIN.replace("</PmtId>", "stray</PmtId>"), id="stray text after"),
        pytest.param(PLAIN.replace("</PmtId>", "&#160;</PmtId>"), id="no-break space between elements"),
        pytest.param(PLAIN.replace(">1000.00<", ">10<!-- 9 -->00.00<"), id="comment inside a value"),
        pytest.param(PLAIN.replace(">1000.00<", ">10<?x y?>00.00<"), id="instruction inside a value"),
        pytest.param(PLAIN.replace("<Nm>Pudong", "<Nm><b>Pudong</b>"), id="element inside a value"),
    ],
)
def test_what_is_not_a_message_is_refused_as_such(data: bytes | str) -> None:
    """Not XML, not plain XML, not one message, or not the schema: FF01."""
    assert refusal(data).code is Code.FF01


@pytest.mark.parametrize(
    "text",
    ["1e3", "1E3", "1_000", "１０００", "NaN", "INF", "-1.00", "+1.00", "-0", "", " 1.00", "1.00 ", "1.", ".5", "1,00",
     "0x10", "1000.000000", "1234567890123456789", "12345678901234567.89", "٣", "1\n", "--1", "1.0.0"],
)  # fmt: skip
def test_an_amount_is_ascii_digits_and_one_point(text: str) -> None:
    """Exponents, signs, separators, other digits, spaces and too many digits are CH16, with the element's path."""
    refused = refusal(_amount(text))
    assert refused.code is Code.CH16
    assert refused.where == "/Document/FIToFICstmrCdtTrf/CdtTrfTxInf/IntrBkSttlmAmt"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("\ufeff" + PLAIN, id="byte order mark"),
        pytest.param(BODY, id="no declaration"),
        pytest.param(PLAIN.replace("UTF-8", "utf-8"), id="small letters"),
        pytest.param(f"<Envelope>\n  {BODY}\n</Envelope>", id="an envelope of any name"),
        pytest.param(f'<x:Any xmlns:x="urn:x">{BODY}</x:Any>', id="an envelope of any namespace"),
        pytest.param(PREFIXED, id="a prefix"),
        pytest.param(PLAIN.replace("<PmtId>", "<!-- between --><?and this?>\n <PmtId>"),
         id="comments between elements"),
        pytest.param("<!-- before -->" + BODY, id="a comment before"),
        pytest.param(PLAIN.replace("Invoice 2026-17", "<![CDATA[Invoice 2026-17]]>"), id="CDATA"),
        pytest.param(PLAIN.replace("Invoice", "&#73;nvoice"), id="a character reference"),
        pytest.param(HINTED, id="a schema hint"),
        pytest.param(PLAIN.replace("01:00:00.000Z", "09:00:00+08:00"), id="another offset"),
        pytest.param(PLAIN.replace("TCZBTR2AXXX", "TCZBTR2A"), id="BICs of eight"),
        pytest.param(PLAIN.replace(">1000.00<", ">1000<"), id="fewer decimals"),
        pytest.param(PLAIN.replace(">1000.00<", ">001000.0<"), id="leading zeros"),
    ],
)  # fmt: skip
def test_the_same_message_in_another_spelling_is_the_same_payment(data: str) -> None:
    """What XML and ISO 20022 hold to be the same gives one and the same command."""
    assert samples.read(data) == samples.a_payment()


def test_a_refusal_never_quotes_a_value() -> None:
    """Whatever is wrong, neither code, rule, path nor sentence holds what stood in the message."""
    canary = "CANARY4711"
    data = PLAIN.replace("Pudong", f"{canary}\u00e9").replace("TR330006", f"TR99{canary}"[:8])
    for violation in refusal(data.replace("INSTR-1", f"/{canary}/")).violations:
        assert canary not in " ".join(violation)


def grows(hostile: Callable[[int], str], code: Code) -> float:
    """Say how many times more processor time ten times the attack takes: 10 where it is linear, 100 where squared."""

    def spent_s(times: int) -> float:
        data = hostile(times)
        started = time.thread_time()
        assert refusal(data).code is code
        return time.thread_time() - started

    spent_s(1_000)
    return min(spent_s(20_000) for _ in range(3)) / min(spent_s(2_000) for _ in range(3))


def test_an_answer_does_not_grow_with_the_attack() -> None:
    """A message with ten thousand faults is answered with some of them, and soon."""

    def hostile(times: int) -> str:
        return PLAIN.replace("<PmtId>", "<PmtId>" + "<x/>" * times)

    assert len(refusal(hostile(10_000)).violations) == LISTED_MAX
    assert grows(hostile, Code.FF01) < 40


def test_ten_thousand_repetitions_are_read_in_linear_time() -> None:
    """Many elements that the schema allows, and the ledger does not, are refused soon."""
    assert grows(lambda times: PLAIN.replace("<Ustrd>", "<Ustrd>x</Ustrd>" * times + "<Ustrd>"), Code.CH17) < 40
