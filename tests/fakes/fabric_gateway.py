"""A peer's Gateway and Deliver services over loopback with mutual TLS, with faults to be asked for.

It does what internal/pkg/gateway and common/deliver of Fabric do: verifies signatures, transaction ids and the binding
of a feed to its TLS certificate, endorses with the keys of several organisations, and answers in Fabric's words.
"""

import asyncio
import hashlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, NoReturn

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fabric_protos.common import common_pb2
from fabric_protos.gateway import gateway_pb2
from fabric_protos.orderer import ab_pb2
from fabric_protos.peer import events_pb2
from google.protobuf import any_pb2
from google.rpc import status_pb2

from tests.fakes.fabric_chain import FakeChannel
from tests.fakes.fabric_endorser import Endorsers, prepared
from tests.fakes.fabric_feed import delivered, delivered_with_private_data, events_of
from tests.fakes.fabric_msp import AccessDeniedError, Authority
from tests.fakes.wire import Wire

TIME_WINDOW_S: Final = 15 * 60
_OPTIONS: Final = (("grpc.max_receive_message_length", 100 << 20), ("grpc.http2.max_ping_strikes", 0))
"""Messages of the size that a peer takes, and pings as often as a test cannot wait for them."""
DENIED: Final = grpc.StatusCode.PERMISSION_DENIED


class Refusal(NamedTuple):
    """An answer of a peer that will not: status, message, and (address, MSP id, message) of those behind it."""

    status: grpc.StatusCode
    message: str
    details: tuple[tuple[str, str, str], ...] = ()


def _same(message: Any) -> Any:
    return message


@dataclass
class Faults:
    """What a peer shall do wrong, by the name of the method where it matters."""

    refuse: dict[str, Refusal] = field(default_factory=dict)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    """Methods that answer only when the event is set."""
    cut_after_submit: bool = False
    """Order the transaction, then break the connection in place of an answer."""
    refuse_submitted: Refusal | None = None
    """Order the transaction, then refuse, as where fewer orderers took it than were asked."""
    hold_submitted: asyncio.Event | None = None
    """Order the transaction, then answer only when the event is set, as while one of several orderers hangs."""
    cut_after_blocks: int | None = None
    """Break the connection once so many blocks have been delivered on it."""
    status_code: int | None = None
    """A validation code to tell in place of the true one."""
    empty_status: bool = False
    alter_prepared: Callable[[Any], Any] = _same
    alter_block: Callable[[Any], Any] = _same
    alter_private: Callable[[Any], Any] = _same
    lacks: set[str] = field(default_factory=set)
    """Collections whose parts it has not got."""
    purged: set[str] = field(default_factory=set)
    """Private keys whose values have been purged since."""
    horizon: int | None = None
    """The height that it lags at."""


class FakePeer:
    """The peer of one organisation."""

    def __init__(
        self,
        authority: Authority,
        channel: FakeChannel,
        *,
        endorsers: Endorsers,
        server_name: str,
    ) -> None:
        self.msp_id: Final = authority.msp_id
        self.server_name: Final = server_name
        self.faults = Faults()
        self.calls: list[tuple[str, Any]] = []
        """Every request that came, by method."""
        self._arrivals: Final = defaultdict[str, asyncio.Event](asyncio.Event)
        self._authority: Final = authority
        self._channel: Final = channel
        self._endorsers: Final = endorsers
        self._tls: Final = authority.issue("tls", dns=server_name)
        self._server: grpc.aio.Server | None = None
        self.wire: Wire | None = None

    @property
    def address(self) -> str:
        """Where clients reach it."""
        assert self.wire is not None
        return f"127.0.0.1:{self.wire.port}"

    async def start(self, client_roots: bytes) -> None:
        """Listen, and take clients certified by these roots (PEM)."""
        self._server = grpc.aio.server(options=_OPTIONS)
        self._server.add_generic_rpc_handlers(
            (_gateway_handlers(self), _deliver_handlers(self)),
        )
        credentials = grpc.ssl_server_credentials(
            [(self._tls.key_pem, self._tls.certificate_pem)], client_roots, require_client_auth=True
        )
        self.wire = Wire(self._server.add_secure_port("127.0.0.1:0", credentials))
        await self._server.start()
        await self.wire.open()

    async def stop(self) -> None:
        """End every call and listen no more."""
        assert self._server is not None
        assert self.wire is not None
        for held in self.faults.hold.values():
            held.set()
        await self._server.stop(None)
        await self.wire.close()

    @property
    def height(self) -> int:
        """How many blocks it has committed."""
        height = len(self._channel.blocks)
        return height if self.faults.horizon is None else min(height, self.faults.horizon)

    async def catch_up(self) -> None:
        """Lag no more."""
        async with self._channel.grown:
            self.faults.horizon = None
            self._channel.grown.notify_all()

    async def called(self, method: str) -> None:
        """Wait until a method has been called."""
        await self._arrivals[method].wait()

    async def _enter(self, method: str, request: Any, context: Any) -> None:
        self.calls.append((method, request))
        self._arrivals[method].set()
        if method in self.faults.refuse:
            await abort(context, self.faults.refuse[method])
        if method in self.faults.hold:
            await self.faults.hold[method].wait()

    def _detail(self, organisation: str, message: str) -> tuple[str, str, str]:
        return f"peer0.{organisation.lower()}:7051", organisation, message

    async def evaluate(self, request: Any, context: Any) -> Any:
        """Gateway.Evaluate."""
        await self._enter("Evaluate", request, context)
        organisation = next(iter(request.target_organizations), self.msp_id)
        answer = await self._endorsers.ask(organisation, request.proposed_transaction)
        if isinstance(answer[0], grpc.StatusCode):
            status, message = answer
            text = f"evaluate call to endorser returned error: {message}"
            await abort(context, Refusal(status, text, (self._detail(organisation, message),)))
        return gateway_pb2.EvaluateResponse(result=answer[1].response)

    async def endorse(self, request: Any, context: Any) -> Any:
        """Gateway.Endorse."""
        await self._enter("Endorse", request, context)
        organisations = sorted(request.endorsing_organizations or self._channel.policy)
        if not self._endorsers.organisations.issuperset(organisations):
            strangers = sorted(set(organisations) - self._endorsers.organisations)
            text = f"failed to find any endorsing peers for org(s): {', '.join(strangers)}"
            await abort(context, Refusal(grpc.StatusCode.UNAVAILABLE, text))
        asking = (self._endorsers.ask(each, request.proposed_transaction) for each in organisations)
        answers = dict(zip(organisations, await asyncio.gather(*asking), strict=True))
        refused = [
            self._detail(each, answer[1]) for each, answer in answers.items() if isinstance(answer[0], grpc.StatusCode)
        ]
        if refused:
            text = "failed to collect enough transaction endorsements, see attached details for more info"
            await abort(context, Refusal(grpc.StatusCode.ABORTED, text, tuple(refused)))
        responses = [answer[0] for answer in answers.values()]
        if len({response.payload for response in responses}) != 1:
            text = "failed to collect enough transaction endorsements, see attached details for more info"
            detail = self._detail(organisations[-1], "ProposalResponsePayloads do not match")
            await abort(context, Refusal(grpc.StatusCode.ABORTED, text, (detail,)))
        envelope = prepared(request.proposed_transaction.proposal_bytes, responses)
        return gateway_pb2.EndorseResponse(prepared_transaction=self.faults.alter_prepared(envelope))

    async def submit(self, request: Any, context: Any) -> Any:
        """Gateway.Submit."""
        await self._enter("Submit", request, context)
        if not request.prepared_transaction.signature:
            await abort(context, Refusal(grpc.StatusCode.INVALID_ARGUMENT, "prepared transaction must be signed"))
        await self._channel.order(request.prepared_transaction.SerializeToString())
        if self.faults.cut_after_submit:
            self.faults.cut_after_submit = False
            assert self.wire is not None
            self.wire.cut()
        if self.faults.refuse_submitted is not None:
            await abort(context, self.faults.refuse_submitted)
        if self.faults.hold_submitted is not None:
            await self.faults.hold_submitted.wait()
        return gateway_pb2.SubmitResponse()

    async def commit_status(self, request: Any, context: Any) -> Any:
        """Gateway.CommitStatus: it waits for the commit."""
        await self._enter("CommitStatus", request, context)
        asked = gateway_pb2.CommitStatusRequest.FromString(request.request)
        await self._check(context, asked.identity, request)
        async with self._channel.grown:
            await self._channel.grown.wait_for(lambda: self._committed(asked.transaction_id) is not None)
        position = self._committed(asked.transaction_id)
        assert position is not None
        if self.faults.empty_status:
            return gateway_pb2.CommitStatusResponse()
        code = position[1] if self.faults.status_code is None else self.faults.status_code
        return gateway_pb2.CommitStatusResponse(result=code, block_number=position[0])

    def _committed(self, transaction_id: str) -> tuple[int, int] | None:
        position = self._channel.positions.get(transaction_id)
        return position if position is not None and position[0] < self.height else None

    async def _check(self, context: Any, identity: bytes, request: Any) -> None:
        try:
            self._channel.msps.verify(identity, request.request, request.signature)
        except AccessDeniedError as error:
            await abort(context, Refusal(DENIED, str(error)))

    async def chaincode_events(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Gateway.ChaincodeEvents."""
        await self._enter("ChaincodeEvents", request, context)
        asked = gateway_pb2.ChaincodeEventsRequest.FromString(request.request)
        await self._check(context, asked.identity, request)
        number = self.height
        if asked.start_position.WhichOneof("Type") == "specified":
            number = asked.start_position.specified.number
        after = asked.after_transaction_id
        if after and after in self._channel.positions:
            number = self._channel.positions[after][0]
        while True:
            block = await self._next_block(number)
            events, after = events_of(block, asked.chaincode_id, after)
            if events:
                yield gateway_pb2.ChaincodeEventsResponse(events=events, block_number=number)
            number += 1

    async def _next_block(self, number: int) -> Any:
        async with self._channel.grown:
            await self._channel.grown.wait_for(lambda: number < self.height)
        return self._channel.blocks[number]

    async def deliver(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        """Deliver.Deliver."""
        async for response in self._deliver(requests, context, private=False):
            yield response

    async def deliver_with_private_data(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        """Deliver.DeliverWithPrivateData."""
        async for response in self._deliver(requests, context, private=True):
            yield response

    async def _deliver(self, requests: AsyncIterator[Any], context: Any, *, private: bool) -> AsyncIterator[Any]:
        envelope = await anext(aiter(requests))
        await self._enter("Deliver", envelope, context)
        payload = common_pb2.Payload.FromString(envelope.payload)
        header = common_pb2.ChannelHeader.FromString(payload.header.channel_header)
        creator = common_pb2.SignatureHeader.FromString(payload.header.signature_header).creator
        status, organisation = self._admit(context, envelope, header, creator)
        if status is not None:
            yield events_pb2.DeliverResponse(status=status)
            return
        seek = ab_pb2.SeekInfo.FromString(payload.data)
        specified = seek.start.WhichOneof("Type") == "specified"
        number = seek.start.specified.number if specified else self.height
        sent = 0
        while number <= seek.stop.specified.number:
            await self._next_block(number)
            if sent == self.faults.cut_after_blocks:
                self.faults.cut_after_blocks = None
                assert self.wire is not None
                self.wire.cut()
                return
            yield self._delivered(number, organisation) if private else delivered(self._channel, number, self.faults)
            number += 1
            sent += 1
        yield events_pb2.DeliverResponse(status=common_pb2.Status.SUCCESS)

    def _delivered(self, number: int, reader: str) -> Any:
        """Give a block with what both this peer and the reader are members of."""
        holds = self._channel.ledger.holds
        return delivered_with_private_data(
            self._channel, number, lambda name: holds(reader, name) and holds(self.msp_id, name), self.faults
        )

    def _admit(self, context: Any, envelope: Any, header: Any, creator: bytes) -> tuple[int | None, str]:
        """Check a feed's request (common/deliver/deliver.go): None or a status, and whose it is."""
        shown = x509.load_pem_x509_certificate(context.auth_context()["x509_pem_cert"][0])
        if header.tls_cert_hash != hashlib.sha256(shown.public_bytes(Encoding.DER)).digest():
            return common_pb2.Status.BAD_REQUEST, ""
        if abs(time.time() - header.timestamp.seconds) > TIME_WINDOW_S:
            return common_pb2.Status.BAD_REQUEST, ""
        if header.channel_id != self._channel.name:
            return common_pb2.Status.NOT_FOUND, ""
        try:
            return None, self._channel.msps.verify(creator, envelope.payload, envelope.signature)
        except AccessDeniedError:
            return common_pb2.Status.FORBIDDEN, ""


async def abort(context: Any, refusal: Refusal) -> NoReturn:
    """Refuse with `google.rpc.Status` details, as a peer does."""
    packed = []
    for address, msp_id, message in refusal.details:
        detail = any_pb2.Any()
        detail.Pack(gateway_pb2.ErrorDetail(address=address, msp_id=msp_id, message=message))
        packed.append(detail)
    status = status_pb2.Status(code=refusal.status.value[0], message=refusal.message, details=packed)
    trailers = (("grpc-status-details-bin", status.SerializeToString()),) if packed else ()
    await context.abort(refusal.status, refusal.message, trailers)
    raise AssertionError("abort does not come back")


def _gateway_handlers(peer: FakePeer) -> "grpc.GenericRpcHandler[Any, Any]":
    messages = gateway_pb2
    unary = {
        "Evaluate": (peer.evaluate, messages.EvaluateRequest),
        "Endorse": (peer.endorse, messages.EndorseRequest),
        "Submit": (peer.submit, messages.SubmitRequest),
        "CommitStatus": (peer.commit_status, messages.SignedCommitStatusRequest),
    }
    handlers = {name: _unary(behaviour, request) for name, (behaviour, request) in unary.items()}
    handlers["ChaincodeEvents"] = grpc.unary_stream_rpc_method_handler(
        peer.chaincode_events,
        request_deserializer=messages.SignedChaincodeEventsRequest.FromString,
        response_serializer=messages.ChaincodeEventsResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler("gateway.Gateway", handlers)


def _unary(behaviour: Any, request: Any) -> "grpc.RpcMethodHandler[Any, Any]":
    return grpc.unary_unary_rpc_method_handler(
        behaviour,
        request_deserializer=request.FromString,
        response_serializer=lambda response: response.SerializeToString(),
    )


def _deliver_handlers(peer: FakePeer) -> "grpc.GenericRpcHandler[Any, Any]":
    methods = {"Deliver": peer.deliver, "DeliverWithPrivateData": peer.deliver_with_private_data}
    handlers = {
        name: grpc.stream_stream_rpc_method_handler(
            behaviour,
            request_deserializer=common_pb2.Envelope.FromString,
            response_serializer=events_pb2.DeliverResponse.SerializeToString,
        )
        for name, behaviour in methods.items()
    }
    return grpc.method_handlers_generic_handler("protos.Deliver", handlers)
