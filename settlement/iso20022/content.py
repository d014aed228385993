"""What the content of a return or a status report must be like, of what does not become a command as it stands.

A payment's content is checked as a command (`settlement.payments.checks`). A return and a report speak of an earlier
payment that only the gateway knows, so what they say is checked here, by the same forms.
"""

import re
from collections.abc import Iterator
from typing import Final

from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.iso20022.messages import KNOWN_STATUS, Original, ReturnMessage, StatusMessage
from settlement.payments import checks, parts
from settlement.payments.commands import PaymentName
from settlement.payments.parts import CREDITOR, DEBTOR, Fault, external, identification, text

_ORIGINAL: Final = (
    "original_message_id",
    "original_message_name",
    "original_instruction_id",
    "original_end_to_end_id",
    "original_transaction_id",
)
_OUR_REASON: Final = re.compile(r"[A-Z_]{5,35}").fullmatch


def return_faults(message: ReturnMessage) -> Iterator[Fault]:
    """Check a return: as the command that it will be, and the rest of what it says."""
    command = message.command(PaymentName(journal="", uetr=message.uetr), payer="", payee="")
    for fault in checks.return_faults(command):
        yield fault._replace(where=fault.where.removeprefix("payment."))
    yield from _original(message)
    yield from _agents(message.sender, message.receiver)
    if message.original_amount:
        yield from parts.amount_faults(message.original_amount, message.original_currency, "original_")
        if message.original_currency != message.currency:
            yield Fault(Code.AM03, "currency", "currency")
    lines_alone = message.settlement_date < checks.STRUCTURED_ADDRESSES_SINCE
    for name, party, role in (("debtor", message.debtor, DEBTOR), ("creditor", message.creditor, CREDITOR)):
        if party is not None:
            yield from parts.under(name, parts.party_faults(party, role, lines_alone=lines_alone))
    for name, agent in (("debtor_agent", message.debtor_agent), ("creditor_agent", message.creditor_agent)):
        if agent is not None:
            yield from parts.under(name, parts.agent_faults(agent))


def status_faults(message: StatusMessage) -> Iterator[Fault]:
    """Check a status report; a rejection's reason and the like are CBPR+ rules, which have been asked."""
    yield from _original(message)
    yield from _agents(message.sender, message.receiver)
    if not identification(35)(message.message_id):
        yield Fault(Code.CH16, "message_id", "form")
    if message.status not in KNOWN_STATUS:
        yield Fault(Code.CH16 if message.status else Code.CH21, "status", "status")
    if message.reason and not (external(message.reason) or _OUR_REASON(message.reason)):
        yield Fault(Code.CH16, "reason", "form")
    if message.effective_date and not parts.is_day(message.effective_date):
        yield Fault(Code.CH16, "effective_date", "date")
    if message.clearing_system_reference and not identification(35)(message.clearing_system_reference):
        yield Fault(Code.CH16, "clearing_system_reference", "form")
    for place, line in enumerate(message.additional):
        if not text(105)(line):
            yield Fault(Code.CH16, f"additional.{place}", "form")
    if not parts.is_moment(message.created_at):
        yield Fault(Code.CH16, "created_at", "date")


def _original(message: Original) -> Iterator[Fault]:
    try:
        identifiers.uetr(message.uetr)
    except Refusal as refusal:
        yield Fault(refusal.code if message.uetr else Code.CH21, "uetr", "UETR")
    for name in _ORIGINAL:
        value = getattr(message, name)
        if value and not identification(35)(value):
            yield Fault(Code.CH16, name, "form")
    if message.original_created_at and not parts.is_moment(message.original_created_at):
        yield Fault(Code.CH16, "original_created_at", "date")


def _agents(sender: str, receiver: str) -> Iterator[Fault]:
    for name, bic in (("sender", sender), ("receiver", receiver)):
        if bic and not parts.is_bic(bic):
            yield Fault(Code.RC01, name, "BIC")
