"""Answers: sealed, of a length that says nothing, and opened by their key alone."""

import pytest
from cryptography.exceptions import InvalidTag

from settlement.errors import Code
from settlement.forms.answers import DONE, Answer, seal, unseal

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
TX = "ab" * 32


def test_what_is_sealed_is_opened() -> None:
    said = ((Answer(DONE), Answer("AM04", "amount")), (), (Answer("AG08", "list.certificate"),))
    assert unseal(seal(said, KEY, TX), KEY, TX) == said


def test_the_length_depends_on_the_numbers_alone() -> None:
    """Nobody sees from the length of a response whether anyone was refused."""
    quiet = seal([[Answer(DONE)] * 3], KEY, TX)
    for code in Code:
        assert len(seal([[Answer(code, "x" * 500)] * 3], KEY, TX)) == len(quiet)
    assert len(seal([[Answer(DONE)] * 4], KEY, TX)) != len(quiet)


def test_a_large_batch_leaves_paths_out_rather_than_codes() -> None:
    """Where there is no room for every path, each command is still told its code, and that its list was refused."""
    place = "structured_remittance.0.documents.0.number"
    said = [
        [Answer(code, f"{number}.{place}") for number, code in enumerate(Code)] * 5,
        [Answer("SEQUENCE_NOT_NEXT", "list.sequence")] * 3,
    ]
    sealed = seal(said, KEY, TX)
    assert unseal(sealed, KEY, TX) == (tuple(Answer(each.code) for each in said[0]), tuple(said[1]))
    assert len(sealed) == len(seal([[Answer(DONE)] * len(said[0]), [Answer(DONE)] * 3], KEY, TX))


def test_a_batch_of_answers_is_short() -> None:
    """It goes to every peer and every gateway with the block: ten bytes a payment and no more."""
    assert len(seal([[Answer(DONE)] * 500], KEY, TX)) < 500 * 10


def test_more_answers_than_a_byte_tells_apart() -> None:
    said = [[Answer(DONE, chr(number)) for number in range(0x100, 0x201)]]
    assert unseal(seal(said, KEY, TX), KEY, TX) == ((Answer(DONE),) * 257,)


def test_both_endorsers_give_the_same_bytes() -> None:
    said = [[Answer(DONE), Answer("AM04", "amount")]]
    assert seal(said, KEY, TX) == seal(said, KEY, TX)


@pytest.mark.parametrize(("key", "tx_id"), [(OTHER_KEY, TX), (KEY, "cd" * 32)])
def test_another_key_or_transaction_opens_nothing(key: bytes, tx_id: str) -> None:
    with pytest.raises(InvalidTag):
        unseal(seal([[Answer(DONE)]], KEY, TX), key, tx_id)


def test_changed_bytes_open_nothing() -> None:
    sealed = bytearray(seal([[Answer(DONE)]], KEY, TX))
    sealed[5] ^= 1
    with pytest.raises(InvalidTag):
        unseal(bytes(sealed), KEY, TX)


def test_a_code_is_not_to_be_read_in_the_response() -> None:
    assert b"AM04" not in seal([[Answer("AM04", "amount")]], KEY, TX)


def test_a_whole_list_is_refused_by_its_path() -> None:
    assert Answer("AG08", "list.signature").refuses_list
    assert not Answer("AG08", "payer").refuses_list
    assert not Answer("CH16", "listing").refuses_list
