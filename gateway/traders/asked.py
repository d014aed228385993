"""What a request asks in its query string, read as strictly as a body: known names, each once, of the right form."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeVar, dataclass_transform
from urllib.parse import unquote_to_bytes, urlencode

import msgspec
from aiohttp import web

from settlement.errors import Code, Refusal

T = TypeVar("T")

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}").fullmatch
"""A number as it is written; msgspec would take `1e1` and `1.0` too."""
_PLACE: Final = re.compile(r" - at `\$\.(?P<name>[a-z_]+)`\Z")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of a query string; each field's annotation says what it may be."""


def read(request: web.Request, kind: type[T]) -> T:
    """Read a query string; CH17 for a name that is not of the form, CH16 for one given twice or of another form."""
    require_known(request, kind)
    given: dict[str, Any] = {}
    for name, value in _texts(request).items():
        if name in given:
            raise Refusal(Code.CH16, name)
        given[name] = value
    for name in _numbers(kind) & given.keys():  # type: ignore[arg-type]  # a class is hashable
        if not _NUMBER(given[name]):
            raise Refusal(Code.CH16, name)
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        found = _PLACE.search(str(error))
        raise Refusal(Code.CH16, found["name"] if found else "query") from None


def _texts(request: web.Request) -> Mapping[str, str]:
    """Give what is asked, as text; CH16 where its bytes are none (UTF-8, RFC 3986 section 2.5)."""
    try:
        unquote_to_bytes(request.rel_url.raw_query_string).decode()
    except UnicodeDecodeError:
        raise Refusal(Code.CH16, "query") from None
    return request.query


@cache
def _numbers(kind: type) -> frozenset[str]:
    """Name the fields of a form that are whole numbers."""
    fields = msgspec.inspect.type_info(kind).fields  # type: ignore[attr-defined]  # of a Struct
    return frozenset(field.encode_name for field in fields if isinstance(_of(field.type), msgspec.inspect.IntType))


def _of(info: msgspec.inspect.Type) -> msgspec.inspect.Type:
    """Give the type of a value that may be absent."""
    if isinstance(info, msgspec.inspect.UnionType):
        return next(each for each in info.types if not isinstance(each, msgspec.inspect.NoneType))
    return info


def require_known(request: web.Request, kind: type | None) -> None:
    """Refuse (CH17) a name in a query string that is not of the form; where there is no form, any query string."""
    if kind is None:
        if request.query_string:
            raise Refusal(Code.CH17, "query")
        return
    if not request.query.keys() <= {field.encode_name for field in msgspec.structs.fields(kind)}:
        raise Refusal(Code.CH17, "query")


def following(query: Query, cursor: str) -> str:
    """Give the `Link` to the page at a cursor of the list that a query asks for."""
    given = msgspec.to_builtins(query)
    narrowed = {
        field.name: str(given[field.name])
        for field in msgspec.structs.fields(query)
        if getattr(query, field.name) != field.default
    }
    return next_page(narrowed | {"cursor": cursor})


def next_page(query: Mapping[str, str]) -> str:
    """Give the `Link` to the page that a query asks for, at the same address (RFC 8288)."""
    return f'<?{urlencode({name: value for name, value in query.items() if value})}>; rel="next"'


def date(text: str, where: str) -> str:
    """Read a date, YYYY-MM-DD, or none; CH16 where it is not in the calendar."""
    if text:
        try:
            if dt.date.fromisoformat(text).isoformat() != text:
                raise ValueError("not in full")
        except ValueError:
            raise Refusal(Code.CH16, where) from None
    return text
