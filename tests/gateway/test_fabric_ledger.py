"""The adapter over Fabric where peers hang, lie, lag, lose what they were sent, or lack what they should have."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import grpc
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.config import load
from gateway.credentials import read
from gateway.fabric_client import Deadlines, Identity, ValidationCode, key_signer
from gateway.ledger import fabric, fabric_status, fabric_ways
from gateway.ledger.port import BatchConflictError, LedgerUnreachableError, OutcomeUnknownError
from gateway.serving import fabric_ledger
from settlement.forms.consent import SignedList
from tests.closing import closing
from tests.fakes.fabric_gateway import Refusal
from tests.gateway.fabric_house import PATIENT, FabricHouse, a_fabric_house, a_ledger, msp

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNAVAILABLE = Refusal(grpc.StatusCode.UNAVAILABLE, "no orderers could successfully process transaction")
NOT_TAKEN = Refusal(grpc.StatusCode.ABORTED, "no leader")
TOO_FEW = Refusal(grpc.StatusCode.UNAVAILABLE, "insufficient number of orderers could successfully process transaction")
A_LIST = SignedList("banksh", 1, (b"{}",), b"", b"")
"""A list that the contracts refuse: it makes a transaction all the same."""
SOON = Deadlines(endorse_s=2.0, submit_s=2.0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FabricHouse]:
    async with a_fabric_house(tmp_path_factory.mktemp("fabric"), clearing=2, regulator=2, banksh=2) as house:
        yield house


@pytest.fixture
def house(opened: FabricHouse) -> Iterator[FabricHouse]:
    """A network whose peers are all well."""
    yield opened
    opened.mend()


async def test_a_peer_that_hangs_costs_one_batch_its_patience_and_is_then_asked_last(house: FabricHouse) -> None:
    house.peer("clearing").faults.hold["Endorse"] = asyncio.Event()
    before = house.called("clearing", "Endorse")
    async with a_ledger(house, SOON) as ledger:
        for _ in range(3):
            await ledger.carry([A_LIST])
    assert house.called("clearing", "Endorse") == before + 1


async def test_a_peer_that_hangs_delays_a_batch_by_no_more_than_its_silence(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabric_ways, "SILENT_S", 3.0)
    house.peer("clearing").faults.hold["Endorse"] = asyncio.Event()
    before = house.called("clearing", "Endorse")
    async with a_ledger(house, PATIENT) as ledger, asyncio.timeout(PATIENT.endorse_s / 2):
        for _ in range(3):
            await ledger.carry([A_LIST])
    assert house.called("clearing", "Endorse") == before + 1


async def test_a_slow_peer_whose_answer_comes_before_the_next_ones_has_endorsed(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabric_ways, "SILENT_S", 0.5)
    held = {name: asyncio.Event() for name in ("clearing", "regulator")}
    for name, event in held.items():
        for number in (0, 1):
            house.peer(name, number).faults.hold["Endorse"] = event
    height = len(house.channel.blocks)
    async with a_ledger(house, PATIENT) as ledger, asyncio.timeout(PATIENT.endorse_s / 2):
        carrying = asyncio.create_task(ledger.carry([A_LIST]))
        while not house.called("clearing", "Endorse", 1):  # noqa: ASYNC110 - another task's progress
            await asyncio.sleep(0.01)
        held["clearing"].set()
        await carrying
    assert len(house.channel.blocks) == height + 1


async def test_a_batch_names_both_authorities(house: FabricHouse) -> None:
    """Where nobody is named a peer's gateway has it run on its own peer first, with all that is private in it."""
    before = len(house.peer("banksh").calls)
    async with a_ledger(house, participant="banksh") as ledger:
        await ledger.carry([A_LIST])
    named = [
        set(request.endorsing_organizations)
        for name, request in house.peer("banksh").calls[before:]
        if name == "Endorse"
    ]
    assert named == [{msp("clearing"), msp("regulator")}]


async def test_a_transaction_whose_submission_was_cut_is_found_and_stands_once(house: FabricHouse) -> None:
    house.peer("clearing").faults.cut_after_submit = True
    height = len(house.channel.blocks)
    async with a_ledger(house) as ledger:
        carried = await ledger.carry([A_LIST])
    assert (carried.block, len(house.channel.blocks)) == (height, height + 1)


async def test_an_orderer_that_hangs_delays_no_batch_that_the_others_have_ordered(house: FabricHouse) -> None:
    """With SmartBFT the peer that sends waits for a quorum of them, and one that has it from another says no."""
    for peer in house.peers["clearing"]:
        peer.faults.hold_submitted = asyncio.Event()
    height = len(house.channel.blocks)
    async with a_ledger(house) as ledger, asyncio.timeout(PATIENT.submit_s / 2):
        carried = await ledger.carry([A_LIST])
    assert (carried.block, len(house.channel.blocks)) == (height, height + 1)


async def test_what_was_not_ordered_is_sent_again_as_it_was(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabric, "ASK_S", 0.2)
    house.peer("clearing").faults.refuse["Submit"] = UNAVAILABLE
    async with a_ledger(house) as ledger:
        carried = await ledger.carry([A_LIST])
    sent = [
        request
        for number in (0, 1)
        for name, request in house.peer("clearing", number).calls
        if name == "Submit"
        if request.transaction_id == carried.tx_id
    ]
    assert len(sent) == 2
    assert sent[0] == sent[1]


async def test_what_nobody_ever_commits_is_unknown_after_some_sendings(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabric, "COMMIT_S", 0.2)
    house.channel.ordering.clear()
    async with a_ledger(house) as ledger:
        with pytest.raises(OutcomeUnknownError):
            await ledger.carry([A_LIST])
    await house.channel.resume()


async def test_what_was_sent_and_is_refused_when_sent_again_is_unknown(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first copy may yet be ordered: that the others are not taken does not say that nothing was sent."""
    monkeypatch.setattr(fabric, "COMMIT_S", 0.2)
    monkeypatch.setattr(fabric, "ASK_S", 0.1)
    monkeypatch.setattr(fabric, "SENDINGS", 2)
    house.channel.ordering.clear()
    async with a_ledger(house) as ledger:
        carrying = asyncio.create_task(ledger.carry([A_LIST]))
        while not house.channel.waiting:  # noqa: ASYNC110 - another task's progress
            await asyncio.sleep(0.01)
        for peer in house.peers["clearing"]:
            peer.faults.refuse["Submit"] = NOT_TAKEN
        with pytest.raises(OutcomeUnknownError):
            await carrying
    await house.channel.resume()


async def test_what_too_few_orderers_took_may_be_ordered_all_the_same(house: FabricHouse) -> None:
    """With SmartBFT those that took it hand it on."""
    for peer in house.peers["clearing"]:
        peer.faults.refuse_submitted = TOO_FEW
    height = len(house.channel.blocks)
    async with a_ledger(house) as ledger:
        assert (await ledger.carry([A_LIST])).block == height


async def test_what_the_orderers_do_not_take_was_not_sent(house: FabricHouse) -> None:
    house.peer("clearing").faults.refuse["Submit"] = NOT_TAKEN
    async with a_ledger(house) as ledger:
        with pytest.raises(LedgerUnreachableError):
            await ledger.carry([A_LIST])


async def test_of_a_second_copy_nobody_knows_what_became_of_the_first(house: FabricHouse) -> None:
    """No conflict: that would have the lists endorsed again while they may stand on the ledger already."""
    for peer in (peer for name in ("clearing", "regulator") for peer in house.peers[name]):
        peer.faults.status_code = int(ValidationCode.DUPLICATE_TXID)
    async with a_ledger(house) as ledger:
        with pytest.raises(OutcomeUnknownError):
            await ledger.carry([A_LIST])


async def test_peers_of_two_authorities_that_contradict_each_other_leave_the_outcome_unknown(
    house: FabricHouse,
) -> None:
    for number in (0, 1):
        house.peer("regulator", number).faults.status_code = int(ValidationCode.MVCC_READ_CONFLICT)
    async with a_ledger(house) as ledger:
        with pytest.raises(OutcomeUnknownError):
            await ledger.carry([A_LIST])


async def test_one_silent_peer_of_an_authority_delays_nothing(house: FabricHouse) -> None:
    for name in ("clearing", "regulator"):
        house.peer(name).faults.hold["CommitStatus"] = asyncio.Event()
    async with a_ledger(house) as ledger, asyncio.timeout(PATIENT.endorse_s / 2):
        await ledger.carry([A_LIST])


async def test_where_an_authority_says_nothing_ones_own_peer_is_believed(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabric, "COMMIT_S", 0.3)
    for number in (0, 1):
        house.peer("regulator", number).faults.hold["CommitStatus"] = asyncio.Event()
    async with a_ledger(house) as ledger:
        assert (await ledger.carry([A_LIST])).block == len(house.channel.blocks) - 1


async def test_ones_own_peer_is_given_a_moment_once_an_authority_will_not_say(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what has been committed is not sent again for want of a word that is on its way."""
    monkeypatch.setattr(fabric_status, "_GRACE_S", PATIENT.submit_s)
    say = asyncio.Event()
    for number in (0, 1):
        house.peer("regulator", number).faults.refuse["CommitStatus"] = UNAVAILABLE
        house.peer("banksh", number).faults.hold["CommitStatus"] = say
    before, asked = house.called("banksh", "Submit"), house.called("regulator", "CommitStatus")
    async with a_ledger(house, participant="banksh") as ledger:
        carrying = asyncio.create_task(ledger.carry([A_LIST]))
        while house.called("regulator", "CommitStatus") == asked:  # noqa: ASYNC110 - another task's progress
            await asyncio.sleep(0.01)
        await asyncio.wait((carrying,), timeout=0.3)
        say.set()
        assert (await carrying).block == len(house.channel.blocks) - 1
    assert house.called("banksh", "Submit") == before + 1


async def test_a_batch_is_done_when_the_authority_that_lags_has_it_too(house: FabricHouse) -> None:
    lagging = house.peers["regulator"]
    for peer in lagging:
        peer.faults.horizon = len(house.channel.blocks)
    async with a_ledger(house) as ledger:
        carrying = asyncio.create_task(ledger.carry([A_LIST]))
        for peer in house.peers["clearing"]:
            await peer.called("CommitStatus")
        done, _ = await asyncio.wait((carrying,), timeout=0.2)
        assert not done
        for peer in lagging:
            await peer.catch_up()
        await carrying


@pytest.mark.parametrize(
    "code",
    [ValidationCode.MVCC_READ_CONFLICT, ValidationCode.ENDORSEMENT_POLICY_FAILURE],
    ids=lambda code: code.name,
)
async def test_an_invalid_transaction_is_a_conflict(house: FabricHouse, code: ValidationCode) -> None:
    house.channel.verdicts.append(int(code))
    async with a_ledger(house) as ledger:
        with pytest.raises(BatchConflictError):
            await ledger.carry([A_LIST])


async def test_endorsers_that_disagree_are_a_conflict(house: FabricHouse) -> None:
    house.endorsers.answers_otherwise.add(msp("regulator"))
    async with a_ledger(house) as ledger:
        with pytest.raises(BatchConflictError):
            await ledger.carry([A_LIST])


async def test_an_endorser_that_lacks_private_data_is_asked_again(house: FabricHouse) -> None:
    house.ledger.lacks_data.extend([msp("clearing")] * 2)
    async with a_ledger(house) as ledger:
        await ledger.carry([A_LIST])
    assert not house.ledger.lacks_data


async def test_while_an_authority_endorses_nothing_nothing_is_sent(house: FabricHouse) -> None:
    house.endorsers.refusals[msp("regulator")] = (grpc.StatusCode.UNAVAILABLE, "connection refused")
    height = len(house.channel.blocks)
    try:
        async with a_ledger(house) as ledger:
            with pytest.raises(LedgerUnreachableError, match="regulatorMSP"):
                await ledger.carry([A_LIST])
    finally:
        house.endorsers.refusals.clear()
    assert len(house.channel.blocks) == height


@pytest.mark.parametrize("whose", ["expired", "another's"])
async def test_a_certificate_that_peers_do_not_take_sends_nothing(house: FabricHouse, whose: str) -> None:
    """It may have run out since the gateway has started: with such a one, none starts."""
    owner = house.authorities["clearing" if whose == "expired" else "bankist"]
    issued = owner.issue("creator", until=timedelta(hours=-1) if whose == "expired" else timedelta(days=1))
    creator = Identity(msp("clearing"), issued.certificate.public_bytes(Encoding.PEM))
    config = load(house.settings("clearing"), {})
    shown = read(config)._replace(creator=creator, signer=key_signer(issued.key_pem))
    async with closing(fabric_ledger(config, shown)) as ledger:
        with pytest.raises(LedgerUnreachableError, match="access denied"):
            await ledger.carry([A_LIST])


async def test_a_bank_whose_peers_are_all_down_carries_by_the_authorities_peers(house: FabricHouse) -> None:
    for peer in house.peers["banksh"]:
        for method in ("Endorse", "Submit"):
            peer.faults.refuse[method] = UNAVAILABLE
    async with a_ledger(house, participant="banksh") as ledger:
        await ledger.carry([A_LIST])
