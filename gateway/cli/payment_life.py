"""`waitan payment show`: a payment's life, and who asked for what in it."""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from google.protobuf.json_format import MessageToDict

from gateway.auth.signing import Credential
from gateway.cli import story
from gateway.cli.copying import waitan
from gateway.cli.failures import Failure
from gateway.cli.options import Who
from gateway.cli.payments import found
from gateway.cli.say import Marked, Say, marked
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from gateway.client import WaitanError
from waitan.v1.payments_pb2 import PaymentDetails


async def show(say: Say, who: Who, uetr: str) -> None:
    """Tell a payment's life."""
    places = Whereabouts(who.data)
    async with found(places, who, uetr) as (session, details):
        if who.at is None:
            await _complete_who_asked(places, who, session, details)
        say.result(MessageToDict(details, preserving_proto_field_name=True))
        say.marked("[bold]{}[/]  {}", uetr, _status(details))
        names = _names(places)
        turn = story.turn(details, lambda words: waitan(words, places.directory))
        say.list([*story.life(details, lambda fingerprint: names.get(fingerprint, fingerprint[:12])), turn.sentence])
        if turn.command:
            say.line(f"    {turn.command}", wrap=False)


async def _complete_who_asked(places: Whereabouts, who: Who, session: Session, details: PaymentDetails) -> None:
    """Name all who asked: a bank is told which of its own people did, and nobody of the other bank's."""
    other = details.payee if session.participant == details.payer else details.payer
    if other not in {bank.participant for bank in places.banks}:
        return
    try:
        async with calling(places, other, who.person) as there:
            told = await there.client.payment(details.payment.uetr)
    except (Failure, WaitanError):  # what it alone can tell is left out
        return
    asked = {(event.transaction_id, event.event): event.requested_by for event in told.events}
    for event in details.events:
        event.requested_by = event.requested_by or asked.get((event.transaction_id, event.event), "")


def _status(details: PaymentDetails) -> Marked:
    colour = {"RJCT": "yellow", "ACSC": "green", "ACCC": "green"}.get(details.status, "cyan")
    reason = f" {details.status_reason}" if details.status_reason else ""
    back = ", sent back" if details.returned_amount else ""
    words = f"{story.STATUS_WORDS.get(details.status, '')}{back}"
    return marked(f"[{colour}]{{}}[/] {{}}", f"{details.status}{reason}", words)


def _names(places: Whereabouts) -> dict[str, str]:
    """Name the certificates of this data directory by their fingerprints."""
    names = {}
    for profile in places.description.organisations:
        for person in places.directory.people(profile.participant):
            path = places.directory.organisation(profile.participant) / f"{person}.crt"
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
            der = certificate.public_bytes(Encoding.DER)
            names[Credential(der, lambda _: b"").fingerprint] = person
    return names
