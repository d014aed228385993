"""What is wrong with a message: violations, each with its code, rule and element, and the refusal that lists them."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from settlement.errors import Code, Refusal

PRECEDENCE: Final = {code: place for place, code in enumerate(Code)}
"""Where two violations stand side by side, the one whose code comes first is the refusal's."""

LISTED_MAX: Final = 50
"""So many violations are told at most: a hostile message must not make an answer larger than itself."""


class Violation(NamedTuple):
    """One thing wrong: an ISO 20022 external code, the rule broken, the element's path and a sentence without values.

    `rule` is `XSD` for the schema, a CBPR+ rule as `pacs.008:R23`, or one of ours as `waitan:UETR`.
    """

    code: Code
    rule: str
    path: str
    sentence: str


class MessageRefusal(Refusal):
    """A message that takes no effect. Its `code` and `where` are those of the violation that takes precedence."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = told(violations)
        first = self.violations[0]
        super().__init__(first.code, first.path)


def told(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Order violations by precedence; one code at one element is told once; no more than `LISTED_MAX`."""
    ordered = sorted(violations, key=lambda violation: PRECEDENCE[violation.code])
    unique = {(violation.code, violation.path): violation for violation in reversed(ordered)}
    return tuple(violation for violation in ordered if unique.get((violation.code, violation.path)) is violation)[
        :LISTED_MAX
    ]
