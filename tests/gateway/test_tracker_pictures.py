"""The tracker's words and pictures: complete in every language, well formed whatever a name holds."""

import string

import pytest
from lxml import etree

from gateway.traders.web import timeline
from gateway.traders.web.life import Life, Mood, Step
from gateway.traders.web.words import LANGUAGES, TEXTS, Words, chosen, span

SETTLED = Step("settled", Mood.FINAL, "Bank of the Bund", 1_000, amount="10.00 CNY")
CREDITED = Step("credit_credited", Mood.FINAL, "Bosphorus Bankasi", 3_723_000)
AWAITED = Step("awaits_credit", Mood.AWAITED, "Bosphorus Bankasi", None)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_text_fills_in_the_same_in_every_language(key: str) -> None:
    blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in TEXTS[key]]
    assert blanks[0] == blanks[1] == blanks[2]
    assert all(text.strip() for text in TEXTS[key])


@pytest.mark.parametrize(
    ("spent_ms", "said"),
    [(0, "0 ms"), (999, "999 ms"), (1_000, "1 s"), (3_722_000, "1 h 2 min"), (200_000_000, "2 d 7 h")],
    ids=["nothing", "less than a second", "a second", "hours", "days"],
)
def test_a_span_is_said_in_its_two_largest_units(spent_ms: int, said: str) -> None:
    assert span(Words("en"), spent_ms) == said


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [("tr", "zh-CN", "tr"), ("", "zh-CN,zh;q=0.9", "zh"), ("", "de, tr;q=0.5", "tr"), ("xx", "", "en")],
    ids=["chosen before", "the browser's", "the first we have", "neither"],
)
def test_the_language_is_the_one_chosen_or_asked_for(cookie: str, accepted: str, language: str) -> None:
    assert chosen(cookie, accepted) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_tells_every_step_and_the_time_between(language: str) -> None:
    text = Words(language)
    drawn = timeline.draw(Life((SETTLED, CREDITED), ()), text, title="x")
    assert text("settled") in drawn
    assert text("took", spent=span(text, 3_722_000)) in drawn
    assert len(etree.fromstring(drawn).findall(".//g")) == 2


def test_a_date_stands_at_the_first_step_and_where_another_day_begins() -> None:
    """A time alone would be of any day."""
    later = CREDITED._replace(at_ms=86_400_000 + 2_000)
    svg = etree.fromstring(timeline.draw(Life((SETTLED, SETTLED, later, AWAITED), ()), Words("en"), title="x"))
    written = [[each.text for each in step.findall("text")] for step in svg.findall("g")]
    assert [[each for each in step if each and each.startswith("1970-")] for step in written] == [
        ["1970-01-01"],
        [],
        ["1970-01-02"],
        [],
    ]


def test_what_is_awaited_is_joined_by_a_broken_line_and_has_no_time() -> None:
    life = Life((SETTLED, AWAITED), ())
    svg = etree.fromstring(timeline.draw(life, Words("en"), title="x"))
    (line,) = svg.findall("line")
    assert line.get("class") == "way awaited"
    assert life.waits is AWAITED
    assert life.spent_ms(0) is None


def test_a_name_cannot_break_out_of_the_picture() -> None:
    hostile = SETTLED._replace(by='</text><script>alert("x")</script>')
    svg = etree.fromstring(timeline.draw(Life((hostile,), ()), Words("en"), title='"><script>'))
    assert not svg.findall(".//script")
    assert hostile.by in "".join(map(str, svg.itertext()))
