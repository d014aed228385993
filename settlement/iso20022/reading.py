"""The one way in: a message's bytes become the command or statement that they are, or a refusal that says why not."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from settlement.errors import Code
from settlement.iso20022 import cbpr, components, content, credit_transfer, payment_return, payment_status, usage
from settlement.iso20022.envelope import Envelope, open_envelope
from settlement.iso20022.fields import element_path
from settlement.iso20022.messages import ReturnMessage, StatusMessage
from settlement.iso20022.refusal import MessageRefusal, Violation, told
from settlement.iso20022.structure import ElementPlace, Found, bind, root
from settlement.iso20022.usage import Usage
from settlement.payments import checks
from settlement.payments.commands import SubmitPayment, WhenUnfunded

ParticipantOf = Callable[[str], str | None]
"""Gives the participant that has a BIC (of eleven characters), or None."""

Message = SubmitPayment | ReturnMessage | StatusMessage


class Asked(NamedTuple):
    """What the reader is told with the bytes."""

    participant_of: ParticipantOf
    requested_by: str
    when_unfunded: WhenUnfunded


class Reading(NamedTuple):
    """What a message says, and what will be refused in it from a later date on."""

    message: Message
    warnings: tuple[Violation, ...] = ()


class Opened(NamedTuple):
    """A message that its schema allows: its parts, its models, and what was found in it."""

    envelope: Envelope
    header: Any
    document: Any
    found: Found
    usage: Usage


def read(
    data: bytes,
    *,
    business_date: date,
    participant_of: ParticipantOf,
    requested_by: str = "",
    when_unfunded: WhenUnfunded = WhenUnfunded.REFUSE,
) -> Reading:
    """Read a pacs.008, pacs.004 or pacs.002; refuse (`MessageRefusal`) one that is not in order.

    `business_date` chooses the release of the usage rules. `requested_by` and `when_unfunded` go into a payment's
    command, for no element says them.
    """
    opened = open_message(data)
    envelope, found = opened.envelope, opened.found
    method, path = usage.method(opened.usage, found)
    clearing = method == usage.CLEARING
    rules = opened.usage.message if clearing else cbpr.variant(opened.usage.message, opened.header)
    wrong = list(cbpr.violations(envelope, found, message=rules, on=business_date, clearing=clearing))
    if not clearing:
        wrong += usage.code_lists(found)
        sentence = "The ledger settles the method CLRG only."
        wrong.append(Violation(Code.CH16, "waitan:SttlmMtd", path, sentence))
        raise MessageRefusal(wrong)
    wrong += usage.violations(opened.usage, envelope, opened.header, found)
    message = _READERS[envelope.name](opened, Asked(participant_of, requested_by, when_unfunded), wrong)
    if wrong:
        raise MessageRefusal(wrong)
    return Reading(message, told(_warnings(message)))


def open_message(data: bytes) -> Opened:
    """Take the first two steps: the envelope, and the structure by the schema."""
    envelope = open_envelope(data)
    known = USAGES.get(envelope.name)
    if known is None:
        sentence = "The message is not one that is read here."
        raise MessageRefusal([Violation(Code.FF01, "waitan:message", "/Document", sentence)])
    found = Found()
    header = None if envelope.header is None else bind(envelope.header, _header_root(), found)
    document = bind(envelope.document, _document_root(envelope.name), found)
    if found.violations:
        raise MessageRefusal(found.violations)
    return Opened(envelope, header, document, found, known)


@cache
def _header_root() -> ElementPlace:
    from pyiso20022.head.head_001_001_02 import AppHdr

    return root("/AppHdr", AppHdr)


@cache
def _document_root(name: str) -> ElementPlace:
    return root("/Document", USAGES[name].model)


def _payment(opened: Opened, asked: Asked, wrong: list[Violation]) -> SubmitPayment:
    tx = opened.document.fito_ficstmr_cdt_trf.cdt_trf_tx_inf[0]
    path = opened.usage.transaction
    credited = "CdtrAgt" if tx.instd_agt is None else "InstdAgt"
    payment = credit_transfer.read(
        opened.document,
        payer=_participant(components.agent_bic(tx.instg_agt), Code.DNOR, f"{path}/InstgAgt", asked, wrong),
        payee=_participant(credit_transfer.instructed_bic(tx), Code.CNOR, f"{path}/{credited}", asked, wrong),
        requested_by=asked.requested_by,
        when_unfunded=asked.when_unfunded,
    )
    wrong += usage.content(opened.usage, checks.faults(payment))
    return payment


def _return(opened: Opened, asked: Asked, wrong: list[Violation]) -> ReturnMessage:
    message = payment_return.read(opened.document)
    _agents(message, opened.usage, asked, wrong)
    wrong += usage.content(opened.usage, content.return_faults(message))
    return message


def _status(opened: Opened, asked: Asked, wrong: list[Violation]) -> StatusMessage:
    message = payment_status.read(opened.document)
    _agents(message, opened.usage, asked, wrong)
    wrong += usage.content(opened.usage, content.status_faults(message))
    return message


def _agents(message: ReturnMessage | StatusMessage, known: Usage, asked: Asked, wrong: list[Violation]) -> None:
    _participant(message.sender, Code.DNOR, f"{known.transaction}/InstgAgt", asked, wrong)
    _participant(message.receiver, Code.CNOR, f"{known.transaction}/InstdAgt", asked, wrong)


def _participant(bic: str, code: Code, path: str, asked: Asked, wrong: list[Violation]) -> str:
    """Find who has a BIC. One that is absent or no BIC is another violation, told elsewhere."""
    participant = asked.participant_of(bic) if bic else ""
    if participant is None:
        wrong.append(Violation(code, "waitan:agents", path, "The agent is no participant of this ledger."))
    return participant or ""


def _warnings(message: Message) -> Iterator[Violation]:
    """Tell the addresses that are still allowed, but not from the end of the grace period on."""
    if not isinstance(message, SubmitPayment):
        return
    for name in ("debtor", "creditor", "ultimate_debtor", "ultimate_creditor", "initiating_party"):
        party = getattr(message, name)
        if party is not None and party.address is not None and not party.address.town_name:
            code = Code.BE04 if name.endswith("creditor") else Code.BE07
            path = element_path(credit_transfer.USAGE.fields, f"{name}.address")
            sentence = f"An address without town and country is refused from {checks.STRUCTURED_ADDRESSES_SINCE} on."
            yield Violation(code, "waitan:address", path, sentence)


USAGES: Final = {each.name: each for each in (credit_transfer.USAGE, payment_return.USAGE, payment_status.USAGE)}
"""The messages that are read."""

_READERS: Final[dict[str, Callable[[Opened, Asked, list[Violation]], Message]]] = {
    credit_transfer.USAGE.name: _payment,
    payment_return.USAGE.name: _return,
    payment_status.USAGE.name: _status,
}
