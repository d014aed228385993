"""A certificate of a payment: what anybody can check who has the network's root certificates, and nothing else.

It says two things, each under signatures of its own. The *statement* says how the payment stands, in which transaction
and block: the clearing institution and the regulator have each signed it, from what they themselves hold, and so has
the organisation that issued the certificate. The *consent*: the payer's organisation signed a list that holds this very
command (its other commands are named by digest alone). It is in the payer's certificate, and the regulator's; the
payee's bank is not told of the payer's lists.

The bytes are canonical JSON, and every one of them is under a signature or is one: a changed byte shows. What cannot
be seen without the ledger: whether a certificate was revoked meanwhile, and what happened to the payment later.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from settlement import canonical, dates, identity
from settlement.commands import DECODER, Signed
from settlement.errors import Code, Refusal
from settlement.forms import consent, journals
from settlement.identity import Identity
from settlement.participants import Organisation, Participant
from settlement.parties import Kind, Role
from settlement.payments.commands import SubmitPayment
from settlement.records import Record

_DOMAIN: Final = b"waitan/payment-certificate/2\n"
_ATTESTATION_DOMAIN: Final = b"waitan/payment-attestation/1\n"


class PaymentConsent(Record):
    """The payer's consent: its list, and which of its commands is the payment's. `digests` are of all, in order.

    `command` is in canonical form, as it was signed; `at` the time of the transaction that took it in.
    """

    participant: str
    sequence: int
    digests: tuple[str, ...]
    position: int
    command: str
    at: str
    signature: bytes
    certificate: bytes


class PaymentStatement(Record):
    """How a payment stands: axes, ISO 20022 status and codes, and where the ledger holds it."""

    uetr: str
    payer: str
    payee: str
    currency: str
    amount: str
    settlement_date: str
    state: str
    status: str
    transaction_id: str
    block: int
    at: str
    status_reason: str = ""
    credit: str = ""
    returned_amount: str = ""


class PaymentAttestation(Record):
    """An authority's word for a statement: `at` is when it gave it, `certificate` (DER) with which key."""

    participant: str
    at: str
    certificate: bytes
    signature: bytes = b""


class PaymentCertificate(Record, tag="payment-certificate/2"):
    """A certificate: `issuer` is the participant that states, `issued_at` when, `certificate` (DER) with which key.

    `attestations` are the clearing institution's and the regulator's, in this order.
    """

    network: str
    issuer: str
    issued_at: str
    statement: PaymentStatement
    certificate: bytes
    attestations: tuple[PaymentAttestation, ...]
    consent: PaymentConsent | None = None
    signature: bytes = b""


class Authorities(NamedTuple):
    """Whose word a certificate needs: the participants that are the network's clearing institution and its regulator.

    No certificate says so of itself: like the roots, whoever checks one knows it beforehand.
    """

    clearing: str
    regulator: str


class Verified(NamedTuple):
    """What a certificate proved, and the services that signed: the authorities', the issuer's, and the payer's consent.

    `attested` are the clearing institution's and the regulator's; `payer` is None where no consent is in it.
    """

    certificate: PaymentCertificate
    issuer: Identity
    attested: tuple[Identity, ...]
    payer: Identity | None


class _Attested(Record):
    """What an authority signs: the statement, in which network, and the attestation but for its signature."""

    network: str
    statement: PaymentStatement
    attestation: PaymentAttestation


_DECODER: Final = msgspec.json.Decoder(PaymentCertificate)


def digest(statement: PaymentStatement) -> str:
    """Name a statement by the SHA-256 of its canonical bytes, in hex."""
    return canonical.digest(canonical.encode(statement))


def attestation_to_sign(network: str, statement: PaymentStatement, attestation: PaymentAttestation) -> bytes:
    """Give the bytes that an authority signs."""
    bare = replace(attestation, signature=b"")
    return _ATTESTATION_DOMAIN + canonical.encode(_Attested(network=network, statement=statement, attestation=bare))


def verify_attestation(
    network: str, statement: PaymentStatement, given: PaymentAttestation, roots: Mapping[str, str]
) -> Identity:
    """Check that a participant's gateway signed for this very statement; raises as `verify` does."""
    signer = _service(given.participant, given.certificate, given.at, roots, "attestations.certificate")
    identity.verify(signer, given.signature, attestation_to_sign(network, statement, given))
    return signer


def to_sign(certificate: PaymentCertificate) -> bytes:
    """Give the bytes that the issuer signs: all but the signature."""
    return _DOMAIN + canonical.encode(replace(certificate, signature=b""))


def verify(data: bytes, roots: Mapping[str, str], authorities: Authorities) -> Verified:
    """Check a certificate against root certificates (PEM, by participant); raises `Refusal`.

    FF01: not what it was when it was issued; AG08: signed by nobody whom a root vouches for, or not attested by both
    authorities; DS0H: a signature that does not hold; NOT_FOUND: no root of that participant; CH16: the parts speak of
    different payments.
    """
    certificate = canonical.decode(data, _DECODER)
    issuer = _service(certificate.issuer, certificate.certificate, certificate.issued_at, roots, "certificate")
    identity.verify(issuer, certificate.signature, to_sign(certificate))
    attested = _verify_attestations(certificate, roots, authorities)
    given = certificate.consent
    payer = None if given is None else _verify_consent(certificate, given, roots)
    return Verified(certificate, issuer, attested, payer)


def _verify_attestations(
    certificate: PaymentCertificate, roots: Mapping[str, str], authorities: Authorities
) -> tuple[Identity, ...]:
    """Require each authority's word, once: one participant, or one key, cannot speak for both."""
    if tuple(each.participant for each in certificate.attestations) != tuple(authorities):
        raise Refusal(Code.AG08, "attestations")
    found = tuple(
        verify_attestation(certificate.network, certificate.statement, each, roots) for each in certificate.attestations
    )
    speakers, keys = set(authorities), {each.signer.key for each in found}
    if min(len(speakers), len(keys)) < len(authorities):
        raise Refusal(Code.AG08, "attestations")
    return found


def _verify_consent(certificate: PaymentCertificate, given: PaymentConsent, roots: Mapping[str, str]) -> Identity:
    raw = given.command.encode()
    service = _service(given.participant, given.certificate, given.at, roots, "consent.certificate")
    signed = consent.list_to_sign(certificate.network, given.participant, given.sequence, given.digests)
    identity.verify(service, given.signature, signed)
    if not 0 <= given.position < len(given.digests) or given.digests[given.position] != canonical.digest(raw):
        raise Refusal(Code.CH16, "consent.command")
    _require_person(certificate, given, raw, roots)
    command, told = journals.asked(raw), certificate.statement
    if not isinstance(command, SubmitPayment) or given.participant != command.payer:
        raise Refusal(Code.CH16, "consent.command")
    for name in ("uetr", "payer", "payee", "currency", "amount", "settlement_date"):
        if getattr(command, name) != getattr(told, name):
            raise Refusal(Code.CH16, f"statement.{name}")
    return service


def _require_person(
    certificate: PaymentCertificate, given: PaymentConsent, raw: bytes, roots: Mapping[str, str]
) -> None:
    """Where a person signed the command too, that signature must hold as well."""
    command = DECODER.decode(raw)
    if isinstance(command, Signed):
        person = _identified(given.participant, command.certificate, given.at, roots, "consent.command")
        signed = consent.command_to_sign(certificate.network, command.command.encode())
        identity.verify(person, command.signature, signed)


def _service(participant: str, certificate: bytes, at: str, roots: Mapping[str, str], where: str) -> Identity:
    found = _identified(participant, certificate, at, roots, where)
    if found.role is not Role.GATEWAY:
        raise Refusal(Code.AG08, where)
    return found


def _identified(participant: str, certificate: bytes, at: str, roots: Mapping[str, str], where: str) -> Identity:
    """Read a certificate under the root of a participant, as of a moment."""
    if participant not in roots:
        raise Refusal(Code.NOT_FOUND, where)
    # Of which kind it is bounds the roles of people; a gateway may be certified by every kind.
    organisation = Organisation(
        participant=participant, kind=Kind.BANK, name=participant, msp=participant, root=roots[participant]
    )
    return identity.identify(certificate, Participant(organisation=organisation), dates.moment(at))
