"""Every code has one meaning, one family and a remedy, and fits where ISO 20022 puts it."""

import pytest

from settlement.catalogue import CATALOGUE, family
from settlement.errors import Code, Family

PROPRIETARY_MAX = 35


def test_the_catalogue_is_total_and_in_order_of_precedence() -> None:
    """There is a line for each code and no other, in the order in which one code wins over another."""
    assert list(CATALOGUE) == list(Code)


@pytest.mark.parametrize("code", list(Code))
def test_a_code_fits_its_message_element(code: Code) -> None:
    """A code is its own name, at most 35 characters long (Rsn/Prtry), ASCII and without spaces."""
    assert code.value == code.name
    assert len(code.value) <= PROPRIETARY_MAX
    assert code.value.isascii()
    assert code.value.isidentifier()


@pytest.mark.parametrize("code", list(Code))
def test_a_person_is_told_what_was_wrong_and_what_to_do(code: Code) -> None:
    """Meaning, source and remedy are sentences of their own."""
    meaning = CATALOGUE[code]
    assert meaning.meaning.endswith(".")
    assert meaning.remedy.endswith(".")
    assert meaning.source
    assert meaning.meaning != meaning.remedy


def test_no_two_codes_mean_the_same() -> None:
    """Each meaning is told by one code."""
    assert len({line.meaning for line in CATALOGUE.values()}) == len(Code)


def test_the_rejections_are_exactly_these() -> None:
    """These codes are recorded with the payer; every other code leaves no trace."""
    rejections = {code for code in Code if family(code) is Family.REJECTION}
    of_payments = {Code.AM04, Code.AM02, Code.AC04, Code.AC06, Code.AG11, Code.TM01, Code.DT01}
    assert rejections == of_payments | {Code.AB03, Code.DS02}  # the last two end a payment that was reserved


def test_codes_of_four_characters_name_their_code_set() -> None:
    """A code from outside says which set defines it, one of ours which rule of Waitan's."""
    for code, meaning in CATALOGUE.items():
        assert meaning.source.startswith("ISO 20022" if len(code) == 4 else "Waitan")
