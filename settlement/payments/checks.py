"""What a payment must be like, whatever door it came through: the content of a command, field by field.

The contract and the typed door call `require_payment` and `require_return`; the ISO 20022 door calls `faults` and
names the elements. The rules are those of CBPR+ for pacs.008 where a command can break them (their numbers of SR2026
stand beside the checks) and the identifiers of M5. Nothing is looked up and no clock is read: where a rule has a date,
it is the settlement date that counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, Final

from settlement import identifiers, money
from settlement.errors import Code, Refusal
from settlement.payments import parts, statements
from settlement.payments.commands import (
    AgentInstruction,
    Charge,
    ChargeBearer,
    ReturnPayment,
    SubmitPayment,
)
from settlement.payments.parts import (
    CREDITOR,
    DEBTOR,
    OTHER,
    ULTIMATE_CREDITOR,
    ULTIMATE_DEBTOR,
    Fault,
    Fits,
    code4,
    external,
    identification,
    text,
)
from settlement.payments.plain import is_plain
from settlement.payments.terms import evidence_faults, is_record_id, terms_faults

STRUCTURED_ADDRESSES_SINCE: Final = "2026-11-14"
"""From this settlement date an address of free lines alone is refused (CBPR+ SR2026, end of the grace period)."""

_PRECEDENCE: Final = {code: place for place, code in enumerate(Code)}
_RATE: Final = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,10})?").fullmatch
_RATE_DIGITS_MAX: Final = 11
_PRIORITIES: Final = frozenset({"HIGH", "NORM"})
_AGENTS_MAX: Final = 3
_SERVICE_LEVELS_MAX: Final = 3
_STRUCTURED_REMITTANCE_MAX: Final = 9000
_NOT_THIS_SERVICE: Final = frozenset({"G002", "G003", "G004", "G005", "G006", "G007", "G009"})
_CREDITOR_AGENT_CODES: Final = frozenset({"CHQB", "HOLD", "PHOB", "TELB"})
_NEXT_AGENT_CODES: Final = frozenset({"PHOA", "TELA"})
_EXCLUSIVE: Final = (frozenset({"PHOB", "TELB"}), frozenset({"CHQB", "HOLD"}))

_TEXTS: Final[tuple[tuple[str, Fits], ...]] = (
    ("message_id", identification(35)),
    ("end_to_end_id", identification(35)),
    ("transaction_id", identification(35)),
    ("clearing_system_reference", identification(35)),
    ("local_instrument", external),
    ("category_purpose", external),
    ("purpose", external),
    ("remittance", text(140)),
    ("initiation_id", is_record_id),
    ("assessment_id", is_record_id),
)

_INSTRUCTION: Final = identification(35)
_OTHERS: Final = attrgetter(
    "ultimate_debtor",
    "ultimate_creditor",
    "initiating_party",
    "debtor_agent_account",
    "creditor_agent_account",
    "previous_instructing_agents",
    "intermediary_agents",
)
_TEXT_VALUES: Final = attrgetter(*(name for name, _ in _TEXTS))
_TEXTS_FIT: Final = parts.all_fit(fits for _, fits in _TEXTS)


def require_payment(payment: SubmitPayment, said: bytes = b"") -> None:
    """Refuse a payment whose content is not in order, with the code that takes precedence and the field's path.

    `said` is its canonical form where that is at hand: a plain payment is known by it to be in order.
    """
    if is_plain(payment, said):
        return
    found = faults(payment)
    if found:
        require_none(found)


def require_return(command: ReturnPayment) -> None:
    """Refuse a return whose content is not in order, with the code that takes precedence and the field's path."""
    require_none(return_faults(command))


def require_none(found: Iterable[Fault]) -> None:
    """Refuse for the fault whose code takes precedence, if there is any."""
    first = min(found, key=lambda fault: _PRECEDENCE[fault.code], default=None)
    if first is not None:
        raise Refusal(first.code, first.where)


def faults(payment: SubmitPayment) -> list[Fault]:
    """Find all that is wrong with a payment's content; nothing, for nearly all of them."""
    found: list[Fault] = []
    values = _TEXT_VALUES(payment)
    if not _TEXTS_FIT(values):
        wrong = zip(values, _TEXTS, strict=True)
        found += (Fault(Code.CH16, name, "form") for value, (name, fits) in wrong if value and not fits(value))
    _identifiers(payment, found)
    _amounts(payment, found)
    if payment.exchange_rate or payment.instructed_amount:
        _exchange(payment, found)
    _parties(payment, found)
    if payment.charges or payment.charge_bearer is not ChargeBearer.SHAR or payment.instructed_amount:
        _charging(payment, found)
    if payment.instructions_for_creditor_agent or payment.instructions_for_next_agent:
        _instructions(payment, found)
    if payment.service_level:
        _service_levels(payment.service_level, found)
    if payment.regulatory_reporting:
        for place, report in enumerate(payment.regulatory_reporting):
            found += parts.under(f"regulatory_reporting.{place}", statements.reporting_faults(report))
    if payment.structured_remittance:
        _remittance(payment, found)
    _trade(payment, found)
    return found


def _trade(payment: SubmitPayment, found: list[Fault]) -> None:
    if payment.evidence is not None:
        found += parts.under("evidence", evidence_faults(payment.evidence, payment.amount, payment.currency))
    if payment.terms is not None:
        found += parts.under("terms", terms_faults(payment.terms, payment.evidence))
        if payment.assessment_id:  # tax is owed, whatever else comes about
            found.append(Fault(Code.CH17, "terms", "form"))


def _identifiers(payment: SubmitPayment, found: list[Fault]) -> None:
    if payment.uetr:
        _taken(found, "UETR", identifiers.uetr, payment.uetr, "uetr")
    else:
        found.append(Fault(Code.CH21, "uetr", "UETR"))
    if not payment.message_id:
        found.append(Fault(Code.CH21, "message_id", "form"))
    if not payment.end_to_end_id:
        found.append(Fault(Code.CH21, "end_to_end_id", "R29"))
    if payment.instruction_id and not _is_instruction_id(payment.instruction_id):
        found.append(Fault(Code.CH16, "instruction_id", "R28"))
    if not parts.is_day(payment.settlement_date):
        found.append(Fault(Code.CH16 if payment.settlement_date else Code.CH21, "settlement_date", "date"))
    if payment.created_at and not parts.is_moment(payment.created_at):
        found.append(Fault(Code.CH16, "created_at", "date"))
    if payment.instruction_priority and payment.instruction_priority not in _PRIORITIES:
        found.append(Fault(Code.CH16, "instruction_priority", "form"))
    if not parts.is_bic(payment.instructing_agent):
        found.append(Fault(Code.RC01, "instructing_agent", "BIC"))
    if not parts.is_bic(payment.instructed_agent):
        found.append(Fault(Code.RC01, "instructed_agent", "BIC"))


def _amounts(command: SubmitPayment | ReturnPayment, found: list[Fault]) -> None:
    """The amount that moves, and the one that was instructed, each with its currency."""
    try:
        money.parse_exact(command.amount, command.currency)
    except Refusal as refusal:
        found.append(Fault(refusal.code, refusal.where, "amount"))
    if bool(command.instructed_amount) is not bool(command.instructed_currency):
        found.append(Fault(Code.CH21, "instructed_amount", "amount"))
    elif command.instructed_amount:
        found += parts.amount_faults(command.instructed_amount, command.instructed_currency, "instructed_")


def _exchange(payment: SubmitPayment, found: list[Fault]) -> None:
    rate = payment.exchange_rate
    converted = payment.instructed_amount and payment.instructed_currency not in ("", payment.currency)
    if converted and not rate:
        found.append(Fault(Code.CH21, "exchange_rate", "rate"))
    if rate and (_RATE(rate) is None or len(rate.replace(".", "")) > _RATE_DIGITS_MAX):
        found.append(Fault(Code.CH16, "exchange_rate", "rate"))


def _parties(payment: SubmitPayment, found: list[Fault]) -> None:
    lines_alone = payment.settlement_date < STRUCTURED_ADDRESSES_SINCE
    # Between countries a named party has an address (R51, R59); within one its account will do (R46, R58).
    abroad = payment.debtor_agent.bic[4:6] != payment.creditor_agent.bic[4:6]
    for name, party, role, account in (
        ("debtor", payment.debtor, DEBTOR, payment.debtor_account),
        ("creditor", payment.creditor, CREDITOR, payment.creditor_account),
    ):
        wrong = parts.party_faults(party, role, lines_alone=lines_alone)
        if wrong:
            found += parts.under(name, wrong)
        if abroad and party.name and party.address is None:
            found.append(Fault(role.address, f"{name}.address", "R51"))
        if account is None:
            if not parts.is_identified(party):
                found.append(Fault(Code.CH21, f"{name}_account", "R51"))
        elif wrong := parts.account_faults(account):
            found += parts.under(f"{name}_account", wrong)
    for name, agent in (("debtor_agent", payment.debtor_agent), ("creditor_agent", payment.creditor_agent)):
        wrong = parts.agent_faults(agent)
        if wrong:
            found += parts.under(name, wrong)
    if any(_OTHERS(payment)):
        found += _other_parties(payment, lines_alone=lines_alone)


def _other_parties(payment: SubmitPayment, *, lines_alone: bool) -> Iterator[Fault]:
    for name, party, role in (
        ("ultimate_debtor", payment.ultimate_debtor, ULTIMATE_DEBTOR),
        ("ultimate_creditor", payment.ultimate_creditor, ULTIMATE_CREDITOR),
        ("initiating_party", payment.initiating_party, OTHER),
    ):
        if party is not None:
            yield from parts.under(name, parts.party_faults(party, role, lines_alone=lines_alone))
    for name, account in (
        ("debtor_agent_account", payment.debtor_agent_account),
        ("creditor_agent_account", payment.creditor_agent_account),
    ):
        if account is not None:
            yield from parts.under(name, parts.account_faults(account))
    for name, agents in (
        ("previous_instructing_agents", payment.previous_instructing_agents),
        ("intermediary_agents", payment.intermediary_agents),
    ):
        if len(agents) > _AGENTS_MAX:
            yield Fault(Code.CH17, name, "form")
        for place, agent in enumerate(agents):
            yield from parts.under(f"{name}.{place}", parts.agent_faults(agent))


def _charging(payment: SubmitPayment, found: list[Fault]) -> None:
    """R23, R26, R30, and that the amounts add up (I13)."""
    charges = payment.charges
    _charges(charges, found)
    if payment.charge_bearer is ChargeBearer.DEBT and len(charges) > 1:
        found.append(Fault(Code.CH17, "charges", "R23"))
    if payment.charge_bearer is ChargeBearer.CRED and not charges:
        found.append(Fault(Code.CH21, "charges", "R26"))
    if found or not payment.instructed_amount or payment.instructed_currency != payment.currency:
        return
    if any(charge.currency != payment.currency for charge in charges):
        return
    if not charges and payment.instructed_amount != payment.amount:
        found.append(Fault(Code.CH21, "charges", "R30"))
        return
    taken = sum(_minor_or_zero(charge.amount, charge.currency) for charge in charges)
    if payment.charge_bearer is ChargeBearer.DEBT:
        taken = -taken
    settled = money.parse_exact(payment.amount, payment.currency)
    if money.parse_exact(payment.instructed_amount, payment.currency) - taken != settled:
        found.append(Fault(Code.AM09, "instructed_amount", "I13"))


def _charges(charges: tuple[Charge, ...], found: list[Fault]) -> None:
    for place, charge in enumerate(charges):
        found += parts.amount_faults(charge.amount, charge.currency, f"charges.{place}.", zero=True)
        found += parts.under(f"charges.{place}.agent", parts.agent_faults(charge.agent))


def _minor_or_zero(amount: str, currency: str) -> int:
    return 0 if amount == money.render(0, currency) else money.parse_exact(amount, currency)


def _instructions(payment: SubmitPayment, found: list[Fault]) -> None:
    codes = [each.code for each in payment.instructions_for_creditor_agent if each.code]
    if len(codes) != len(set(codes)):
        found.append(Fault(Code.CH17, "instructions_for_creditor_agent", "R25"))
    if any(pair <= set(codes) for pair in _EXCLUSIVE):
        found.append(Fault(Code.CH17, "instructions_for_creditor_agent", "R10"))
    found += _each_instruction(
        "instructions_for_creditor_agent", payment.instructions_for_creditor_agent, _CREDITOR_AGENT_CODES
    )
    found += _each_instruction("instructions_for_next_agent", payment.instructions_for_next_agent, _NEXT_AGENT_CODES)


def _each_instruction(name: str, instructions: tuple[AgentInstruction, ...], codes: frozenset[str]) -> Iterator[Fault]:
    for place, instruction in enumerate(instructions):
        if not instruction.code and not instruction.information:
            yield Fault(Code.CH21, f"{name}.{place}", "form")
        if instruction.code and instruction.code not in codes:
            yield Fault(Code.CH16, f"{name}.{place}.code", "form")
        if instruction.information and not text(140)(instruction.information):
            yield Fault(Code.CH16, f"{name}.{place}.information", "form")


def _service_levels(levels: tuple[str, ...], found: list[Fault]) -> None:
    if len(levels) > _SERVICE_LEVELS_MAX:
        found.append(Fault(Code.CH17, "service_level", "form"))
    for place, level in enumerate(levels):
        if not external(level) or level in _NOT_THIS_SERVICE:
            found.append(Fault(Code.CH16, f"service_level.{place}", "R13"))


def _remittance(payment: SubmitPayment, found: list[Fault]) -> None:
    """R24 and R63, and each structured part."""
    if payment.remittance:
        found.append(Fault(Code.CH17, "structured_remittance", "R24"))
    for place, remittance in enumerate(payment.structured_remittance):
        found += parts.under(f"structured_remittance.{place}", statements.remittance_faults(remittance))
    if sum(map(statements.length, payment.structured_remittance)) > _STRUCTURED_REMITTANCE_MAX:
        found.append(Fault(Code.CH16, "structured_remittance", "R63"))


def return_faults(command: ReturnPayment) -> list[Fault]:
    """Find all that is wrong with a return's content (pacs.004, of what does not need the original payment)."""
    found: list[Fault] = []
    for name, value in (("return_id", command.return_id), ("message_id", command.message_id)):
        if not identification(35)(value):
            found.append(Fault(Code.CH16 if value else Code.CH21, name, "form"))
    _taken(found, "UETR", identifiers.uetr, command.payment.uetr, "payment.uetr")
    _amounts(command, found)
    if not parts.is_day(command.settlement_date):
        found.append(Fault(Code.CH16 if command.settlement_date else Code.CH21, "settlement_date", "date"))
    if command.created_at and not parts.is_moment(command.created_at):
        found.append(Fault(Code.CH16, "created_at", "date"))
    if not code4(command.reason):
        found.append(Fault(Code.CH16 if command.reason else Code.CH21, "reason", "form"))
    found += [
        Fault(Code.CH16, f"additional.{place}", "form")
        for place, line in enumerate(command.additional)
        if not text(105)(line)
    ]
    _charges(command.charges, found)
    if command.charge_bearer is ChargeBearer.CRED and not command.charges:
        found.append(Fault(Code.CH21, "charges", "R11"))
    return found


def _taken(found: list[Fault], rule: str, check: Callable[[str, str], Any], value: str, where: str) -> None:
    try:
        check(value, where)
    except Refusal as refusal:
        found.append(Fault(refusal.code, refusal.where, rule))


def _is_instruction_id(value: str) -> bool:
    """In the x set, without a slash at either end or two in a row (R28)."""
    return bool(_INSTRUCTION(value)) and value[0] != "/" and value[-1] != "/" and "//" not in value
