"""How histories on a ledger are played, and how their model answers; those of pure rules need none of this."""

from collections.abc import Callable
from typing import ParamSpec, cast

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

P = ParamSpec("P")


def play(new: Callable[[], RuleBasedStateMachine], *, histories: int, steps: int) -> None:
    """Play random histories, each on a machine of its own, and fail with the first that breaks a promise."""
    run_state_machine_as_test(
        cast("type[RuleBasedStateMachine]", new),  # anything that makes one will do
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            # A history is told as it was found: making it shorter would take longer than the suite.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )


class NotSoError(Exception):
    """A command that is answered with a code, and does nothing."""


def unless(**reasons: bool) -> None:
    """Go on unless a code's reason holds; of several the first counts."""
    for code, holds in reasons.items():
        if holds:
            raise NotSoError(code)


def code_of(command: Callable[P, None], *facts: P.args, **more: P.kwargs) -> str:
    """Do what a command asks for, and give the code that it is answered with."""
    try:
        command(*facts, **more)
    except NotSoError as answer:
        return str(answer)
    return ""
