"""Who calls: a TLS client certificate, read as one of an organisation's people or services, or not at all."""

import ssl
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from settlement import identity
from settlement.errors import Code, Refusal
from settlement.identity import Identity
from settlement.participants import Participant, ParticipantState
from settlement.parties import Role

Participants = Callable[[], Mapping[str, Participant]]
"""Give the organisations on the ledger, by name, as the read model has them now."""


class OwnPeople:
    """Lets in the people and services of one organisation: those that its own CA certifies, unrevoked, today."""

    def __init__(self, participant: str, participants: Participants, clock: Callable[[], int]) -> None:
        self._participant: Final = participant
        self._participants: Final = participants
        self._clock: Final = clock

    def identify(self, certificate: bytes) -> Identity:
        """Read a certificate (PEM); AG08 for anybody else's, ED06 before the organisation is on the ledger."""
        own = self._participants().get(self._participant)
        if own is None:
            raise Refusal(Code.ED06)
        return identity.identify(_der(certificate), own, self._clock())


class PeerGateways:
    """Lets in the gateways of all active organisations."""

    def __init__(self, participants: Participants, clock: Callable[[], int]) -> None:
        self._participants: Final = participants
        self._clock: Final = clock

    def identify(self, certificate: bytes) -> Identity:
        """Read a certificate (PEM) as that of the gateway of one of the participants; else AG08."""
        data = _der(certificate)
        for participant in self._participants().values():
            if participant.state is not ParticipantState.ACTIVE:
                continue
            try:
                found = identity.identify(data, participant, self._clock())
            except Refusal:
                continue
            if found.role is Role.GATEWAY:
                return found
        raise Refusal(Code.AG08, "certificate")


@lru_cache(maxsize=4096)
def _der(pem: bytes) -> bytes:
    try:
        return ssl.PEM_cert_to_DER_cert(pem.decode())
    except (ValueError, UnicodeDecodeError):
        raise Refusal(Code.AG08, "certificate") from None
