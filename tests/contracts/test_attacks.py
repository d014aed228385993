"""Proposals as an attacker makes them, to the chaincode server behind a peer: no answer tells of others, or of code.

Fabric's own checks of a proposal, and its system chaincodes, need a real peer: tests/network/test_real_proposals.py.
"""

import os
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chaincode import dispatch, keys
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.simulation import Simulation
from gateway.auth.signing import Credential
from settlement.errors import Code
from settlement.parties import CERTIFIABLE, Kind, Role
from tests.attacks import MALFORMED, Attack, aimed_at, is_fixed
from tests.builders import a_payment
from tests.certificates import a_credential
from tests.fakes.chaincode_host import ChaincodeHost
from tests.fakes.peer import Outcome
from tests.network.disk import unpacked
from tests.world import World

AS = [
    (name, role)
    for name, kind in {
        "clearing": Kind.CLEARING,
        "regulator": Kind.REGULATOR,
        "customs": Kind.CUSTOMS,
        "banksh": Kind.BANK,
        "bankfra": Kind.BANK,
    }.items()
    for role in sorted(CERTIFIABLE[kind])
]
"""Everybody, the payer's bank of a payment from banksh to bankist among them."""
CANARIES = (b"CANARY ATTACKED", b"31337.42", b"posted_minor")


@pytest.fixture
def contract() -> object:
    return dispatch.execute


@pytest.fixture(scope="module")
def peer() -> Iterator[ChaincodeHost]:
    host = ChaincodeHost()
    yield host
    host.close()


def propose(world: World, peer: ChaincodeHost, shown: Credential, msp: str, attack: Attack) -> Outcome:
    """Have a proposal run, as a peer runs what anybody sends to its ProcessProposal."""
    proposal = Proposal("waitan", shown.certificate, os.urandom(24), world.clock())
    stub = Simulation(proposal, attack.transient, world.ledger.reader, world.ledger._hot())
    pem = x509.load_der_x509_certificate(shown.certificate).public_bytes(Encoding.PEM)
    return peer.run(stub, *attack.arguments, certificate=pem, msp_id=msp)


def told(outcome: Outcome) -> bytes:
    """Give all that comes back to who proposed."""
    if outcome.type == "ERROR":
        return outcome.error.encode()
    return bytes(outcome.response.SerializeToString()) + b"".join(value or b"" for value in outcome.writes.values())


def found(data: bytes) -> list[bytes]:
    """Search data for what was planted, its compressed parts too."""
    everything = b"\n".join((data, *unpacked(data)))
    return [each for each in CANARIES if each in everything]


@pytest.mark.parametrize(("name", "role"), AS, ids=[f"{name}-{role}" for name, role in AS])
def test_no_proposal_brings_back_anything_of_others(world: World, peer: ChaincodeHost, name: str, role: Role) -> None:
    batch = world.must("banksh", a_payment("31337.42", payee="bankist", remittance="CANARY ATTACKED"))
    claims = {"waitan.participant": name, "waitan.role": role.value}
    shown = a_credential(world.members[name].ca, common_name="somebody", attributes=claims)
    attacks = {**aimed_at(batch.tx_id, ("banksh", "bankist", "authority")), **MALFORMED}
    for words, attack in attacks.items():
        outcome = propose(world, peer, shown, f"{name}MSP", attack)
        message = outcome.error if outcome.type == "ERROR" else outcome.response.message
        assert is_fixed(message), (words, message)
        assert found(told(outcome)) == [], words
        if attack.arguments != (b"execute",):
            assert message == Code.CH16, words


def test_the_same_search_finds_what_the_ledger_holds(world: World) -> None:
    """So that a search which finds nothing means something."""
    batch = world.must("banksh", a_payment("31337.42", payee="bankist", remittance="CANARY ATTACKED"))
    journal = world.state()[keys.journal("banksh", batch.tx_id)]
    account = world.state()[world.hidden("banksh", "account", "CNY|cash")]
    assert [found(value) for value in (journal, account)] == [list(CANARIES[:2]), list(CANARIES[2:])]


@pytest.mark.parametrize("said", ["KeyError: 'CANARY'", "banksh", "NOT_FOUND: a journal", "Traceback (most recent"])
def test_words_that_are_not_fixed_are_seen(said: str) -> None:
    assert not is_fixed(said)
