"""How records are stored: tagged canonical JSON; private values behind a salt, journals compressed."""

from typing import Any, Final, TypeVar

import msgspec

from settlement import canonical
from settlement.accounts.account import Account
from settlement.accounts.circulation import Circulation
from settlement.accounts.issuance import Currency, Issuance
from settlement.accounts.redemption import Redemption
from settlement.customs.assessment import TaxAssessment
from settlement.customs.declaration import Declaration, DeclaredGoods, RegisteredNumber
from settlement.customs.rates import DutyHistory, ExchangeHistory, Notice, TermsHistory
from settlement.day import BusinessDay
from settlement.financing import Financing
from settlement.forms.journals import Journal, pack, unpack
from settlement.participants import Customer, Participant
from settlement.payments.awaiting import Awaited, AwaitedDocuments
from settlement.payments.collection import CollectionUse
from settlement.payments.initiation import Initiation
from settlement.payments.returns import PaymentRecord
from settlement.payments.undertaking import Undertaking
from settlement.records import Record
from settlement.rulings import Ruling
from settlement.supervision import SupervisoryReads
from settlement.trade.advance import AdvanceRates
from settlement.trade.budgets import Budget
from settlement.trade.contract import SalesContract
from settlement.trade.document import TradeDocument
from settlement.trade.invoice import Invoice
from settlement.trade.lading.bill import BillOfLading

V = TypeVar("V")

SALT_BYTES: Final = 16
_PLAIN: Final = b"\x00"
_JOURNAL: Final = b"\x01"


class Ledger(Record, tag="ledger/1"):
    """The first public record: the network's name and its two authorities.

    `reports_since` is the settlement date from which every payment into or out of China reports its balance-of-payments
    code; empty: the regulator has not said.
    """

    network: str
    clearing: str
    regulator: str
    reports_since: str = ""


class Secret(Record, tag="secret/1"):
    """The 32 random bytes (hex) of a collection."""

    value: str


class Sequence(Record, tag="sequence/1"):
    """The number of a participant's last list."""

    number: int


class Registrant(Record, tag="holder/1"):
    """The participant under which a BIC, or the key of a root, is registered."""

    participant: str


class Done(Record, tag="done/1"):
    """A command that took effect: when, on whose behalf, and the command itself, a person's consent included.

    `code` is that of a payment that was rejected; the transaction's id is that of the write.
    """

    digest: str
    by: str
    serial: str
    at_ms: int
    command: str
    code: str = ""


class Certificate(Record, tag="certificate/1"):
    """A service certificate (DER) that has signed lists, kept to prove them."""

    der: bytes


AnyRecord = (
    Ledger
    | Secret
    | Sequence
    | Registrant
    | Done
    | Certificate
    | Participant
    | Customer
    | Currency
    | Circulation
    | BusinessDay
    | Account
    | Issuance
    | Redemption
    | PaymentRecord
    | Initiation
    | SupervisoryReads
    | SalesContract
    | BillOfLading
    | Declaration
    | RegisteredNumber
    | DeclaredGoods
    | TaxAssessment
    | Notice
    | DutyHistory
    | ExchangeHistory
    | TermsHistory
    | Invoice
    | TradeDocument
    | Undertaking
    | Awaited
    | AwaitedDocuments
    | Budget
    | Financing
    | CollectionUse
    | AdvanceRates
    | Ruling
)

_SIGHTS: Final[dict[type, msgspec.json.Decoder[Any]]] = {}
_DECODER: Final[msgspec.json.Decoder[AnyRecord]] = msgspec.json.Decoder(AnyRecord)


def encode(record: Record, salt: bytes) -> bytes:
    """Give a record's bytes; `salt` is empty in public state."""
    if isinstance(record, Journal):
        return salt + _JOURNAL + pack(record)
    return salt + _PLAIN + canonical.encode(record) if salt else canonical.encode(record)


def decode(value: bytes, *, private: bool) -> Record:
    """Read a record's bytes."""
    if not private:
        return _DECODER.decode(value)
    body = value[SALT_BYTES + 1 :]
    if value[SALT_BYTES : SALT_BYTES + 1] == _JOURNAL:
        return unpack(body)
    return _DECODER.decode(body)


def glimpse(value: bytes, sight: type[V]) -> V:
    """Read of a private record's bytes what a smaller type names; the rest is passed over and nothing is made of it."""
    if sight not in _SIGHTS:
        _SIGHTS[sight] = msgspec.json.Decoder(sight)
    found: V = _SIGHTS[sight].decode(value[SALT_BYTES + 1 :])
    return found


def body(value: bytes, *, private: bool) -> bytes:
    """Give a stored value without its salt: a record's JSON, or a packed journal."""
    return value[SALT_BYTES + 1 :] if private else value
