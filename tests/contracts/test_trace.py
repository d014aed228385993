"""Every change can be traced: which organisation and certificate asked, in which transaction, when, and why (I14)."""

import hashlib
from collections import defaultdict

from cryptography import x509

from chaincode.embedded import blocks
from chaincode.embedded.blocks import Transaction, Validity
from settlement import canonical
from settlement.commands import DECODER, Signed
from settlement.forms import records
from settlement.forms.consent import list_to_sign
from settlement.forms.journals import Event, Journal, ListProof, asked
from settlement.identity import identify, verify
from settlement.participants import Participant
from settlement.payments.commands import ConfirmCredit, ReturnPayment, SubmitPayment
from settlement.records import Record
from tests.builders import YESTERDAY, a_confirmation, a_payment, a_return, an_issuance_request
from tests.contracts.samples import block, register, revoke, suspend
from tests.contracts.test_accounts import burn
from tests.rulings import ruled
from tests.world import NETWORK, World

BOOKKEEPING = (records.Sequence, records.Certificate, records.Done, records.Secret, Journal)


def live(world: World) -> None:
    """Let a bit of everything happen."""
    payment = a_payment("10.00")
    journal = world.must("banksh", payment, an_issuance_request(), register()).tx_id
    world.must("bankist", a_confirmation(payment, journal), a_return(payment, journal, "4.00"))
    world.must("banksh", a_payment("3.00"), by="officer-1")
    world.ask("banksh", a_payment("1.00", settlement_date=YESTERDAY), a_payment("9000000.00"))
    burn(world, "5.00")
    ruled(world, suspend("bankfra"), block("bankfra", "JPY"))
    world.must("banksh", revoke())


def written(world: World) -> list[tuple[Transaction, dict[tuple[str, str], Record]]]:
    """Give each valid transaction with all that it wrote, as an authority sees it."""
    found = []
    for number, (_, each) in enumerate(world.blocks()):
        feed = world.ledger.feed(number, lambda _: True)
        assert feed is not None
        for position, transaction in enumerate(each.transactions):
            if transaction.validity is not Validity.VALID:
                continue
            writes = {
                ("", write.key.decode()): records.decode(write.value, private=False)
                for write in transaction.writes
                if not write.collection and write.value is not None
            }
            writes |= {
                (write.collection, write.key): records.decode(write.value, private=True)
                for write in feed.private
                if write.position == position and write.value is not None
            }
            found.append((transaction, writes))
    return found


def test_every_change_has_its_author(world: World) -> None:
    """What a transaction changed beside its own bookkeeping, a kept command or a journal's entry accounts for."""
    live(world)
    for transaction, writes in written(world):
        changed = [record for record in writes.values() if not isinstance(record, BOOKKEEPING)]
        done = [record for record in writes.values() if isinstance(record, records.Done)]
        journals = [record for record in writes.values() if isinstance(record, Journal)]
        moments = {record.at_ms for record in done} | {journal.at_ms for journal in journals}
        assert moments <= {transaction.proposal.timestamp_ms}
        founding = any(isinstance(record, records.Ledger) for record in changed)
        told = any(journal.entries for journal in journals)
        assert not changed or founding or done or told
        assert founding == (not done and not told and bool(changed))


def test_a_kept_command_names_organisation_certificate_and_words(world: World) -> None:
    """The record stands in the organisation's collection; what a person signed is there with their consent."""
    live(world)
    seen = 0
    for (collection, _), record in ((place, kept) for _, writes in written(world) for place, kept in writes.items()):
        if not isinstance(record, records.Done):
            continue
        seen += 1
        sender = participant(world, collection)
        command = DECODER.decode(record.command.encode())
        if isinstance(command, Signed):
            identified = identify(command.certificate, sender, record.at_ms)
            inner = command.command.encode()
            verify(identified, command.signature, b"waitan/command/1\n" + NETWORK.encode() + b"\n" + inner)
            assert (record.by, record.serial) == (identified.signer.name, identified.signer.serial)
            assert record.digest == canonical.digest(inner)
        else:
            service = world.service(collection).certificate
            assert record.by == f"gateway.{collection}"
            assert record.serial == f"{x509.load_der_x509_certificate(service).serial_number:x}"
            assert record.digest == canonical.digest(record.command.encode())
    assert seen > 20


def participant(world: World, name: str) -> Participant:
    return next(found for _, found in world.records(Participant) if found.organisation.participant == name)


def test_every_list_can_be_proved_from_what_is_kept(world: World) -> None:
    """Digests and entries give back what the organisation signed; its certificate is kept beside."""
    live(world)
    certificates = {
        (place.collection, hashlib.sha256(kept.der).hexdigest()): kept.der
        for place, kept in world.records(records.Certificate)
    }
    proofs = 0
    for _, writes in written(world):
        for (collection, _), journal in writes.items():
            if not isinstance(journal, Journal):
                continue
            for index, proof in enumerate(journal.lists):
                digests = tuple(digests_of(journal, index, proof))
                der = certificates[collection, proof.certificate]
                identified = identify(der, participant(world, collection), journal.at_ms)
                to_sign = list_to_sign(NETWORK, collection, proof.sequence, digests)
                verify(identified, proof.signature, to_sign)
                proofs += 1
    assert proofs > 15


def digests_of(journal: Journal, index: int, proof: ListProof) -> list[str]:
    by_position = dict(proof.others)
    for entry in journal.entries:
        if entry.list_index == index:
            by_position[entry.position] = canonical.digest(bytes(entry.command))
    return [by_position[position] for position in range(len(by_position))]


def test_an_entry_says_who_asked_and_for_what(world: World) -> None:
    """In both banks' journals: the asking organisation, the command as signed, and a rejection's code."""
    live(world)
    told: defaultdict[Event, set[str]] = defaultdict(set)
    for _, writes in written(world):
        for journal in writes.values():
            for entry in journal.entries if isinstance(journal, Journal) else ():
                assert isinstance(asked(bytes(entry.command)), SubmitPayment | ConfirmCredit | ReturnPayment)
                assert bool(entry.code) is (entry.event is Event.PAYMENT_REJECTED)
                told[entry.event].add(entry.by)
    assert told == {
        Event.PAYMENT_SETTLED: {"banksh"},
        Event.PAYMENT_REJECTED: {"banksh"},
        Event.CREDIT_STATED: {"bankist"},
        Event.PAYMENT_RETURNED: {"bankist"},
    }


def test_history_replays_to_the_same_state(world: World) -> None:
    """All writes in their order give what stands, to the byte."""
    live(world)
    replayed = {}
    for number, (_, each) in enumerate(world.blocks()):
        feed = world.ledger.feed(number, lambda _: True)
        assert feed is not None
        for transaction in each.transactions:
            for write in transaction.writes:
                if not write.collection:
                    replayed["", write.key] = write.value
        for private in feed.private:
            replayed[private.collection, blocks.private_key(private.key)] = private.value
    standing = {
        (place.collection, place.key.encode() if not place.collection else blocks.private_key(place.key)): value
        for place, value in world.state().items()
    }
    assert replayed == standing
