"""Commands that are no payments, through the operators' door: signed by a person, or in the organisation's name."""

from typing import Final

import pytest
from grpc import StatusCode
from msgspec.structs import replace

from gateway.client import WaitanClient, WaitanError
from gateway.development.members import Member, Profile, onboarding
from settlement.accounts.account import CloseAccount, OpenAccount
from settlement.accounts.issuance import AdmitCurrency, DeclineIssuance
from settlement.accounts.redemption import DeclineRedemption, FailPayout, RecordPayout
from settlement.day import CloseDay, CutOffDay, OpenDay
from settlement.participants import (
    Customer,
    ExitParticipant,
    RegisterCustomer,
    ReinstateParticipant,
    SuspendParticipant,
)
from settlement.parties import Kind
from settlement.records import Command, RulingCommand
from tests.builders import (
    TODAY,
    TOMORROW,
    a_redemption_approval,
    a_redemption_confirmation,
    a_redemption_request,
    an_id,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)
from tests.gateway.house import NETWORK, House
from tests.rulings import PEOPLE, confirming
from waitan.v1 import accounts_pb2, common_pb2, days_pb2, participants_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEI: Final = "5493001KJTIIGC8Y1R12"


class Office:
    """The people of clearing and regulator, each at their own gateway."""

    def __init__(self, house: House) -> None:
        self._house: Final = house

    async def ask(self, command: Command, by: str = "officer-1", at: str = "clearing") -> common_pb2.CommandDone:
        async with self._house.client(at, by) as client:
            return await client.ask_signed(NETWORK, command, self._house.members[at].person(by))

    async def ruled(self, ruling: RulingCommand, at: str = "regulator") -> None:
        """Let one propose what takes two, and another confirm it."""
        proposer, checker = PEOPLE[at]
        await self.ask(ruling, by=proposer, at=at)
        await self.ask(confirming(ruling), by=checker, at=at)

    async def refusal(self, command: Command, by: str = "officer-1", at: str = "clearing") -> tuple[str, str]:
        with pytest.raises(WaitanError) as raised:
            await self.ask(command, by, at)
        return raised.value.code, raised.value.where


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


async def test_an_issuance_needs_two_officers(house: House, office: Office, banksh: WaitanClient) -> None:
    request = an_issuance_request("500.00", currency="EUR")
    done = await banksh.ask(request)
    assert done.transaction_id
    await office.ask(an_issuance_confirmation(request.issuance_id))
    assert await office.refusal(an_issuance_approval(request.issuance_id)) == ("SAME_SIGNER", "issuance_id")
    await office.ask(an_issuance_approval(request.issuance_id), by="officer-2")
    await house.caught_up()
    [issuance] = [each for each in await banksh.issuances() if each.issuance_id == request.issuance_id]
    assert issuance.state == accounts_pb2.ISSUANCE_STATE_ISSUED
    assert (issuance.confirmed_by, issuance.approved_by) == ("officer-1", "officer-2")


async def test_an_issuance_may_be_declined(house: House, office: Office, banksh: WaitanClient) -> None:
    request = an_issuance_request("500.00", currency="EUR")
    await banksh.ask(request)
    decline = DeclineIssuance(
        command_id=an_id(), participant="banksh", issuance_id=request.issuance_id, reason="no funding came"
    )
    await office.ask(decline)
    assert await office.refusal(an_issuance_confirmation(request.issuance_id)) == (
        "MOVE_NOT_ALLOWED",
        "issuance.DECLINED",
    )
    assert await office.refusal(an_issuance_confirmation("unheard-of")) == ("NOT_FOUND", "issuance_id")


async def test_a_redemption_is_burned_and_paid_out_or_restored(
    house: House, office: Office, banksh: WaitanClient
) -> None:
    before = await balance(banksh)
    paid, failed, declined = (a_redemption_request("10.00", currency="EUR") for _ in range(3))
    for request in (paid, failed, declined):
        await banksh.ask(request)
    for request in (paid, failed):
        await office.ask(a_redemption_confirmation(request.redemption_id))
        await office.ask(a_redemption_approval(request.redemption_id), by="officer-2")
    names = {"command_id": an_id(), "participant": "banksh"}
    await office.ask(RecordPayout(**names, redemption_id=paid.redemption_id, payout_reference="PACS009-1"))
    names["command_id"] = an_id()
    await office.ask(FailPayout(**names, redemption_id=failed.redemption_id, reason="account closed"))
    names["command_id"] = an_id()
    await office.ask(DeclineRedemption(**names, redemption_id=declined.redemption_id, reason="not in order"))
    await house.caught_up()
    states = {each.redemption_id: each.state for each in await banksh.redemptions()}
    assert [states[each.redemption_id] for each in (paid, failed, declined)] == [
        accounts_pb2.REDEMPTION_STATE_PAID_OUT,
        accounts_pb2.REDEMPTION_STATE_FAILED,
        accounts_pb2.REDEMPTION_STATE_DECLINED,
    ]
    assert await balance(banksh) == before - 1000
    with pytest.raises(WaitanError) as raised:
        await banksh.ask(a_redemption_request("99999999.00", currency="EUR"))
    assert raised.value.code == "UNFUNDED"


async def balance(client: WaitanClient, currency: str = "EUR") -> int:
    [account] = await client.accounts("banksh", currency)
    assert account.reserved_minor == 0
    return account.posted_minor


async def test_a_command_takes_effect_once_under_its_id(office: Office) -> None:
    admit = AdmitCurrency(
        command_id=an_id(), currency="KWD", settlement_agent="CBKUKWKWXXX", settlement_account="WAITAN-KWD"
    )
    await office.ask(admit)
    await office.ask(admit)
    assert await office.refusal(replace(admit, currency="OMR")) == ("COMMAND_ID_REUSED", "command_id")
    assert await office.refusal(replace(admit, command_id=an_id())) == ("ALREADY_EXISTS", "currency")


async def test_accounts_are_opened_and_closed(house: House, office: Office, clearing: WaitanClient) -> None:
    await office.ask(
        AdmitCurrency(
            command_id=an_id(), currency="BHD", settlement_agent="MNTYBHBMXXX", settlement_account="WAITAN-BHD"
        )
    )
    assert "BHD" in {each.currency for each in await clearing.currencies()}
    opening = OpenAccount(command_id=an_id(), participant="bankist", currency="BHD")
    await office.ask(opening)
    assert await office.refusal(replace(opening, command_id=an_id())) == ("ALREADY_EXISTS", "currency")
    await office.ask(CloseAccount(command_id=an_id(), participant="bankist", currency="BHD"))
    [account] = await clearing.accounts("bankist", "BHD")
    assert (account.state, account.balance) == (accounts_pb2.ACCOUNT_STATE_CLOSED, "0.000")
    unfunded = CloseAccount(command_id=an_id(), participant="banksh", currency="CNY")
    assert (await office.refusal(unfunded))[0] == "BALANCE_NOT_ZERO"


async def test_a_bank_sees_its_own_accounts_and_an_authority_all(banksh: WaitanClient, clearing: WaitanClient) -> None:
    assert {each.participant for each in await banksh.accounts()} == {"banksh"}
    assert {each.participant for each in await clearing.accounts()} > {"banksh", "bankist", "bankfra"}


async def test_the_day_turns_by_command(office: Office, house: House, banksh: WaitanClient) -> None:
    def at(kind: type[Command], date: str = TODAY) -> Command:
        return kind(command_id=an_id(), currency="JPY", date=date)  # type: ignore[call-arg]

    assert await office.refusal(at(OpenDay, TOMORROW)) == ("MOVE_NOT_ALLOWED", "business_day.OPEN")
    await office.ask(at(CutOffDay))
    await office.ask(at(CloseDay))
    assert (await office.refusal(at(OpenDay)))[0] == "DAY_NOT_LATER"
    await office.ask(at(OpenDay, TOMORROW))
    assert await office.refusal(at(CutOffDay)) == ("NOT_FOUND", "date")
    await house.caught_up()
    [day] = [each for each in await banksh.days() if each.currency == "JPY"]
    assert (day.date, day.state) == (TOMORROW, days_pb2.DAY_STATE_OPEN)


async def test_organisations_join_stop_and_leave(house: House, office: Office, banksh: WaitanClient) -> None:
    for command in onboarding(Member(Profile("bankdub", Kind.BANK, "Dubai Creek Bank", "EMIRAEADXXX"))):
        await office.ask(command)
    suspend = SuspendParticipant(command_id=an_id(), participant="bankdub", reason="inspection")
    await office.ruled(suspend)
    await office.ruled(
        ReinstateParticipant(command_id=an_id(), participant="bankdub", reason="all well"), at="clearing"
    )
    await office.ask(ExitParticipant(command_id=an_id(), participant="bankdub"))
    await house.caught_up()
    found = await banksh.participant(bic="EMIRAEAD")
    assert (found.participant, found.state) == ("bankdub", participants_pb2.PARTICIPANT_STATE_EXITED)
    assert found in await banksh.participants()
    with pytest.raises(WaitanError) as raised:
        await banksh.participant("nobody")
    assert raised.value.code == "NOT_FOUND"


async def test_a_bank_registers_a_customer(house: House, banksh: WaitanClient) -> None:
    customer = Customer(identifier=LEI, name="Huangpu Silk Co", accounts=("6222020200112233",))
    await banksh.ask(RegisterCustomer(command_id=an_id(), customer=customer))
    assert house.gateways["banksh"].queries.customer("banksh", LEI) == customer
    with pytest.raises(WaitanError) as raised:
        await banksh.ask(RegisterCustomer(command_id=an_id(), customer=replace(customer, identifier="X")))
    assert (raised.value.code, raised.value.where) == ("BE15", "customer.identifier")


async def test_what_a_bank_asks_for_in_its_own_name_an_officer_may_sign(
    house: House, office: Office, banksh: WaitanClient
) -> None:
    """And nobody else: the ledger looks at who signed, whoever brought it."""
    issuance, redemption = an_issuance_request("5.00"), a_redemption_request("1.00")
    customer = Customer(identifier="529900T8BM49AURSDO55", name="Pudong Porcelain")
    register = RegisterCustomer(command_id=an_id(), customer=customer)
    for command in (issuance, redemption, register):
        assert (await office.ask(command, at="banksh")).transaction_id
    await house.caught_up()
    assert issuance.issuance_id in {each.issuance_id for each in await banksh.issuances()}
    assert redemption.redemption_id in {each.redemption_id for each in await banksh.redemptions()}
    assert house.gateways["banksh"].queries.customer("banksh", customer.identifier) == customer
    async with house.client("banksh") as client:
        for kind, signer in (("bankist", "officer-1"), ("clearing", "officer-1")):
            with pytest.raises(WaitanError) as raised:
                await client.ask_signed(NETWORK, an_issuance_request("5.00"), house.members[kind].person(signer))
            assert raised.value.code == "AG08"


async def test_a_request_without_consent_is_refused(banksh: WaitanClient) -> None:
    for method, request in (
        (banksh._accounts.RequestIssuance, accounts_pb2.RequestIssuanceRequest()),
        (banksh._accounts.RequestRedemption, accounts_pb2.RequestRedemptionRequest()),
        (banksh._participants.RegisterCustomer, participants_pb2.RegisterCustomerRequest()),
    ):
        with pytest.raises(WaitanError) as raised:
            await banksh._call(method, request)
        assert (raised.value.code, raised.value.where) == ("CH21", "consent")


async def test_a_signed_command_is_taken_by_the_rpc_of_its_name_and_as_it_was_signed(
    house: House, office: Office
) -> None:
    person = house.members["clearing"].person("officer-1")
    command = CloseAccount(command_id=an_id(), participant="bankfra", currency="CNY")
    async with house.client("clearing") as client:
        wrong_rpc = client._accounts.OpenAccount
        client._rpc = lambda kind: wrong_rpc  # type: ignore[method-assign]  # noqa: ARG005
        with pytest.raises(WaitanError) as raised:
            await client.ask_signed(NETWORK, command, person)
    assert (raised.value.code, raised.value.where) == ("CH16", "command.type")
    stranger = house.members["banksh"].person("officer-1")
    async with house.client("clearing") as client:
        for network, signer in (("another", person), (NETWORK, stranger)):
            with pytest.raises(WaitanError) as raised:
                await client.ask_signed(network, command, signer)
            assert raised.value.status is StatusCode.PERMISSION_DENIED
