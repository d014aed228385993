"""The port: how a gateway asks an authority to attest how a payment stands, in this process or over the wire."""

from typing import NamedTuple, Protocol

from gateway.ledger.port import LedgerUnreachableError
from settlement.forms.payment_certificate import PaymentAttestation


class Question(NamedTuple):
    """What is asked: whether the payment of a UETR stands as a statement says, which is named by its digest.

    The authority makes the statement itself; the digest says which one the asker has, and tells nothing. `height` is
    the number of blocks that the asker has applied.
    """

    uetr: str
    statement: str
    height: int


class Attestor(Protocol):
    """An authority, as one organisation asks it."""

    async def attest(self, question: Question) -> PaymentAttestation:
        """Have a payment attested; raises `Refusal`, or `LedgerUnreachableError` where the authority cannot say."""


class AuthorityUnreachableError(LedgerUnreachableError):
    """An authority does not attest at present: ED06, ask again in `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("an authority does not attest at present")
        self.wait_s = wait_s
