"""Every stage fails in its own way, and says what is known then."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import grpc
import pytest
from fabric_protos.common import common_pb2
from fabric_protos.gateway import gateway_pb2
from fabric_protos.peer import proposal_pb2, proposal_response_pb2, transaction_pb2
from google.protobuf import any_pb2
from google.rpc import status_pb2

from gateway.fabric_client import (
    CommitStatusError,
    Contract,
    EndorseError,
    ErrorDetail,
    EvaluateError,
    Fault,
    Gateway,
    Identity,
    OutcomeUnknownError,
    Peer,
    PreparedTransactionError,
    SubmitError,
    Transaction,
    key_signer,
)
from gateway.fabric_client.errors import fault_of
from tests.fabric_client.conftest import AUTHORITIES, CHANNEL, Network
from tests.fakes.fabric_gateway import Refusal

pytestmark = pytest.mark.asyncio

SOON_S = 0.2
"""A deadline that passes within a test."""
Code = grpc.StatusCode


async def endorsed(contract: Contract) -> Transaction:
    return await contract.propose("put", "key", "value").endorse()


async def test_a_refused_evaluation_carries_the_contract_s_words(contract: Contract) -> None:
    with pytest.raises(EvaluateError) as caught:
        await contract.evaluate("nonsense")
    assert caught.value.fault.status is Code.UNKNOWN
    assert caught.value.fault.details == (
        ErrorDetail("peer0.bankmsp:7051", "BankMSP", "chaincode response 404, NOT_FOUND"),
    )


async def test_a_refused_endorsement_says_what_each_peer_said(network: Network, contract: Contract) -> None:
    network.endorsers.refusals["RegulatorMSP"] = (Code.UNAVAILABLE, "connection refused")
    with pytest.raises(EndorseError) as caught:
        await contract.propose("put", "key", "value", organisations=AUTHORITIES).endorse()
    assert caught.value.fault.details == (ErrorDetail("peer0.regulatormsp:7051", "RegulatorMSP", "connection refused"),)
    assert caught.value.transaction_id in str(caught.value)
    assert "RegulatorMSP at peer0.regulatormsp:7051: connection refused" in str(caught.value)


async def test_endorsers_that_disagree_are_an_endorse_error(contract: Contract) -> None:
    with pytest.raises(EndorseError, match="do not match"):
        await contract.propose("disagree").endorse()


async def test_a_proposal_that_was_committed_is_not_endorsed_again(contract: Contract) -> None:
    proposal = contract.propose("put", "key", "value")
    await (await (await proposal.endorse()).submit()).status()
    with pytest.raises(EndorseError, match="duplicate transaction found"):
        await proposal.endorse()


async def test_a_peer_in_another_part_of_the_world_is_reached(network: Network, contract: Contract) -> None:
    """A handshake goes there and back some times before the first call is let on its way."""
    assert network.bank.wire is not None
    network.bank.wire.length_s = 0.1
    assert await contract.evaluate("put", "key", "value") == b"put"


@pytest.mark.parametrize("method", ["Evaluate", "Endorse", "Submit", "CommitStatus"])
async def test_each_stage_keeps_its_deadline(network: Network, contract: Contract, method: str) -> None:
    """Late at submit or after it means that nobody knows; late before it, that nothing happened."""
    transaction = await endorsed(contract)
    commit = transaction.commit()
    network.bank.faults.hold[method] = asyncio.Event()
    proposal = contract.propose("put", "key", "value")
    stage = {
        "Evaluate": (proposal.evaluate, EvaluateError),
        "Endorse": (proposal.endorse, EndorseError),
        "Submit": (transaction.submit, OutcomeUnknownError),
        "CommitStatus": (commit.status, OutcomeUnknownError),
    }
    ask, error = stage[method]
    with pytest.raises(error) as caught:
        await ask(timeout_s=SOON_S)
    assert isinstance(caught.value, EvaluateError | EndorseError | OutcomeUnknownError)
    assert caught.value.fault.status is Code.DEADLINE_EXCEEDED


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (Code.ABORTED, SubmitError),
        (Code.FAILED_PRECONDITION, SubmitError),
        (Code.INVALID_ARGUMENT, SubmitError),
        (Code.NOT_FOUND, SubmitError),
        (Code.RESOURCE_EXHAUSTED, SubmitError),
        (Code.PERMISSION_DENIED, SubmitError),
        (Code.UNAUTHENTICATED, SubmitError),
        (Code.UNIMPLEMENTED, SubmitError),
        (Code.CANCELLED, OutcomeUnknownError),
        (Code.UNAVAILABLE, OutcomeUnknownError),
        (Code.DEADLINE_EXCEEDED, OutcomeUnknownError),
        (Code.INTERNAL, OutcomeUnknownError),
        (Code.UNKNOWN, OutcomeUnknownError),
    ],
    ids=lambda value: getattr(value, "name", getattr(value, "__name__", "")),
)
async def test_a_submission_is_refused_or_its_outcome_unknown(
    network: Network, contract: Contract, status: grpc.StatusCode, error: type[SubmitError | OutcomeUnknownError]
) -> None:
    """UNAVAILABLE too may hide an orderer that took it: the gateway says so of the last one it tried."""
    transaction = await endorsed(contract)
    detail = ("orderer0:7050", "OrdererMSP", "no leader")
    network.bank.faults.refuse["Submit"] = Refusal(status, "no", (detail,))
    with pytest.raises(error) as caught:
        await transaction.submit()
    assert caught.value.transaction_id == transaction.transaction_id
    assert caught.value.fault.details == (ErrorDetail(*detail),)


async def test_after_a_lost_answer_the_outcome_is_learnt_by_transaction_id(
    network: Network, contract: Contract
) -> None:
    transaction = await endorsed(contract)
    network.bank.faults.cut_after_submit = True
    with pytest.raises(OutcomeUnknownError) as caught:
        await transaction.submit()
    other = network.gateway(peer=network.peer("ClearingMSP"))
    assert (await other.commit_of(CHANNEL, caught.value.transaction_id).status()).valid


async def test_after_a_lost_answer_the_same_envelope_may_be_sent_again(network: Network, contract: Contract) -> None:
    transaction = await endorsed(contract)
    network.bank.faults.cut_after_submit = True
    with pytest.raises(OutcomeUnknownError):
        await transaction.submit()
    status = await (await transaction.submit(peer=network.peer("RegulatorMSP"))).status()
    assert status.valid
    assert status.block_number == 1


async def test_a_connection_lost_while_waiting_for_the_commit_leaves_the_outcome_unknown(
    network: Network, contract: Contract
) -> None:
    network.channel.ordering.clear()
    commit = await (await endorsed(contract)).submit()
    asking = asyncio.create_task(commit.status())
    await network.bank.called("CommitStatus")
    assert network.bank.wire is not None
    network.bank.wire.cut()
    with pytest.raises(OutcomeUnknownError) as caught:
        await asking
    assert caught.value.fault.status is Code.UNAVAILABLE
    await network.channel.resume()
    assert (await commit.status(peer=network.peer("ClearingMSP"))).valid


async def test_a_commit_that_comes_late_is_waited_for(network: Network, contract: Contract) -> None:
    network.channel.ordering.clear()
    commit = await (await endorsed(contract)).submit()
    asking = asyncio.create_task(commit.status())
    await network.bank.called("CommitStatus")
    await network.channel.resume()
    assert (await asking).valid


async def test_an_empty_status_is_no_answer(network: Network, contract: Contract) -> None:
    """Read carelessly, an empty message says: valid, in block 0."""
    network.bank.faults.empty_status = True
    commit = await (await endorsed(contract)).submit()
    with pytest.raises(OutcomeUnknownError, match="BankMSP gave an empty answer"):
        await commit.status()


async def test_who_may_not_ask_is_told_nothing(network: Network, contract: Contract) -> None:
    _, status = await contract.submit("put", "key", "value")
    stranger = network.gateway(network.authorities["StrangerMSP"].issue("user"), organisation="StrangerMSP")
    with pytest.raises(CommitStatusError) as caught:
        await stranger.commit_of(CHANNEL, status.transaction_id).status()
    assert caught.value.fault.status is Code.PERMISSION_DENIED


async def test_an_expired_certificate_is_refused(network: Network) -> None:
    expired = network.authorities["BankMSP"].issue("gateway", until=-timedelta(hours=1))
    with pytest.raises(EndorseError, match="access denied"):
        await network.contract(network.gateway(expired)).propose("put", "key", "value").endorse()


async def test_a_certificate_of_another_organisation_is_refused(network: Network) -> None:
    """Someone of Clearing cannot speak as the bank."""
    user = network.authorities["ClearingMSP"].issue("gateway")
    with pytest.raises(EndorseError, match="access denied"):
        await network.contract(network.gateway(user)).propose("put", "key", "value").endorse()


async def test_another_key_s_signature_is_refused(network: Network) -> None:
    other = network.authorities["BankMSP"].issue("gateway")
    gateway = network.gateway(signer=key_signer(other.key_pem))
    with pytest.raises(EndorseError, match="access denied"):
        await network.contract(gateway).propose("put", "key", "value").endorse()


async def test_a_peer_under_another_name_is_not_spoken_to(network: Network) -> None:
    peer = Peer.at(network.bank.address, network.tls("BankMSP"), server_name="peer0.elsewhere")
    network.open_peers.append(peer)
    with pytest.raises(EndorseError) as caught:
        await network.contract(network.gateway(peer=peer)).propose("put", "key", "value").endorse()
    assert caught.value.fault.status is Code.UNAVAILABLE
    assert network.bank.calls == []


async def test_a_client_of_an_unknown_ca_does_not_get_in(network: Network) -> None:
    stranger = network.authorities["StrangerMSP"].issue("client")
    peer = Peer.at(network.bank.address, network.tls("BankMSP", stranger), server_name=network.bank.server_name)
    network.open_peers.append(peer)
    gateway = Gateway(peer, Identity("BankMSP", network.user.certificate_pem), key_signer(network.user.key_pem))
    with pytest.raises(EndorseError):
        await network.contract(gateway).propose("put", "key", "value").endorse()
    assert network.bank.calls == []


async def test_a_peer_that_comes_back_is_used_again(network: Network, contract: Contract) -> None:
    assert network.bank.wire is not None
    await contract.evaluate("put", "key", "value")
    network.bank.wire.cut()
    transaction = None
    while transaction is None:
        try:
            transaction = await endorsed(contract)
        except EndorseError as error:
            assert error.fault.status is Code.UNAVAILABLE  # noqa: PT017 - the loop is what is tested
    assert transaction.result == b"put"


def described(*trailers: tuple[str, bytes | str], details: str | None = None) -> Fault:
    """Read a call that failed with some trailers."""
    return fault_of(grpc.aio.AioRpcError(Code.ABORTED, grpc.aio.Metadata(), grpc.aio.Metadata(*trailers), details, ""))


async def test_what_a_failed_call_says_is_read_from_its_own_trailer_alone() -> None:
    """One that is no message, or that holds other messages, says nothing; the status is enough."""
    said, other = any_pb2.Any(), any_pb2.Any()
    said.Pack(gateway_pb2.ErrorDetail(address="peer0:7051", msp_id="BankMSP", message="no"))
    other.Pack(gateway_pb2.SubmitResponse())
    status = status_pb2.Status(details=[other, said]).SerializeToString()
    told = (ErrorDetail("peer0:7051", "BankMSP", "no"),)
    assert described(("grpc-status-details-bin", status)) == Fault(Code.ABORTED, "", told)
    assert described(("another-bin", status), ("grpc-status-details-bin", b"\xff"), details="x") == Fault(
        Code.ABORTED, "x"
    )


def another_header(envelope: Any) -> Any:
    payload = common_pb2.Payload.FromString(envelope.payload)
    header = common_pb2.ChannelHeader.FromString(payload.header.channel_header)
    header.epoch = 1
    payload.header.channel_header = header.SerializeToString()
    return common_pb2.Envelope(payload=payload.SerializeToString())


def with_contents(envelope: Any, change: Callable[[Any, Any], None]) -> Any:
    """Change a prepared transaction's action, or the contents of it."""
    payload = common_pb2.Payload.FromString(envelope.payload)
    transaction = transaction_pb2.Transaction.FromString(payload.data)
    (action,) = transaction.actions
    contents = transaction_pb2.ChaincodeActionPayload.FromString(action.payload)
    change(action, contents)
    action.payload = contents.SerializeToString()
    payload.data = transaction.SerializeToString()
    return common_pb2.Envelope(payload=payload.SerializeToString())


def another_creator(action: Any, contents: Any) -> None:
    action.header = common_pb2.SignatureHeader(creator=b"someone else").SerializeToString()


def another_input(action: Any, contents: Any) -> None:
    contents.chaincode_proposal_payload = proposal_pb2.ChaincodeProposalPayload(input=b"x").SerializeToString()


def another_proposal(action: Any, contents: Any) -> None:
    response = proposal_response_pb2.ProposalResponsePayload.FromString(contents.action.proposal_response_payload)
    response.proposal_hash = b"\x00" * 32
    contents.action.proposal_response_payload = response.SerializeToString()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (another_creator, "has another creator"),
        (another_input, "has another input"),
        (another_proposal, "was endorsed for another proposal"),
    ],
)
async def test_a_prepared_transaction_with_other_contents_is_not_signed(
    network: Network, contract: Contract, change: Callable[[Any, Any], None], message: str
) -> None:
    network.bank.faults.alter_prepared = lambda envelope: with_contents(envelope, change)
    with pytest.raises(PreparedTransactionError, match=message):
        await endorsed(contract)


async def test_a_signature_that_comes_with_a_prepared_transaction_is_not_taken_for_ours(
    network: Network, contract: Contract
) -> None:
    def signed(envelope: Any) -> Any:
        return common_pb2.Envelope(payload=envelope.payload, signature=b"another's")

    network.bank.faults.alter_prepared = signed
    transaction = await endorsed(contract)
    assert transaction.signature == b""
    assert (await (await transaction.submit()).status()).valid


async def test_another_transaction_is_not_signed(network: Network, contract: Contract) -> None:
    """A gateway that swaps the transaction for one that it has prepared before gets no signature."""
    earlier: list[Any] = []

    def keep(envelope: Any) -> Any:
        earlier.append(envelope)
        return earlier[0]

    network.bank.faults.alter_prepared = keep
    await endorsed(contract)
    with pytest.raises(PreparedTransactionError, match="another id"):
        await endorsed(contract)


@pytest.mark.parametrize(
    ("alter", "message"),
    [
        (lambda _: common_pb2.Envelope(payload=b"\xff"), "cannot be read"),
        (lambda _: common_pb2.Envelope(), "cannot be read"),
        (another_header, "another header"),
    ],
    ids=["garbage", "empty", "another header"],
)
async def test_a_prepared_transaction_that_was_altered_is_not_signed(
    network: Network, contract: Contract, alter: Any, message: str
) -> None:
    network.bank.faults.alter_prepared = alter
    with pytest.raises(PreparedTransactionError, match=message):
        await endorsed(contract)
