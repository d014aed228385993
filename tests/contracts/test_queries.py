"""What a peer answers whoever asks it without a transaction: what the network is, and nothing of anyone."""

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Final

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chaincode import dispatch
from chaincode.about import RULES
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.simulation import Simulation
from gateway.auth.signing import Credential
from settlement.errors import Code
from settlement.parties import Role
from tests.builders import a_payment
from tests.certificates import a_credential
from tests.fakes.chaincode_host import ChaincodeHost
from tests.fakes.peer import Outcome
from tests.world import World, make_members

ORGANISATIONS: Final = ("clearing", "regulator", "customs", "banksh")
EVERYBODY: Final = tuple(product(ORGANISATIONS, Role))


@pytest.fixture
def contract() -> object:
    """Peers are asked here, and none of them for a batch."""
    return dispatch.execute


@pytest.fixture(scope="module")
def peer() -> Iterator[ChaincodeHost]:
    host = ChaincodeHost()
    yield host
    host.close()


def ask(world: World, peer: ChaincodeHost, name: str, shown: Credential, *arguments: bytes) -> tuple[Outcome, int]:
    """Aim a call at an authority's contracts; give what the organisation is told, and how much was read for it."""
    proposal = Proposal("waitan", shown.certificate, os.urandom(24), world.clock())
    stub = Simulation(proposal, {}, world.ledger.reader, world.ledger._hot())
    pem = x509.load_der_x509_certificate(shown.certificate).public_bytes(Encoding.PEM)
    outcome = peer.run(stub, *arguments, certificate=pem, msp_id=f"{name}MSP")
    return outcome, len([place for place in stub.versions if place.collection])


@pytest.mark.parametrize(("name", "role"), EVERYBODY, ids=[f"{name}-{role}" for name, role in EVERYBODY])
def test_a_peer_tells_whoever_asks_what_the_network_is_and_nothing_of_anyone(
    world: World, peer: ChaincodeHost, name: str, role: Role
) -> None:
    """Not even what is its own. Whatever else is asked is not understood, and nothing is read for it."""
    batch = world.must("banksh", a_payment("7.00", payee="bankist"))
    shown = a_credential(
        world.members[name].ca,
        common_name="somebody",
        attributes={"waitan.participant": name, "waitan.role": role.value},
    )
    outcome, private_reads = ask(world, peer, name, shown, b"about")
    answer = msgspec.json.decode(outcome.response.payload)
    assert (answer["network"], answer["rules"]) == ("waitan", RULES)
    assert (private_reads, outcome.writes) == (0, {})
    for arguments in (
        (),
        (b"",),
        (b"get", b"secret"),
        (b"account", b"CNY"),
        (b"journal", batch.tx_id.encode()),
        (b"sequence",),
        (b"about", b"banksh"),
        (b"execute", b"x"),
        (b"\xff",),
        (b"x" * 100_000,),
    ):
        outcome, private_reads = ask(world, peer, name, shown, *arguments)
        assert (outcome.type, outcome.response.status, outcome.response.message) == ("COMPLETED", 400, Code.CH16)
        assert (outcome.response.payload, outcome.requests, private_reads) == (b"", (), 0)


def test_before_the_network_is_founded_it_has_no_name(peer: ChaincodeHost, tmp_path: Path) -> None:
    """So whoever brings one up can wait until its contracts answer."""
    with closing(World(tmp_path, make_members())) as world:
        outcome, _ = ask(world, peer, "clearing", world.service("clearing"), b"about")
        assert msgspec.json.decode(outcome.response.payload)["network"] == ""
