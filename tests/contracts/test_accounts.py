"""Currencies, accounts, issuances and redemptions through the people who decide them."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.accounts.account import AccountState
from settlement.accounts.circulation import Circulation
from settlement.accounts.issuance import Issuance, IssuanceState
from settlement.accounts.redemption import Redemption, RedemptionState
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.records import Command
from tests import invariants
from tests.builders import (
    a_payment,
    a_redemption_approval,
    a_redemption_confirmation,
    a_redemption_request,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)
from tests.contracts.samples import (
    admit,
    block,
    close,
    close_day,
    cut_off,
    decline_issuance,
    decline_redemption,
    fail_payout,
    leave,
    open_account,
    pay_out,
    suspend,
    unblock,
)
from tests.rulings import ruled
from tests.world import World


def circulation(world: World, currency: str = "CNY") -> Circulation:
    return next(totals for _, totals in world.records(Circulation) if totals.currency == currency)


def issuance(world: World, issuance_id: str) -> Issuance:
    return next(found for _, found in world.records(Issuance) if found.issuance_id == issuance_id)


def redemption(world: World, redemption_id: str) -> Redemption:
    return next(found for _, found in world.records(Redemption) if found.redemption_id == redemption_id)


def burn(world: World, amount: str = "200.00") -> str:
    """Bring a redemption of banksh as far as burned; give its id."""
    asked = a_redemption_request(amount)
    world.must("banksh", asked)
    world.must("clearing", a_redemption_confirmation(asked.redemption_id), by="officer-1")
    world.must("clearing", a_redemption_approval(asked.redemption_id), by="officer-2")
    return asked.redemption_id


def test_an_issuance_names_who_did_what(world: World) -> None:
    issuance_id = world.fund("bankist", "500.00")
    done = issuance(world, issuance_id)
    assert done.state is IssuanceState.ISSUED
    assert done.confirmed_by is not None
    assert done.approved_by is not None
    assert (done.confirmed_by.name, done.approved_by.name) == ("officer-1", "officer-2")
    assert (done.funding_reference, done.credit_reference) == ("FUND-1", "CAMT054-1")
    assert circulation(world).issued_minor == 100_050_000
    invariants.check(world)


def test_nothing_is_issued_before_it_is_confirmed(world: World) -> None:
    asked = an_issuance_request()
    world.must("banksh", asked)
    approve = an_issuance_approval(asked.issuance_id)
    assert world.say("clearing", approve, by="officer-2") == [Answer(Code.MOVE_NOT_ALLOWED, "issuance.REQUESTED")]


def test_an_issuance_ends_once(world: World) -> None:
    """What is issued or declined is neither approved, confirmed nor declined again."""
    issued, declined = world.fund("banksh", "1.00"), an_issuance_request()
    world.must("banksh", declined)
    world.must("clearing", decline_issuance(declined.issuance_id), by="officer-1")
    before = world.balance("banksh")
    for ended in (issued, declined.issuance_id):
        again: list[Command] = [
            an_issuance_confirmation(ended),
            an_issuance_approval(ended),
            decline_issuance(ended),
        ]
        for command in again:
            assert world.ask("clearing", command, by="officer-1").codes != [[""]]
    assert world.balance("banksh") == before
    assert world.account("banksh").open_items == 0


@pytest.mark.parametrize(
    "command",
    [
        an_issuance_confirmation("unknown"),
        an_issuance_approval("unknown"),
        decline_issuance("unknown"),
        a_redemption_confirmation("unknown"),
        a_redemption_approval("unknown"),
        decline_redemption("unknown"),
        pay_out("unknown"),
        fail_payout("unknown"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_was_not_asked_for_is_not_found(world: World, command: Any) -> None:
    """Of an unknown bank, an unknown request, or another bank's: there is none."""
    asked, drawn = an_issuance_request(issuance_id="I-9"), a_redemption_request(redemption_id="R-9")
    world.must("banksh", asked, drawn)
    for changes in ({"participant": "nobody"}, {}, {"participant": "bankist"}):
        known = {"issuance_id": "I-9"} if hasattr(command, "issuance_id") else {"redemption_id": "R-9"}
        wanted = replace(command, **changes, **(known if changes else {}))
        assert world.say("clearing", wanted, by="officer-1")[0].code == Code.NOT_FOUND


def test_an_id_is_one_banks_own(world: World) -> None:
    """Two banks may use the same reference; one bank may not use it twice."""
    world.must("banksh", an_issuance_request(issuance_id="I-1"))
    world.must("bankist", an_issuance_request(issuance_id="I-1"))
    again = an_issuance_request(issuance_id="I-1")
    assert world.say("banksh", again) == [Answer(Code.ALREADY_EXISTS, "issuance_id")]


def test_a_redemption_runs_to_its_payout(world: World) -> None:
    """Reserved, burned, paid out: the money is off the ledger and the totals say so."""
    redemption_id = burn(world, "200.00")
    assert (world.balance("banksh"), world.account("banksh").open_items) == (99_980_000, 1)
    world.must("clearing", pay_out(redemption_id), by="officer-1")
    assert redemption(world, redemption_id).state is RedemptionState.PAID_OUT
    assert circulation(world) == Circulation(currency="CNY", issued_minor=100_000_000, redeemed_minor=20_000)
    assert world.account("banksh").open_items == 0
    invariants.check(world)


def test_a_reserved_amount_is_not_spent(world: World) -> None:
    world.must("banksh", a_redemption_request("999999.00"))
    assert world.ask("banksh", a_payment("1.01"), a_payment("1.00")).codes == [[Code.UNFUNDED, ""]]
    assert world.account("banksh").available_minor == 0
    invariants.check(world)


def test_declining_a_redemption_leaves_the_balance_as_it_was(world: World) -> None:
    before = world.account("banksh")
    asked = a_redemption_request("200.00")
    world.must("banksh", asked)
    world.must("clearing", decline_redemption(asked.redemption_id), by="officer-1")
    assert world.account("banksh") == before


def test_a_failed_payout_restores_the_money_once(world: World) -> None:
    """Also to an account that was blocked meanwhile; and what has failed is not paid out."""
    redemption_id = burn(world, "200.00")
    ruled(world, block("banksh"))
    world.must("clearing", fail_payout(redemption_id), by="officer-1")
    assert world.balance("banksh") == 100_000_000
    for command in (fail_payout(redemption_id), pay_out(redemption_id)):
        assert world.say("clearing", command, by="officer-1") == [Answer(Code.MOVE_NOT_ALLOWED, "redemption.FAILED")]
    assert circulation(world).redeemed_minor == 0
    invariants.check(world)


def test_a_redemption_passes_until_the_day_is_closed(world: World) -> None:
    world.must("clearing", cut_off(), by="officer-1")
    world.must("banksh", a_redemption_request("1.00"))
    world.must("clearing", close_day(), by="officer-1")
    assert world.say("banksh", a_redemption_request("1.00")) == [Answer(Code.DAY_CLOSED, "currency")]


def test_a_frozen_account_is_not_burned_from(world: World) -> None:
    """A block between confirmation and approval holds the money where it is."""
    asked = a_redemption_request("200.00")
    world.must("banksh", asked)
    world.must("clearing", a_redemption_confirmation(asked.redemption_id), by="officer-1")
    ruled(world, block("banksh"))
    approve = a_redemption_approval(asked.redemption_id)
    assert world.say("clearing", approve, by="officer-2") == [Answer(Code.ACCOUNT_NOT_USABLE, "currency")]


def test_nothing_is_issued_to_a_suspended_bank(world: World) -> None:
    asked = an_issuance_request()
    world.must("bankist", asked)
    world.must("clearing", an_issuance_confirmation(asked.issuance_id, "bankist"), by="officer-1")
    ruled(world, suspend("bankist"), at="clearing")
    approve = an_issuance_approval(asked.issuance_id, "bankist")
    assert world.say("clearing", approve, by="officer-2") == [Answer(Code.ACCOUNT_NOT_USABLE, "participant")]


def test_an_account_closes_at_zero(world: World) -> None:
    """Not with money on it, not with a request open; and once closed it does not open again."""
    assert world.say("clearing", close("banksh"), by="officer-1") == [Answer(Code.BALANCE_NOT_ZERO, "currency")]
    asked = an_issuance_request()
    world.must("bankist", asked)
    assert world.say("clearing", close("bankist"), by="officer-1") == [Answer(Code.BALANCE_NOT_ZERO, "currency")]
    world.must("clearing", decline_issuance(asked.issuance_id, "bankist"), close("bankist"), by="officer-1")
    assert world.account("bankist").state is AccountState.CLOSED
    assert world.say("regulator", unblock("bankist"), by="supervisor-1")[0].code == Code.MOVE_NOT_ALLOWED
    assert world.say("clearing", open_account("bankist"), by="officer-1")[0].code == Code.ALREADY_EXISTS
    assert world.say("bankist", an_issuance_request()) == [Answer(Code.ACCOUNT_NOT_USABLE, "currency")]


def test_a_block_stops_an_account_in_both_directions_until_it_is_lifted(world: World) -> None:
    world.must("banksh", a_payment("5.00"))
    ruled(world, block("bankist"))
    assert world.say("banksh", a_payment("1.00"))[0].code == Code.AC06
    assert world.say("bankist", a_payment("1.00", payer="bankist", payee="banksh"))[0].code == Code.AC06
    ruled(world, unblock("bankist"))
    assert world.must("banksh", a_payment("1.00")).codes == [[""]]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (admit("CNY"), Answer(Code.ALREADY_EXISTS, "currency")),
        (admit("XXQ"), Answer(Code.AM11, "currency")),
        (admit("XAU"), Answer(Code.AM03, "currency")),
        (replace(admit(), settlement_agent="CBNKCNSH"), Answer(Code.RC01, "settlement_agent")),
        (replace(admit(), settlement_agent="nonsense"), Answer(Code.RC01, "settlement_agent")),
        (replace(admit(), settlement_account=""), Answer(Code.CH21, "settlement_account")),
        (open_account("bankist", "CNY"), Answer(Code.ALREADY_EXISTS, "currency")),
        (open_account("bankist", "EUR"), Answer(Code.AM11, "currency")),
        (open_account("nobody", "CNY"), Answer(Code.NOT_FOUND, "participant")),
    ],
    ids=lambda value: value.code if isinstance(value, Answer) else type(value).__name__,
)
def test_an_account_command_that_cannot_be_is_refused(world: World, command: Any, answer: Answer) -> None:
    assert world.say("clearing", command, by="officer-1") == [answer]


@pytest.mark.parametrize("confirms", [False, True])
@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (block("nobody"), Answer(Code.NOT_FOUND, "participant")),
        (block("bankist", "EUR"), Answer(Code.AC01, "currency")),
        (replace(block(), reason=""), Answer(Code.CH21, "reason")),
        (unblock("bankist"), Answer(Code.MOVE_NOT_ALLOWED, "account.OPEN")),
    ],
    ids=lambda value: value.code if isinstance(value, Answer) else type(value).__name__,
)
def test_a_block_that_cannot_be_is_not_proposed_either(
    world: World, command: Any, answer: Answer, *, confirms: bool
) -> None:
    assert world.say("regulator", replace(command, confirms=confirms), by="supervisor-1") == [answer]


def test_a_bank_that_left_gets_no_account(world: World) -> None:
    world.must("clearing", leave("bankfra"), admit("EUR"), by="officer-1")
    refused = world.say("clearing", open_account("bankfra", "EUR"), by="officer-1")
    assert refused == [Answer(Code.MOVE_NOT_ALLOWED, "participant")]
