"""The edge of the operators' door: who calls is known, may call this, and gets an answer, whatever happens within.

One interceptor stands before every RPC. It reads the client's certificate, asks the one table whether that role may
call the method (what the table does not list nobody may), and turns every exception into its status.
"""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager, nullcontext
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol

import grpc
import structlog
from google.protobuf.message import Message
from grpc import StatusCode
from grpc.aio import AbortError, ServerInterceptor, ServicerContext

from gateway.ledger.port import LedgerUnreachableError, OutcomeUnknownError
from gateway.limits import Open, Rates
from gateway.operation import logs, metrics, request_ids, tracing
from gateway.operation.distribution import Series
from gateway.operators import refusals
from gateway.operators.incoming import Incoming, reading, require_readable
from gateway.operators.permissions import READS
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


class Noting(Protocol):
    """Takes note of a question before it is answered, given what came with it; raises what keeps it from being."""

    async def __call__(self, method: str, request: Any, metadata: Mapping[str, Any]) -> None:
        """Take note."""


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
        participant: str = "",
        *,
        noting: Noting | None = None,
    ) -> None:
        self._people: Final = people
        self._permitted: Final = permitted
        self._as_bytes: Final = as_bytes
        self.limits: Final = limits or usual_limits()
        self._participant: Final = participant
        self._noting: Final = noting
        self._handlers: Final[dict[str, Any]] = {}

    async def intercept_service(
        self,
        continuation: "Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any]]]",
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Stand before a handler; what is made for a method is kept."""
        method = handler_call_details.method
        made = self._handlers.get(method)
        if made is None:
            handler: Any = await continuation(handler_call_details)
            if handler is None:  # no such method: nothing is kept of what anybody may call
                return None
            made = self._handlers[method] = self._before(method, handler)
        return made

    def _before(self, method: str, handler: Any) -> Any:
        tally = _Tally(self._participant, method)
        read = reading(method, None if method in self._as_bytes else handler.request_deserializer)
        if handler.response_streaming:
            inner = handler.stream_stream if handler.request_streaming else handler.unary_stream
            if not inspect.isasyncgenfunction(inner):  # of a library: it writes its answers by itself
                return _unary_stream(self._writing(method, inner, tally), read, handler.response_serializer)
            make = grpc.stream_stream_rpc_method_handler if handler.request_streaming else _unary_stream
            answer = self._streaming(method, inner, tally, takes_stream=handler.request_streaming)
            return make(answer, read, handler.response_serializer)
        return grpc.unary_unary_rpc_method_handler(
            self._unary(method, handler.unary_unary, tally), read, _or_written(handler.response_serializer)
        )

    def _unary(self, method: str, inner: Any, tally: "_Tally") -> Any:
        async def answer(request: Message, context: Context) -> Any:
            try:
                with self._admitted(method, context, tally):
                    require_readable(request)
                    with _in_time(method):
                        async with asyncio.timeout(UNARY_S):
                            if self._noting is not None:
                                await self._noting(method, request, dict(context.invocation_metadata() or ()))
                            return await inner(request, context)
            except AbortError:  # of what is open to everybody, and has been answered
                raise
            except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                failure = error
            return await _abort(failure, method, context)

        return answer

    def _writing(self, method: str, inner: Any, tally: "_Tally") -> Any:
        async def answer(request: Message, context: Context) -> None:
            try:
                with self._admitted(method, context, tally):
                    require_readable(request)
                    await inner(request, context)
            except AbortError:
                raise
            except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                failure = error
            else:
                return
            await _abort(failure, method, context)

        return answer

    def _streaming(self, method: str, inner: Any, tally: "_Tally", *, takes_stream: bool) -> Any:
        is_open = method.startswith(_OPEN)

        async def answer(request: Any, context: Context) -> AsyncIterator[Any]:
            with Incoming(request) if takes_stream else nullcontext(request) as asked:
                try:
                    with self._admitted(method, context, tally) as certificate:
                        if not takes_stream:
                            require_readable(asked)
                            if self._noting is not None:
                                await self._noting(method, asked, dict(context.invocation_metadata() or ()))
                        async with aclosing(inner(asked, context)) as responses:
                            async for response in responses:
                                if not is_open:
                                    self.require_known(method, certificate)  # who is revoked now is told no more
                                yield response
                except AbortError:
                    raise
                except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                    failure = error
                else:
                    return
                if takes_stream:
                    await asked.hear_out()
                await _abort(failure, method, context)

        return answer

    def _admitted(self, method: str, context: Context, tally: "_Tally") -> "_Call":
        """Let in who may call this, within its limits, and log how it ended: the method, never what was in it."""
        return _Call(self, method, context, tally)

    def require_known(self, method: str, certificate: bytes) -> Identity:
        """Say whose a certificate is, by now; refuse (AG08) one that is revoked or may not call the method."""
        if self.limits.revoked is not None:
            self.limits.revoked.require(certificate)
        identity = self._people.identify(certificate)
        if identity.role not in self._permitted.get(method, frozenset()):
            raise Refusal(Code.AG08, "certificate")
        return identity


_STATUSES: Final = {each.value[0]: each.name for each in StatusCode}


class _Call:
    """One call, from its coming to its end. As a context it gives the caller's certificate (PEM).

    Written out rather than as a generator: it stands before every call, and most calls do little else.
    """

    __slots__ = ("_certificate", "_context", "_edge", "_method", "_span", "_start_s", "_tally")

    def __init__(self, edge: Edge, method: str, context: Context, tally: "_Tally") -> None:
        self._edge = edge
        self._method = method
        self._context = context
        self._tally = tally
        self._start_s = time.perf_counter()
        self._certificate = b""
        self._span: Any = None

    def __enter__(self) -> bytes:
        """Let it in; raises what keeps it out."""
        edge, context = self._edge, self._context
        metadata = dict(context.invocation_metadata() or ())
        name = request_ids.named(metadata.get(_REQUEST_ID, ""))
        context.set_trailing_metadata(((_REQUEST_ID, name),))
        known: dict[str, str] = {}
        try:
            certificate = _certificate(context)
            edge.limits.open.enter(certificate)
            self._certificate = certificate
            edge.limits.rates.require(certificate)
            if not self._method.startswith(_OPEN):
                identity = edge.require_known(self._method, certificate)
                _CALLER.set(identity)
                known = {"caller": identity.fingerprint, "role": identity.role.value}
            structlog.contextvars.bind_contextvars(**{request_ids.FIELD: name}, **known)
        except Exception as error:
            structlog.contextvars.bind_contextvars(**{request_ids.FIELD: name})
            self._end(error)
            raise
        if tracing.is_on():
            self._span = tracing.span(self._method, metadata)
            self._span.__enter__()
        return certificate

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take note of how it ended."""
        if self._span is not None:
            self._span.__exit__(kind, error, trace)
        self._end(error)

    def _end(self, error: BaseException | None) -> None:
        if self._certificate:
            self._edge.limits.open.leave(self._certificate)
        if error is None:
            ended = "OK"
        elif isinstance(error, AbortError):  # of what is open to everybody, and has been answered
            ended = _STATUSES[self._context.code()]
        else:
            ended = refusals.status_name(error) if isinstance(error, Exception) else StatusCode.CANCELLED.name
        took_s = time.perf_counter() - self._start_s
        self._tally.count(ended, took_s)
        if logs.has_calls():
            log.info("call", method=self._method, ended=ended, took_ms=round(1000 * took_s, 1))


class _Tally:
    """Counts the calls of one method."""

    def __init__(self, participant: str, method: str) -> None:
        self._labels: Final = participant, "grpc", method.rpartition(".")[2]
        self._took_s: Final[Series] = metrics.CALL_SECONDS.labels(*self._labels)
        self._ended: Final[dict[str, Any]] = {}

    def count(self, ended: str, took_s: float) -> None:
        """Count one by the name of its status."""
        counter = self._ended.get(ended)
        if counter is None:
            counter = self._ended[ended] = metrics.CALLS.labels(*self._labels, ended)
        counter.inc()
        self._took_s.observe(took_s)


def _or_written(serialize: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Write an answer, unless the method has written it already."""
    return lambda answer: answer if type(answer) is bytes else serialize(answer)


_unary_stream: Final = grpc.unary_stream_rpc_method_handler


def _certificate(context: Context) -> bytes:
    for certificate in context.auth_context().get("x509_pem_cert", ()):
        return bytes(certificate)
    raise Refusal(Code.AG08, "certificate")


@contextmanager
def _in_time(method: str) -> Iterator[None]:
    """Say what it means that a call took too long: of what only asks, that nothing was changed."""
    try:
        yield
    except TimeoutError:
        if method in READS:
            raise LedgerUnreachableError("it took too long") from None
        raise OutcomeUnknownError("") from None


async def _abort(error: Exception, method: str, context: Context) -> None:
    status = refusals.status_of(error, method)
    code = next(each for each in grpc.StatusCode if each.value[0] == status.code)
    metadata = ((_DETAILS, status.SerializeToString()), *(context.trailing_metadata() or ()))
    await context.abort(code, status.message, trailing_metadata=metadata)
