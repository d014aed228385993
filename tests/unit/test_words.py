"""What a payment is found by, where words have no spaces between them."""

import pytest

from gateway.projection import words
from settlement.parties import Party
from tests.builders import TEKSTIL, a_payment


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("上海丝绸", True),
        ("丝绸进出口", True),
        ("公司", True),
        ("司", True),
        ("海", True),
        ("丝海", False),
        ("绸丝", False),
        ("ａｂｃ", True),
        ("abc", True),
    ],
)
def test_a_chinese_name_is_found_by_any_part_of_it(text: str, *, is_found: bool) -> None:
    payment = a_payment(debtor=Party(address=TEKSTIL.address, name="上海丝绸进出口有限公司 ＡＢＣ"))
    entered = set(words.terms(words.text_of(payment)))
    asked = words.question(text)
    by_index = all(
        any(term.startswith(each.strip('"*')) if each.endswith("*") else term == each.strip('"') for term in entered)
        for each in asked.split(" AND ")
    )
    assert (by_index and words.has_words(payment, text)) is is_found


@pytest.mark.parametrize(
    ("name", "asked"),
    [("\u0130zmir \u0130ncir", "izmir incir"), ("I\u011eDIR", "\u0131\u011fd\u0131r"), ("Istanbul", "\u0130STANBUL")],
)
def test_a_turkish_name_is_found_on_any_keyboard(name: str, asked: str) -> None:
    """With and without the dot on an i, in capitals and in small letters."""
    assert words.runs(name) == words.runs(asked)
    assert words.question(name) == words.question(asked)
