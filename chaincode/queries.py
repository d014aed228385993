"""What a member may ask of a peer without writing; each answer comes from keys that follow from its certificate.

The contract is the only guard of reads (DESIGN, section 5): any member can aim an evaluation at an authority's peer,
which holds every collection. So there is no generic read, deny is the default (`access.QUERIES` says who may ask),
and what is another's looks like what is absent: NOT_FOUND. Arguments are text; answers are canonical JSON, with
amounts in minor units.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

from chaincode import access, keys
from chaincode.contracts import places
from chaincode.overlay import LedgerTx
from chaincode.port import Stub
from settlement import canonical, identity
from settlement.errors import Code, Refusal
from settlement.forms import records
from settlement.forms.journals import Journal
from settlement.participants import Participant
from settlement.records import Record

R = TypeVar("R", bound=Record)

RULES: Final = 1
"""The version of the rules that this code holds; both authorities must run one that the ledger has activated."""
_ARGUMENT_MAX: Final = 128
"""Characters of an argument; none that names anything is longer."""


class Asker(NamedTuple):
    """Who asks: the membership service provider that vouches for the certificate (DER)."""

    msp: str
    certificate: bytes


class QueryStub(Stub, Protocol):
    """A transaction of which only the answer is wanted."""

    @property
    def asker(self) -> Asker:
        """Who signed the proposal."""


class About(Record):
    """What every member of the channel may know: the network's name ("" until it is founded), the rules' version."""

    network: str
    rules: int


class LastList(Record):
    """The number of an organisation's last list."""

    number: int


Query = Callable[[LedgerTx, str, Sequence[str]], Awaitable[Record]]


async def evaluate(stub: QueryStub, function: str, arguments: Sequence[str]) -> bytes:
    """Answer a query; raises `Refusal`: AG08 where nobody vouches for the asker, CH16, NOT_FOUND, DATA_MISSING."""
    tx = LedgerTx(stub)
    if function in access.OPEN_QUERIES:
        ledger = await tx.get(keys.LEDGER, records.Ledger)
        return canonical.encode(About(network=ledger.network if ledger else "", rules=RULES))
    query = QUERIES.get(function)
    if query is None or any(len(each) > _ARGUMENT_MAX for each in arguments):
        raise Refusal(Code.CH16, "query")
    return canonical.encode(await query(tx, await _participant(tx, stub, function), arguments))


async def _participant(tx: LedgerTx, stub: QueryStub, function: str) -> str:
    """Say which participant asks: the one that its certificate names, if that one's CA and MSP say so too.

    NOT_FOUND, before anything of its organisation's is read, where a certificate of its role may not ask this.
    """
    asker = stub.asker
    name = identity.claimed_participant(asker.certificate)
    participant = await tx.get(keys.participant(name), Participant)
    if participant is None or participant.organisation.msp != asker.msp:
        raise Refusal(Code.AG08, "certificate")
    asking = identity.identify(asker.certificate, participant, stub.timestamp_ms)
    access.require_query(function, asking.role, participant.organisation.kind)
    return asking.participant


async def _account(tx: LedgerTx, participant: str, arguments: Sequence[str]) -> Record:
    """The asker's own cash account in a currency."""
    (currency,) = _taken(arguments, 1)
    _, found = await places.account(tx, participant, currency)
    return _there(found)


async def _sequence(tx: LedgerTx, participant: str, arguments: Sequence[str]) -> Record:
    """The number of the asker's own last list; 0 before the first."""
    _taken(arguments, 0)
    found = await tx.get(keys.sequence(participant), records.Sequence)
    return LastList(number=found.number if found else 0)


async def _journal(tx: LedgerTx, participant: str, arguments: Sequence[str]) -> Record:
    """What one transaction did for the asker."""
    (tx_id,) = _taken(arguments, 1)
    return _there(await tx.get(keys.journal(participant, tx_id), Journal))


def _taken(arguments: Sequence[str], count: int) -> Sequence[str]:
    if len(arguments) != count:
        raise Refusal(Code.CH16, "query")
    return arguments


def _there(found: R | None) -> R:
    if found is None:
        raise Refusal(Code.NOT_FOUND, "query")
    return found


QUERIES: Final[dict[str, Query]] = {"account": _account, "journal": _journal, "sequence": _sequence}
"""Every query by name, beside `about`, which asks for no certificate that the ledger knows; each has its row in
`access.QUERIES`."""
