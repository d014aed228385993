"""What two supervisors rule for all banks."""

from msgspec.structs import replace

from settlement.rulings import RuleCommand
from tests.builders import an_id
from tests.world import World


def ruled(world: World, rule: RuleCommand) -> None:
    """Let one supervisor propose a rule, and another confirm it."""
    world.must("regulator", rule, by="supervisor-1")
    world.must("regulator", replace(rule, command_id=an_id(), confirms=True), by="supervisor-2")
