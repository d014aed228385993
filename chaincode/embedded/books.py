"""What the records of a ledger say, held against each other: consents, payments and balances.

Of every transaction: each list in a journal is proved by its organisation's signature, each command that a person
signed by theirs; both banks' journals tell the same of a payment; and each account moved by exactly what the journals,
issuances and redemptions of that transaction explain, and so did what is reserved on it and what was paid of each
invoice. Of the whole: the accounts of a currency sum to zero, those of the participants to what was issued less what
was redeemed. (REQUIREMENTS I1, I2, I4, I14)
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

import msgspec

from chaincode import keys
from chaincode.embedded.invoice_books import InvoiceBooks
from chaincode.embedded.reservations import Reservations
from chaincode.embedded.trade_books import TradeBooks
from chaincode.port import Place
from settlement import canonical, identity, money
from settlement.accounts.account import CASH, ISSUER, Account
from settlement.accounts.issuance import Issuance, IssuanceState
from settlement.accounts.redemption import Redemption, RedemptionState
from settlement.commands import DECODER, Signed
from settlement.errors import Refusal
from settlement.forms import consent
from settlement.forms.journals import LEDGER, Entry, Event, Journal, ListProof
from settlement.forms.records import Certificate, Done, Ledger
from settlement.forms.records import Sequence as ListSequence
from settlement.identity import Identity
from settlement.participants import Participant
from settlement.records import Record

R = TypeVar("R", bound=Record)

_Account = tuple[str, str, str]
"""Whose, currency, kind."""


class _Head(msgspec.Struct):
    """What the books need of an entry's command, the rest unread; `command` is there when a person signed it."""

    payer: str = ""
    payee: str = ""
    currency: str = ""
    amount: str = ""
    command: str = ""


_HEAD: Final = msgspec.json.Decoder(_Head)

_SIGNS: Final = {Event.PAYMENT_SETTLED: 1, Event.RESERVATION_SETTLED: 1, Event.PAYMENT_RETURNED: -1}
"""Whether money goes from payer to payee, or back; events that are not here move none."""


class _Told(NamedTuple):
    """An entry of a journal, read: its command's head and digest, and whether a person signed it."""

    entry: Entry
    head: _Head
    digest: str
    personal: bool


class Said(NamedTuple):
    """What the private and public values of one valid transaction say; `unseen` names collections with purged ones."""

    timestamp_ms: int
    writes: Sequence[tuple[Place, Record]]
    unseen: frozenset[str]


class Books:
    """Follows the records of a ledger, transaction by transaction; each method gives what is wrong, in words."""

    def __init__(self) -> None:
        self.network = ""
        self.settled = 0
        self.rejected = 0
        self.returned = 0
        self.lists = 0
        self._participants: Final[dict[str, Participant]] = {}
        self._certificates: Final[dict[tuple[str, str], bytes]] = {}
        self._sequences: Final[dict[str, int]] = {}
        self._accounts: Final[dict[_Account, Account]] = {}
        self._in_circulation: Final[Counter[str]] = Counter()
        self._senders: Final[dict[bytes, str]] = {}
        self._reservations: Final = Reservations()
        self._invoices: Final = InvoiceBooks()
        self._trade: Final = TradeBooks()

    def member(self, certificate: bytes, at_ms: int) -> Identity | None:
        """Give the identity of a transaction's creator: a service of a participant; None where it is nobody's."""
        name = self._senders.get(certificate)
        for candidate in [name] if name else list(self._participants):
            try:
                found = identity.identify(certificate, self._participants[candidate], at_ms)
            except Refusal:
                continue
            self._senders[certificate] = candidate
            return found
        return None

    def enter(self, said: Said) -> Iterator[str]:
        """Take in one transaction."""
        self.network = next((record.network for _, record in _of_kind(said, Ledger)), self.network)
        for collection, certificate in _of_kind(said, Certificate):
            self._certificates[collection, canonical.digest(certificate.der)] = certificate.der
        joined = {record.organisation.participant: record for _, record in _of_kind(said, Participant)}
        # A consent is judged by what was known before; only who joins is known by what it joins with.
        known = {**joined, **self._participants}
        for collection, done in _of_kind(said, Done):
            yield from self._consent(known.get(collection), done.command.encode(), done.digest, said.timestamp_ms)
        numbers = {collection: record.number for collection, record in _of_kind(said, ListSequence)}
        told: dict[str, list[_Told]] = {}
        for collection, journal in _of_kind(said, Journal):
            told[collection] = list(map(_told, journal.entries))
            if journal.at_ms != said.timestamp_ms:
                yield f"the journal of {collection} tells another time than its transaction"
            yield from self._entries(collection, told[collection], known.get(collection), said.timestamp_ms)
            yield from self._lists(collection, journal, told[collection], known.get(collection), numbers)
        yield from _unmatched(told, said.unseen)
        for name, number in numbers.items():
            if number <= self._sequences.get(name, 0):
                yield f"the number of the last list of {name} went back to {number}"
        yield from self._accounts_moved(said, told)
        yield from self._reservations.enter(said.writes, said.unseen)
        entries = {name: [(each.entry, each.digest) for each in entries] for name, entries in told.items()}
        yield from self._invoices.enter(said.writes, entries, said.unseen)
        yield from self._trade.enter(said.writes, said.unseen)
        self._sequences.update(numbers)
        self._participants.update(joined)

    def balanced(self) -> Iterator[tuple[str, str]]:
        """Give each currency, with what is wrong with its sums or an empty text."""
        sums: Counter[str] = Counter()
        held: Counter[str] = Counter()
        for (_, currency, kind), account in self._accounts.items():
            sums[currency] += account.posted_minor
            if kind != ISSUER:
                held[currency] += account.posted_minor
        for currency in sorted(sums):
            wrong = ""
            if sums[currency]:
                wrong = f"the accounts in {currency} sum to {sums[currency]} minor units, not to 0"
            elif held[currency] != self._in_circulation[currency]:
                wrong = (
                    f"the participants hold {held[currency]} minor units of {currency}, "
                    f"but {self._in_circulation[currency]} were issued and not redeemed"
                )
            yield currency, wrong

    def _accounts_moved(self, said: Said, told: Mapping[str, Sequence[_Told]]) -> Iterator[str]:
        """See that accounts moved by what was told, and by nothing else."""
        moved: Counter[_Account] = Counter()
        for place, record in said.writes:
            if isinstance(record, Account):
                yield from self._balance(place, record, moved)
        explained = _explained(said.writes)
        for owner, currency, kind in explained:
            if kind == ISSUER:
                self._in_circulation[currency] -= explained[owner, currency, kind]
        for collection, entries in told.items():
            explained.update(_moves(collection, entries))
        for account in sorted(explained.keys() | moved.keys()):
            if moved[account] != explained[account] and account[0] not in said.unseen:
                yield (
                    f"the {account[2]} account of {account[0]} in {account[1]} moved by {moved[account]} minor units, "
                    f"its journal explains {explained[account]}"
                )

    def _balance(self, place: Place, account: Account, moved: Counter[_Account]) -> Iterator[str]:
        name = (account.participant, account.currency, account.kind)
        before = self._accounts.get(name)
        moved[name] += account.posted_minor - (before.posted_minor if before else 0)
        self._accounts[name] = account
        if place.collection != account.participant:
            yield f"the account of {account.participant} in {account.currency} stands in {place.collection}"
        if account.kind != ISSUER and not 0 <= account.reserved_minor <= account.posted_minor:
            yield (
                f"the account of {account.participant} in {account.currency} holds {account.posted_minor} minor units "
                f"with {account.reserved_minor} reserved"
            )

    def _consent(self, person_of: Participant | None, raw: bytes, digest: str, at_ms: int) -> Iterator[str]:
        """Prove a person's consent to a command; `digest` is that of the command proper, empty where it is not kept."""
        command = DECODER.decode(raw)
        inner = command.command.encode() if isinstance(command, Signed) else raw
        if digest and canonical.digest(inner) != digest:
            yield "a command is not the one that was noted as done"
        if not isinstance(command, Signed):
            return
        try:
            assert person_of is not None
            person = identity.identify(command.certificate, person_of, at_ms)
            identity.verify(person, command.signature, consent.command_to_sign(self.network, inner))
        except (AssertionError, Refusal):
            yield "a person's signature on a command does not hold"

    def _entries(
        self, collection: str, told: Sequence[_Told], participant: Participant | None, at_ms: int
    ) -> Iterator[str]:
        """Count a participant's own payments, and prove those that a person has signed."""
        for each in told:
            if each.entry.by == LEDGER and each.head.payer == collection:
                self.settled += each.entry.event is Event.RESERVATION_SETTLED
            if each.entry.by == collection:
                self.settled += each.entry.event is Event.PAYMENT_SETTLED
                self.rejected += each.entry.event is Event.PAYMENT_REJECTED
                self.returned += each.entry.event is Event.PAYMENT_RETURNED
                if each.personal:
                    yield from self._consent(participant, bytes(each.entry.command), "", at_ms)

    def _lists(
        self,
        collection: str,
        journal: Journal,
        told: Sequence[_Told],
        participant: Participant | None,
        numbers: Mapping[str, int],
    ) -> Iterator[str]:
        """Prove a participant's lists, and that each of its own entries belongs to one; numbers only rise."""
        digests: dict[int, dict[int, str]] = defaultdict(dict)
        for each in told:
            if each.entry.by == collection:
                digests[each.entry.list_index][each.entry.position] = each.digest
        if not digests.keys() <= set(range(len(journal.lists))):
            yield f"the journal of {collection} has entries of {collection} that no list proves"
        last = self._sequences.get(collection, 0)
        for index, proof in enumerate(journal.lists):
            self.lists += 1
            if not last < proof.sequence <= numbers.get(collection, 0):
                yield f"list {proof.sequence} of {collection} is out of its sequence"
            last = proof.sequence
            yield from self._list(collection, proof, digests[index], participant, journal.at_ms)

    def _list(
        self, name: str, proof: ListProof, entries: Mapping[int, str], participant: Participant | None, at_ms: int
    ) -> Iterator[str]:
        """Prove a list: the digests of all its commands, in order, under its organisation's signature."""
        told = {**dict(proof.others), **entries}
        certificate = self._certificates.get((name, proof.certificate))
        try:
            assert participant is not None
            assert certificate is not None
            assert len(told) == len(proof.others) + len(entries) == max(told, default=-1) + 1
            service = identity.identify(certificate, participant, at_ms)
            ordered = tuple(told[position] for position in sorted(told))
            signed = consent.list_to_sign(self.network, name, proof.sequence, ordered)
            identity.verify(service, proof.signature, signed)
        except (AssertionError, Refusal):
            yield f"the signature of {name} on its list {proof.sequence} does not hold"


def _of_kind(said: Said, kind: type[R]) -> list[tuple[str, R]]:
    """Give the records of a kind, with their collections."""
    return [(place.collection, record) for place, record in said.writes if isinstance(record, kind)]


def _explained(writes: Sequence[tuple[Place, Record]]) -> Counter[_Account]:
    """Say how issuances and redemptions move accounts: each of these states is entered once."""
    moves: Counter[_Account] = Counter()
    for _, record in writes:
        match record:
            case Issuance(state=IssuanceState.ISSUED) | Redemption(state=RedemptionState.FAILED):
                sign = 1
            case Redemption(state=RedemptionState.BURNED):
                sign = -1
            case _:
                continue
        amount_minor = sign * money.parse_exact(record.amount, record.currency)
        moves[record.participant, record.currency, CASH] += amount_minor
        moves[keys.AUTHORITY, record.currency, ISSUER] -= amount_minor
    return moves


def _moves(collection: str, told: Sequence[_Told]) -> Counter[_Account]:
    """Say how the payments of a participant's journal move its accounts."""
    moves: Counter[_Account] = Counter()
    for entry, head, _, _ in told:
        sign = _SIGNS.get(entry.event, 0)
        if sign:
            amount_minor = sign * money.parse_exact(head.amount, head.currency)
            moves[collection, head.currency, CASH] += amount_minor * (head.payee == collection)
            moves[collection, head.currency, CASH] -= amount_minor * (head.payer == collection)
    return moves


def _unmatched(told: Mapping[str, Sequence[_Told]], unseen: frozenset[str]) -> Iterator[str]:
    """Find what one party's journal tells and the other's does not. A rejection is its payer's alone.

    That an invoice was paid is told to banks that are no parties of the payment.
    """
    found: dict[tuple[Event, str], set[str]] = defaultdict(set)
    parties: dict[tuple[Event, str], set[str]] = {}
    for collection, entries in told.items():
        for entry, head, digest, _ in entries:
            if entry.event is Event.INVOICE_PAID:
                continue
            found[entry.event, digest].add(collection)
            is_own = entry.event is Event.PAYMENT_REJECTED
            parties[entry.event, digest] = {entry.by} if is_own else {head.payer, head.payee}
    for name, collections in found.items():
        if collections | unseen != parties[name] | unseen:
            theirs, ours = " and ".join(sorted(parties[name])), " and ".join(sorted(collections))
            yield f"a {name[0]} between {theirs} is told in the journal of {ours}"


def _told(entry: Entry) -> _Told:
    raw = bytes(entry.command)
    head = _HEAD.decode(raw)
    personal = bool(head.command)
    return _Told(entry, _HEAD.decode(head.command) if personal else head, canonical.digest(raw), personal)
