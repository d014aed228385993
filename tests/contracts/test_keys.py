"""Where records stand: a place that is asked for again is kept made, one of a name that can be none is not."""

from collections.abc import Callable
from typing import Final

import pytest

from chaincode import keys
from chaincode.port import Place

SECRET: Final = bytes(range(32))
KEPT: Final[dict[str, Callable[[str], Place]]] = {
    "participant": keys.participant,
    "day": keys.day,
    "secret": keys.secret,
    "document": lambda name: keys.hidden_and_kept("banksh", SECRET, "invoice", name),
    "collection": lambda name: keys.hidden_and_kept(name, SECRET, "account", "CNY|cash"),
}


@pytest.mark.parametrize("place_of", KEPT.values(), ids=KEPT)
def test_a_name_that_nobody_has_checked_does_not_stay_in_memory(place_of: Callable[[str], Place]) -> None:
    name, endless = "a-name", "x" * 1_000_000
    assert place_of(name) is place_of(name)
    assert place_of(endless) is not place_of(endless)
    assert place_of(endless) == place_of(endless)


def test_a_place_that_is_kept_is_where_it_was() -> None:
    assert keys.hidden_and_kept("banksh", SECRET, "invoice", "1") == keys.hidden("banksh", SECRET, "invoice", "1")
