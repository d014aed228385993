"""The pages' words in English, Chinese and Turkish: all of them, a module for each subject, a row for each text."""

from collections.abc import Mapping
from typing import Final

from gateway.traders.web.words import (
    acts,
    contracting,
    customs,
    desk,
    financing,
    frame,
    issuing,
    lading,
    network,
    payments,
    problems,
    reads,
    signing,
    statements,
    statuses,
    terms,
    trade,
)

LANGUAGES: Final = ("en", "zh", "tr")
NAMES: Final = {"en": ("EN", "English"), "zh": ("中文", "中文"), "tr": ("TR", "Türkçe")}
"""Of each language, in itself: in short, and in full."""

Texts = Mapping[str, tuple[str, str, str]]
"""By key, the text in each of `LANGUAGES`; what is filled in stands in braces."""

SUBJECTS: Final[tuple[Texts, ...]] = (
    *(frame.TEXTS, problems.TEXTS, statuses.TEXTS, payments.TEXTS, statements.TEXTS),
    *(desk.TEXTS, network.TEXTS, acts.TEXTS, trade.TEXTS, lading.TEXTS),
    *(financing.TEXTS, customs.TEXTS, signing.TEXTS, issuing.TEXTS, contracting.TEXTS),
    *(reads.TEXTS, terms.TEXTS),
)
"""A new family of pages adds its own here."""
TEXTS: Final[Texts] = {key: texts for subject in SUBJECTS for key, texts in subject.items()}

_SPANS: Final = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000))


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self._column: Final = LANGUAGES.index(language)

    def __call__(self, key: str, **filled: object) -> str:
        """Give the text of a key, with what is filled in; raises `KeyError`."""
        return TEXTS[key][self._column].format(**filled)

    def has(self, key: str) -> bool:
        """Say whether a key has a text: of codes, not all have."""
        return key in TEXTS


def span(text: Words, milliseconds: int) -> str:
    """Say how long something took, in its two largest units at most."""
    parts, left = [], milliseconds
    for key, size in _SPANS:
        if left >= size:
            parts.append(text(key, n=left // size))
            left %= size
    if not parts:
        return text("ms", n=left)
    return " ".join(parts[:2])


def chosen(cookie: str, accepted: str) -> str:
    """Choose a language: the one chosen before, else the first that the browser asks for and we have, else English.

    `accepted` is an Accept-Language header (RFC 9110, 12.5.4); its order counts, weights are taken for granted.
    """
    if cookie in LANGUAGES:
        return cookie
    asked = (part.partition(";")[0].strip()[:2].lower() for part in accepted[:200].split(","))
    return next((each for each in asked if each in LANGUAGES), LANGUAGES[0])
