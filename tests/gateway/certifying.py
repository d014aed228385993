"""Certificates of payments for tests: asked for at a door, and made again as one of those who sign them could."""

from typing import Final

from msgspec.structs import replace

from gateway.auth.signing import Credential
from settlement import canonical
from settlement.forms import payment_certificate
from settlement.forms.payment_certificate import Authorities, PaymentAttestation, PaymentCertificate
from tests.gateway.doors import Doors
from tests.gateway.house import House

AUTHORITIES: Final = Authorities(clearing="clearing", regulator="regulator")


def roots(house: House) -> dict[str, str]:
    """Give every organisation's root certificate."""
    return {name: member.ca.root.certificate.decode() for name, member in house.members.items()}


async def certified(doors: Doors, at: str, token: str, uetr: str) -> bytes:
    """Have a certificate issued; give its bytes."""
    answer = await doors.ask(at, f"/v1/certificates/{uetr}", token)
    assert answer.status == 200, answer.body
    return canonical.encode(answer.body)


def reissued(told: PaymentCertificate, by: Credential) -> bytes:
    """Sign a certificate as its issuer would."""
    return canonical.encode(replace(told, signature=by.sign(payment_certificate.to_sign(told))))


def an_attestation(
    told: PaymentCertificate, name: str, by: Credential, *, at: str = "", certificate: bytes = b""
) -> PaymentAttestation:
    """Sign a certificate's statement in an authority's name, with whatever key."""
    bare = PaymentAttestation(participant=name, at=at or told.issued_at, certificate=certificate or by.certificate)
    signed = payment_certificate.attestation_to_sign(told.network, told.statement, bare)
    return replace(bare, signature=by.sign(signed))


def attested(house: House, told: PaymentCertificate) -> PaymentCertificate:
    """Let both authorities sign whatever a certificate states, as if both were dishonest."""
    made = [an_attestation(told, name, house.members[name].service.credential) for name in AUTHORITIES]
    return replace(told, attestations=tuple(made))
