"""The edge of the operators' door: who calls is known, may call this, and gets an answer, whatever happens within.

One interceptor stands before every RPC. It reads the client's certificate, asks the one table whether that role may
call the method (what the table does not list nobody may), and turns every exception into its status.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any, Final, Protocol

import grpc
from google.protobuf.message import Message
from grpc.aio import ServerInterceptor, ServicerContext

from gateway.operators import codec, refusals
from settlement.errors import Code, Refusal
from settlement.identity import Identity
from settlement.parties import Role

_OPEN: Final = ("/grpc.health.v1.Health/", "/grpc.reflection.v1alpha.ServerReflection/")
"""What whoever has passed the TLS handshake may ask."""

_DETAILS: Final = "grpc-status-details-bin"

_CALLER: Final[ContextVar[Identity]] = ContextVar("caller")

Context = ServicerContext[Any, Any]


class People(Protocol):
    """Knows whose certificate (PEM) it is; raises `Refusal`."""

    def identify(self, certificate: bytes) -> Identity:
        """Read a certificate."""


def caller() -> Identity:
    """Give the one who called the RPC that runs."""
    return _CALLER.get()


class Edge(ServerInterceptor):  # type: ignore[type-arg]  # generic for the type checker alone
    """The interceptor. `as_bytes`: methods that read their requests themselves."""

    def __init__(
        self, people: People, permitted: Mapping[str, frozenset[Role]], as_bytes: frozenset[str] = frozenset()
    ) -> None:
        self._people: Final = people
        self._permitted: Final = permitted
        self._as_bytes: Final = as_bytes

    async def intercept_service(
        self,
        continuation: "Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any]]]",
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Stand before a handler."""
        handler: Any = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or method.startswith(_OPEN):
            return handler
        if handler.response_streaming:
            inner = handler.stream_stream if handler.request_streaming else handler.unary_stream
            make = grpc.stream_stream_rpc_method_handler if handler.request_streaming else _unary_stream
            read = None if method in self._as_bytes else handler.request_deserializer
            return make(self._streaming(method, inner), read, handler.response_serializer)
        return grpc.unary_unary_rpc_method_handler(
            self._unary(method, handler.unary_unary), handler.request_deserializer, handler.response_serializer
        )

    def _unary(self, method: str, inner: Any) -> Any:
        async def answer(request: Message, context: Context) -> Any:
            try:
                self._enter(method, context)
                codec.require_known(request)
                return await inner(request, context)
            except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                failure = error
            return await _abort(failure, method, context)

        return answer

    def _streaming(self, method: str, inner: Any) -> Any:
        async def answer(request: Any, context: Context) -> AsyncIterator[Any]:
            try:
                self._enter(method, context)
                if isinstance(request, Message):
                    codec.require_known(request)
                async with aclosing(inner(request, context)) as responses:
                    async for response in responses:
                        yield response
            except Exception as error:  # noqa: BLE001 - the one place where errors become answers
                failure = error
            else:
                return
            await _abort(failure, method, context)

        return answer

    def _enter(self, method: str, context: Context) -> None:
        identity = self._people.identify(_certificate(context))
        if identity.role not in self._permitted.get(method, frozenset()):
            raise Refusal(Code.AG08, "certificate")
        _CALLER.set(identity)


_unary_stream: Final = grpc.unary_stream_rpc_method_handler


def _certificate(context: Context) -> bytes:
    for certificate in context.auth_context().get("x509_pem_cert", ()):
        return bytes(certificate)
    raise Refusal(Code.AG08, "certificate")


async def _abort(error: Exception, method: str, context: Context) -> None:
    status = refusals.status_of(error, method)
    code = next(each for each in grpc.StatusCode if each.value[0] == status.code)
    metadata = ((_DETAILS, status.SerializeToString()),)
    await context.abort(code, status.message, trailing_metadata=metadata)
