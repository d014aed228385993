"""The schema of commands that is published says what the ledger takes."""

import json
from pathlib import Path
from typing import Final

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes with the OpenAPI validator

from settlement import canonical
from settlement.records import Command
from tests.contracts.samples import ONE_OF_EACH
from tests.world import World

SCHEMA: Final = json.loads((Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.json").read_text())


@pytest.mark.parametrize("kind", ONE_OF_EACH, ids=lambda kind: kind.__name__)
def test_a_command_is_as_its_schema_says_and_no_other_field_is(world: World, kind: type[Command]) -> None:
    validator = Draft202012Validator(SCHEMA)
    made = json.loads(canonical.encode(ONE_OF_EACH[kind](world, "banksh")))
    assert validator.is_valid(made)
    assert not validator.is_valid(made | {"unheard_of": 1})
    assert not validator.is_valid({name: value for name, value in made.items() if name != "type"})
