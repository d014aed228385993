"""A message of another day made into one of today: new date, new UETR, new identifications, all else as it stands."""

import re
from typing import Final
from uuid import uuid4

from gateway.development.example_payment import now

_ELEMENT: Final = r"(<(?:\w+:)?{name}>)[^<]*(</(?:\w+:)?{name}>)"
_CURRENCY: Final = re.compile(rb"<(?:\w+:)?IntrBkSttlmAmt\s+Ccy\s*=\s*[\"']([A-Z]{3})[\"']")
_UETR: Final = re.compile(rb"<(?:\w+:)?UETR>\s*([0-9a-f-]{36})\s*<")


def currency_of(document: bytes) -> str:
    """Give the currency in which a message settles, empty where none is told."""
    found = _CURRENCY.search(document)
    return found[1].decode() if found else ""


def uetr_of(document: bytes) -> str:
    """Give the UETR of a message's payment, empty where none is told."""
    found = _UETR.search(document)
    return found[1].decode() if found else ""


def redated(document: bytes, date: str) -> bytes:
    """Give the message as if it had been written now, to settle on a date."""
    uetr, moment = str(uuid4()), now()
    identification = f"TODAY-{uetr[:18]}"
    for name, value in {
        "IntrBkSttlmDt": date,
        "UETR": uetr,
        "MsgId": identification,
        "BizMsgIdr": identification,
        "InstrId": identification,
        "CreDtTm": moment.replace("Z", "+00:00"),
        "CreDt": moment.replace("Z", "+00:00"),
    }.items():
        pattern = _ELEMENT.format(name=name).encode()
        document = re.sub(pattern, rb"\g<1>" + value.encode() + rb"\g<2>", document)
    return document
