"""Who takes part: organisations and their roles, and the parties and agents that a payment names."""

from enum import StrEnum
from typing import Final

from settlement.records import Record


class Kind(StrEnum):
    """The kinds of organisation on the ledger."""

    CLEARING = "clearing"
    REGULATOR = "regulator"
    CUSTOMS = "customs"
    BANK = "bank"


class Role(StrEnum):
    """What a certificate lets its holder do (attribute `waitan.role`)."""

    GATEWAY = "gateway"
    BANK_OFFICER = "bank_officer"
    TRADER = "trader"
    CLEARING_OFFICER = "clearing_officer"
    SUPERVISOR = "supervisor"
    CUSTOMS_OFFICER = "customs_officer"
    TAX_OFFICER = "tax_officer"
    CARRIER = "carrier"


CERTIFIABLE: Final[dict[Kind, frozenset[Role]]] = {
    Kind.CLEARING: frozenset({Role.GATEWAY, Role.CLEARING_OFFICER}),
    Kind.REGULATOR: frozenset({Role.GATEWAY, Role.SUPERVISOR}),
    Kind.CUSTOMS: frozenset({Role.GATEWAY, Role.CUSTOMS_OFFICER, Role.TAX_OFFICER, Role.CARRIER}),
    Kind.BANK: frozenset({Role.GATEWAY, Role.BANK_OFFICER, Role.TRADER}),
}
"""The roles that each kind of organisation may certify; a certificate that claims another is refused AG08."""

OF_A_FIRM: Final = frozenset({Role.TRADER, Role.CARRIER})
"""Those who act for a firm that is no organisation of the ledger: their certificate names it (`waitan.party`)."""


class PostalAddress(Record):
    """A postal address (ISO 20022 PostalAddress24): town and country, and at most two free lines of 70.

    For a payment that settles before 14 November 2026 it may still be free lines alone, at most three of 35
    (`settlement.payments.checks` holds the rule).
    """

    country: str = ""
    town_name: str = ""
    department: str = ""
    sub_department: str = ""
    street_name: str = ""
    building_number: str = ""
    building_name: str = ""
    floor: str = ""
    post_box: str = ""
    room: str = ""
    post_code: str = ""
    town_location_name: str = ""
    district_name: str = ""
    country_sub_division: str = ""
    address_line: tuple[str, ...] = ()


class OtherIdentification(Record):
    """An identification under a scheme (GenericOrganisationIdentification1, GenericPersonIdentification1).

    `scheme` is an ISO 20022 external code (TXID, COID, CCPT, ...); `proprietary_scheme` is for schemes without one.
    """

    identification: str
    scheme: str = ""
    proprietary_scheme: str = ""
    issuer: str = ""


class Party(Record):
    """A debtor, a creditor or an ultimate one (PartyIdentification135): a name and address, or a BIC.

    It is identified as an organisation (`any_bic`, `lei`, `uscc`, `organisation_ids`) or as a person (`person_ids`),
    never as both. The USCC has a field of its own and stands in a message as a proprietary scheme.
    """

    name: str = ""
    address: PostalAddress | None = None
    any_bic: str = ""
    lei: str = ""
    uscc: str = ""
    organisation_ids: tuple[OtherIdentification, ...] = ()
    person_ids: tuple[OtherIdentification, ...] = ()
    country_of_residence: str = ""


class CashAccount(Record):
    """An account at an agent (CashAccount38): an IBAN, or another identification; type, currency and name if told."""

    iban: str = ""
    other: str = ""
    other_scheme: str = ""
    other_issuer: str = ""
    type_code: str = ""
    currency: str = ""
    name: str = ""


class Agent(Record):
    """A financial institution (BranchAndFinancialInstitutionIdentification6), named by its BIC.

    A clearing system member (`CNAPS` number, sort code) is told with the code of its system. Name and address stand
    together or not at all.
    """

    bic: str
    lei: str = ""
    clearing_system: str = ""
    clearing_member: str = ""
    name: str = ""
    address: PostalAddress | None = None
