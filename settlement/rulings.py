"""What binds every bank from a date on: one supervisor proposes it, another confirms the very same.

Such a rule stops payments and loans network-wide, as a limit does, so it is made by two pairs of eyes. What is proposed
is on the ledger until it is confirmed, or another proposal takes its place. (REQUIREMENTS section 6, four eyes)
"""

from typing import TypeVar

from msgspec.structs import replace

from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.records import IdentifiedCommand, Record


class RuleCommand(IdentifiedCommand, kw_only=True):
    """A rule for all, from a date on: proposed, or (`confirms`) confirmed by another than who has proposed it."""

    confirms: bool = False


class ProposedRule(Record, tag="proposed_rule/1"):
    """A rule that waits for a second supervisor: its canonical form, empty once it is in force, and who proposed it."""

    rule: str
    proposed_by: Signer


C = TypeVar("C", bound=RuleCommand)


def decided(before: ProposedRule | None, command: C, by: Signer) -> tuple[ProposedRule, bool]:
    """Give what is proposed after a command, and whether it puts the rule into force.

    NOT_FOUND for the confirmation of what nobody has proposed, SAME_SIGNER where the same person has.
    """
    rule = canonical.encode(replace(command, command_id="", requested_by="", confirms=False)).decode()
    if not command.confirms:
        return ProposedRule(rule=rule, proposed_by=by), False
    if before is None or before.rule != rule:
        raise Refusal(Code.NOT_FOUND, "confirms")
    if by.is_same_person(before.proposed_by):
        raise Refusal(Code.SAME_SIGNER, "confirms")
    return replace(before, rule=""), True
