"""The regulator's reads on the ledger: with each organisation whose data they may show, and nowhere else."""

import pytest
from msgspec.structs import replace

from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.supervision import READS_MAX, RecordReads, SupervisoryReads
from tests.contracts.samples import a_reading
from tests.world import World


def test_each_organisation_is_told_of_its_own(world: World) -> None:
    """What concerns two stands with both, each time without a word of the other's."""
    both, one = a_reading("banksh", "bankist", subject="S-1"), a_reading("banksh", subject="S-2")
    command = replace(both, reads=(*both.reads, *one.reads))
    world.must("regulator", command)
    found = {place.collection: record for place, record in world.records(SupervisoryReads)}
    assert {name: [each.subject for each in record.reads] for name, record in found.items()} == {
        "banksh": ["S-1", "S-2"],
        "bankist": ["S-1"],
    }
    assert {record.at_ms for record in found.values()} == {world.clock.now_ms}


def test_whom_it_concerns_must_be_on_the_ledger(world: World) -> None:
    assert world.say("regulator", a_reading("banksh", "nobody")) == [Answer(Code.NOT_FOUND, "reads.participants")]


@pytest.mark.parametrize(
    ("command", "code", "where"),
    [
        (replace(a_reading(), reads=()), Code.CH21, "reads"),
        (replace(a_reading(), reads=a_reading().reads * (READS_MAX + 1)), Code.CH17, "reads"),
        (a_reading("banksh", "banksh"), Code.CH16, "reads.0.participants"),
        (a_reading("Bank SH"), Code.CH16, "reads.0.participants"),
        (a_reading(by="ab"), Code.CH16, "reads.0.read.by"),
        (a_reading(question=""), Code.CH21, "reads.0.read.question"),
        (a_reading(subject="\u202e"), Code.CH16, "reads.0.read.subject"),
        (a_reading(reason="x" * 141), Code.CH16, "reads.0.read.reason"),
        (a_reading(times=0), Code.CH16, "reads.0.read.times"),
    ],
)
def test_what_is_not_in_order_is_refused(world: World, command: RecordReads, code: Code, where: str) -> None:
    assert world.say("regulator", command) == [Answer(code, where)]
