"""What a day holds: message files in order, each with the truth about it in its name.

`37-rejected-AM04-BHD-unfunded-annual-contract.xml`: the number in the day, what becomes of it, the reason where there
is one, the currency, and what it is about.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date as calendar_date
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

EXAMPLES: Final = Path(__file__).resolve().parents[3] / "examples" / "day"
"""The day that comes with the source."""


class Fate(StrEnum):
    """What becomes of a message."""

    SETTLED = "settled"
    """Final; the creditor's bank has said nothing yet."""
    CREDITED = "credited"
    NOT_POSTED = "not-posted"
    WAITING = "waiting"
    BLOCKED = "blocked"
    RETURNED = "returned"
    PARTLY_RETURNED = "partly-returned"
    REJECTED = "rejected"
    """Recorded with its payer; no money moves."""
    REFUSED = "refused"
    """Nothing is written."""


class Scene(NamedTuple):
    """One message of the day. `payer` and `payee` are the BICs of instructing and instructed agent, `date` its own."""

    path: Path
    number: int
    fate: Fate
    reason: str
    currency: str
    about: str
    payer: str
    payee: str
    amount: str
    date: str
    document: bytes


_NAME: Final = re.compile(
    rf"([0-9]{{2}})-({'|'.join(sorted(Fate, key=len, reverse=True))})(?:-([A-Z0-9]{{4}}))?-([A-Z]{{3}})-([\w-]+)\.xml"
)
_PAYER: Final = re.compile(rb"<InstgAgt>\s*<FinInstnId>\s*<BICFI>([A-Z0-9]+)</BICFI>")
_PAYEE: Final = re.compile(rb"<InstdAgt>\s*<FinInstnId>\s*<BICFI>([A-Z0-9]+)</BICFI>")
_AMOUNT: Final = re.compile(rb"<IntrBkSttlmAmt[^>]*>([^<]*)</IntrBkSttlmAmt>")
_DATE: Final = re.compile(rb"<IntrBkSttlmDt>([0-9-]+)</IntrBkSttlmDt>")
_NAMED: Final = re.compile(rb"(<(?:MsgId|BizMsgIdr|InstrId)>)([^<]+)(</)")
_NAME_CHARACTERS: Final = 35
"""How long what names a message may be (Max35Text); the last of these are the run's."""
_RUN_CHARACTERS: Final = 6
UETR: Final = re.compile(rb"(<UETR>)([0-9a-f-]{36})(</UETR>)")


class ProgrammeError(Exception):
    """The directory holds no day; the text says why."""


def read(directory: Path) -> list[Scene]:
    """Read a day's messages in order; raises `ProgrammeError`."""
    paths = sorted(directory.glob("*.xml"))
    if not paths:
        raise ProgrammeError(f"there are no message files (*.xml) in {directory}")
    return [_scene(path) for path in paths]


def business_date(scenes: Sequence[Scene]) -> str:
    """Give the date that most messages settle on."""
    return Counter(scene.date for scene in scenes).most_common(1)[0][0]


def moved(scenes: Sequence[Scene], date: str) -> list[Scene]:
    """Give the same day on another date, with UETRs and message identifications of its own: each is taken once.

    Every message keeps its distance from the day, and a UETR that stands twice stands twice again.
    """
    away = _day(date) - _day(business_date(scenes))
    run = f"-{uuid4().hex[:_RUN_CHARACTERS]}".encode()
    fresh: defaultdict[bytes, bytes] = defaultdict(lambda: str(uuid4()).encode())
    return [
        scene._replace(
            date=(_day(scene.date) + away).isoformat(),
            document=UETR.sub(
                lambda found: found[1] + fresh[found[2]] + found[3],
                _NAMED.sub(
                    lambda found: found[1] + found[2][: _NAME_CHARACTERS - len(run)] + run + found[3],
                    _DATE.sub(
                        lambda found: found[0].replace(found[1], (_day(found[1].decode()) + away).isoformat().encode()),
                        scene.document,
                    ),
                ),
            ),
        )
        for scene in scenes
    ]


def _day(date: str) -> calendar_date:
    return calendar_date.fromisoformat(date)


def _scene(path: Path) -> Scene:
    named = _NAME.fullmatch(path.name)
    document = path.read_bytes()
    payer, payee, amount, date = (found.search(document) for found in (_PAYER, _PAYEE, _AMOUNT, _DATE))
    if named is None or payer is None or payee is None or amount is None or date is None:
        raise ProgrammeError(
            f"{path}: a message of the day is named NN-FATE[-REASON]-CURRENCY-ABOUT.xml, and tells instructing and"
            " instructed agent, amount and settlement date"
        )
    number, fate, reason, currency, about = named.groups()
    return Scene(
        path=path,
        number=int(number),
        fate=Fate(fate),
        reason=reason or "",
        currency=currency,
        about=about.replace("-", " "),
        payer=payer[1].decode(),
        payee=payee[1].decode(),
        amount=amount[1].decode(),
        date=date[1].decode(),
        document=document,
    )
