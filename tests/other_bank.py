"""A firm that goes to a second bank with its own key, as a bank can certify a key that somebody else holds."""

from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.auth.signing import Credential
from gateway.development.customers import TRADERS
from settlement.participants import RegisterCustomer
from settlement.parties import Role
from tests.builders import an_id
from tests.trade import TRADER
from tests.world import NOW, World

AWAY: Final = "trader-away"
"""What the second bank calls the person."""


def at_another_bank(world: World, bank: str, home: str = "banksh") -> Credential:
    """Let a bank take the customer of another in, and certify the key that its person has already."""
    customer = TRADERS[home].customer
    world.must(bank, RegisterCustomer(command_id=an_id(), customer=customer))
    person = world.person(home, TRADER)
    key = x509.load_der_x509_certificate(person.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    certificate = world.members[bank].ca.certify(key, AWAY, Role.TRADER, party=customer.identifier, now=NOW)
    return Credential(certificate.public_bytes(Encoding.DER), person.sign)
