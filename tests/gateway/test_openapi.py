"""The OpenAPI document: valid, as served, as committed, and what the door really does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks
from structlog.testing import capture_logs

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.traders import openapi
from gateway.traders.operations import EVENTS, OPERATIONS
from gateway.traders.permissions import OPEN, PERMITTED
from settlement.parties import CashAccount
from tests.contracts.samples import register
from tests.expectations import PATIENCE_S
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMMITTED: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"
LEI: Final = "724500VKKSH9QOLTFR81"
ACCOUNT: Final = "6222020200660011"
UETR: Final = "3f0f2ad1-9f0e-4d55-8f6a-7a3d0e6a1c02"
CANARY: Final = "CANARY8842"
AT: Final = {
    Scope.TRADER: "banksh",
    Scope.DESK: "banksh",
    Scope.CLEARING: "clearing",
    Scope.CUSTOMS: "customs",
    Scope.SUPERVISOR: "regulator",
}
"""At whose door each scope counts."""
EXAMPLES: Final = 6
"""How many requests are made up for each route and scope, others in every run."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    await banksh.ask(register(LEI, accounts=(ACCOUNT,)))
    for amount in ("1.00", "2.00"):
        await banksh.submit(a_fresh_payment(amount, debtor_account=CashAccount(other=ACCOUNT), remittance=CANARY))
    await house.caught_up()
    async with doors_of(house, *dict.fromkeys(AT.values())) as opened:
        yield opened


async def test_the_document_is_openapi_3_1() -> None:
    errors = list(OpenAPIV31SpecValidator(json.loads(openapi.text())).iter_errors())
    assert not errors, errors


async def test_what_is_served_is_what_is_committed(doors: Doors) -> None:
    answer = await doors.ask("banksh", "/v1/openapi.json")
    assert (answer.status, answer.body) == (200, json.loads(COMMITTED.read_text(encoding="utf-8")))


async def test_every_route_is_described_and_no_other() -> None:
    assert set(OPERATIONS) == set(PERMITTED) | OPEN


def described() -> list[Any]:
    """Give the operations of the document that take a token and are no streams, as they are asked."""
    schema = schemathesis.openapi.from_dict(openapi.document())
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(found) == len(OPERATIONS)
    return [each for each in found if EVENTS not in OPERATIONS[each.label].gives and each.label not in OPEN]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation", described(), ids=lambda each: each.label)
async def test_no_request_breaks_a_route_and_every_answer_is_described(
    doors: Doors, operation: Any, mode: GenerationMode
) -> None:
    """Whatever is sent, in order or not, by a trader or anybody's staff: no 5xx, no hang, nothing private."""
    with capture_logs() as lines:
        for scope in sorted(PERMITTED[operation.label]):
            headers = {"Authorization": f"Bearer {doors.token(AT[scope], scope, LEI)}"}
            await asyncio.to_thread(_ask, operation, mode, doors.url(AT[scope], ""), headers)
    assert not [line for line in lines if line["event"] == "bug"]
    assert CANARY not in str(lines)


def _ask(operation: Any, mode: GenerationMode, url: str, headers: dict[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Case[Any]) -> None:
        answer = case.call(base_url=url, headers=headers, timeout=PATIENCE_S)
        assert answer.status_code < 500, (answer.status_code, answer.text)
        case.validate_response(answer, checks=_checks())

    each()


def _checks() -> list[Callable[..., Any]]:
    return [
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
        checks.response_headers_conformance,
        names_no_header_that_is_not_described,
    ]


USUAL: Final = frozenset(
    {
        *("content-type", "content-length", "date", "server", "cache-control", "x-content-type-options"),
        *("connection", "keep-alive"),
    }
)
"""Headers of HTTP itself, which every answer has and no description names."""


def names_no_header_that_is_not_described(_: Any, answer: Any, case: Case[Any]) -> None:
    """Check that whatever an answer says in its head is described (a check of schemathesis)."""
    described = openapi.document()["paths"][case.operation.path][case.method.lower()]["responses"]
    assert not undescribed(described[str(answer.status_code)], answer.headers)


def undescribed(response: dict[str, Any], headers: Iterable[str]) -> set[str]:
    """Give the headers of an answer that its description does not name."""
    return {each.lower() for each in headers} - {each.lower() for each in response["headers"]} - USUAL


@pytest.mark.parametrize("path", [f"/v1/payments/{UETR}/events", "/v1/payments/nonsense/events", "/v1/events"])
@pytest.mark.parametrize("last", ["", "nonsense", "\u202e", "A" * 32, "A" * 5000, "0", "-1"])
async def test_a_stream_is_refused_in_order_whatever_is_asked(doors: Doors, path: str, last: str) -> None:
    if path == "/v1/events" and not last:
        return  # that would be followed
    token = doors.token("banksh", customer=LEI)
    answer = await doors.ask("banksh", path, token, headers={"Last-Event-ID": last})
    assert answer.status in (404, 422)
    assert answer.body["code"] in ("NOT_FOUND", "CH16")
