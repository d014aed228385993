"""What the ledger tells in codes and in names of commands has words on pages, in every language."""

from enum import Enum
from typing import Final

import pytest

from gateway.projection import timeline
from gateway.traders.web import network
from gateway.traders.web.words import SUBJECTS, TEXTS
from settlement.accounts.account import AccountState
from settlement.accounts.issuance import AdmitCurrency, IssuanceState
from settlement.accounts.redemption import RedemptionState
from settlement.customs.duty import Direction
from settlement.day import DayState
from settlement.participants import ParticipantState, RegisterCustomer
from settlement.payments.evidence import RequireReports
from settlement.payments.initiation import DeclineInitiation, InitiatePayments
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit
from settlement.records import RulingCommand
from settlement.rulings import WithdrawRuling
from settlement.trade.advance import SetAdvanceRate
from settlement.trade.document import DocumentKind

OF_OTHER_RECORDS = {
    *(RegisterCustomer, AdmitCurrency, InitiatePayments, DeclineInitiation),
    *(RequireReports, SetAdvanceRate, WithdrawRuling, ProposeRelease),
    *(ProposeChangeRelease, SetReleaseLimit),
}
"""Commands that change no record whose acts the network's page shows."""


ACTS: Final[tuple[type, ...]] = (*timeline._SUBJECTS.keys() - OF_OTHER_RECORDS, *network._WATCHED)


@pytest.mark.parametrize("name", sorted(each.__name__ for each in ACTS))
def test_an_act_of_the_network_has_words(name: str) -> None:
    assert all(TEXTS[f"act_{name}"])


@pytest.mark.parametrize("command", RulingCommand.__subclasses__())
def test_what_waits_for_a_second_person_has_words(command: type[RulingCommand]) -> None:
    assert all(TEXTS[f"ruling_{command.__name__}"])


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        *((kind, "") for kind in (ParticipantState, AccountState, DayState, IssuanceState, RedemptionState)),
        (DocumentKind, "document_kind_"),
        (Direction, "direction_"),
    ],
)
def test_a_choice_of_the_ledger_has_words(kind: type[Enum], prefix: str) -> None:
    assert not [each for each in kind if f"{prefix}{each.value}" not in TEXTS]


def test_a_key_has_its_words_in_one_place() -> None:
    """Of two the later would count, whatever its page meant by it."""
    keys = [key for subject in SUBJECTS for key in subject]
    assert sorted(keys) == sorted(set(keys))
