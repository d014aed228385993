"""What a test expects of a decision."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from settlement.errors import Code, Refusal


@contextmanager
def refused(code: Code, where: str | None = None) -> Iterator[None]:
    """Expect a refusal with a code and, where it is named, for a field."""
    with pytest.raises(Refusal) as told:
        yield
    assert told.value.code is code
    if where is not None:
        assert told.value.where == where
