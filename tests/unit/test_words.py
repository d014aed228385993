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
