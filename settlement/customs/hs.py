"""Codes of the Harmonized System: six digits that all customs share, and up to four of the country's own.

The chapter (first two digits) must be one that the nomenclature of the World Customs Organization has: 01 to 97 without
77, which it keeps for later. Chapters 98 and 99 are each country's own, and stand for no goods here. Which headings
a chapter has is not known here: a code that no rate is in force for cannot be taxed (`RATE_MISSING`).
"""

import re
from collections.abc import Iterator
from typing import Final

from settlement.errors import Code, Refusal

_GOODS: Final = re.compile(r"(?:[0-9]{2}){3,5}").fullmatch
_RATED: Final = re.compile(r"(?:[0-9]{2}){1,5}").fullmatch
_LAST_CHAPTER: Final = 97
_RESERVED: Final = 77


def is_goods(text: str) -> bool:
    """Say whether it is a code of goods: 6, 8 or 10 digits, of a chapter that there is."""
    return _GOODS(text) is not None and _has_chapter(text)


def goods(text: str, where: str = "hs") -> str:
    """Check the code of goods; else HS_CODE_WRONG."""
    if not is_goods(text):
        raise Refusal(Code.HS_CODE_WRONG, where)
    return text


def rated(text: str, where: str = "hs") -> str:
    """Check what a rate is for: a chapter, a heading or a code, 2 to 10 digits; else HS_CODE_WRONG."""
    if _RATED(text) is None or not _has_chapter(text):
        raise Refusal(Code.HS_CODE_WRONG, where)
    return text


def broader(code: str) -> Iterator[str]:
    """Give what a rate for some goods may stand under, the closest first: 08022200, 080222, 0802, 08."""
    for length in range(len(code), 0, -2):
        yield code[:length]


def _has_chapter(text: str) -> bool:
    chapter = int(text[:2])
    return 0 < chapter <= _LAST_CHAPTER and chapter != _RESERVED
