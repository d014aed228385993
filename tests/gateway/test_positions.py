"""Positions of events: they rise, are told apart up to the bounds of their parts, and never leave 63 bits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.port import FeedTransaction, FeedWrite
from gateway.projection import positions
from gateway.projection.positions import LAST, Places

LAST_BLOCK = 2**31 - 1
JOURNALS_MAX = ENTRIES_MAX = 2**16
WRITES_MAX, ACTS_MAX = 2**18, 2**14


def transaction(writes: int) -> FeedTransaction:
    """Make a transaction of so many writes, all the same: only their number counts."""
    return FeedTransaction("00" * 32, 0, True, (FeedWrite("", "x", b"x", None),) * writes)


def after_journals(block: int, journals: int) -> Places:
    places = Places(block)
    for _ in range(journals):
        places.journal()
    return places


def test_the_last_position_is_that_of_the_last_entry_of_the_last_block() -> None:
    first = after_journals(LAST_BLOCK, JOURNALS_MAX - 1).journal()
    assert first + ENTRIES_MAX - 1 == LAST
    assert positions.entry_of(LAST) == ENTRIES_MAX - 1
    assert positions.block_of(LAST) == LAST_BLOCK
    places = Places(LAST_BLOCK)
    places.begin_transaction(transaction(1))
    assert places.act(WRITES_MAX - 1, ACTS_MAX - 1) == LAST


def test_what_positions_cannot_tell_apart_is_not_given_one() -> None:
    """It would be another event's: the read model stops instead."""
    with pytest.raises(OverflowError):
        after_journals(1, JOURNALS_MAX).journal()
    with pytest.raises(OverflowError):
        Places(LAST_BLOCK + 1).journal()
    with pytest.raises(OverflowError):
        Places(2**63).act(0, 0)
    for write, number in ((WRITES_MAX, 0), (0, ACTS_MAX), (2**63, 0), (0, 2**64)):
        with pytest.raises(OverflowError):
            Places(1).act(write, number)
    places = Places(1)
    for _ in range(2):
        places.begin_transaction(transaction(WRITES_MAX // 4))
    assert positions.block_of(places.act(WRITES_MAX // 4, 0)) == 1
    with pytest.raises(OverflowError):
        places.payment(WRITES_MAX // 4, 0)


@given(
    blocks=st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=3)), max_size=4
    )
)
def test_positions_rise_with_what_they_stand_for(blocks: list[tuple[int, list[tuple[int, int]]]]) -> None:
    """Blocks with gaps between them, of transactions with some writes, each with some acts and what payments tell."""
    told, block = [], 0
    for gap, transactions in blocks:
        block += 1 + gap
        places = Places(block)
        for writes, acts in transactions:
            places.begin_transaction(transaction(writes))
            told += [places.act(write, act) for write in range(writes) for act in range(acts)]
            told += [places.payment(write, act) for write in range(writes) for act in range(acts)]
    assert told == sorted(set(told))
    assert all(0 < each <= LAST for each in told)
