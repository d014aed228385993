"""What an error of the client is to a person: the exit code, and what to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from gateway.cli import accounts, payments, submitted
from gateway.cli.failures import Exit, Failure, naming
from gateway.cli.options import Who
from gateway.cli.payments import look_up
from gateway.cli.say import Say
from gateway.cli.session import Session, failure_of
from gateway.cli.trade import financing, undertakings
from gateway.client import Violation, WaitanError
from gateway.development.data_directory import DataDirectory
from gateway.outcomes import INTERNAL, OUTCOME_UNKNOWN
from settlement.errors import Code
from waitan.v1.days_pb2 import DAY_STATE_OPEN

UETR = "8f7b7676-d015-40dc-ac63-888f28f00481"
LOAN = "5f1d0c9b7a3e42b88c6d90f1e2a3b4c5"
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
    named = naming(lost, look_up(UETR, DataDirectory.usual()), uetr=UETR)
    assert named.exit_code is Exit.UNKNOWN
    assert f"waitan payment show {UETR}" in named.do
    assert "send" not in named.do
    assert named.as_json()["uetr"] == UETR
    unsent = failure_of(WaitanError("", status=grpc.StatusCode.UNAVAILABLE), "banksh", "127.0.0.1:7104")
    assert naming(unsent, look_up(UETR, DataDirectory.usual()), uetr=UETR) is unsent


def test_all_that_is_wrong_with_a_message_is_told() -> None:
    violations = (Violation("/Document/A", "AC01 x: one"), Violation("/Document/B", "BE04 y: two"))
    error = WaitanError(Code.AC01, status=grpc.StatusCode.INVALID_ARGUMENT, where="/Document/A", violations=violations)
    failure = failure_of(error, "banksh", "127.0.0.1:7104")
    assert (failure.code, failure.where, failure.details) == ("AC01", "/Document/A", ("BE04 y: two at /Document/B",))


class LostAnswers:
    """A client whose requests all go out, and come back without an answer."""

    async def days(self) -> list[Any]:
        return [SimpleNamespace(currency="CNY", date="2026-11-23", state=DAY_STATE_OPEN)]

    async def lose(self, *_: object, **__: object) -> Any:
        raise WaitanError("", status=grpc.StatusCode.UNAVAILABLE, acted=True)

    ask = return_payment = submit_message = lose


def lost_session() -> Session:
    session = object.__new__(Session)
    vars(session).update(
        participant="banksh",
        client=LostAnswers(),
        _door=SimpleNamespace(endpoints=SimpleNamespace(grpc="127.0.0.1:7104")),
    )
    vars(session)["places"] = SimpleNamespace(directory=DataDirectory.usual())
    return session


@pytest.fixture
def answers_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every conversation lose its answers."""

    @asynccontextmanager
    async def calling(*_: object) -> AsyncIterator[Session]:
        yield lost_session()

    @asynccontextmanager
    async def found(*_: object, payee: bool = False) -> AsyncIterator[tuple[Session, Any]]:
        payment = SimpleNamespace(uetr=UETR, currency="CNY", amount="9.00")
        details = SimpleNamespace(
            payment=payment, returned_amount="", transaction_id="00", payer="bankist", payee="banksh"
        )
        yield lost_session(), details

    for module in (accounts, payments, financing, undertakings):
        monkeypatch.setattr(module, "Whereabouts", lambda _: None)
    for asking in (accounts, financing):
        monkeypatch.setattr(asking, "calling", calling)
    monkeypatch.setattr(payments, "found", found)


@pytest.mark.usefixtures("answers_lost")
@pytest.mark.parametrize(
    ("asked", "name", "command"),
    [
        (
            lambda say, who: accounts.request_issuance(say, who, amount="1.00", currency="CNY", reference="F"),
            "issuance_id",
            "waitan issuance list --at banksh",
        ),
        (
            lambda say, who: accounts.request_redemption(say, who, amount="1.00", currency="CNY", account="N"),
            "redemption_id",
            "waitan redemption list --at banksh",
        ),
        (
            lambda say, who: payments.send_back(say, who, UETR, amount=None, reason="AC03"),
            "return_id",
            f"waitan payment show {UETR}",
        ),
        (
            lambda say, who: financing.draw(say, who, LOAN, reference="B-7"),
            "record_id",
            f"waitan trade show {LOAN} --at banksh",
        ),
        (
            lambda say, who: undertakings.end(say, who, UETR, settles=True),
            "uetr",
            f"waitan payment show {UETR}",
        ),
    ],
    ids=["issuance", "redemption", "return", "financing", "undertaking"],
)
def test_what_was_asked_under_a_name_of_its_own_is_named_where_the_answer_was_lost(
    asked: Any, name: str, command: str
) -> None:
    with pytest.raises(Failure) as raised:
        asyncio.run(asked(Say(as_json=True), Who(None, "banksh", None)))
    failure = raised.value
    assert failure.exit_code is Exit.UNKNOWN
    assert failure.as_json()[name] in failure.do
    assert command in failure.do


def test_a_file_that_was_given_a_new_uetr_is_named_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    document = f"<Document><UETR>{UETR}</UETR></Document>".encode()
    found = asyncio.run(payments.submit_document(lost_session(), Path("a.xml"), document, payments.Terms(today=True)))
    assert found.failure is not None
    assert f"waitan payment show {UETR}" in found.failure.do
    as_it_stands = asyncio.run(payments.submit_document(lost_session(), Path("a.xml"), document, payments.Terms()))
    assert as_it_stands.failure is not None
    assert "exactly the same again" in as_it_stands.failure.do
    with pytest.raises(SystemExit, match="4"):
        submitted.tell(Say(as_json=False), [found, found], DataDirectory.usual())
    assert capsys.readouterr().out.count(UETR) == 2
