"""Which orderers stay behind the others for good, by what they say of their heights."""

from network.laggards import STUCK_S, Laggards


def looked(*rows: tuple[float, dict[str, int]]) -> list[list[str]]:
    laggards = Laggards()
    return [laggards.stuck(heights, now_s) for now_s, heights in rows]


def both(height: int, **others: int) -> dict[str, int]:
    """Two that are level, and others."""
    return {"a": height, "c": height, **others}


def test_a_height_that_one_alone_names_has_nobody_started_again() -> None:
    """Who lies about its height would have all others end, one after the other."""
    assert not any(looked(*((5 * at, {"liar": 10**6 + at, "a": 9, "b": 9, "c": 9}) for at in range(40))))


def test_of_seven_two_may_lie_and_what_three_have_reached_counts() -> None:
    laggards, names = Laggards(), ["a", "b", "c", "d", "e"]
    for at in range(40):
        lies = {"liar": 10**6 + at, "other liar": 10**6 + at}
        assert not laggards.stuck(dict.fromkeys(names, 9) | lies, 5.0 * at, liars=2)
    grown = [laggards.stuck(dict.fromkeys(names, 10 + at) | {"e": 9}, 196.0 + at, liars=2) for at in range(22)]
    assert [told for told in grown if told] == [["e"]]


def test_one_that_gets_no_more_while_others_have_more_is_stuck() -> None:
    rows = [(at, {"a": 9 + at, "b": 9 + at, "c": 9}) for at in range(int(STUCK_S) + 2)]
    assert looked(*rows) == [[]] * int(STUCK_S) + [["c"], []]


def test_one_that_catches_up_is_not_however_far_behind() -> None:
    assert not any(looked(*((5 * at, {"a": 1000, "b": 9 + at}) for at in range(40))))


def test_where_nobody_gets_more_nobody_is_behind() -> None:
    assert not any(looked(*((5 * at, {"a": 9, "b": 9}) for at in range(40))))


def test_time_counts_from_when_it_was_last_level_and_anew_for_one_that_was_silent() -> None:
    level = [(0.0, both(9, b=9)), (5 * STUCK_S, both(9, b=9))]
    behind = [(5 * STUCK_S + 1, both(10, b=9)), (6 * STUCK_S - 1, both(11, b=9))]
    silent = [(7 * STUCK_S, both(12)), (7 * STUCK_S + 1, both(12, b=9)), (8 * STUCK_S, both(13, b=9))]
    assert not any(looked(*level, *behind, *silent))
    assert looked(*level, *behind, *silent, (8 * STUCK_S + 1, both(13, b=9)))[-1] == ["b"]
