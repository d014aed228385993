"""What programs are shown of trade: the form of every answer in JSON."""

from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.projection.trade import ActView, TradeView
from gateway.traders.views import View
from settlement import canonical, dates


class ActShown(View):
    """Something that happened to a record: who did it, for which firm (LEI or USCC), when, why, and where it stands."""

    kind: str
    record_id: str
    number: str
    event: str
    participant: str
    role: str
    signer: str
    at: str
    transaction_id: str
    block: int
    party: str = ""
    reason: str = ""
    to: str = ""


class RecordShown(View):
    """A record of trade. `content` is the record itself, in the form in which it stands on the ledger (RFC 8785)."""

    kind: str
    record_id: str
    number: str
    state: str
    parties: tuple[str, ...]
    held_by: tuple[str, ...]
    revision: int
    content: msgspec.Raw
    transaction_id: str
    block: int
    trade: str = ""


class RecordWithActs(RecordShown, kw_only=True):
    """A record, and all that happened to it, in order."""

    acts: tuple[ActShown, ...]


class RecordPage(View):
    """Some records, oldest first; `next` is the cursor of what comes after them, absent at the end."""

    records: tuple[RecordShown, ...]
    next: str = ""


class Timeline(View):
    """What happened in a trade, in order."""

    acts: tuple[ActShown, ...]


class Done(View):
    """A command took effect, now or before, and where."""

    transaction_id: str
    block: int


def record(view: TradeView) -> RecordShown:
    """Show a record in a list."""
    return RecordShown(**_record(view))


def record_with(view: TradeView, acts: Sequence[ActView]) -> RecordWithActs:
    """Show a record with its history."""
    return RecordWithActs(**_record(view), acts=tuple(map(act, acts)))


def act(view: ActView) -> ActShown:
    """Show an act."""
    told = view.act
    return ActShown(
        kind=view.kind,
        record_id=view.record_id,
        number=view.number,
        event=told.event,
        participant=told.participant,
        role=told.role.value,
        signer=told.signer,
        at=dates.render(told.at_ms),
        transaction_id=view.tx_id,
        block=view.block,
        party=told.party,
        reason=told.reason,
        to=told.to,
    )


def _record(view: TradeView) -> dict[str, Any]:
    found = view.record
    return {
        "kind": view.kind,
        "record_id": found.record_id,
        "number": found.number,
        "state": view.state,
        "parties": found.parties,
        "held_by": found.held_by,
        "revision": found.revision,
        "content": msgspec.Raw(canonical.encode(found)),
        "transaction_id": found.tx_id,
        "block": view.block,
        "trade": found.trade,
    }
