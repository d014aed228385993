"""The private data collections: one for each participant organisation, and one for the authorities."""

import json
from typing import Any, Final

from network.topology import Organisation, Topology

AUTHORITY: Final = "authority"
"""The collection of the authorities alone."""


def collections(topology: Topology) -> list[dict[str, Any]]:
    """Give what `peer lifecycle chaincode approveformyorg --collections-config` reads."""
    return [_collection(AUTHORITY, topology.authorities)] + [
        _collection(each.name, (each, *(other for other in topology.authorities if other != each)))
        for each in topology.organisations
    ]


def encode(topology: Topology) -> bytes:
    """Give the collections as the JSON file."""
    return json.dumps(collections(topology), indent=2).encode() + b"\n"


def _collection(name: str, members: tuple[Organisation, ...]) -> dict[str, Any]:
    policy = ", ".join(f"'{member.msp}.member'" for member in members)
    return {
        "name": name,
        "policy": f"OR({policy})",
        # Both authorities endorse, so both hold the data, and a bank's peer pulls its part when it commits. Pushing it
        # would let one hung peer delay every batch that touches it.
        "requiredPeerCount": 0,
        "maxPeerCount": 0,
        "blockToLive": 0,
        # Without it, a peer sends every private value that it holds to any member of the channel that asks for blocks
        # with private data (Fabric, core/peer/deliverevents.go). So couriers are the authorities: members of all.
        "memberOnlyRead": True,
        # A list is its sender's, whoever carries it: the contract is the guard.
        "memberOnlyWrite": False,
    }


def endorsement(topology: Topology) -> str:
    """Give the endorsement policy: a peer of each authority."""
    policy = ", ".join(f"'{each.msp}.peer'" for each in topology.authorities)
    return f"AND({policy})"
