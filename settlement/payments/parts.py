"""What a party, an agent, an account and an address must be like, and the forms of text.

Character sets are those of CBPR+: identifications take the SWIFT x set (letters, digits and `/-?:().,'+` and space),
other text all printable ASCII. Text of spaces alone is no text. Nearly everything is in order and plain, and is seen to
be so at a glance; the rest is looked at field by field.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from settlement import currencies, dates, identifiers, money
from settlement.countries import COUNTRIES
from settlement.errors import Code, Refusal
from settlement.parties import Agent, CashAccount, OtherIdentification, Party, PostalAddress

Fits = Callable[[str], Any]
"""Truthy for text of the form, None or False for other text (the empty one included)."""


class Fault(NamedTuple):
    """One thing wrong with a command: the code, the field's dotted path, and the rule (a CBPR+ number or our word)."""

    code: Code
    where: str
    rule: str


class Role:
    """Whose party it is: the codes for a wrong address and identification, and whether a name or BIC is a must."""

    __slots__ = ("address", "identification", "principal")

    def __init__(self, address: Code, identification: Code, *, principal: bool) -> None:
        self.address = address
        self.identification = identification
        self.principal = principal


DEBTOR: Final = Role(Code.BE07, Code.BE16, principal=True)
CREDITOR: Final = Role(Code.BE04, Code.BE17, principal=True)
ULTIMATE_DEBTOR: Final = Role(Code.BE07, Code.BE16, principal=False)
ULTIMATE_CREDITOR: Final = Role(Code.BE04, Code.BE17, principal=False)
OTHER: Final = Role(Code.CH16, Code.BE15, principal=False)


@cache
def identification(longest: int) -> Fits:
    """Text in the SWIFT x set."""
    return re.compile(rf"(?! *\Z)[0-9A-Za-z/\-?:().,'+ ]{{1,{longest}}}").fullmatch


@cache
def text(longest: int) -> Fits:
    """Text in printable ASCII."""
    return re.compile(rf"(?! *\Z)[ -~]{{1,{longest}}}").fullmatch


external: Final[Fits] = re.compile(r"[A-Z0-9]{1,4}").fullmatch
"""A code of an ISO 20022 external code set with one to four characters."""
code4: Final[Fits] = re.compile(r"[A-Z0-9]{4}").fullmatch
code5: Final[Fits] = re.compile(r"[A-Z0-9]{1,5}").fullmatch
code10: Final[Fits] = re.compile(r"[0-9A-Za-z/\-?:().,'+]{1,10}").fullmatch

ADDRESS_TEXTS: Final = {
    "department": 70,
    "sub_department": 70,
    "street_name": 70,
    "building_number": 16,
    "building_name": 35,
    "floor": 70,
    "post_box": 16,
    "room": 70,
    "post_code": 16,
    "town_name": 35,
    "town_location_name": 35,
    "district_name": 35,
    "country_sub_division": 35,
}
"""The texts of an address that are not of free lines, and how long each may be."""
_ACCOUNT_TEXTS: Final = (
    ("other", identification(34)),
    ("other_scheme", external),
    ("other_issuer", text(35)),
    ("type_code", external),
    ("name", text(70)),
)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?Z").fullmatch
_HYBRID_LINES_MAX: Final = 2
_FREE_LINES_MAX: Final = 3
_FREE_LINE_MAX: Final = 35
_REPEATED_MIN: Final = 3


def under(prefix: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Give faults their place in a larger record."""
    for code, where, rule in faults:
        yield Fault(code, f"{prefix}.{where}" if where else prefix, rule)


def is_bic(value: str) -> bool:
    """Whether a text is a BIC in its normal form of eleven characters."""
    return len(value) == _BIC_LENGTH and _is_bic(value)


@lru_cache(4096)
def _is_bic(value: str) -> bool:
    try:
        return identifiers.bic(value) == value
    except Refusal:
        return False


def all_fit(forms: Iterable[Fits]) -> Callable[[Iterable[str]], Any]:
    """Check many texts, each empty or of its form, in one stroke: they are joined by what no form allows."""
    patterns = (fits.__self__.pattern.replace(r"\Z", r"(?:\n|\Z)") for fits in forms)  # type: ignore[attr-defined]
    joined = re.compile(r"\n".join(f"(?:{pattern})?" for pattern in patterns)).fullmatch
    return lambda values: joined("\n".join(values))


_BIC_LENGTH: Final = 11
_DAY_LENGTH: Final = len("2026-11-27")
"""What is remembered has a length: of whatever else is asked, nothing is kept."""
_NAME_FITS: Final = text(140)
_ACCOUNT_NUMBER_FITS: Final = identification(34)
_PARTY_EXTRAS: Final = attrgetter("any_bic", "lei", "uscc", "organisation_ids", "person_ids", "country_of_residence")
_AGENT_EXTRAS: Final = attrgetter("lei", "clearing_system", "clearing_member", "name", "address")
_ACCOUNT_EXTRAS: Final = attrgetter("other_scheme", "other_issuer", "type_code", "name", "currency")
"""What nearly no party, agent or account has, so that nearly all are known to be in order at a glance."""
_ACCOUNT_VALUES: Final = attrgetter(*(name for name, _ in _ACCOUNT_TEXTS))
_ACCOUNT_FITS: Final = all_fit(fits for _, fits in _ACCOUNT_TEXTS)
_ADDRESS_VALUES: Final = attrgetter(*ADDRESS_TEXTS)
_ADDRESS_FITS: Final = all_fit(map(text, ADDRESS_TEXTS.values()))


def party_faults(party: Party, role: Role, *, lines_alone: bool) -> tuple[Fault, ...]:
    """Check a party on its own. `lines_alone`: an address of free lines alone is still allowed."""
    address = party.address
    if not any(_PARTY_EXTRAS(party)) and _NAME_FITS(party.name) and (address is None or _is_plain(address)):
        return ()
    return tuple(_party(party, role, lines_alone=lines_alone))


def _party(party: Party, role: Role, *, lines_alone: bool) -> Iterator[Fault]:
    yield from _naming(party, role)
    yield from _party_identifiers(party, role)
    if party.address is not None:
        yield from under("address", _address(party.address, role.address, lines_alone=lines_alone))
    if party.country_of_residence and party.country_of_residence not in COUNTRIES:
        yield Fault(Code.CH16, "country_of_residence", "country")


def _naming(party: Party, role: Role) -> Iterator[Fault]:
    """A name or a BIC (R50, R55); a BIC alone (R47, R54); an address with the name only (R44, R48)."""
    if party.name and not _NAME_FITS(party.name):
        yield Fault(Code.CH16, "name", "form")
    if party.any_bic:
        if not is_bic(party.any_bic):
            yield Fault(Code.RC01, "any_bic", "BIC")
        if party.name or party.address is not None:
            yield Fault(Code.CH17, "name" if party.name else "address", "R47")
    elif not party.name and (role.principal or party.address is not None or party == Party()):
        yield Fault(Code.CH21, "name", "R50" if role.principal else "R44")


def _party_identifiers(party: Party, role: Role) -> Iterator[Fault]:
    yield from _identifier(identifiers.lei, party.lei, "lei", role.identification)
    yield from _identifier(identifiers.uscc, party.uscc, "uscc", role.identification)
    if party.person_ids and (party.any_bic or party.lei or party.uscc or party.organisation_ids):
        yield Fault(Code.CH17, "person_ids", "form")
    for name, others in (("organisation_ids", party.organisation_ids), ("person_ids", party.person_ids)):
        for place, other in enumerate(others):
            yield from under(f"{name}.{place}", _other(other))
            if name == "organisation_ids" and other.proprietary_scheme == "USCC":
                yield Fault(Code.CH17, f"{name}.{place}", "USCC")


def is_identified(party: Party) -> bool:
    """Whether a party can be told from others of its name without an account."""
    return bool(party.any_bic or party.lei or party.uscc or party.organisation_ids or party.person_ids)


def _identifier(check: Callable[[str, str, Code], str], value: str, where: str, code: Code) -> Iterator[Fault]:
    if value:
        try:
            check(value, where, code)
        except Refusal:
            yield Fault(code, where, "M5")


def _other(other: OtherIdentification) -> Iterator[Fault]:
    if not identification(35)(other.identification):
        yield Fault(Code.CH16 if other.identification else Code.CH21, "identification", "form")
    if other.scheme and other.proprietary_scheme:
        yield Fault(Code.CH17, "proprietary_scheme", "form")
    if other.scheme and not external(other.scheme):
        yield Fault(Code.CH16, "scheme", "form")
    if other.proprietary_scheme and not text(35)(other.proprietary_scheme):
        yield Fault(Code.CH16, "proprietary_scheme", "form")
    if other.issuer and not text(35)(other.issuer):
        yield Fault(Code.CH16, "issuer", "form")


def _is_plain(address: PostalAddress) -> bool:
    """Whether an address is structured, without free lines, and all in order: so are nearly all."""
    return bool(
        not address.address_line
        and address.town_name
        and address.country in COUNTRIES
        and _ADDRESS_FITS(_ADDRESS_VALUES(address))
    )


def _address(address: PostalAddress, code: Code, *, lines_alone: bool) -> Iterator[Fault]:
    """Town and country with at most two lines of 70; or, while allowed, nothing but at most three lines of 35."""
    lines = address.address_line
    for name, longest in ADDRESS_TEXTS.items():
        value = getattr(address, name)
        if value and not text(longest)(value):
            yield Fault(Code.CH16, name, "form")
        if len(value) >= _REPEATED_MIN and any(_stands_in(value, line) for line in lines):
            yield Fault(code, name, "R20")
    for place, line in enumerate(lines):
        if not text(70)(line):
            yield Fault(Code.CH16, f"address_line.{place}", "form")
    if lines_alone and lines and address == PostalAddress(address_line=lines):
        if len(lines) > _FREE_LINES_MAX or max(map(len, lines)) > _FREE_LINE_MAX:
            yield Fault(code, "address_line", "GracePeriod_Unstructured")
    else:
        yield from _structured_address(address, code)


def _structured_address(address: PostalAddress, code: Code) -> Iterator[Fault]:
    if not address.town_name:
        yield Fault(code, "town_name", "address")
    if address.country not in COUNTRIES:
        yield Fault(code, "country", "address")
    if len(address.address_line) > _HYBRID_LINES_MAX:
        yield Fault(code, "address_line", "address")


def _stands_in(value: str, line: str) -> bool:
    """Whether a line holds a value as a word or words of its own."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", line) is not None


def agent_faults(agent: Agent) -> tuple[Fault, ...]:
    """Check an agent: named by its BIC; clearing member with its system, name with address."""
    return () if is_bic(agent.bic) and not any(_AGENT_EXTRAS(agent)) else tuple(_agent(agent))


def _agent(agent: Agent) -> Iterator[Fault]:
    if not is_bic(agent.bic):
        yield Fault(Code.RC01 if agent.bic else Code.CH21, "bic", "BIC")
    yield from _identifier(identifiers.lei, agent.lei, "lei", Code.BE15)
    if bool(agent.clearing_system) is not bool(agent.clearing_member):
        yield Fault(Code.CH21, "clearing_member" if agent.clearing_system else "clearing_system", "form")
    if agent.clearing_system and not code5(agent.clearing_system):
        yield Fault(Code.CH16, "clearing_system", "form")
    if agent.clearing_member and not identification(35)(agent.clearing_member):
        yield Fault(Code.CH16, "clearing_member", "form")
    if agent.name and not text(140)(agent.name):
        yield Fault(Code.CH16, "name", "form")
    if bool(agent.name) is not (agent.address is not None):
        yield Fault(Code.CH21, "address" if agent.name else "name", "R52")
    if agent.address is not None:
        yield from under("address", _address(agent.address, Code.CH16, lines_alone=False))


def account_faults(account: CashAccount) -> tuple[Fault, ...]:
    """Check an account: an IBAN or another identification, not both."""
    if not any(_ACCOUNT_EXTRAS(account)) and not account.iban and _ACCOUNT_NUMBER_FITS(account.other):
        return ()
    return tuple(_account(account))


def _account(account: CashAccount) -> Iterator[Fault]:
    if account.iban:
        try:
            identifiers.iban(account.iban)
        except Refusal:
            yield Fault(Code.AC01, "iban", "M5")
        if account.other or account.other_scheme or account.other_issuer:
            yield Fault(Code.CH17, "other", "form")
    elif not account.other:
        yield Fault(Code.CH21, "iban", "form")
    values = _ACCOUNT_VALUES(account)
    if not _ACCOUNT_FITS(values):
        wrong = zip(values, _ACCOUNT_TEXTS, strict=True)
        yield from (Fault(Code.CH16, name, "form") for value, (name, fits) in wrong if value and not fits(value))
    if account.currency:
        try:
            currencies.exponent(account.currency)
        except Refusal as refusal:
            yield Fault(refusal.code, "currency", "currency")


def amount_faults(amount: str, currency: str, prefix: str, *, zero: bool = False) -> Iterator[Fault]:
    """Check a further amount, whose fields are called `<prefix>amount` and `<prefix>currency`."""
    try:
        money.parse_exact(amount, currency)
    except Refusal as refusal:
        if not (zero and refusal.code is Code.AM01 and amount == money.render(0, currency)):
            yield Fault(refusal.code, prefix + refusal.where, "amount")


def is_day(value: str) -> bool:
    """Whether a text is a date, YYYY-MM-DD."""
    return len(value) == _DAY_LENGTH and _is_day(value)


@lru_cache(4096)
def _is_day(value: str) -> bool:
    try:
        dates.day(value)
    except Refusal:
        return False
    return True


def is_moment(value: str) -> bool:
    """Whether a text is a moment in UTC, YYYY-MM-DDThh:mm:ss[.fff]Z."""
    if _MOMENT(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
