"""Something that a trader signs in its browser: what it needs to be told, and what is signed, to the byte.

Of a document that is signed by itself (settlement.trade.signing) the command holds the signature, which the browser
fills in. Which acts there are stands in gateway.traders.web.signed_acts.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gateway.app import Gateway
from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.parties import Role
from settlement.records import IdentifiedCommand
from settlement.trade.contract import SalesContract
from settlement.trade.record import Actor, TradeRecord, kind_of
from settlement.trade.signing import Document


class Field(NamedTuple):
    """What an act needs to be told: the key of its label, its form, and of a choice what there is to choose from."""

    key: str
    form: str = "text"
    choices: tuple[str, ...] = ()
    is_needed: bool = True


class Case(NamedTuple):
    """A record before who might sign: `by` is the reader's firm, `under` the contract that the record belongs to.

    `beside` are other records that the reader has named in a field of the form `documents`.
    """

    record: Any
    by: Actor
    under: SalesContract | None = None
    beside: tuple[TradeRecord[Any], ...] = ()


class Given(NamedTuple):
    """What was filled in, and the name of the command; a field that was not is empty."""

    command_id: str
    fields: Mapping[str, str]

    def text(self, key: str) -> str:
        """Give what was filled in."""
        return self.fields.get(key, "")


class Act(NamedTuple):
    """Something that a trader signs. One that `is_awaited` is what its trade waits for next.

    `spoken` is the command of the terminal that does the same.
    """

    key: str
    kind: type[TradeRecord[Any]]
    is_open: Callable[[Case], object]
    command: Callable[[Case, Given], IdentifiedCommand]
    spoken: str
    fields: tuple[Field, ...] = ()
    document: Callable[[Case], Document] | None = None
    is_awaited: bool = False


class ToSign(NamedTuple):
    """What a page shows, and its browser signs: the command, and the document if one is signed by itself."""

    act: Act
    network: str
    record_id: str
    command: str
    document: str
    spoken: str


def to_sign(act: Act, case: Case, fields: Mapping[str, str]) -> ToSign:
    """Make what is signed; raises `Refusal` for what was not filled in as it has to be.

    The command's name follows from what it is and from where the record stands: to sign the same twice is to sign once.
    """
    given = {field.key: fields.get(field.key, "").strip() for field in act.fields}
    for field in act.fields:
        if field.is_needed and not given[field.key]:
            raise Refusal(Code.CH21, field.key)
        if field.choices and given[field.key] not in field.choices:
            raise Refusal(Code.CH16, field.key)
    said = [act.key, case.record.record_id, case.record.revision, case.by.participant, case.by.party, given]
    command = act.command(case, Given(hashlib.sha256(canonical.encode(said)).hexdigest()[:36], given))
    document = canonical.encode(act.document(case)).decode() if act.document else ""
    spoken = f"{act.spoken.format(id=case.record.record_id, number=case.record.number)} --at {case.by.participant}"
    command_text = canonical.encode(command).decode()
    return ToSign(act, case.by.network, case.record.record_id, command_text, document, spoken)


def case_of(gateway: Gateway, record: TradeRecord[Any], party: str, on: str) -> Case:
    """Put a reader's firm before a record; who of it will sign is not known yet."""
    under = gateway.trade.find(record.trade, on=on, kind=kind_of(SalesContract)) if record.trade else None
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
    return Case(record, by, under.record if under and isinstance(under.record, SalesContract) else None)
