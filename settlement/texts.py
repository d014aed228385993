"""The short texts that commands carry beside their facts: references, and reasons for people to read."""

import re
from typing import Final

from settlement.errors import Code, Refusal

LONGEST: Final = 140
"""Characters, as in ISO 20022 `Max140Text`."""
_TEXT: Final = re.compile(rf"(?! *\Z)[ -~]{{1,{LONGEST}}}").fullmatch


def require_text(text: str, where: str) -> None:
    """Refuse CH21 a text that is absent, CH16 one that is not up to 140 characters of printable ASCII."""
    if not text:
        raise Refusal(Code.CH21, where)
    if _TEXT(text) is None:
        raise Refusal(Code.CH16, where)
