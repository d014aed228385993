"""The base types: a record is something that is, a command is something that is asked."""

from typing import dataclass_transform

import msgspec


# What a subclass inherits here when it runs, type checkers have to be told. `gc=False`: an immutable value of immutable
# values is in no cycle, and there are so many of them that the collector would do little else than look at them.
@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """An immutable value: unknown fields are refused, defaults are left out of its encoding."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Command(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag=True, gc=False
):
    """Something asked of the ledger. `requested_by` is the SHA-256 fingerprint (hex) of the asking certificate."""

    requested_by: str = ""


class IdentifiedCommand(Command):
    """A command that takes effect once: under its `command_id` the ledger keeps its digest and result.

    A UUID is best; at most 36 letters, digits and hyphens will do.
    """

    command_id: str


class RulingCommand(IdentifiedCommand, kw_only=True):
    """What takes two people of an organisation: proposed, or (`confirms`) confirmed by another (settlement.rulings)."""

    confirms: bool = False

    @property
    def subject(self) -> str:
        """Whom it is about; empty for a rule that is for all."""
        return ""
