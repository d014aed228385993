"""`verify` finds what is wrong with a ledger, and names the block and the record."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from chaincode import keys
from chaincode.contracts import places
from chaincode.embedded import blocks
from chaincode.embedded.blocks import Validity, Write
from chaincode.embedded.faults import LedgerCorruptError
from chaincode.embedded.ledger import Signed
from chaincode.embedded.reader import Reader
from chaincode.embedded.store import HEAD_FILE, LEDGER_FILE
from chaincode.embedded.verification import Progress, Stage, Verification, verify
from chaincode.port import Place
from settlement.accounts.account import Account
from settlement.forms import records
from settlement.forms.journals import Journal
from settlement.forms.records import Sequence
from settlement.payments.commands import WhenUnfunded
from settlement.records import Command, Record
from storage.checked_files import open_to_read
from tests.builders import a_conditional_payment, a_confirmation, a_payment, a_redemption_request, a_return
from tests.ledgers.tampering import flip, flip_within, rewrite
from tests.world import Endorsement, World


@pytest.fixture
def busy(world: World) -> World:
    """A ledger with one of everything: settled, rejected, confirmed, returned, signed by a person, conflicting."""
    payment = a_payment("100.00")
    batch = world.must("banksh", payment)
    world.must("bankist", a_confirmation(payment, batch.tx_id))
    world.must("bankist", a_return(payment, batch.tx_id, "40.00"))
    world.ask("banksh", a_payment("9999999.00", when_unfunded=WhenUnfunded.REJECT), a_payment("7.00"))
    world.must("banksh", a_payment("3.00"), by="officer-1")
    world.must("banksh", a_redemption_request("50.00"))
    conflicting = [world.endorse(world.sign("banksh", [a_payment("1.00")])) for _ in range(2)]
    world.commit(*conflicting)
    return world


def problems(directory: Path) -> str:
    return "\n".join(verify(directory).problems)


def test_a_sound_ledger_is_proved_and_counted(busy: World, directory: Path) -> None:
    report = verify(directory)
    assert report.problems == ()
    assert report.is_sound
    assert (report.settled, report.rejected, report.returned) == (4, 1, 1)
    assert (report.blocks, report.transactions) == (busy.ledger.height, busy.ledger.height + 1)
    assert (report.invalid, report.purged, report.network) == (1, 0, "waitan")
    assert report.currencies == ("CNY", "JPY")


def test_a_closed_ledger_is_proved_too(busy: World, directory: Path) -> None:
    busy.close()
    assert verify(directory).is_sound


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_file_that_is_empty_or_gone_is_told_as_lost_and_not_as_another_programs(
    busy: World, directory: Path, is_gone: bool
) -> None:
    busy.close()
    (directory / LEDGER_FILE).unlink()
    if not is_gone:
        (directory / LEDGER_FILE).touch()
    with pytest.raises(LedgerCorruptError, match=f"empty or gone, but {busy.ledger.height} blocks were committed"):
        verify(directory)


def test_progress_ends_where_it_says(busy: World, directory: Path) -> None:
    told = list(Verification(directory))
    assert Progress(Stage.BLOCKS, busy.ledger.height, busy.ledger.height) in told
    assert told[-1] == Progress(Stage.PAGES, 1, 1)


def test_a_ledger_that_grows_meanwhile_is_proved_as_it_stood(busy: World, directory: Path) -> None:
    height = busy.ledger.height
    verification = Verification(directory)
    for progress in verification:
        if progress.stage is Stage.BLOCKS and progress.done % 5 == 0:
            busy.must("banksh", a_payment("1.00"))
    assert verification.report.problems == ()
    assert height <= verification.report.blocks < busy.ledger.height


# Bytes that change on disk


def test_a_flipped_byte_of_a_private_value_names_block_and_record(busy: World, directory: Path) -> None:
    batch = busy.must("banksh", a_payment("5.00"))
    place = keys.journal("bankist", batch.tx_id)
    value, _ = busy.ledger.reader.value(place)
    assert value is not None
    busy.close()
    flip_within(directory / LEDGER_FILE, value)
    told = problems(directory)
    assert f"block {batch.block}, transaction 0: the value of bankist {place.key} is not what the block says" in told
    assert f"the books were not checked from block {batch.block} on" in told


@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_byte_anywhere_in_the_file_is_found(busy: World, directory: Path, seed: int) -> None:
    busy.close()
    size = (directory / LEDGER_FILE).stat().st_size
    flip(directory / LEDGER_FILE, 100 + (size - 100) * seed // 12, 1 << seed % 8)
    assert problems(directory)


# Rows that change, by one who knows SQLite

ROWS = {
    "a value": ("UPDATE writes SET value = zeroblob(9) WHERE id = 40", "is not what the block says"),
    "a value and its hash": ("UPDATE writes SET value = x'00', hash = x'6e' WHERE id = 40", "is not what the block"),
    "a hash alone": ("UPDATE writes SET hash = x'6e' WHERE id = 40", "is not what the block says"),
    "a key": ("UPDATE writes SET key = key || '0' WHERE id = 40", "the keys kept are not those"),
    "a write gone": ("DELETE FROM writes WHERE id = 40", "the keys kept are not those"),
    "a block's bytes": ("UPDATE blocks SET body = zeroblob(9) WHERE number = 5", "its bytes do not give its hash"),
    "a block gone": ("DELETE FROM blocks WHERE number = 5", "block 5 is not there"),
    "the last block gone": (
        "DELETE FROM blocks WHERE number = (SELECT max(number) FROM blocks)",
        "blocks were committed, the ledger ends at",
    ),
    "an older value in the state": (
        """UPDATE state SET write = (SELECT previous FROM writes WHERE id = write)
        WHERE collection = 'banksh' AND key = 'sequence'""",
        "the state of banksh sequence is not what the blocks give",
    ),
    "a key out of the state": ("DELETE FROM state WHERE key = 'sequence' AND collection = 'banksh'", "the blocks give"),
    "a key more in the state": ("INSERT INTO state VALUES ('banksh', 'a', 1)", "the state of banksh a is not"),
    "a transaction's place": ("UPDATE transactions SET position = 1 WHERE block = 3", "the index of transactions"),
    "a transaction forgotten": ("DELETE FROM transactions WHERE block = 3", "the index of transactions"),
    "the network's name": ("UPDATE ledger SET network = 'other'", "the file is named 'other'"),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_changed_row_is_found(busy: World, directory: Path, case: str) -> None:
    statement, told = ROWS[case]
    busy.close()
    assert rewrite(directory, statement) >= 1
    assert told in problems(directory)


def rewrite_block(directory: Path, number: int, change: Callable[[blocks.Block], blocks.Block]) -> None:
    """Replace a block by another with a true hash, and note that as what was committed if it is the last."""
    reader = Reader(open_to_read(directory / LEDGER_FILE), directory / LEDGER_FILE)
    found, height = reader.block(number), reader.height()
    reader.connection.close()
    assert found is not None
    body = blocks.encode(change(blocks.decode(found[1])))
    digest = blocks.block_hash(body)
    rewrite(directory, "UPDATE blocks SET body = ?, hash = ? WHERE number = ?", body, digest, number)
    if number == height - 1:
        (directory / HEAD_FILE).unlink()


def marked(block: blocks.Block, position: int, validity: Validity) -> blocks.Block:
    changed = list(block.transactions)
    changed[position] = replace(changed[position], validity=validity)
    return replace(block, transactions=tuple(changed))


def test_a_block_that_is_replaced_whole_no_longer_carries_the_next(busy: World, directory: Path) -> None:
    number = busy.ledger.height - 2
    busy.close()
    rewrite_block(directory, number, lambda block: replace(block, previous_hash=bytes(32)))
    told = problems(directory)
    assert f"block {number} does not follow block {number - 1}" in told
    assert f"block {number + 1} does not follow block {number}" in told


def test_a_conflict_passed_off_as_valid_is_found(busy: World, directory: Path) -> None:
    number = busy.ledger.height - 1
    busy.close()
    rewrite_block(directory, number, lambda block: marked(block, 1, Validity.VALID))
    told = f"block {number}, transaction 1 is marked VALID, what it read makes it MVCC_READ_CONFLICT"
    assert told in problems(directory)


def test_a_valid_transaction_passed_off_as_a_conflict_is_found(busy: World, directory: Path) -> None:
    number = busy.ledger.height - 1
    busy.close()
    rewrite_block(directory, number, lambda block: marked(block, 0, Validity.MVCC_READ_CONFLICT))
    assert f"block {number}, transaction 0 is marked MVCC_READ_CONFLICT" in problems(directory)


# A dishonest endorser: what it writes is in order as far as blocks go


def forged(world: World, endorsed: Endorsement, place: Place, change: Callable[[Record], Record | None]) -> Endorsement:
    """Change a record that a batch writes, and all that follows from it; None leaves it out."""
    said = endorsed.endorsed
    values = dict(said.values)
    value = values.pop(place)
    assert value is not None
    record = change(records.decode(value, private=True))
    if record is not None:
        values[place] = records.encode(record, value[: records.SALT_BYTES])
    ordered = dict(sorted(values.items()))
    writes = tuple(Write(p.collection, blocks.shown_key(p), blocks.shown_value(p, v)) for p, v in ordered.items())
    return endorsed._replace(endorsed=said._replace(values=ordered, writes=writes))


def account_of(world: World, participant: str) -> Place:
    return places.account_place(participant, world.secret(participant), "CNY")


def raised(record: Record) -> Record:
    assert isinstance(record, Account)
    return replace(record, posted_minor=record.posted_minor + 1)


def overdrawn(record: Record) -> Record:
    assert isinstance(record, Account)
    return replace(record, posted_minor=-1)


def untold(record: Record) -> Record:
    assert isinstance(record, Journal)
    return replace(record, entries=())


def unsigned(record: Record) -> Record:
    assert isinstance(record, Journal)
    return replace(record, lists=tuple(replace(proof, signature=bytes(64)) for proof in record.lists))


def unlisted(record: Record) -> Record:
    assert isinstance(record, Journal)
    return replace(record, lists=())


def skipped(record: Record) -> Record:
    assert isinstance(record, Journal)
    return replace(record, lists=tuple(replace(proof, sequence=proof.sequence + 1) for proof in record.lists))


def later(record: Record) -> Record:
    assert isinstance(record, Journal)
    return replace(record, at_ms=record.at_ms + 1)


def restarted(record: Record) -> Record:
    assert isinstance(record, Sequence)
    return replace(record, number=1)


def dearer(record: Record) -> Record:
    """Change an amount in the journal of one party, after its bank has signed."""
    assert isinstance(record, Journal)
    (entry,) = record.entries
    raw = bytes(entry.command).replace(b'"amount":"100.00"', b'"amount":"900.00"')
    return replace(record, entries=(replace(entry, command=msgspec.Raw(raw)),))


JOURNAL = "journal"
FORGERIES = {
    "money made of nothing": (
        raised,
        "account",
        "bankist",
        "account of bankist in CNY moved by 10001 minor units",
    ),
    "an overdraft": (overdrawn, "account", "banksh", "the account of banksh in CNY holds -1 minor units"),
    "a payment kept from its payee": (untold, JOURNAL, "bankist", "is told in the journal of banksh"),
    "a payment kept from its payer": (untold, JOURNAL, "banksh", "is told in the journal of bankist"),
    "a list without its signature": (unsigned, JOURNAL, "banksh", "the signature of banksh on its list"),
    "a payment that no list asked for": (unlisted, JOURNAL, "banksh", "has entries of banksh that no list proves"),
    "a list out of its turn": (skipped, JOURNAL, "banksh", "of banksh is out of its sequence"),
    "another time": (later, JOURNAL, "banksh", "tells another time than its transaction"),
    "numbers that begin anew": (restarted, "sequence", "banksh", "went back to 1"),
    "an amount changed after signing": (dearer, JOURNAL, "banksh", "the signature of banksh on its list"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_what_a_dishonest_endorser_writes_is_found(world: World, directory: Path, case: str) -> None:
    change, kind, participant, told = FORGERIES[case]
    world.must("banksh", a_payment("2.00"))
    world.must("banksh", a_payment("2.00"))
    endorsed = world.endorse(world.sign("banksh", [a_payment("100.00")]))
    (place,) = (
        place for place in endorsed.writes if place.collection == participant and place.key.split("/")[0] == kind
    )
    (batch,) = world.commit(forged(world, endorsed, place, change))
    assert f"block {batch.block}, transaction 0: " in problems(directory)
    assert told in problems(directory)


def set_aside(record: Record) -> Record:
    assert isinstance(record, Account)
    return replace(record, reserved_minor=record.reserved_minor + 1)


def set_free(record: Record) -> Record:
    assert isinstance(record, Account)
    return replace(record, reserved_minor=0)


@pytest.mark.parametrize(
    ("asked", "change", "told"),
    [
        (
            a_payment("100.00"),
            set_aside,
            "changed by 1 minor units, its redemptions and conditional payments explain 0",
        ),
        (a_conditional_payment("100.00"), set_free, "changed by 0 minor units"),
        (a_redemption_request("100.00"), set_free, "changed by 0 minor units"),
    ],
    ids=["set aside for nothing", "an undertaking to spend", "a redemption to spend"],
)
def test_a_reservation_that_nothing_explains_is_found(
    world: World, directory: Path, asked: Command, change: Callable[[Record], Record], told: str
) -> None:
    """And one that is missing: the money that a bank has undertaken to pay could be spent."""
    endorsed = world.endorse(world.sign("banksh", [asked]))
    (batch,) = world.commit(forged(world, endorsed, account_of(world, "banksh"), change))
    assert f"block {batch.block}, transaction 0: what is reserved on the account of banksh" in problems(directory)
    assert told in problems(directory)


def test_money_made_of_nothing_leaves_its_currency_out_of_balance(world: World, directory: Path) -> None:
    endorsed = world.endorse(world.sign("banksh", [a_payment("100.00")]))
    world.commit(forged(world, endorsed, account_of(world, "bankist"), raised))
    assert "the accounts in CNY sum to 1 minor units, not to 0" in problems(directory)
    assert "CNY" not in verify(directory).currencies


def test_a_transaction_that_its_creator_has_not_signed_is_found(world: World, directory: Path) -> None:
    endorsed = world.endorse(world.sign("banksh", [a_payment()])).endorsed
    world.ledger.commit([Signed(endorsed, bytes(64))])
    assert f"block {world.ledger.height - 1}, transaction 0: its creator's signature" in problems(directory)


def test_a_transaction_carried_by_a_person_is_found(world: World, directory: Path) -> None:
    endorsed = world.endorse(world.sign("banksh", [a_payment()])).endorsed
    officer = world.person("banksh", "officer-1")
    said = endorsed._replace(proposal=replace(endorsed.proposal, creator=officer.certificate))
    to_sign = blocks.to_sign(said.proposal, said.reads, said.writes, said.response)
    world.ledger.commit([Signed(said, officer.sign(to_sign))])
    assert "its creator is no participant's service" in problems(directory)


def test_many_problems_are_counted_but_not_all_told(busy: World, directory: Path) -> None:
    busy.close()
    rewrite(directory, "UPDATE writes SET hash = x'6e'")
    told = verify(directory).problems
    assert len(told) == 101
    assert told[-1].startswith("and ")
