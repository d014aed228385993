"""One value, one sequence of bytes: anything that is spelt otherwise is refused."""

import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlement import canonical
from settlement.commands import DECODER, PERSONAL_DECODER
from settlement.errors import Code
from settlement.participants import ActivateParticipant
from settlement.records import Record
from tests.builders import a_payment
from tests.expectations import refused

ACTIVATE = b'{"command_id":"c1","participant":"banksh","type":"ActivateParticipant"}'


class Note(Record):
    """A record for these tests."""

    text: str
    count: int = 0
    inner: "Note | None" = None


NOTE: msgspec.json.Decoder[Note] = msgspec.json.Decoder(Note)


def test_names_are_sorted_and_defaults_are_absent() -> None:
    command = ActivateParticipant(participant="banksh", command_id="c1")
    assert canonical.encode(command) == ACTIVATE
    assert canonical.decode(ACTIVATE, DECODER) == command


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'"ActivateParticipant"',
        ACTIVATE + b" ",
        b" " + ACTIVATE,
        ACTIVATE.replace(b":", b": "),
        ACTIVATE + ACTIVATE,
        b"\xef\xbb\xbf" + ACTIVATE,
        b'{"type":"ActivateParticipant","command_id":"c1","participant":"banksh"}',
        b'{"command_id":"c1","command_id":"c1","participant":"banksh","type":"ActivateParticipant"}',
        b'{"command_id":"c1","participant":"banksh","requested_by":"","type":"ActivateParticipant"}',
        b'{"command_id":"c1","extra":1,"participant":"banksh","type":"ActivateParticipant"}',
        b'{"command_id":1,"participant":"banksh","type":"ActivateParticipant"}',
        b'{"command_id":"c1","type":"ActivateParticipant"}',
        b'{"command_id":"c1","participant":"banksh","type":"LaunchRocket"}',
        rb'{"command_id":"\u00631","participant":"banksh","type":"ActivateParticipant"}',
        rb'{"command_id":"\ud800","participant":"banksh","type":"ActivateParticipant"}',
        b'{"command_id":"\xff","participant":"banksh","type":"ActivateParticipant"}',
        b'{"command_id":"\xed\xa0\x80","participant":"banksh","type":"ActivateParticipant"}',
        b"[" * 100_000,
        b'{"command_id":' * 50_000,
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    """What is not the canonical form of a command is none: it could be signed as one thing and read as another."""
    with refused(Code.FF01):
        canonical.decode(data, DECODER)


@pytest.mark.parametrize("number", [b"1.0", b"1e0", b"01", b"-0", b"+1", b"1.5", b'"1"', b"NaN"])
def test_an_integer_has_one_spelling(number: bytes) -> None:
    with refused(Code.FF01):
        canonical.decode(b'{"count":' + number + b',"text":"x"}', NOTE)


def test_text_is_escaped_as_rfc_8785_says() -> None:
    """Short escapes for the five that have one, hexadecimal for other controls, all else as it is."""
    encoded = canonical.encode(Note(text='"\\\b\f\n\r\t\x01\x1f/\x7f€外'))
    assert encoded == '{"text":"\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/\x7f€外"}'.encode()


@given(text=st.text(), count=st.integers(-(2**53), 2**53), depth=st.integers(0, 3))
def test_what_is_written_is_read_again(text: str, count: int, depth: int) -> None:
    """Every record comes back from its canonical form, which is then the same bytes."""
    note = Note(text=text, count=count)
    for _ in range(depth):
        note = Note(text=text, inner=note)
    data = canonical.encode(note)
    assert canonical.decode(data, NOTE) == note


@given(position=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_changed_bit_goes_unseen(position: int, bit: int) -> None:
    """A payment with one bit changed is not canonical, or is another payment with another digest."""
    data = canonical.encode(a_payment(uetr="3f0c2f4e-8f4f-4f6e-9d3f-0a7b6c5d4e3f", message_id="M-1"))
    changed = bytearray(data)
    changed[position % len(data)] ^= 1 << bit
    assert canonical.digest(bytes(changed)) != canonical.digest(data)


def test_a_digest_is_sha_256() -> None:
    assert canonical.digest(b"x") == hashlib.sha256(b"x").hexdigest()


def test_a_person_cannot_sign_a_signed_command() -> None:
    """Consent is not wrapped twice."""
    wrapped = b'{"certificate":"","command":"{}","signature":"","type":"Signed"}'
    assert canonical.decode(wrapped, DECODER)
    with refused(Code.FF01):
        canonical.decode(wrapped, PERSONAL_DECODER)
