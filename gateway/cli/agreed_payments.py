"""What an officer signs of a payment: held against what was ordered, shown in full, and agreed to.

The gateway says a payment as it is signed. A gateway that somebody has taken over could say another: with its own
account for the creditor's, say. So the payment is compared here, on the officer's machine, before it is signed.
"""

import sys
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from gateway.cli.completing import Completed
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from gateway.operators.codec import normal_bic
from settlement.customs.assessment import TaxAssessment
from settlement.customs.duty import CNY
from settlement.money import for_people as money
from settlement.parties import CashAccount
from settlement.payments import initiation
from settlement.payments.commands import SubmitPayment
from settlement.payments.undertaking import ProposeChange

_UNSAID: Final = {"requested_by", "when_unfunded"}
"""What no document says: who asks, and what becomes of it unfunded."""


def require_ordered(said: SubmitPayment, ordered: SubmitPayment) -> None:
    """Refuse to sign another payment than the one that was ordered; `requested_by` is the gateway's to say."""
    _require_equal(said, ordered, without={"requested_by"})


def require_document(said: SubmitPayment, document: bytes, payer: str, *, evidence: bool = False) -> None:
    """Refuse to sign another payment than the one that a pacs.008 asks for, read here as the gateway reads it.

    The payee's participant is the gateway's to say: the document names its BIC, which the ledger holds it to. If
    `evidence` was asked for, so are the records of the documents that it names by numbers.
    """
    from settlement.iso20022 import credit_transfer, reading
    from settlement.iso20022.refusal import MessageRefusal

    try:
        opened = reading.open_message(document)
    except MessageRefusal:
        raise _another("document") from None
    if opened.usage.name != credit_transfer.USAGE.name:
        raise _another("document")
    asked = credit_transfer.read(opened.document, payer=payer, payee=said.payee)
    _require_equal(said, asked, without=_UNSAID | ({"evidence"} if evidence else set()))


def require_initiation(said: SubmitPayment, asked: initiation.Instruction, initiation_id: str, payer: str) -> None:
    """Refuse to sign another payment than the one that a customer has asked for."""
    if said.initiation_id != initiation_id:
        raise _another("initiation_id")
    if said.payer != payer:
        raise _another("payer")
    if where := initiation.differing(asked, said):
        raise _another(where)


def require_completed(said: SubmitPayment, asked: initiation.Instruction, completed: Completed) -> None:
    """Refuse to sign a payment that goes to another bank, or reports something else, than the bank has said."""
    instructed = normal_bic(completed.instructed_agent or asked.creditor_agent.bic)
    if said.instructed_agent != instructed:
        raise _another("instructed_agent")
    if said.regulatory_reporting != (completed.reporting() or asked.regulatory_reporting):
        raise _another("regulatory_reporting")


def require_tax(said: SubmitPayment, found: TaxAssessment, payer: str) -> None:
    """Refuse to sign another payment than that of an assessed tax; the ledger holds it to what is owed and to whom."""
    terms = found.terms
    expected = {
        "assessment_id": found.record_id,
        "payer": payer,
        "payee": terms.treasury,
        "currency": CNY,
        "creditor": terms.treasury_holder,
        "creditor_account": CashAccount(other=terms.treasury_account),
    }
    for name, value in expected.items():
        if getattr(said, name) != value:
            raise _another(name)


def require_agreed(say: Say, payment: SubmitPayment, question: str, *, yes: bool) -> None:
    """Show what is about to be signed and, on a terminal, ask whether to; raises `Failure` where not.

    A program (--json, or no terminal) is not asked: it has been given the UETR, and so has chosen.
    """
    require_shown(say, facts(payment), question, yes=yes)


def require_shown(say: Say, shown: dict[str, str], question: str, *, yes: bool) -> None:
    """Show what is about to be signed, and ask as `require_agreed` does."""
    say.line("What is signed:")
    say.facts(shown)
    if yes or say.as_json or not (sys.stdin.isatty() and say.console.is_terminal):
        return
    say.line(f"{question} [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise usage("Nothing was signed.", do="Answer y, or say --yes, to sign it.")


def facts(payment: SubmitPayment) -> dict[str, str]:
    """Tell of a payment what an officer has to know who signs it, by names for people."""
    terms, evidence = payment.terms, payment.evidence
    return {
        "UETR": payment.uetr,
        "amount": money(payment.amount, payment.currency),
        "payee": f"{payment.payee} ({payment.instructed_agent})",
        "creditor": payment.creditor.name or payment.creditor.any_bic,
        "account": _account(payment.creditor_account),
        "creditor's bank": payment.creditor_agent.bic,
        "its account": _account(payment.creditor_agent_account),
        "for": payment.ultimate_creditor.name if payment.ultimate_creditor else "",
        "debtor": f"{payment.debtor.name} {_account(payment.debtor_account)}".strip(),
        "through": ", ".join(each.bic for each in payment.intermediary_agents),
        "settles on": payment.settlement_date,
        "remittance": payment.remittance or _plain(payment.structured_remittance),
        "reported": _plain(payment.regulatory_reporting),
        "tax": payment.assessment_id,
        "asked for in": payment.initiation_id,
        "evidence": _plain(evidence) if evidence else "",
        "terms": _plain(terms) if terms else "",
    }


def facts_of_change(command: ProposeChange) -> dict[str, str]:
    """Tell of a change of a conditional payment what an officer has to know who signs it."""
    change = command.change
    return {
        "UETR": command.payment.uetr,
        "payee": command.payee,
        "terms from then on": _plain(change.terms) if change.terms else "",
        "amount from then on": change.amount,
    }


def _require_equal(said: SubmitPayment, expected: SubmitPayment, *, without: set[str]) -> None:
    alike = replace(expected, **{name: getattr(said, name) for name in without})
    for field in msgspec.structs.fields(SubmitPayment):
        if getattr(said, field.name) != getattr(alike, field.name):
            raise _another(field.name)


def _another(where: str) -> Failure:
    return Failure(
        Exit.REFUSED,
        "The gateway has said another payment than the one that was ordered; nothing was signed.",
        where=where,
        do="Tell whoever runs the gateway: it is wrong, or not in its owner's hands.",
    )


def _account(account: CashAccount | None) -> str:
    return f"{account.iban or account.other} {account.name}".strip() if account else ""


def _plain(value: Any) -> str:
    """Write a record's fields that say something: `expires_on 2026-12-31, released a b`."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, dict):
        said = ((name, _plain(each)) for name, each in plain.items() if name != "type")
        return ", ".join(f"{name} {text}" for name, text in said if text)
    return " ".join(map(_plain, plain)) if isinstance(plain, list | tuple) else str(plain or "")
