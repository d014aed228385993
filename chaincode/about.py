"""The one question that a peer answers without a transaction: what this network is.

Any member can aim an evaluation at an authority's peer, which holds every collection, and whatever the contracts told
there would pass by what a gateway shows to whom, and by the record of the regulator's reads (REQUIREMENTS P4). So they
tell nothing of anyone, whoever asks: an organisation has what is its own from its peer's feed.
"""

from typing import Final

from chaincode import keys
from chaincode.overlay import LedgerTx
from chaincode.port import Stub
from settlement import canonical
from settlement.forms import records
from settlement.records import Record

RULES: Final = 1
"""The version of the rules that this code holds; both authorities must run one that the ledger has activated."""


class About(Record):
    """What every member of the channel may know: the network's name ("" until it is founded), the rules' version."""

    network: str
    rules: int


async def about(stub: Stub) -> bytes:
    """Tell what the network is, as canonical JSON. It is asked before anybody is on the ledger, too."""
    ledger = await LedgerTx(stub).get(keys.LEDGER, records.Ledger)
    return canonical.encode(About(network=ledger.network if ledger else "", rules=RULES))
