"""In which form a request accepts its answer (RFC 9110, section 12.5.1): media ranges and their weights."""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from aiohttp import hdrs, web

HTML: Final = "text/html"
JSON: Final = "application/json"
XML: Final = "application/xml"
CSV: Final = "text/csv"

_EXACT, _OF_ITS_TYPE, _ANY, _OTHER = 3, 2, 1, 0
"""How exactly a range names a form."""
_WEIGHT_MAX_CHARACTERS: Final = len("0.999")


class _Range(NamedTuple):
    """What a part of the header names, a media type or many, and how much it is wished for: 0 (not at all) to 1."""

    media: str
    weight: float


def chosen(request: web.BaseRequest, offered: Sequence[str]) -> str:
    """Choose the form that a request wishes for most.

    Of forms wished for alike the one that is named more exactly, then the one offered first. The first is also the
    answer where none is acceptable: it says more than 406 would (RFC 9110, section 15.5.7, leaves the choice).
    """
    ranges = list(_ranges(",".join(request.headers.getall(hdrs.ACCEPT, ()))))
    if not ranges:
        return offered[0]
    return max(offered, key=lambda form: (_wish(form, ranges), -offered.index(form)))


def _ranges(header: str) -> Iterator[_Range]:
    """Read the header; a part whose weight is none is passed over."""
    for part in header.split(","):
        media, *parameters = (each.strip().lower() for each in part.split(";"))
        weights = [each.removeprefix("q=") for each in parameters if each.startswith("q=")]
        weight = _weight(weights[0]) if weights else 1.0
        if media and not math.isnan(weight):
            yield _Range(media, weight)


def _weight(text: str) -> float:
    """Read a weight, 0 to 1 with at most three decimals; NaN where it is none."""
    digits = text.replace(".", "", 1)
    if len(text) > _WEIGHT_MAX_CHARACTERS or not (digits.isascii() and digits.isdigit()) or float(text) > 1:
        return math.nan
    return float(text)


def _wish(form: str, ranges: Sequence[_Range]) -> tuple[float, int]:
    """Say how much a form is wished for, by the range that names it most exactly, and how exactly that is."""
    found = [(_exactness(form, each.media), each.weight) for each in ranges]
    exactness, weight = max(found, key=lambda each: each[0])
    return (weight, exactness) if exactness is not _OTHER and weight > 0 else (0.0, _OTHER)


def _exactness(form: str, media: str) -> int:
    if media == form:
        return _EXACT
    if media == f"{form.partition('/')[0]}/*":
        return _OF_ITS_TYPE
    return _ANY if media == "*/*" else _OTHER
