"""Identifiers are checked with their check digits and stand in one normal form (M4, M5)."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlement import identifiers
from settlement.errors import Code, Refusal

Check = Callable[[str], str]

VALID: list[tuple[Check, str, Code]] = [
    (identifiers.uetr, "e008b023-f06c-4e09-8a2a-4a4bb4d8a0f1", Code.CH16),
    (identifiers.bic, "DEUTDEFFXXX", Code.RC01),
    (identifiers.bic, "BKCHCNBJ300", Code.RC01),
    (identifiers.bic, "E097AEXXXXX", Code.RC01),
    (identifiers.bic, "PCBKXKPRXXX", Code.RC01),
    (identifiers.iban, "DE89370400440532013000", Code.AC01),
    (identifiers.iban, "TR330006100519786457841326", Code.AC01),
    (identifiers.iban, "NO9386011117947", Code.AC01),
    (identifiers.iban, "MT84MALT011000012345MTLCAST001S", Code.AC01),
    (identifiers.iban, "BH67BMAG00001299123456", Code.AC01),
    (identifiers.lei, "5493001KJTIIGC8Y1R12", Code.BE15),
    (identifiers.lei, "529900T8BM49AURSDO55", Code.BE15),
    (identifiers.uscc, "91110000600037341L", Code.BE15),
    (identifiers.uscc, "91310000775785552L", Code.BE15),
    (identifiers.container, "CSQU3054383", Code.CH16),
    (identifiers.imo, "9319466", Code.CH16),
    (identifiers.creditor_reference, "RF18539007547034", Code.RR09),
    (identifiers.creditor_reference, "RF185390075470Y", Code.RR09),
]
ASCII_SPOILERS = [" {}", "{} ", "{}\n", "{}-", "-{}"]


@pytest.mark.parametrize(("check", "text", "code"), VALID)
def test_a_valid_identifier_is_its_own_normal_form(check: Check, text: str, code: Code) -> None:
    """A published example of each kind passes unchanged, the first time and when remembered."""
    assert check(text) == text
    assert check(text) == text


@pytest.mark.parametrize(("check", "text", "code"), VALID)
def test_another_spelling_is_refused(check: Check, text: str, code: Code) -> None:
    """Spaces, hyphens, other case and full-width characters are not folded away: one thing has one name."""
    spoiled = [spoiler.format(text) for spoiler in ASCII_SPOILERS]
    spoiled += [text[:4] + " " + text[4:], text[:4] + "-" + text[4:]]
    spoiled += [other for other in (text.lower(), text.upper()) if other != text]
    spoiled += [text[:-1] + chr(ord(text[-1]) + 0xFEE0), text[:-1], text + "0", ""]
    for other in spoiled:
        with pytest.raises(Refusal) as refused:
            check(other)
        assert refused.value.code is code, other


@pytest.mark.parametrize(
    ("check", "text"), [(check, text) for check, text, _ in VALID if check not in (identifiers.uetr, identifiers.bic)]
)
def test_every_wrong_digit_is_found(check: Check, text: str) -> None:
    """Changing any one digit of a number that has check digits is noticed."""
    for place, character in enumerate(text):
        if not character.isdigit():
            continue
        wrong = text[:place] + str((int(character) + 1) % 10) + text[place + 1 :]
        with pytest.raises(Refusal):
            check(wrong)


@given(
    st.sampled_from(sorted({check for check, _, _ in VALID}, key=lambda check: check.__name__)), st.text(max_size=40)
)
def test_any_text_is_an_identifier_or_refused(check: Check, text: str) -> None:
    """No text makes a check fail otherwise than by a refusal, and what passes is ASCII."""
    try:
        normal = check(text)
    except Refusal:
        return
    assert normal.isascii()


def test_a_bic_of_eight_is_its_head_office() -> None:
    """BIC8 and BIC8 + XXX are one bank (ISO 9362)."""
    assert identifiers.bic("DEUTDEFF") == identifiers.bic("DEUTDEFFXXX") == "DEUTDEFFXXX"


@pytest.mark.parametrize("text", ["DEUTXXFF", "DEUTEUFF", "DEUTUKFF", "DEUTD1FF", "DEUTDEF", "DEUTDEFFX", "DEUTDEFFXX"])
def test_a_bic_needs_a_country_and_eight_or_eleven_characters(text: str) -> None:
    """The fifth and sixth characters are a country of ISO 3166."""
    with pytest.raises(Refusal) as refused:
        identifiers.bic(text, "creditor_agent.bic")
    assert (refused.value.code, refused.value.where) == (Code.RC01, "creditor_agent.bic")


@pytest.mark.parametrize(
    "text",
    [
        "e008b023-f06c-1e09-8a2a-4a4bb4d8a0f1",  # version 1
        "e008b023-f06c-4e09-ca2a-4a4bb4d8a0f1",  # another variant
        "e008b023f06c4e098a2a4a4bb4d8a0f1",
        "{e008b023-f06c-4e09-8a2a-4a4bb4d8a0f1}",
        "00000000-0000-0000-0000-000000000000",
    ],
)
def test_only_a_version_4_uuid_is_a_uetr(text: str) -> None:
    """CBPR+ wants UUID version 4, RFC 4122 variant, in lower case (M4)."""
    with pytest.raises(Refusal) as refused:
        identifiers.uetr(text)
    assert refused.value.code is Code.CH16


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (identifiers.iban, "DE8937040044053201300"),  # too short for Germany
        (identifiers.iban, "XX89370400440532013000"),  # no such country
        (identifiers.iban, "DE00370400440532013096"),  # check digits 00
        (identifiers.lei, "5493001KJTIIGC8Y1R13"),
        (identifiers.uscc, "91110000600037341I"),  # a letter that GB 32100 leaves out
        (identifiers.uscc, "911A0000600037341L"),  # the region is digits
        (identifiers.container, "CSQA3054383"),  # no such category
        (identifiers.imo, "IMO9319466"),
        (identifiers.creditor_reference, "RF00539007547034"),
        (identifiers.creditor_reference, "RF18"),
    ],
)
def test_what_the_standard_excludes_is_refused(check: Check, text: str) -> None:
    """Each is near a valid identifier and is not one."""
    with pytest.raises(Refusal):
        check(text)


@pytest.mark.parametrize("check", [identifiers.lei, identifiers.uscc])
@pytest.mark.parametrize("code", [Code.BE15, Code.BE16, Code.BE17])
def test_the_code_says_whose_identifier_is_wrong(check: Callable[[str, str, Code], str], code: Code) -> None:
    """A wrong debtor is BE16, a wrong creditor BE17, any other party BE15."""
    with pytest.raises(Refusal) as refused:
        check("nobody", "debtor.lei", code)
    assert (refused.value.code, refused.value.where) == (code, "debtor.lei")


def test_importing_the_checks_is_cheap() -> None:
    """The libraries' registries are read when first needed, not on import, so a command line starts at once."""
    program = "import sys, settlement.identifiers; print(sorted({'schwifty', 'stdnum'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
