"""ISO 20022 documents at the operators' door: a document in, what it asks for done; a payment out, as a document.

The reader (settlement.iso20022) says what a document means. Here it becomes a command, with what the read model knows
of the payment that a return or a status report speaks of.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from gateway.app import Gateway
from gateway.named_documents import evidence_of
from gateway.operators import codec, views
from gateway.operators.asking import done
from gateway.operators.reader_process import Asked
from gateway.operators.readers import DocumentReader
from gateway.operators.resolution import Resolution, name_of
from gateway.projection.queries import PaymentView
from gateway.submission import Answer
from settlement import dates
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.iso20022 import credit_transfer, payment_return, payment_status, writing
from settlement.iso20022.messages import ReturnMessage, StatusMessage
from settlement.iso20022.refusal import Violation
from settlement.parties import Kind
from settlement.payments.commands import SubmitPayment, WhenUnfunded
from settlement.payments.payment import SettlementState
from settlement.payments.terms import Terms
from waitan.v1 import payments_pb2 as pb


class Beside(NamedTuple):
    """What a message is to be taken with: terms, and whether it is held against the documents that it names."""

    terms: Terms | None = None
    holds_evidence: bool = False
    credit_waits: bool = False


NOTHING: Final = Beside()


def beside_of(request: pb.SubmitMessageRequest | pb.PrepareReleaseRequest) -> Beside:
    """Read what a request says besides its document."""
    terms = codec.read(request.terms, Terms) if request.HasField("terms") else None
    return Beside(terms, holds_evidence=request.holds_evidence, credit_waits=request.credit_waits)


class Documents:
    """Reads and writes documents for one organisation."""

    def __init__(self, gateway: Gateway, resolution: Resolution) -> None:
        self._gateway: Final = gateway
        self._resolution: Final = resolution
        self._reader: Final = DocumentReader()
        self._dated = (-1, "")

    async def submit(
        self,
        data: bytes,
        requested_by: str,
        when_unfunded: WhenUnfunded = WhenUnfunded.REFUSE,
        beside: Beside = NOTHING,
    ) -> pb.SubmitMessageResponse:
        """Do what a document asks for; raises `MessageRefusal`, `Refusal` or `TooManyError`."""
        self._gateway.room.require()
        message, warnings = await self._read(data, requested_by, when_unfunded)
        if isinstance(message, SubmitPayment):
            return await self._payment(self._with(message, beside), warnings)
        view = self._resolution.received(message.uetr, self._resolution.holders().get(message.receiver, ""))
        self._require_original(message, view)
        command = message.command(name_of(view), payer=view.payer, payee=view.payee, requested_by=requested_by)
        finished = done(await self._resolution.follow_up(command, view))
        name = (payment_return if isinstance(message, ReturnMessage) else payment_status).USAGE.name
        return pb.SubmitMessageResponse(
            message=name,
            outcome=pb.PaymentOutcome(
                uetr=message.uetr,
                result=pb.RESULT_SETTLED,
                transaction_id=finished.transaction_id,
                block=finished.block,
            ),
        )

    async def payment_in(
        self, data: bytes, requested_by: str, when_unfunded: WhenUnfunded, beside: Beside
    ) -> SubmitPayment:
        """Read the payment that a document asks for; CH16 for a document that asks for none, AG08 for another's."""
        message, _ = await self._read(data, requested_by, when_unfunded)
        if not isinstance(message, SubmitPayment):
            raise Refusal(Code.CH16, "document")
        return self._with(self._require_own(message), beside)

    async def _read(
        self, data: bytes, requested_by: str, when_unfunded: WhenUnfunded
    ) -> tuple[SubmitPayment | ReturnMessage | StatusMessage, Sequence[Violation]]:
        """Read a document, and what it does not keep to; raises `MessageRefusal`."""
        asked = Asked(
            document=data,
            business_date=self._business_date(),
            holders=self._resolution.holders(),
            requested_by=requested_by,
            when_unfunded=when_unfunded,
        )
        with self._gateway.room.hold(1):
            return await self._reader.read(asked)

    def payment(self, view: PaymentView) -> bytes:
        """Write a payment as pacs.008."""
        return writing.payment_message(view.command, sent_at=self._now())

    def status(self, view: PaymentView, number: int) -> bytes:
        """Write a payment's status as pacs.002; `number` tells one report of it from another.

        The clearing institution is the sender for the settlement, the creditor's bank for the credit.
        """
        status = view.status
        sender = view.command.instructed_agent if view.credit else self._clearing_bic()
        return self._report(
            view.command,
            number,
            status=status.status,
            reason=status.reason or "",
            sender=sender,
            effective_date=view.settled_on if view.state is SettlementState.SETTLED else "",
        )

    async def close(self) -> None:
        """Let the process that reads documents end."""
        await self._reader.close()

    def _with(self, payment: SubmitPayment, beside: Beside) -> SubmitPayment:
        """Add to a payment what no element of a pacs.008 says."""
        evidence = None
        if beside.holds_evidence:
            evidence = evidence_of(
                payment, self._gateway.trade, on=self._business_date(), credit_waits=beside.credit_waits
            )
        if evidence is None and beside.terms is None:
            return payment
        return replace(payment, evidence=evidence, terms=beside.terms)

    async def _payment(self, payment: SubmitPayment, warnings: Iterable[Violation]) -> pb.SubmitMessageResponse:
        self._require_own(payment)
        answer = (await self._gateway.payments.submit([payment]))[0]
        outcome = views.settled_or_rejected(payment.uetr, answer)
        return pb.SubmitMessageResponse(
            message=credit_transfer.USAGE.name,
            outcome=outcome,
            status_report=self._answer(payment, answer),
            warnings=[
                pb.MessageWarning(code=each.code.value, rule=each.rule, path=each.path, sentence=each.sentence)
                for each in warnings
            ],
        )

    def _require_own(self, payment: SubmitPayment) -> SubmitPayment:
        if payment.payer != self._gateway.participant:
            raise Refusal(Code.AG08, "instructing_agent")
        return payment

    def _answer(self, payment: SubmitPayment, answer: Answer) -> bytes:
        """Write the answer to a pacs.008: settled, reserved or rejected, from the clearing institution."""
        code = answer.outcome.code
        accepted = "ACSP" if answer.is_reserved else "ACSC"
        return self._report(
            payment,
            0,
            status="RJCT" if code else accepted,
            reason=code,
            sender=self._clearing_bic(),
            effective_date="" if code or answer.is_reserved else payment.settlement_date,
        )

    def _report(
        self, payment: SubmitPayment, number: int, *, status: str, reason: str, sender: str, effective_date: str
    ) -> bytes:
        now = self._now()
        message = writing.status_of(
            payment,
            message_id=f"{number:03d}{payment.uetr.replace('-', '')}",
            created_at=now,
            status=status,
            sender=sender,
            reason=reason,
            effective_date=effective_date,
        )
        return writing.status_message(message, sent_at=now)

    def _require_original(self, message: ReturnMessage | StatusMessage, view: PaymentView) -> None:
        """Refuse a message about a payment whose sender is not its payee, or that tells another original."""
        payment = view.command
        if message.sender != payment.instructed_agent:
            raise Refusal(Code.AG08, "sender")
        told = (
            ("original_message_id", message.original_message_id, payment.message_id),
            ("original_instruction_id", message.original_instruction_id, payment.instruction_id),
            ("original_end_to_end_id", message.original_end_to_end_id, payment.end_to_end_id),
            ("original_transaction_id", message.original_transaction_id, payment.transaction_id),
        )
        for where, said, known in told:
            if said and said != known:
                raise Refusal(Code.NOT_FOUND, where)

    def _business_date(self) -> str:
        """Give the latest business date, which chooses the release of the usage rules."""
        version = self._gateway.follower.directory_version
        if self._dated[0] != version:
            found = [each.date for each in self._gateway.queries.records(BusinessDay) if each.date]
            today = dates.day_of(self._gateway.clock())
            self._dated = (version, max(found, default=today))
        return self._dated[1]

    def _clearing_bic(self) -> str:
        found = self._gateway.participants().values()
        return next(each.organisation.bic for each in found if each.organisation.kind is Kind.CLEARING)

    def _now(self) -> str:
        return dates.render(self._gateway.clock())
