"""What a payment is looked for by: the words in it, and the identifiers of its parties, as terms of an index.

Words are compared without regard to case, width or accents of compatibility (Unicode NFKC, case folding), nor to the
dot on an i, by which Turkish tells two letters apart and other keyboards do not. Chinese and Japanese write no spaces
between words, so a run of their characters is entered as its pairs, and its last character alone: whatever part of a
name is asked for begins with one of them.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from settlement.parties import CashAccount, Party
from settlement.payments.commands import StructuredRemittance, SubmitPayment

QUERY_WORDS_MAX: Final = 16

_IDEOGRAPH: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003ffff"
_RUN: Final = re.compile(f"[{_IDEOGRAPH}]+|[^\\W_{_IDEOGRAPH}]+")
_IDEOGRAPHS: Final = re.compile(f"[{_IDEOGRAPH}]+").fullmatch


_DOTTED: Final = str.maketrans("\u0130\u0131", "ii")


def folded(text: str) -> str:
    """Give a text as it is compared."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).translate(_DOTTED).casefold()


def runs(text: str) -> list[str]:
    """Give the words of a text, folded; a run of ideographs is one."""
    return _RUN.findall(folded(text))


def terms(text: str) -> Iterator[str]:
    """Give what a text is entered under."""
    for run in runs(text):
        if _IDEOGRAPHS(run):
            yield from (run[place : place + 2] for place in range(len(run)))
        else:
            yield run


def question(text: str) -> str:
    """Give the terms that what is asked for must all have, in the index's language; empty where there is no word.

    A word finds those that begin with it. What is found may have the parts of a Chinese name in another order:
    `has_words` says whether it has the words.
    """
    asked: list[str] = []
    for run in runs(text)[:QUERY_WORDS_MAX]:
        if _IDEOGRAPHS(run) and len(run) > 1:
            asked += [f'"{run[place : place + 2]}"' for place in range(len(run) - 1)]
        else:
            asked.append(f'"{run}"*')
    return " AND ".join(dict.fromkeys(asked))


def phrases(text: str) -> str:
    """Give what an index that keeps its terms' order is asked: words as in `question`, runs of ideographs whole."""
    asked = []
    for run in runs(text)[:QUERY_WORDS_MAX]:
        if _IDEOGRAPHS(run) and len(run) > 1:
            asked.append('"' + " ".join(run[place : place + 2] for place in range(len(run) - 1)) + '"')
        else:
            asked.append(f'"{run}"*')
    return " AND ".join(asked)


def has_words(payment: SubmitPayment, text: str) -> bool:
    """Say whether a payment has all the words asked for."""
    found = runs(text_of(payment))
    return all(
        any(run in each if _IDEOGRAPHS(run) else each.startswith(run) for each in found)
        for run in runs(text)[:QUERY_WORDS_MAX]
    )


def text_of(payment: SubmitPayment) -> str:
    """Give all that people look for in a payment: names, numbers, references, remittance."""
    parties = (payment.debtor, payment.creditor, payment.ultimate_debtor, payment.ultimate_creditor)
    return "\n".join(
        each
        for each in (
            payment.end_to_end_id,
            payment.instruction_id,
            payment.message_id,
            payment.remittance,
            *(text for remittance in payment.structured_remittance for text in _remitted(remittance)),
            *(text for party in parties if party for text in (party.name, party.any_bic, party.lei, party.uscc)),
            *_numbers(payment),
        )
        if each
    )


def parties_of(payment: SubmitPayment) -> set[str]:
    """Give the identifiers of those whom a payment concerns: LEI, USCC, account numbers."""
    parties = (
        payment.debtor,
        payment.creditor,
        payment.ultimate_debtor,
        payment.ultimate_creditor,
        payment.initiating_party,
    )
    return {*(each for party in parties for each in _identifiers(party)), *_numbers(payment)} - {""}


def party_term(identifier: str) -> str:
    """Give the term of an identifier, which may have any characters: 64 bits of its hash, in hex."""
    return hashlib.blake2b(identifier.encode(), digest_size=8).hexdigest()


def _remitted(remittance: StructuredRemittance) -> Iterator[str]:
    yield from (document.number for document in remittance.documents)
    yield remittance.creditor_reference
    yield from remittance.additional


def _identifiers(party: Party | None) -> tuple[str, ...]:
    return (party.lei, party.uscc) if party else ()


def _numbers(payment: SubmitPayment) -> list[str]:
    return [_number(account) for account in (payment.debtor_account, payment.creditor_account)]


def _number(account: CashAccount | None) -> str:
    return (account.iban or account.other) if account else ""
