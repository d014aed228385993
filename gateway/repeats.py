"""What was asked before is answered as it was, and has no second effect (REQUIREMENTS M6).

*The same content* is the command without what belongs to the attempt and not to the thing asked: `requested_by` (a
colleague may repeat it), `message_id` and `created_at` (a new message may carry it). Everything else must agree,
`when_unfunded` included. A payment is known by its UETR: the same content is answered with the first outcome, other
content is refused DU03. A return is known by its payment and `return_id`, other content is ALREADY_EXISTS. A statement
of the creditor's bank has no name; the same one again is the same one.

The answers come from the read model. It is complete as to its own organisation's commands whenever the organisation's
next list is accepted: a list must carry the number after the last one, and that number comes from the read model too.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from gateway.ledger.lists import Outcome
from gateway.projection.queries import Queries
from settlement.commands import DECODER, PERSONAL_DECODER, Signed
from settlement.errors import Code
from settlement.forms.journals import Event
from settlement.payments.commands import ConfirmCredit, ReturnPayment, SubmitPayment
from settlement.records import Command

PaymentCommand = SubmitPayment | ConfirmCredit | ReturnPayment


def is_same(one: Command, other: Command) -> bool:
    """Say whether two commands about payments have the same content."""
    if not isinstance(one, PaymentCommand) or not isinstance(other, PaymentCommand):
        return False
    return type(one) is type(other) and _content(one) == _content(other)


def _content(command: PaymentCommand) -> PaymentCommand:
    return replace(command, requested_by="", message_id="", created_at="")


class Repeats:
    """Knows what one organisation has asked before."""

    def __init__(self, queries: Queries, participant: str) -> None:
        self._queries: Final = queries
        self._participant: Final = participant

    def of(self, commands: Sequence[Command]) -> list[Outcome | None]:
        """Give the first outcome of each command that was asked before, None for what is new."""
        used = self._queries.used(
            self._participant, [command.uetr for command in commands if isinstance(command, SubmitPayment)]
        )
        return [self._one(command, used) for command in commands]

    def of_encoded(self, commands: Sequence[bytes]) -> list[Outcome | None]:
        """As `of`, for commands in canonical form; what cannot be read was not asked before."""
        return self.of([decoded(raw) for raw in commands])

    def of_payments(self, payments: Sequence[tuple[str, bytes]]) -> dict[int, Outcome]:
        """Give the first outcomes of those payments (UETR, canonical form) that were asked before, by place."""
        used = self._queries.used(self._participant, [uetr for uetr, _ in payments])
        if not used:
            return {}
        known = {}
        for place, (uetr, raw) in enumerate(payments):
            if uetr in used:
                command = decoded(raw)
                assert isinstance(command, SubmitPayment)
                known[place] = self._payment(command)
        return known

    def _one(self, command: Command, used: set[str]) -> Outcome | None:
        if isinstance(command, SubmitPayment):
            return self._payment(command) if command.uetr in used else None
        if isinstance(command, ConfirmCredit | ReturnPayment):
            return self._follow_up(command)
        return None

    def _payment(self, command: SubmitPayment) -> Outcome:
        first = self._queries.payment(command.uetr, payer=self._participant)
        assert first is not None
        if not is_same(command, first.command):
            return Outcome(Code.DU03, "uetr", "", 0)
        return Outcome(first.code, "", first.tx_id, first.block)

    def _follow_up(self, command: ConfirmCredit | ReturnPayment) -> Outcome | None:
        view = self._queries.payment(command.payment.uetr, payer=command.payer, tx_id=command.payment.journal)
        for event in self._queries.events_of(view.id) if view else ():
            asked = event.command
            if event.by != self._participant or event.kind not in (Event.CREDIT_STATED, Event.PAYMENT_RETURNED):
                continue
            if isinstance(asked, ConfirmCredit | ReturnPayment) and is_same(command, asked):
                return Outcome("", "", event.tx_id, event.block)
            if _is_other_return(asked, command):
                return Outcome(Code.ALREADY_EXISTS, "return_id", "", 0)
        return None


def _is_other_return(asked: Command, command: Command) -> bool:
    """Say whether a return has the name of one that was asked before."""
    return (
        isinstance(asked, ReturnPayment) and isinstance(command, ReturnPayment) and asked.return_id == command.return_id
    )


def decoded(raw: bytes) -> Command:
    """Read a command in canonical form, of a signed one the command within; an empty one where it cannot be read."""
    try:
        command: Command = DECODER.decode(raw)
        if isinstance(command, Signed):
            command = PERSONAL_DECODER.decode(command.command)
    except msgspec.DecodeError:
        return Command()
    return command
