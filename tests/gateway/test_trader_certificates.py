"""Certificates of payments: what one proves without the network, and that no changed byte goes unseen."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.development import DevelopmentCA
from gateway.auth.scopes import Scope
from gateway.auth.signing import sign_command
from gateway.client import WaitanClient
from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.forms import payment_certificate
from settlement.forms.consent import list_to_sign
from settlement.forms.payment_certificate import PaymentCertificate, PaymentConsent, verify
from settlement.parties import Role
from settlement.payments.commands import WhenUnfunded
from tests.builders import SILK, TEKSTIL, a_uetr
from tests.contracts.samples import register
from tests.gateway.certifying import AUTHORITIES, attested, certified, reissued, roots
from tests.gateway.doors import LEI, OTHERS_LEI, Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[Doors]:
    for client in (banksh, bankist):
        await client.ask(register(LEI))
    await banksh.ask(register(OTHERS_LEI))
    async with doors_of(house, "banksh", "bankist", "regulator") as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def paid(doors: Doors, banksh: WaitanClient, house: House) -> str:
    """A payment between two customers, of a list that holds others too."""
    own = a_fresh_payment("12.34", debtor=replace(SILK, lei=LEI), creditor=replace(TEKSTIL, lei=LEI))
    others = [a_fresh_payment("1.00"), a_fresh_payment("99999999.00"), a_fresh_payment("2.00")]
    await house.gateways["banksh"].payments.submit([others[0], others[1], own, others[2]])
    await house.caught_up()
    return own.uetr


async def test_a_certificate_proves_consent_and_standing_by_the_roots_alone(
    doors: Doors, house: House, paid: str
) -> None:
    data = await certified(doors, "banksh", doors.token("banksh"), paid)
    known = {name: roots(house)[name] for name in ("banksh", *AUTHORITIES)}
    found = verify(data, known, AUTHORITIES)
    statement = found.certificate.statement
    assert (statement.uetr, statement.amount, statement.status) == (paid, "12.34", "ACSC")
    view = house.gateways["banksh"].queries.payment(paid)
    assert view is not None
    assert (statement.transaction_id, statement.block) == (view.tx_id, view.block)
    assert tuple(each.participant for each in found.attested) == ("clearing", "regulator")
    assert found.payer is not None
    assert found.payer.participant == "banksh"
    assert found.certificate.consent is not None
    assert len(found.certificate.consent.digests) >= 4


async def test_it_tells_nothing_of_the_list_s_other_payments(doors: Doors, house: House, paid: str) -> None:
    told = json.loads(await certified(doors, "banksh", doors.token("banksh"), paid))
    command = told["consent"].pop("command")
    assert paid in command
    assert "TEKSTIL".lower() not in str(told).lower()


async def test_both_banks_and_the_regulator_have_both_authorities_word_and_the_payee_s_bank_no_consent(
    doors: Doors, house: House, paid: str
) -> None:
    for at, token, has_consent in (
        ("bankist", doors.token("bankist"), False),
        ("regulator", doors.token("regulator", Scope.SUPERVISOR, "supervisor-1"), True),
    ):
        found = verify(await certified(doors, at, token, paid), roots(house), AUTHORITIES)
        assert (found.issuer.participant, found.payer is not None) == (at, has_consent)
        assert tuple(each.participant for each in found.attested) == ("clearing", "regulator")


@pytest.mark.filterwarnings("ignore:Parsed a serial number:Warning")
async def test_any_changed_byte_fails(doors: Doors, house: House, paid: str) -> None:
    """Every byte, with a bit flipped, and with the next one of its own kind (a digit for a digit, and so on)."""
    data = await certified(doors, "banksh", doors.token("banksh"), paid)
    known = roots(house)
    verify(data, known, AUTHORITIES)
    for place, byte in enumerate(data):
        for other in {byte ^ 1, byte ^ 0x20, _neighbour(byte)} - {byte}:
            changed = data[:place] + bytes([other]) + data[place + 1 :]
            with pytest.raises(Refusal):
                verify(changed, known, AUTHORITIES)
    for changed in (data + b" ", b" " + data, data[:-1], data[1:], b"", b"{}", b"null", data.replace(b",", b", ", 1)):
        with pytest.raises(Refusal):
            verify(changed, known, AUTHORITIES)


def _neighbour(byte: int) -> int:
    return {0x39: 0x30, 0x7A: 0x61, 0x5A: 0x41}.get(byte, (byte + 1) % 256)


async def test_who_is_not_the_network_s_vouches_for_nothing(doors: Doors, house: House, paid: str) -> None:
    """A certificate signed anew, wholly or in part, by somebody whom the roots do not know, or who is no gateway."""
    data = await certified(doors, "banksh", doors.token("banksh"), paid)
    told = msgspec.json.decode(data, type=PaymentCertificate)
    known, stranger = roots(house), DevelopmentCA.create("banksh")
    officer = house.members["banksh"].people["officer-1"].credential
    strange = stranger.issue("gateway.banksh", Role.GATEWAY).credential
    other = house.members["bankist"].service.credential
    for credential, code in ((strange, Code.AG08), (officer, Code.AG08), (other, Code.AG08)):
        forged = replace(told, certificate=credential.certificate)
        forged = replace(forged, signature=credential.sign(payment_certificate.to_sign(forged)))
        _fails(canonical.encode(forged), known, code)
    own = house.members["banksh"].service.credential
    dearer = replace(told, statement=replace(told.statement, amount="99.00"))
    _fails(reissued(dearer, own), known, Code.DS0H)
    _fails(reissued(attested(house, dearer), own), known, Code.CH16)
    assert told.consent is not None
    for changed in (
        replace(told.consent, position=told.consent.position - 1),
        replace(told.consent, position=99),
        replace(told.consent, position=-1),
        replace(told.consent, sequence=told.consent.sequence + 1),
        replace(told.consent, participant="bankist"),
        replace(told.consent, digests=told.consent.digests[:-1]),
        replace(told.consent, at="2020-01-01T00:00:00Z"),
    ):
        with pytest.raises(Refusal):
            verify(reissued(replace(told, consent=changed), own), known, AUTHORITIES)
    with pytest.raises(Refusal) as raised:
        verify(data, {"bankist": known["bankist"]}, AUTHORITIES)
    assert raised.value.code is Code.NOT_FOUND
    _fails(reissued(replace(told, network="another"), own), known, Code.DS0H)
    _fails(reissued(attested(house, replace(told, network="another")), own), known, Code.DS0H)


def _fails(told: bytes, known: Mapping[str, str], code: Code) -> None:
    with pytest.raises(Refusal) as raised:
        verify(told, known, AUTHORITIES)
    assert raised.value.code is code


async def test_a_rejection_is_certified_too(doors: Doors, house: House, banksh: WaitanClient) -> None:
    payment = a_fresh_payment("99999999.00", debtor=replace(SILK, lei=LEI), when_unfunded=WhenUnfunded.REJECT)
    await banksh.submit(payment)
    await house.caught_up()
    found = verify(await certified(doors, "banksh", doors.token("banksh"), payment.uetr), roots(house), AUTHORITIES)
    assert (found.certificate.statement.status, found.certificate.statement.status_reason) == ("RJCT", "AM04")


async def test_a_person_s_signature_is_checked_where_one_signed(house: House, paid: str, doors: Doors) -> None:
    data = await certified(doors, "banksh", doors.token("banksh"), paid)
    told = msgspec.json.decode(data, type=PaymentCertificate)
    assert told.consent is not None
    own, person = house.members["banksh"].service.credential, house.members["banksh"].person("officer-1")
    command = house.gateways["banksh"].queries.payment(paid)
    assert command is not None
    for signer, holds in ((person, True), (house.members["bankist"].person("officer-1"), False)):
        signed = canonical.encode(sign_command(NETWORK, command.command, signer))
        consent = _consent(told.consent, signed, own)
        made = reissued(replace(told, consent=consent), own)
        if holds:
            assert verify(made, roots(house), AUTHORITIES).payer is not None
        else:
            _fails(made, roots(house), Code.AG08)


def _consent(given: PaymentConsent, raw: bytes, own: Any) -> PaymentConsent:
    digests = (canonical.digest(raw),)
    signature = own.sign(list_to_sign(NETWORK, "banksh", given.sequence, digests))
    return replace(given, command=raw.decode(), digests=digests, position=0, signature=signature)


async def test_somebody_else_s_payment_is_not_certified(doors: Doors, paid: str) -> None:
    for uetr, token in ((paid, doors.token("banksh", customer=OTHERS_LEI)), (a_uetr(), doors.token("banksh"))):
        answer = await doors.ask("banksh", f"/v1/certificates/{uetr}", token)
        assert (answer.status, answer.body["code"]) == (404, "NOT_FOUND")
