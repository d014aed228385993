"""Nodes of a real network are killed and stopped while both banks pay: what was answered stands, once, and all goes on.

Needs the release binaries: `WAITAN_FABRIC_BIN` names their directory.
"""

import asyncio
import os
import signal
import statistics
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway import config, credentials
from gateway.client import WaitanClient, WaitanError
from gateway.development.data_directory import DataDirectory
from gateway.fabric_client import EvaluateError, Gateway, Identity, Peer, key_signer
from gateway.tls import TlsIdentity
from network import topology
from network.keeping import KEEPER
from settlement.parties import Role
from tests.builders import a_payment
from tests.network.busy import PAUSE_S, WAIT_S, busy
from tests.network.test_real_network import FIRST_PORT, Network, raised

pytestmark = [
    pytest.mark.skipif("WAITAN_FABRIC_BIN" not in os.environ, reason="WAITAN_FABRIC_BIN names no release binaries"),
    pytest.mark.timeout(600),
    pytest.mark.asyncio,
]

DESCRIPTION = Path(topology.__file__).with_name("topology.yaml")
ENOUGH = 40
"""How many payments are answered before a fault, and after it."""
HUNG_S = 5.0
"""How long a node hangs that nobody else can do without."""
HELD_UP_S = 60.0
"""How long an orderer that fails may hold up all."""
AGREEING = (("--orderers", "3"), ("--consensus", "bft"))
SLOWER_MAX = 3.0
"""How much longer payments may take, for chance. It would be 3 s for 0.05 s if endorsers pushed private data to a peer
that hangs (Fabric's pushAckTimeout)."""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with raised(tmp_path_factory.mktemp("faults") / "net", FIRST_PORT + 600) as network:
        yield network


@contextmanager
def stopped(network: Network, *nodes: str) -> Iterator[None]:
    """Let nodes hang with their connections open."""
    pids = [network.pid(node) for node in nodes]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize(
    "node",
    [
        "chaincode.clearing",
        "chaincode.regulator",
        "gateway.banksh",
        "gateway.clearing",
        "orderer.clearing",
        "peer0.banksh",
        "peer0.clearing",
        "peer0.regulator",
    ],
)
async def test_a_node_killed_in_a_busy_run_loses_and_doubles_nothing(network: Network, node: str) -> None:
    pid = network.pid(node)
    async with busy(network.path) as run:
        await run.more(ENOUGH)
        os.kill(pid, signal.SIGKILL)
        await run.more(ENOUGH)
    await asyncio.to_thread(network.becomes_well)
    assert network.pid(node) != pid


@pytest.fixture(scope="module", params=AGREEING, ids=["raft-of-three", "bft"])
def agreeing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """A network of several orderers: three that agree by Raft, then four by SmartBFT."""
    with raised(tmp_path_factory.mktemp("agreeing") / "net", FIRST_PORT + 800, *request.param) as network:
        yield network


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
@pytest.mark.parametrize(
    "node", ["chaincode.regulator", "gateway.banksh", "gateway.clearing", "peer0.banksh", "peer0.clearing"]
)
async def test_with_several_orderers_a_node_that_fails_in_a_busy_run_loses_and_doubles_nothing(
    agreeing: Network, node: str, fault: signal.Signals
) -> None:
    """What hangs goes on after a while: nobody else can do an authority's part meanwhile."""
    async with busy(agreeing.path) as run:
        await run.more(ENOUGH)
        if fault is signal.SIGKILL:
            os.kill(agreeing.pid(node), fault)
        else:
            with stopped(agreeing, node):
                await asyncio.sleep(HUNG_S)
        await run.more(ENOUGH)
    await asyncio.to_thread(agreeing.becomes_well)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
async def test_orderers_that_fail_one_after_the_other_lose_and_double_nothing(
    agreeing: Network, fault: signal.Signals
) -> None:
    """One of them leads: whichever it is, the others go on without it.

    With SmartBFT not always before it goes on itself, where it hangs: one of the others may have stopped for good, as
    `network.laggards` tells, and there is no quorum.
    """
    orderers = [node for node in agreeing.nodes() if node.startswith("orderer.")]
    assert len(orderers) in (3, 4)
    may_hold_up = fault is signal.SIGSTOP and len(orderers) == 4
    for orderer in orderers:
        async with busy(agreeing.path) as run:
            await run.more(ENOUGH)
            pid = agreeing.pid(orderer)
            os.kill(pid, fault)
            try:
                with suppress(TimeoutError) if may_hold_up else nullcontext():
                    await run.more(ENOUGH, wait_s=HELD_UP_S)
            finally:
                if fault is signal.SIGSTOP:
                    os.kill(pid, signal.SIGCONT)
            await run.more(ENOUGH)
        await asyncio.to_thread(agreeing.becomes_well)


@pytest.mark.parametrize("node", ["peer0.bankist", "peer0.customs", "gateway.bankist", "gateway.regulator"])
async def test_what_hangs_at_others_slows_a_bank_by_nothing(network: Network, node: str) -> None:
    """Before and after are measured with it: a machine that does much else is slow all the while."""
    async with busy(network.path, ("banksh",)) as run:
        await run.more(ENOUGH)
        before = len(run.times_s)
        with stopped(network, node):
            await run.more(2 * ENOUGH)
            meanwhile = len(run.times_s)
        await run.more(ENOUGH)
    assert not run.asked_again
    well_s = statistics.median(run.times_s[:before] + run.times_s[meanwhile:])
    assert statistics.median(run.times_s[before:meanwhile]) < SLOWER_MAX * well_s
    await asyncio.to_thread(network.becomes_well)


async def test_while_an_authoritys_peer_hangs_payments_are_answered_as_retryable(network: Network) -> None:
    async with busy(network.path) as run:
        await run.more(ENOUGH)
        with stopped(network, "peer0.regulator"):
            await run.refused("ED06")
        await run.more(ENOUGH)


async def test_with_two_peers_of_each_authority_the_loss_of_one_stops_nothing(tmp_path: Path) -> None:
    """Killed and not started again, or hung: the other endorses."""
    described = tmp_path / "two-peers.yaml"
    described.write_text(DESCRIPTION.read_text().replace("peers: 1,", "peers: 2,"))
    with raised(tmp_path / "net", FIRST_PORT + 700, "--topology", str(described)) as network:
        for node in ("peer0.clearing", "peer0.regulator", "peer1.regulator"):
            async with busy(network.path) as run:
                await run.more(ENOUGH)
                with stopped(network, KEEPER):
                    os.kill(network.pid(node), signal.SIGKILL)
                    await run.more(ENOUGH)
            await asyncio.to_thread(network.becomes_well)
            async with busy(network.path) as run:
                await run.more(ENOUGH)
                with stopped(network, node):
                    await run.more(ENOUGH)
            await asyncio.to_thread(network.becomes_well)


async def test_where_the_courier_hangs_the_second_one_carries(network: Network) -> None:
    async with busy(network.path) as run:
        await run.more(ENOUGH)
        with stopped(network, "gateway.clearing"):
            await run.more(ENOUGH)
        await run.more(ENOUGH)


async def test_where_no_courier_is_reached_nothing_is_lost_and_nothing_doubled(network: Network) -> None:
    """Nobody else may carry on Fabric (ADR 0014). A bank hears so in half a minute, and asks again."""
    async with busy(network.path) as run:
        await run.more(ENOUGH)
        with stopped(network, "gateway.clearing", "gateway.regulator"):
            await run.refused("OUTCOME_UNKNOWN")
            await run.refused("ED06")
            os.kill(network.pid("gateway.banksh"), signal.SIGKILL)
        await run.more(ENOUGH)


async def test_a_banks_peer_that_was_down_catches_up_with_its_private_data(network: Network) -> None:
    """Its keeper hangs meanwhile, so that nobody starts it again."""
    places = DataDirectory(network.path)
    async with client(places, "banksh") as banksh, client(places, "bankist") as bankist:
        date = next(day.date for day in await banksh.days() if day.currency == "CNY")
        payments = [a_payment("2.00", settlement_date=date, instruction_id="", created_at="") for _ in range(5)]
        with stopped(network, KEEPER):
            os.kill(network.pid("peer0.bankist"), signal.SIGKILL)
            settled = [await banksh.submit(payment) for payment in payments]
        for payment, outcome in zip(payments, settled, strict=True):
            assert (await shown(bankist, payment.uetr)) == outcome.transaction_id
    await asyncio.to_thread(network.becomes_well)


async def test_a_certificate_that_was_taken_back_asks_for_nothing_more(network: Network) -> None:
    from cryptography import x509

    from settlement.participants import RevokeCertificates
    from tests.builders import an_id

    places = DataDirectory(network.path)
    member = places.members()["banksh"]
    leaver = member.ca.issue("leaver", Role.BANK_OFFICER)
    serial = f"{x509.load_pem_x509_certificate(leaver.certificate).serial_number:x}"
    endpoint, root = places.endpoints("banksh").grpc, member.ca.root.certificate
    async with WaitanClient(endpoint, TlsIdentity(leaver.certificate, leaver.key, root)) as leaving:
        assert await leaving.accounts("banksh")
        async with client(places, "banksh") as banksh:
            await banksh.ask(RevokeCertificates(command_id=an_id(), serials=(serial,)))
        with pytest.raises(WaitanError) as raised_error:
            await leaving.accounts("banksh")
    assert raised_error.value.is_refusal


@pytest.mark.parametrize("fault", ["expired", "of another organisation"])
async def test_a_peer_takes_no_proposal_by_a_certificate_that_does_not_hold(network: Network, fault: str) -> None:
    settings = config.load(network.path / "organisations" / "clearing" / "gateway.toml", {})
    material = credentials.read(settings)
    members = DataDirectory(network.path).members()
    now = datetime.now(UTC)
    if fault == "expired":
        issued = members["clearing"].ca.issue("late", Role.GATEWAY, now=now - timedelta(days=9), validity=timedelta(1))
    else:
        issued = members["banksh"].ca.issue("stranger", Role.GATEWAY)
    own = settings.fabric.peers[0]
    peer = Peer.at(own.address, material.peers[0], server_name=own.name or None)
    try:
        for identity, signer, works in (
            (material.creator, material.signer, True),
            (Identity("clearingMSP", issued.certificate), key_signer(issued.key), False),
        ):
            contract = Gateway(peer, identity, signer).contract(settings.network, settings.fabric.chaincode)
            if works:
                assert await contract.evaluate("about", organisations=["clearingMSP"])
            else:
                with pytest.raises(EvaluateError):
                    await contract.evaluate("about", organisations=["clearingMSP"])
    finally:
        await peer.close()


def client(places: DataDirectory, bank: str) -> WaitanClient:
    member = places.members()[bank]
    officer = member.people["officer-1"]
    return WaitanClient(
        places.endpoints(bank).grpc, TlsIdentity(officer.certificate, officer.key, member.ca.root.certificate)
    )


async def shown(bank: WaitanClient, uetr: str) -> str:
    """Give the transaction that a bank's read model shows for a payment, once it does."""
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                return (await bank.payment(uetr)).transaction_id
            except WaitanError:
                await asyncio.sleep(PAUSE_S)
