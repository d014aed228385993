"""What a gateway counts, for Prometheus. The names here are those of /metrics and of the dashboard.

Whoever counts takes its own series once, when it is made (`X.labels(...)`), so that counting is one addition. What
happens for a whole batch is counted for the batch. No label says whose a payment is or which: the organisation, the
method or route, the outcome, and nothing else.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from gateway.operation.distribution import Distribution

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter began is one more series that nobody reads
REGISTRY: Final = CollectorRegistry()
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_QUICK_S: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LAG_S: Final = (*_QUICK_S[:6], 0.035, 0.05, 0.07, *_QUICK_S[7:], 60.0, 3600.0)
"""Finer about the 50 ms within which what has settled is to be shown."""
_COUNTS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

CALLS: Final = Counter(
    "waitan_calls",
    "Calls at a door, by how they ended: a gRPC status, or an HTTP status.",
    ("participant", "door", "method", "status"),
    registry=REGISTRY,
)
CALL_SECONDS: Final = Distribution(
    "waitan_call_seconds",
    "How long calls took; of streams, how long they lasted.",
    ("participant", "door", "method"),
    buckets=_QUICK_S,
    registry=REGISTRY,
)
PAYMENTS: Final = Counter(
    "waitan_payments",
    "Payments answered, by what became of them (SETTLED, REJECTED, REFUSED, REPEATED) and the code.",
    ("participant", "state", "code"),
    registry=REGISTRY,
)
LIST_COMMANDS: Final = Distribution(
    "waitan_list_commands",
    "Commands in each list that the organisation signed.",
    ("participant",),
    buckets=_COUNTS,
    registry=REGISTRY,
)
BATCH_COMMANDS: Final = Distribution(
    "waitan_batch_commands",
    "Commands in each transaction that this courier carried.",
    ("participant",),
    buckets=_COUNTS,
    registry=REGISTRY,
)
BATCH_LISTS: Final = Distribution(
    "waitan_batch_lists",
    "Lists in each transaction that this courier carried.",
    ("participant",),
    buckets=_COUNTS,
    registry=REGISTRY,
)
BATCHES_FAILED: Final = Counter(
    "waitan_batches_failed",
    "Batches that this courier could not carry, by the kind of error.",
    ("participant", "error"),
    registry=REGISTRY,
)
COURIER_WAITING: Final = Gauge(
    "waitan_courier_waiting_lists",
    "Lists that wait at this courier for the next transaction.",
    ("participant",),
    registry=REGISTRY,
)
STAGE_SECONDS: Final = Distribution(
    "waitan_stage_seconds",
    "What commands spend at each station: listing (until their list is signed), carrying (until the courier has"
    " answered), showing (until the organisation's own read model shows the block); and at a courier: waiting (for the"
    " transaction before), ledger (endorsed, ordered, committed).",
    ("participant", "stage"),
    buckets=_QUICK_S,
    registry=REGISTRY,
)
UNDER_WAY: Final = Gauge(
    "waitan_commands_under_way",
    "Commands that were let in and are not answered yet.",
    ("participant",),
    registry=REGISTRY,
)
PROJECTION_LAG_SECONDS: Final = Distribution(
    "waitan_projection_lag_seconds",
    "From a transaction's time to its block being shown by the read model; also while it catches up.",
    ("participant",),
    buckets=_LAG_S,
    registry=REGISTRY,
)
PROJECTION_WAITING: Final = Gauge(
    "waitan_projection_waiting_blocks",
    "Blocks that have come and are not in the read model yet.",
    ("participant",),
    registry=REGISTRY,
)
PROJECTION_HEIGHT: Final = Gauge(
    "waitan_projection_height",
    "Blocks in the read model.",
    ("participant",),
    registry=REGISTRY,
)
LOOP_LAG_SECONDS: Final = Distribution(
    "waitan_event_loop_lag_seconds",
    "How much later than it should the process's event loop comes to what is due.",
    buckets=_QUICK_S,
    registry=REGISTRY,
)
SERVING: Final = Gauge(
    "waitan_serving",
    "1 where the organisation's gateway serves, 0 where it does not.",
    ("participant",),
    registry=REGISTRY,
)
CERTIFICATE_EXPIRES: Final = Gauge(
    "waitan_certificate_expires_timestamp_seconds",
    "When the service's certificate ends, in seconds since 1970.",
    ("participant",),
    registry=REGISTRY,
)

for _collector in (ProcessCollector, PlatformCollector, GCCollector):
    _collector(registry=REGISTRY)


def exposition() -> bytes:
    """Give all of it in Prometheus' text format."""
    return generate_latest(REGISTRY)
