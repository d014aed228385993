"""Something that a trader signs in its browser: what it needs to be told, and what is signed, to the byte.

Of a document that is signed by itself (settlement.trade.signing) the command holds the signature, which the browser
fills in. Which acts there are stands in gateway.traders.web.signed_acts.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from gateway.app import Gateway
from settlement import canonical, money
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.parties import Kind, Role
from settlement.records import IdentifiedCommand
from settlement.trade.contract import SalesContract
from settlement.trade.lading.chain import BillParty
from settlement.trade.record import Actor, TradeRecord, kind_of
from settlement.trade.signing import SignableTerms


class Field(NamedTuple):
    """What an act needs to be told: the key of its label, its form, and of a choice what there is to choose from.

    `value` stands in it at first. `line` counts the lines of goods from 1 (0: it is of none); `about` says what the
    line is of; `part` is the key of the words over fields that stand together otherwise, where one `is_wide` has a row
    of its own. An amount that is of no line is in `currency`, where its act does not ask for one.
    """

    key: str
    form: str = "text"
    choices: tuple[str, ...] = ()
    is_needed: bool = True
    value: str = ""
    line: int = 0
    about: str = ""
    currency: str = ""
    part: str = ""
    is_wide: bool = False

    @property
    def name(self) -> str:
        """Its name in a form and an address, which is its own among those of an act."""
        return f"{self.key}_{self.line}" if self.line else self.key


class Case(NamedTuple):
    """A record before who might sign: `by` is the reader's firm, `under` the contract that the record belongs to.

    Where a trade is to begin there is no record. `beside` are other records that the reader has named in a field of the
    form `documents`; `whole` are those of the record's trade (where one is to begin, the firm's latest contract), from
    which a form can be filled in. `organisations` are the others on the ledger, by name; those of them in `customs` are
    where one declares. `banks` are all banks, the firm's own last; `name` is the firm's there. `lines` are as many
    lines of goods as its reader has asked a form for (0: as many as it has).
    """

    record: Any
    by: Actor
    under: SalesContract | None = None
    beside: tuple[TradeRecord[Any], ...] = ()
    whole: tuple[TradeRecord[Any], ...] = ()
    organisations: tuple[str, ...] = ()
    customs: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()
    name: str = ""
    lines: int = 0


class Given(NamedTuple):
    """What was filled in, and the name of the command; a field that was not is empty."""

    command_id: str
    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """Give what was filled in."""
        return self.fields.get(name, "")

    def decimal(self, name: str) -> str:
        """Give a number without the commas with which people group its digits; CH16 with the field if it is none."""
        return money.from_people(self.text(name), name) if self.text(name) else ""

    def amount(self, name: str, currency: str) -> str:
        """Give an amount with exactly its currency's decimals, as commands have it; refuses what `money.parse` does."""
        return _exact(self.text(name), currency, name)

    def many(self, name: str) -> tuple[str, ...]:
        """Give what was filled in with commas between."""
        return tuple(filter(None, (each.strip() for each in self.text(name).split(","))))


class Act(NamedTuple):
    """Something that a trader signs. One that `is_awaited` is what its trade waits for next.

    `spoken` is the command of the terminal that does the same. `fields` are those of every record, or follow from the
    one at hand. `document` is what is signed by itself, `comes_to` says for people what it adds up to,
    `leads_to` is the record_id of what the act makes, if anything. A form can get `more_lines` of goods at a time.
    """

    key: str
    kind: type[TradeRecord[Any]]
    is_open: Callable[[Case], object]
    command: Callable[[Case, Given], IdentifiedCommand]
    spoken: str
    fields: tuple[Field, ...] | Callable[[Case], tuple[Field, ...]] = ()
    document: Callable[[Case, Any], SignableTerms] | None = None
    comes_to: Callable[[Any], str] | None = None
    leads_to: Callable[[Any], str] | None = None
    is_awaited: bool = False
    more_lines: int = 0

    def asks(self, case: Case) -> tuple[Field, ...]:
        """Give what it needs to be told about a record."""
        return self.fields(case) if callable(self.fields) else self.fields


class ToSign(NamedTuple):
    """What a page shows, and its browser signs: the command, and the document if one is signed by itself.

    `record_id` is the record that it is about (empty if of none), `after` the one to look at when it is signed.
    """

    act: Act
    network: str
    record_id: str
    after: str
    comes_to: str
    command: str
    document: str
    spoken: str


def to_sign(act: Act, case: Case, fields: Mapping[str, str]) -> ToSign:
    """Make what is signed; raises `Refusal` for what was not filled in as it has to be.

    The command's name follows from what it is and from where the record stands: to sign the same twice is to sign once.
    """
    asked = act.asks(case)
    given = {field.name: fields.get(field.name, "").strip() for field in asked}
    for field in asked:
        if is_left_out(field, fields):
            continue
        if field.is_needed and not given[field.name]:
            raise Refusal(Code.CH21, field.name)
        if field.choices and given[field.name] not in field.choices:
            raise Refusal(Code.CH16, field.name)
    about, revision, number = (
        (case.record.record_id, case.record.revision, case.record.number) if case.record else ("", 0, "")
    )
    said = [act.key, about, revision, case.by.participant, case.by.party, given]
    command = act.command(case, Given(hashlib.sha256(canonical.encode(said)).hexdigest()[:36], given))
    document = canonical.encode(act.document(case, command)).decode() if act.document else ""
    return ToSign(
        act,
        network=case.by.network,
        record_id=about,
        after=act.leads_to(command) if act.leads_to else about,
        comes_to=act.comes_to(command) if act.comes_to else "",
        command=canonical.encode(command).decode(),
        document=document,
        spoken=f"{act.spoken.format(id=about, number=number)} --at {case.by.participant}",
    )


def is_left_out(field: Field, fields: Mapping[str, str]) -> bool:
    """Say whether a field is of a line of goods that has no quantity, and so is left out."""
    return bool(field.line) and not fields.get(f"quantity_{field.line}", "").strip()


def together(fields: Iterable[Field]) -> list[tuple[Field, list[Field]]]:
    """Put together the fields of one line of goods, or of one part of a form, in their order: the first, and all."""
    groups = (list(group) for _, group in groupby(fields, key=lambda field: (field.part, field.line)))
    return [(group[0], group) for group in groups]


def understood(field: Field, fields: Mapping[str, str]) -> str:
    """Say for people what was filled in as it is signed: numbers in groups of three digits, amounts in their currency.

    Refuses numbers that are none, as the act does.
    """
    value = fields.get(field.name, "").strip()
    if field.form in ("code", "currency", "identifier"):
        return value.upper()
    if value and field.form == "decimal":
        return money.for_people(money.from_people(value, field.name), "")
    if value and field.form == "amount":
        currency = field.currency or fields.get("currency", "").strip().upper()
        return money.for_people(_exact(value, currency, field.name), currency)
    return value


def _exact(text: str, currency: str, where: str) -> str:
    """Write an amount with exactly its currency's decimals; nothing stays nothing."""
    return money.render(money.parse(money.from_people(text, where), currency, where), currency) if text else ""


def field_at(where: str) -> str:
    """Name the field of a form to which a place in what is signed belongs: `terms.lines.0.quantity`: `quantity_1`."""
    parts = where.split(".")
    if "lines" in parts[:-2]:
        line = parts[parts.index("lines") + 1]
        return f"{parts[-1]}_{int(line) + 1}"
    return parts[-1]


def case_of(
    gateway: Gateway, record: TradeRecord[Any] | None, party: str, on: str, whole: Iterable[TradeRecord[Any]] = ()
) -> Case:
    """Put a reader's firm before a record of a whole trade, or where one begins; who of it will sign is not known."""
    trade = record.trade if record else ""
    under = gateway.trade.find(trade, on=on, kind=kind_of(SalesContract)) if trade else None
    by = Actor(
        participant=gateway.participant,
        role=Role.TRADER,
        signer=Signer(name="", serial="", key=""),
        party=party,
        certificate=b"",
        network=gateway.network,
        tx_id="",
        at_ms=gateway.clock(),
    )
    everybody = gateway.participants()
    others = {name: each for name, each in everybody.items() if name != gateway.participant}
    banks = (name for name, each in everybody.items() if each.organisation.kind is Kind.BANK)
    return Case(
        record,
        by,
        under=under.record if under and isinstance(under.record, SalesContract) else None,
        whole=tuple(whole),
        organisations=tuple(sorted(others)),
        customs=tuple(sorted(name for name, each in others.items() if each.organisation.kind is Kind.CUSTOMS)),
        banks=tuple(sorted(banks, key=lambda name: (name == gateway.participant, name))),
    )


def whom(text: str) -> BillParty:
    """Read who is given something: `NUMBER@BANK` for a firm, `BANK` for the bank itself."""
    identifier, _, participant = text.rpartition("@")
    return BillParty(participant=participant.strip(), identifier=identifier.strip())
