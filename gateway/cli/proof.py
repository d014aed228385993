"""`waitan proof verify`: a certificate checked with no network running, against root certificates alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from gateway.development.data_directory import DataDirectory, NoNetworkError
from gateway.development.members import CA
from settlement.catalogue import CATALOGUE
from settlement.errors import Refusal
from settlement.forms import payment_certificate
from settlement.forms.payment_certificate import PaymentCertificate, Verified

SIZE_MAX_BYTES: Final = 1024 * 1024


def verify(say: Say, data: Path | None, file: Path, roots: Sequence[str]) -> None:
    """Check a certificate; fails where anything in it is not as it was issued."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise usage(f"{file} cannot be read: {error.strerror}.", do="Name the file with the certificate.") from None
    if len(content) > SIZE_MAX_BYTES:
        raise usage(f"{file} is too large for a certificate.", do="Name the file with the certificate.")
    known = _given(roots) if roots else _of_network(data)
    try:
        verified = payment_certificate.verify(content.removesuffix(b"\n"), known)
    except Refusal as refusal:
        raise Failure(
            Exit.REFUSED,
            f"{file} proves nothing: {CATALOGUE[refusal.code].meaning}",
            code=refusal.code.value,
            where=refusal.where,
            do=f"Have it issued again; the roots used are those of {', '.join(sorted(known)) or 'nobody'}.",
        ) from None
    say.result({"valid": True, **_as_json(verified)})
    say.marked("[green]It holds.[/] Checked without the network:")
    say.facts(_facts(verified))


def _given(roots: Sequence[str]) -> dict[str, str]:
    """Read roots as they were named: NAME=FILE."""
    found = {}
    for each in roots:
        name, separator, path = each.partition("=")
        if not separator or not name:
            raise usage(f"{each} names no root.", do="Write --root banksh=ca.crt, once for each organisation.")
        try:
            found[name] = Path(path).read_text(encoding="ascii")
        except (OSError, ValueError):
            raise usage(f"{path} cannot be read as a certificate.", do="Name the organisation's root in PEM.") from None
    return found


def _of_network(data: Path | None) -> dict[str, str]:
    """Read the roots of the network of a data directory."""
    directory = DataDirectory.chosen(data)
    try:
        organisations = directory.description().organisations
    except NoNetworkError:
        raise usage(
            "There is no network here whose roots could be used.", do="Name them: --root banksh=ca.crt"
        ) from None
    return {
        each.participant: (directory.organisation(each.participant) / f"{CA}.crt").read_text(encoding="ascii")
        for each in organisations
    }


def _as_json(verified: Verified) -> dict[str, object]:
    told: PaymentCertificate = verified.certificate
    statement = told.statement
    return {
        "network": told.network,
        "issuer": told.issuer,
        "issued_at": told.issued_at,
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
        "issuer": f"{verified.issuer.signer.name}, certificate {verified.issuer.signer.serial}",
    }
    if verified.payer is None or told.consent is None:
        facts["consent"] = "not in it: the payer's bank and the authorities have that"
    else:
        facts["consent"] = (
            f"command {told.consent.position + 1} of list {told.consent.sequence} of {told.consent.participant},"
            f" signed by {verified.payer.signer.name}, certificate {verified.payer.signer.serial}"
        )
    return facts
