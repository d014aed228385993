"""What a test expects of a decision."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from settlement.errors import Code, Refusal

PATIENCE_S: Final = 60.0
"""How long a test waits for what must come. It goes on as soon as that is there; a slow machine may take its time."""


@contextmanager
def refused(code: Code, where: str | None = None) -> Iterator[None]:
    """Expect a refusal with a code and, where it is named, for a field."""
    with pytest.raises(Refusal) as told:
        yield
    assert told.value.code is code
    if where is not None:
        assert told.value.where == where
