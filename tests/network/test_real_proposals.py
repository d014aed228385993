"""Attacks on Clearing's peer by proposals dialled to it directly, as every organisation and with every role.

Needs the release binaries: `WAITAN_FABRIC_BIN` names their directory.
"""

import os
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio

from certification.authority import Authority, Issued, claims
from gateway import config, credentials
from network import material
from settlement.parties import CERTIFIABLE, Kind, Role
from tests.attacks import MALFORMED, Attack, aimed_at, is_fixed
from tests.network.conftest import AMOUNT, CANARY, Lived
from tests.network.disk import Disk, texts_of, unpacked
from tests.network.endorser import OK, Answer, Endorser

pytestmark = [
    pytest.mark.skipif("WAITAN_FABRIC_BIN" not in os.environ, reason="WAITAN_FABRIC_BIN names no release binaries"),
    pytest.mark.timeout(600),
    pytest.mark.asyncio(loop_scope="module"),
]

KINDS: Final = {
    "clearing": Kind.CLEARING,
    "regulator": Kind.REGULATOR,
    "customs": Kind.CUSTOMS,
    "banksh": Kind.BANK,
    "bankist": Kind.BANK,
}
EVERYBODY: Final = [(name, role) for name, kind in KINDS.items() for role in sorted(CERTIFIABLE[kind])]
IDS: Final = [f"{name}-{role}" for name, role in EVERYBODY]
AS_CLIENT: Final = "client"


def fabrics_own(lived: Lived) -> dict[str, tuple[str, tuple[bytes, ...]]]:
    """Name calls of the peer's own chaincodes that tell of transactions, blocks, channels and definitions."""
    channel, tx_id = b"waitan", lived.transaction_id.encode()
    return {
        "the chain": ("qscc", (b"GetChainInfo", channel)),
        "the block": ("qscc", (b"GetBlockByNumber", channel, str(lived.block).encode())),
        "the block by its transaction": ("qscc", (b"GetBlockByTxID", channel, tx_id)),
        "the transaction": ("qscc", (b"GetTransactionByID", channel, tx_id)),
        "channels": ("cscc", (b"GetChannels",)),
        "the configuration": ("cscc", (b"GetChannelConfig", channel)),
        "a join": ("cscc", (b"JoinChain", b"")),
        "an old definition": ("lscc", (b"getccdata", channel, channel)),
        "old collections": ("lscc", (b"GetCollectionsConfig", channel)),
        "packages": ("_lifecycle", (b"QueryInstalledChaincodes", b"")),
        "the definition": ("_lifecycle", (b"QueryChaincodeDefinition", b"\x0a\x06waitan")),
    }


class Member:
    """A certificate of an organisation's in a role, and the way to Clearing's peer."""

    def __init__(self, endorser: Endorser, lived: Lived) -> None:
        self._endorser = endorser
        self._lived = lived

    def certified(self, name: str, role: Role, unit: str) -> Issued:
        """Certify somebody by the organisation's own CA, with a unit that Fabric knows or without one."""
        ca = Authority(name, Issued.read(self._lived.network.path / "organisations" / name, material.CA))
        return ca.issue("somebody", claims(name, role.value)._replace(unit=unit))

    async def tries(self, name: str, shown: Issued, chaincode: str, attack: Attack) -> Answer:
        """Send one proposal to the peer, past every gateway."""
        msp = f"{name}MSP"
        return await self._endorser.ask(
            msp, shown.certificate, shown.key, chaincode, *attack.arguments, transient=dict(attack.transient)
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def member(lived: Lived) -> AsyncIterator[Member]:
    """Any organisation's gateway's settings name Clearing's peer and the root of its TLS certificate."""
    settings = config.load(lived.network.path / "organisations" / "customs" / "gateway.toml", {})
    shown = credentials.read(settings)
    ways = {each.msp: (each, tls) for each, tls in zip(settings.fabric.peers, shown.peers, strict=True)}
    peer, tls = ways["clearingMSP"]
    async with Endorser(peer.address, tls, peer.name) as endorser:
        yield Member(endorser, lived)


@pytest.fixture(scope="module")
def written(lived: Lived) -> dict[str, set[str]]:
    """All telling texts of each collection that are not for all to read; Clearing's disk holds every one."""
    disk = Disk(lived.network.path / "nodes" / "peer0.clearing")
    return {
        collection: {text for text in texts_of(values) if text not in disk.known_to_all}
        for collection, values in disk.private.items()
    }


def found(texts: set[str], answer: Answer) -> set[str]:
    """Search an answer, compressed parts unpacked."""
    everything = b"\n".join((answer.everything, *unpacked(answer.everything)))
    return {text for text in texts if text.encode() in everything}


@pytest.mark.parametrize(("name", "role"), EVERYBODY, ids=IDS)
async def test_no_proposal_brings_back_anything_of_others(
    member: Member, lived: Lived, written: dict[str, set[str]], name: str, role: Role
) -> None:
    """With a certificate that the organisation has made a client of the channel, whatever its role."""
    shown = member.certified(name, role, AS_CLIENT)
    everything = set().union(*written.values())
    assert len(everything) > 300
    attacks = {**aimed_at(lived.transaction_id, ("banksh", "bankist", "customs", "authority")), **MALFORMED}
    for words, attack in attacks.items():
        answer = await member.tries(name, shown, "waitan", attack)
        assert found(everything, answer) == set(), words
        assert answer.status != OK, words
        # An ERROR of the chaincode's comes with the peer's own words around it.
        assert is_fixed(answer.message.rpartition("failure: ")[2]), (words, answer.message)


@pytest.mark.parametrize(("name", "role"), EVERYBODY, ids=IDS)
async def test_fabrics_own_chaincodes_tell_no_text_of_a_record(
    member: Member, lived: Lived, written: dict[str, set[str]], name: str, role: Role
) -> None:
    """A client of the channel may ask for blocks; what it gets are hashes, and the certificate of who sent them."""
    shown = member.certified(name, role, AS_CLIENT)
    everything = set().union(*written.values())
    answers = {
        words: await member.tries(name, shown, chaincode, Attack(arguments))
        for words, (chaincode, arguments) in fabrics_own(lived).items()
    }
    for words, answer in answers.items():
        assert found(everything, answer) == set(), words
    assert b"banksh" in answers["the block"].everything
    # What a peer is on, and what is installed there, it tells its own organisation and its administrators.
    assert (answers["channels"].status == OK) is (name == "clearing")
    assert {words for words in ("a join", "packages") if answers[words].status == OK} == set()


@pytest.mark.parametrize(
    ("name", "role"),
    [each for each in EVERYBODY if each[1] is not Role.GATEWAY],
    ids=[i for i in IDS if "gateway" not in i],
)
async def test_whom_the_guide_says_to_certify_is_nobody_to_a_peer(
    member: Member, lived: Lived, name: str, role: Role
) -> None:
    """People's certificates have no unit that the channel knows: Fabric refuses whatever they sign."""
    shown = member.certified(name, role, "")
    asked = [("waitan", (b"about",)), *fabrics_own(lived).values()]
    for chaincode, arguments in asked:
        answer = await member.tries(name, shown, chaincode, Attack(arguments))
        assert answer.status != OK, (chaincode, arguments[0])
        assert "access denied" in answer.message


@pytest.mark.parametrize("name", ["banksh", "bankist"])
async def test_the_same_search_finds_what_stands_on_an_authoritys_disk(
    lived: Lived, written: dict[str, set[str]], name: str
) -> None:
    """So that a search which finds nothing means something."""
    values = Disk(lived.network.path / "nodes" / "peer0.clearing").private[name]
    given_away = Answer(OK, "", b"".join(value for _, value in values))
    assert {CANARY, AMOUNT, lived.uetr} <= found(written[name], given_away)
