"""Where signatures are checked: beside the event loop, in the thread in which a batch is simulated."""

import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from gateway.auth.signing import sign_document
from gateway.client import WaitanClient
from gateway.development.customers import TRADERS
from gateway.traders import server
from gateway.traders.tokens import Tokens
from settlement import identity
from settlement.participants import RegisterCustomer
from settlement.parties import Role
from settlement.trade.contract import SignContract, contract_id
from settlement.trade.contract_terms import ContractTerms
from tests.builders import an_id
from tests.gateway.house import NETWORK, House
from tests.gateway.test_trader_trade import bearer, post, signed
from tests.trade import SELLER, a_proposal, some_terms

pytestmark = pytest.mark.asyncio(loop_scope="session")

Checked = Counter[tuple[str, bool]]
"""How often a signature was checked: of what, and whether on the event loop."""


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Count the checks of signatures (ES256 of lists, commands, documents) and of certificates against their CA."""
    counted: Checked = Counter()
    loop = threading.current_thread()

    def counting(name: str, check: Callable[..., Any]) -> Callable[..., Any]:
        def count(*arguments: Any) -> Any:
            counted[name, threading.current_thread() is loop] += 1
            return check(*arguments)

        return count

    monkeypatch.setattr(identity, "holds", counting("signature", identity.holds))
    monkeypatch.setattr(identity, "_claims", counting("certificate", identity._claims))
    identity._read.cache_clear()
    return counted


@pytest_asyncio.fixture(loop_scope="session")
async def http(house: House, banksh: WaitanClient) -> AsyncIterator[aiohttp.ClientSession]:
    """The traders' door of the seller's bank, which knows its customer."""
    await banksh.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS["banksh"].customer))
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    door = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
        yield session
    await door.close()


def signing(house: House, terms: ContractTerms, name: str) -> SignContract:
    signature = sign_document(NETWORK, terms, house.members["banksh"].person(name))
    return SignContract(command_id=an_id(), contract_id=contract_id(terms), signature=signature)


async def test_no_signature_is_checked_on_the_event_loop(
    house: House, http: aiohttp.ClientSession, checked: Checked
) -> None:
    """Lists, commands and documents, by gRPC and by HTTP; a certificate there once, whatever is signed with it."""
    member = house.members["banksh"]
    member.people["clerk"] = member.ca.issue("clerk", Role.TRADER, party=SELLER.identifier)
    person = member.person("clerk")
    async with house.client("banksh", "clerk") as client:
        before = Counter(checked)
        for number in range(3):
            by_grpc, by_http = some_terms(f"THREAD-G{number}"), some_terms(f"THREAD-H{number}")
            for command in (a_proposal(by_grpc), signing(house, by_grpc, "clerk")):
                await client.ask_signed(NETWORK, command, person)
            for command in (a_proposal(by_http), signing(house, by_http, "clerk")):
                status, told = await post(http, signed(person, command), bearer(house))
                assert status == 200, told
    made = checked - before
    assert made["signature", False] >= 12 + 12 + 6, "of each list, each command, and each document"
    assert made["signature", True] == 0
    assert made["certificate", True] <= 1, "its own, when the door first sees it"
