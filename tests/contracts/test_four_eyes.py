"""Maker and checker: every act for which REQUIREMENTS section 6 asks four eyes, by one table.

Whoever has made is not who checks: not under the same certificate, nor another of the same name, nor another name over
the same key. Somebody else is.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.auth.signing import Credential, sign_command
from settlement.customs.declaration import HoldGoods, LiftHold, ReleaseGoods
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.payments.evidence import RequireReports
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit
from settlement.payments.terms import Terms
from settlement.payments.undertaking import Change, ProposeChange
from settlement.records import Command
from settlement.trade.advance import SetAdvanceRate
from settlement.trade.lading.commands import ConfirmBillRuling, DisputeBillOfLading, ProposeBillRuling
from settlement.trade.lading.commands import Ruling as BillRuling
from tests.builders import (
    TODAY,
    a_conditional_payment,
    a_payment,
    a_redemption_approval,
    a_redemption_confirmation,
    a_redemption_request,
    about,
    an_id,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)
from tests.certificates import a_credential
from tests.contracts.samples import block, reinstate, suspend, unblock
from tests.customs_samples import rates_approval, rates_entry
from tests.customs_world import FIRST, a_tax_payment, assessed, the_declaration, working
from tests.rulings import confirming, ruled
from tests.shipping import Shipping
from tests.trade import registered
from tests.world import NETWORK, World


class Act(NamedTuple):
    """What the maker signs, what the checker signs, and in which field sameness is told."""

    made: Command
    checked: Command
    where: str


class Case(NamedTuple):
    """An act on the list: whose people do it, in what role, and what is there before it."""

    at: str
    role: str
    prepare: Callable[[World], Act]


def ruling(command: Any, *before: Any) -> Callable[[World], Act]:
    """A ruling, after others."""

    def prepare(world: World) -> Act:
        ruled(world, *before)
        return Act(command, confirming(command), "confirms")

    return prepare


def issuance(world: World) -> Act:
    asked = an_issuance_request("5.00")
    world.must("banksh", asked)
    name = asked.issuance_id
    return Act(an_issuance_confirmation(name), an_issuance_approval(name), "issuance_id")


def redemption(world: World) -> Act:
    asked = a_redemption_request("5.00")
    world.must("banksh", asked)
    name = asked.redemption_id
    return Act(a_redemption_confirmation(name), a_redemption_approval(name), "redemption_id")


def rates(world: World) -> Act:
    return Act(rates_entry(), rates_approval(), "notice_id")


def held_goods(world: World) -> Act:
    """Goods that were held, and would be free to go but for that."""
    harbour = working(world)
    harbour.must("banksh", a_tax_payment(assessed(harbour)))
    goods = the_declaration(harbour).record_id
    harbour.must("customs", HoldGoods(command_id=an_id(), declaration_id=goods, reason="Label differs"), by=FIRST)
    lift = LiftHold(command_id=an_id(), declaration_id=goods, reason="Labels replaced")
    return Act(lift, ReleaseGoods(command_id=an_id(), declaration_id=goods), "declaration_id")


def disputed_bill(world: World) -> Act:
    registered(world)
    made = Shipping(world).issued()
    made.silk(DisputeBillOfLading(command_id=an_id(), record_id=made.record_id, reason="our key was stolen"))
    named: dict[str, Any] = {"record_id": made.record_id, "keeper": "customs", "ruling": BillRuling.RELEASE}
    proposal = ProposeBillRuling(command_id=an_id(), reason="heard both", **named)
    return Act(proposal, ConfirmBillRuling(command_id=an_id(), **named), "record_id")


def payment_above_limit(world: World) -> Act:
    ruled(world, LIMIT, at="banksh")
    payment = a_payment("500.01")
    return Act(ProposeRelease(command_id=an_id(), payment=payment), payment, "payment")


def terms_above_limit(world: World) -> Act:
    ruled(world, LIMIT, at="banksh")
    payment = a_conditional_payment("500.01")
    proposal = ProposeRelease(command_id=an_id(), payment=payment)
    world.must("banksh", proposal, by="officer-1")
    journal = world.must("banksh", payment, by="officer-2").tx_id
    other = Change(terms=Terms(not_before=TODAY, expires_on=TODAY))
    change = about(ProposeChange, payment, journal, change=other)
    return Act(ProposeChangeRelease(command_id=an_id(), change=change), change, "change")


def lifted_limit(world: World) -> Act:
    ruled(world, LIMIT, at="banksh")
    none = SetReleaseLimit(command_id=an_id(), participant="banksh", currency="CNY")
    return Act(none, confirming(none), "confirms")


BANK: Final = ("banksh", "bank_officer")
LIMIT: Final = SetReleaseLimit(command_id="b", participant="banksh", currency="CNY", amount="500.00")
REGULATOR: Final = ("regulator", "supervisor")
CLEARING: Final = ("clearing", "clearing_officer")
CUSTOMS: Final = ("customs", "customs_officer")
RATE: Final = SetAdvanceRate(command_id="a", effective_from=TODAY, percent=80)
FOUR_EYES: Final = {
    "release of payments above limit": Case(*BANK, payment_above_limit),
    "other terms of a payment above limit": Case(*BANK, terms_above_limit),
    "limit change: what one officer alone may pay": Case(*BANK, ruling(LIMIT)),
    "limit change: no limit any more": Case(*BANK, lifted_limit),
    "issuance": Case(*CLEARING, issuance),
    "redemption": Case(*CLEARING, redemption),
    "limit change: what part of a value may be lent": Case(*REGULATOR, ruling(RATE)),
    "customs release after hold": Case(*CUSTOMS, held_goods),
    "rates of customs": Case(*CUSTOMS, rates),
    "ruling on a bill of lading": Case(*REGULATOR, disputed_bill),
    "rule for all: who must report": Case(*REGULATOR, ruling(RequireReports(command_id="a", since=TODAY))),
    "freeze": Case(*REGULATOR, ruling(block())),
    "unfreeze": Case(*REGULATOR, ruling(unblock(), block())),
    "suspend": Case(*REGULATOR, ruling(suspend())),
    "suspend, by clearing": Case(*CLEARING, ruling(suspend())),
    "reinstate": Case(*REGULATOR, ruling(reinstate(), suspend())),
    "reinstate, by clearing": Case(*CLEARING, ruling(reinstate(), suspend())),
}
"""The acts of the list, and all others in which somebody makes and another checks."""


def somebody(world: World, case: Case, name: str, key: ec.EllipticCurvePrivateKey | None = None) -> Credential:
    """A certificate of the act's role in some name, over a key if one is given."""
    claims = {"waitan.participant": case.at, "waitan.role": case.role}
    return a_credential(world.members[case.at].ca, common_name=name, attributes=claims, key=key)


@pytest.mark.parametrize("case", FOUR_EYES.values(), ids=FOUR_EYES)
def test_maker_and_checker_are_two_people(world: World, case: Case) -> None:
    act = case.prepare(world)
    key = ec.generate_private_key(ec.SECP256R1())
    maker = somebody(world, case, "one", key)
    twins = {"the maker": maker, "its name": somebody(world, case, "one"), "its key": somebody(world, case, "two", key)}
    made = world.carry(world.sign(case.at, [sign_command(NETWORK, act.made, maker)]))
    assert made.codes == [[""]]
    for who, twin in twins.items():
        refused = world.endorse(world.sign(case.at, [sign_command(NETWORK, act.checked, twin)])).answers[0]
        assert refused == (Answer(Code.SAME_SIGNER, act.where),), who
    checker = somebody(world, case, "two")
    checked = world.carry(world.sign(case.at, [sign_command(NETWORK, act.checked, checker)]))
    assert checked.codes == [[""]]
