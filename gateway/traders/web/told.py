"""A value of a page that is more than a text."""

from typing import NamedTuple


class Told(NamedTuple):
    """A value that is more than a text: a word's key to be filled in, a page that it leads to, what stands after it."""

    text: str
    href: str = ""
    key: str = ""
    more: str = ""
