"""Our usage of the messages: what CBPR+ keeps in its restricted schemas, and what a command cannot carry.

Content that a command can hold wrong (identifiers, amounts, addresses, texts) is not checked here: the message
becomes a command, that is checked by `settlement.payments.checks`, and a fault is told with its element. Here stands
what would be lost before: the header, the count of transactions, codes without a word for them, elements that are
not in the table of `fields`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from settlement.countries import COUNTRIES
from settlement.currencies import EXPONENTS, WITHOUT_EXPONENT
from settlement.errors import Code
from settlement.iso20022.cbpr import code_by_place
from settlement.iso20022.components import bic11
from settlement.iso20022.envelope import Envelope
from settlement.iso20022.fields import Fields, element_path
from settlement.iso20022.refusal import Violation
from settlement.iso20022.structure import Found, path_of
from settlement.payments.parts import Fault

BUSINESS_SERVICE: Final = "waitan.clrg.01"
"""BizSvc of our clearing; `swift.cbprplus.*` is SWIFT's."""
CLEARING: Final = "CLRG"

_ONE: Final = ("RmtInf/Ustrd", "StsRsnInf", "RtrRsnInf")
"""Elements that may repeat by the schema, and of which a command holds one."""
_NUMBERED: Final = ("PrvsInstgAgt", "IntrmyAgt")

SENTENCES: Final = {
    Code.CH21: "A mandatory element is missing.",
    Code.CH17: "The element is not allowed here.",
    Code.CH16: "The value is too long, is not of the codes in use, or has characters that are not allowed.",
    Code.RC01: "The BIC is not valid.",
    Code.AC01: "The account number is not valid.",
    Code.BE15: "The party's identification is not valid.",
    Code.BE16: "The debtor's identification is not valid.",
    Code.BE17: "The creditor's identification is not valid.",
    Code.RR09: "The creditor reference is not valid.",
    Code.BE04: "The creditor's address needs town and country, at most two lines, and nothing twice.",
    Code.BE07: "The debtor's address needs town and country, at most two lines, and nothing twice.",
    Code.AM11: "The currency is not one in use.",
    Code.AM03: "Nothing can be settled in this currency.",
    Code.CH20: "The amount has more decimals than its currency.",
    Code.AM01: "The amount is zero.",
    Code.AM09: "Instructed amount, charges and settled amount do not add up.",
}
"""What a fault in the content means, by its code."""


class Usage(NamedTuple):
    """What the checks need to know of a kind of message."""

    name: str
    """Such as `pacs.008.001.08`."""
    model: type
    fields: Fields
    carried: frozenset[str]
    """The paths that `fields` and the checks account for."""
    head: str
    """The path of GrpHdr."""
    transaction: str
    """The path of the one transaction."""

    @property
    def message(self) -> str:
        """The name without its version, as the usage rules have it."""
        return self.name[:8]


def violations(usage: Usage, envelope: Envelope, header: Any, found: Found) -> Iterator[Violation]:
    """Tell what is against our usage in a message that went through the structure check."""
    if header is not None:
        yield from _header(usage, envelope, header, found)
    yield from _count(usage, found)
    yield from _not_carried(usage, found)
    for element in found.by_path.get(f"{usage.transaction}/ChrgBr", ()):
        if element.text == "SLEV":
            yield Violation(Code.BE19, "waitan:SLEV", path_of(element), "SLEV is not a charge bearer here.")
    for name in ("InstgAgt", "InstdAgt") if usage.message != "pacs.008" else ("InstgAgt",):
        if f"{usage.transaction}/{name}" not in found.by_path:
            yield Violation(Code.CH21, "waitan:agents", f"{usage.transaction}/{name}", SENTENCES[Code.CH21])


def code_lists(found: Found) -> Iterator[Violation]:
    """Tell which currencies and countries are not codes in use, in a message that does not become a command."""
    for element, currency in found.currencies:
        if currency not in EXPONENTS and currency not in WITHOUT_EXPONENT:
            yield Violation(Code.AM11, "waitan:currency", f"{path_of(element)}/@Ccy", SENTENCES[Code.AM11])
    for path, elements in found.by_path.items():
        if path.endswith("/Ctry"):
            for element in elements:
                if element.text not in COUNTRIES:
                    code = code_by_place("country", path_of(element))
                    yield Violation(code, "waitan:country", path_of(element), "The country is not one of ISO 3166.")


def method(usage: Usage, found: Found) -> tuple[str, str]:
    """Give the settlement method and its element's path; a message without one is for our clearing."""
    for element in found.by_path.get(f"{usage.head}/SttlmInf/SttlmMtd", ()):
        return element.text or "", path_of(element)
    return CLEARING, ""


def _count(usage: Usage, found: Found) -> Iterator[Violation]:
    """One transaction in a message, and NbOfTxs says so."""
    path = f"{usage.head}/NbOfTxs"
    told = [element.text for element in found.by_path.get(path, ())]
    count = len(found.by_path.get(usage.transaction, ()))
    if told not in ([], ["1"]):
        yield Violation(Code.AM18, "waitan:NbOfTxs", path, "The number of transactions is not told as 1.")
    elif count != 1:
        yield Violation(Code.AM18, "waitan:NbOfTxs", usage.transaction, "A message holds exactly one transaction.")


def _not_carried(usage: Usage, found: Found) -> Iterator[Violation]:
    unknown = found.by_path.keys() - usage.carried
    for path in sorted(unknown):
        # What stands below an element that is refused is not told again.
        if path[: path.rindex("/")] not in unknown:
            for element in found.by_path[path]:
                yield _refused(path_of(element), "The ledger does not carry this element.")
    for repeated in _ONE if len(found.by_path[usage.transaction]) == 1 else ():
        elements = found.by_path.get(f"{usage.transaction}/{repeated}", ())
        if len(elements) > 1:
            yield _refused(path_of(elements[1]), "The ledger carries one of these.")
    for name in _NUMBERED:
        for number in (2, 3):
            path = f"{usage.transaction}/{name}{number}"
            if path in found.by_path and f"{usage.transaction}/{name}{number - 1}" not in found.by_path:
                yield _refused(path, "Agents are numbered from 1 without a gap.")


def _refused(path: str, sentence: str) -> Violation:
    return Violation(Code.CH17, "waitan:carried", path, sentence)


def _header(usage: Usage, envelope: Envelope, header: Any, found: Found) -> Iterator[Violation]:
    """The header says of the document what the document says (CBPR+ pacs.008 R1 to R5, R7, R8 in SR2026)."""

    def text(path: str) -> str:
        elements = found.by_path.get(path)
        return (elements[0].text or "") if elements else ""

    def bic(agent: str) -> str:
        return bic11(text(f"{usage.transaction}/{agent}/FinInstnId/BICFI"))

    priority = text(f"{usage.transaction}/PmtTpInf/InstrPrty") or "NORM"
    for path, agrees in (
        ("/AppHdr/Fr/FIId/FinInstnId/BICFI", _header_bic(header.fr) == bic("InstgAgt")),
        ("/AppHdr/To/FIId/FinInstnId/BICFI", _header_bic(header.to) == (bic("InstdAgt") or bic("CdtrAgt"))),
        ("/AppHdr/BizMsgIdr", header.biz_msg_idr == text(f"{usage.head}/MsgId")),
        ("/AppHdr/MsgDefIdr", header.msg_def_idr == envelope.name),
        ("/AppHdr/BizSvc", header.biz_svc in (None, BUSINESS_SERVICE)),
        ("/AppHdr/Prty", header.prty in (None, priority)),
    ):
        if not agrees:
            sentence = "The business application header does not agree with the document, or is not for this service."
            yield Violation(Code.CH16, "waitan:header", path, sentence)


def _header_bic(party: Any) -> str:
    return bic11(party.fiid.fin_instn_id.bicfi) if party.fiid is not None else ""


def content(usage: Usage, faults: Iterable[Fault]) -> Iterator[Violation]:
    """Tell a command's faults as violations of its message, at the elements that carry the fields."""
    for code, where, rule in faults:
        is_theirs = rule.startswith("R") and rule[1:].isdecimal()
        name = f"{usage.message}:{rule}" if is_theirs else f"waitan:{rule}"
        yield Violation(code, name, element_path(usage.fields, where), SENTENCES[code])
