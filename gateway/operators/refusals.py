"""Errors become answers here: google.rpc.Status with ErrorInfo, from the one table of outcomes.

Three families: a refusal is expected and has a code; a ledger error says whether anything was sent; all else is a
bug, logged once with its trace under a reference, and answered with that reference alone.
"""

import math
from typing import Final

from google.protobuf.duration_pb2 import Duration
from google.rpc import code_pb2
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode

from gateway.ledger.port import BatchConflictError, LedgerUnreachableError, OutcomeUnknownError
from gateway.limits import TooManyError
from gateway.operation import bugs
from gateway.outcomes import DOMAIN, INTERNAL, OUTCOME_UNKNOWN, OUTCOMES, RATE_LIMITED, Retry
from gateway.projection.faults import FeedBrokenError
from settlement.catalogue import CATALOGUE
from settlement.errors import Code, Refusal
from settlement.iso20022.refusal import MessageRefusal

SOON_MS: Final = 500
"""When to try again what failed for the moment."""

_LEDGER: Final[dict[type[Exception], Code]] = {
    LedgerUnreachableError: Code.ED06,
    FeedBrokenError: Code.ED06,
    BatchConflictError: Code.ED05,
}


def status_of(error: Exception, method: str) -> Status:
    """Say what an exception is on the wire."""
    if isinstance(error, MessageRefusal):
        return _message_refusal(error)
    if isinstance(error, Refusal):
        return refusal(error.code, error.where)
    if isinstance(error, TooManyError):
        meaning = "The caller asks more than it may; nothing was done."
        info = _info(RATE_LIMITED, Retry.SOON, meaning)
        return _status(StatusCode.RESOURCE_EXHAUSTED, meaning, info, _after(error.wait_s))
    if isinstance(error, OutcomeUnknownError):
        meaning = "It is not known whether the command took effect. Send the same again: it takes effect once."
        info = _info(OUTCOME_UNKNOWN, Retry.SOON, meaning, transaction_id=error.tx_id)
        return _status(StatusCode.UNKNOWN, meaning, info, _soon())
    if (code := _ledger_code(error)) is not None:
        return refusal(code, "")
    reference = bugs.report(error, method=method)
    meaning = "Something went wrong inside; the operator finds it in the log under the reference."
    return _status(StatusCode.INTERNAL, meaning, _info(INTERNAL, Retry.NEVER, meaning, reference=reference))


def status_name(error: Exception) -> str:
    """Name the gRPC status of an exception, as `status_of` will say it, for a log line and a count."""
    if isinstance(error, Refusal):
        return OUTCOMES[error.code].grpc.name
    if isinstance(error, TooManyError):
        return StatusCode.RESOURCE_EXHAUSTED.name
    if isinstance(error, OutcomeUnknownError | TimeoutError):
        return StatusCode.UNKNOWN.name
    if (code := _ledger_code(error)) is not None:
        return OUTCOMES[code].grpc.name
    return StatusCode.INTERNAL.name


def _ledger_code(error: Exception) -> Code | None:
    """Give a ledger error's code, a narrower kind's too: a courier that is not reached is a ledger that is not."""
    return next((code for kind, code in _LEDGER.items() if isinstance(error, kind)), None)


def refusal(code: Code, where: str) -> Status:
    """Say a code, with the field at fault and what it means."""
    outcome = OUTCOMES[code]
    meaning = CATALOGUE[code].meaning
    info = _info(code.value, outcome.retry, meaning, where=where)
    return _status(outcome.grpc, meaning, info, *([_soon()] if outcome.retry is Retry.SOON else []))


def _message_refusal(error: MessageRefusal) -> Status:
    first = error.violations[0]
    status = refusal(first.code, first.path)
    violations = [
        BadRequest.FieldViolation(field=each.path, description=f"{each.code} {each.rule}: {each.sentence}")
        for each in error.violations
    ]
    status.details.add().Pack(BadRequest(field_violations=violations))
    return status


def _info(reason: str, retry: Retry, meaning: str, **metadata: str) -> ErrorInfo:
    told = {name: value for name, value in metadata.items() if value}
    return ErrorInfo(reason=reason, domain=DOMAIN, metadata={"meaning": meaning, "retry": retry.value, **told})


def _soon() -> RetryInfo:
    return _after(SOON_MS / 1000)


def _after(wait_s: float) -> RetryInfo:
    seconds, nanos = divmod(math.ceil(wait_s * 1e9), 1_000_000_000)
    return RetryInfo(retry_delay=Duration(seconds=seconds, nanos=nanos))


def _status(code: StatusCode, message: str, *details: ErrorInfo | RetryInfo) -> Status:
    status = Status(code=code_pb2.Code.Value(code.name), message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return status
