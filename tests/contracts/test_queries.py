"""Who may ask a peer what: every query, role and kind of organisation, with real certificates, on both hosts."""

import os
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chaincode import access, dispatch, queries
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.simulation import Simulation, run
from chaincode.port import Place
from gateway.auth.signing import Credential
from settlement.errors import Code, Refusal
from settlement.parties import CERTIFIABLE, Kind, Role
from tests.builders import a_payment
from tests.certificates import a_credential
from tests.fakes.chaincode_host import ChaincodeHost
from tests.world import World

ORGANISATIONS = {"clearing": Kind.CLEARING, "regulator": Kind.REGULATOR, "customs": Kind.CUSTOMS, "banksh": Kind.BANK}
BY_ITS_GATEWAY = tuple((name, query) for name, query in product(ORGANISATIONS, queries.QUERIES))
TOO_MANY = ("1", "2", "3", "4")
"""More arguments than any query takes: who is let in is told so, CH16, before anything is looked up."""


@pytest.fixture
def contract() -> object:
    """Hosts are compared here, so each test calls them itself."""
    return dispatch.execute


class Told(NamedTuple):
    """What the asker is told, and what was read for it."""

    payload: bytes
    code: str
    private_reads: frozenset[Place]


class _Asking(Simulation):
    """A proposal whose signer the contract may ask for, as a peer has checked it."""

    asker: queries.Asker


Ask = Callable[..., Told]


@pytest.fixture(scope="module")
def peer() -> Iterator[ChaincodeHost]:
    host = ChaincodeHost()
    yield host
    host.close()


@pytest.fixture(params=["a plain call", "over the chaincode stream"])
def ask(request: pytest.FixtureRequest, world: World, peer: ChaincodeHost) -> Ask:
    """Aim a query at an authority's contracts, with a certificate under an MSP."""

    def asked(participant: str, shown: Credential, function: str, *arguments: str) -> Told:
        proposal = Proposal("waitan", shown.certificate, os.urandom(24), world.clock())
        stub = _Asking(proposal, {}, world.ledger.reader, world.ledger._hot())
        stub.asker = queries.Asker(f"{participant}MSP", shown.certificate)
        if request.param == "a plain call":
            try:
                payload, code = run(queries.evaluate(stub, function, arguments)), ""
            except Refusal as refusal:
                payload, code = b"", str(refusal.code)
        else:
            pem = x509.load_der_x509_certificate(shown.certificate).public_bytes(Encoding.PEM)
            called = [each.encode() for each in (function, *arguments)]
            response = peer.run(stub, *called, certificate=pem, msp_id=f"{participant}MSP").response
            payload, code = bytes(response.payload), response.message
        return Told(payload, code, frozenset(place for place in stub.versions if place.collection))

    return asked


def somebody(world: World, name: str, role: Role) -> Credential:
    """Certify a person or a gateway by an organisation's own CA."""
    return a_credential(
        world.members[name].ca,
        common_name="somebody",
        attributes={"waitan.participant": name, "waitan.role": role.value},
    )


def existing(world: World) -> dict[str, tuple[str, ...]]:
    """Make something of banksh's for every query to find."""
    return {
        "account": ("CNY",),
        "journal": (world.must("banksh", a_payment("7.00", payee="bankist")).tx_id,),
        "sequence": (),
    }


def test_every_query_has_its_row() -> None:
    """A query that is added is asked by nobody until the table names who may; and it comes into these tests."""
    assert set(access.QUERIES) == set(queries.QUERIES)
    assert not access.OPEN_QUERIES & set(queries.QUERIES)


def test_a_gateway_alone_asks_a_peer() -> None:
    """No row names a person: its gateway would neither know nor record what it read (REQUIREMENTS P4)."""
    assert {role for row in access.QUERIES.values() for role, _ in row} == {Role.GATEWAY}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", ORGANISATIONS)
def test_who_asks_is_let_in_where_the_table_says_so(world: World, ask: Ask, name: str, role: Role) -> None:
    """Else it is told NOT_FOUND, and AG08 where its organisation may not even certify its role."""
    kind = ORGANISATIONS[name]
    shown = somebody(world, name, role)
    for query in queries.QUERIES:
        told = ask(name, shown, query, *TOO_MANY)
        if role not in CERTIFIABLE[kind]:
            assert told.code == Code.AG08, query
        else:
            assert told.code == (Code.CH16 if (role, kind) in access.QUERIES[query] else Code.NOT_FOUND), query
        assert not told.payload


@pytest.mark.parametrize("role", sorted(CERTIFIABLE[Kind.BANK] - {Role.GATEWAY}))
def test_a_person_is_told_of_its_bank_what_it_is_told_of_nothing(world: World, ask: Ask, role: Role) -> None:
    """Neither answer nor reads differ with what there is: nothing of its organisation's is read for it."""
    person, gateway = (somebody(world, "banksh", each) for each in (role, Role.GATEWAY))
    for query, arguments in existing(world).items():
        assert ask("banksh", gateway, query, *arguments).payload, query
        absent = tuple("0" * 64 if query == "journal" else "XTS" for _ in arguments)
        assert ask("banksh", person, query, *arguments) == ask("banksh", person, query, *absent)
        assert ask("banksh", person, query, *arguments) == Told(b"", Code.NOT_FOUND, frozenset())


@pytest.mark.parametrize(("name", "query"), BY_ITS_GATEWAY, ids=map("-".join, BY_ITS_GATEWAY))
def test_a_gateway_reads_its_own_organisations_records_and_no_others(
    world: World, ask: Ask, name: str, query: str
) -> None:
    """Of a payment between two banks the authorities' gateways hold nothing in their own collections either."""
    arguments = existing(world)[query]
    told = ask(name, world.service(name), query, *arguments)
    if told.payload:
        answer = msgspec.json.decode(told.payload)
        assert answer.get("participant", name) == name
    if name != "banksh" and query == "journal":
        assert (told.payload, told.code) == (b"", Code.NOT_FOUND)
    assert {place.collection for place in told.private_reads} == {name}


def test_anybody_may_ask_what_the_network_is(world: World, ask: Ask) -> None:
    """It tells its name and the rules' version, and reads nothing of anyone's."""
    told = ask("banksh", somebody(world, "banksh", Role.TRADER), "about")
    assert msgspec.json.decode(told.payload)["network"] == "waitan"
    assert not told.private_reads
