"""What every record of trade has in common: a contract, an invoice, a bill of lading, a declaration, a financing.

Such a record concerns several organisations at once and moves only by acts of named people. So it says whose it is
(`firms`), which organisations hold it (`held_by`, each a copy with the same content), which trade it belongs to, and
who did what in the transaction that wrote it. The versions of a record on the ledger are therefore its whole story
(REQUIREMENTS I14), and one module of the read model tells it for every kind. (ADR 0015)
"""

import hashlib
from enum import StrEnum
from typing import Any, ClassVar, Final, Generic, NamedTuple, Self, TypeVar

from msgspec.structs import replace

from settlement import dates
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.parties import OF_A_FIRM, Role
from settlement.records import Record

S = TypeVar("S", bound=StrEnum)

EXPIRED: Final = "EXPIRED"
"""The event, and the state, of what lapsed, in every kind's table. No command brings it: the date does."""
_ID_DIGITS: Final = 32


def called(participant: str, identifier: str = "") -> str:
    """Name somebody: `NUMBER@PARTICIPANT` for a firm (LEI or USCC), `PARTICIPANT` for that organisation itself.

    The number alone names nobody: any bank can register a firm under it, and certify somebody for that.
    """
    return f"{identifier}@{participant}" if identifier else participant


class Act(Record):
    """One thing that happened to a record: what, by whom and for whom, when and why.

    `participant` is the organisation whose CA certified the person; `party` the firm for which a trader or carrier
    acted; `at_ms` the time of the transaction. `to` is who was given something by it, as `called` names them.
    """

    event: str
    participant: str
    role: Role
    signer: str
    serial: str
    at_ms: int
    party: str = ""
    reason: str = ""
    to: str = ""


class Actor(NamedTuple):
    """Who acts on a record, for whom, with which certificate (DER), and in which transaction of which network."""

    participant: str
    role: Role
    signer: Signer
    party: str
    certificate: bytes
    network: str
    tx_id: str
    at_ms: int

    def require_party(self) -> str:
        """Give the firm for which it acts; AG08 for a certificate that names none."""
        if not self.party:
            raise Refusal(Code.AG08, "party")
        return self.party

    @property
    def firm(self) -> str:
        """The firm for which it acts, and who certified it for that; AG08 for a certificate that names none."""
        return called(self.participant, self.require_party())

    @property
    def on(self) -> str:
        """The date (UTC) of the transaction."""
        return dates.day_of(self.at_ms)

    def act(self, event: str, reason: str = "", to: str = "") -> Act:
        """Say what it did."""
        return Act(
            event=str(event),
            participant=self.participant,
            role=self.role,
            signer=self.signer.name,
            serial=self.signer.serial,
            at_ms=self.at_ms,
            party=self.party,
            reason=reason,
            to=to,
        )


class TradeRecord(Record, Generic[S], kw_only=True):
    """A record of trade. A kind subclasses it with the enumeration of its states, its tag and its LIFECYCLE.

    `record_id`: 32 hex digits that follow from the natural id (`record_id` below); commands name the record by it.
    `number`: what people call it. `firms`: those that may see it, as `called` names them. `trade`: the record_id of the
    sales contract that it belongs to, empty where there is none or it is the contract itself.
    `revision` counts its acts from 1; `acts` are those of the transaction `tx_id` that wrote this version, the last of
    them last: mostly one, several where two parties acted in one batch.
    """

    LIFECYCLE: ClassVar[Lifecycle[Any, Any]]

    record_id: str
    number: str
    firms: tuple[str, ...]
    held_by: tuple[str, ...]
    state: S
    tx_id: str
    acts: tuple[Act, ...]
    revision: int = 1
    trade: str = ""

    def concerns(self, by: Actor) -> bool:
        """Say whether it concerns who asks: a trader's or carrier's firm must be one of its own."""
        return by.role not in OF_A_FIRM or by.firm in self.firms

    @property
    def parties(self) -> tuple[str, ...]:
        """LEI or USCC of its firms: by which they are looked for. What a firm may do is told by `firms`."""
        return tuple(dict.fromkeys(firm.partition("@")[0] for firm in self.firms))

    @property
    def act(self) -> Act:
        """The last thing that happened to it."""
        return self.acts[-1]

    @property
    def last_date(self) -> str:
        """The last date on which it stands if nothing more happens; empty: it has none."""
        return ""

    @property
    def status(self) -> str:
        """What is told of it: its state, unless a kind has more to say."""
        return self.state.value

    @property
    def lapses_on(self) -> str:
        """Its last date, if the table says that it expires in its present state; else empty."""
        return self.last_date if (self.state, EXPIRED) in self.LIFECYCLE.moves else ""

    def has_lapsed(self, on: str) -> bool:
        """Say whether it has expired by a date, noticed or not (REQUIREMENTS T2)."""
        return bool(self.lapses_on) and on > self.lapses_on

    def after(self, event: StrEnum, by: Actor, *, reason: str = "", to: str = "", **changes: Any) -> Self:
        """Give the record as it stands after something happened; MOVE_NOT_ALLOWED where the table has no such row.

        No other way leads to another state, so there is no change of state without an act that tells of it.
        """
        earlier = self.acts if self.tx_id == by.tx_id else ()
        return replace(
            self,
            state=self.LIFECYCLE.after(self.state, event),
            tx_id=by.tx_id,
            acts=(*earlier, by.act(event, reason, to)),
            revision=self.revision + 1,
            **changes,
        )


def kind_of(kind: type[TradeRecord[Any]]) -> str:
    """Name a kind of record, as its tag does without the version: `contract`."""
    tag = kind.__struct_config__.tag
    assert isinstance(tag, str)
    return tag.partition("/")[0]


def record_id(kind: type[TradeRecord[Any]], *natural: str) -> str:
    """Name a record by what it naturally is: 32 hex digits.

    Two records that different organisations hold need different natural ids, for an authority holds both: name the
    organisations in it, or keep an index in the authorities' collection.
    """
    return hashlib.sha256("|".join((kind_of(kind), *natural)).encode()).hexdigest()[:_ID_DIGITS]
