"""What a payment may carry besides money: the documents it pays for, and the terms on which it is paid.

A document of trade is named by its `record_id` on the ledger, 32 hex digits that follow from its natural id, so that it
can be named before it is there. The rules about these stand in `evidence` and `undertaking`.
"""

import re
from collections.abc import Iterator
from typing import Final

from settlement.errors import Code, Refusal
from settlement.money import parse_exact
from settlement.payments.parts import Fault, is_day
from settlement.records import Record

SHARES_MAX: Final = 30
"""The most documents of one kind that a payment names."""

is_record_id: Final = re.compile(r"[0-9a-f]{32}").fullmatch
_PARTY: Final = re.compile(r"[0-9A-Z]{18,20}").fullmatch


class Share(Record):
    """A document that a payment pays for, and how much of the payment is for it (in the payment's currency).

    Where it is the only one of its kind the amount may be left out: the whole payment is for it.
    """

    record_id: str
    amount: str = ""


class Evidence(Record):
    """The documents behind a payment. `credit_waits`: where one is not there yet, settle, and let the credit wait.

    Then the credit stands WAITING with G003 (documents), and the ledger tells the creditor's bank when all are there.
    Otherwise a payment whose documents are not there is refused RR04, unless it has terms: then it waits for them.
    """

    contract: str = ""
    invoices: tuple[Share, ...] = ()
    declarations: tuple[Share, ...] = ()
    bill_of_lading: str = ""
    credit_waits: bool = False

    @property
    def record_ids(self) -> tuple[str, ...]:
        """Every document that is named."""
        shares = (*self.invoices, *self.declarations)
        named = (self.contract, *(share.record_id for share in shares), self.bill_of_lading)
        return tuple(filter(None, named))

    @property
    def is_divided(self) -> bool:
        """Whether the payment's amount is divided among documents."""
        return any(share.amount for share in (*self.invoices, *self.declarations))


class Terms(Record):
    """On what a conditional payment waits, and until when: all that is named must be so before it settles.

    `expires_on` is the last business date of its currency on which it can settle, `not_before` the first. `released`
    names customs declarations that must be released; `title` a bill of lading whose title `title_to` (LEI or USCC), a
    customer of the payer, must hold. A conditional payment waits for its evidence too, unless that lets the credit wait
    instead. By taking it on the payer's bank undertakes to pay: irrevocably until it expires; only the beneficiary's
    signature changes that.
    """

    expires_on: str
    not_before: str = ""
    released: tuple[str, ...] = ()
    title: str = ""
    title_to: str = ""

    @property
    def record_ids(self) -> tuple[str, ...]:
        """Every document on which it waits, the evidence's aside."""
        return tuple(filter(None, (*self.released, self.title)))


def terms_faults(terms: Terms, evidence: Evidence | None) -> Iterator[Fault]:
    """Find what is wrong with the form of some terms."""
    for name, value, is_needed in (("expires_on", terms.expires_on, True), ("not_before", terms.not_before, False)):
        if (value or is_needed) and not is_day(value):
            yield Fault(Code.CH16 if value else Code.CH21, name, "date")
    if terms.not_before > terms.expires_on:
        yield Fault(Code.CH16, "not_before", "date")
    if not (terms.not_before or terms.record_ids or (evidence and not evidence.credit_waits)):
        yield Fault(Code.CH21, "", "form")
    yield from _names("released", terms.released)
    if terms.title and not is_record_id(terms.title):
        yield Fault(Code.CH16, "title", "form")
    if bool(terms.title) is not bool(terms.title_to):
        yield Fault(Code.CH21, "title_to" if terms.title else "title", "form")
    if terms.title_to and not _PARTY(terms.title_to):
        yield Fault(Code.CH16, "title_to", "form")


def evidence_faults(evidence: Evidence, amount: str, currency: str) -> Iterator[Fault]:
    """Find what is wrong with the form of some evidence; the shares of a kind make up the amount that is paid."""
    if not evidence.record_ids:
        yield Fault(Code.CH21, "", "form")
    for name, value in (("contract", evidence.contract), ("bill_of_lading", evidence.bill_of_lading)):
        if value and not is_record_id(value):
            yield Fault(Code.CH16, name, "form")
    for name, shares in (("invoices", evidence.invoices), ("declarations", evidence.declarations)):
        yield from _names(name, tuple(share.record_id for share in shares))
        yield from _shares(name, shares, amount, currency)


def _names(name: str, record_ids: tuple[str, ...]) -> Iterator[Fault]:
    if len(record_ids) > SHARES_MAX or len(set(record_ids)) != len(record_ids):
        yield Fault(Code.CH17, name, "form")
    for place, record_id in enumerate(record_ids):
        if not is_record_id(record_id):
            yield Fault(Code.CH16, f"{name}.{place}", "form")


def _shares(name: str, shares: tuple[Share, ...], amount: str, currency: str) -> Iterator[Fault]:
    if not shares or (len(shares) == 1 and not shares[0].amount):
        return
    try:
        paid = [parse_exact(share.amount, currency, f"{name}.{place}") for place, share in enumerate(shares)]
        whole = parse_exact(amount, currency)
    except Refusal as refusal:
        if refusal.where.startswith(name):  # what is wrong with the payment's own amount is told there
            yield Fault(refusal.code, f"{refusal.where}.amount", "form")
        return
    if sum(paid) != whole:
        yield Fault(Code.AM09, name, "I4")
