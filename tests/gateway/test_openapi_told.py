"""What the OpenAPI document says of the heads of answers, and of what streams tell, is what the door really does."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import aiohttp
import jsonschema_rs
import pytest
import pytest_asyncio

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.traders import openapi
from gateway.traders.operations import EVENTS, OPERATIONS
from settlement.parties import CashAccount
from tests.builders import SILK_ACCOUNT, SILK_LEI
from tests.contracts.samples import register
from tests.expectations import PATIENCE_S
from tests.gateway.doors import Answer, Doors, doors_of
from tests.gateway.house import House, a_fresh_payment
from tests.gateway.test_openapi import undescribed
from tests.initiation_messages import a_message

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOCUMENT: Final = openapi.document()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    for amount in ("1.00", "2.00"):
        await banksh.submit(a_fresh_payment(amount, debtor_account=CashAccount(other=SILK_ACCOUNT)))
    await house.caught_up()
    async with doors_of(house, "banksh") as opened:
        yield opened


def answers_of(route: str) -> dict[str, Any]:
    """Give what the document says that a route answers, by status."""
    method, path = route.split(" ")
    responses: dict[str, Any] = DOCUMENT["paths"][path][method.lower()]["responses"]
    return responses


def told_with(route: str, status: int) -> dict[str, bool]:
    """Give the headers that the document describes for an answer, and whether each is always there."""
    described = answers_of(route)[str(status)]["headers"]
    components = DOCUMENT["components"]["headers"]
    return {
        name: components[name].get("required", False) if "$ref" in each else False for name, each in described.items()
    }


async def test_what_is_told_in_the_head_of_an_answer_is_described(doors: Doors) -> None:
    """Of those answers that no made-up request gets: recorded, repeated, a first page, what is not modified."""
    token, staff = doors.token("banksh", customer=SILK_LEI), doors.token("banksh", Scope.DESK, "officer-1")
    asked: dict[str, Any] = {
        "headers": {"Idempotency-Key": uuid4().hex, "Content-Type": "application/xml"},
        "method": "POST",
        "data": a_message(),
    }
    page = await doors.ask("banksh", "/v1/payments?limit=1", token)
    known = {"If-None-Match": page.headers["Etag"]}
    found: list[tuple[str, int, str, Answer]] = [
        ("POST /v1/payments", 201, "Location", await doors.ask("banksh", "/v1/payments", token, **asked)),
        ("POST /v1/payments", 201, "Idempotency-Hit", await doors.ask("banksh", "/v1/payments", token, **asked)),
        ("GET /v1/payments", 200, "Link", page),
        ("GET /v1/payments", 304, "ETag", await doors.ask("banksh", "/v1/payments?limit=1", token, headers=known)),
        ("GET /v1/payments", 401, "WWW-Authenticate", await doors.ask("banksh", "/v1/payments")),
        ("GET /v1/accounts", 403, "WWW-Authenticate", await doors.ask("banksh", "/v1/accounts", token)),
        *[
            (
                "GET /v1/statements/{account}",
                200,
                name,
                await doors.ask("banksh", "/v1/statements/CNY?limit=1", staff, headers={"Accept": accept}),
            )
            for name, accept in (("Link", "*/*"), ("Link", "application/xml"), ("Content-Disposition", "text/csv"))
        ],
    ]
    for route, status, name, answer in found:
        told = told_with(route, status)
        assert answer.status == status, (route, answer.body)
        assert name in told, (route, status)
        needed = {name, *(each for each, is_always in told.items() if is_always)}
        assert {each.lower() for each in needed} <= {each.lower() for each in answer.headers}, (route, status)
        assert not undescribed({"headers": told}, answer.headers), (route, status)


async def test_who_is_told_to_come_again_is_told_when(doors: Doors) -> None:
    """Of every route that may answer so the document says it, and the door does it."""
    for route in OPERATIONS:
        for status in {"429", "503"} & set(answers_of(route)):
            assert told_with(route, int(status))["Retry-After"], (route, status)


async def test_an_event_is_of_the_schema_that_its_stream_has(doors: Doors) -> None:
    """Read as its media type says, each event is an `id` and, in `data`, JSON of the schema that is named there."""
    token = doors.token("banksh", customer=SILK_LEI)
    uetr = (await doors.ask("banksh", "/v1/payments?limit=1", token)).body["payments"][0]["uetr"]
    schemas = {route: event_schema(route) for route, operation in OPERATIONS.items() if EVENTS in operation.gives}
    assert len(schemas) == 3
    for schema in schemas.values():
        assert data_schema(schema)["$ref"].rpartition("/")[2] in DOCUMENT["components"]["schemas"]
    of_event = schemas["GET /v1/payments/{uetr}/events"]
    event = await first_event(doors, f"/v1/payments/{uetr}/events", token)
    jsonschema_rs.validate(of_event, event)
    of_data = {**data_schema(of_event), "components": DOCUMENT["components"]}
    jsonschema_rs.validate(of_data, json.loads(event["data"]))
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(of_data, {"event": 1})


def event_schema(route: str) -> dict[str, Any]:
    """Give the schema of an event of a stream."""
    text = answers_of(route)["200"]["content"][EVENTS]["schema"]
    assert (text["type"], text["contentMediaType"]) == ("string", EVENTS)
    items: dict[str, Any] = text["contentSchema"]["items"]
    return items


def data_schema(of_event: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = of_event["properties"]["data"]
    assert data["contentMediaType"] == "application/json"
    return dict(data["contentSchema"])


async def first_event(doors: Doors, path: str, token: str) -> dict[str, str]:
    """Follow a stream up to its first event, and give that event's fields."""
    headers = {"Authorization": f"Bearer {token}"}
    fields: dict[str, str] = {}
    async with aiohttp.ClientSession() as session, session.get(doors.url("banksh", path), headers=headers) as response:
        async with asyncio.timeout(PATIENCE_S):
            while "data" not in fields:
                fields = {}
                while line := (await response.content.readline()).decode().rstrip("\n"):
                    name, _, value = line.partition(": ")
                    fields[name] = value
    return fields
