"""What a payment asks of the documents that it names: an interface, which each kind of trade record is made to fit.

A document *is there* once its state lets money follow it: a contract in force, an invoice that its buyer has
accepted, goods that customs has released, a bill of lading that its carrier has issued. To one who is no party to a
document it is as if it did not exist.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from settlement.records import Record

_REMEMBERED: Final = 4096
"""Of how many sets of firms the numbers are kept made: the same two trade with each other over and over."""


class Kind(StrEnum):
    """The kinds of document that a payment can name; the values are those of the records' tags."""

    __hash__ = str.__hash__  # Enum's own is written in Python, and kinds are looked up for every document of a payment

    CONTRACT = "contract"
    INVOICE = "invoice"
    DECLARATION = "declaration"
    BILL_OF_LADING = "bill_of_lading"


OF_BOTH_PARTIES: Final = frozenset({Kind.CONTRACT, Kind.INVOICE})
"""Documents of which debtor and creditor are the two parties; of the others one of them is enough."""


class NamedDocument(Record):
    """A document as a payment looks at it.

    `firms` are those that it is of, as `NUMBER@PARTICIPANT`. `limit_minor` is the most that may be paid for it in its
    currency, tolerance included; `value_minor` what it is worth, of which a part may be financed; both 0 where payments
    are not held against it. `is_eligible` says that a bank may lend on it as it stands. `holder` is who has the title,
    of a bill of lading, and `holder_bank` the bank that certifies it; `trade` the contract it belongs to;
    `tolerance_percent` how much more than their value a contract lets be paid for its goods.
    `told_to` are the banks that are told of what is paid for it. `refers_to` are the numbers of invoices and bills of
    lading that a declaration names, `counterparty` the name of the firm on its other side; `made_out_to` the firms (LEI
    or USCC) to which a bill of lading is consigned or made out to order.
    """

    kind: Kind
    record_id: str
    number: str
    firms: frozenset[str]
    currency: str = ""
    value_minor: int = 0
    limit_minor: int = 0
    is_there: bool = False
    is_released: bool = False
    is_eligible: bool = False
    holder: str = ""
    holder_bank: str = ""
    trade: str = ""
    tolerance_percent: int = 0
    told_to: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    counterparty: str = ""
    made_out_to: tuple[str, ...] = ()

    @property
    def parties(self) -> frozenset[str]:
        """LEI or USCC of its firms. A firm may pay, and be paid, at another bank than the one that signs for it."""
        return _numbers(self.firms)


@lru_cache(_REMEMBERED)
def _numbers(firms: frozenset[str]) -> frozenset[str]:
    return frozenset(firm.partition("@")[0] for firm in firms)


def with_tolerance(document: NamedDocument, contract: NamedDocument | None) -> NamedDocument:
    """Let a declaration be paid within the tolerance of the contract that it belongs to, if the payment names that."""
    if contract is None or document.kind is not Kind.DECLARATION or document.trade != contract.record_id:
        return document
    return replace(document, limit_minor=document.value_minor * (100 + contract.tolerance_percent) // 100)


Documents = Mapping[str, NamedDocument]
"""By record id; one that is not known, or not to the parties of a payment, is not in it."""
