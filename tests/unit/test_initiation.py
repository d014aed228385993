"""An initiation: what is refused when a trader asks, and what its bank may then do with it."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.participants import Customer
from settlement.parties import CashAccount
from settlement.payments import initiation
from settlement.payments.commands import ChargeBearer, RegulatoryReporting, SubmitPayment
from settlement.payments.initiation import (
    INSTRUCTIONS_MAX,
    InitiatePayments,
    Initiation,
    InitiationState,
    Instruction,
    initiated,
)
from settlement.payments.payment import TransactionStatus
from tests.builders import (
    BICS,
    SILK,
    SILK_ACCOUNT,
    SILK_LEI,
    TEKSTIL,
    TODAY,
    TOMORROW,
    YESTERDAY,
    a_decline,
    a_uetr,
    an_initiation,
    an_instruction,
)
from tests.expectations import refused

CUSTOMER = Customer(identifier=SILK_LEI, name="Huangpu Silk Co", accounts=(SILK_ACCOUNT,))
LAST_DAY = "2026-11-28"
"""TODAY and the five days for which an initiation stands by default."""
AFTER = "2026-11-29"


def record(command: InitiatePayments, customer: Customer | None = CUSTOMER) -> tuple[Initiation, ...]:
    return initiated(command, customer=customer, bank_bic=BICS["banksh"], at_ms=1)


def one(*instructions: Instruction, **others: Any) -> Initiation:
    return record(an_initiation(*instructions, **others))[0]


def release_of(found: Initiation, **others: Any) -> SubmitPayment:
    payment = initiation.payment_of(
        found.instruction,
        uetr=initiation.uetr_of(found),
        payer="banksh",
        payee="bankist",
        instructing_agent=BICS["banksh"],
        instructed_agent=BICS["bankist"],
        settlement_date=TODAY,
        message_id=found.initiation_id,
        created_at=found.created_at,
        initiation_id=found.initiation_id,
        requested_by="f",
    )
    return replace(payment, **others)


def test_each_payment_of_a_message_becomes_an_initiation_of_its_own() -> None:
    command = an_initiation(an_instruction("1.00"), an_instruction("2.00", execution_date=TOMORROW), requested_by="ab")
    first, second = record(command)
    assert first.initiation_id != second.initiation_id
    assert [(each.position, each.instruction.amount, each.expires_on) for each in (first, second)] == [
        (0, "1.00", LAST_DAY),
        (1, "2.00", AFTER),
    ]
    for each in (first, second):
        assert (each.state, each.requested_by, each.command_id) == (
            InitiationState.INITIATED,
            "ab",
            command.command_id,
        )


def test_a_name_follows_from_trader_message_and_place() -> None:
    names = {initiation.initiation_id(*each) for each in product(("A", "B"), ("1", "2"), (0, 1))}
    assert len(names) == 8
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


def test_the_banks_uetr_is_one_and_the_traders_is_kept() -> None:
    for number in range(50):
        found = one(message_id=f"M-{number}")
        assert identifiers.uetr(initiation.uetr_of(found)) == initiation.uetr_of(found)
    given = a_uetr()
    assert initiation.uetr_of(one(an_instruction(uetr=given))) == given


OTHERS_LEI = "529900T8BM49AURSDO55"
REFUSED: dict[str, tuple[InitiatePayments, Code, str]] = {
    "no instruction": (replace(an_initiation(), instructions=()), Code.CH21, "instructions"),
    "too many": (
        an_initiation(*[an_instruction("1.00")] * (INSTRUCTIONS_MAX + 1)),
        Code.CH17,
        "instructions",
    ),
    "no message id": (an_initiation(message_id=""), Code.CH21, "message_id"),
    "a long message id": (an_initiation(message_id="M" * 36), Code.CH16, "message_id"),
    "no moment": (an_initiation(created_at=""), Code.CH21, "created_at"),
    "no such moment": (an_initiation(created_at="yesterday"), Code.CH16, "created_at"),
    "valid before": (an_initiation(valid_days=-1), Code.CH16, "valid_days"),
    "valid too long": (an_initiation(valid_days=31), Code.CH16, "valid_days"),
    "no amount": (an_initiation(an_instruction("0.00")), Code.AM01, "instructions.0.amount"),
    "decimals": (an_initiation(an_instruction("1.000")), Code.CH20, "instructions.0.amount"),
    "no group id": (
        an_initiation(an_instruction(payment_information_id="")),
        Code.CH21,
        "instructions.0.payment_information_id",
    ),
    "no end-to-end id": (
        an_initiation(an_instruction(), an_instruction(end_to_end_id="")),
        Code.CH21,
        "instructions.1.end_to_end_id",
    ),
    "no such day": (
        an_initiation(an_instruction(execution_date="2026-02-30")),
        Code.CH16,
        "instructions.0.execution_date",
    ),
    "the end of time": (
        an_initiation(an_instruction(execution_date="9999-12-31")),
        Code.CH16,
        "execution_date",
    ),
    "account digits": (
        an_initiation(an_instruction(creditor_account=CashAccount(iban="TR330006100519786457841327"))),
        Code.AC01,
        "instructions.0.creditor_account.iban",
    ),
    "a UETR that is none": (an_initiation(an_instruction(uetr="x")), Code.CH16, "instructions.0.uetr"),
    "one UETR twice": (
        an_initiation(*[an_instruction(uetr="3f0c2f4e-8f4f-4f6e-9d3f-0a7b6c5d4e3f")] * 2),
        Code.DU03,
        "instructions.1.uetr",
    ),
    "another's account": (
        an_initiation(an_instruction(debtor_account=CashAccount(other="9"))),
        Code.AC01,
        "instructions.0.debtor_account",
    ),
    "another's name": (
        an_initiation(an_instruction(debtor=replace(SILK, lei=OTHERS_LEI))),
        Code.AG08,
        "instructions.0.debtor",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_in_order_is_refused_whole(case: str) -> None:
    command, code, where = REFUSED[case]
    with refused(code, where):
        record(command)


def test_a_stranger_is_told_nothing_of_what_else_was_wrong() -> None:
    with refused(Code.AG08, "customer"):
        record(an_initiation(an_instruction("0.00")), None)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("", InitiationState.INITIATED),
        (YESTERDAY, InitiationState.INITIATED),
        (LAST_DAY, InitiationState.INITIATED),
        (AFTER, InitiationState.EXPIRED),
    ],
)
def test_it_expires_by_the_business_date_alone(on: str, state: InitiationState) -> None:
    found = one()
    assert initiation.standing(found, on).state is state
    assert initiation.standing(initiation.standing(found, on), on).state is state


ENDED = {
    InitiationState.RELEASED: Code.MOVE_NOT_ALLOWED,
    InitiationState.DECLINED: Code.MOVE_NOT_ALLOWED,
    InitiationState.EXPIRED: Code.DS24,
}
ACTS: dict[str, Callable[[Initiation, str], object]] = {
    "release": lambda found, on: initiation.require_release(found, release_of(found), on),
    "decline": lambda found, on: initiation.declined(found, a_decline(found.initiation_id), on=on, at_ms=2),
}


@pytest.mark.parametrize(("state", "act"), [*product(InitiationState, ACTS)])
def test_the_bank_speaks_once(state: InitiationState, act: str) -> None:
    """Every state x everything that the bank may do: what has ended stays as it is, on every later day too."""
    found = replace(one(), state=state)
    for on in ("", TODAY, AFTER):
        expected = ENDED.get(state, Code.DS24 if on == AFTER else None)
        if expected is None:
            assert ACTS[act](found, on)
        else:
            with refused(expected, "initiation_id"):
                ACTS[act](found, on)


def test_what_is_not_there_is_not_found() -> None:
    with refused(Code.NOT_FOUND, "initiation_id"):
        initiation.require_release(None, release_of(one()), TODAY)
    with refused(Code.NOT_FOUND, "initiation_id"):
        initiation.declined(None, a_decline("00"), on=TODAY, at_ms=2)


DIFFERENT: dict[str, Any] = {
    "amount": "100.01",
    "currency": "EUR",
    "debtor": TEKSTIL,
    "debtor_account": CashAccount(other="9"),
    "creditor": SILK,
    "creditor_account": None,
    "creditor_agent": replace(an_instruction().creditor_agent, bic="DEUTDEFFXXX"),
    "ultimate_debtor": SILK,
    "ultimate_creditor": SILK,
    "charge_bearer": ChargeBearer.DEBT,
    "end_to_end_id": "E2E-2",
    "purpose": "GDDS",
    "category_purpose": "SUPP",
    "remittance": "another",
    "structured_remittance": (),
    "debtor_agent": replace(an_instruction().creditor_agent, bic="DEUTDEFFXXX"),
}


@pytest.mark.parametrize("name", sorted(set(DIFFERENT) - {"structured_remittance"}))
def test_a_payment_that_says_something_else_does_not_release(name: str) -> None:
    found = one()
    with refused(Code.NOT_AS_INITIATED, name):
        initiation.require_release(found, release_of(found, **{name: DIFFERENT[name]}), TODAY)


def test_whatever_a_trader_says_the_bank_keeps_or_completes() -> None:
    """Of the fields that instruction and payment have in common, each is kept, or is the bank's to complete."""
    common = {field.name for field in msgspec.structs.fields(Instruction)} & {
        field.name for field in msgspec.structs.fields(SubmitPayment)
    }
    completed = initiation._BANK_MAY_COMPLETE | initiation._THE_BANKS_OWN
    assert common == (set(DIFFERENT) - {"debtor_agent"}) | completed


def test_the_bank_may_add_what_authorities_ask() -> None:
    found = one()
    payment = release_of(found, regulatory_reporting=(RegulatoryReporting(indicator="DEBT"),))
    assert initiation.require_release(found, payment, TODAY) is found


def test_a_trader_keeps_the_uetr_that_it_gave() -> None:
    found = one(an_instruction(uetr=a_uetr()))
    with refused(Code.NOT_AS_INITIATED, "uetr"):
        initiation.require_release(found, release_of(found, uetr=a_uetr()), TODAY)


def test_nothing_is_released_before_its_day() -> None:
    found = one(an_instruction(execution_date=TOMORROW))
    with refused(Code.DT04, "settlement_date"):
        initiation.require_release(found, release_of(found), TODAY)


@pytest.mark.parametrize(
    ("reason", "text", "code", "where"),
    [("", "", Code.CH21, "reason"), ("no", "", Code.CH16, "reason"), ("MS03", "ü", Code.CH16, "text")],
)
def test_a_no_has_a_reason(reason: str, text: str, code: Code, where: str) -> None:
    with refused(code, where):
        initiation.declined(one(), a_decline("00", reason, text=text), on=TODAY, at_ms=2)


def test_what_the_trader_is_told() -> None:
    """TxSts and reason for each state; of a released one, what became of the payment."""
    found = one()
    payment = release_of(found)
    declined = initiation.declined(found, a_decline("00", "AM04"), on=TODAY, at_ms=2)
    settled = initiation.released(found, payment, journal="00", at_ms=2, code=None)
    rejected = initiation.released(found, payment, journal="00", at_ms=2, code=Code.AM04)
    assert initiation.status_of(found) == ("ACTC", "")
    assert initiation.status_of(declined) == ("RJCT", "AM04")
    assert initiation.status_of(initiation.standing(found, AFTER)) == ("RJCT", "DS24")
    assert initiation.status_of(settled) == ("ACSC", "")
    assert initiation.status_of(rejected) == ("RJCT", "AM04")
    assert initiation.status_of(settled, TransactionStatus("ACCC")) == ("ACCC", "")


def test_a_refusal_names_no_value() -> None:
    with pytest.raises(Refusal) as told:
        record(an_initiation(an_instruction(remittance="\u202eCANARY")))
    assert "CANARY" not in str(told.value)
