"""What a person signs: counted once, for that person alone, as it was signed."""

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.auth.signing import Credential, sign_command
from settlement import canonical
from settlement.commands import Signed
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.payments.commands import WhenUnfunded
from settlement.records import Command
from settlement.rulings import Ruling
from tests import invariants
from tests.builders import (
    a_payment,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)
from tests.certificates import DAY, a_credential, serial_of
from tests.contracts.samples import revoke, suspend, withdraw_ruling
from tests.world import NETWORK, NOW, World

NOT_SIGNED = Answer(Code.DS0H, "signature")
NOT_KNOWN = Answer(Code.AG08, "certificate")
OUT_OF_FORCE = Answer(Code.DS0H, "certificate")


def answer_to(world: World, command: Command | bytes, participant: str = "clearing") -> Answer:
    endorsed = world.endorse(world.sign(participant, [command]))
    return endorsed.answers[0][0]


def officer(world: World, **others: Any) -> Credential:
    claims = {"waitan.participant": "clearing", "waitan.role": "clearing_officer"}
    return a_credential(world.members["clearing"].ca, **{"common_name": "officer-7", "attributes": claims, **others})


def changed(signed: Signed, **changes: Any) -> Signed:
    return msgspec.structs.replace(signed, **changes)


def test_a_person_asks(world: World) -> None:
    assert answer_to(world, sign_command(NETWORK, suspend(), world.person("clearing", "officer-1"))) == Answer("")


def test_a_signed_command_altered_in_any_part_is_refused(world: World) -> None:
    one, two = world.person("clearing", "officer-1"), world.person("clearing", "officer-2")
    signed = sign_command(NETWORK, suspend("bankist"), one)
    other = canonical.encode(suspend("banksh")).decode()
    assert answer_to(world, changed(signed, command=other)) == NOT_SIGNED
    assert answer_to(world, changed(signed, certificate=two.certificate)) == NOT_SIGNED
    assert answer_to(world, changed(signed, signature=bytes(64))) == NOT_SIGNED
    assert answer_to(world, changed(signed, signature=b"")) == NOT_SIGNED
    assert answer_to(world, changed(signed, certificate=b"")) == NOT_KNOWN
    assert answer_to(world, sign_command("waitan2", suspend(), one)) == NOT_SIGNED


@pytest.mark.parametrize("text", ["", "{}", "null", " ", "[" * 100_000, '{"type":"CutOffDay"}', "外滩"])
def test_a_person_signs_a_command_and_nothing_else(world: World, text: str) -> None:
    """What is wrapped must be a command in canonical form; consent is not wrapped twice."""
    person = world.person("clearing", "officer-1")
    signed = sign_command(NETWORK, suspend(), person)
    assert answer_to(world, changed(signed, command=text)).code == Code.FF01
    assert answer_to(world, sign_command(NETWORK, signed, person)).code == Code.FF01


def test_a_person_speaks_through_their_own_organisation(world: World) -> None:
    """Another organisation cannot put a clearing officer's command into its list."""
    signed = sign_command(NETWORK, suspend(), world.person("clearing", "officer-1"))
    for name in ("banksh", "regulator", "customs"):
        assert answer_to(world, signed, name) == NOT_KNOWN


def test_a_person_of_a_bank_is_no_clearing_officer(world: World) -> None:
    """A certificate of one's own CA that claims another organisation, or its role, counts for nothing."""
    bank = world.members["banksh"].ca
    for claims in (
        {"waitan.participant": "clearing", "waitan.role": "clearing_officer"},
        {"waitan.participant": "banksh", "waitan.role": "clearing_officer"},
        {"waitan.participant": "banksh", "waitan.role": "supervisor"},
    ):
        signed = sign_command(NETWORK, suspend(), a_credential(bank, common_name="mallory", attributes=claims))
        assert answer_to(world, signed, "banksh") == NOT_KNOWN
        assert answer_to(world, signed, "clearing") == NOT_KNOWN


@pytest.mark.parametrize(("starts", "ends"), [(NOW + DAY, NOW + 2 * DAY), (NOW - 2 * DAY, NOW - DAY)])
def test_a_persons_certificate_counts_in_its_time(world: World, starts: Any, ends: Any) -> None:
    signed = sign_command(NETWORK, suspend(), officer(world, starts=starts, ends=ends))
    assert answer_to(world, signed) == OUT_OF_FORCE


def test_a_person_who_certifies_themselves_is_nobody(world: World) -> None:
    assert answer_to(world, sign_command(NETWORK, suspend(), officer(world, self_signed=True))) == NOT_KNOWN


def test_a_revoked_person_asks_no_more(world: World) -> None:
    """From the next command on, even within the list that holds the revocation."""
    one, two = world.person("clearing", "officer-1"), world.person("clearing", "officer-2")
    commands = [
        sign_command(NETWORK, suspend("bankist"), one),
        revoke(serial_of(one)),
        sign_command(NETWORK, suspend("bankist"), one),
        sign_command(NETWORK, suspend("bankist"), two),
    ]
    batch = world.carry(world.sign("clearing", commands))
    assert batch.answers == ((Answer(""), Answer(""), OUT_OF_FORCE, Answer("")),)
    assert answer_to(world, sign_command(NETWORK, suspend(), one)) == OUT_OF_FORCE


def test_a_revocation_is_for_ones_own_people(world: World) -> None:
    """A bank that revokes an officer of clearing by serial number stops nobody."""
    world.must("banksh", revoke(serial_of(world.person("clearing", "officer-1"))))
    assert answer_to(world, sign_command(NETWORK, suspend(), world.person("clearing", "officer-1"))) == Answer("")


def test_a_signed_command_takes_effect_once(world: World) -> None:
    """Carried again in another list it is answered as before, and does nothing."""
    commands = world.signed("clearing", "officer-1", suspend("bankist"))
    world.carry(world.sign("clearing", commands))
    world.must("clearing", withdraw_ruling("SuspendParticipant/bankist"), by="officer-2")
    ((_, before),) = world.records(Ruling)
    assert world.carry(world.sign("clearing", commands)).codes == [[""]]
    assert [found for _, found in world.records(Ruling)] == [before]


def test_a_payment_that_a_person_signed_settles_once(world: World) -> None:
    """A payment has no command id: its own digest is what the ledger remembers of a person's consent."""
    commands = world.signed("banksh", "officer-1", a_payment("1.00"))
    for _ in range(2):
        assert world.carry(world.sign("banksh", commands)).codes == [[""]]
    other = world.signed("banksh", "officer-2", a_payment("2.00"))
    world.carry(world.sign("banksh", [*commands, *other]))
    assert world.balance("bankist") == 300


def test_a_rejected_payment_that_a_person_signed_stays_rejected(world: World) -> None:
    """The first answer is the answer, though there is money now."""
    payment = a_payment("9000000.00", when_unfunded=WhenUnfunded.REJECT)
    commands = world.signed("banksh", "officer-1", payment)
    assert world.carry(world.sign("banksh", commands)).codes == [[Code.AM04]]
    world.fund("banksh", "9000000.00")
    assert world.carry(world.sign("banksh", commands)).codes == [[Code.AM04]]
    assert world.balance("bankist") == 0


def test_maker_and_checker_are_two_people(world: World) -> None:
    """Not the same officer, nor the same name under another certificate, nor one key under two names."""
    key = ec.generate_private_key(ec.SECP256R1())
    one, other_name = officer(world, key=key), officer(world, key=key, common_name="officer-8")
    same_name = officer(world)
    asked = an_issuance_request("5.00")
    world.must("banksh", asked)
    confirm = sign_command(NETWORK, an_issuance_confirmation(asked.issuance_id), one)
    assert world.carry(world.sign("clearing", [confirm])).codes == [[""]]
    for person in (one, other_name, same_name):
        approve = sign_command(NETWORK, an_issuance_approval(asked.issuance_id), person)
        assert answer_to(world, approve) == Answer(Code.SAME_SIGNER, "issuance_id")
    before = world.balance("banksh")
    approve = sign_command(NETWORK, an_issuance_approval(asked.issuance_id), officer(world, common_name="officer-9"))
    assert world.carry(world.sign("clearing", [approve])).codes == [[""]]
    assert world.balance("banksh") == before + 500
    invariants.check(world)


def test_a_command_id_means_one_command(world: World) -> None:
    """The same content is answered again; other content under the id is refused; other organisations are not met."""
    first = an_issuance_request("5.00")
    world.must("banksh", first)
    assert world.must("banksh", first).codes == [[""]]
    other = msgspec.structs.replace(first, amount="6.00")
    assert world.say("banksh", other) == [Answer(Code.COMMAND_ID_REUSED, "command_id")]
    assert world.say("bankist", other) == [Answer("")]
    assert world.account("banksh").open_items == 1


def test_a_refused_command_leaves_its_id_free(world: World) -> None:
    wanted = an_issuance_request("5.00", currency="EUR")
    assert world.ask("banksh", wanted).codes == [[Code.AC01]]
    assert world.must("banksh", msgspec.structs.replace(wanted, currency="CNY")).codes == [[""]]


@pytest.mark.parametrize("command_id", ["", " ", "x" * 37, "a/b", "é", "a\x00b"])
def test_a_command_id_is_short_and_plain(world: World, command_id: str) -> None:
    wanted = msgspec.structs.replace(an_issuance_request("5.00"), command_id=command_id)
    assert world.say("banksh", wanted) == [Answer(Code.CH16, "command_id")]


def test_a_command_id_is_used_once_within_a_list(world: World) -> None:
    one = suspend("bankist")
    other = msgspec.structs.replace(one, participant="banksh")
    batch = world.ask("clearing", one, one, other, by="officer-1")
    assert batch.codes == [["", "", Code.COMMAND_ID_REUSED]]
