"""A certificate counts for what its organisation's own CA may say, while it is valid and not withdrawn."""

from collections.abc import Mapping
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from gateway.auth.signing import Credential
from gateway.development.members import Member
from settlement import identity
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.participants import Participant, ParticipantState
from settlement.parties import CERTIFIABLE, Kind, Role
from tests.certificates import DAY, a_credential, with_foreign_key
from tests.expectations import refused
from tests.world import NOW, NOW_MS

Members = Mapping[str, Member]
SECOND = 1000


def of(member: Member, **others: Any) -> Participant:
    return replace(Participant(organisation=member.organisation, state=ParticipantState.ACTIVE), **others)


def test_a_service_certificate_is_read(members: Members) -> None:
    credential = members["banksh"].service.credential
    found = identity.identify(credential.certificate, of(members["banksh"]), NOW_MS)
    assert (found.participant, found.role, found.fingerprint) == ("banksh", Role.GATEWAY, credential.fingerprint)
    assert found.signer.name == "gateway.banksh"


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("role", list(Role))
def test_a_ca_certifies_the_roles_of_its_kind_alone(members: Members, kind: Kind, role: Role) -> None:
    """The table of roles bounds every certificate, whatever it claims."""
    name = {Kind.CLEARING: "clearing", Kind.REGULATOR: "regulator", Kind.CUSTOMS: "customs", Kind.BANK: "banksh"}[kind]
    claims = {"waitan.participant": name, "waitan.role": role.value}
    certificate = a_credential(members[name].ca, attributes=claims).certificate
    if role in CERTIFIABLE[kind]:
        assert identity.identify(certificate, of(members[name]), NOW_MS).role is role
    else:
        with refused(Code.AG08, "certificate"):
            identity.identify(certificate, of(members[name]), NOW_MS)


def test_another_organisations_certificate_is_not_ones_own(members: Members) -> None:
    theirs = members["bankist"].service.credential.certificate
    with refused(Code.AG08):
        identity.identify(theirs, of(members["banksh"]), NOW_MS)


@pytest.mark.parametrize("claimed", ["bankist", "clearing", "", "BANKSH"])
def test_a_ca_does_not_speak_for_others(members: Members, claimed: str) -> None:
    claims = {"waitan.participant": claimed, "waitan.role": "gateway"}
    certificate = a_credential(members["banksh"].ca, attributes=claims).certificate
    for name in ("banksh", "bankist", "clearing"):
        with refused(Code.AG08):
            identity.identify(certificate, of(members[name]), NOW_MS)


@pytest.mark.parametrize(
    ("at_ms", "good"),
    [(-SECOND, False), (0, True), (SECOND, True), (48 * 3600 * SECOND, True), (48 * 3600 * SECOND + 1, False)],
)
def test_a_certificate_counts_from_its_first_second_to_its_last(members: Members, at_ms: int, *, good: bool) -> None:
    certificate = a_credential(members["banksh"].ca, starts=NOW, ends=NOW + 2 * DAY).certificate
    at_ms += NOW_MS
    if good:
        assert identity.identify(certificate, of(members["banksh"]), at_ms)
    else:
        with refused(Code.DS0H):
            identity.identify(certificate, of(members["banksh"]), at_ms)


def test_a_certificate_does_not_outlive_its_root(members: Members) -> None:
    ca = members["banksh"].ca
    end = x509.load_pem_x509_certificate(ca.root.certificate).not_valid_after_utc
    certificate = a_credential(ca, ends=end + 10 * DAY).certificate
    identity.identify(certificate, of(members["banksh"]), round((end - DAY).timestamp() * SECOND))
    with refused(Code.DS0H):
        identity.identify(certificate, of(members["banksh"]), round((end + DAY).timestamp() * SECOND))


def test_a_withdrawn_certificate_counts_no_more(members: Members) -> None:
    member = members["banksh"]
    certificate = member.service.credential.certificate
    serial = identity.identify(certificate, of(member), NOW_MS).signer.serial
    with refused(Code.DS0H):
        identity.identify(certificate, of(member, revoked=(serial,)), NOW_MS)


@pytest.mark.parametrize("kind", ["P-384", "secp256k1", "RSA", "Ed25519"])
def test_keys_are_on_p_256(members: Members, kind: str) -> None:
    with refused(Code.AG08):
        identity.identify(with_foreign_key(members["banksh"].ca, kind), of(members["banksh"]), NOW_MS)


def test_a_certificate_that_signs_itself_is_nobodys(members: Members) -> None:
    certificate = a_credential(members["banksh"].ca, self_signed=True).certificate
    with refused(Code.AG08):
        identity.identify(certificate, of(members["banksh"]), NOW_MS)


@pytest.mark.parametrize(
    "extension",
    [
        b"not json",
        b"[]",
        b"null",
        b'{"attrs": []}',
        b'{"attrs": {"waitan.role": "gateway"}}',
        b'{"attrs": {"waitan.participant": "banksh"}}',
        b'{"attrs": {"waitan.participant": "banksh", "waitan.role": "emperor"}}',
        b'{"attrs": {"waitan.participant": "banksh", "waitan.role": ["gateway"]}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=range(10),
)
def test_attributes_that_cannot_be_read_say_nothing(members: Members, extension: bytes) -> None:
    certificate = a_credential(members["banksh"].ca, extension=extension).certificate
    with refused(Code.AG08):
        identity.identify(certificate, of(members["banksh"]), NOW_MS)


def test_a_certificate_names_its_holder(members: Members) -> None:
    with refused(Code.AG08):
        identity.identify(a_credential(members["banksh"].ca, common_name="").certificate, of(members["banksh"]), NOW_MS)


def test_bytes_that_are_no_certificate_are_refused(members: Members) -> None:
    """Cut or changed anywhere, a certificate is refused and raises nothing else."""
    good = members["banksh"].service.credential.certificate
    bad = [b"", b"\x00" * 200, good[:-1], good + b"\x00"]
    bad += [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(0, len(good), 3)]
    for certificate in bad:
        with pytest.raises(Refusal) as caught:
            identity.identify(certificate, of(members["banksh"]), NOW_MS)
        assert caught.value.code in {Code.AG08, Code.DS0H}


def test_a_certificate_has_one_form(members: Members) -> None:
    """A signature that ends in a zero bit could be said to have one bit less: the same claim under other bytes."""
    while True:
        good = a_credential(members["banksh"].ca).certificate
        at = len(good) - len(x509.load_der_x509_certificate(good).signature) - 1
        if good[-1] & 1 == 0:
            break
    identity.identify(good, of(members["banksh"]), NOW_MS)
    with refused(Code.AG08, "certificate"):
        identity.identify(good[:at] + b"\x01" + good[at + 1 :], of(members["banksh"]), NOW_MS)


def signed_by(credential: Credential, members: Members, data: bytes, signature: bytes) -> None:
    found = identity.identify(credential.certificate, of(members["banksh"]), NOW_MS)
    identity.verify(found, signature, data)


def test_a_signature_is_over_these_bytes_by_this_key(members: Members) -> None:
    one, other = members["banksh"].person("officer-1"), members["banksh"].person("officer-2")
    signature = one.sign(b"pay")
    signed_by(one, members, b"pay", signature)
    for credential, data in ((one, b"pay!"), (other, b"pay")):
        with refused(Code.DS0H, "signature"):
            signed_by(credential, members, data, signature)


@pytest.mark.parametrize("signature", [b"", bytes(64), b"\xff" * 64, bytes(63), bytes(65), b"\x30" + bytes(70)])
def test_a_signature_has_64_bytes_and_holds(members: Members, signature: bytes) -> None:
    with refused(Code.DS0H, "signature"):
        signed_by(members["banksh"].person("officer-1"), members, b"pay", signature)


def test_one_person_is_one_name_or_one_key(members: Members) -> None:
    """Another certificate does not make another pair of eyes."""
    key = ec.generate_private_key(ec.SECP256R1())
    ca = members["clearing"].ca
    claims = {"waitan.participant": "clearing", "waitan.role": "clearing_officer"}

    def signer(name: str, own: ec.EllipticCurvePrivateKey | None = None) -> Signer:
        certificate = a_credential(ca, common_name=name, attributes=claims, key=own).certificate
        return identity.identify(certificate, of(members["clearing"]), NOW_MS).signer

    assert signer("anna", key).is_same_person(signer("berta", key))
    assert signer("anna").is_same_person(signer("anna"))
    assert not signer("anna").is_same_person(signer("berta"))
    assert not signer("anna").is_same_person(None)


def test_a_root_is_the_certificate_of_a_ca(members: Members) -> None:
    member = members["banksh"]
    identity.require_root(member.ca.root.certificate.decode(), "root")
    for text in ("", "nonsense", member.service.certificate.decode()):
        with refused(Code.CH16, "root"):
            identity.require_root(text, "root")
