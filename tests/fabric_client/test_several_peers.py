"""A transaction's outcome by the word of several peers: all of them must have it, and agree."""

import asyncio

import grpc
import pytest

from gateway.fabric_client import (
    Commit,
    CommitStatusError,
    ContradictionError,
    Fault,
    OutcomeUnknownError,
    PartlyKnownError,
    Peer,
    Status,
    ValidationCode,
    key_signer,
)
from gateway.fabric_client.commit import agreed
from tests.fabric_client.conftest import AUTHORITIES, PATIENCE, Network
from tests.fakes.fabric_gateway import Refusal

pytestmark = pytest.mark.asyncio

SOON_S = 2.0
"""How long is waited for the one that does not answer; the others have that long too."""


async def submitted(network: Network) -> Commit:
    transaction = await network.contract().propose("put", "key", "value").endorse()
    return await transaction.submit()


def authorities(network: Network) -> list[Peer]:
    """Their peers, which may take an hour where a test does not say otherwise."""
    return [network.peer(each, PATIENCE._replace(commit_status_s=3_600)) for each in AUTHORITIES]


async def test_peers_that_agree_give_one_status(network: Network) -> None:
    commit = await submitted(network)
    status = await commit.status_of_all(authorities(network))
    assert status == Status(commit.transaction_id, ValidationCode.VALID, 1)


async def test_one_signature_serves_all(network: Network) -> None:
    """A key in a hardware module is asked once, however many peers are."""
    asked: list[bytes] = []
    sign = key_signer(network.user.key_pem)

    async def module(digest: bytes) -> bytes:
        asked.append(digest)
        await asyncio.sleep(0)
        signature = sign(digest)
        assert isinstance(signature, bytes)
        return signature

    transaction = await network.contract(network.gateway(signer=module)).propose("put", "key", "value").endorse()
    commit = await transaction.submit()
    asked.clear()
    await commit.status_of_all(authorities(network))
    first, second = (network.peers[each].calls[-1][1] for each in AUTHORITIES)
    assert first == second
    assert len(asked) == 1


async def test_the_slowest_peer_is_waited_for(network: Network) -> None:
    """An endorsement begun before both authorities have committed would run into the other's old state."""
    regulator = network.peers["RegulatorMSP"]
    regulator.faults.horizon = 1
    commit = await submitted(network)
    asking = asyncio.create_task(commit.status_of_all(authorities(network)))
    await regulator.called("CommitStatus")
    await network.peers["ClearingMSP"].called("CommitStatus")
    assert (await commit.status(peer=network.peer("ClearingMSP"))).valid
    assert not asking.done()
    await regulator.catch_up()
    assert (await asking).valid


async def test_peers_that_contradict_each_other_leave_the_outcome_unknown(network: Network) -> None:
    network.peers["RegulatorMSP"].faults.status_code = ValidationCode.MVCC_READ_CONFLICT
    commit = await submitted(network)
    with pytest.raises(ContradictionError, match="ClearingMSP VALID in block 1, RegulatorMSP MVCC_READ_CONFLICT"):
        await commit.status_of_all(authorities(network))
    assert issubclass(ContradictionError, OutcomeUnknownError)


async def test_peers_that_know_it_in_different_blocks_contradict_each_other() -> None:
    """They have different ledgers, whatever they say of the transaction."""
    told = {name: Status("tx", ValidationCode.VALID, number) for name, number in (("one", 7), ("other", 8))}
    with pytest.raises(ContradictionError, match="one VALID in block 7, other VALID in block 8"):
        agreed("tx", told)


async def test_peers_that_contradict_each_other_do_so_whoever_else_is_silent() -> None:
    silent = CommitStatusError("tx", Fault(grpc.StatusCode.NOT_FOUND, "no such channel"))
    with pytest.raises(ContradictionError):
        agreed(
            "tx",
            {
                "one": Status("tx", ValidationCode.VALID, 7),
                "other": silent,
                "third": Status("tx", ValidationCode.MVCC_READ_CONFLICT, 7),
            },
        )


async def test_a_peer_that_does_not_answer_is_named_and_the_others_answers_are_kept(network: Network) -> None:
    network.peers["RegulatorMSP"].faults.horizon = 1
    commit = await submitted(network)
    with pytest.raises(PartlyKnownError, match="RegulatorMSP DEADLINE_EXCEEDED") as caught:
        await commit.status_of_all(authorities(network), timeout_s=SOON_S)
    assert caught.value.answers == {"ClearingMSP": Status(commit.transaction_id, ValidationCode.VALID, 1)}


async def test_a_peer_that_refuses_to_say_is_not_taken_for_agreement(network: Network) -> None:
    network.peers["ClearingMSP"].faults.refuse["CommitStatus"] = Refusal(grpc.StatusCode.NOT_FOUND, "no such channel")
    commit = await submitted(network)
    with pytest.raises(PartlyKnownError, match="ClearingMSP NOT_FOUND"):
        await commit.status_of_all(authorities(network))


async def test_nobody_s_word_is_not_agreement(network: Network) -> None:
    commit = await submitted(network)
    with pytest.raises(PartlyKnownError, match="nobody was asked"):
        await commit.status_of_all([])
