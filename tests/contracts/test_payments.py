"""Payments through signed lists: what settles, what is refused, what is rejected, and what each leaves."""

from tests.builders import a_payment
from tests.world import World


def test_a_payment_moves_its_amount(world: World) -> None:
    """What the payer loses the payee gains."""
    batch = world.must("banksh", a_payment("100.00"))
    assert batch.codes == [[""]]
    assert (world.balance("banksh"), world.balance("bankist")) == (99_990_000, 10_000)
