"""Whatever arrives in place of a document, an envelope or a token: it is read or refused, and nothing else happens."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settlement import canonical
from settlement.errors import Refusal
from settlement.trade.lading import document, jws, pint
from tests.lading import a_document, a_text, participants, people
from tests.unit.test_lading_pint import HISTORIES, export, payload, read, signed_again
from tests.world import NOW_MS

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", "ISSUE", "WAIT", "2026-11-23", "\U0001f680", "a" * 5000]),
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner))


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Name every place within a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [so_far, *(path for name, inner in items for path in paths(inner, (*so_far, name)))]


def put(value: Any, path: tuple[Any, ...], what: Any) -> Any:
    """Put something at a place, in a copy."""
    if not path:
        return what
    changed = json.loads(json.dumps(value))
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = what
    return changed


def read_or_refused(reading: Any, *given_: Any) -> None:
    with suppress(Refusal):
        reading(*given_)


DOCUMENT = a_document()
ENVELOPE = export(HISTORIES["sold through banks"]())
ENTRY_PATHS = paths(payload(json.loads(ENVELOPE)["envelopeTransferChain"][1]))


@settings(max_examples=150)
@given(st.sampled_from(paths(DOCUMENT)), JSON)
def test_a_document_with_anything_anywhere(path: tuple[Any, ...], what: Any) -> None:
    data = json.dumps(put(DOCUMENT, path, what)).encode()

    def reading() -> None:
        document.read(document.canonical_text(data))

    read_or_refused(reading)


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_at_all(data: bytes) -> None:
    read_or_refused(document.canonical_text, data)
    read_or_refused(read, data)
    read_or_refused(document.read, data.decode("utf-8", "replace"))
    key = people()["carrier"]
    read_or_refused(jws.read, data.decode("latin-1"), "token", lambda _: key)


@settings(max_examples=60)
@given(st.sampled_from(paths(json.loads(ENVELOPE))), JSON)
def test_an_envelope_with_anything_anywhere(path: tuple[Any, ...], what: Any) -> None:
    read_or_refused(read, canonical.encode(put(json.loads(ENVELOPE), path, what)))


@settings(max_examples=60)
@given(st.integers(0, 4), st.sampled_from(ENTRY_PATHS), JSON)
def test_a_gateway_that_signs_anything(number: int, path: tuple[Any, ...], what: Any) -> None:
    """What it says is in order as far as signatures and checksums go."""

    def change(entries: list[Any]) -> None:
        if set(paths(entries[number])) >= {path}:
            entries[number] = put(entries[number], path, what)

    try:
        data = signed_again(ENVELOPE, change)
    except TypeError:  # an entry that is no object any more cannot be chained by the test
        return
    read_or_refused(read, data)


def test_a_token_in_place_of_another() -> None:
    """Every token of an envelope, everywhere else in it."""
    envelope = json.loads(ENVELOPE)
    issuance = payload(envelope["envelopeTransferChain"][0])["issuanceManifestSignedContent"]
    tokens = [*envelope["envelopeTransferChain"], envelope["envelopeManifestSignedContent"], issuance]
    for token in tokens:
        if token != envelope["envelopeManifestSignedContent"]:
            changed = canonical.encode(envelope | {"envelopeManifestSignedContent": token})
            with pytest.raises(Refusal):
                pint.received(changed, participants(), NOW_MS)


def test_the_documents_of_the_tests_are_read() -> None:
    """So that what is refused above is refused for what was put into it."""
    assert document.read(a_text()).is_electronic
    assert read(ENVELOPE).links
