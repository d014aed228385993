"""JSON as it comes from anybody, read so that it says one thing only (RFC 8259, I-JSON RFC 7493).

No name twice in an object, no floating-point number, no NaN or Infinity, no half of a surrogate pair, no deeper than
what is asked for here ever is. Amounts are texts, so no number is ever a fraction.
"""

import json
import re
from typing import Any, Final, NoReturn, TypeVar

import msgspec

from settlement.errors import Code, Refusal

T = TypeVar("T")

DEPTH_MAX: Final = 16
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PLACE: Final = re.compile(r" - at `\$\.?(?P<path>[^`]*)`\Z")
_MISSING: Final = re.compile(r"Object missing required field `(?P<name>[a-z_]+)`")
_UNKNOWN: Final = re.compile(r"Object contains unknown field")


def decode(data: bytes, kind: type[T]) -> T:
    """Read a body; raises `Refusal`.

    FF01 where it is no such JSON; with the place CH21 for what is missing, CH17 for what is unknown, CH16 for what is
    of another kind.
    """
    try:
        _require_shallow(data)
        raw = json.loads(data.decode(), object_pairs_hook=_once, parse_float=_no, parse_constant=_no)
        _require_text(raw)
    except (ValueError, RecursionError):
        raise Refusal(Code.FF01, "body") from None
    try:
        return msgspec.convert(raw, kind, strict=True)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None


def _require_shallow(data: bytes) -> None:
    """Look at the depth before anything is built of it."""
    depth = 0
    for byte in _STRING.sub(b"", data):
        if byte in b"[{":
            depth += 1
            if depth > DEPTH_MAX:
                raise ValueError("too deep")
        elif byte in b"]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name twice")
    return made


def _no(_: str) -> NoReturn:
    raise ValueError("no such number")


def _require_text(value: Any) -> None:
    """Refuse halves of surrogate pairs, which escapes can bring in."""
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise ValueError("half a character")
    elif isinstance(value, dict):
        for name, each in value.items():
            _require_text(name)
            _require_text(each)
    elif isinstance(value, list):
        for each in value:
            _require_text(each)


def _refusal(told: str) -> Refusal:
    """Say what msgspec says without any value, and no name but those of the form's own fields."""
    found = _PLACE.search(told)
    where = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", found["path"]) if found else ""
    if missing := _MISSING.match(told):
        return Refusal(Code.CH21, f"{where}.{missing['name']}".lstrip("."))
    return Refusal(Code.CH17 if _UNKNOWN.match(told) else Code.CH16, where or "body")
