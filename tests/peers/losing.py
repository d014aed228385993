"""Private values that are on the ledger, and that no peer has: a transaction which only looks endorsed.

Whoever endorses holds what is written. So nobody does here: certificates of the authorities' own CAs, made for the
purpose, sign that a value of some hash was written. Fabric takes that for an endorsement by two peers, waits a minute
for the value to come from somewhere, and commits the hash.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from fabric_protos.ledger.rwset import rwset_pb2
from fabric_protos.peer import proposal_pb2, proposal_response_pb2

from certification.authority import Authority, Claims
from chaincode.port import PUBLIC, Place
from gateway.fabric_client import Identity, Signer, key_signer
from tests.fakes.fabric_rwsets import Simulation, results_of
from tests.peers.endorsing import Proposed

_PEER: Final = Claims(unit="peer")
_NOWHERE: Final = b"a value that nobody has"


class Forger(NamedTuple):
    """One who signs as a peer of an organisation."""

    identity: Identity
    sign: Signer

    @classmethod
    def of(cls, authority: Authority, msp: str) -> "Forger":
        """Have an organisation's CA certify one."""
        issued = authority.issue("forger", _PEER)
        return cls(Identity(msp, issued.certificate), key_signer(issued.key))

    def endorse(self, payload: bytes) -> Any:
        """Sign what a peer would sign."""
        creator = self.identity.creator
        signature = self.sign(hashlib.sha256(payload + creator).digest())
        assert isinstance(signature, bytes)
        endorsement = proposal_response_pb2.Endorsement(endorser=creator, signature=self.identity.low_s(signature))
        return proposal_response_pb2.ProposalResponse(payload=payload, endorsement=endorsement)


def lost(proposed: Proposed, chaincode: str, places: Collection[Place], forgers: Sequence[Forger]) -> Proposed:
    """Turn a proposal that wrote nothing into one that has written, at some places, what nobody has."""
    writes: defaultdict[str, dict[str, bytes | None]] = defaultdict(dict)
    for collection, key in places:
        assert collection != PUBLIC, "what is public stands on the blocks"
        writes[collection][key] = _NOWHERE
    results = rwset_pb2.TxReadWriteSet.FromString(results_of(chaincode, Simulation(writes=writes), {}))
    own = [each for each in results.ns_rwset if each.namespace == chaincode]
    payload = proposal_response_pb2.ProposalResponsePayload.FromString(proposed.answers[0].endorsed)
    action = proposal_pb2.ChaincodeAction.FromString(payload.extension)
    action.results = rwset_pb2.TxReadWriteSet(ns_rwset=own).SerializeToString()
    payload.extension = action.SerializeToString()
    forged = [forger.endorse(payload.SerializeToString()) for forger in forgers]
    answers = zip(proposed.answers, forged, strict=True)
    return proposed._replace(answers=tuple(answer._replace(whole=whole) for answer, whole in answers))
