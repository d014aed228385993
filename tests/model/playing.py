"""How histories on a ledger are played: those of pure rules are cheap and need none of this."""

from collections.abc import Callable
from typing import cast

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


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
