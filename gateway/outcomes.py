"""What each code is on the wire: one total table for both doors, gRPC and HTTP, and what a client may do about it.

A rejection is an answer and no error: the payment is recorded, and whoever asks about it is told so.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from grpc import StatusCode

from settlement.errors import Code

DOMAIN: Final = "waitan"
"""The domain of google.rpc.ErrorInfo."""

OUTCOME_UNKNOWN: Final = "OUTCOME_UNKNOWN"
"""The reason where a command was sent and its fate is not known. No code: nothing was refused."""

INTERNAL: Final = "INTERNAL"
"""The reason of a bug: the answer has a reference, the log has the rest."""

RATE_LIMITED: Final = "RATE_LIMITED"
"""The reason where a caller asks more than it may; nothing was done, and the answer says when to ask again."""


class Retry(StrEnum):
    """What sending the same once more can bring."""

    NEVER = "NEVER"
    """The same answer."""
    LATER = "LATER"
    """Another answer, once what the code speaks of has changed."""
    SOON = "SOON"
    """Another answer in a moment: nothing is wrong with the command."""


class WireOutcome(NamedTuple):
    """A code's gRPC status, HTTP status, and whether to try again."""

    grpc: StatusCode
    http: int
    retry: Retry


_MALFORMED: Final = WireOutcome(StatusCode.INVALID_ARGUMENT, 400, Retry.NEVER)
_WRONG: Final = WireOutcome(StatusCode.INVALID_ARGUMENT, 422, Retry.NEVER)
_FORBIDDEN: Final = WireOutcome(StatusCode.PERMISSION_DENIED, 403, Retry.NEVER)
_USED: Final = WireOutcome(StatusCode.ALREADY_EXISTS, 409, Retry.NEVER)
_NOT_NOW: Final = WireOutcome(StatusCode.FAILED_PRECONDITION, 409, Retry.LATER)
_NOT_SO: Final = WireOutcome(StatusCode.FAILED_PRECONDITION, 422, Retry.NEVER)
_RECORDED: Final = WireOutcome(StatusCode.OK, 200, Retry.NEVER)
_AGAIN: Final = WireOutcome(StatusCode.ABORTED, 503, Retry.SOON)
_UNAVAILABLE: Final = WireOutcome(StatusCode.UNAVAILABLE, 503, Retry.SOON)

OUTCOMES: Final = MappingProxyType(
    {
        Code.FF01: _MALFORMED,
        Code.SEQUENCE_NOT_NEXT: _AGAIN,
        Code.AG08: _FORBIDDEN,
        Code.DS0H: _FORBIDDEN,
        Code.SAME_SIGNER: _FORBIDDEN,
        Code.COMMAND_ID_REUSED: _USED,
        Code.CH21: _WRONG,
        Code.CH17: _WRONG,
        Code.CH16: _WRONG,
        Code.AM18: _WRONG,
        Code.AM16: _WRONG,
        Code.AM10: _WRONG,
        Code.SUM_WRONG: _WRONG,
        Code.DU03: _USED,
        Code.DU01: _USED,
        Code.DU05: _USED,
        Code.RC01: _WRONG,
        Code.AC01: _WRONG,
        Code.BE15: _WRONG,
        Code.BE16: _WRONG,
        Code.BE17: _WRONG,
        Code.RR09: _WRONG,
        Code.BE04: _WRONG,
        Code.BE07: _WRONG,
        Code.BE19: _WRONG,
        Code.AM11: _WRONG,
        Code.AM03: _WRONG,
        Code.CH20: _WRONG,
        Code.AM12: _WRONG,
        Code.AM01: _WRONG,
        Code.HS_CODE_WRONG: _WRONG,
        Code.NOT_FOUND: WireOutcome(StatusCode.NOT_FOUND, 404, Retry.NEVER),
        Code.DECLARATION_NUMBER_USED: _USED,
        Code.MOVE_NOT_ALLOWED: _NOT_NOW,
        Code.DS24: _NOT_SO,
        Code.LAPSED: _NOT_SO,
        Code.NOT_AS_INITIATED: _NOT_SO,
        Code.CHAIN_BROKEN: _NOT_SO,
        Code.IN_DISPUTE: _NOT_NOW,
        Code.NOT_IN_CONTROL: _NOT_NOW,
        Code.NOT_NEGOTIABLE: _NOT_SO,
        Code.NOT_TITLE_HOLDER: _NOT_NOW,
        Code.NOT_FIRST_ACTION: _NOT_NOW,
        Code.NOT_AS_APPROVED: _NOT_NOW,
        Code.CHAIN_FULL: _NOT_NOW,
        Code.SUMMARY_LAPSED: _NOT_SO,
        Code.DECLARATION_INCOMPLETE: _NOT_NOW,
        Code.GOODS_HELD: _NOT_NOW,
        Code.INSPECTION_OPEN: _NOT_NOW,
        Code.TAX_NOT_COVERED: _NOT_NOW,
        Code.RATE_MISSING: _NOT_NOW,
        Code.RATE_NOT_LATER: _NOT_SO,
        Code.NOT_THE_TREASURY: _NOT_SO,
        Code.REFUND_NOT_GRANTED: _NOT_NOW,
        Code.NOT_THE_DOCUMENT: _NOT_SO,
        Code.NOT_ELIGIBLE: _NOT_NOW,
        Code.NOT_AS_PROPOSED: _NOT_SO,
        Code.RELEASE_NEEDED: _NOT_NOW,
        Code.WAITED_FOR_TOO_OFTEN: _NOT_NOW,
        Code.RR04: _NOT_NOW,
        Code.RR05: _NOT_SO,
        Code.DNOR: _NOT_NOW,
        Code.CNOR: _NOT_NOW,
        Code.AG10: _NOT_NOW,
        Code.AM09: _NOT_SO,
        Code.BALANCE_NOT_ZERO: _NOT_NOW,
        Code.ACCOUNT_NOT_USABLE: _NOT_NOW,
        Code.ALREADY_EXISTS: _USED,
        Code.DAY_NOT_LATER: _NOT_SO,
        Code.DAY_CLOSED: _NOT_NOW,
        Code.DATE_PAST: _NOT_SO,
        Code.DT04: _NOT_NOW,
        Code.UNFUNDED: _NOT_NOW,
        Code.DT01: _RECORDED,
        Code.TM01: _RECORDED,
        Code.AG11: _RECORDED,
        Code.AC04: _RECORDED,
        Code.AC06: _RECORDED,
        Code.AM02: _RECORDED,
        Code.AM04: _RECORDED,
        Code.AB03: _RECORDED,
        Code.DS02: _RECORDED,
        Code.DATA_MISSING: _AGAIN,
        Code.ED05: _AGAIN,
        Code.ED06: _UNAVAILABLE,
    }
)
"""What each code is on the wire."""
