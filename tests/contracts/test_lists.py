"""A list counts once, in its turn, as its organisation's own service signed it."""

from typing import Any

import msgspec
import pytest

from chaincode import dispatch
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.ledger import EndorsementRefusedError
from settlement import canonical
from settlement.errors import Code
from settlement.forms import batches
from settlement.forms.answers import Answer
from settlement.forms.compression import compressed
from settlement.forms.consent import MAX_COMMANDS, SignedList
from tests import invariants
from tests.builders import a_confirmation, a_payment
from tests.certificates import DAY, a_credential, serial_of
from tests.contracts.samples import reinstate, revoke, suspend
from tests.rulings import ruled
from tests.world import NETWORK, NOW, World

BAD_SIGNATURE = Answer(Code.DS0H, "list.signature")
BAD_CERTIFICATE = Answer(Code.AG08, "list.certificate")
OUT_OF_FORCE = Answer(Code.DS0H, "list.certificate")
NOT_NEXT = Answer(Code.SEQUENCE_NOT_NEXT, "list.sequence")
UNKNOWN = Answer(Code.AG08, "list.participant")


def refused_whole(world: World, signed: SignedList, answer: Answer) -> None:
    endorsed = world.endorse(signed)
    assert endorsed.answers == ((answer,) * len(signed.commands),)
    assert not endorsed.writes


def changed(signed: SignedList, **changes: Any) -> SignedList:
    return msgspec.structs.replace(signed, **changes)


def test_a_list_altered_in_any_part_is_refused(world: World) -> None:
    """Participant, number, commands, their order, signature and certificate: each is held by the signature."""
    signed = world.sign("banksh", [a_payment(), a_payment()])
    one, two = signed.commands
    officer = world.person("banksh", "officer-1").certificate
    other = canonical.encode(a_payment())
    flipped = bytes([signed.signature[0] ^ 1]) + signed.signature[1:]
    for alteration, answer in (
        ({"commands": (two, one)}, BAD_SIGNATURE),
        ({"commands": (one,)}, BAD_SIGNATURE),
        ({"commands": (one, two, two)}, BAD_SIGNATURE),
        ({"commands": (one, other)}, BAD_SIGNATURE),
        ({"commands": (one, b"")}, BAD_SIGNATURE),
        ({"sequence": signed.sequence + 1}, BAD_SIGNATURE),
        ({"signature": flipped}, BAD_SIGNATURE),
        ({"signature": b""}, BAD_SIGNATURE),
        ({"certificate": officer}, BAD_CERTIFICATE),
        ({"certificate": b"not a certificate"}, BAD_CERTIFICATE),
        ({"participant": "bankist"}, BAD_CERTIFICATE),
        ({"participant": "nobody"}, UNKNOWN),
        ({"participant": ""}, UNKNOWN),
        ({"participant": "authority"}, UNKNOWN),
    ):
        refused_whole(world, changed(signed, **alteration), answer)
    assert world.carry(signed).codes == [["", ""]]


def test_a_list_counts_once(world: World) -> None:
    """Whoever carries it again, in the same batch or later, it has no second effect."""
    signed = world.sign("banksh", [a_payment("1.00")])
    assert world.carry(signed, signed).answers == ((Answer(""),), (NOT_NEXT,))
    refused_whole(world, signed, NOT_NEXT)
    assert world.balance("bankist") == 100


def test_lists_count_in_their_order(world: World) -> None:
    """The one after next waits for its turn; two in order may share a batch."""
    number = world.last_sequence("banksh") + 1
    first, second, third = (world.sign("banksh", [a_payment("1.00")], sequence=number + step) for step in (0, 1, 2))
    assert world.carry(second, first, third).codes == [[NOT_NEXT.code], [""], [NOT_NEXT.code]]
    assert world.carry(second, third).codes == [[""], [""]]
    assert (world.last_sequence("banksh"), world.balance("bankist")) == (number + 2, 300)


@pytest.mark.parametrize("sequence", [-1, 2**63, 2**64 - 1])
def test_a_number_that_is_not_next_is_refused(world: World, sequence: int) -> None:
    refused_whole(world, world.sign("banksh", [a_payment()], sequence=sequence), NOT_NEXT)


def test_another_organisations_key_signs_for_nobody_else(world: World) -> None:
    theirs = world.service("bankist")
    refused_whole(world, world.sign("banksh", [a_payment()], credential=theirs), BAD_CERTIFICATE)
    own = world.service("banksh")
    mixed = changed(world.sign("banksh", [a_payment()], credential=theirs), certificate=own.certificate)
    refused_whole(world, mixed, BAD_SIGNATURE)


def test_a_certificate_does_not_speak_for_another_organisation(world: World) -> None:
    """The claim of another participant, or of a role that its kind may not certify, is worth nothing."""
    ca = world.members["bankist"].ca
    for claims in (
        {"waitan.participant": "banksh", "waitan.role": "gateway"},
        {"waitan.participant": "bankist", "waitan.role": "clearing_officer"},
    ):
        credential = a_credential(ca, attributes=claims)
        for name in ("banksh", "bankist", "clearing"):
            refused_whole(world, world.sign(name, [a_payment(payer=name)], credential=credential), BAD_CERTIFICATE)


@pytest.mark.parametrize(("starts", "ends"), [(NOW + DAY, NOW + 2 * DAY), (NOW - 2 * DAY, NOW - DAY)])
def test_a_certificate_counts_in_its_time(world: World, starts: Any, ends: Any) -> None:
    credential = a_credential(world.members["banksh"].ca, starts=starts, ends=ends)
    refused_whole(world, world.sign("banksh", [a_payment()], credential=credential), OUT_OF_FORCE)


def test_a_self_signed_certificate_is_refused(world: World) -> None:
    credential = a_credential(world.members["banksh"].ca, self_signed=True)
    refused_whole(world, world.sign("banksh", [a_payment()], credential=credential), BAD_CERTIFICATE)


def test_a_revoked_service_is_refused_and_another_goes_on(world: World) -> None:
    fresh = a_credential(world.members["banksh"].ca)
    world.must("banksh", revoke(serial_of(world.service("banksh"))))
    refused_whole(world, world.sign("banksh", [a_payment()]), OUT_OF_FORCE)
    assert world.carry(world.sign("banksh", [a_payment()], credential=fresh)).codes == [[""]]


def test_consent_given_on_another_network_is_worth_nothing(world: World) -> None:
    refused_whole(world, world.sign("banksh", [a_payment()], network="waitan2"), BAD_SIGNATURE)


def test_a_list_of_refusals_uses_its_number(world: World) -> None:
    """An answer is final: the list cannot be carried again when circumstances have changed."""
    signed = world.sign("banksh", [a_payment("9000000.00")])
    assert world.carry(signed).codes == [[Code.UNFUNDED]]
    world.fund("banksh", "9000000.00")
    refused_whole(world, signed, NOT_NEXT)


def test_a_suspended_bank_originates_nothing(world: World) -> None:
    """It is told so for each command, and what it asked meanwhile does not happen later."""
    ruled(world, suspend("banksh"), at="clearing")
    signed = world.sign("banksh", [a_payment(), a_payment()])
    assert world.carry(signed).answers == ((Answer(Code.AG10, "participant"),) * 2,)
    ruled(world, reinstate("banksh"), at="clearing")
    refused_whole(world, signed, NOT_NEXT)
    assert world.must("banksh", a_payment()).codes == [[""]]


def test_a_suspended_bank_withdraws_a_certificate_and_speaks_of_what_it_received(world: World) -> None:
    """Neither waits for the end of the suspension: a stolen key would sign in the meantime."""
    payment = a_payment("1.00")
    journal = world.must("banksh", payment).tx_id
    ruled(world, suspend("bankist"), at="clearing")
    assert world.must("bankist", revoke(), a_confirmation(payment, journal)).codes == [["", ""]]


def test_one_bad_list_does_not_sink_its_neighbours(world: World) -> None:
    """A forged list, an empty one and one of nonsense share a batch with good ones."""
    forged = changed(world.sign("bankist", [a_payment()]), signature=bytes(64))
    empty = world.sign("bankfra", [])
    nonsense = world.sign("customs", [b"", b"\xff", b"{}", b"[" * 100_000])
    good, other = world.sign("banksh", [a_payment("1.00")]), world.sign("regulator", [revoke()])
    batch = world.carry(forged, good, empty, nonsense, other)
    assert batch.codes == [[Code.DS0H], [""], [], [Code.FF01] * 4, [""]]
    assert (world.balance("bankist"), world.last_sequence("bankfra")) == (100, 0)
    invariants.check(world)


@pytest.mark.parametrize(
    "transient",
    [
        {},
        {dispatch.LISTS: msgspec.msgpack.encode(())},
        {dispatch.ANSWER_KEY: bytes(32)},
        {dispatch.LISTS: b"", dispatch.ANSWER_KEY: bytes(32)},
        {dispatch.LISTS: b"\xc1", dispatch.ANSWER_KEY: bytes(32)},
        {dispatch.LISTS: msgspec.msgpack.encode(()), dispatch.ANSWER_KEY: bytes(32)},
        {dispatch.LISTS: msgspec.msgpack.encode([["banksh", 1, [], b"", b""]]), dispatch.ANSWER_KEY: bytes(32)},
        {dispatch.LISTS: msgspec.msgpack.encode([["banksh", "1", [b""], b"", b""]]), dispatch.ANSWER_KEY: bytes(32)},
        {dispatch.LISTS: msgspec.msgpack.encode([["banksh", 1, [b""], b"", b""]]), dispatch.ANSWER_KEY: bytes(31)},
        {batches.PACKED_LISTS: b"", dispatch.ANSWER_KEY: bytes(32)},
        {
            batches.PACKED_LISTS: msgspec.msgpack.encode([["banksh", 1, [b""], b"", b""]]),
            dispatch.ANSWER_KEY: bytes(32),
        },
        {batches.PACKED_LISTS: compressed(b"\xc1"), dispatch.ANSWER_KEY: bytes(32)},
        {batches.PACKED_LISTS: compressed(bytes(batches.MAX_BYTES + 1)), dispatch.ANSWER_KEY: bytes(32)},
        {batches.PACKED_LISTS: compressed(bytes(100))[:-1], dispatch.ANSWER_KEY: bytes(32)},
    ],
)
def test_an_envelope_that_cannot_be_read_is_no_transaction(world: World, transient: dict[str, bytes]) -> None:
    proposal = Proposal("waitan", b"courier", b"nonce", world.clock())
    with pytest.raises(dispatch.MalformedBatchError):
        world.ledger.endorse(proposal, transient)


def test_compressed_lists_are_the_lists(world: World) -> None:
    lists = (world.sign("banksh", [a_payment("1.00"), a_payment("2.00")]), world.sign("regulator", [revoke()]))
    proposal, key = Proposal(NETWORK, world.service("clearing").certificate, b"nonce", world.clock()), bytes(32)
    plain, packed = (
        world.ledger.endorse(proposal, batches.transient(lists, key, is_packed=is_packed))
        for is_packed in (False, True)
    )
    assert packed == plain


def test_a_batch_has_at_most_1000_commands(world: World) -> None:
    commands = [a_payment("0.01") for _ in range(MAX_COMMANDS + 1)]
    with pytest.raises(dispatch.MalformedBatchError):
        world.endorse(world.sign("banksh", commands))
    assert world.carry(world.sign("banksh", commands[1:])).codes == [[""] * MAX_COMMANDS]
    assert world.balance("bankist") == MAX_COMMANDS


@pytest.mark.parametrize(("off_ms", "good"), [(300_000, True), (-300_000, True), (300_001, False), (-300_001, False)])
def test_a_transaction_tells_the_time_within_five_minutes(world: World, off_ms: int, *, good: bool) -> None:
    """The endorser holds the courier's claim against its own clock, which it never writes (M7)."""
    signed = world.sign("banksh", [a_payment()])
    at_ms = world.clock() + off_ms
    if not good:
        with pytest.raises(EndorsementRefusedError, match="300 s"):
            world.endorse(signed, timestamp_ms=at_ms)
        return
    batch = world.carry(signed, timestamp_ms=at_ms)
    journal = world.journal("banksh", batch.tx_id)
    assert journal is not None
    assert journal.at_ms == at_ms


def test_a_proposal_for_another_network_is_refused(world: World) -> None:
    with pytest.raises(EndorsementRefusedError, match="network"):
        world.endorse(world.sign("banksh", [a_payment()]), network="waitan2")
