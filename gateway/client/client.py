"""A connection to one organisation's gateway, as the holder of one certificate."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from types import TracebackType
from typing import Any, Final, Self

from google.protobuf.message import Message
from grpc import ChannelConnectivity, StatusCode, aio

from gateway import reasons, wire_errors
from gateway.auth.signing import Credential
from gateway.client.bills import BillCalls
from gateway.client.customs import CustomsCalls
from gateway.client.releases import ReleaseCalls
from gateway.client.rulings import RulingCalls
from gateway.client.signing import signed_message
from gateway.client.supervision import SupervisionCalls
from gateway.operators import codec
from gateway.tls import TlsIdentity
from gateway.wire_errors import WaitanError
from settlement.accounts.issuance import RequestIssuance
from settlement.accounts.redemption import RequestRedemption
from settlement.customs.assessment import GuaranteeTax
from settlement.financing import DefaultFinancing, DrawFinancing, RejectFinancing, RepayFinancing, VerifyFinancing
from settlement.participants import RegisterCustomer, RevokeCertificates
from settlement.payments.commands import SubmitPayment
from settlement.payments.initiation import DeclineInitiation
from settlement.payments.undertaking import ProposeChange, ReleaseUndertaking, SettleUndertaking
from settlement.records import Command
from waitan.v1 import (
    accounts_pb2,
    accounts_pb2_grpc,
    bills_of_lading_pb2_grpc,
    common_pb2,
    customs_pb2,
    customs_pb2_grpc,
    days_pb2,
    days_pb2_grpc,
    documents_pb2_grpc,
    financing_pb2,
    financing_pb2_grpc,
    initiations_pb2,
    initiations_pb2_grpc,
    participants_pb2,
    participants_pb2_grpc,
    payments_pb2,
    payments_pb2_grpc,
    rulings_pb2_grpc,
    supervision_pb2_grpc,
    trade_pb2,
    trade_pb2_grpc,
)

TIMEOUT_S: Final = 30.0
"""How long an answer may take."""

CONNECT_S: Final = 10.0
"""How long a connection may take. Where nobody listens, that is told at once."""

_SIZES: Final = (("grpc.max_send_message_length", 16 << 20), ("grpc.max_receive_message_length", 16 << 20))
"""A batch of 500 full payments has 5 MB, and so may an answer."""

_OWN_NAME: Final[dict[type[Command], type[Message]]] = {
    RequestIssuance: accounts_pb2.IssuanceRequest,
    RequestRedemption: accounts_pb2.RedemptionRequest,
    RegisterCustomer: participants_pb2.CustomerRegistration,
    RevokeCertificates: participants_pb2.RevokeCertificatesRequest,
    DeclineInitiation: initiations_pb2.InitiationDecline,
    GuaranteeTax: customs_pb2.TaxGuarantee,
    SettleUndertaking: payments_pb2.UndertakingNamed,
    ReleaseUndertaking: payments_pb2.UndertakingNamed,
    ProposeChange: payments_pb2.ChangeProposal,
    VerifyFinancing: financing_pb2.FinancingVerification,
    DrawFinancing: financing_pb2.FinancingDrawing,
    RepayFinancing: financing_pb2.FinancingRepayment,
    DefaultFinancing: financing_pb2.FinancingDefault,
    RejectFinancing: financing_pb2.FinancingRejection,
}
"""Commands for which the organisation's own consent is enough, and what says them."""

_EITHER: Final[dict[type[Command], Any]] = {
    RequestIssuance: accounts_pb2.RequestIssuanceRequest,
    RequestRedemption: accounts_pb2.RequestRedemptionRequest,
    RegisterCustomer: participants_pb2.RegisterCustomerRequest,
    DeclineInitiation: initiations_pb2.DeclineInitiationRequest,
    GuaranteeTax: customs_pb2.GuaranteeTaxRequest,
    SettleUndertaking: payments_pb2.SettleUndertakingRequest,
    ReleaseUndertaking: payments_pb2.ReleaseUndertakingRequest,
    ProposeChange: payments_pb2.ProposeChangeRequest,
    VerifyFinancing: financing_pb2.VerifyFinancingRequest,
    DrawFinancing: financing_pb2.DrawFinancingRequest,
    RepayFinancing: financing_pb2.RepayFinancingRequest,
    DefaultFinancing: financing_pb2.DefaultFinancingRequest,
    RejectFinancing: financing_pb2.RejectFinancingRequest,
}
"""Commands that an organisation asks for in its own name or an officer of it signs, and their requests."""


class WaitanClient(CustomsCalls, BillCalls, ReleaseCalls, RulingCalls, SupervisionCalls):
    """A connection to one gateway, as the holder of one certificate."""

    def __init__(self, address: str, identity: TlsIdentity, *, timeout_s: float = TIMEOUT_S, reason: str = "") -> None:
        """Connect at the first call. `reason`: why a supervisor reads, as it is recorded (supervision.proto)."""
        self._channel: Final = identity.channel(address, *_SIZES)
        self._timeout_s: Final = timeout_s
        self._metadata: Final = ((reasons.HEADER.lower(), reasons.said(reason)),) if reason else ()
        self._payments = payments_pb2_grpc.PaymentServiceStub(self._channel)
        self._initiations: Final[Any] = initiations_pb2_grpc.InitiationServiceStub(self._channel)
        self._participants: Final[Any] = participants_pb2_grpc.ParticipantServiceStub(self._channel)
        self._accounts: Final[Any] = accounts_pb2_grpc.AccountServiceStub(self._channel)
        self._days: Final[Any] = days_pb2_grpc.DayServiceStub(self._channel)
        self._trade: Final[Any] = trade_pb2_grpc.TradeServiceStub(self._channel)
        self._customs = customs_pb2_grpc.CustomsServiceStub(self._channel)
        self._documents: Final[Any] = documents_pb2_grpc.DocumentServiceStub(self._channel)
        self._financing: Final[Any] = financing_pb2_grpc.FinancingServiceStub(self._channel)
        self._rulings = rulings_pb2_grpc.RulingServiceStub(self._channel)
        self._supervision = supervision_pb2_grpc.SupervisionServiceStub(self._channel)
        self._bills = bills_of_lading_pb2_grpc.BillOfLadingServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        """Give the client; it connects with the first call."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await self._channel.close(None)

    # Payments

    async def submit(self, payment: SubmitPayment | payments_pb2.Payment) -> payments_pb2.PaymentOutcome:
        """Settle one payment; a rejection is an answer, a refusal an error."""
        request = payments_pb2.SubmitPaymentRequest(payment=_payment(payment))
        response: payments_pb2.SubmitPaymentResponse = await self._act(self._payments.SubmitPayment, request)
        return response.outcome

    async def submit_batches(
        self, batches: AsyncIterable[Iterable[SubmitPayment | payments_pb2.Payment]]
    ) -> AsyncIterator[list[payments_pb2.PaymentOutcome]]:
        """Settle many over one stream: for each batch of at most 500, in order, an outcome for each payment."""

        async def requests() -> AsyncIterator[payments_pb2.SubmitPaymentsRequest]:
            async for batch in batches:
                yield payments_pb2.SubmitPaymentsRequest(payments=map(_payment, batch))

        await self._connected()
        call = self._payments.SubmitPayments(requests())
        async for response in _told(call, acts=True):
            yield list(response.outcomes)

    async def submit_message(
        self,
        document: bytes,
        when_unfunded: payments_pb2.WhenUnfunded = payments_pb2.WHEN_UNFUNDED_UNSPECIFIED,
        **beside: Any,
    ) -> payments_pb2.SubmitMessageResponse:
        """Hand in an ISO 20022 document: pacs.008, pacs.004 or pacs.002; `beside`: other fields of the request."""
        request = payments_pb2.SubmitMessageRequest(document=document, when_unfunded=when_unfunded, **beside)
        response: payments_pb2.SubmitMessageResponse = await self._act(self._payments.SubmitMessage, request)
        return response

    async def payment(self, uetr: str, transaction_id: str = "") -> payments_pb2.PaymentDetails:
        """Look up a payment; a duplicate by the transaction that holds it."""
        request = payments_pb2.GetPaymentRequest(uetr=uetr, transaction_id=transaction_id)
        response: payments_pb2.GetPaymentResponse = await self._call(self._payments.GetPayment, request)
        return response.payment

    async def message(self, uetr: str, kind: payments_pb2.MessageKind, *, transaction_id: str = "") -> bytes:
        """Give a payment as pacs.008, or its status as pacs.002; a duplicate by the transaction that holds it."""
        request = payments_pb2.GetMessageRequest(uetr=uetr, kind=kind, transaction_id=transaction_id)
        response: payments_pb2.GetMessageResponse = await self._call(self._payments.GetMessage, request)
        return response.document

    async def watch(
        self,
        after_position: int = 0,
        direction: payments_pb2.Direction = payments_pb2.DIRECTION_UNSPECIFIED,
    ) -> AsyncIterator[payments_pb2.PaymentEvent]:
        """Follow what happens to payments after a position, for ever."""
        request = payments_pb2.WatchPaymentsRequest(after_position=after_position, direction=direction)
        await self._connected()
        call = self._payments.WatchPayments(request, metadata=self._metadata)
        async for response in _told(call, acts=False):
            for event in response.events:
                yield event

    async def confirm_credit(self, request: payments_pb2.ConfirmCreditRequest) -> common_pb2.CommandDone:
        """Tell what became of a payment received."""
        response: payments_pb2.ConfirmCreditResponse = await self._act(self._payments.ConfirmCredit, request)
        return response.done

    async def return_payment(self, request: payments_pb2.ReturnPaymentRequest) -> common_pb2.CommandDone:
        """Send a payment back."""
        response: payments_pb2.ReturnPaymentResponse = await self._act(self._payments.ReturnPayment, request)
        return response.done

    # What customers ask for

    async def initiations(
        self,
        state: initiations_pb2.InitiationState = initiations_pb2.INITIATION_STATE_UNSPECIFIED,
        customer: str = "",
    ) -> AsyncIterator[initiations_pb2.Initiation]:
        """List what customers asked for, oldest first, in one state and of one customer if named."""
        request = initiations_pb2.ListInitiationsRequest(state=state, customer=customer)
        async for page in self._pages(self._initiations.ListInitiations, request):
            for each in page.initiations:
                yield each

    async def initiation(self, initiation_id: str) -> initiations_pb2.Initiation:
        """Look up what a customer asked for."""
        request = initiations_pb2.GetInitiationRequest(initiation_id=initiation_id)
        response: initiations_pb2.GetInitiationResponse = await self._call(self._initiations.GetInitiation, request)
        return response.initiation

    async def release(self, request: initiations_pb2.ReleaseInitiationRequest) -> payments_pb2.PaymentOutcome:
        """Pay what a customer asked for; a rejection is an answer, a refusal an error. To decline it, `ask`."""
        response: initiations_pb2.ReleaseInitiationResponse = await self._act(
            self._initiations.ReleaseInitiation, request
        )
        return response.outcome

    # Commands

    async def ask(self, command: Command) -> common_pb2.CommandDone:
        """Ask in the organisation's name: an issuance, a redemption, a customer, a revocation, a decline."""
        request: Message = codec.write(command, _OWN_NAME[type(command)])
        if type(command) in _EITHER:
            request = _EITHER[type(command)](own=request)
        response: common_pb2.CommandDone = await self._act(self._rpc(type(command)), request)
        return response

    async def ask_signed(self, network: str, command: Command, person: Credential) -> common_pb2.CommandDone:
        """Let a person ask; their key signs here and goes nowhere."""
        request: Message = signed_message(network, command, person)
        if type(command) in _EITHER:
            request = _EITHER[type(command)](signed=request)
        response: common_pb2.CommandDone = await self._act(self._rpc(type(command)), request)
        return response

    # Lists

    async def participants(self) -> list[participants_pb2.Participant]:
        """List the organisations."""
        request = participants_pb2.ListParticipantsRequest()
        return list((await self._call(self._participants.ListParticipants, request)).participants)

    async def participant(self, name: str = "", *, bic: str = "") -> participants_pb2.Participant:
        """Find an organisation by name or BIC."""
        request = participants_pb2.GetParticipantRequest(participant=name, bic=bic)
        response: participants_pb2.GetParticipantResponse = await self._call(self._participants.GetParticipant, request)
        return response.participant

    async def accounts(self, participant: str = "", currency: str = "") -> list[accounts_pb2.Account]:
        """List the accounts that the organisation may see."""
        request = accounts_pb2.ListAccountsRequest(participant=participant, currency=currency)
        return list((await self._call(self._accounts.ListAccounts, request)).accounts)

    async def issuances(self, participant: str = "") -> list[accounts_pb2.Issuance]:
        """List issuances."""
        request = accounts_pb2.ListIssuancesRequest(participant=participant)
        return list((await self._call(self._accounts.ListIssuances, request)).issuances)

    async def redemptions(self, participant: str = "") -> list[accounts_pb2.Redemption]:
        """List redemptions."""
        request = accounts_pb2.ListRedemptionsRequest(participant=participant)
        return list((await self._call(self._accounts.ListRedemptions, request)).redemptions)

    async def currencies(self) -> list[accounts_pb2.Currency]:
        """List the currencies that the ledger settles."""
        return list((await self._call(self._accounts.ListCurrencies, accounts_pb2.ListCurrenciesRequest())).currencies)

    async def days(self) -> list[days_pb2.BusinessDay]:
        """List the last business day of each currency."""
        return list((await self._call(self._days.ListDays, days_pb2.ListDaysRequest())).days)

    # Trade

    async def trade_records(self, **asked: Any) -> AsyncIterator[trade_pb2.TradeRecord]:
        """Give records of trade, oldest first; `asked` are fields of ListTradeRecordsRequest."""
        request = trade_pb2.ListTradeRecordsRequest(**asked)
        async for page in self._pages(self._trade.ListTradeRecords, request):
            for record in page.records:
                yield record

    async def trade_record(self, record_id: str) -> trade_pb2.GetTradeRecordResponse:
        """Give a record of trade with its history."""
        request = trade_pb2.GetTradeRecordRequest(record_id=record_id)
        found: trade_pb2.GetTradeRecordResponse = await self._call(self._trade.GetTradeRecord, request)
        return found

    async def timeline(self, trade: str) -> AsyncIterator[trade_pb2.TradeAct]:
        """Tell what happened in a trade, oldest first."""
        request = trade_pb2.GetTimelineRequest(trade=trade)
        async for page in self._pages(self._trade.GetTimeline, request):
            for act in page.acts:
                yield act

    async def _call(self, method: Any, request: Message) -> Any:
        """Ask what changes nothing."""
        return await self._answer(method, request, acts=False)

    async def _act(self, method: Any, request: Message) -> Any:
        """Ask what changes something."""
        return await self._answer(method, request, acts=True)

    async def _answer(self, method: Any, request: Message, *, acts: bool) -> Any:
        await self._connected()
        try:
            return await method(request, timeout=self._timeout_s, metadata=self._metadata)
        except aio.AioRpcError as error:
            raise wire_errors.read(error, acted=acts) from None

    async def _connected(self) -> None:
        """Wait until the connection stands; where it fails, or takes too long, nothing was sent."""
        failed = (ChannelConnectivity.TRANSIENT_FAILURE, ChannelConnectivity.SHUTDOWN)
        try:
            async with asyncio.timeout(min(CONNECT_S, self._timeout_s)):
                while (state := self._channel.get_state(try_to_connect=True)) is not ChannelConnectivity.READY:
                    if state in failed:
                        raise WaitanError("", status=StatusCode.UNAVAILABLE, meaning="no connection")
                    await self._channel.wait_for_state_change(state)
        except TimeoutError:
            raise WaitanError("", status=StatusCode.UNAVAILABLE, meaning="no connection in time") from None

    def _rpc(self, kind: type[Command]) -> Any:
        """Find the RPC that has a command's name."""
        for stub in (
            self._participants,
            self._accounts,
            self._days,
            self._initiations,
            self._trade,
            self._documents,
            self._customs,
            self._bills,
            self._payments,
            self._financing,
            self._rulings,
        ):
            if hasattr(stub, kind.__name__):
                return getattr(stub, kind.__name__)
        raise LookupError(f"no RPC takes {kind.__name__}")


async def _told(call: Any, *, acts: bool) -> AsyncIterator[Any]:
    """Read a stream of answers; its end by an error is told as such."""
    try:
        async for response in call:
            yield response
    except aio.AioRpcError as error:
        raise wire_errors.read(error, acted=acts) from None
    finally:
        call.cancel()


def _payment(payment: SubmitPayment | payments_pb2.Payment) -> payments_pb2.Payment:
    return codec.write(payment, payments_pb2.Payment) if isinstance(payment, SubmitPayment) else payment
