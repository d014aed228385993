"""What pictures have in common: text that fits its place, and a title and a description for those who hear the page."""

import unicodedata
from html import escape
from typing import Final

_WIDE_EM: Final = 1.0
_NARROW_EM: Final = 0.55
"""About how wide a letter is: in a face without serifs, seldom wider."""


def fitted(text: str, width: float, size: float = 13) -> str:
    """Cut a text so that it takes at most a width, in units of the picture; cut ones end in an ellipsis."""
    room, used = width / size, 0.0
    for place, letter in enumerate(text):
        used += _WIDE_EM if unicodedata.east_asian_width(letter) in "WF" else _NARROW_EM
        if used > room:
            return f"{text[: max(0, place - 1)].rstrip()}…"
    return text


def picture(width: float, height: float, body: str, *, name: str, title: str, description: str, kind: str = "") -> str:
    """Put a picture together as an SVG element; `name` makes its ids the page's only ones."""
    return (
        f'<svg class="picture {kind}" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{body}</svg>'
    )


def written(x: float, y: float, text: str, kind: str = "") -> str:
    """Write a text."""
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(text)}</text>'
