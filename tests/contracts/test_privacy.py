"""What is whose: canaries and hashed names are found nowhere outside the collections of their parties (P1, P2)."""

import hashlib
import json
from collections.abc import Iterator
from itertools import product

import pytest
from msgspec.structs import replace

from chaincode import keys
from chaincode.embedded import blocks
from chaincode.embedded.blocks import Validity
from chaincode.port import Place
from settlement.errors import Code, Refusal
from settlement.forms import records
from settlement.forms.journals import Journal
from settlement.forms.records import SALT_BYTES
from settlement.payments.commands import WhenUnfunded
from tests.builders import (
    a_confirmation,
    a_payment,
    a_return,
)
from tests.certificates import serial_of
from tests.contracts.canaries import CANARIES, UETR, live
from tests.contracts.samples import LEI
from tests.guesses import guessed, guesses
from tests.world import World

MEMBERS_ONLY = ("banksh", "bankist", "bankfra", "clearing", "regulator", "customs", keys.AUTHORITY)


def readable(world: World) -> Iterator[tuple[str, bytes]]:
    """Give every private value ever written: its collection, and its bytes with journals uncompressed."""
    for number in range(world.ledger.height):
        feed = world.ledger.feed(number, lambda _: True)
        assert feed is not None
        for write in feed.private:
            value = write.value or b""
            record = records.decode(value, private=True)
            if isinstance(record, Journal):
                value += b"".join(bytes(entry.command) for entry in record.entries)
                value += json.dumps([entry.code for entry in record.entries]).encode()
            yield write.collection, value


def test_every_canary_sings_where_it_belongs_and_nowhere_else(world: World) -> None:
    """In each of its parties' collections, in no other, and not in one block's public part.

    An issuance's and a redemption's references stand with the officers' commands in clearing's collection too.
    """
    live(world)
    bodies = [body for body, _ in world.blocks()]
    private = list(readable(world))
    for canary in CANARIES:
        text = canary.text.encode()
        assert not any(text in body for body in bodies), canary.text
        found = {collection for collection, value in private if text in value}
        if canary.text == "CANARY-ISSUANCE":
            assert found == {"banksh", "clearing"}
        else:
            assert found == canary.collections, canary.text


def test_an_outsider_gets_nothing_but_its_own(world: World) -> None:
    """A bank's feed holds its own collection's values and no others; of the rest it sees hashes."""
    live(world)
    for name in ("bankfra", "customs"):
        for number in range(world.ledger.height):
            feed = world.ledger.feed(number, name.__eq__)
            assert feed is not None
            assert {write.collection for write in feed.private} <= {name}
            dump = feed.body + b"".join(write.value or b"" for write in feed.private)
            others = [canary for canary in CANARIES if name not in canary.collections]
            assert not any(canary.text.encode() in dump for canary in others)


def natural_ids(world: World) -> set[str]:
    """Name all that somebody could guess: organisations, BICs, currencies, accounts, ids of this run."""
    names = {profile.participant for profile in (member.profile for member in world.members.values())}
    bics = {member.profile.bic for member in world.members.values() if member.profile.bic}
    ids = names | bics | {"CNY", "JPY", "EUR", UETR, LEI, "91350100M000100Y43", "CANARY-ISSUANCE", "authority", "cash"}
    ids |= {canary.text for canary in CANARIES} | {"issuer", "CNY|cash", "CNY|issuer", "JPY|cash", "JPY|issuer"}
    ids |= {f"{name}|{currency}" for name, currency in product(names | bics, ("CNY", "JPY"))}
    ids |= {serial_of(world.service(name)) for name in names}
    ids |= {world.service(name).fingerprint for name in names}
    for place, value in world.state().items():
        record = records.decode(value, private=bool(place.collection))
        for field in (
            "command_id",
            "issuance_id",
            "redemption_id",
            "initiation_id",
            "message_id",
            "uetr",
            "identifier",
            "record_id",
            "number",
        ):
            if text := getattr(record, field, ""):
                ids.add(str(text))
        if isinstance(record, records.Done):
            ids.add(str(json.loads(record.command).get("command_id", record.digest)))
    return ids


def kinds(world: World) -> set[str]:
    """Give every prefix that a key has, and some that one might have had."""
    used = {place.key.partition("/")[0] for place in world.state()}
    return used | {
        "",
        "account",
        "payment",
        "customer",
        "issuance",
        "redemption",
        "command",
        "certificate",
        "uetr",
        "initiation",
        "contract",
        "bill_of_lading",
        "undertaking",
        "awaited",
        "awaited_documents",
        "budget",
        "financing",
        "invoice",
        "document",
    }


def test_no_key_can_be_guessed(world: World) -> None:
    """No natural id, under any prefix and separator, plain or digested, hashes to a private key on any block."""
    live(world)
    transactions = [transaction for _, block in world.blocks() for transaction in block.transactions]
    shown = {write.key for transaction in transactions for write in transaction.writes if write.collection}
    shown |= {read.key for transaction in transactions for read in transaction.reads if read.collection}
    assert len(shown) > 40
    assert len(list(guesses(kinds(world), natural_ids(world)))) > 2_000
    assert guessed(shown, kinds(world), natural_ids(world)) == []


def test_a_private_key_is_a_constant_a_transaction_or_a_mac(world: World) -> None:
    live(world)
    for place in world.state():
        if not place.collection:
            continue
        kind, _, rest = place.key.partition("/")
        assert (kind, rest) in {("secret", ""), ("sequence", "")} or (len(rest) == 64 and int(rest, 16) >= 0)
        assert kind in kinds(world)


def test_no_key_stands_in_two_collections(world: World) -> None:
    """The same natural id has another key in each collection: who knows one collection's secret knows no other's."""
    live(world)
    hidden = [
        place.key
        for place in world.state()
        if place.collection and place.key.partition("/")[0] not in {"secret", "sequence", "journal"}
    ]
    assert len(hidden) == len(set(hidden)) > 30


def test_no_two_salts_are_the_same(world: World) -> None:
    """Each key in each transaction has its own, so equal values never show equal hashes."""
    live(world)
    salts = [value[:SALT_BYTES] for _, value in readable(world)]
    assert len(salts) == len(set(salts)) > 100


def test_a_value_hash_says_nothing_without_the_secret(world: World) -> None:
    """Who guesses the record to the byte still does not find its hash: the salt is a MAC of key and transaction."""
    world.must("banksh", a_payment("1.00"))
    place = world.hidden("bankist", "account", "CNY|cash")
    value, version = world.ledger.reader.value(place)
    assert value is not None
    assert version is not None
    transaction = list(world.blocks())[version.block][1].transactions[version.position]
    shown = {write.value for write in transaction.writes if write.collection == "bankist"}
    assert blocks.shown_value(place, value) in shown
    body, tx_id = value[SALT_BYTES:], transaction.proposal.tx_id
    guesses = [b"", bytes(SALT_BYTES), tx_id.encode()[:SALT_BYTES], bytes.fromhex(tx_id)[:SALT_BYTES]]
    guesses += [keys.salt(world.secret(name), tx_id, place.key) for name in ("banksh", "bankfra", "clearing")]
    assert not any(hashlib.sha256(guess + body).digest() in shown for guess in guesses)
    own = keys.salt(world.secret("bankist"), tx_id, place.key)
    assert hashlib.sha256(own + body).digest() in shown


def test_a_response_tells_the_courier_alone(world: World) -> None:
    """Sealed under a key of this attempt, of one length whatever was said, with neither code nor canary in it."""
    good = world.endorse(world.sign("banksh", [a_payment("1.00")]))
    bad = world.endorse(world.sign("banksh", [a_payment("8888888.88", remittance="CANARY REFUSED")]))
    assert len(good.endorsed.response) == len(bad.endorsed.response)
    for text in (b"UNFUNDED", b"amount", b"CANARY"):
        assert text not in bad.endorsed.response


@pytest.mark.parametrize("amount", ["8888888.88", "1e3", "CANARY REFUSED"])
def test_an_answer_names_the_field_and_not_its_value(world: World, amount: str) -> None:
    """The path of a field is one of ours; nothing that was asked comes back in it, nor in an error's text."""
    payment = a_payment(amount, payee="CANARY PAYEE", remittance="CANARY REFUSED")
    for command in (payment, replace(payment, payee="bankist"), replace(payment, payee="bankist", currency="ABC")):
        answer = world.say("banksh", command)[0]
        assert answer.code
        assert "CANARY" not in answer.where
        assert amount not in str(Refusal(Code(answer.code), answer.where))


def test_a_stranger_to_a_payment_is_told_what_it_is_told_of_nothing(world: World) -> None:
    """A third bank that names a real payment hears the same as for one that never was."""
    payment = a_payment("1.00")
    journal = world.must("banksh", payment).tx_id
    real = [a_confirmation(payment, journal, payee="bankfra"), a_return(payment, journal, payee="bankfra")]
    never = a_payment("1.00", payee="bankfra")
    unreal = [a_confirmation(never, "00" * 32), a_return(never, "00" * 32)]
    assert world.say("bankfra", *real) == world.say("bankfra", *unreal)


def test_a_rejection_touches_nothing_of_its_payee(world: World) -> None:
    """On the block there is no write to the payee's collection: it cannot know that it was to be paid."""
    batch = world.ask("banksh", a_payment("7777777.77", when_unfunded=WhenUnfunded.REJECT))
    transaction = list(world.blocks())[batch.block][1].transactions[0]
    assert transaction.validity is Validity.VALID
    assert {write.collection for write in transaction.writes} == {"banksh"}
    assert world.journal("bankist", batch.tx_id) is None
    assert all(place.collection in {*MEMBERS_ONLY, ""} for place in world.state())
    assert Place("bankist", f"journal/{batch.tx_id}") not in world.state()
