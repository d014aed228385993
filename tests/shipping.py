"""Bills of lading on a ledger: what people ask through signed lists, in a world where both banks know their traders."""

from typing import Any, Final, Self

from settlement.records import Command
from settlement.trade.lading import bill as bills
from settlement.trade.lading import chain, document, manifest
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty
from settlement.trade.lading.commands import (
    AnswerSurrender,
    ApproveBillOfLading,
    EndorseBillOfLading,
    IssueBillOfLading,
    Manner,
    Purpose,
    RejectBillOfLading,
    SurrenderBillOfLading,
    TransferBillOfLading,
)
from tests.builders import an_id
from tests.lading import CARRIER_LEI, a_text, draft_command
from tests.trade import TRADER, held
from tests.world import Batch, World

CARRIER_PERSON: Final = "carrier-1"
OFFICER: Final = "officer-1"


class Shipping:
    """One bill, and who does what with it. Each method asks, and takes no for a fault of the test."""

    def __init__(self, world: World, text: str = "", **others: Any) -> None:
        self.world: Final = world
        self.command: Final = draft_command(text or a_text(), **others)
        written = document.read(self.command.document)
        self.record_id: Final = bills.bill_id(
            CARRIER_LEI, written.transport_document_reference, written.transport_document_sub_reference
        )

    def drafted(self) -> Self:
        self.world.must("customs", self.command, by=CARRIER_PERSON)
        return self

    def approved(self) -> Self:
        self.drafted()
        self.world.must("banksh", self.approval(), by=TRADER)
        return self

    def issued(self) -> Self:
        self.approved()
        self.world.must("customs", self.issue(), by=CARRIER_PERSON)
        return self

    # Commands

    def approval(self) -> ApproveBillOfLading:
        terms = chain.digest(self.copy("banksh").terms)
        return ApproveBillOfLading(command_id=an_id(), record_id=self.record_id, terms=terms)

    def issue(self, person: str = CARRIER_PERSON) -> IssueBillOfLading:
        carrier = self.world.person("customs", person)
        token = manifest.signed(self.command.document, carrier.certificate, carrier.sign)
        return IssueBillOfLading(command_id=an_id(), record_id=self.record_id, manifest=token)

    def transfer(self, to: BillParty, reason: str = "") -> TransferBillOfLading:
        return TransferBillOfLading(command_id=an_id(), record_id=self.record_id, recipient=to, reason=reason)

    def endorse(self, to: BillParty | None, manner: Manner = Manner.ENDORSE_TO_ORDER) -> EndorseBillOfLading:
        return EndorseBillOfLading(command_id=an_id(), record_id=self.record_id, manner=manner, endorsee=to)

    def reject(self) -> RejectBillOfLading:
        return RejectBillOfLading(command_id=an_id(), record_id=self.record_id, reason="not what was agreed")

    def surrender(self, purpose: Purpose = Purpose.SURRENDER_FOR_DELIVERY, reason: str = "") -> SurrenderBillOfLading:
        return SurrenderBillOfLading(command_id=an_id(), record_id=self.record_id, purpose=purpose, reason=reason)

    def answer(self, *, accepted: bool = True, reason: str = "") -> AnswerSurrender:
        standing = self.copy().standing
        request = standing.head if standing else ""
        return AnswerSurrender(
            command_id=an_id(), record_id=self.record_id, request=request, accepted=accepted, reason=reason
        )

    # Who asks

    def silk(self, *commands: Command) -> Batch:
        return self.world.must("banksh", *commands, by=TRADER)

    def tekstil(self, *commands: Command) -> Batch:
        return self.world.must("bankist", *commands, by=TRADER)

    def carrier(self, *commands: Command) -> Batch:
        return self.world.must("customs", *commands, by=CARRIER_PERSON)

    def codes(self, participant: str, *commands: Command, by: str = TRADER) -> list[str]:
        """Ask, write nothing, and give the codes."""
        return [answer.code for answer in self.world.say(participant, *commands, by=by)]

    # Looking

    def copy(self, participant: str = "customs") -> BillOfLading:
        """Read a participant's copy."""
        return held(self.world, BillOfLading, self.record_id, participant)
