"""A program that settles payments on a ledger until it is killed, and says which were answered.

`python -m tests.ledgers.busy LEDGER KEYS [FILE_SIZE_LIMIT]`: one line "ready", then the UETRs of each batch once it is
answered. With a limit (bytes), the kernel refuses to let any file grow beyond it. The write-ahead log is copied all the
time, so that whoever kills it meets that too.
"""

import resource
import sys
from pathlib import Path
from typing import Final

from chaincode.embedded import store
from chaincode.embedded.faults import LedgerUnusableError
from gateway.development.members import Keys, Member
from tests.builders import PROFILES, a_payment
from tests.world import World

PAYMENTS: Final = 3
"""In each batch."""
LOG_PAGES: Final = 16


def main(ledger: Path, keys: Path, limit_bytes: int = 0) -> None:
    """Settle until there is an end."""
    store.LOG_PAGES = LOG_PAGES  # type: ignore[misc]  # final for everybody else
    members = {each.participant: Member(each, keys=Keys.read(keys / each.participant, each)) for each in PROFILES}
    world = World(ledger, members)
    if limit_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    print("ready", flush=True)  # noqa: T201 - this is what it says
    sequence = world.last_sequence("banksh")
    while True:
        sequence += 1
        payments = [a_payment("0.01") for _ in range(PAYMENTS)]
        try:
            world.carry(world.sign("banksh", payments, sequence=sequence))
        except LedgerUnusableError as error:
            print("fault", error, flush=True)  # noqa: T201 - as above
            return
        print(*(payment.uetr for payment in payments), flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
