"""Development certificates by the ledger's roles: a CA for each organisation, and people and services under it.

Not for production. How they are made is `certification.authority`'s, which certifies a Fabric network's nodes as well.
"""

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certification import authority
from certification.authority import VALIDITY, Authority, claims
from gateway.auth.signing import Credential, credential
from settlement.parties import Role


class Issued(authority.Issued):
    """A certificate and its private key, both PEM."""

    __slots__ = ()

    @property
    def credential(self) -> Credential:
        """What signs with it."""
        return credential(self.certificate, self.key)


class DevelopmentCA:
    """The CA of one organisation."""

    def __init__(self, participant: str, root: authority.Issued) -> None:
        """Take its root; raises `ValueError` where certificate or key cannot be read."""
        self.participant: Final = participant
        self.root: Final = Issued(*root)
        self._authority: Final = Authority(participant, root)

    @classmethod
    def create(cls, participant: str, *, now: datetime | None = None) -> "DevelopmentCA":
        """Make a root for an organisation."""
        return cls(participant, Authority.create(participant, now=now).root)

    def issue(
        self,
        common_name: str,
        role: Role,
        *,
        party: str = "",
        participant: str | None = None,
        now: datetime | None = None,
        validity: timedelta = VALIDITY,
    ) -> Issued:
        """Certify a person or a service; `party` is the LEI or USCC of the firm for which a trader or carrier acts.

        `participant` other than the CA's own is for tests of refusals.
        """
        claimed = claims(participant or self.participant, role.value, party)
        return Issued(*self._authority.issue(common_name, claimed, now=now, validity=validity))

    def certify(
        self,
        key: ec.EllipticCurvePublicKey,
        common_name: str,
        role: Role,
        *,
        party: str = "",
        now: datetime | None = None,
    ) -> x509.Certificate:
        """Certify a key that somebody else holds; parameters as of `issue`."""
        return self._authority.certify(key, common_name, claims(self.participant, role.value, party), now=now)
