"""Lists at the operators' door: pages of any size say the same, and where a page ends tells nothing of anyone else."""

from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

import pytest
import pytest_asyncio
from grpc import StatusCode, aio

from gateway.client import WaitanClient
from gateway.development.customers import TRADERS
from settlement.participants import RegisterCustomer
from settlement.payments.release import SetReleaseLimit
from settlement.trade import contract
from tests.builders import an_id, an_initiation, an_instruction
from tests.contracts.samples import register
from tests.gateway.house import NETWORK, House
from tests.gateway.two_firms import NEIGHBOUR, OFFICER, SELLERS, Person, ask, certify
from tests.trade import SELLER, TRADER, a_proposal, some_terms
from waitan.v1 import initiations_pb2, rulings_pb2, supervision_pb2, trade_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

OF_THE_BANK: Final[Person] = ("banksh", OFFICER)


class List(NamedTuple):
    """A list: its method, request and answer, and who asks for it."""

    method: str
    request: Any
    response: Any
    who: Person


LISTS: Final = {
    "initiations": List(
        "InitiationService/ListInitiations",
        initiations_pb2.ListInitiationsRequest,
        initiations_pb2.ListInitiationsResponse,
        OF_THE_BANK,
    ),
    "reads": List(
        "SupervisionService/ListReads",
        supervision_pb2.ListReadsRequest,
        supervision_pb2.ListReadsResponse,
        OF_THE_BANK,
    ),
    "records": List(
        "TradeService/ListTradeRecords",
        trade_pb2.ListTradeRecordsRequest,
        trade_pb2.ListTradeRecordsResponse,
        SELLERS,
    ),
    "rulings": List(
        "RulingService/ListRulings", rulings_pb2.ListRulingsRequest, rulings_pb2.ListRulingsResponse, OF_THE_BANK
    ),
    "acts": List("TradeService/GetTimeline", trade_pb2.GetTimelineRequest, trade_pb2.GetTimelineResponse, SELLERS),
}
"""By the field of the answer that holds what is listed."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def trade(house: House, banksh: WaitanClient) -> AsyncIterator[str]:
    """There are three of each kind that is listed; a contract's name, of which something happened."""
    certify(house)
    seller = TRADERS["banksh"]
    await banksh.ask(register(NEIGHBOUR))
    await banksh.ask(RegisterCustomer(command_id=an_id(), customer=seller.customer))
    terms = [some_terms(f"LISTED-{number}") for number in range(3)]
    for each in terms:
        wanted = an_instruction(debtor=seller.party, debtor_account=seller.account)
        (outcome,) = await house.gateways["banksh"].ask([an_initiation(wanted, customer=SELLER.identifier)])
        assert not outcome.code, outcome
        await ask(house, SELLERS, a_proposal(each))
    for currency in ("CNY", "EUR", "JPY"):
        limit = SetReleaseLimit(command_id=an_id(), participant="banksh", currency=currency)
        async with house.client(*OF_THE_BANK) as officer:
            await officer.ask_signed(NETWORK, limit, house.members["banksh"].person(OFFICER))
    async with house.client("regulator", "supervisor-1") as supervisor:
        for number in range(3):
            assert [each async for each in supervisor.trade_records(number=f"LISTED-{number}")]
    await house.caught_up()
    yield contract.contract_id(terms[0])


async def page(house: House, listed: List, who: Person | None = None, **asked: Any) -> Any:
    """Ask for a page, as whose list it is if nobody else is named."""
    who = who or listed.who
    address = f"localhost:{house.servers[who[0]].port}"
    async with aio.secure_channel(address, house.identity(*who).channel_credentials()) as channel:
        call = channel.unary_unary(f"/waitan.v1.{listed.method}", None, None)
        return listed.response.FromString(await call(listed.request(**asked).SerializeToString()))


def of(trade: str, field: str) -> dict[str, Any]:
    return {"trade": trade} if field == "acts" else {}


@pytest.mark.parametrize("field", LISTS)
async def test_pages_of_any_size_say_the_same(house: House, trade: str, field: str) -> None:
    whole = list(getattr(await page(house, LISTS[field], limit=500, **of(trade, field)), field))
    found: list[Any] = []
    cursor = ""
    while True:
        one = await page(house, LISTS[field], limit=1, cursor=cursor, **of(trade, field))
        found += getattr(one, field)
        cursor = one.next
        if not cursor:
            break
    assert found == whole
    assert len(whole) >= (1 if field == "acts" else 3)


@pytest.mark.parametrize("field", LISTS)
async def test_where_a_page_ends_is_no_number_and_of_use_in_this_list_alone(
    house: House, trade: str, field: str
) -> None:
    """Rows are numbered over all customers of a bank: one could count theirs by them, or begin at another's."""
    following = (await page(house, LISTS[field], limit=1, **of(trade, field))).next
    assert len(following) == 32
    assert not following.isdecimal()
    others = [(await page(house, LISTS[each], limit=1, **of(trade, each))).next for each in LISTS if each != field]
    for cursor in (following[::-1], following[:-1], "1", "\0", "%", *others):
        with pytest.raises(aio.AioRpcError) as raised:
            await page(house, LISTS[field], limit=1, cursor=cursor, **of(trade, field))
        assert raised.value.code() is StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("field", ["records", "acts"])
@pytest.mark.parametrize("other", [("banksh", "neighbour"), OF_THE_BANK, ("bankist", TRADER)])
async def test_no_other_reader_goes_on_where_a_firm_was(house: House, trade: str, field: str, other: Person) -> None:
    following = (await page(house, LISTS[field], limit=1, **of(trade, field))).next
    with pytest.raises(aio.AioRpcError) as raised:
        await page(house, LISTS[field], other, limit=1, cursor=following, **of(trade, field))
    assert raised.value.code() is StatusCode.INVALID_ARGUMENT
