"""A program that runs batches without writing them, and prints a digest of every byte that endorsers must agree on.

`python -m tests.ledgers.judging LEDGER BATCHES`: the ledger is a directory of its own; the batches are MessagePack, for
each the proposal and the transient map.
"""

import hashlib
import sys
from pathlib import Path

import msgspec

from chaincode import dispatch
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.ledger import EmbeddedLedger
from tests.world import NETWORK, NOW_MS

Batches = list[tuple[Proposal, dict[str, bytes]]]


def main(directory: Path, batches: Path) -> None:
    """Run them all."""
    ledger = EmbeddedLedger(directory, network=NETWORK, contract=dispatch.execute, clock=lambda: NOW_MS)
    for proposal, transient in msgspec.msgpack.decode(batches.read_bytes(), type=Batches):
        said = ledger.endorse(proposal, transient)
        agreed = msgspec.msgpack.encode((said.reads, said.writes, list(said.values.items()), said.response))
        print(len(said.values), hashlib.sha256(agreed).hexdigest())  # noqa: T201 - this is what it says
    ledger.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
