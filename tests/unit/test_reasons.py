"""What is told in a code's place can be asked about like a code."""

from gateway.cli.verification import NOT_SOUND
from gateway.cli.why import REASONS
from gateway.outcomes import INTERNAL, OUTCOME_UNKNOWN, RATE_LIMITED
from settlement.errors import Code


def test_every_reason_that_is_no_code_is_explained() -> None:
    """The names are those that the gateways and the command line tell, and none of them is a code."""
    assert set(REASONS) == {OUTCOME_UNKNOWN, INTERNAL, NOT_SOUND, RATE_LIMITED}
    assert not set(REASONS) & set(Code.__members__)
