"""A program: endorse a proposal that stands in a file, and print the digest of all that an endorser must agree on."""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from chaincode.dispatch import execute
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.ledger import EmbeddedLedger

TOLD: Final[msgspec.msgpack.Decoder[tuple[Proposal, dict[str, bytes]]]] = msgspec.msgpack.Decoder(
    tuple[Proposal, dict[str, bytes]]
)


def digest_of(directory: Path, proposal: Proposal, transient: Mapping[str, bytes]) -> str:
    """Endorse on the ledger of a directory."""
    ledger = EmbeddedLedger(directory, network="waitan", contract=execute, clock=lambda: proposal.timestamp_ms)
    try:
        endorsed = ledger.endorse(proposal, transient)
    finally:
        ledger.close()
    values = [(place.collection, place.key, value) for place, value in endorsed.values.items()]
    told = msgspec.msgpack.encode((endorsed.reads, endorsed.writes, endorsed.response, values))
    return hashlib.sha256(told).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(digest_of(Path(sys.argv[1]), *TOLD.decode(Path(sys.argv[2]).read_bytes())))
