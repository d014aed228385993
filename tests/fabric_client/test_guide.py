"""The programs in the guide to both packages run as they stand there: the client's calls reach the chaincode."""

import ast
import re
import types
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from gateway.fabric_client import key_signer
from tests.fabric_client.conftest import AUTHORITIES, FewFunctions, Network
from tests.fakes import peer as chaincode_stream
from tests.fakes.fabric_chain import ChaincodeError, Invocation, Ordered
from tests.fakes.fabric_rwsets import Simulation
from tests.fakes.peer_state import PeerState

GUIDE: Final = Path(__file__).resolve().parents[2] / "docs" / "guide" / "fabric-python.md"
PROGRAMS: Final = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


async def run(number: int, known: dict[str, Any]) -> None:
    """Run one of the programs, with what those before it have left."""
    code = compile(PROGRAMS[number], f"{GUIDE.name}, program {number}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    running = types.FunctionType(code, known)()
    if running is not None:
        await running


class Endorsed(PeerState):
    """A state that a transaction changes when it is committed, and not as soon as it has run."""

    def commit(self, tx_id: str, timestamp_ms: int, writes: Any) -> None: ...


class Warehouse(FewFunctions):
    """The guide's chaincode, which listens at a port, behind each organisation's peer."""

    chaincode = "warehouse"

    def __init__(self, port: int, stack: AsyncExitStack) -> None:
        super().__init__()
        self._port: Final = port
        self._stack: Final = stack
        self._state: Final = Endorsed()
        self._streams: Final[dict[str, chaincode_stream.FakePeer]] = {}

    async def simulate(self, invocation: Invocation) -> Simulation:
        """Have a proposal run by the chaincode."""
        endorser, proposal = invocation.endorser, invocation.proposal
        if endorser not in self._streams:
            stream = chaincode_stream.FakePeer(self._port, state=self._state)
            self._streams[endorser] = await self._stack.enter_async_context(stream)
        outcome = await self._streams[endorser].execute(
            *proposal.arguments, tx_id=invocation.transaction_id, signed=invocation.signed
        )
        if outcome.type == "ERROR" or outcome.response.status >= 400:
            raise ChaincodeError(400, outcome.error or outcome.response.message)
        writes: dict[str, dict[str, bytes | None]] = defaultdict(dict)
        for (collection, key), value in outcome.writes.items():
            writes[collection][key] = value
        self._simulated[invocation.transaction_id] = Simulation(outcome.response.payload, writes)
        return self._simulated[invocation.transaction_id]

    async def commit(self, transactions: Sequence[Ordered]) -> Sequence[int]:
        """Take what was written into the state."""
        for each in transactions:
            for collection, its in self._simulated[each.transaction_id].writes.items():
                PeerState.commit(self._state, each.transaction_id, 0, {(collection, key): its[key] for key in its})
        return await super().commit(transactions)


@pytest.mark.asyncio
async def test_the_guides_programs_run_one_after_the_other(
    network: Network, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(PROGRAMS) == 4
    other = network.peers[AUTHORITIES[0]]
    known: dict[str, Any] = {
        "address": network.bank.address,
        "server_name": network.bank.server_name,
        "tls": network.tls("BankMSP"),
        "other_address": other.address,
        "other_server_name": other.server_name,
        "other_tls": network.tls(AUTHORITIES[0]),
        "certificate": network.user.certificate_pem,
        "sign": key_signer(network.user.key_pem),
    }
    await run(0, known)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(known["server"].drain)
        network.channel.ledger = Warehouse(known["server"].port, stack)
        for number in range(1, len(PROGRAMS)):
            await run(number, known)
    assert known["transaction"].result == b"7"
    said = capsys.readouterr().out
    assert "b'7'\n" in said
    assert "nothing was ordered: (ErrorDetail(" in said
    assert "chaincode response 400, there is no order" in said
    assert known["public"] == {"stock/bolt": b"7"}
    assert known["prices"] == [b"0.12 CNY"]
    assert known["missing"] == ()
