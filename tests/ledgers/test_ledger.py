"""The embedded ledger as a ledger: order, validity, what members see, what is kept and what can be removed."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chaincode import keys
from chaincode.embedded import blocks
from chaincode.embedded.blocks import FeedBlock, Validity
from chaincode.embedded.ledger import RECENT_BLOCKS, EndorsementRefusedError
from chaincode.embedded.store import LEDGER_FILE
from chaincode.embedded.verification import verify
from settlement.errors import Code
from settlement.forms.journals import Journal
from settlement.participants import RevokeCertificates
from tests.builders import a_payment, a_return, an_id
from tests.world import NOW_MS, Batch, World


def feed(world: World, number: int, *collections: str) -> FeedBlock:
    found = world.ledger.feed(number, collections.__contains__)
    assert found is not None
    return found


def paid(world: World, amount: str = "100.00") -> tuple[str, Batch]:
    payment = a_payment(amount)
    return payment.uetr, world.must("banksh", payment)


def test_transactions_that_read_the_same_account_conflict_and_only_the_first_of_them_counts(world: World) -> None:
    first = world.endorse(world.sign("banksh", [a_payment("100.00")]))
    second = world.endorse(world.sign("banksh", [a_payment("200.00")]))
    verdicts = [batch.validity for batch in world.commit(first, second)]
    assert verdicts == [Validity.VALID, Validity.MVCC_READ_CONFLICT]
    assert world.balance("bankist") == 100_00


def test_a_transaction_endorsed_before_a_block_that_changed_what_it_read_does_not_count(world: World) -> None:
    late = world.endorse(world.sign("banksh", [a_payment("200.00")]))
    paid(world, "100.00")
    assert [batch.validity for batch in world.commit(late)] == [Validity.MVCC_READ_CONFLICT]
    assert world.balance("bankist") == 100_00


@pytest.mark.parametrize("meanwhile", [1, RECENT_BLOCKS - 1, RECENT_BLOCKS, RECENT_BLOCKS + 3])
def test_a_thread_that_kept_values_sees_what_others_have_committed_since(world: World, meanwhile: int) -> None:
    with ThreadPoolExecutor(1) as other:
        other.submit(world.endorse, world.sign("banksh", [a_payment("1.00")])).result()
        for _ in range(meanwhile):
            paid(world, "1.00")
        late = other.submit(world.endorse, world.sign("banksh", [a_payment("1.00")])).result()
    assert [batch.validity for batch in world.commit(late)] == [Validity.VALID]
    assert world.balance("bankist") == (meanwhile + 1) * 1_00


def test_a_thread_that_kept_a_value_does_not_use_it_once_it_is_purged(world: World) -> None:
    payment = a_payment("100.00")
    batch = world.must("banksh", payment)
    assert world.say("bankist", a_return(payment, batch.tx_id))[0].code == ""
    world.ledger.purge(keys.journal("bankist", batch.tx_id))
    assert world.say("bankist", a_return(payment, batch.tx_id))[0].code == Code.DATA_MISSING


def test_transactions_that_touch_nothing_in_common_share_a_block(world: World) -> None:
    one = world.endorse(world.sign("banksh", [a_payment("1.00")]))
    other = world.endorse(world.sign("customs", [RevokeCertificates(command_id=an_id(), serials=("1f",))]))
    done = world.commit(one, other)
    assert {batch.block for batch in done} == {world.ledger.height - 1}
    assert [batch.validity for batch in done] == [Validity.VALID, Validity.VALID]


def test_a_transaction_that_comes_twice_counts_once(world: World, directory: Path) -> None:
    endorsed = world.endorse(world.sign("banksh", [a_payment("100.00")]))
    first, again = world.commit(endorsed, endorsed)
    later = world.commit(endorsed)[0]
    assert [each.validity for each in (first, again, later)] == [
        Validity.VALID,
        Validity.DUPLICATE_TXID,
        Validity.DUPLICATE_TXID,
    ]
    status = world.ledger.status(endorsed.endorsed.proposal.tx_id)
    assert status is not None
    assert (status.block, status.validity) == (first.block, Validity.VALID)
    assert verify(directory).is_sound


def test_the_status_of_an_unknown_transaction_is_none(world: World) -> None:
    assert world.ledger.status("ab" * 32) is None


@pytest.mark.parametrize("off_ms", [-300_001, 300_001])
def test_a_time_more_than_300_s_off_the_clock_is_not_endorsed(world: World, off_ms: int) -> None:
    with pytest.raises(EndorsementRefusedError):
        world.endorse(world.sign("banksh", [a_payment()]), timestamp_ms=NOW_MS + off_ms)
    world.endorse(world.sign("banksh", [a_payment()]), timestamp_ms=NOW_MS + off_ms - (off_ms > 0) + (off_ms < 0))


def test_another_networks_proposal_is_not_endorsed(world: World) -> None:
    with pytest.raises(EndorsementRefusedError):
        world.endorse(world.sign("banksh", [a_payment()]), network="elsewhere")


def test_a_member_gets_its_own_collections_values_and_everyones_hashes(world: World) -> None:
    _, batch = paid(world)
    own = feed(world, batch.block, "banksh")
    assert {write.collection for write in own.private} == {"banksh"}
    shown = {(write.collection, write.key): write.value for write in own.block.transactions[0].writes}
    assert {collection for collection, _ in shown} >= {"banksh", "bankist"}
    for write in own.private:
        assert write.value is not None
        assert shown["banksh", blocks.private_key(write.key)] == hashlib.sha256(write.value).digest()
    outsider = feed(world, batch.block, "bankfra")
    assert outsider.private == ()
    assert outsider.body == own.body


def test_the_feed_from_memory_and_from_the_file_are_the_same(world: World, directory: Path) -> None:
    _, batch = paid(world)
    remembered = feed(world, batch.block, "banksh", "bankist")
    world.close()
    again = World(directory, world.members)
    assert not again.ledger.is_recent(batch.block)
    assert feed(again, batch.block, "banksh", "bankist") == remembered
    again.close()


def test_a_block_that_is_not_there_yet_is_none(world: World) -> None:
    assert world.ledger.feed(world.ledger.height, lambda _: True) is None


def test_a_part_that_the_peer_lacks_is_told_as_missing(world: World) -> None:
    _, batch = paid(world)
    found = world.ledger.feed(batch.block, {"banksh", "bankist"}.__contains__, lambda _, name: name == "bankist")
    assert found is not None
    assert found.missing == ((0, "bankist"),)
    assert {write.collection for write in found.private} == {"banksh"}


def test_history_gives_every_value_that_a_key_has_had(world: World) -> None:
    place = keys.sequence("banksh")
    before = world.ledger.history(place)
    _, first = paid(world)
    _, second = paid(world)
    versions = [version for version, _ in world.ledger.history(place)]
    assert versions == [*(version for version, _ in before), (first.block, 0), (second.block, 0)]


def test_history_of_a_key_that_never_was_is_empty(world: World) -> None:
    assert world.ledger.history(keys.sequence("nobody")) == []


def test_a_purged_value_is_gone_from_the_file_and_its_hash_stays(world: World, directory: Path) -> None:
    _, batch = paid(world)
    place = keys.journal("bankist", batch.tx_id)
    value, _ = world.ledger.reader.value(place)
    assert value is not None
    assert world.ledger.purge(place) == 1
    assert world.ledger.history(place) == [((batch.block, 0), None)]
    (purged,) = (write for write in feed(world, batch.block, "bankist").private if write.key == place.key)
    shown = {(each.collection, each.key): each.value for each in feed(world, batch.block).block.transactions[0].writes}
    assert purged.value is None
    assert shown["bankist", blocks.private_key(place.key)] == hashlib.sha256(value).digest()
    for path in directory.iterdir():
        assert value[16:80] not in path.read_bytes(), path
    report = verify(directory)
    assert (report.purged, report.problems) == (1, ())


def test_a_command_that_needs_a_purged_value_is_refused_as_missing_data_and_sinks_nobody(world: World) -> None:
    payment = a_payment("100.00")
    batch = world.must("banksh", payment)
    world.ledger.purge(keys.journal("bankist", batch.tx_id))
    done = world.carry(
        world.sign("bankist", [a_return(payment, batch.tx_id)]), world.sign("banksh", [a_payment("1.00")])
    )
    assert done.codes == [[Code.DATA_MISSING], [""]]


def test_the_other_partys_copy_outlives_a_purge(world: World) -> None:
    _, batch = paid(world)
    world.ledger.purge(keys.journal("bankist", batch.tx_id))
    assert isinstance(world.journal("banksh", batch.tx_id), Journal)


def test_what_was_not_purged_is_in_the_file(world: World, directory: Path) -> None:
    """The search that proves a purge does find a value that is there."""
    _, batch = paid(world)
    value, _ = world.ledger.reader.value(keys.journal("bankist", batch.tx_id))
    assert value is not None
    world.close()
    assert value[16:80] in (directory / LEDGER_FILE).read_bytes()
