"""What is answered before a request is routed is what the long way answers, to nobody else, and no oftener."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from gateway.auth.revocations import Revocations
from gateway.client import WaitanClient
from gateway.limits import Rates
from gateway.traders import server
from gateway.traders.at_once import AtOnce
from gateway.traders.tokens import Tokens, mint
from gateway.watched import Watched
from settlement.payments.commands import SubmitPayment
from tests.builders import SILK, SILK_ACCOUNT, SILK_LEI
from tests.contracts.samples import register
from tests.gateway.house import NETWORK, House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER: Final = "529900T8BM49AURSDO55"
DIFFERS: Final = frozenset({"x-request-id", "date"})


def a_silk_payment() -> SubmitPayment:
    return a_fresh_payment(debtor=replace(SILK, lei=SILK_LEI))


class Trader:
    """A trader at a door of the bank."""

    def __init__(self, house: House, session: aiohttp.ClientSession) -> None:
        self._key: Final = house.members["banksh"].service.key
        self._session: Final = session

    def token(self, customer: str = SILK_LEI, **others: Any) -> str:
        return mint(
            self._key, network=NETWORK, participant="banksh", customer=customer, now_s=int(time.time()), **others
        )

    async def get(self, uetr: str, token: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {token}", **headers}
        async with self._session.get(f"/v1/payments/{uetr}", headers=bearer) as response:
            told = {name.lower(): value for name, value in response.headers.items() if name.lower() not in DIFFERS}
            return response.status, told, await response.read()


@asynccontextmanager
async def a_trader(
    house: House,
    banksh: WaitanClient,
    *,
    rates: Rates | None = None,
    clock: Any = time.time,
    revoked: Path | None = None,
) -> AsyncIterator[Trader]:
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    await banksh.ask(register(OTHER, accounts=()))
    certificate = house.members["banksh"].service.certificate
    revocations = Revocations(revoked) if revoked else None
    tokens = Tokens(certificate, network=NETWORK, participant="banksh", clock=clock, revocations=revocations)
    opened = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0, rates=rates or Rates(1e6, 10**6))
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{opened.port}") as session:
            yield Trader(house, session)
    finally:
        await opened.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each request: whether it was answered at once."""
    answered: list[bool] = []
    answer = AtOnce.answer

    def watched(self: AtOnce, request: Any) -> Any:
        response = answer(self, request)
        answered.append(response is not None)
        return response

    monkeypatch.setattr(AtOnce, "answer", watched)
    return answered


async def test_the_second_answer_is_the_first_ones_and_comes_at_once(
    house: House, banksh: WaitanClient, at_once: list[bool]
) -> None:
    payment = a_silk_payment()
    await banksh.submit(payment)
    async with a_trader(house, banksh) as trader:
        token = trader.token()
        with capture_logs() as lines:
            first, second = [await trader.get(payment.uetr, token) for _ in range(2)]
        assert at_once == [False, True]
        assert first == second
        assert first[0] == 200
        told = [{**line, "took_ms": 0, "request_id": ""} for line in lines if line["event"] == "request"]
        assert {**told[0]} == {**told[1]}
        assert payment.uetr not in str(lines)
        status, headers, body = await trader.get(payment.uetr, token, If_None_Match=first[1]["etag"])
        assert (status, headers["etag"], body) == (304, first[1]["etag"], b"")
        assert (await trader.get(payment.uetr, token, If_None_Match='"else"'))[0] == 200
        assert at_once == [False, True, True, True]


async def test_nobody_else_is_told_at_once_or_at_all(house: House, banksh: WaitanClient, at_once: list[bool]) -> None:
    payment = a_silk_payment()
    await banksh.submit(payment)
    async with a_trader(house, banksh) as trader:
        for _ in range(2):
            assert (await trader.get(payment.uetr, trader.token()))[0] == 200
        for _ in range(2):
            assert (await trader.get(payment.uetr, trader.token(OTHER)))[0] == 404
        assert (await trader.get(payment.uetr, trader.token()[:-4] + "AAAA"))[0] == 401
        assert at_once == [False, True, False, False, False]


async def test_a_token_that_has_ended_or_is_revoked_opens_nothing_that_is_at_hand(
    house: House, banksh: WaitanClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Watched.__init__.__kwdefaults__ or {}, "check_s", 0.0)
    ahead_s = 0.0
    revoked = tmp_path / "revoked"
    revoked.write_text("")
    payment = a_silk_payment()
    await banksh.submit(payment)
    async with a_trader(house, banksh, clock=lambda: time.time() + ahead_s, revoked=revoked) as trader:
        short, long = trader.token(lifetime_s=60), trader.token(lifetime_s=3600)
        assert [(await trader.get(payment.uetr, each))[0] for each in (short, long, short, long)] == [200] * 4
        ahead_s = 61.0
        assert [(await trader.get(payment.uetr, each))[0] for each in (short, long)] == [401, 200]
        revoked.write_text(f"subject banksh {SILK_LEI}\n")
        assert (await trader.get(payment.uetr, long))[0] == 401
        revoked.write_text("what is this\n")
        assert (await trader.get(payment.uetr, long))[0] == 503


async def test_what_is_answered_at_once_counts_against_the_limit_too(house: House, banksh: WaitanClient) -> None:
    payment = a_silk_payment()
    await banksh.submit(payment)
    async with a_trader(house, banksh, rates=Rates(0.001, 3)) as trader:
        token = trader.token()
        assert [(await trader.get(payment.uetr, token))[0] for _ in range(5)] == [200, 200, 200, 429, 429]


async def test_what_happens_to_a_payment_is_told_with_the_next_answer(
    house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    from waitan.v1 import payments_pb2 as pb

    payment = a_silk_payment()
    await banksh.submit(payment)
    await house.caught_up()
    async with a_trader(house, banksh) as trader:
        token = trader.token()
        before = [await trader.get(payment.uetr, token) for _ in range(2)]
        await bankist.confirm_credit(pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_CREDITED))
        await house.caught_up()
        after = await trader.get(payment.uetr, token)
    assert [b'"status":"ACSC"' in body for _, _, body in before] == [True, True]
    assert b'"status":"ACCC"' in after[2]
