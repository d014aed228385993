"""The OpenAPI 3.1 document of the interface for programs, made from its tables and types.

GET /v1/openapi.json    the document; it says nothing of anybody, and needs no token

It is committed as docs/reference/openapi.json, too, and a test sees that that is what comes out.
"""

import inspect
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web

from gateway import reasons
from gateway.auth.scopes import Scope
from gateway.operation import request_ids
from gateway.traders import views
from gateway.traders.accepting import JSON
from gateway.traders.operations import (
    EVENTS,
    HEADERS,
    OPERATIONS,
    PATHS,
    TOLD,
    TOLD_WITH,
    TOLD_WITH_SOME,
    Media,
    Operation,
)
from gateway.traders.permissions import OPEN, PERMITTED, READS

VERSION: Final = "1"
PROBLEM: Final = "application/problem+json"
_REFERENCE: Final = "#/components/schemas/{name}"
_ALWAYS: Final = (401, 403, 422, 429, 500, 503)
"""The problems that any route with a token may answer with."""
RECORDED: Final = (
    "What a supervisor asks is recorded on the ledger, with each organisation whose data the answer may show, before it"
    " is answered; where it cannot be recorded, nothing is read (503, ED06). Those organisations read of it in"
    " `GET /v1/reads`."
)
"""Of routes that tell what is somebody's business."""

_PLACE: Final = re.compile(r"\{(\w+)\}")

Document = dict[str, Any]


class OpenApi:
    """The route."""

    def __init__(self) -> None:
        self._body: Final = text().encode()

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/v1/openapi.json", self.show)

    async def show(self, _: web.Request) -> web.Response:
        """Give the document."""
        return web.Response(body=self._body, content_type=JSON)


def text() -> str:
    """Give the document as text, each value on a line of its own."""
    return msgspec.json.format(msgspec.json.encode(document(), order="deterministic"), indent=1).decode() + "\n"


def document() -> Document:
    """Make the document."""
    types = sorted({each for each in _types() if each is not None}, key=lambda each: each.__name__)
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    assert len(schemas) == len(types)
    for each in components.values():
        if "description" in each:
            each["description"] = inspect.cleandoc(each["description"])
    paths: dict[str, Document] = {}
    for route, operation in OPERATIONS.items():
        method, path = route.split(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(route, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Waitan",
            "version": VERSION,
            "description": "A bank's customers and staff, and the authorities' staff, each what is its own. Amounts are"
            " decimal strings, moments RFC 3339 in UTC; what has no value is left out.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "headers": {name: _header(name, required=required) for name, (required, _) in TOLD.items()},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": f"ES256; `scope` is one of {', '.join(Scope)}, or absent for a trader.",
                }
            },
        },
    }


def _types() -> list[type | None]:
    """Give all types that stand in bodies, and those of queries, whose parts may be named."""
    found: list[type | None] = [views.Problem]
    for operation in OPERATIONS.values():
        found += [*operation.gives.values(), *operation.body.values()]
    return found


def _operation(route: str, operation: Operation) -> Document:
    path = route.split(" ")[1]
    is_open, is_recorded = route in OPEN, route in READS
    problems = {*(() if is_open else _ALWAYS), *operation.problems, *((404,) if _PLACE.search(path) else ())}
    made: Document = {
        "operationId": operation.name,
        "summary": operation.summary,
        **({"description": RECORDED} if is_recorded else {}),
        "security": [] if is_open else [{"token": sorted(PERMITTED[route])}],
        "parameters": _parameters(
            path, operation, (*operation.headers, *([reasons.HEADER] if is_recorded else ()), request_ids.HEADER)
        ),
        "responses": {
            str(operation.status): _given(operation),
            **({"304": {"description": "The client has it already.", **_told("ETag")}} if operation.is_tagged else {}),
            **{str(status): _problem(status) for status in sorted(problems)},
        },
    }
    if operation.body:
        made["requestBody"] = {"required": True, "content": _content(operation.body)}
    return made


def _given(operation: Operation) -> Document:
    return {
        "description": HTTPStatus(operation.status).phrase,
        **_told(*(("ETag",) if operation.is_tagged else ()), *operation.tells),
        "content": _content(operation.gives),
    }


def _told(*names: str) -> Document:
    """Name the headers of an answer: some, and those of every one."""
    return {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in (request_ids.HEADER, *names)}}


def _header(name: str, *, required: bool = False) -> Document:
    """Say what a header of an answer tells."""
    return {
        "description": TOLD[name][1],
        **({"required": True} if required else {}),
        "schema": {"type": "integer" if name == "Retry-After" else "string"},
    }


def _problem(status: int) -> Document:
    schema = {"$ref": _REFERENCE.format(name=views.Problem.__name__)}
    told = _told(*TOLD_WITH.get(status, ()))
    told["headers"] |= {name: _header(name) for name in TOLD_WITH_SOME.get(status, ())}
    return {
        "description": HTTPStatus(status).phrase,
        **told,
        "content": {PROBLEM: {"schema": schema}},
    }


def _content(media: Media) -> Document:
    """Say what stands in a body."""
    made: Document = {}
    for name, kind in media.items():
        if kind is None:
            made[name] = {"schema": {"type": "object"} if name == JSON else {"type": "string"}}
        else:
            schema = {"$ref": _REFERENCE.format(name=kind.__name__)}
            made[name] = {"schema": _events(schema) if name == EVENTS else schema}
    return made


def _events(schema: Document) -> Document:
    """Say what stands in a stream: a text which, read as its media type says (WHATWG HTML 9.2.6), is one event a time.

    So JSON Schema tells what is within a text (2020-12, Validation, 8.5).
    """
    data = {"type": "string", "contentMediaType": JSON, "contentSchema": schema}
    last = {"type": "string", "description": "For `Last-Event-ID`."}
    event = {"type": "object", "properties": {"id": last, "data": data}, "required": ["id", "data"]}
    return {
        "type": "string",
        "contentMediaType": EVENTS,
        "contentSchema": {"type": "array", "items": event},
    }


def _parameters(path: str, operation: Operation, headers: Iterable[str]) -> list[Document]:
    made = [_parameter("path", name, PATHS[name], required=True) for name in _PLACE.findall(path)]
    if operation.query is not None:
        made += _query(operation.query)
    for name in headers:
        required, purpose = HEADERS[name]
        made.append(_parameter("header", name, {"type": "string", "description": purpose}, required=required))
    if operation.is_tagged:
        known = {"type": "string", "description": "Tags that the client has: 304 where one is still so."}
        made.append(_parameter("header", "If-None-Match", known, required=False))
    return made


def _query(kind: type) -> list[Document]:
    (_,), components = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    properties = components[kind.__name__]["properties"]
    return [
        _parameter("query", name, _plain(schema, components), required=False) for name, schema in properties.items()
    ]


def _plain(schema: Document, components: Mapping[str, Document]) -> Document:
    """Give the schema of a parameter by itself, without what a query cannot say: null, and the absent as a default."""
    for each in schema.get("anyOf", ()):
        if each.get("type") != "null":
            schema = each
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    return {name: value for name, value in schema.items() if name != "title" and (name, value) != ("default", "")}


def _parameter(place: str, name: str, schema: Mapping[str, Any], *, required: bool) -> Document:
    schema = dict(schema)
    purpose = schema.pop("description", "")
    return {
        "name": name,
        "in": place,
        **({"required": True} if required else {}),
        **({"description": purpose} if purpose else {}),
        "schema": schema,
    }
