"""The edge of the operators' door: who calls is known, may call this, and gets an answer, whatever happens within.

One interceptor stands before every RPC. It reads the client's certificate, asks the one table whether that role may
call the method (what the table does not list nobody may), and turns every exception into its status.
"""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from typing import Any, Final, NamedTuple, Protocol

import grpc
import structlog
from google.protobuf.message import Message
from grpc.aio import AbortError, ServerInterceptor, ServicerContext

from gateway import request_ids
from gateway.ledger.port import OutcomeUnknownError
from gateway.limits import Open, Rates
from gateway.operators import codec, refusals
from settlement.errors import Code, Refusal
from settlement.identity import Identity
from settlement.parties import Role

_OPEN: Final = ("/grpc.health.v1.Health/", "/grpc.reflection.v1alpha.ServerReflection/")
"""What whoever has passed the TLS handshake may ask."""

UNARY_S: Final = 30.0
"""How long a call may take whose caller sets no earlier deadline; streams last as long as their callers stay."""

RATE_PER_S: Final = 5000.0
BURST: Final = 10_000
CALLS_MAX: Final = 256
"""What one certificate may ask unless it is set otherwise."""

_REQUEST_ID: Final = request_ids.HEADER.lower()

_DETAILS: Final = "grpc-status-details-bin"

_CALLER: Final[ContextVar[Identity]] = ContextVar("caller")

Context = ServicerContext[Any, Any]


log = structlog.get_logger()


class People(Protocol):
    """Knows whose certificate (PEM) it is; raises `Refusal`."""

    def identify(self, certificate: bytes) -> Identity:
        """Read a certificate."""


class Revoked(Protocol):
    """Knows whose certificate (PEM) the CA has taken back; raises `Refusal`."""

    def require(self, certificate: bytes) -> None:
        """Refuse one that was."""


class Limits(NamedTuple):
    """What each caller may ask, and what each call is held against before it is let in."""

    rates: Rates
    open: Open
    revoked: Revoked | None = None


def usual_limits() -> Limits:
    """Make limits for a door that is set no others."""
    return Limits(Rates(RATE_PER_S, BURST), Open(CALLS_MAX))


def caller() -> Identity:
    """Give the one who called the RPC that runs."""
    return _CALLER.get()


class Edge(ServerInterceptor):  # type: ignore[type-arg]  # generic for the type checker alone
    """The interceptor. `as_bytes`: methods that read their requests themselves."""

    def __init__(
        self,
        people: People,
        permitted: Mapping[str, frozenset[Role]],
        as_bytes: frozenset[str] = frozenset(),
        limits: Limits | None = None,
    ) -> None:
        self._people: Final = people
        self._permitted: Final = permitted
        self._as_bytes: Final = as_bytes
        self._limits: Final = limits or usual_limits()

    async def intercept_service(
        self,
        continuation: "Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any]]]",
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Stand before a handler."""
        handler: Any = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None:
            return handler
        if handler.response_streaming:
            inner = handler.stream_stream if handler.request_streaming else handler.unary_stream
            if not inspect.isasyncgenfunction(inner):  # of a library: it writes its answers by itself
                return _unary_stream(
                    self._writing(method, inner), handler.request_deserializer, handler.response_serializer
                )
            make = grpc.stream_stream_rpc_method_handler if handler.request_streaming else _unary_stream
            read = None if method in self._as_bytes else handler.request_deserializer
            return make(self._streaming(method, inner), read, handler.response_serializer)
        return grpc.unary_unary_rpc_method_handler(
            self._unary(method, handler.unary_unary), handler.request_deserializer, handler.response_serializer
        )

    def _unary(self, method: str, inner: Any) -> Any:
        async def answer(request: Message, context: Context) -> Any:
            try:
                with self._admitted(method, context):
                    codec.require_known(request)
                    async with asyncio.timeout(UNARY_S):
                        return await inner(request, context)
            except AbortError:  # of what is open to everybody, and has been answered
                raise
            except TimeoutError:
                failure: Exception = OutcomeUnknownError("")
            except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                failure = error
            return await _abort(failure, method, context)

        return answer

    def _writing(self, method: str, inner: Any) -> Any:
        async def answer(request: Message, context: Context) -> None:
            try:
                with self._admitted(method, context):
                    await inner(request, context)
            except AbortError:
                raise
            except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                failure = error
            else:
                return
            await _abort(failure, method, context)

        return answer

    def _streaming(self, method: str, inner: Any) -> Any:
        async def answer(request: Any, context: Context) -> AsyncIterator[Any]:
            try:
                with self._admitted(method, context):
                    if isinstance(request, Message):
                        codec.require_known(request)
                    async with aclosing(inner(request, context)) as responses:
                        async for response in responses:
                            yield response
            except AbortError:
                raise
            except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                failure = error
            else:
                return
            await _abort(failure, method, context)

        return answer

    @contextmanager
    def _admitted(self, method: str, context: Context) -> Iterator[None]:
        """Let in who may call this, within its limits, and log how it ended: the method, never what was in it."""
        start_s = time.perf_counter()
        name = request_ids.begin(_given_name(context))
        context.set_trailing_metadata(((_REQUEST_ID, name),))
        certificate = _certificate(context)
        ended = "CANCELLED"
        try:
            with self._limits.open.one(certificate):
                self._limits.rates.require(certificate)
                if not method.startswith(_OPEN):
                    self._enter(method, certificate)
                yield
            ended = "OK"
        except Exception as error:
            ended = type(error).__name__
            raise
        finally:
            log.info("call", method=method, ended=ended, took_ms=round(1000 * (time.perf_counter() - start_s), 1))

    def _enter(self, method: str, certificate: bytes) -> None:
        if self._limits.revoked is not None:
            self._limits.revoked.require(certificate)
        identity = self._people.identify(certificate)
        if identity.role not in self._permitted.get(method, frozenset()):
            raise Refusal(Code.AG08, "certificate")
        structlog.contextvars.bind_contextvars(caller=identity.fingerprint, role=identity.role.value)
        _CALLER.set(identity)


_unary_stream: Final = grpc.unary_stream_rpc_method_handler


def _given_name(context: Context) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == _REQUEST_ID and isinstance(value, str):
            return value
    return ""


def _certificate(context: Context) -> bytes:
    for certificate in context.auth_context().get("x509_pem_cert", ()):
        return bytes(certificate)
    raise Refusal(Code.AG08, "certificate")


async def _abort(error: Exception, method: str, context: Context) -> None:
    status = refusals.status_of(error, method)
    code = next(each for each in grpc.StatusCode if each.value[0] == status.code)
    metadata = ((_DETAILS, status.SerializeToString()), *(context.trailing_metadata() or ()))
    await context.abort(code, status.message, trailing_metadata=metadata)
