"""`waitan proof verify`: a certificate checked with no network running, against root certificates alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from gateway.development.data_directory import DataDirectory, NoNetworkError
from gateway.development.members import CA
from settlement.catalogue import CATALOGUE
from settlement.errors import Refusal
from settlement.forms import payment_certificate
from settlement.forms.payment_certificate import Authorities, PaymentCertificate, Verified
from settlement.identity import Identity
from settlement.parties import Kind

SIZE_MAX_BYTES: Final = 1024 * 1024


class _Known(NamedTuple):
    """What the check rests on: root certificates (PEM) by participant, and which two of those are the authorities."""

    roots: dict[str, str]
    authorities: Authorities


def verify(
    say: Say, data: Path | None, file: Path, roots: Sequence[str], *, clearing: str | None, regulator: str | None
) -> None:
    """Check a certificate; fails where anything in it is not as it was issued, or an authority's word is missing."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise usage(f"{file} cannot be read: {error.strerror}.", do="Name the file with the certificate.") from None
    if len(content) > SIZE_MAX_BYTES:
        raise usage(f"{file} is too large for a certificate.", do="Name the file with the certificate.")
    known = _given(roots, clearing, regulator) if roots or clearing or regulator else _of_network(data)
    try:
        verified = payment_certificate.verify(content.removesuffix(b"\n"), *known)
    except Refusal as refusal:
        raise Failure(
            Exit.REFUSED,
            f"{file} proves nothing: {CATALOGUE[refusal.code].meaning}",
            code=refusal.code.value,
            where=refusal.where,
            do=f"Have it issued again; the roots used are those of {', '.join(sorted(known.roots))}.",
        ) from None
    say.result({"valid": True, **_as_json(verified)})
    say.marked("[green]It holds.[/] Checked without the network:")
    say.facts(_facts(verified))


def _given(roots: Sequence[str], clearing: str | None, regulator: str | None) -> _Known:
    """Read roots as they were named: NAME=FILE."""
    if not clearing or not regulator:
        raise usage(
            "A certificate is worth what both authorities' signatures are, and their roots are not named.",
            do="Name them beside --root: --clearing clearing=c.crt --regulator regulator=r.crt",
        )
    named = [_read(each) for each in (clearing, regulator)]
    authorities = Authorities(*(name for name, _ in named))
    if authorities.clearing == authorities.regulator:
        raise usage("One organisation cannot be both authorities.", do="Name the regulator's root with --regulator.")
    return _Known(dict([*(_read(each) for each in roots), *named]), authorities)


def _read(given: str) -> tuple[str, str]:
    name, separator, path = given.partition("=")
    if not separator or not name:
        raise usage(f"{given} names no root.", do="Write --root banksh=ca.crt, once for each organisation.")
    try:
        return name, Path(path).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise usage(f"{path} cannot be read as a certificate.", do="Name the organisation's root in PEM.") from None


def _of_network(data: Path | None) -> _Known:
    """Read the roots of the network of a data directory."""
    directory = DataDirectory.chosen(data)
    try:
        organisations = directory.description().organisations
    except NoNetworkError:
        raise usage(
            "There is no network here whose roots could be used.",
            do="Name them: --root banksh=sh.crt --clearing clearing=c.crt --regulator regulator=r.crt",
        ) from None
    by_kind = {each.kind: each.participant for each in organisations}
    roots = {
        each.participant: (directory.organisation(each.participant) / f"{CA}.crt").read_text(encoding="ascii")
        for each in organisations
    }
    return _Known(roots, Authorities(clearing=by_kind[Kind.CLEARING], regulator=by_kind[Kind.REGULATOR]))


def _as_json(verified: Verified) -> dict[str, object]:
    told: PaymentCertificate = verified.certificate
    statement = told.statement
    return {
        "network": told.network,
        "issuer": told.issuer,
        "issued_at": told.issued_at,
        "attested_by": [each.participant for each in told.attestations],
        "consent": verified.payer is not None,
        "uetr": statement.uetr,
        "payer": statement.payer,
        "payee": statement.payee,
        "currency": statement.currency,
        "amount": statement.amount,
        "status": statement.status,
        "transaction_id": statement.transaction_id,
        "block": statement.block,
    }


def _facts(verified: Verified) -> dict[str, str]:
    told = verified.certificate
    statement = told.statement
    facts = {
        "payment": f"{statement.uetr}, {statement.currency} {statement.amount} from {statement.payer} to"
        f" {statement.payee}, dated {statement.settlement_date}",
        "stated": f"{statement.status} in block {statement.block}, as {told.issuer} states at {told.issued_at}",
        "issuer": _signed_by(verified.issuer),
    }
    for word, given, signer in zip(("clearing", "regulator"), told.attestations, verified.attested, strict=True):
        facts[word] = f"{given.participant} attests the same at {given.at}: {_signed_by(signer)}"
    if verified.payer is None or told.consent is None:
        facts["consent"] = "not in it: the payer's bank and the regulator have that"
    else:
        facts["consent"] = (
            f"command {told.consent.position + 1} of list {told.consent.sequence} of {told.consent.participant},"
            f" signed by {_signed_by(verified.payer)}"
        )
    return facts


def _signed_by(service: Identity) -> str:
    return f"{service.signer.name}, certificate {service.signer.serial}"
