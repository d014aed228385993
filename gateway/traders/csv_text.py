"""CSV that a spreadsheet shows and never runs (RFC 4180; OWASP "CSV injection").

A cell that begins as a formula does, in whatever width of character, is begun with an apostrophe. Amounts are ours and
may begin with a minus; nothing else may. Control characters, and those that turn the direction of a text, are left out.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_AMOUNT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch
_FORMULA: Final = frozenset("=+-@|%")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})


def write(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write rows by their columns, every cell in quotes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column, "")) for column in columns])
    return text.getvalue().encode()


def cell(text: str) -> str:
    """Give a cell that is nothing but a text or a number."""
    if _AMOUNT(text):
        return text
    seen = "".join(each for each in text if unicodedata.category(each) not in _UNSEEN)
    first = unicodedata.normalize("NFKC", seen).lstrip()[:1]
    return f"'{seen}" if first in _FORMULA else seen
