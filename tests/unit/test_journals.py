"""Journals and records: written small, read back as they were, each behind its salt."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.signing import sign_command
from gateway.development.members import Member
from settlement import canonical
from settlement.commands import Signed
from settlement.forms import journals, records
from settlement.forms.journals import Entry, Event, Journal, ListProof
from tests.builders import a_payment
from tests.unit.test_account import an_account

SALT = bytes(range(16))


def an_entry(command: Any, event: Event = Event.PAYMENT_SETTLED, by: str = "banksh", **others: Any) -> Entry:
    return Entry(event=event, by=by, command=msgspec.Raw(canonical.encode(command)), **others)


def a_journal(*entries: Entry) -> Journal:
    proof = ListProof(sequence=4, signature=b"s" * 64, certificate="c1", others=((1, "d1"),))
    return Journal(at_ms=1_763_860_000_000, entries=entries, lists=(proof,))


def test_a_journal_is_read_as_it_was_written() -> None:
    journal = a_journal(an_entry(a_payment(), list_index=0, position=0))
    assert journals.pack(journals.unpack(journals.pack(journal))) == journals.pack(journal)
    found = journals.unpack(journals.pack(journal))
    assert (found.at_ms, found.lists) == (journal.at_ms, journal.lists)
    assert bytes(found.entries[0].command) == bytes(journal.entries[0].command)


def test_a_journal_is_much_smaller_than_its_payments() -> None:
    entries = [an_entry(a_payment()) for _ in range(100)]
    assert len(journals.pack(a_journal(*entries))) * 4 < sum(len(bytes(entry.command)) for entry in entries)


def test_a_payment_is_found_by_uetr_and_payer() -> None:
    """The payment that settled, whoever asks in another's name, or for one that was rejected, finds nothing."""
    one, other, failed = a_payment(), a_payment(), a_payment()
    journal = a_journal(an_entry(one), an_entry(other), an_entry(failed, Event.PAYMENT_REJECTED, code="AM04"))
    assert journal.payment(other.uetr, by="banksh") == other
    assert journal.payment(other.uetr, by="bankfra") is None
    assert journal.payment(failed.uetr, by="banksh") is None
    assert journal.payment("", by="banksh") is None


def test_a_uetr_that_stands_in_another_field_names_nothing() -> None:
    uetr = "3f0c2f4e-8f4f-4f6e-9d3f-0a7b6c5d4e3f"
    journal = a_journal(an_entry(a_payment(remittance=f"see {uetr}")))
    assert journal.payment(uetr, by="banksh") is None


def test_a_payment_that_a_person_signed_is_found_within_its_consent(members: dict[str, Member]) -> None:
    payment = a_payment()
    signed = sign_command("waitan", payment, members["banksh"].person("officer-1"))
    assert isinstance(signed, Signed)
    assert a_journal(an_entry(signed)).payment(payment.uetr, by="banksh") == payment


@pytest.mark.parametrize("record", [an_account(5, 2), a_journal()], ids=["record", "journal"])
def test_a_private_record_stands_behind_its_salt(record: Any) -> None:
    """The same record under two salts has two values, so the public hash of one says nothing of the other."""
    one, other = records.encode(record, SALT), records.encode(record, SALT[::-1])
    assert one != other
    assert one[16:] == other[16:]
    assert records.decode(one, private=True) == record


def test_a_public_record_is_canonical_json() -> None:
    record = records.Ledger(network="waitan", clearing="clearing", regulator="regulator")
    assert records.encode(record, b"") == canonical.encode(record)
    assert records.decode(canonical.encode(record), private=False) == record


@given(posted=st.integers(-(2**63), 2**63 - 1), reserved=st.integers(0, 2**63 - 1), items=st.integers(0, 2**31))
def test_balances_of_any_size_are_read_as_they_were_written(posted: int, reserved: int, items: int) -> None:
    account = an_account(posted, reserved, open_items=items)
    assert records.decode(records.encode(account, SALT), private=True) == account


def test_a_library_that_compresses_differently_is_found_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pinned build gives the known answer; any other would write journals that no second endorser agrees with."""
    journals.require_known_compression()
    monkeypatch.setattr(journals, "_SAMPLE", journals._SAMPLE + b"another text stands for another library")
    with pytest.raises(RuntimeError):
        journals.require_known_compression()
