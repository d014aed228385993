"""PaymentService: ask, follow, confirm, send back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

from gateway.app import Gateway
from gateway.ledger.port import LedgerUnreachableError
from gateway.operators import codec, paging, views
from gateway.operators.asking import Asking, done
from gateway.operators.documents import Documents, beside_of
from gateway.operators.edge import Context, caller
from gateway.operators.payment_process import AskedPayments, asked, command
from gateway.operators.payment_releases import PaymentReleases
from gateway.operators.readers import PaymentReader
from gateway.operators.resolution import Resolution, name_of
from gateway.projection.at_hand import AtHand
from gateway.projection.queries import PaymentView
from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.payments import release, undertaking
from settlement.payments.commands import ChargeBearer, ConfirmCredit, CreditStatus, ReturnPayment, WhenUnfunded
from waitan.v1 import common_pb2 as common
from waitan.v1 import payments_pb2 as pb
from waitan.v1.payments_pb2_grpc import PaymentServiceServicer

AHEAD: Final = 8
"""The most batches of one stream that are worked on at once; more are read when these are answered."""

PATIENCE_S: Final = 5.0
"""How long a batch of a stream under way waits for room; then the stream ends, with the time to come again."""

SILENT_S: Final = 600.0
"""How long a stream may bring no batch; then it ends (ED06), and whoever has another one opens a new stream."""

PAYMENT_BYTES: Final = 700
"""About what a payment has, to tell how many there are in a batch that nobody has read yet."""

EVENTS_AT_ONCE: Final = 500

AS_BYTES: Final = frozenset({"/waitan.v1.PaymentService/SubmitPayments"})
"""Methods whose requests come as they were sent, to be read elsewhere."""


class Payments(PaymentServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self._resolution: Final = Resolution(gateway)
        self._documents: Final = Documents(gateway, self._resolution)
        self._releases: Final = PaymentReleases(gateway, self._resolution, self._documents)
        self._reader: Final = PaymentReader()
        self._at_hand: Final = AtHand[bytes](gateway.follower)
        self._asking: Final = Asking(gateway)
        self._is_stopping = False
        self._coming: Final[set[asyncio.Timeout]] = set()
        """For each stream, until when its next batch must come."""

    def stop(self) -> None:
        """Take no further batches of streams: those under way are answered, then the streams end (ED06)."""
        self._is_stopping = True
        for until in self._coming:
            if not until.expired():
                until.reschedule(asyncio.get_running_loop().time())

    async def close(self) -> None:
        """Let go of what the service holds."""
        await self._reader.close()
        await self._documents.close()

    async def SubmitPayment(self, request: pb.SubmitPaymentRequest, context: Context) -> pb.SubmitPaymentResponse:
        """Settle one."""
        self._gateway.room.require()
        asked = command(request.payment, self._resolution.sender(caller().fingerprint))
        answer = (await self._gateway.payments.submit([asked]))[0]
        return pb.SubmitPaymentResponse(outcome=views.settled_or_rejected(request.payment.uetr, answer))

    async def SubmitPayments(
        self, request_iterator: AsyncIterator[bytes], context: Context
    ) -> AsyncIterator[pb.SubmitPaymentsResponse]:
        """Settle many: the next batches are worked on while one is under way, and answered in order."""
        ahead = asyncio.Semaphore(AHEAD)
        batches: asyncio.Queue[asyncio.Task[pb.SubmitPaymentsResponse] | None] = asyncio.Queue()

        async def read() -> None:
            turn = asyncio.Event()
            turn.set()
            patience_s = 0.0  # who comes now is told at once that there is no room; who is under way waits for it
            try:
                async for request in self._taken(request_iterator):
                    await ahead.acquire()
                    own, turn = turn, asyncio.Event()
                    batches.put_nowait(asyncio.create_task(self._batch(request, own, turn, patience_s)))
                    patience_s = PATIENCE_S
            finally:
                batches.put_nowait(None)

        reader = asyncio.create_task(read())
        try:
            while (batch := await batches.get()) is not None:
                yield await batch
                ahead.release()
            await reader
        finally:
            reader.cancel()
            await asyncio.wait((reader,))
            _heard(reader)
            _leave(batches)

    async def _taken(self, requests: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Take a stream's batches; raises `LedgerUnreachableError` when no further one is waited for."""
        try:
            while True:
                async with asyncio.timeout(0.0 if self._is_stopping else SILENT_S) as until:
                    self._coming.add(until)
                    try:
                        request = await anext(requests)
                    finally:
                        self._coming.discard(until)
                yield request
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise LedgerUnreachableError("the stream was silent, or the gateway stops") from None

    async def SubmitMessage(self, request: pb.SubmitMessageRequest, context: Context) -> pb.SubmitMessageResponse:
        """Do what a document asks for."""
        unfunded = codec.chosen(WhenUnfunded, pb.WhenUnfunded, request.when_unfunded, "when_unfunded")
        return await self._documents.submit(
            request.document, caller().fingerprint, unfunded or WhenUnfunded.REFUSE, beside_of(request)
        )

    async def GetPayment(self, request: pb.GetPaymentRequest, context: Context) -> bytes:
        """Show a payment: the answer's bytes, which are kept at hand."""
        self._gateway.require_serving()
        told = None if request.transaction_id else self._at_hand.get(request.uetr)
        if told is None:
            view = self._found(request)
            details = self._viewer().details(view, self._gateway.queries.events_of(view.id))
            told = pb.GetPaymentResponse(payment=details).SerializeToString()
            if not request.transaction_id:
                self._at_hand.keep(told, view)
        return told

    async def GetMessage(self, request: pb.GetMessageRequest, context: Context) -> pb.GetMessageResponse:
        """Write a payment, or its status, as a document."""
        codec.known(pb.MessageKind, request.kind, "kind")
        view = self._found(request)
        if request.kind == pb.MESSAGE_KIND_PACS_008:
            return pb.GetMessageResponse(document=self._documents.payment(view))
        if request.kind == pb.MESSAGE_KIND_PACS_002:
            number = len(self._gateway.queries.events_of(view.id))
            return pb.GetMessageResponse(document=self._documents.status(view, number))
        raise Refusal(Code.CH21, "kind")

    def _found(self, request: pb.GetPaymentRequest | pb.GetMessageRequest) -> PaymentView:
        uetr, tx_id = identifiers.uetr(request.uetr), codec.transaction_id(request.transaction_id)
        view = self._gateway.queries.payment(uetr, tx_id=tx_id)
        if view is None:
            raise Refusal(Code.NOT_FOUND, "uetr")
        return view

    async def WatchPayments(
        self, request: pb.WatchPaymentsRequest, context: Context
    ) -> AsyncIterator[pb.WatchPaymentsResponse]:
        """Tell what happens, from a position on, for ever."""
        own = self._gateway.participant
        follower, queries, viewer = self._gateway.follower, self._gateway.queries, self._viewer()
        position = paging.place(request.after_position)
        codec.known(pb.Direction, request.direction, "direction")
        while True:
            height = follower.height
            last = queries.last_position()
            events = queries.events_after(
                position,
                limit=EVENTS_AT_ONCE,
                payer=own if request.direction == pb.DIRECTION_OUTGOING else None,
                payee=own if request.direction == pb.DIRECTION_INCOMING else None,
            )
            if events:
                yield pb.WatchPaymentsResponse(events=[viewer.event(each) for each in events])
                position = events[-1].position
            if len(events) < EVENTS_AT_ONCE:
                position = max(position, last)
                await follower.reached(height)  # the number of the next block

    async def ConfirmCredit(self, request: pb.ConfirmCreditRequest, context: Context) -> pb.ConfirmCreditResponse:
        """Tell what became of a payment that the organisation received."""
        view = self._resolution.received(request.uetr, request.payer, request.transaction_id)
        status = codec.chosen(CreditStatus, pb.CreditStatus, request.status, "status")
        if status is None:
            raise Refusal(Code.CH21, "status")
        command = ConfirmCredit(
            requested_by=caller().fingerprint,
            payment=name_of(view),
            payer=view.payer,
            payee=view.payee,
            status=status,
            reason=request.reason,
            effective_date=request.effective_date,
            message_id=request.message_id,
            created_at=request.created_at,
            additional=tuple(request.additional),
        )
        return pb.ConfirmCreditResponse(done=done(await self._resolution.follow_up(command, view)))

    async def ReturnPayment(self, request: pb.ReturnPaymentRequest, context: Context) -> pb.ReturnPaymentResponse:
        """Send a payment back."""
        view = self._resolution.received(request.uetr, request.payer, request.transaction_id)
        bearer = codec.chosen(ChargeBearer, pb.ChargeBearer, request.charge_bearer, "charge_bearer")
        command = ReturnPayment(
            requested_by=caller().fingerprint,
            return_id=request.return_id,
            payment=name_of(view),
            payer=view.payer,
            payee=view.payee,
            currency=request.currency,
            amount=request.amount,
            settlement_date=request.settlement_date,
            reason=request.reason,
            message_id=request.message_id,
            created_at=request.created_at,
            charge_bearer=bearer or ChargeBearer.SHAR,
            instructed_amount=request.instructed_amount,
            instructed_currency=request.instructed_currency,
            additional=tuple(request.additional),
            charges=codec.charges(request.charges),
        )
        return pb.ReturnPaymentResponse(done=done(await self._resolution.follow_up(command, view)))

    async def _batch(
        self, request: bytes, turn: asyncio.Event, following: asyncio.Event, patience_s: float
    ) -> pb.SubmitPaymentsResponse:
        """Settle a batch. Batches are read at the same time, and go to the ledger in the order in which they came."""
        try:
            await self._gateway.room.free(patience_s)
            with self._gateway.room.hold(1 + len(request) // PAYMENT_BYTES):
                read = await self._reader.read(AskedPayments(request, self._resolution.sender(caller().fingerprint)))
        finally:
            await turn.wait()
            following.set()  # who waits for it goes on when this batch is on its way: the next line waits only then
        answers = await self._gateway.payments.submit_prepared([asked(each) for each in read.payments])
        return pb.SubmitPaymentsResponse(outcomes=map(views.outcome, (each.uetr for each in read.payments), answers))

    async def SettleUndertaking(self, request: pb.SettleUndertakingRequest, context: Context) -> common.CommandDone:
        """Settle a conditional payment whose conditions are met."""
        return await self._asking.either(request, undertaking.SettleUndertaking)

    async def ReleaseUndertaking(self, request: pb.ReleaseUndertakingRequest, context: Context) -> common.CommandDone:
        """Give the reservation of an expired one back."""
        return await self._asking.either(request, undertaking.ReleaseUndertaking)

    async def PassAgainstPayment(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Pass a bill of lading on against the money."""
        return await self._asking.signed(request, undertaking.PassAgainstPayment)

    async def ProposeChange(self, request: pb.ProposeChangeRequest, context: Context) -> common.CommandDone:
        """Propose a change of one."""
        return await self._asking.either(request, undertaking.ProposeChange)

    async def PrepareRelease(self, request: pb.PrepareReleaseRequest, context: Context) -> pb.PrepareReleaseResponse:
        """Say a payment as officers sign it."""
        return await self._releases.prepare(request)

    async def ProposeRelease(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Propose a payment above the limit."""
        return await self._asking.signed(request, release.ProposeRelease)

    async def ProposeChangeRelease(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Propose other terms of a conditional payment above the limit."""
        return await self._asking.signed(request, release.ProposeChangeRelease)

    async def ReleasePayment(self, request: common.SignedCommand, context: Context) -> pb.SubmitPaymentResponse:
        """Pay what another officer has proposed."""
        return await self._releases.release(request)

    async def AcceptChange(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Make the change that its beneficiary has signed."""
        return await self._asking.signed(request, undertaking.AcceptChange)

    def _viewer(self) -> views.Viewer:
        own = self._gateway.participants()[self._gateway.participant]
        return views.Viewer(self._gateway.participant, own.organisation.kind, self._gateway.standing)


def _leave(batches: "asyncio.Queue[asyncio.Task[pb.SubmitPaymentsResponse] | None]") -> None:
    """Stop waiting for batches whose answers nobody will read; their payments go their way."""
    while not batches.empty():
        if (batch := batches.get_nowait()) is not None:
            batch.cancel()
            batch.add_done_callback(_heard)


def _heard(task: "asyncio.Task[Any]") -> None:
    """Take note of how it ended."""
    if not task.cancelled():
        task.exception()
