"""A world with real contracts and its model, side by side: asked the same, and held against each other."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from hypothesis.stateful import RuleBasedStateMachine, invariant

from chaincode import keys
from chaincode.port import Place
from gateway.development.members import Member
from settlement.accounts.account import AccountState
from settlement.accounts.circulation import Circulation
from settlement.accounts.issuance import Issuance
from settlement.accounts.redemption import Redemption
from settlement.participants import Participant
from settlement.payments.returns import PaymentRecord
from settlement.payments.undertaking import Undertaking
from settlement.records import Command, RulingCommand
from tests import invariants
from tests.builders import TEKSTIL_LEI, an_id
from tests.contracts import samples
from tests.model.ledger import Bank, ModelLedger
from tests.rulings import PEOPLE, confirming
from tests.world import BANKS, World


class SideBySide(RuleBasedStateMachine):
    """What is so after every step of every history (I1-I3, I11)."""

    def __init__(self, members: Mapping[str, Member], prepared: Path, directory: Path) -> None:
        super().__init__()
        self.directory = directory / an_id()
        shutil.copytree(prepared, self.directory)
        self.world = World(self.directory, members)
        self.model = ModelLedger({name: Bank() for name in BANKS}, issued=100_000_000)
        self.model.banks["banksh"].posted = 100_000_000
        for name in BANKS:
            self.world.must(name, samples.register(TEKSTIL_LEI, name="Bosphorus Tekstil AS"))

    def teardown(self) -> None:
        self.world.close()
        shutil.rmtree(self.directory)

    def ask(self, participant: str, command: Command, expected: str, *, by: str = "") -> None:
        """Ask the real ledger; a refusal leaves nothing but the list's number."""
        before = self.world.state() if expected else {}
        assert self.world.ask(participant, command, by=by).codes == [[expected]]
        if expected:
            after = self.world.state()
            changed = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
            assert changed == {Place(participant, "sequence")}

    def ruled(self, authority: str, ruling: RulingCommand, expected: str) -> None:
        """Let one of an authority propose and, unless that is refused, another confirm."""
        proposer, checker = PEOPLE[authority]
        self.ask(authority, ruling, expected, by=proposer)
        if not expected:
            self.ask(authority, confirming(ruling), "", by=checker)

    @invariant()
    def balances_and_states_are_the_models(self) -> None:
        for name, bank in self.model.banks.items():
            account = self.world.account(name)
            assert (account.posted_minor, account.reserved_minor) == (bank.posted, bank.reserved)
            assert account.open_items == bank.open_items
            assert (account.state is AccountState.BLOCKED) is bank.is_blocked
            participant = self.world.record(keys.participant(name), Participant)
            assert participant is not None
            assert (participant.state, participant.may_be_credited) == (bank.state, bank.may_be_credited)

    @invariant()
    def requests_and_returns_are_the_models(self) -> None:
        found = {issuance.issuance_id: issuance.state.value for _, issuance in self.world.records(Issuance)}
        found |= {redemption.redemption_id: redemption.state.value for _, redemption in self.world.records(Redemption)}
        assert {name: found[name] for name in self.model.requests} == {
            name: request.state for name, request in self.model.requests.items()
        }
        returned = {
            record.uetr: record.returned_minor
            for _, record in self.world.records(PaymentRecord)
            if record.returned_minor
        }
        assert returned == {uetr: each.returned for uetr, each in self.model.payments.items() if each.returned}

    @invariant()
    def holds_are_the_models(self) -> None:
        found = {record.number: (record.state, record.amount_minor) for _, record in self.world.records(Undertaking)}
        assert found == {uetr: (each.state, each.amount) for uetr, each in self.model.payments.items() if each.ends}

    @invariant()
    def the_books_balance(self) -> None:
        invariants.check(self.world)
        totals = {
            each.currency: (each.issued_minor, each.redeemed_minor) for _, each in self.world.records(Circulation)
        }
        assert totals["CNY"] == (self.model.issued, self.model.redeemed)
