"""What a signature covers: network, participant, number and every command, and nothing that can be read two ways."""

from itertools import combinations

from settlement import canonical
from settlement.forms.consent import command_to_sign, list_to_sign

ONE, OTHER = canonical.digest(b"one"), canonical.digest(b"other")


def test_the_form_of_a_list_is_fixed() -> None:
    """What was signed once can be checked for ever."""
    assert list_to_sign("waitan", "banksh", 7, (ONE,)) == (
        b'{"commands":["' + ONE.encode() + b'"],"network":"waitan","participant":"banksh","sequence":7,"type":"list/1"}'
    )


def test_no_two_lists_have_the_same_form() -> None:
    """Network, participant, number, commands and their order are all signed."""
    forms = [
        list_to_sign("waitan", "banksh", 7, (ONE, OTHER)),
        list_to_sign("waitan2", "banksh", 7, (ONE, OTHER)),
        list_to_sign("waitan", "bankist", 7, (ONE, OTHER)),
        list_to_sign("waitan", "banksh", 8, (ONE, OTHER)),
        list_to_sign("waitan", "banksh", 7, (OTHER, ONE)),
        list_to_sign("waitan", "banksh", 7, (ONE,)),
        list_to_sign("waitan", "banksh", 7, ()),
    ]
    assert len(set(forms)) == len(forms)


def test_a_persons_consent_is_no_lists() -> None:
    """A person's form begins with a word of its own and names the network."""
    assert command_to_sign("waitan", b"{}") == b"waitan/command/1\nwaitan\n{}"
    forms = [command_to_sign("a", b"{}"), command_to_sign("b", b"{}"), command_to_sign("a", b"{ }"), b"{}"]
    assert all(one != other for one, other in combinations(forms, 2))
