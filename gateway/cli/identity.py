"""`waitan identity`: a development certificate for one more person, under an organisation's own CA."""

import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding

from gateway.auth.certifying import asked
from gateway.auth.development import DevelopmentCA, Issued
from gateway.cli.copying import waitan
from gateway.cli.failures import Exit, Failure, nearest, usage
from gateway.cli.say import Say
from gateway.cli.whereabouts import Whereabouts
from gateway.development.members import CA
from settlement.errors import Refusal
from settlement.participants import require_identifier
from settlement.parties import CERTIFIABLE, OF_A_FIRM, Kind, Role

_NAME: Final = re.compile(r"[a-z][a-z0-9.-]{0,62}").fullmatch
_USUAL: Final = {
    Kind.BANK: Role.BANK_OFFICER,
    Kind.CLEARING: Role.CLEARING_OFFICER,
    Kind.REGULATOR: Role.SUPERVISOR,
    Kind.CUSTOMS: Role.CUSTOMS_OFFICER,
}


def make(
    say: Say, data: Path | None, at: str, name: str, *, role: str | None, party: str, request: Path | None
) -> None:
    """Issue a certificate and write it beside the organisation's others; a usage failure where that cannot be.

    For a `request` (PEM) no key is made: whoever made the request has it.
    """
    places = Whereabouts(data)
    profile = places.organisation(at)
    allowed = sorted(each.value for each in CERTIFIABLE[profile.kind])
    if role is not None and role not in allowed:
        raise usage(
            f"{at} cannot certify the role {role}.",
            do=f"{nearest(role, allowed)} It can: {', '.join(allowed)}.".strip(),
        )
    if _NAME(name) is None:
        raise usage(f"{name} cannot be a name here.", do="Write lower-case letters, digits, points and hyphens.")
    directory = places.directory.organisation(at)
    if (directory / f"{name}.crt").exists():
        raise usage(f"{at} has certified somebody called {name} already.", do="Choose another name.")
    chosen = Role(role) if role else _USUAL[profile.kind]
    _require_firm(chosen, party)
    certificate = directory / f"{name}.crt"
    try:
        ca = DevelopmentCA(at, Issued.read(directory, CA))
        if request is None:
            ca.issue(name, chosen, party=party).write(directory, name)
        else:
            key, common_name = asked(request.read_bytes())
            made = ca.certify(key, common_name, chosen, party=party)
            certificate.write_bytes(made.public_bytes(Encoding.PEM))
    except Refusal:
        raise usage(
            f"{request} is no request for a certificate.", do="It is PKCS #10, in PEM, of a P-256 key."
        ) from None
    except (OSError, ValueError) as error:
        raise Failure(Exit.REFUSED, f"The certificate cannot be made: {error}") from error
    say.result({"participant": at, "person": name, "role": chosen.value, "certificate": str(certificate)})
    say.line(f"{name} is now certified by {at} as {chosen.value}{f', for {party}' if party else ''}.")
    if request is not None:
        say.line(f"Give the certificate to who asked for it: {certificate}")
        return
    say.line(f"Certificate and key: {certificate} and .key beside it.")
    words = "trade list" if party else "account list"
    say.line(f"Use it: {waitan(f'{words} --at {at} --as {name}', places.directory)}", wrap=False)


def _require_firm(role: Role, party: str) -> None:
    """Require that who acts for a firm says for which, and nobody else does; its number is checked."""
    if role in OF_A_FIRM and not party:
        raise usage(f"A {role.value} acts for a firm.", do="Say for which: --party and its LEI or USCC.")
    if party and role not in OF_A_FIRM:
        raise usage(f"A {role.value} acts for no firm.", do="Leave --party out, or say --role trader or carrier.")
    try:
        if party:
            require_identifier(party, "party")
    except Refusal:
        raise usage(f"{party} is neither a LEI nor a USCC.", do="See that all its characters are there.") from None
