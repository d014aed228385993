"""Whatever an operator does at the door shows on the ledger who did it."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from gateway.ledger.lists import Outcome
from settlement.iso20022 import writing
from settlement.participants import RevokeCertificates
from tests.builders import SILK_ACCOUNT, SILK_LEI, TODAY, an_id, an_initiation, an_instruction, an_issuance_request
from tests.contracts.samples import register
from tests.gateway.house import NETWORK, House, a_fresh_payment
from waitan.v1 import initiations_pb2
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def sent(house: House, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the two banks' gateways sign and send to the ledger, as it stands there."""
    commands: list[dict[str, Any]] = []
    for name in ("banksh", "bankist"):
        lists = house.gateways[name].lists
        submit = lists.submit

        async def watched(asked: Sequence[bytes], submit: Any = submit, **looked_up: Any) -> list[Outcome]:
            commands.extend(map(json.loads, asked))
            outcomes: list[Outcome] = await submit(asked, **looked_up)
            return outcomes

        monkeypatch.setattr(lists, "submit", watched)
    return commands


async def test_every_act_has_the_fingerprint_of_who_asked(house: House, sent: list[dict[str, Any]]) -> None:
    payment, document, streamed = (a_fresh_payment("1.00") for _ in range(3))

    async def batches() -> AsyncIterator[list[Any]]:
        yield [streamed]

    async with house.client("banksh", "officer-2") as client:
        await client.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
        await client.submit(payment)
        await client.submit_message(writing.payment_message(document, sent_at="2026-11-23T01:00:00.000Z"))
        assert [outcome async for answers in client.submit_batches(batches()) for outcome in answers]
        await client.ask(an_issuance_request("1.00"))
        person = house.members["banksh"].person("officer-1")
        await client.ask_signed(NETWORK, an_issuance_request("2.00"), person)
        await client.ask(RevokeCertificates(command_id=an_id(), serials=("abcdef",)))
        asked = an_initiation(an_instruction())
    at_the_bank = {each["type"]: each.get("requested_by") for each in sent}
    assert len(at_the_bank) == 5
    assert set(at_the_bank.values()) == {house.members["banksh"].person("officer-2").fingerprint}
    (signed,) = [each for each in sent if each["type"] == "Signed"]
    assert signed["certificate"], "and who signed, where another did"

    sent.clear()
    from settlement.payments import initiation

    await house.gateways["banksh"].ask([asked])
    named = initiation.initiation_id(SILK_LEI, asked.message_id, 0)
    sent.clear()
    async with house.client("banksh", "officer-1") as client:
        await client.release(initiations_pb2.ReleaseInitiationRequest(initiation_id=named))
    await house.caught_up()
    async with house.client("bankist", "officer-1") as client:
        await client.confirm_credit(pb.ConfirmCreditRequest(uetr=payment.uetr, status=pb.CREDIT_STATUS_CREDITED))
        await client.return_payment(
            pb.ReturnPaymentRequest(
                uetr=payment.uetr,
                return_id=an_id()[:30],
                currency="CNY",
                amount="1.00",
                settlement_date=TODAY,
                reason="AC04",
                message_id=an_id()[:30],
            )
        )
    assert [(each["type"], each["requested_by"]) for each in sent] == [
        ("SubmitPayment", house.members["banksh"].person("officer-1").fingerprint),
        ("ConfirmCredit", house.members["bankist"].person("officer-1").fingerprint),
        ("ReturnPayment", house.members["bankist"].person("officer-1").fingerprint),
    ]
