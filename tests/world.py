"""A whole network in a directory, worked without an event loop: signed lists in, answers out.

What it runs is real: certificates, signatures, contracts and the embedded ledger. Only the clock is the test's own.
"""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from chaincode import dispatch, keys
from chaincode.contracts import places
from chaincode.embedded import blocks
from chaincode.embedded.blocks import Block, Proposal, Validity
from chaincode.embedded.ledger import EmbeddedLedger, Endorsed, Signed
from chaincode.embedded.simulation import Contract
from chaincode.port import Place
from gateway.auth.signing import Credential, sign_command
from gateway.development.members import Member
from settlement import canonical
from settlement.accounts.account import CASH, Account, OpenAccount
from settlement.accounts.issuance import AdmitCurrency
from settlement.day import OpenDay
from settlement.forms import answers, consent, records
from settlement.forms.answers import Answer, Answers
from settlement.forms.consent import SignedList
from settlement.forms.journals import Journal
from settlement.participants import ActivateParticipant, FoundLedger, OnboardParticipant
from settlement.records import Command, Record
from tests.builders import (
    PROFILES,
    TODAY,
    an_id,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)

R = TypeVar("R", bound=Record)

NETWORK: Final = "waitan"
NOW: Final = datetime(2026, 11, 23, 1, tzinfo=UTC)
NOW_MS: Final = int(NOW.timestamp()) * 1000
AUTHORITIES: Final = ("clearing", "regulator")
BANKS: Final = ("banksh", "bankist", "bankfra")


class Clock:
    """A clock that stands still until it is moved; calling it gives milliseconds since 1970."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        """Tell the time."""
        return self.now_ms


class Endorsement(NamedTuple):
    """A batch that was run but is on no block yet."""

    endorsed: Endorsed
    answers: Answers

    @property
    def writes(self) -> Mapping[Place, bytes | None]:
        """What it would write."""
        return self.endorsed.values


class Batch(NamedTuple):
    """A batch that is on a block."""

    tx_id: str
    block: int
    validity: Validity
    answers: Answers

    @property
    def codes(self) -> list[list[str]]:
        """The code of each command of each list; "" where it took effect."""
        return [[answer.code for answer in one] for one in self.answers]


def make_members() -> dict[str, Member]:
    """Make all organisations, their CAs and people."""
    return {profile.participant: Member(profile, now=NOW) for profile in PROFILES}


class World:
    """One ledger and everybody's keys."""

    def __init__(self, directory: Path, members: Mapping[str, Member], contract: Contract = dispatch.execute) -> None:
        self.clock: Final = Clock()
        self.members: Final = members
        self.ledger: Final = EmbeddedLedger(directory, network=NETWORK, contract=contract, clock=self.clock)
        self.is_closed = False
        self._state: tuple[int, dict[Place, bytes]] = (-1, {})
        self._decoded: Final[dict[tuple[Place, bytes], Record]] = {}
        self._credentials: Final[dict[tuple[str, str], Credential]] = {}

    def close(self) -> None:
        """Let the directory go, unless it was let go before."""
        if not self.is_closed:
            self.is_closed = True
            self.ledger.close()

    # Asking

    def service(self, participant: str) -> Credential:
        """What signs an organisation's lists."""
        return self._credential(participant, "")

    def person(self, participant: str, name: str) -> Credential:
        """What one of its people signs with."""
        return self._credential(participant, name)

    def sign(
        self,
        participant: str,
        commands: Sequence[Command | bytes],
        *,
        sequence: int = 0,
        credential: Credential | None = None,
        network: str = NETWORK,
    ) -> SignedList:
        """Sign a list as an organisation's gateway does; with the next number unless one is named."""
        raw = tuple(each if isinstance(each, bytes) else canonical.encode(each) for each in commands)
        number = sequence or self.last_sequence(participant) + 1
        signs = credential or self.service(participant)
        to_sign = consent.list_to_sign(network, participant, number, tuple(map(canonical.digest, raw)))
        return SignedList(participant, number, raw, signs.sign(to_sign), signs.certificate)

    def signed(self, participant: str, name: str, *commands: Command) -> list[Command]:
        """Let a person consent to some commands."""
        person = self.person(participant, name)
        return [sign_command(NETWORK, command, person) for command in commands]

    def endorse(
        self, *lists: SignedList, timestamp_ms: int | None = None, key: bytes | None = None, network: str = NETWORK
    ) -> Endorsement:
        """Run a batch without writing anything."""
        at_ms = self.clock.now_ms if timestamp_ms is None else timestamp_ms
        proposal = Proposal(network, self.service("clearing").certificate, os.urandom(24), at_ms)
        answer_key = key or os.urandom(answers.KEY_BYTES)
        transient = {dispatch.LISTS: msgspec.msgpack.encode(lists), dispatch.ANSWER_KEY: answer_key}
        endorsed = self.ledger.endorse(proposal, transient)
        return Endorsement(endorsed, answers.unseal(endorsed.response, answer_key, proposal.tx_id))

    def commit(self, *endorsements: Endorsement) -> list[Batch]:
        """Put some endorsed batches into one block."""
        signed = []
        for each in endorsements:
            said = each.endorsed
            to_sign = blocks.to_sign(said.proposal, said.reads, said.writes, said.response)
            signed.append(Signed(said, self.service("clearing").sign(to_sign)))
        done = self.ledger.commit(signed)
        return [
            Batch(committed.tx_id, committed.block, committed.validity, each.answers)
            for committed, each in zip(done, endorsements, strict=True)
        ]

    def carry(self, *lists: SignedList, timestamp_ms: int | None = None) -> Batch:
        """Make one transaction, and one block, of some lists."""
        return self.commit(self.endorse(*lists, timestamp_ms=timestamp_ms))[0]

    def ask(self, participant: str, *commands: Command, by: str = "") -> Batch:
        """Let an organisation ask, or one of its people; one list, one block."""
        asked = self.signed(participant, by, *commands) if by else list(commands)
        return self.carry(self.sign(participant, asked))

    def say(self, participant: str, *commands: Command, by: str = "") -> list[Answer]:
        """Give the answers to a list, without writing anything."""
        asked = self.signed(participant, by, *commands) if by else list(commands)
        return list(self.endorse(self.sign(participant, asked)).answers[0])

    def must(self, participant: str, *commands: Command, by: str = "") -> Batch:
        """Ask, and take no for a fault of the test."""
        batch = self.ask(participant, *commands, by=by)
        assert batch.validity is Validity.VALID
        assert not any(map(any, batch.codes)), batch.answers
        return batch

    # Setting going

    def found(self) -> None:
        """Found the ledger; onboard and activate everybody else."""
        self.must("clearing", self.founding())
        for name in self.members:
            if name not in AUTHORITIES:
                self.must("clearing", self.onboarding(name), self.activation(name), by="officer-1")

    def founding(self) -> FoundLedger:
        """The first command."""
        return FoundLedger(
            network=NETWORK,
            clearing=self.members["clearing"].organisation,
            regulator=self.members["regulator"].organisation,
            secrets={name: secrets.token_hex(32) for name in (keys.AUTHORITY, *AUTHORITIES)},
        )

    def onboarding(self, name: str) -> OnboardParticipant:
        """What enters an organisation."""
        organisation = self.members[name].organisation
        return OnboardParticipant(command_id=an_id(), organisation=organisation, secret=secrets.token_hex(32))

    def activation(self, name: str) -> ActivateParticipant:
        """What lets an organisation take part."""
        return ActivateParticipant(command_id=an_id(), participant=name)

    def open_accounts(self, currency: str, banks: Iterable[str] = BANKS, date: str = TODAY) -> None:
        """Admit a currency, open an account for each bank, and open the business day."""
        admit = AdmitCurrency(
            command_id=an_id(),
            currency=currency,
            settlement_agent="CBNKCNSHXXX",
            settlement_account=f"SETTLEMENT-{currency}",
        )
        accounts = [OpenAccount(command_id=an_id(), participant=bank, currency=currency) for bank in banks]
        day = OpenDay(command_id=an_id(), currency=currency, date=date)
        self.must("clearing", admit, *accounts, day, by="officer-1")

    def fund(self, bank: str, amount: str, currency: str = "CNY") -> str:
        """Issue money to a bank; give the issuance's id."""
        asked = an_issuance_request(amount, currency=currency)
        self.must(bank, asked)
        self.must("clearing", an_issuance_confirmation(asked.issuance_id, bank), by="officer-1")
        self.must("clearing", an_issuance_approval(asked.issuance_id, bank), by="officer-2")
        return asked.issuance_id

    # Looking

    def state(self) -> dict[Place, bytes]:
        """Give every value that stands."""
        if self._state[0] != self.ledger.height:
            self._state = self.ledger.height, dict(self.ledger.reader.state())
        return self._state[1]

    def record(self, place: Place, kind: type[R]) -> R | None:
        """Read a record."""
        value = self.state().get(place)
        if value is None:
            return None
        found = self._decode(place, value)
        assert isinstance(found, kind)
        return found

    def records(self, kind: type[R]) -> Iterator[tuple[Place, R]]:
        """Give all records of a kind and where they stand."""
        for place, value in self.state().items():
            found = self._decode(place, value)
            if isinstance(found, kind):
                yield place, found

    def secret(self, collection: str) -> bytes:
        """Give a collection's secret."""
        found = self.record(keys.secret(collection), records.Secret)
        assert found is not None
        return bytes.fromhex(found.value)

    def hidden(self, collection: str, kind: str, natural_id: str) -> Place:
        """Say where a record of its own stands."""
        return keys.hidden(collection, self.secret(collection), kind, natural_id)

    def account(self, participant: str, currency: str = "CNY", kind: str = CASH) -> Account:
        """Read an account."""
        found = self.record(places.account_place(participant, self.secret(participant), currency, kind), Account)
        assert found is not None
        return found

    def balance(self, participant: str, currency: str = "CNY") -> int:
        """Give the posted minor units of a participant's account."""
        return self.account(participant, currency).posted_minor

    def journal(self, participant: str, tx_id: str) -> Journal | None:
        """Read a participant's part of a transaction."""
        return self.record(keys.journal(participant, tx_id), Journal)

    def last_sequence(self, participant: str) -> int:
        """Give the number of an organisation's last list."""
        found = self.record(keys.sequence(participant), records.Sequence)
        return found.number if found else 0

    def blocks(self) -> Iterator[tuple[bytes, Block]]:
        """Give all blocks, as bytes and read."""
        for number in range(self.ledger.height):
            found = self.ledger.reader.block(number)
            assert found is not None
            yield found[1], blocks.decode(found[1])

    def _decode(self, place: Place, value: bytes) -> Record:
        found = self._decoded.get((place, value))
        if found is None:
            found = self._decoded[place, value] = records.decode(value, private=bool(place.collection))
        return found

    def _credential(self, participant: str, name: str) -> Credential:
        credential = self._credentials.get((participant, name))
        if credential is None:
            member = self.members[participant]
            credential = member.person(name) if name else member.service.credential
            self._credentials[participant, name] = credential
        return credential
