"""Both authorities' word in a certificate: who gets it, from whom, and what is not taken for it."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
import msgspec
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from gateway.app import wall_clock_ms
from gateway.attestation import authority as authorities
from gateway.attestation.authority import Authority
from gateway.attestation.port import Attestor, Question
from gateway.attestation.remote import RemoteAttestor
from gateway.attestation.statements import stated
from gateway.auth.development import DevelopmentCA
from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.ledger import courier_service
from gateway.ledger.port import LedgerUnreachableError
from gateway.tls import TlsIdentity
from gateway.traders.tokens import mint
from settlement import identity
from settlement.errors import Code, Refusal
from settlement.forms import payment_certificate
from settlement.forms.payment_certificate import (
    Authorities,
    PaymentAttestation,
    PaymentCertificate,
    PaymentStatement,
    verify,
)
from settlement.parties import Role
from settlement.payments.commands import WhenUnfunded
from tests.builders import a_uetr
from tests.expectations import refused
from tests.gateway.certifying import AUTHORITIES, an_attestation, attested, certified, reissued, roots
from tests.gateway.doors import Doors, at_hand, doors_of
from tests.gateway.fabric_house import AUTHORITIES as ON_FABRIC
from tests.gateway.fabric_house import a_fabric_house
from tests.gateway.house import NETWORK, House, a_fresh_payment
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKERS: Final = ("banksh", "bankist", "bankfra", "customs", "regulator")
Asking = Callable[[House, str], Sequence[Attestor]]


@asynccontextmanager
async def over_grpc(house: House) -> AsyncIterator[Asking]:
    """Both authorities behind their couriers' doors, each asker with its own certificate."""
    async with AsyncExitStack() as stack:
        remote: dict[str, list[Attestor]] = {}
        for name in AUTHORITIES:
            port = await served(house, name, stack)
            for asker in ASKERS:
                attestor = RemoteAttestor(f"localhost:{port}", house.identity(asker, roots=name))
                stack.push_async_callback(attestor.close)
                remote.setdefault(asker, []).append(attestor)
        yield lambda _, asker: remote[asker]


async def served(house: House, name: str, stack: AsyncExitStack) -> int:
    gateway = house.gateways[name]
    shown = house.identity(name)._replace(roots="".join(roots(house).values()).encode())
    opened = await courier_service.serve(
        house.courier, gateway.participants, wall_clock_ms, "localhost:0", shown, authority=Authority(gateway)
    )
    stack.push_async_callback(opened.close)
    return opened.port


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["in this process", "over gRPC"])
async def asking(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Asking]:
    if request.param == "over gRPC":
        async with over_grpc(house) as found:
            yield found
    else:
        yield at_hand


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def paid(house: House, banksh: WaitanClient) -> str:
    payment = a_fresh_payment("12.34")
    await banksh.submit(payment)
    await house.caught_up()
    return payment.uetr


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(house: House, paid: str) -> PaymentCertificate:
    """A certificate of the payer's bank."""
    async with doors_of(house, "banksh") as doors:
        data = await certified(doors, "banksh", desk(doors, "banksh"), paid)
    return msgspec.json.decode(data, type=PaymentCertificate)


def desk(doors: Doors, at: str) -> str:
    return doors.token(at, Scope.SUPERVISOR if at == "regulator" else Scope.DESK, "officer-1")


def statement(house: House, uetr: str) -> PaymentStatement:
    view = house.gateways["banksh"].queries.payment(uetr)
    assert view is not None
    return stated(view)


def question(house: House, uetr: str) -> Question:
    height = house.gateways["banksh"].follower.height
    return Question(uetr, payment_certificate.digest(statement(house, uetr)), height)


async def test_a_party_gets_both_authorities_word_and_so_does_the_regulator(
    house: House, asking: Asking, paid: str
) -> None:
    async with doors_of(house, "banksh", "bankist", "regulator", attestors=asking) as doors:
        for at in ("banksh", "bankist", "regulator"):
            found = verify(await certified(doors, at, desk(doors, at), paid), roots(house), AUTHORITIES)
            assert [each.participant for each in found.attested] == ["clearing", "regulator"]
            assert {each.role for each in found.attested} == {Role.GATEWAY}


async def test_who_has_no_part_in_a_payment_is_told_what_is_told_of_none(
    house: House, asking: Asking, paid: str
) -> None:
    """Though it names the statement rightly: nothing that it could learn is needed to keep it out."""
    asked = question(house, paid)
    for asker in ("bankfra", "customs"):
        for attestor in asking(house, asker):
            for each in (asked, asked._replace(uetr=a_uetr())):
                with refused(Code.NOT_FOUND, "uetr"):
                    await attestor.attest(each)


async def test_a_rejection_is_attested_to_its_payer_and_not_to_its_payee_which_does_not_hold_it(
    house: House, asking: Asking, banksh: WaitanClient
) -> None:
    payment = a_fresh_payment("999999999.00", when_unfunded=WhenUnfunded.REJECT)
    assert (await banksh.submit(payment)).code == "AM04"
    await house.caught_up()
    asked = question(house, payment.uetr)
    for attestor in (*asking(house, "banksh"), *asking(house, "regulator")):
        await attestor.attest(asked)
    for attestor in asking(house, "bankist"):
        with refused(Code.NOT_FOUND, "uetr"):
            await attestor.attest(asked)


async def test_what_does_not_stand_so_is_not_attested(
    house: House, asking: Asking, bankist: WaitanClient, banksh: WaitanClient
) -> None:
    """An older state, another payment's statement, and what nobody states."""
    payment, other = a_fresh_payment("3.00"), a_fresh_payment("3.00")
    await banksh.submit(payment)
    await banksh.submit(other)
    await house.caught_up()
    before = question(house, payment.uetr)
    await bankist.confirm_credit(pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_CREDITED))
    await house.caught_up()
    now = question(house, payment.uetr)
    others = question(house, other.uetr).statement
    assert len({before.statement, now.statement, others}) == 3
    for attestor in asking(house, "banksh"):
        await attestor.attest(now)
        for stale in (
            before,
            now._replace(statement=question(house, other.uetr).statement),
            now._replace(statement=""),
        ):
            with refused(Code.NOT_FOUND, "uetr"):
                await attestor.attest(stale)
        with pytest.raises(Refusal):
            await attestor.attest(now._replace(uetr="no UETR"))


async def test_an_authority_that_is_behind_says_so(
    house: House, asking: Asking, paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authorities, "LAG_S", 0.01)
    asked = question(house, paid)._replace(height=2**63)
    for attestor in asking(house, "banksh"):
        with pytest.raises(LedgerUnreachableError):
            await attestor.attest(asked)


async def test_an_organisation_that_is_no_authority_attests_nothing(house: House, paid: str) -> None:
    with refused(Code.NOT_FOUND, "uetr"):
        await Authority(house.gateways["bankist"]).attest(question(house, paid), "banksh")


async def test_gateways_alone_may_ask(house: House, paid: str) -> None:
    stranger = DevelopmentCA.create("banksh").issue("gateway.banksh", Role.GATEWAY)
    root = house.members["clearing"].ca.root.certificate
    async with AsyncExitStack() as stack:
        address = f"localhost:{await served(house, 'clearing', stack)}"
        for shown, error in (
            (house.identity("banksh", "officer-1", roots="clearing"), Refusal),
            (TlsIdentity(stranger.certificate, stranger.key, root), LedgerUnreachableError),
        ):
            attestor = RemoteAttestor(address, shown)
            stack.push_async_callback(attestor.close)
            with pytest.raises(error) as raised:
                await attestor.attest(question(house, paid))
            if isinstance(raised.value, Refusal):
                assert raised.value.code is Code.AG08


class Says:
    """An attestor that gives what it was made with, or fails so."""

    def __init__(self, given: PaymentAttestation | Exception) -> None:
        self._given: Final = given

    async def attest(self, question: Question) -> PaymentAttestation:
        if isinstance(self._given, Exception):
            raise self._given
        return self._given


async def test_without_both_authorities_there_is_no_certificate_and_it_is_said_when_to_ask_again(
    house: House, paid: str, told: PaymentCertificate, nobodys_port: int
) -> None:
    clearing, regulator = at_hand(house, "banksh")
    of_clearing, of_regulator = told.attestations
    nobody = RemoteAttestor(f"127.0.0.1:{nobodys_port}", house.identity("banksh", roots="regulator"))
    own, bank = house.members["regulator"].service.credential, house.members["bankist"].service.credential
    older = replace(told, statement=replace(told.statement, state="RESERVED"))
    lacking: list[list[Attestor]] = [
        [],
        [clearing],
        [regulator],
        [clearing, clearing],
        [clearing, nobody],
        [clearing, Says(LedgerUnreachableError())],
        [clearing, Says(Refusal(Code.NOT_FOUND, "uetr"))],
        [clearing, Says(of_clearing)],
        [clearing, Says(replace(of_regulator, participant="clearing"))],
        [clearing, Says(replace(of_clearing, participant="regulator"))],
        [clearing, Says(replace(of_regulator, participant="nobody"))],
        [clearing, Says(replace(of_regulator, at="yesterday"))],
        [clearing, Says(replace(of_regulator, signature=b""))],
        [clearing, Says(an_attestation(older, "regulator", own))],
        [clearing, Says(an_attestation(told, "regulator", bank))],
        [clearing, Says(an_attestation(told, "bankist", bank))],
    ]
    try:
        for attestors in lacking:
            async with doors_of(house, "banksh", attestors=lambda *_, these=attestors: these) as doors:
                answer = await doors.ask("banksh", f"/v1/certificates/{paid}", desk(doors, "banksh"))
            assert (answer.status, answer.body["code"]) == (503, "ED06"), attestors
            assert int(answer.headers["Retry-After"]) > 0
    finally:
        await nobody.close()


async def test_a_revoked_key_attests_no_more(
    house: House, paid: str, told: PaymentCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever checks it offline could not see that."""
    gateway = house.gateways["banksh"]
    participants = dict(gateway.participants())
    _, of_regulator = told.attestations
    serial = verify(reissued(told, house.members["banksh"].service.credential), roots(house), AUTHORITIES)
    revoked = (serial.attested[1].signer.serial,)
    participants["regulator"] = replace(participants["regulator"], revoked=revoked)
    monkeypatch.setattr(gateway, "participants", lambda: participants)
    clearing, _ = at_hand(house, "banksh")
    async with doors_of(house, "banksh", attestors=lambda *_: [clearing, Says(of_regulator)]) as doors:
        answer = await doors.ask("banksh", f"/v1/certificates/{paid}", desk(doors, "banksh"))
    assert (answer.status, answer.body["code"]) == (503, "ED06")


async def test_no_other_attestations_are_taken_for_both_authorities(
    house: House, banksh: WaitanClient, told: PaymentCertificate
) -> None:
    """Put into a certificate by its issuer, whose own signature over them holds."""
    own, known = house.members["banksh"].service.credential, roots(house)
    assert len(verify(reissued(told, own), known, AUTHORITIES).attested) == 2
    clearing, regulator = told.attestations
    keys = {name: house.members[name].service.credential for name in ("clearing", "regulator", "bankist")}
    supervisor = house.members["regulator"].people["supervisor-1"].credential
    strange = DevelopmentCA.create("regulator").issue("gateway.regulator", Role.GATEWAY).credential
    other = replace(told, statement=replace(told.statement, uetr=a_uetr()))
    older = replace(told, statement=replace(told.statement, credit="WAITING"))
    elsewhere = replace(told, network="another")
    for attestations in (
        (),
        (clearing,),
        (regulator,),
        (regulator, clearing),
        (clearing, clearing),
        (regulator, regulator),
        (clearing, regulator, regulator),
        (clearing, replace(clearing, participant="regulator")),
        (clearing, replace(regulator, certificate=clearing.certificate)),
        (clearing, replace(regulator, signature=clearing.signature)),
        (clearing, replace(regulator, at=told.statement.at)),
        (clearing, an_attestation(told, "regulator", keys["clearing"])),
        (clearing, an_attestation(told, "regulator", keys["bankist"])),
        (clearing, an_attestation(told, "bankist", keys["bankist"])),
        (clearing, an_attestation(told, "regulator", supervisor)),
        (clearing, an_attestation(told, "regulator", strange)),
        (clearing, an_attestation(told, "regulator", strange, certificate=regulator.certificate)),
        (clearing, an_attestation(told, "regulator", keys["regulator"], at="2020-01-01T00:00:00.000Z")),
        (clearing, an_attestation(other, "regulator", keys["regulator"])),
        (clearing, an_attestation(older, "regulator", keys["regulator"])),
        (clearing, an_attestation(elsewhere, "regulator", keys["regulator"])),
        attested(house, other).attestations,
        attested(house, older).attestations,
    ):
        with pytest.raises(Refusal):
            verify(reissued(replace(told, attestations=attestations), own), known, AUTHORITIES)


async def test_who_the_authorities_are_is_what_whoever_checks_knows_and_not_what_the_certificate_says(
    house: House, told: PaymentCertificate
) -> None:
    own, known = house.members["banksh"].service.credential, roots(house)
    banks = tuple(an_attestation(told, name, house.members[name].service.credential) for name in ("bankist", "bankfra"))
    by_banks = reissued(replace(told, attestations=banks), own)
    clearing, members = told.attestations[0], house.members
    second_key = members["clearing"].ca.issue("gateway.clearing", Role.GATEWAY).credential
    own_twice = (clearing, an_attestation(told, "clearing", second_key))
    of_one_key = (
        members["regulator"]
        .ca.certify(identity.key_of(clearing.certificate), "gateway.regulator", Role.GATEWAY)
        .public_bytes(Encoding.DER)
    )
    service = members["clearing"].service.credential
    one_key = (clearing, an_attestation(told, "regulator", service, certificate=of_one_key))
    for authorities_, data in (
        (Authorities("clearing", "clearing"), reissued(replace(told, attestations=own_twice), own)),
        (AUTHORITIES, reissued(replace(told, attestations=one_key), own)),
        (AUTHORITIES, by_banks),
        (Authorities("bankist", "bankfra"), reissued(told, own)),
        (Authorities("regulator", "clearing"), reissued(told, own)),
        (Authorities("clearing", "clearing"), reissued(replace(told, attestations=told.attestations[:1] * 2), own)),
    ):
        with refused(Code.AG08, "attestations"):
            verify(data, known, authorities_)
    for missing in AUTHORITIES:
        with refused(Code.NOT_FOUND):
            verify(reissued(told, own), {name: root for name, root in known.items() if name != missing}, AUTHORITIES)


@pytest.mark.filterwarnings("ignore:Parsed a serial number:Warning")
async def test_any_changed_byte_of_an_attestation_fails_though_the_issuer_signs_it_anew(
    house: House, told: PaymentCertificate
) -> None:
    own, known = house.members["banksh"].service.credential, roots(house)
    for place, each in enumerate(told.attestations):
        for name in ("certificate", "signature"):
            value = getattr(each, name)
            for at in range(len(value)):
                changed = replace(each, **{name: value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]})
                both = [*told.attestations]
                both[place] = changed
                with pytest.raises(Refusal):
                    verify(reissued(replace(told, attestations=tuple(both)), own), known, AUTHORITIES)


async def test_a_gateway_asks_those_that_its_settings_name(tmp_path: Path) -> None:
    """On Fabric, from the settings files of a bank and of both authorities."""
    async with a_fabric_house(tmp_path) as house:
        root = {name: str(tmp_path / "organisations" / name / "ca.crt") for name in ON_FABRIC}
        port = house.doors["clearing"].courier
        at_clearing = {"address": f"localhost:{port}", "root": root["clearing"]}
        serving = {"serve": True, "listen": "localhost:0", "at": [at_clearing]}
        await house.open("regulator", courier=serving, name="-2")
        at_regulator = {"address": f"localhost:{house.doors['regulator-2'].courier}", "root": root["regulator"]}
        await house.open("bankist", courier={"at": [at_clearing, at_regulator]}, name="-2")
        payment = a_fresh_payment("7.00")
        async with house.client("banksh") as client:
            await client.submit(payment)
        await house.caught_up()
        known = {name: member.ca.root.certificate.decode() for name, member in house.members.items()}
        async with aiohttp.ClientSession() as session:
            for place, scope in (("bankist-2", Scope.DESK), ("regulator-2", Scope.SUPERVISOR)):
                name = place.removesuffix("-2")
                member = house.members[name]
                given = {"participant": name, "customer": "officer-1", "now_s": int(time.time()), "scope": scope}
                token = mint(member.service.key, network=NETWORK, **given)  # type: ignore[arg-type]
                url = f"http://localhost:{house.doors[place].http}/v1/certificates/{payment.uetr}"
                bearer = {"Authorization": f"Bearer {token}"}
                async with session.get(url, headers=bearer) as response:
                    assert response.status == 200, await response.text()
                    found = verify(await response.read(), known, AUTHORITIES)
                assert (found.issuer.participant, found.certificate.statement.uetr) == (name, payment.uetr)
