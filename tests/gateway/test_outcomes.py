"""What codes and errors are on the wire."""

import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from grpc import StatusCode
from structlog.testing import capture_logs

from gateway.ledger.port import (
    BatchConflictError,
    CourierSilentError,
    CourierUnreachableError,
    LedgerUnreachableError,
    OutcomeUnknownError,
)
from gateway.operators import refusals
from gateway.outcomes import OUTCOMES, Retry
from gateway.projection.faults import FeedBrokenError
from settlement.catalogue import CATALOGUE, family
from settlement.errors import Code, Family, Refusal


def info_of(error: Exception) -> tuple[int, ErrorInfo]:
    status = refusals.status_of(error, "/waitan.v1.PaymentService/SubmitPayment")
    info = ErrorInfo()
    assert status.details[0].Unpack(info)
    return status.code, info


def test_the_table_is_total() -> None:
    assert set(OUTCOMES) == set(Code) == set(CATALOGUE)


@pytest.mark.parametrize("code", Code)
def test_a_rejection_is_an_answer_and_a_refusal_an_error_at_both_doors(code: Code) -> None:
    outcome = OUTCOMES[code]
    is_answer = family(code) is Family.REJECTION
    assert (outcome.grpc is StatusCode.OK) is is_answer
    assert (outcome.http == 200) is is_answer
    assert (outcome.http >= 500) is (outcome.retry is Retry.SOON)


@pytest.mark.parametrize("code", [code for code in Code if family(code) is Family.REFUSAL])
def test_a_refusal_travels_with_code_field_and_meaning(code: Code) -> None:
    number, info = info_of(Refusal(code, "creditor.address"))
    assert number == OUTCOMES[code].grpc.value[0]
    assert (info.domain, info.reason, info.metadata["where"]) == ("waitan", code, "creditor.address")
    assert info.metadata["meaning"] == CATALOGUE[code].meaning
    assert info.metadata["retry"] == OUTCOMES[code].retry


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (LedgerUnreachableError(), StatusCode.UNAVAILABLE, "ED06"),
        (CourierUnreachableError("clearing:17117"), StatusCode.UNAVAILABLE, "ED06"),
        (FeedBrokenError("block 7"), StatusCode.UNAVAILABLE, "ED06"),
        (BatchConflictError(), StatusCode.ABORTED, "ED05"),
        (OutcomeUnknownError("ab12"), StatusCode.UNKNOWN, "OUTCOME_UNKNOWN"),
        (CourierSilentError(""), StatusCode.UNKNOWN, "OUTCOME_UNKNOWN"),
    ],
)
def test_a_ledger_error_says_whether_anything_was_sent(error: Exception, status: StatusCode, reason: str) -> None:
    with capture_logs() as logged:
        number, info = info_of(error)
    assert (number, info.reason) == (status.value[0], reason)
    assert refusals.status_name(error) == status.name
    assert not logged, "it is no bug of the gateway's"


def test_a_bug_is_logged_once_and_answered_with_a_reference_and_nothing_else() -> None:
    with capture_logs() as logged:
        number, info = info_of(ZeroDivisionError("amount 1234.56 of Huangpu Silk"))
    assert number == StatusCode.INTERNAL.value[0]
    [entry] = logged
    assert entry["reference"] == info.metadata["reference"]
    assert "1234" not in str(info)
    assert "Huangpu" not in str(info)
