"""A trader asks its bank to pay: an initiation, from the asking to the bank's word on it (pain.001, pain.002).

The bank's gateway has authenticated the trader and records what it asked for in the bank's own collection; nobody else
learns of it. The bank releases it, by a payment that names it and says what it says; or declines it with a reason; or
lets its time run out. Expiry is no command: once the business date of its currency lies behind `expires_on` an
initiation is expired, whether anybody has noticed or not. (REQUIREMENTS sections 2, 6 and T2; ADR 0012)
"""

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from settlement import dates
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.participants import Customer
from settlement.parties import Agent, CashAccount, Party
from settlement.payments import checks
from settlement.payments.commands import (
    AgentInstruction,
    ChargeBearer,
    PaymentName,
    RegulatoryReporting,
    StructuredRemittance,
    SubmitPayment,
    WhenUnfunded,
)
from settlement.payments.parts import Fault, code4, identification
from settlement.payments.payment import STATUS, SettlementState, TransactionStatus
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text


class InitiationState(StrEnum):
    """Where an initiation stands."""

    INITIATED = "INITIATED"
    RELEASED = "RELEASED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


class InitiationEvent(StrEnum):
    """What happens to an initiation."""

    RELEASED = "RELEASED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


LIFECYCLE: Final = Lifecycle(
    "initiation",
    initial=InitiationState.INITIATED,
    moves={
        (InitiationState.INITIATED, InitiationEvent.RELEASED): InitiationState.RELEASED,
        (InitiationState.INITIATED, InitiationEvent.DECLINED): InitiationState.DECLINED,
        (InitiationState.INITIATED, InitiationEvent.EXPIRED): InitiationState.EXPIRED,
    },
)

INSTRUCTIONS_MAX: Final = 100
"""The most payments that one message asks for."""

VALID_DAYS_MAX: Final = 30
"""The most calendar days after the requested execution date for which an initiation may stand."""


class Instruction(Record):
    """One payment as its trader asks for it (CreditTransferTransaction34, with what its PmtInf says for all).

    Fields that SubmitPayment has too mean the same there. `uetr` is the trader's, or empty: then the bank makes one.
    """

    payment_information_id: str
    end_to_end_id: str
    execution_date: str
    currency: str
    amount: str
    debtor: Party
    debtor_account: CashAccount
    creditor: Party
    creditor_agent: Agent
    instruction_id: str = ""
    uetr: str = ""
    charge_bearer: ChargeBearer = ChargeBearer.SHAR
    creditor_account: CashAccount | None = None
    ultimate_debtor: Party | None = None
    initiating_party: Party | None = None
    ultimate_creditor: Party | None = None
    instruction_priority: str = ""
    service_level: tuple[str, ...] = ()
    local_instrument: str = ""
    category_purpose: str = ""
    instructions_for_creditor_agent: tuple[AgentInstruction, ...] = ()
    purpose: str = ""
    regulatory_reporting: tuple[RegulatoryReporting, ...] = ()
    remittance: str = ""
    structured_remittance: tuple[StructuredRemittance, ...] = ()


class Initiation(Record, tag="initiation/1"):
    """What a trader asked for, and what became of it; held by its bank alone (and both authorities).

    `position` is its place in the message; `requested_by` and `decided_by` are fingerprints of who asked. Times are
    those of the transactions. `payment` names the payment that released it, `payment_code` says why that was rejected.
    """

    initiation_id: str
    command_id: str
    customer: str
    message_id: str
    created_at: str
    position: int
    instruction: Instruction
    expires_on: str
    initiated_at_ms: int
    requested_by: str = ""
    state: InitiationState = InitiationState.INITIATED
    decided_at_ms: int = 0
    decided_by: str = ""
    reason: str = ""
    text: str = ""
    payment: PaymentName | None = None
    payment_code: str = ""


class InitiatePayments(IdentifiedCommand):
    """A bank records what a customer asks for in one message, all of it or nothing.

    `customer` is the LEI or USCC under which the bank has registered the trader; `requested_by` the fingerprint of the
    trader's token. `valid_days` says for how long after the requested execution date the bank may release it.
    """

    customer: str
    message_id: str
    created_at: str
    valid_days: int
    instructions: tuple[Instruction, ...]


class DeclineInitiation(IdentifiedCommand):
    """A bank will not pay. `reason` is an ISO 20022 ExternalStatusReason1Code; `text` is for the trader to read."""

    initiation_id: str
    reason: str
    text: str = ""


_COMMON: Final = frozenset(field.name for field in msgspec.structs.fields(SubmitPayment))
_THE_BANKS_OWN: Final = frozenset({"uetr", "instruction_id"})
_CARRIED: Final = tuple(
    field.name
    for field in msgspec.structs.fields(Instruction)
    if field.name in _COMMON and field.name not in _THE_BANKS_OWN
)
"""What a payment takes from an instruction as it stands. The instruction identification there is between banks."""

_BANK_MAY_COMPLETE: Final = frozenset(
    {"instruction_priority", "service_level", "local_instrument", "regulatory_reporting"}
    | {"instructions_for_creditor_agent", "initiating_party"}
)
_KEPT: Final = tuple(name for name in _CARRIED if name not in _BANK_MAY_COMPLETE)
"""What the bank may not change: who pays whom, from and to which account, how much, who bears charges, what for."""

_ANY_UETR: Final = "00000000-0000-4000-8000-000000000000"
_OF_THE_MESSAGE: Final = frozenset({"message_id", "created_at"})


def initiation_id(customer: str, message_id: str, position: int) -> str:
    """Name an initiation: 32 hex digits that follow from trader, message and place, so that none is asked twice."""
    return hashlib.sha256(f"initiation|{customer}|{message_id}|{position}".encode()).hexdigest()[:32]


def uetr_of(initiation: Initiation) -> str:
    """Give the UETR of the payment that releases an initiation: the trader's, or one that follows from its name.

    So a release that is repeated asks for the same payment, which settles once.
    """
    if initiation.instruction.uetr:
        return initiation.instruction.uetr
    return uetr_from(hashlib.sha256(f"uetr|{initiation.initiation_id}".encode()).hexdigest())


def uetr_from(digits: str) -> str:
    """Make a UETR of at least 32 hex digits, so that what is asked again is the same payment."""
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def payment_of(
    instruction: Instruction,
    *,
    uetr: str,
    payer: str,
    payee: str,
    instructing_agent: str,
    instructed_agent: str,
    settlement_date: str,
    message_id: str,
    created_at: str,
    initiation_id: str = "",
    requested_by: str = "",
    when_unfunded: WhenUnfunded = WhenUnfunded.REFUSE,
) -> SubmitPayment:
    """Say an instruction as the payment that it asks for."""
    return SubmitPayment(
        **{name: getattr(instruction, name) for name in _CARRIED},
        uetr=uetr,
        payer=payer,
        payee=payee,
        instructing_agent=instructing_agent,
        instructed_agent=instructed_agent,
        debtor_agent=Agent(bic=instructing_agent),
        settlement_date=settlement_date,
        message_id=message_id,
        instruction_id=initiation_id,
        initiation_id=initiation_id,
        created_at=created_at,
        requested_by=requested_by,
        when_unfunded=when_unfunded,
    )


def faults(command: InitiatePayments, bank_bic: str) -> Iterator[Fault]:
    """Find what is wrong with the content of a message: each instruction is checked as the payment that it asks for."""
    if not 0 < len(command.instructions) <= INSTRUCTIONS_MAX:
        yield Fault(Code.CH17 if command.instructions else Code.CH21, "instructions", "form")
    if not 0 <= command.valid_days <= VALID_DAYS_MAX:
        yield Fault(Code.CH16, "valid_days", "form")
    if not command.created_at:
        yield Fault(Code.CH21, "created_at", "form")
    seen: set[str] = set()
    for place, instruction in enumerate(command.instructions):
        for code, where, rule in _instruction_faults(command, instruction, bank_bic):
            of_message = where in _OF_THE_MESSAGE
            if not (of_message and place):  # what is wrong with the message is told once
                yield Fault(code, where if of_message else f"instructions.{place}.{where}", rule)
        if instruction.uetr in seen:
            yield Fault(Code.DU03, f"instructions.{place}.uetr", "UETR")
        seen.update(filter(None, (instruction.uetr,)))


def _instruction_faults(command: InitiatePayments, instruction: Instruction, bank_bic: str) -> Iterator[Fault]:
    for name, is_needed in (("payment_information_id", True), ("instruction_id", False)):
        value = getattr(instruction, name)
        if (value or is_needed) and not identification(35)(value):
            yield Fault(Code.CH16 if value else Code.CH21, name, "form")
    asked = payment_of(
        instruction,
        uetr=instruction.uetr or _ANY_UETR,
        payer="",
        payee="",
        instructing_agent=bank_bic,
        instructed_agent=bank_bic,
        settlement_date=instruction.execution_date,
        message_id=command.message_id,
        created_at=command.created_at,
    )
    for fault in checks.faults(asked):
        yield fault._replace(where="execution_date") if fault.where == "settlement_date" else fault


def initiated(
    command: InitiatePayments, *, customer: Customer | None, bank_bic: str, at_ms: int
) -> tuple[Initiation, ...]:
    """Record what a registered customer asks for, from accounts of its own.

    AG08 where the bank knows no such customer or the debtor is another; AC01 where the account is not the customer's.
    """
    if customer is None:
        raise Refusal(Code.AG08, "customer")
    checks.require_none(faults(command, bank_bic))
    for place, instruction in enumerate(command.instructions):
        if any(each not in ("", customer.identifier) for each in (instruction.debtor.lei, instruction.debtor.uscc)):
            raise Refusal(Code.AG08, f"instructions.{place}.debtor")
        account = instruction.debtor_account
        if (account.iban or account.other) not in customer.accounts:
            raise Refusal(Code.AC01, f"instructions.{place}.debtor_account")
    return tuple(
        Initiation(
            initiation_id=initiation_id(command.customer, command.message_id, position),
            command_id=command.command_id,
            customer=command.customer,
            message_id=command.message_id,
            created_at=command.created_at,
            position=position,
            instruction=instruction,
            expires_on=_days_after(instruction.execution_date, command.valid_days),
            initiated_at_ms=at_ms,
            requested_by=command.requested_by,
        )
        for position, instruction in enumerate(command.instructions)
    )


def _days_after(day: str, days: int) -> str:
    try:
        return dates.days_after(day, days)
    except OverflowError:
        raise Refusal(Code.CH16, "execution_date") from None


def standing(initiation: Initiation, on: str) -> Initiation:
    """Give an initiation as it stands on a business date (empty: before the first): expired if its time is over."""
    if initiation.state is InitiationState.INITIATED and on > initiation.expires_on:
        return replace(initiation, state=LIFECYCLE.after(initiation.state, InitiationEvent.EXPIRED))
    return initiation


def require_open(initiation: Initiation | None, on: str) -> Initiation:
    """Give an initiation that still waits for its bank's word on a business date.

    NOT_FOUND where there is none, DS24 where its time is over, MOVE_NOT_ALLOWED where the bank has spoken.
    """
    if initiation is None:
        raise Refusal(Code.NOT_FOUND, "initiation_id")
    state = standing(initiation, on).state
    if state is InitiationState.EXPIRED:
        raise Refusal(Code.DS24, "initiation_id")
    if LIFECYCLE.is_terminal(state):
        raise Refusal(Code.MOVE_NOT_ALLOWED, "initiation_id")
    return initiation


def require_release(initiation: Initiation | None, payment: SubmitPayment, on: str) -> Initiation:
    """Give the initiation that a payment may release: open, due, and the payment says what it said.

    DT04 before the requested execution date; NOT_AS_INITIATED with the field that differs.
    """
    initiation = require_open(initiation, on)
    instruction = initiation.instruction
    if where := differing(instruction, payment):
        raise Refusal(Code.NOT_AS_INITIATED, where)
    if payment.settlement_date < instruction.execution_date:
        raise Refusal(Code.DT04, "settlement_date")
    return initiation


def differing(instruction: Instruction, payment: SubmitPayment) -> str:
    """Name the first field in which a payment is not what was asked for; empty where it is."""
    for name in _KEPT:
        if getattr(payment, name) != getattr(instruction, name):
            return name
    if instruction.uetr not in ("", payment.uetr):
        return "uetr"
    return "" if payment.debtor_agent.bic == payment.instructing_agent else "debtor_agent"


def released(
    initiation: Initiation, payment: SubmitPayment, *, journal: str, at_ms: int, code: Code | None
) -> Initiation:
    """Record the payment that released it; a rejected one (`code`) releases it too, for the bank has spoken."""
    return replace(
        initiation,
        state=LIFECYCLE.after(initiation.state, InitiationEvent.RELEASED),
        decided_at_ms=at_ms,
        decided_by=payment.requested_by,
        payment=PaymentName(journal=journal, uetr=payment.uetr),
        payment_code=code or "",
    )


def declined(initiation: Initiation | None, command: DeclineInitiation, *, on: str, at_ms: int) -> Initiation:
    """End it by the bank's no."""
    if not code4(command.reason):
        raise Refusal(Code.CH16 if command.reason else Code.CH21, "reason")
    if command.text:
        require_text(command.text, "text")
    initiation = require_open(initiation, on)
    return replace(
        initiation,
        state=LIFECYCLE.after(initiation.state, InitiationEvent.DECLINED),
        decided_at_ms=at_ms,
        decided_by=command.requested_by,
        reason=command.reason,
        text=command.text,
    )


def status_of(initiation: Initiation, payment: TransactionStatus | None = None) -> TransactionStatus:
    """Give TxSts and its reason as a pain.002 tells them; `payment` is the present status of the payment, if known.

    ACTC while it waits for the bank's word; RJCT when that was no, or came too late; else the payment's own.
    """
    if initiation.state is InitiationState.INITIATED:
        return TransactionStatus("ACTC")
    if initiation.state is InitiationState.DECLINED:
        return TransactionStatus("RJCT", initiation.reason)
    if initiation.state is InitiationState.EXPIRED:
        return TransactionStatus("RJCT", Code.DS24.value)
    if payment is not None:
        return payment
    state = SettlementState.REJECTED if initiation.payment_code else SettlementState.SETTLED
    return TransactionStatus(STATUS[state, None].status, initiation.payment_code)
