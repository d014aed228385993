"""The one error of a client: what a gateway answered instead of a response, read from google.rpc.Status."""

from typing import Any, Final, NamedTuple

import grpc
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc.aio import AioRpcError

from gateway.outcomes import DOMAIN, INTERNAL, OUTCOME_UNKNOWN, RATE_LIMITED, Retry
from settlement.errors import Code

_SYSTEM: Final = frozenset({Code.ED05, Code.ED06})


class Violation(NamedTuple):
    """One thing wrong with an ISO 20022 document: the element's path, and `code rule: sentence`."""

    path: str
    description: str


class WaitanError(Exception):
    """The gateway said no, or could not be reached.

    `code` is a code of `settlement.errors.Code`, "OUTCOME_UNKNOWN", "INTERNAL", or "" where no gateway answered;
    `where` the dotted path of the field at fault. `retry_s` is in how many seconds the same may be asked again, where
    the gateway has said so. `acted` says that what was asked changes something and had been sent: then a gateway that
    fell silent may have done it.
    """

    def __init__(
        self,
        code: str,
        *,
        status: grpc.StatusCode,
        where: str = "",
        meaning: str = "",
        retry: Retry = Retry.NEVER,
        reference: str = "",
        violations: tuple[Violation, ...] = (),
        retry_s: float | None = None,
        acted: bool = False,
    ) -> None:
        super().__init__(f"{code or status.name} {where}".strip() + (f": {meaning}" if meaning else ""))
        self.code: Final = code
        self.status: Final = status
        self.where: Final = where
        self.meaning: Final = meaning
        self.retry: Final = retry
        self.reference: Final = reference
        self.violations: Final = violations
        self.retry_s: Final = retry_s
        self.acted: Final = acted

    @property
    def is_refusal(self) -> bool:
        """The gateway understood and said no; nothing was written."""
        return self.code in set(Code) and self.code not in _SYSTEM

    @property
    def is_unreachable(self) -> bool:
        """The gateway or the ledger could not be reached, and nothing was changed."""
        if self.code == RATE_LIMITED:
            return True
        silent = not self.code and self.status is grpc.StatusCode.UNAVAILABLE
        return self.code == Code.ED06 or (silent and not self.acted)

    @property
    def is_unknown(self) -> bool:
        """What was asked may have taken effect: send the same again."""
        return self.code in (OUTCOME_UNKNOWN, INTERNAL) or (not self.code and not self.is_unreachable)


def read(error: AioRpcError, *, acted: bool = False) -> WaitanError:
    """Read what a call raised; `acted` where it asked for a change and may have arrived."""
    metadata: Any = error.trailing_metadata() or ()
    packed = next((value for name, value in metadata if name == "grpc-status-details-bin"), b"")
    info, violations, again = ErrorInfo(), BadRequest(), RetryInfo()
    for detail in Status.FromString(packed).details:
        for known in (info, violations, again):
            if detail.Is(known.DESCRIPTOR):
                detail.Unpack(known)
    if info.domain != DOMAIN:
        return WaitanError("", status=error.code(), meaning=error.details() or "", acted=acted)
    return WaitanError(
        info.reason,
        status=error.code(),
        where=info.metadata.get("where", ""),
        meaning=info.metadata.get("meaning", ""),
        retry=Retry(info.metadata.get("retry", Retry.NEVER)),
        reference=info.metadata.get("reference", ""),
        retry_s=again.retry_delay.ToTimedelta().total_seconds() if again.HasField("retry_delay") else None,
        violations=tuple(Violation(each.field, each.description) for each in violations.field_violations),
    )
