"""Events by HTTP: each one's own, in order, each once, whatever breaks in between."""

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace
from structlog.testing import capture_logs

from gateway.app import Gateway
from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.cursors import Cursors
from gateway.limits import Rates
from gateway.traders import followers, streaming
from gateway.traders.connections import listen
from gateway.traders.server import Traders
from gateway.traders.tokens import Tokens
from settlement.parties import Agent, CashAccount
from settlement.payments.commands import CreditStatus, SubmitPayment
from tests.builders import SILK, TEKSTIL, a_confirmation, a_return
from tests.closing import closing
from tests.contracts.samples import register
from tests.expectations import PATIENCE_S
from tests.gateway.doors import LEI, OTHERS_LEI, Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROUNDS_MAX: Final = 400
"""How many times 50 payments are made at most until a client that does not read is cut off: some 10 MB of events."""
ACCOUNT: Final = "6222020200884477"


class Told(NamedTuple):
    """An event as a client gets it."""

    id: str
    body: dict[str, Any]

    @property
    def what(self) -> tuple[str, str]:
        return self.body["event"], self.body["uetr"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    await banksh.ask(register(LEI, accounts=(ACCOUNT,)))
    await banksh.ask(register(OTHERS_LEI))
    async with doors_of(house, "banksh", "bankist") as opened:
        yield opened


@asynccontextmanager
async def following(url: str, token: str, last: str = "") -> AsyncIterator[AsyncIterator[Told]]:
    """Follow; what is given ends when the door hangs up."""
    headers = {"Authorization": f"Bearer {token}", **({"Last-Event-ID": last} if last else {})}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        assert response.headers["X-Request-Id"]
        assert await response.content.readline() == b"retry: 2000\n"
        async with aclosing(_events(response.content)) as events:
            yield events


async def _events(content: aiohttp.StreamReader) -> AsyncGenerator[Told]:
    name = ""
    async for line in content:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "id":
            name = value
        elif field == "data":
            yield Told(name, json.loads(value))


async def some(events: AsyncIterator[Told], count: int) -> list[Told]:
    async with asyncio.timeout(PATIENCE_S):
        return [await anext(events) for _ in range(count)]


def owned(amount: str = "1.00", lei: str = LEI) -> SubmitPayment:
    return a_fresh_payment(amount, debtor=replace(SILK, lei=lei))


async def settle(house: House, banksh: WaitanClient, payments: Iterable[SubmitPayment]) -> None:
    for payment in payments:
        await banksh.submit(payment)
    await house.caught_up()


async def test_a_payment_is_followed_from_its_beginning_and_then_as_it_goes_on(
    doors: Doors, house: House, banksh: WaitanClient
) -> None:
    payment, other, payee = owned("20.00"), owned(), house.gateways["bankist"]
    journal = (await banksh.submit(payment)).transaction_id
    await payee.ask([a_confirmation(payment, journal, CreditStatus.WAITING, reason="G002")])
    await house.caught_up()
    async with following(doors.url("banksh", f"/v1/payments/{payment.uetr}/events"), doors.token("banksh")) as events:
        assert [each.body["event"] for each in await some(events, 2)] == ["PAYMENT_SETTLED", "CREDIT_STATED"]
        await banksh.submit(other)
        await payee.ask([a_return(payment, journal, "5.00")])
        (told,) = await some(events, 1)
        assert (told.what, told.body["amount"]) == (("PAYMENT_RETURNED", payment.uetr), "5.00")
    url = doors.url("banksh", f"/v1/payments/{payment.uetr}/events")
    async with following(url, doors.token("banksh")) as events:
        every = await some(events, 3)
    for place, each in enumerate(every[:-1]):
        async with following(url, doors.token("banksh"), each.id) as events:
            assert await some(events, 2 - place) == every[place + 1 :]


async def test_each_follows_its_own_payments_alone(doors: Doors, house: House, banksh: WaitanClient) -> None:
    own, others = owned(), owned(lei=OTHERS_LEI)
    both = a_fresh_payment(debtor=replace(SILK, lei=LEI), creditor=replace(TEKSTIL, lei=OTHERS_LEI))
    # Another bank's account of the same number.
    nobodys = a_fresh_payment(debtor_account=CashAccount(other=ACCOUNT), debtor_agent=Agent(bic="DEUTDEFFXXX"))
    last_own, last_others = a_fresh_payment(debtor_account=CashAccount(other=ACCOUNT)), owned(lei=OTHERS_LEI)
    url = doors.url("banksh", "/v1/events")
    async with (
        following(url, doors.token("banksh")) as one,
        following(url, doors.token("banksh", customer=OTHERS_LEI)) as two,
        following(url, doors.token("banksh", Scope.DESK, "officer-1")) as desk,
    ):
        every = [own, others, nobodys, both, last_own, last_others]
        await settle(house, banksh, every)
        assert [told.body["uetr"] for told in await some(one, 3)] == [own.uetr, both.uetr, last_own.uetr]
        assert [told.body["uetr"] for told in await some(two, 3)] == [others.uetr, both.uetr, last_others.uetr]
        assert [told.body["uetr"] for told in await some(desk, 6)] == [each.uetr for each in every]


async def test_who_was_cut_off_is_told_all_since_and_each_once(
    doors: Doors, house: House, banksh: WaitanClient
) -> None:
    """Cut after every event in turn, with others' payments in between and more coming meanwhile."""
    url, token = doors.url("banksh", "/v1/events"), doors.token("banksh")
    desk = doors.token("banksh", Scope.DESK, "officer-1")
    payments = [owned() if place % 3 else owned(lei=OTHERS_LEI) for place in range(12)]
    async with following(url, token) as events, following(url, desk) as at_desk:
        await settle(house, banksh, payments[:6])
        first, seen = await some(events, 4), await some(at_desk, 6)
    for last, expected in [(each.id, first[place + 1 :]) for place, each in enumerate(first)]:
        async with following(url, token, last) as again:
            assert await some(again, len(expected)) == expected
    async with following(url, token, first[0].id) as again, following(url, desk, seen[0].id) as at_desk:
        await settle(house, banksh, payments[6:])
        told = first[:1] + await some(again, 7)
        assert [each.body["uetr"] for each in told] == [each.uetr for place, each in enumerate(payments) if place % 3]
        told = seen[:1] + await some(at_desk, 11)
        assert [each.body["uetr"] for each in told] == [each.uetr for each in payments]


async def test_nothing_is_lost_while_payments_pour_in(doors: Doors, house: House, banksh: WaitanClient) -> None:
    """A client that is cut off again and again meanwhile has every event once in the end."""
    url, desk = doors.url("banksh", "/v1/events"), doors.token("banksh", Scope.DESK, "officer-1")
    payments = [owned() for _ in range(60)]
    async with following(url, desk) as events:
        await settle(house, banksh, payments[:1])
        told = await some(events, 1)
    paying = asyncio.create_task(settle(house, banksh, payments[1:]))
    while len(told) < len(payments):
        async with following(url, desk, told[-1].id) as events:
            told += await some(events, min(7, len(payments) - len(told)))
    await paying
    assert [each.body["uetr"] for each in told] == [each.uetr for each in payments]


async def test_what_a_client_has_had_of_a_gateway_further_on_is_not_told_again(
    doors: Doors, house: House, banksh: WaitanClient
) -> None:
    """Its id is of the block that this gateway has yet to read: nothing of that block is told."""
    gateway, payment, last = house.gateways["banksh"], owned(), owned()
    journal = (await banksh.submit(payment)).transaction_id
    await house.caught_up()
    ahead = Cursors(gateway, f"events|{Scope.TRADER}|{LEI}").seal((gateway.follower.height + 1 << 32) - 1)
    token, one = doors.token("banksh"), doors.url("banksh", f"/v1/payments/{payment.uetr}/events")
    async with following(doors.url("banksh", "/v1/events"), token, ahead) as every, following(one, token, ahead) as its:
        for reason in ("G002", "G003"):  # the first is in that block
            stated = a_confirmation(payment, journal, CreditStatus.WAITING, reason=reason)
            await house.gateways["bankist"].ask([stated])
        await settle(house, banksh, [last])
        assert [each.body.get("reason") for each in await some(its, 1)] == ["G003"]
        assert [each.body["uetr"] for each in await some(every, 2)] == [payment.uetr, last.uetr]


async def test_another_holder_s_id_is_none(doors: Doors, house: House, banksh: WaitanClient) -> None:
    async with following(doors.url("banksh", "/v1/events"), doors.token("banksh")) as events:
        await settle(house, banksh, [owned()])
        (told,) = await some(events, 1)
    for token in (doors.token("banksh", customer=OTHERS_LEI), doors.token("banksh", Scope.DESK, "officer-1")):
        answer = await doors.ask("banksh", "/v1/events", token, headers={"Last-Event-ID": told.id})
        assert (answer.status, answer.body["code"], answer.body["where"]) == (422, "CH16", "Last-Event-ID")


@pytest.mark.parametrize("last", ["1", "AAAAAAAAAAAAAAAAAAAAAA", "x" * 22, "%00"])
async def test_an_id_that_is_none_is_refused(doors: Doors, last: str) -> None:
    answer = await doors.ask("banksh", "/v1/events", doors.token("banksh"), headers={"Last-Event-ID": last})
    assert (answer.status, answer.body["code"], answer.body["where"]) == (422, "CH16", "Last-Event-ID")


async def test_who_comes_back_after_too_long_is_told_to_begin_anew(
    doors: Doors, house: House, banksh: WaitanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, token = doors.url("banksh", "/v1/events"), doors.token("banksh")
    async with following(url, token) as events:
        await settle(house, banksh, [owned()])
        (told,) = await some(events, 1)
    await settle(house, banksh, [owned() for _ in range(4)])
    monkeypatch.setattr(followers, "BACK_MAX", 3)
    answer = await doors.ask("banksh", "/v1/events", token, headers={"Last-Event-ID": told.id})
    assert answer.status == 410


async def test_another_s_payment_is_not_followed(doors: Doors, house: House, banksh: WaitanClient) -> None:
    payment = owned(lei=OTHERS_LEI)
    await settle(house, banksh, [payment])
    answer = await doors.ask("banksh", f"/v1/payments/{payment.uetr}/events", doors.token("banksh"))
    assert (answer.status, answer.body["code"]) == (404, "NOT_FOUND")


async def test_a_holder_has_so_many_streams_and_others_theirs(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    url, token = doors.url("banksh", "/v1/events"), doors.token("banksh")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        held = [await session.get(url) for _ in range(streaming.OPEN_MAX)]
        assert {each.status for each in held} == {200}
        async with session.get(url) as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
        async with following(url, doors.token("banksh", customer=OTHERS_LEI)):
            pass
        for each in held:
            each.close()


@asynccontextmanager
async def a_door(gateway: Gateway, tokens: Tokens, heartbeat_s: float = 0.05) -> AsyncIterator[str]:
    """Open a door of its own, whose heart beats fast."""
    application = Traders(gateway, tokens, rates=Rates(1e5, 10**5), heartbeat_s=heartbeat_s).application()
    opened = await listen(application, "127.0.0.1", 0, connections_max=50)
    try:
        yield f"http://127.0.0.1:{opened.port}"
    finally:
        await opened.close()


async def test_the_line_shows_that_it_stands_and_ends_with_the_token(doors: Doors, house: House) -> None:
    """Whatever is followed: a token that counts no more ends it."""
    now_s = 1_800_000_000.0
    tokens = Tokens(
        house.members["banksh"].service.certificate, network=NETWORK, participant="banksh", clock=lambda: now_s
    )
    token = doors.token("banksh", now_s=int(now_s), lifetime_s=60)
    async with a_door(house.gateways["banksh"], tokens) as url, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get(f"{url}/v1/events", headers=headers) as response, asyncio.timeout(PATIENCE_S):
            assert await response.content.readuntil(b"\n:\n\n") == b"retry: 2000\n\n:\n\n"
            now_s += 61
            assert set((await response.content.read()).split(b"\n")) <= {b"", b":"}


async def test_who_may_no_longer_see_an_account_is_told_no_more_of_it(
    doors: Doors, house: House, banksh: WaitanClient
) -> None:
    """The bank takes an account from its customer: the stream ends with the next thing that it would have told."""
    lei, account = "984500CCE7A3B2A54E11", "6222020200885588"
    await banksh.ask(register(lei, accounts=(account,)))
    of_account = [a_fresh_payment(debtor_account=CashAccount(other=account)) for _ in range(2)]
    await settle(house, banksh, of_account[:1])
    token = doors.token("banksh", customer=lei)
    async with (
        following(doors.url("banksh", "/v1/events"), token) as events,
        following(doors.url("banksh", f"/v1/payments/{of_account[0].uetr}/events"), token) as one,
    ):
        await some(one, 1)
        await banksh.ask(register(lei))
        await settle(house, banksh, of_account[1:])
        async with asyncio.timeout(PATIENCE_S):
            assert [each async for each in events] == []
    answer = await doors.ask("banksh", f"/v1/payments/{of_account[0].uetr}/events", token)
    assert answer.status == 404


async def test_a_door_that_closes_lets_everybody_go(house: House, doors: Doors) -> None:
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {doors.token('banksh')}"}) as session:
        async with a_door(house.gateways["banksh"], tokens, heartbeat_s=60) as url:
            response = await session.get(f"{url}/v1/events")
            started = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - started < streaming.HEARTBEAT_S / 2
        response.close()


async def test_a_follower_whose_queue_is_full_is_let_go(house: House) -> None:
    follower = followers.Follower(lambda _: True, 0)
    for _ in range(followers.QUEUE_MAX):
        follower.tell(1, b"x")
    follower.tell(2, b"y")
    assert (follower.is_cut, await follower.next()) == (True, [])


async def test_a_client_that_does_not_read_is_cut_off_and_others_go_on(
    doors: Doors, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its window, the machine's buffers (small here, where the machine lets them be) and its queue are full."""
    monkeypatch.setattr(streaming, "WRITE_S", 0.2)
    gateway = house.gateways["banksh"]
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    opened = await listen(Traders(gateway, tokens).application(), "127.0.0.1", 0, connections_max=50)
    for each in (each for server in opened._servers for each in server.sockets):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024)
    head = f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {doors.token('banksh', Scope.DESK)}\r\n\r\n"
    url = f"http://127.0.0.1:{opened.port}/v1/events"
    async with closing(opened), following(url, doors.token("banksh", Scope.DESK, "officer-2")) as events:
        with socket.socket() as silent, capture_logs() as lines:
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            silent.connect(("127.0.0.1", opened.port))
            silent.send(head.encode())
            for _ in range(ROUNDS_MAX):
                payments = [owned() for _ in range(50)]
                await gateway.payments.submit(payments)
                told = await some(events, len(payments))
                assert [each.body["uetr"] for each in told] == [each.uetr for each in payments]
                if any(line["event"] == "request" for line in lines):
                    break
            heard = await asyncio.to_thread(_rest_of, silent)
    assert b"data: " in heard
    assert payments[-1].uetr.encode() not in heard


def _rest_of(line: socket.socket) -> bytes:
    """Read what is left on a line until the other side hangs up."""
    line.settimeout(PATIENCE_S)
    heard = b""
    with contextlib.suppress(ConnectionResetError):
        while data := line.recv(65536):
            heard += data
    return heard


GUIDE: Final = Path(__file__).resolve().parents[2] / "docs" / "guide" / "programs.md"


async def test_the_guide_s_program_tells_what_happens(
    doors: Doors, house: House, banksh: WaitanClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """The very lines of the guide, run against a door."""
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    told: dict[str, Any] = {}
    exec(compile(program, GUIDE.name, "exec"), told)  # noqa: S102 - it is our own page
    first, second = owned(), owned()
    url, token = doors.url("banksh", "/v1/events"), doors.token("banksh")
    async with following(url, token) as events:
        await settle(house, banksh, [first])
        (last,) = await some(events, 1)
    await settle(house, banksh, [second])
    running = asyncio.create_task(told["follow"](url.removesuffix("/v1/events"), token, last.id))
    said: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        while not said:
            done, _ = await asyncio.wait((running,), timeout=0.05)
            assert not done, await running
            said += [line for line in capsys.readouterr().out.splitlines() if "PAYMENT_SETTLED" in line]
    running.cancel()
    await asyncio.wait((running,))
    assert [line.split()[0] for line in said] == [second.uetr]
