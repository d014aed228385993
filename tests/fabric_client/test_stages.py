"""A transaction goes from proposal to commit, signed here or elsewhere."""

import asyncio
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fabric_protos.common import common_pb2
from fabric_protos.peer import proposal_pb2

from gateway.fabric_client import (
    CommitError,
    Contract,
    Gateway,
    Identity,
    Status,
    UnsignedError,
    ValidationCode,
    key_signer,
)
from tests.fabric_client.conftest import AUTHORITIES, CHANNEL, Network
from tests.fakes.fabric_msp import ORDERS, Issued

pytestmark = pytest.mark.asyncio

LISTS = json.dumps({"bank": {"journal/1": "a payment"}}).encode()


async def test_a_call_is_submitted_and_its_result_comes_with_the_block_it_stands_in(contract: Contract) -> None:
    result, status = await contract.submit("put", "key", b"\x00\xff")
    assert result == b"put"
    assert status == Status(status.transaction_id, ValidationCode.VALID, 1)


async def test_an_evaluation_writes_nothing(network: Network, contract: Contract) -> None:
    assert await contract.evaluate("put", "key", "value") == b"put"
    assert len(network.channel.blocks) == 1


async def test_an_evaluation_goes_to_the_named_organisation(contract: Contract) -> None:
    assert await contract.evaluate("disagree", organisations=["RegulatorMSP"]) == b"RegulatorMSP"


async def test_a_transaction_id_is_the_hash_of_nonce_and_creator(network: Network, contract: Contract) -> None:
    await contract.evaluate("put", "key", "value")
    ((_, request),) = network.bank.calls
    header = common_pb2.Header.FromString(
        proposal_pb2.Proposal.FromString(request.proposed_transaction.proposal_bytes).header
    )
    signature_header = common_pb2.SignatureHeader.FromString(header.signature_header)
    joined = signature_header.nonce + signature_header.creator
    assert request.transaction_id == hashlib.sha256(joined).hexdigest()


async def test_two_proposals_of_one_call_are_two_transactions(contract: Contract) -> None:
    ids = {contract.propose("put", "key", "value").transaction_id for _ in range(100)}
    assert len(ids) == 100


async def test_transient_data_reaches_the_named_endorsers_and_no_block(network: Network, contract: Contract) -> None:
    secret = b"3f9c2a canary"
    lists = json.dumps({"bank": {"journal/1": secret.decode()}}).encode()
    transaction = await contract.propose("settle", transient={"lists": lists}, organisations=AUTHORITIES).endorse()
    assert sorted(transaction.endorsers) == sorted(AUTHORITIES)
    await (await transaction.submit()).status()
    assert network.bank.calls[0][1].endorsing_organizations == list(AUTHORITIES)
    assert secret not in network.channel.blocks[1].SerializeToString()


async def test_each_stage_can_be_signed_elsewhere(network: Network) -> None:
    """A gateway without a signer carries bytes and digests; whoever holds the key only ever sees digests."""
    sign = key_signer(network.user.key_pem)
    gateway = Gateway(network.peer(), Identity("BankMSP", network.user.certificate_pem))

    async def signed(digest: bytes) -> bytes:
        signature = sign(digest)
        assert isinstance(signature, bytes)
        return signature

    unsigned = network.contract(gateway).propose("put", "key", "value")
    proposal = gateway.proposal(bytes(unsigned), await signed(unsigned.digest))
    assert proposal.transaction_id == unsigned.transaction_id
    endorsed = await proposal.endorse()
    transaction = gateway.transaction(bytes(endorsed), await signed(endorsed.digest))
    assert transaction.result == b"put"
    submitted = await transaction.submit()
    commit = gateway.commit(bytes(submitted), await signed(submitted.digest))
    assert (await commit.status()).valid


async def test_a_high_s_that_was_made_elsewhere_is_turned_into_the_low_one(network: Network) -> None:
    """Both are signatures of the same; peers take one form alone."""
    gateway = Gateway(network.peer(), Identity("BankMSP", network.user.certificate_pem))
    proposal = network.contract(gateway).propose("put", "key", "value")
    low = key_signer(network.user.key_pem)(proposal.digest)
    assert isinstance(low, bytes)
    r, s = decode_dss_signature(low)
    high = max(s, ORDERS["secp256r1"] - s)
    proposal.attach(encode_dss_signature(r, high))
    assert decode_dss_signature(proposal.signature) == (r, ORDERS["secp256r1"] - high)
    assert (await proposal.endorse()).result == b"put"


async def test_whom_a_proposal_names_stays_in_its_bytes(network: Network, contract: Contract) -> None:
    proposal = contract.propose("put", "key", "value", organisations=["ClearingMSP"])
    assert network.gateway().proposal(bytes(proposal)).endorsing_organisations == ("ClearingMSP",)


async def test_a_call_that_is_made_in_one_names_its_endorsers_and_has_transient_data(
    network: Network, contract: Contract
) -> None:
    transient = {"lists": LISTS}
    await contract.evaluate("settle", transient=transient, organisations=AUTHORITIES)
    await contract.submit("settle", transient=transient, organisations=AUTHORITIES)
    requests = dict(network.bank.calls)
    assert tuple(requests["Evaluate"].target_organizations) == AUTHORITIES
    assert tuple(requests["Endorse"].endorsing_organizations) == AUTHORITIES


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP521R1()), ed25519.Ed25519PrivateKey.generate()])
async def test_a_key_that_fabric_does_not_take_is_refused_at_once(network: Network, key: Any) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="not on P-256 or P-384"):
        key_signer(pem)
    name = x509.Name([])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = builder.sign(network.user.key, hashes.SHA256())
    with pytest.raises(ValueError, match="not on P-256 or P-384"):
        Identity("BankMSP", certificate.public_bytes(Encoding.PEM))


async def test_what_was_signed_elsewhere_stays_signed_in_its_bytes(network: Network) -> None:
    gateway = Gateway(network.peer(), Identity("BankMSP", network.user.certificate_pem))
    proposal = network.contract(gateway).propose("put", "key", "value")
    proposal.attach(network.user.sign(b"whatever"))
    assert gateway.proposal(bytes(proposal)).signature == proposal.signature


async def test_nothing_is_sent_unsigned(network: Network) -> None:
    gateway = Gateway(network.peer(), Identity("BankMSP", network.user.certificate_pem))
    with pytest.raises(UnsignedError):
        await network.contract(gateway).propose("put", "key", "value").endorse()
    assert network.bank.calls == []


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=["P-256", "P-384"])
async def test_both_curves_are_taken(network: Network, curve: ec.EllipticCurve) -> None:
    user = network.authorities["BankMSP"].issue("gateway", curve)
    contract = network.contract(network.gateway(user))
    for _ in range(5):  # a high S comes up every second time
        _, status = await contract.submit("put", "key", "value")
        assert status.valid


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=["P-256", "P-384"])
async def test_a_hardware_module_may_answer_late_and_with_a_high_s(network: Network, curve: ec.EllipticCurve) -> None:
    user: Issued = network.authorities["BankMSP"].issue("gateway", curve)
    sign = key_signer(user.key_pem)

    async def module(digest: bytes) -> bytes:
        await asyncio.sleep(0)
        signature = sign(digest)
        assert isinstance(signature, bytes)
        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, max(s, ORDERS[curve.name] - s))

    _, status = await network.contract(network.gateway(user, signer=module)).submit("put", "key", "value")
    assert status.valid


async def test_an_invalid_transaction_is_an_error_that_says_where_it_stands(
    network: Network, contract: Contract
) -> None:
    network.channel.verdicts.append(ValidationCode.MVCC_READ_CONFLICT)
    with pytest.raises(CommitError, match="is in block 1: MVCC_READ_CONFLICT") as caught:
        await contract.submit("put", "key", "value")
    assert caught.value.status == Status(caught.value.transaction_id, ValidationCode.MVCC_READ_CONFLICT, 1)


async def test_an_earlier_transaction_is_asked_about_by_its_id(network: Network, contract: Contract) -> None:
    _, status = await contract.submit("put", "key", "value")
    assert await network.gateway().commit_of(CHANNEL, status.transaction_id).status() == status


async def test_a_transaction_sent_again_is_the_same_to_the_byte_and_counts_once(
    network: Network, contract: Contract
) -> None:
    transaction = await contract.propose("put", "key", "value").endorse()
    first = await (await transaction.submit()).status()
    again = await (await transaction.submit()).status()
    sent = [request.prepared_transaction for method, request in network.bank.calls if method == "Submit"]
    assert sent[0] == sent[1]
    assert first == again
    assert list(network.channel.blocks[2].metadata.metadata[2]) == [ValidationCode.DUPLICATE_TXID]


async def test_a_transaction_can_be_submitted_through_another_peer(network: Network, contract: Contract) -> None:
    transaction = await contract.propose("put", "key", "value").endorse()
    commit = await transaction.submit(peer=network.peer("ClearingMSP"))
    assert (await commit.status()).valid
    assert [method for method, _ in network.peers["ClearingMSP"].calls] == ["Submit", "CommitStatus"]
