"""What one person of an organisation cannot do alone: one proposes it, another confirms the very same.

Rules that bind every bank from a date on, the freezing of an account, the suspension of an organisation, and the end
of either: each stops other people's money, so it is made by two pairs of eyes; so is what a bank lets nobody pay alone
(settlement.payments.release). What is proposed has no effect; it is on the ledger until it is confirmed, withdrawn, or
another proposal takes its place. What a bank would pay waits no longer than its business day: such a proposal has a
deadline, after which it is EXPIRED whether or not anybody has said so. Each organisation's rulings are its own: one
does not confirm, replace or withdraw what the other has proposed. (REQUIREMENTS section 6, four eyes)
"""

from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.records import IdentifiedCommand, Record, RulingCommand
from settlement.texts import require_text


class RulingState(StrEnum):
    """Where a ruling stands. One that has come into force, was withdrawn or has lapsed, waits for nobody."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class RulingEvent(StrEnum):
    """What happens to a ruling."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


LIFECYCLE: Final = Lifecycle(
    "ruling",
    initial=RulingState.PROPOSED,
    moves={
        (RulingState.PROPOSED, RulingEvent.PROPOSED): RulingState.PROPOSED,
        (RulingState.PROPOSED, RulingEvent.CONFIRMED): RulingState.CONFIRMED,
        (RulingState.PROPOSED, RulingEvent.WITHDRAWN): RulingState.WITHDRAWN,
        (RulingState.PROPOSED, RulingEvent.EXPIRED): RulingState.EXPIRED,
        (RulingState.CONFIRMED, RulingEvent.PROPOSED): RulingState.PROPOSED,
        (RulingState.WITHDRAWN, RulingEvent.PROPOSED): RulingState.PROPOSED,
        (RulingState.EXPIRED, RulingEvent.PROPOSED): RulingState.PROPOSED,
    },
)


class Deadline(Record):
    """The last business date of a currency on which something can be done."""

    currency: str
    date: str

    def is_over(self, on: str) -> bool:
        """Say whether it has passed, by the business date of the currency (empty: before the first)."""
        return on > self.date


class Ruling(Record, tag="ruling/1"):
    """The last that an authority, or a bank for itself, has ruled or proposed to rule on one subject.

    `command` is what is ruled in canonical form, without what differs between the two who ask for it; `reason` why it
    was withdrawn. Public where it is for all; about one organisation it stands with the two authorities alone, and a
    bank's own with that bank and them. `authority` is whose it is. After its `deadline` it is confirmed no more; None:
    it has none.
    """

    ruling_id: str
    authority: str
    command: str
    proposed_by: Signer
    proposed_at_ms: int
    state: RulingState = RulingState.PROPOSED
    decided_by: Signer | None = None
    decided_at_ms: int = 0
    reason: str = ""
    deadline: Deadline | None = None


class WithdrawRuling(IdentifiedCommand):
    """An officer of the organisation that has proposed a ruling takes it back, before another has confirmed it."""

    ruling_id: str
    reason: str


def ruling_id(command: RulingCommand) -> str:
    """Name what is ruled by the command's kind and its subject: `BlockAccount/banksh/CNY`, `RequireReports`."""
    kind = type(command).__name__
    return f"{kind}/{command.subject}" if command.subject else kind


def is_for_all(ruling: str) -> bool:
    """Say whether a ruling (by its id) is a rule for all, and so for all to read."""
    return "/" not in ruling


def text_of(command: RulingCommand) -> str:
    """Give what is ruled in canonical form, without what differs between the two who ask for it."""
    return canonical.encode(replace(command, command_id="", requested_by="", confirms=False)).decode()


def decided(
    before: Ruling | None,
    command: RulingCommand,
    *,
    authority: str,
    by: Signer,
    at_ms: int,
    where: str = "confirms",
    deadline: Deadline | None = None,
) -> Ruling:
    """Give a ruling after a command: PROPOSED, or in force (CONFIRMED). `where` names the field by which it confirms.

    `deadline` is that of what is proposed; who confirms it has asked before whether it has passed (`standing`).

    NOT_FOUND for the confirmation of what nobody has proposed, SAME_SIGNER where the same person has.
    """
    what = text_of(command)
    if not command.confirms:
        state = LIFECYCLE.after(before.state, RulingEvent.PROPOSED) if before else LIFECYCLE.initial
        return Ruling(
            ruling_id=ruling_id(command),
            authority=authority,
            command=what,
            proposed_by=by,
            proposed_at_ms=at_ms,
            state=state,
            deadline=deadline,
        )
    if before is None or before.command != what or before.state is not RulingState.PROPOSED:
        raise Refusal(Code.NOT_FOUND, where)
    if by.is_same_person(before.proposed_by):
        raise Refusal(Code.SAME_SIGNER, where)
    state = LIFECYCLE.after(before.state, RulingEvent.CONFIRMED)
    return replace(before, state=state, decided_by=by, decided_at_ms=at_ms)


def standing(ruling: Ruling, on: str) -> Ruling:
    """Give a ruling as it stands on a business date of its deadline's currency (empty: before the first)."""
    if ruling.state is RulingState.PROPOSED and ruling.deadline is not None and ruling.deadline.is_over(on):
        return replace(ruling, state=LIFECYCLE.after(ruling.state, RulingEvent.EXPIRED))
    return ruling


def withdrawn(before: Ruling | None, command: WithdrawRuling, *, by: Signer, at_ms: int) -> Ruling:
    """Take back what waits for a second person."""
    require_text(command.reason, "reason")
    if before is None:
        raise Refusal(Code.NOT_FOUND, "ruling_id")
    state = LIFECYCLE.after(before.state, RulingEvent.WITHDRAWN)
    return replace(before, state=state, decided_by=by, decided_at_ms=at_ms, reason=command.reason)
