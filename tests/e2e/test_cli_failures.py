"""What an error of the client is to a person: the exit code, and what to do."""

import grpc
import pytest

from gateway.cli.failures import Exit
from gateway.cli.payments import naming
from gateway.cli.session import failure_of
from gateway.client import Violation, WaitanError
from gateway.outcomes import INTERNAL, OUTCOME_UNKNOWN
from settlement.errors import Code

CASES = [
    (WaitanError(Code.AM09, status=grpc.StatusCode.FAILED_PRECONDITION, where="amount"), Exit.REFUSED, "left"),
    (WaitanError(Code.ED06, status=grpc.StatusCode.UNAVAILABLE), Exit.UNREACHABLE, "the ledger behind it"),
    (WaitanError("", status=grpc.StatusCode.UNAVAILABLE), Exit.UNREACHABLE, "waitan up"),
    (WaitanError(OUTCOME_UNKNOWN, status=grpc.StatusCode.UNKNOWN), Exit.UNKNOWN, "takes effect once"),
    (WaitanError("", status=grpc.StatusCode.DEADLINE_EXCEEDED), Exit.UNKNOWN, "takes effect once"),
    (WaitanError(INTERNAL, status=grpc.StatusCode.INTERNAL, reference="5b88c576"), Exit.UNKNOWN, "5b88c576"),
]


@pytest.mark.parametrize(("error", "exit_code", "hint"), CASES)
def test_every_kind_of_error_has_its_exit_code_and_a_hint(error: WaitanError, exit_code: Exit, hint: str) -> None:
    failure = failure_of(error, "banksh", "127.0.0.1:7104")
    assert failure.exit_code is exit_code
    assert hint in f"{failure.sentence} {failure.do}"


def test_a_payment_of_unknown_outcome_is_named_and_one_that_was_not_sent_is_not() -> None:
    lost = failure_of(WaitanError(OUTCOME_UNKNOWN, status=grpc.StatusCode.UNKNOWN), "banksh", "127.0.0.1:7104")
    named = naming(lost, "8f7b7676-d015-40dc-ac63-888f28f00481")
    assert named.exit_code is Exit.UNKNOWN
    assert "waitan payment show 8f7b7676-d015-40dc-ac63-888f28f00481" in named.do
    assert "send" not in named.do
    assert named.as_json()["uetr"] == "8f7b7676-d015-40dc-ac63-888f28f00481"
    unsent = failure_of(WaitanError("", status=grpc.StatusCode.UNAVAILABLE), "banksh", "127.0.0.1:7104")
    assert naming(unsent, "8f7b7676-d015-40dc-ac63-888f28f00481") is unsent


def test_all_that_is_wrong_with_a_message_is_told() -> None:
    violations = (Violation("/Document/A", "AC01 x: one"), Violation("/Document/B", "BE04 y: two"))
    error = WaitanError(Code.AC01, status=grpc.StatusCode.INVALID_ARGUMENT, where="/Document/A", violations=violations)
    failure = failure_of(error, "banksh", "127.0.0.1:7104")
    assert (failure.code, failure.where, failure.details) == ("AC01", "/Document/A", ("BE04 y: two at /Document/B",))
