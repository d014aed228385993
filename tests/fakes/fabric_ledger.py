"""The embedded ledger behind a channel of Fabric's: it validates, commits, and knows who is a member of what.

A proposal is simulated as on a peer: the contracts run in a chaincode server, behind the stream of the endorser's peer,
which reads and writes in a simulation of the embedded ledger. Block 0, Fabric's configuration, is an empty one here.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any, Final, TypeVar

from fabric_protos.peer import transaction_pb2

from chaincode.embedded import blocks
from chaincode.embedded.blocks import Proposal, Version
from chaincode.embedded.ledger import EmbeddedLedger, Endorsed, Signed
from chaincode.port import Place, Stub
from gateway.ledger.embedded import EmbeddedNetwork
from tests.fakes.fabric_chain import ChaincodeError, Invocation, Ordered
from tests.fakes.fabric_rwsets import Simulation, Writes
from tests.fakes.served_chaincode import ServedChaincode

T = TypeVar("T")

THREADS: Final = 4
"""Simulations at once, and a commit among them."""


class ChannelLedger:
    """One ledger for all peers of a channel (tests.fakes.fabric_chain.Ledger), made in their event loop."""

    def __init__(self, directory: Path, *, channel: str, chaincode: str, participants: Mapping[str, str]) -> None:
        """Begin a ledger; `participants` names the organisations by MSP id."""
        self.chaincode: Final = chaincode
        self.servers: Final[dict[str, ServedChaincode]] = {}
        """Where the chaincode runs, by the organisation (MSP id) whose peer asks it."""
        self.lacks_data: Final[list[str]] = []
        """Organisations (MSP ids) whose peer lacks all private values, for one call each."""
        self._participants: Final = participants
        self._under_way: Final = local()
        self._ledger: Final = EmbeddedLedger(
            directory, network=channel, contract=self._contract, clock=lambda: self._proposal.timestamp_ms
        )
        self.embedded: Final = EmbeddedNetwork(self._ledger)
        """The ledger as clients of the embedded one see it: for reading."""
        self._loop: Final = asyncio.get_running_loop()
        self._threads: Final = ThreadPoolExecutor(THREADS, "peer")
        self._endorsed: Final[dict[str, Endorsed]] = {}
        self._positions: Final[list[tuple[int, ...]]] = [()]
        """For each block, where its transactions stand in Fabric's, which also keeps what was signed wrongly."""
        self._ledger.commit([])

    async def close(self) -> None:
        """Finish what is under way, and let the directory go."""
        await self._loop.run_in_executor(None, self._threads.shutdown)
        await self.embedded.close()

    async def simulate(self, invocation: Invocation) -> Simulation:
        """Run the chaincode on an endorser's peer."""
        endorsed = await self._in_thread(lambda: self._simulated(invocation))
        self._endorsed[invocation.transaction_id] = endorsed
        return Simulation(
            result=endorsed.response,
            writes=_by_collection(endorsed.values),
            reads=_by_collection({place: self._shown(version) for place, version in endorsed.versions.items()}),
        )

    async def commit(self, transactions: Sequence[Ordered]) -> Sequence[int]:
        """Validate some transactions, and make the next block of them."""
        signed = [Signed(self._endorsed.pop(each.transaction_id), each.signature) for each in transactions]
        self._positions.append(tuple(each.position for each in transactions))
        done = await self._in_thread(lambda: self._ledger.commit(signed))
        return [transaction_pb2.TxValidationCode.Value(each.validity) for each in done]

    def holds(self, organisation: str, collection: str) -> bool:
        """Say whether an organisation is a member of a collection."""
        return self.embedded.holds(self._participants[organisation], collection)

    def private(self, number: int, member_of: Callable[[str], bool]) -> Mapping[int, Writes]:
        """Give a block's private writes; of what is purged nothing is left."""
        found = self._ledger.feed(number, member_of)
        assert found is not None
        written: dict[int, dict[str, dict[str, bytes | None]]] = defaultdict(lambda: defaultdict(dict))
        for write in found.private:
            transaction = found.block.transactions[write.position]
            shown = {(each.collection, each.key): each.value for each in transaction.writes}
            its = written[self._positions[number][write.position]][write.collection]
            if write.value is not None or shown[write.collection, blocks.private_key(write.key)] is None:
                its[write.key] = write.value
        return written

    @property
    def _proposal(self) -> Proposal:
        """The proposal that this thread simulates. The peer looks at no clock: that is for the chaincode to do."""
        proposal: Proposal = self._under_way.proposal
        return proposal

    def _simulated(self, invocation: Invocation) -> Endorsed:
        header, signed_by = invocation.proposal.channel_header, invocation.proposal.signature_header
        self._under_way.invocation = invocation
        self._under_way.proposal = Proposal(
            header.channel_id, signed_by.creator, signed_by.nonce, header.timestamp.ToMilliseconds()
        )
        return self._ledger.endorse(self._proposal, invocation.proposal.transient)

    async def _contract(self, stub: Stub) -> bytes:
        """Run what was invoked on the chaincode server of the endorser; this thread waits for it."""
        invocation: Invocation = self._under_way.invocation
        endorser = invocation.endorser
        if endorser not in self.servers:
            raise ChaincodeError(
                500, f"chaincode definition for '{self.chaincode}' exists, but chaincode is not installed"
            )
        lacks_all = endorser in self.lacks_data
        if lacks_all:
            self.lacks_data.remove(endorser)
        running = self.servers[endorser].run(
            stub,
            *invocation.proposal.arguments,
            holds=lambda collection: not lacks_all and self.holds(endorser, collection),
            channel_id=invocation.proposal.channel_header.channel_id,
            signed=invocation.signed,
        )
        try:
            outcome = asyncio.run_coroutine_threadsafe(running, self._loop).result(timeout=60)
        except ConnectionError as error:
            raise ChaincodeError(500, f"error in simulation: {error}") from error
        if outcome.type == "ERROR":
            raise ChaincodeError(500, f"error in simulation: transaction returned with failure: {outcome.error}")
        if outcome.response.status >= 400:
            raise ChaincodeError(outcome.response.status, outcome.response.message)
        await stub.write({Place(*place): value for place, value in outcome.writes.items()})
        return bytes(outcome.response.payload)

    def _shown(self, version: Version | None) -> tuple[int, int] | None:
        return None if version is None else (version.block, self._positions[version.block][version.position])

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._threads, work)


def _by_collection(values: Mapping[Place, Any]) -> dict[str, dict[str, Any]]:
    grouped: dict[str, dict[str, Any]] = defaultdict(dict)
    for place, value in values.items():
        grouped[place.collection][place.key] = value
    return grouped
