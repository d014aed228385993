"""Who may borrow on a document of trade, and what the loan has to do with the money that is paid for it: one table.

| document | who may borrow on it | the loan |
| --- | --- | --- |
| invoice | its seller, to whom it is owed | is repaid by what is paid for it |
| export declaration | its declarant, who sends the goods | is repaid by what is paid for it |
| import declaration | its declarant, who has to pay for the goods | pays for it |
| bill of lading | who holds it with its title, or where the bank itself does, a firm that stood on it | has it all |

So a buyer takes nothing of what the seller is owed. What a loan to an importer claims keeps others from lending on the
same declaration, and keeps nobody from paying for it: that is what was borrowed for.

A firm is known by its number and its bank. The seller may go to another bank, of those that hold its invoice, if it
signs the application with the very key with which it signed the invoice: any bank can certify somebody under the
seller's number, but not let them sign with the seller's key. (REQUIREMENTS section 2 Financing, I5; ADR 0021)
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from settlement.customs.declaration import Declaration
from settlement.customs.duty import Direction
from settlement.payments.documents import Kind, NamedDocument
from settlement.trade.budgets import Budget
from settlement.trade.invoice import Invoice
from settlement.trade.record import TradeRecord, called
from settlement.trade.seen import as_paid


class Applicant(NamedTuple):
    """Who asks which bank for a loan. `key` is the digest of the public key with which it signed the application."""

    lender: str
    number: str
    key: str

    @property
    def firm(self) -> str:
        """The firm, as its bank certifies it."""
        return called(self.lender, self.number)


class Security(NamedTuple):
    """A document on which a bank is to lend: as a payment sees it, and whose it is.

    `owner` (LEI or USCC) alone may borrow on an invoice or a declaration, and `signed_with` the key by which it is
    known at any bank; `pays`: the loan pays for the document, and is not repaid by what is paid for it.
    """

    document: NamedDocument
    owner: str = ""
    signed_with: str = ""
    pays: bool = False

    def is_known_to(self, applicant: Applicant) -> bool:
        """Say whether it concerns the applicant at all."""
        if applicant.firm in self.document.firms or (self.owner == applicant.number and self._signed_by(applicant)):
            return True
        return self._is_with(applicant.lender) and applicant.number in self.document.parties

    def secures(self, applicant: Applicant) -> bool:
        """Say whether a bank may lend on it to the applicant, as it stands."""
        if not self.document.is_eligible:
            return False
        if self.document.kind is Kind.BILL_OF_LADING:
            is_held = (self.document.holder, self.document.holder_bank) == (applicant.number, applicant.lender)
            return is_held or self._is_with(applicant.lender)
        return self.owner == applicant.number

    def _signed_by(self, applicant: Applicant) -> bool:
        return bool(self.signed_with) and self.signed_with == applicant.key

    def _is_with(self, lender: str) -> bool:
        return (self.document.holder, self.document.holder_bank) == ("", lender)


Securities = Mapping[str, Security]
"""By record id; one that the lender does not hold is not in it."""


def of_invoice(record: Invoice, document: NamedDocument) -> Security:
    """Say whose an invoice is: the seller's."""
    return Security(document, record.terms.seller, record.signature.signer.key)


def of_declaration(record: Declaration, document: NamedDocument) -> Security:
    """Say whose a declaration is: the declarant's, which gets money for an export, and pays it for an import."""
    is_import = record.declared.direction is Direction.IMPORT
    return Security(document, record.declared.declarant.identifier, pays=is_import)


def of_bill(_: TradeRecord[Any], document: NamedDocument) -> Security:
    """A bill of lading says itself who holds it."""
    return Security(document)


SECURITIES: Final[dict[Kind, Callable[[Any, NamedDocument], Security]]] = {
    Kind.INVOICE: of_invoice,
    Kind.DECLARATION: of_declaration,
    Kind.BILL_OF_LADING: of_bill,
}
"""The kinds of document on which a bank lends."""


def security(kind: Kind, record: TradeRecord[Any], budget: Budget) -> Security:
    """Look at a record as a lender does, as it stands with what was paid for it."""
    return SECURITIES[kind](record, as_paid(kind, record, budget))
