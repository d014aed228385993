"""Declarations, rates and officers for tests: valid by default."""

from typing import Any, Final

from msgspec.structs import replace

from settlement.customs.declaration import Declaration, LodgeDeclaration
from settlement.customs.declared import Declared, GoodsLine
from settlement.customs.duty import Direction
from settlement.customs.handling import lodged
from settlement.customs.rates import ApproveRates, DutyRate, EnterRates, ExchangeRate, Terms
from settlement.identity import Signer
from settlement.participants import Organisation, Participant
from settlement.parties import Kind, Party, PostalAddress, Role
from settlement.trade.record import Actor
from settlement.trade.traders import Trader
from tests.builders import TODAY, an_id

SILK: Final = Trader(
    identifier="91310101MA1FP2K400",
    name="Huangpu Silk & Textile Co., Ltd.",
    address=PostalAddress(street_name="Sichuan Middle Road", town_name="Shanghai", country="CN"),
    bank="banksh",
)
IMPORT_NUMBER: Final = "220120261000000017"
EXPORT_NUMBER: Final = "220120260000000018"
HAZELNUTS: Final = GoodsLine(
    hs_code="08022200",
    description="Hazelnuts, shelled",
    quantity="20000",
    unit="KGM",
    origin="TR",
    value="150000.00",
)
FABRIC: Final = GoodsLine(
    hs_code="50072031",
    description="Woven fabrics of silk, dyed",
    quantity="4800",
    unit="MTR",
    origin="CN",
    value="612000.00",
)
TERMS: Final = Terms(
    declaration_days=14,
    late_declaration_ppm=500,
    fee_unit_minor=100,
    fee_minimum_minor=5000,
    payment_days=15,
    late_payment_ppm=500,
    interest_minimum_minor=5000,
    completion_days=14,
    treasury="clearing",
    treasury_account="270000000000019001",
    treasury_holder=Party(
        name="State Treasury, Shanghai branch: customs duties",
        address=PostalAddress(town_name="Shanghai", country="CN"),
    ),
)
DUTIES: Final = (
    DutyRate(direction=Direction.IMPORT, hs_code="0802", duty_ppm=250_000, vat_ppm=90_000),
    DutyRate(direction=Direction.IMPORT, hs_code="080222", duty_ppm=100_000, vat_ppm=90_000),
    DutyRate(direction=Direction.EXPORT, hs_code="50", duty_ppm=0),
)
EUR: Final = ExchangeRate(currency="EUR", month="2026-11", rate="8.0512")


def number(serial: int, direction: Direction = Direction.IMPORT) -> str:
    """Give a declaration number of the year."""
    return f"22012026{1 if direction is Direction.IMPORT else 0}{serial:09}"


def declared(**others: Any) -> Declared:
    """Declare hazelnuts that came in four days ago."""
    content = Declared(
        number=IMPORT_NUMBER,
        direction=Direction.IMPORT,
        declarant=SILK,
        counterparty="Karadeniz Findik A.S.",
        procedure="0110",
        transport_mode="1",
        transport_document="MEDUIS2611042",
        port="CNSHA",
        country="TR",
        currency="EUR",
        lines=(HAZELNUTS,),
        arrived_on="2026-11-19",
        incoterm="CIF",
        packages=800,
        gross_weight_kg="20480",
        net_weight_kg="20000",
        invoices=("KF-2026-0311",),
        certificates=("TR-PHYTO-2026-118820",),
    )
    return replace(content, **others) if others else content


def exported(**others: Any) -> Declared:
    """Declare silk that goes out."""
    content = declared(
        number=EXPORT_NUMBER,
        direction=Direction.EXPORT,
        counterparty="Bosphorus Tekstil A.S.",
        transport_document="COSU6312845770",
        currency="CNY",
        lines=(FABRIC,),
        arrived_on="",
        incoterm="FOB",
        packages=60,
        gross_weight_kg="1290",
        net_weight_kg="1180",
        invoices=("INV-1",),
        certificates=(),
    )
    return replace(content, **others) if others else content


def lodging(content: Declared | None = None, **others: Any) -> LodgeDeclaration:
    """Lodge a declaration with customs."""
    return LodgeDeclaration(command_id=an_id(), customs="customs", declared=content or declared(), **others)


def rates_entry(**others: Any) -> EnterRates:
    """Announce rates for hazelnuts and silk, the euro's and the terms, from the first of the month."""
    command = EnterRates(
        command_id=an_id(),
        notice_id="GAC-2026-11",
        effective_from="2026-11-01",
        duties=DUTIES,
        exchange=(EUR,),
        terms=TERMS,
    )
    return replace(command, **others) if others else command


def rates_approval(notice_id: str = "GAC-2026-11") -> ApproveRates:
    """Put a notice into force."""
    return ApproveRates(command_id=an_id(), notice_id=notice_id)


def an_actor(participant: str, role: Role, name: str, party: str = "", tx_id: str = "00") -> Actor:
    """Somebody who acts."""
    signer = Signer(name=name, serial="1f", key=f"key of {name}")
    return Actor(participant, role, signer, party, b"", "waitan", tx_id, 1)


TRADER: Final = an_actor("banksh", Role.TRADER, "trader-1", SILK.identifier)
OFFICER: Final = an_actor("customs", Role.CUSTOMS_OFFICER, "customs-1")
SECOND_OFFICER: Final = an_actor("customs", Role.CUSTOMS_OFFICER, "customs-2")
TAX_OFFICER: Final = an_actor("customs", Role.TAX_OFFICER, "tax-1")
SUPERVISOR: Final = an_actor("regulator", Role.SUPERVISOR, "supervisor-1")
BANK: Final = an_actor("banksh", Role.GATEWAY, "gateway.banksh")


CUSTOMS: Final = Participant(
    organisation=Organisation(participant="customs", kind=Kind.CUSTOMS, name="Single Window", msp="customsMSP", root="")
)


def a_declaration(command: LodgeDeclaration | None = None, **others: Any) -> Declaration:
    """Take one in; `others` say how it was found (`is_duplicate`) and what it is like afterwards (`state`)."""
    known: dict[str, Any] = {
        "customs": CUSTOMS,
        "is_number_used": False,
        "is_duplicate": False,
        "completion_days": 14,
        "on": TODAY,
    }
    found = {name: others.pop(name, value) for name, value in known.items()}
    by = others.pop("by", TRADER)
    return replace(lodged(command or lodging(), by, **found), **others)
