"""What two people of an authority rule."""

from typing import Final

from msgspec.structs import replace

from settlement.records import RulingCommand
from tests.builders import an_id
from tests.world import World

PEOPLE: Final = {
    "regulator": ("supervisor-1", "supervisor-2"),
    "clearing": ("officer-1", "officer-2"),
    "banksh": ("officer-1", "officer-2"),
}
"""Who proposes, and who confirms."""


def confirming(ruling: RulingCommand) -> RulingCommand:
    """Give what confirms a ruling."""
    return replace(ruling, command_id=an_id(), confirms=True)


def ruled(world: World, *rulings: RulingCommand, at: str = "regulator") -> None:
    """Let one person propose some rulings, each after the one before it, and another confirm them."""
    proposer, checker = PEOPLE[at]
    for ruling in rulings:
        world.must(at, ruling, by=proposer)
        world.must(at, confirming(ruling), by=checker)
