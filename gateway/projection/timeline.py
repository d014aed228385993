"""What happened to each record: who did it, by which certificate, when, with what code, and where on the ledger (I14).

An act is a write of a record. Who did it stands in the record itself where that says so, and in what the organisation
keeps of its own commands (`Done`): another organisation's people are named to it by the first alone. Payments have
their events (gateway.projection.queries), records of trade acts of their own.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import apsw
import msgspec

from gateway.ledger.port import FeedTransaction, FeedWrite
from gateway.projection.days import BlockPosition
from settlement.accounts import account, issuance, redemption
from settlement.accounts.account import Account
from settlement.accounts.issuance import AdmitCurrency, Currency, Issuance, IssuanceState, RequestIssuance
from settlement.accounts.redemption import Redemption, RedemptionState, RequestRedemption
from settlement.commands import DECODER, PERSONAL_DECODER, Signed
from settlement.day import BusinessDay, CloseDay, CutOffDay, OpenDay
from settlement.forms.records import Done
from settlement.identity import Signer
from settlement.participants import (
    ActivateParticipant,
    Customer,
    ExitParticipant,
    OnboardParticipant,
    Participant,
    RegisterCustomer,
    ReinstateParticipant,
    RevokeCertificates,
    SuspendParticipant,
)
from settlement.payments.evidence import RequireReports
from settlement.payments.initiation import DeclineInitiation, InitiatePayments, Initiation, initiation_id
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit
from settlement.records import Command, Record, RulingCommand
from settlement.rulings import Ruling, RulingState, WithdrawRuling, ruling_id
from settlement.trade.advance import SetAdvanceRate

if TYPE_CHECKING:  # the store makes this module's table
    from gateway.projection.store import Reader

SCHEMA: Final = """
CREATE TABLE acts (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL,
    tx_id BLOB NOT NULL, at_ms INTEGER NOT NULL, state TEXT NOT NULL, command TEXT NOT NULL, by TEXT NOT NULL,
    person TEXT NOT NULL, serial TEXT NOT NULL, code TEXT NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE INDEX acts_of_record ON acts (kind, name);
CREATE INDEX acts_at ON acts (block, position);
"""
_INSERT: Final = """
INSERT INTO acts (kind, name, block, position, tx_id, at_ms, state, command, by, person, serial, code, collection, key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ACT: Final = "SELECT id, kind, name, block, position, tx_id, at_ms, state, command, by, person, serial, code FROM acts"

Named = tuple[type[Record], str]
"""A record: its kind, and the name by which it is asked for."""


class ActView(NamedTuple):
    """Something that happened to a record; `state` is the record's after it, `command` what was asked, where known.

    `by` is the organisation; `person` and `serial` are the name and serial number (hex) of the certificate; empty
    where this organisation is not told.
    """

    position: int
    kind: str
    name: str
    block: int
    place: int
    tx_id: str
    at_ms: int
    state: str
    command: str
    by: str
    person: str
    serial: str
    code: str


_NAMES: Final[dict[type[Record], Callable[[Any], str]]] = {
    Participant: lambda record: record.organisation.participant,
    Customer: lambda record: record.identifier,
    Currency: lambda record: record.currency,
    BusinessDay: lambda record: record.currency,
    Account: lambda record: f"{record.participant}/{record.currency}",
    Issuance: lambda record: f"{record.participant}/{record.issuance_id}",
    Redemption: lambda record: f"{record.participant}/{record.redemption_id}",
    Initiation: lambda record: record.initiation_id,
    Ruling: lambda record: f"{record.authority}/{record.ruling_id}",
}
"""The records that have a timeline, and their names."""


def _of_participant(kind: type[Record], field: str) -> Callable[[Any, str], list[Named]]:
    """Name a record of the participant that a command names, or else of the one that asks."""
    return lambda command, by: [(kind, f"{getattr(command, 'participant', by)}/{getattr(command, field)}")]


def _ruled(command: RulingCommand, by: str) -> list[Named]:
    """Name the ruling that a command proposes or confirms."""
    return [(Ruling, f"{by}/{ruling_id(command)}")]


def _ruled_of(kind: type[Record]) -> Callable[[Any, str], list[Named]]:
    """Name the ruling, and the record that it is about: only what is confirmed has happened to that."""
    return lambda command, by: _ruled(command, by) + ([(kind, command.subject)] if command.confirms else [])


_SUBJECTS: Final[dict[type[Command], Callable[[Any, str], list[Named]]]] = {
    OnboardParticipant: lambda command, _: [(Participant, command.organisation.participant)],
    RevokeCertificates: lambda _, by: [(Participant, by)],
    RegisterCustomer: lambda command, _: [(Customer, command.customer.identifier)],
    AdmitCurrency: lambda command, _: [(Currency, command.currency)],
    account.OpenAccount: lambda command, _: [
        (Account, f"{command.participant}/{command.currency}"),
        (Participant, command.participant),
    ],
    RequestIssuance: _of_participant(Issuance, "issuance_id"),
    RequestRedemption: _of_participant(Redemption, "redemption_id"),
    InitiatePayments: lambda command, _: [
        (Initiation, initiation_id(command.customer, command.message_id, place))
        for place in range(len(command.instructions))
    ],
    DeclineInitiation: lambda command, _: [(Initiation, command.initiation_id)],
    **dict.fromkeys(
        (ActivateParticipant, ExitParticipant),
        lambda command, _: [(Participant, command.participant)],
    ),
    **dict.fromkeys(
        (SuspendParticipant, ReinstateParticipant),
        _ruled_of(Participant),
    ),
    account.CloseAccount: _of_participant(Account, "currency"),
    **dict.fromkeys(
        (account.BlockAccount, account.UnblockAccount),
        _ruled_of(Account),
    ),
    # A limit changes no account's state: what happened is told of the ruling, and to its bank alone.
    **dict.fromkeys((RequireReports, SetAdvanceRate, SetReleaseLimit, ProposeRelease, ProposeChangeRelease), _ruled),
    WithdrawRuling: lambda command, by: [(Ruling, f"{by}/{command.ruling_id}")],
    **dict.fromkeys((OpenDay, CutOffDay, CloseDay), lambda command, _: [(BusinessDay, command.currency)]),
    **dict.fromkeys(
        (issuance.ConfirmIssuance, issuance.ApproveIssuance, issuance.DeclineIssuance),
        _of_participant(Issuance, "issuance_id"),
    ),
    **dict.fromkeys(
        (
            redemption.ConfirmRedemption,
            redemption.ApproveRedemption,
            redemption.DeclineRedemption,
            redemption.RecordPayout,
            redemption.FailPayout,
        ),
        _of_participant(Redemption, "redemption_id"),
    ),
}
"""Which records a command is about."""

_SIGNERS: Final[dict[tuple[type[Record], str], str]] = {
    (Issuance, IssuanceState.CONFIRMED): "confirmed_by",
    (Issuance, IssuanceState.ISSUED): "approved_by",
    (Issuance, IssuanceState.DECLINED): "declined_by",
    (Redemption, RedemptionState.CONFIRMED): "confirmed_by",
    (Redemption, RedemptionState.BURNED): "approved_by",
    (Redemption, RedemptionState.DECLINED): "ended_by",
    (Redemption, RedemptionState.PAID_OUT): "ended_by",
    (Redemption, RedemptionState.FAILED): "ended_by",
    (Ruling, RulingState.PROPOSED): "proposed_by",
    (Ruling, RulingState.CONFIRMED): "decided_by",
    (Ruling, RulingState.WITHDRAWN): "decided_by",
}
"""Where a record says who brought it into its state."""


class _Who(NamedTuple):
    command: str = ""
    by: str = ""
    person: str = ""
    serial: str = ""
    code: str = ""


class Acts:
    """Gathers the acts of one transaction; they are entered when it ends, since who did them may be told last."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection: Final = connection
        self._written: list[tuple[FeedWrite, Record]] = []
        self._done: defaultdict[Named, list[_Who]] = defaultdict(list)

    def write(self, write: FeedWrite, record: Record) -> None:
        """Note that a record was written, if it is of a kind that has a timeline."""
        if type(record) in _NAMES:
            self._written.append((write, record))

    def done(self, by: str, done: Done) -> None:
        """Note whose command took effect."""
        command = _command(done.command)
        subjects = _SUBJECTS.get(type(command))
        for subject in subjects(command, by) if subjects is not None else ():
            self._done[subject].append(_Who(type(command).__name__, by, done.by, done.serial, done.code))

    def end_transaction(self, at: BlockPosition, transaction: FeedTransaction) -> None:
        """Enter what a transaction did to each record: an act for each command, all with the state at its end."""
        where = (*at, bytes.fromhex(transaction.tx_id), transaction.timestamp_ms)
        for write, record in self._written:
            kind, state = type(record), str(getattr(record, "state", ""))
            name = _NAMES[kind](record)
            for who in self._done.get((kind, name)) or [_said_by(record, kind, state)]:
                row = (kind.__name__, name, *where, state, *who, write.collection, write.key)
                self._connection.execute(_INSERT, row)
        self._written.clear()
        self._done.clear()


class Timeline:
    """The questions; each raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def of(
        self, kind: type[Record], name: str, *, collection: str = "", after: int = 0, limit: int = 1000
    ) -> list[ActView]:
        """Give what happened to a record, in order. Positions grow with time.

        An authority may hold records of one name of several banks (customers, initiations): `collection` names one.
        """
        return self._views(
            "WHERE kind = ?1 AND name = ?2 AND ?3 IN ('', collection) AND id > ?4 ORDER BY id LIMIT ?5",
            (kind.__name__, name, collection, after, limit),
        )

    def latest(self, *, kinds: Sequence[type[Record]] = (), before: int = 2**62, limit: int = 100) -> list[ActView]:
        """Give what happened last to any record, newest first, of some kinds if named."""
        kinds = tuple(kinds) or tuple(_NAMES)
        marks = ", ".join("?" * len(kinds))
        names = [kind.__name__ for kind in kinds]
        return self._views(f"WHERE kind IN ({marks}) AND id < ? ORDER BY id DESC LIMIT ?", (*names, before, limit))

    def at(self, place: BlockPosition) -> list[ActView]:
        """Give what one transaction did."""
        return self._views("WHERE block = ? AND position = ? ORDER BY id", place)

    def _views(self, where: str, bindings: Sequence[Any]) -> list[ActView]:
        rows = self._reader.rows(f"{_ACT} {where}", bindings)
        return [ActView(*row)._replace(tx_id=row[5].hex()) for row in rows]


def _said_by(record: Record, kind: type[Record], state: str) -> _Who:
    signer = getattr(record, _SIGNERS.get((kind, state), ""), None)
    return _Who(person=signer.name, serial=signer.serial) if isinstance(signer, Signer) else _Who()


def _command(raw: str) -> Command:
    """Read what was asked; an empty command for a form that another release wrote."""
    try:
        command: Command = DECODER.decode(raw)
        return PERSONAL_DECODER.decode(command.command) if isinstance(command, Signed) else command
    except msgspec.DecodeError:
        return Command()
