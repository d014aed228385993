"""Traces of calls for OpenTelemetry, from door to block, where that is installed (`waitan[otel]`) and asked for.

A call is one span; within it one for what was asked of the ledger, with the transaction and the block that hold it, and
one for the wait until the organisation's own read model shows it. A list serves several calls, and a transaction
several lists: such a span stands in the trace of the first that is traced, and is linked to the others. A courier
elsewhere is told the trace, as whoever calls us may tell us theirs (`traceparent`, W3C Trace Context). No attribute is
of a payment, and no exception's text is told.

Where nothing is traced a span costs one comparison.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

NAME: Final = "waitan.gateway"

_NOTHING: Final = nullcontext()
_tracer: Any = None


def span(name: str, caller: Mapping[str, str] | None = None, **attributes: str | int) -> AbstractContextManager[Any]:
    """Give the span of some work, or nothing where nothing is traced. `caller` has what a caller sent of its trace."""
    return _NOTHING if _tracer is None else _span(name, caller, attributes)


def here() -> Any:
    """Give where in which trace the work that runs stands, for `shared`; None where it is not traced."""
    if _tracer is None:
        return None
    from opentelemetry import context, trace

    return context.get_current() if trace.get_current_span().is_recording() else None


def shared(name: str, places: Iterable[Any], **attributes: str | int) -> AbstractContextManager[Any]:
    """Give the span of work that is done once for several, of whom `here` said where they stand."""
    if _tracer is None:
        return _NOTHING
    traced = [place for place in places if place is not None]
    return _started(name, traced[0], attributes, traced[1:]) if traced else _NOTHING


def outgoing() -> tuple[tuple[str, str], ...]:
    """Give the metadata by which another process puts what it does for us into the trace of the work that runs."""
    if _tracer is None:
        return ()
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return tuple(carrier.items())


def is_on() -> bool:
    """Say whether anything is traced."""
    return _tracer is not None


def note(**attributes: str | int) -> None:
    """Add to the span of the work that runs."""
    if _tracer is not None:
        from opentelemetry import trace

        trace.get_current_span().set_attributes(attributes)


def start(endpoint: str, share: float, participant: str) -> Callable[[], None]:
    """Trace from now on, and send it to an endpoint (OTLP over HTTP); what is given back sends the rest and stops."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return start_with(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)), share, participant)


def start_with(processor: Any, share: float, participant: str) -> Callable[[], None]:
    """Trace from now on, into a span processor."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

    global _tracer  # noqa: PLW0603 - one process traces or does not
    resource = Resource.create({"service.name": "waitan-gateway", "service.instance.id": participant})
    provider = TracerProvider(resource=resource, sampler=ParentBasedTraceIdRatio(share))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer(NAME)

    def stop() -> None:
        global _tracer  # noqa: PLW0603 - as above
        _tracer = None
        provider.shutdown()

    return stop


def _span(
    name: str, caller: Mapping[str, str] | None, attributes: Mapping[str, str | int]
) -> AbstractContextManager[Any]:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    place = None if caller is None else TraceContextTextMapPropagator().extract(caller)
    return _started(name, place, attributes)


@contextmanager
def _started(name: str, place: Any, attributes: Mapping[str, str | int], linked: Iterable[Any] = ()) -> Iterator[Any]:
    from opentelemetry.trace import Link, Status, StatusCode, get_current_span

    links = [Link(get_current_span(each).get_span_context()) for each in linked]
    with _tracer.start_as_current_span(
        name, context=place, attributes=attributes, links=links, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
