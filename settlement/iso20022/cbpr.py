"""The CBPR+ usage rules of a release year, run on what the structure check found, each with its ISO 20022 code.

The rules come from the package `cbpr_rules`, which finds elements by walking the tree for every question. Here they
are asked of the index that the structure check made, and so take a twentieth of the time. What the package tells
about a violation is reduced to rule and path: its details quote values.

Not run: its lists of currencies and countries, which are not those of the ledger (`settlement.currencies`,
`settlement.countries`). Not run on messages for our clearing (SttlmMtd CLRG): the check digits, which are checked in
the command; the agreement of the header, which `usage` checks with BICs of eight and eleven characters taken as one;
and the business service, which is ours (`waitan.clrg.01`) and not SWIFT's.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from cbpr_rules.message import ParsedMessage
from cbpr_rules.models import Rule
from cbpr_rules.registry import load_rules

from settlement.errors import Code
from settlement.iso20022.envelope import Envelope
from settlement.iso20022.refusal import Violation
from settlement.iso20022.structure import Found, path_of

RELEASES: Final = ((date(2026, 11, 14), 2026), (date.min, 2025))
"""From when each release of the rules is in force, the latest first. What is older than SR2025 is read by SR2025."""


class Meaning(NamedTuple):
    """What a rule's violation is called: a code (None: by whose address or identification it is), and a sentence."""

    code: Code | None
    sentence: str


_TOGETHER: Final = Meaning(Code.CH21, "An agent's name and postal address stand together or not at all.")
_HEADER: Final = Meaning(Code.CH16, "The business application header does not agree with the document.")
_NAME: Final = Meaning(Code.CH21, "A party with a postal address needs a name.")
_NAME_OR_BIC: Final = Meaning(Code.CH21, "A party needs a name or a BIC.")
_BIC_ALONE: Final = Meaning(Code.CH17, "A party named by its BIC has no name and postal address.")
_SLASHES: Final = Meaning(Code.CH16, "The identification must not begin or end with a slash, nor hold two in a row.")
_CHARGES: Final = Meaning(Code.CH21, "Charges must be told where instructed and settled amounts differ.")
_NOT_TWICE: Final = Meaning(Code.CH17, "What is told of the original payment may stand in one place only.")
_NAME_AND_IBAN: Final = Meaning(Code.CH21, "Between these countries debtor and creditor have a name and an IBAN.")
_COMMODITY: Final = Meaning(Code.AM03, "Precious metals are no settlement currency.")

MEANINGS: Final[dict[str, Meaning]] = {
    "Agent_Name_Postal_Address": _TOGETHER,
    "Name_Postal_Address": _TOGETHER,
    "BusinessMessageIdentifier": _HEADER,
    "Business_Message_Identifier": _HEADER,
    "Business_Service_Usage": Meaning(Code.CH16, "The business service is not the one for this message."),
    "From_Instructing_Agent_BIC": _HEADER,
    "From_To_Instructing_Instructed_Agent_BIC_1": _HEADER,
    "From_To_Instructing_Instructed_Agent_BIC_2": _HEADER,
    "To_Instructed_Agent_BIC_1": _HEADER,
    "To_Instructed_Agent_BIC_2": _HEADER,
    "Message_Definition_Identifier": _HEADER,
    "Priority_Instruction_Priority": Meaning(Code.CH16, "The header's priority is not the instruction's."),
    "CRED": Meaning(Code.CH21, "Where the creditor bears the charges they must be told, zero if none."),
    "DEBT": Meaning(Code.CH17, "Where the debtor bears the charges, one charge at most is told."),
    "DEBT_Rule_1": _CHARGES,
    "Returned_Instructed_Rule_1": _CHARGES,
    "Creditor_BIC_Presence": _BIC_ALONE,
    "Debtor_BIC_Presence": _BIC_ALONE,
    "Party_BIC_Presence": _BIC_ALONE,
    "Party_Name_Any_BIC": _NAME_OR_BIC,
    "Name_Any_BIC": _NAME_OR_BIC,
    "Party_Name_Postal_Address": _NAME,
    "Debtor_Creditor_IBAN": _NAME_AND_IBAN,
    "Debtor_Creditor_ES/AD": _NAME_AND_IBAN,
    "Debtor_Creditor_FR/MC": _NAME_AND_IBAN,
    "Debtor_Creditor_IT/SM": _NAME_AND_IBAN,
    "Debtor_Creditor_IT/VA": _NAME_AND_IBAN,
    "Duplication_Postal_Address": Meaning(None, "An address line repeats what stands in an element of its own."),
    "GracePeriod_Hybrid": Meaning(None, "An address with lines and other elements needs town and country."),
    "GracePeriod_Structured": Meaning(None, "An address without lines needs town and country."),
    "GracePeriod_Unstructured": Meaning(None, "In an address of lines alone, a line has at most 35 characters."),
    "EndToEndIdentification": Meaning(Code.CH21, "The end-to-end identification must be told, NOTPROVIDED if none."),
    "GPI_ServiceLevel_Code": Meaning(Code.CH16, "This service level is not for customer credit transfers."),
    "Instruction_For_Creditor_Presence_Code": Meaning(Code.CH17, "An instruction code stands there twice."),
    "Instruction_for_Creditor_Agent1": Meaning(Code.CH17, "HOLD and CHQB exclude each other."),
    "Instruction_for_Creditor_Agent2": Meaning(Code.CH17, "PHOB and TELB exclude each other."),
    "Instruction_Identification": _SLASHES,
    "Original_Instruction_Identification": _SLASHES,
    "Interbank_Settlement_Currency": _COMMODITY,
    "Returned_Interbank_Settlement_Currency": _COMMODITY,
    "Interbank_Settlement_Amount": _NOT_TWICE,
    "Interbank_Settlement_Date": _NOT_TWICE,
    "Original_Message_Name_Identification": Meaning(Code.CH16, "The original message is not one that this refers to."),
    "OriginalMessageNameIdentification": Meaning(Code.CH16, "The original message is not one that this refers to."),
    "Partial_Return": Meaning(Code.CH21, "A partial return says PART and gives its reason."),
    "Related_Remit_Info_Remit_Info_Mutually_Exclusive": Meaning(
        Code.CH17, "Remittance information and related remittance information exclude each other."
    ),
    "Remittance_Mutually_Exclusive": Meaning(Code.CH17, "Remittance is structured or unstructured, not both."),
    "Structured_RemittanceInformation": Meaning(Code.CH16, "Structured remittance has more than 9000 characters."),
    "Transaction_Status_Reject_Effective_Sett_Date": Meaning(Code.CH17, "A rejected payment has no settlement date."),
    "Transaction_Status_Reject_Reason": Meaning(Code.CH21, "A rejection needs its reason."),
    "Valid_Agent_BIC": Meaning(Code.RC01, "The BIC is not valid."),
    "Valid_IBAN": Meaning(Code.AC01, "The IBAN is not valid."),
    "Valid_LEI": Meaning(None, "The LEI is not valid."),
}
"""By the rule's name without `CBPR_` and its kind, which is the same over the years while numbers change."""

_LISTS: Final = frozenset({"Valid_Currency", "Valid_Country"})
_DIGITS: Final = frozenset({"Valid_Agent_BIC", "Valid_IBAN", "Valid_LEI"})
_OURS: Final = frozenset(name for name, meaning in MEANINGS.items() if meaning is _HEADER) | {"Business_Service_Usage"}


def release_year(on: date) -> int:
    """Give the release of the rules in force on a business date."""
    return next(year for since, year in RELEASES if on >= since)


def variant(message: str, header: Any) -> str:
    """Give the set of rules for a message that is not for our clearing: its business service may name another one."""
    service = "" if header is None else header.biz_svc or ""
    return f"{message}_stp" if message == "pacs.008" and service.startswith("swift.cbprplus.stp.") else message


def rule_name(rule: Rule) -> str:
    """Give a rule's name without `CBPR_` and `_FormalRule` or `_TextualRule`."""
    return rule.name.removeprefix("CBPR_").removesuffix("_FormalRule").removesuffix("_TextualRule")


@cache
def _rules(year: int, message: str, *, clearing: bool) -> tuple[tuple[Rule, Meaning], ...]:
    left_out = _LISTS | _DIGITS | _OURS if clearing else _LISTS
    named = ((rule, rule_name(rule)) for rule in load_rules(year, message) if rule.enforced)
    return tuple((rule, MEANINGS[name]) for rule, name in named if name not in left_out)


def violations(envelope: Envelope, found: Found, *, message: str, on: date, clearing: bool) -> Iterator[Violation]:
    """Run the rules for a message (`pacs.008`) that went through the structure check; tell what is broken."""
    year = release_year(on)
    indexed = _Indexed(envelope, found, message, year)
    for rule, meaning in _rules(year, message, clearing=clearing):
        for broken in rule.run(indexed):
            code = meaning.code or code_by_place(rule_name(rule), broken.xpath)
            yield Violation(code, broken.rule_number, broken.xpath, meaning.sentence)


def code_by_place(name: str, path: str) -> Code:
    """Give the code of a fault by whose it is.

    An address is the creditor's (BE04) or the debtor's (BE07); an LEI theirs (BE17, BE16) or another's (BE15).
    """
    steps = {step.partition("[")[0] for step in path.split("/")}
    creditor, debtor = bool(steps & {"Cdtr", "UltmtCdtr"}), bool(steps & {"Dbtr", "UltmtDbtr"})
    if name == "Valid_LEI":
        return Code.BE17 if creditor else Code.BE16 if debtor else Code.BE15
    if "PstlAdr" not in steps:
        return Code.CH16
    return Code.BE04 if creditor else Code.BE07 if debtor else Code.CH16


class _Indexed(ParsedMessage):
    """The message as the rules ask for it, answering from the index by element path."""

    def __init__(self, envelope: Envelope, found: Found, message: str, year: int) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            None, envelope.header, envelope.document, message_type=message, year=year
        )
        self._found = found
        self._by_path = found.by_path
        self._by_name: dict[str, list[str]] = {}
        for path in found.by_path:
            name = path[path.rindex("/") + 1 :]
            if name in self._by_name:
                self._by_name[name].append(path)
            else:
                self._by_name[name] = [path]
        self._path: dict[Any, str] = {}
        """The path of each element that was handed out, for the questions that start from it."""

    def find(self, path: str, context: Any = None) -> list[Any]:
        if path[0] == "/":
            elements = self._by_path.get(path)
            if elements is None:
                return []
            for element in elements:
                self._path[element] = path
            return elements
        if context is None:
            return []
        base = self._path[context]
        elements = self._by_path.get(f"{base}/{path}", [])
        if not elements or len(self._by_path[base]) == 1:
            return elements
        return [element for element in elements if context in element.iterancestors()]

    def iter_local(self, name: str, roots: Any = None) -> Iterator[Any]:
        for path in self._by_name.get(name, ()):
            for element in self._by_path[path]:
                self._path[element] = path
                yield element

    def iter_attr(self, attr: str) -> Iterator[tuple[Any, str]]:
        return iter(self._found.currencies)

    def attr_nodes(self, path: str, attr: str, context: Any = None) -> list[tuple[Any, str]]:
        return [(element, element.get(attr)) for element in self.find(path, context)]

    def xpath_of(self, el: Any) -> str:
        return path_of(el) if el is not None else ""

    def snippet_of(self, el: Any, limit: int = 0) -> str:
        return ""
