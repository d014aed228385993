"""Traces of calls for OpenTelemetry, from door to block, where that is installed (`waitan[otel]`) and asked for.

A call is one span; within it one for what was asked of the ledger, with the transaction and the block that hold it, and
one for the wait until the organisation's own read model shows it. A caller that sends `traceparent` (W3C Trace Context)
finds them in its own trace. No attribute is of a payment, and no exception's text is told.

Where nothing is traced a span costs one comparison.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

NAME: Final = "waitan.gateway"

_NOTHING: Final = nullcontext()
_tracer: Any = None


def span(name: str, caller: Mapping[str, str] | None = None, **attributes: str | int) -> AbstractContextManager[Any]:
    """Give the span of some work, or nothing where nothing is traced. `caller` has what a caller sent of its trace."""
    return _NOTHING if _tracer is None else _span(name, caller, attributes)


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


@contextmanager
def _span(name: str, caller: Mapping[str, str] | None, attributes: Mapping[str, str | int]) -> Iterator[Any]:
    from opentelemetry.trace import Status, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = None if caller is None else TraceContextTextMapPropagator().extract(caller)
    with _tracer.start_as_current_span(
        name, context=context, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
