"""Journals packed and read by many threads at once are what they are in one."""

from concurrent.futures import ThreadPoolExecutor

import msgspec

from settlement import canonical
from settlement.forms.journals import Entry, Event, Journal, pack, unpack
from tests.builders import a_payment


def a_journal(entries: int) -> Journal:
    payments = [msgspec.Raw(canonical.encode(a_payment(f"{number}.00"))) for number in range(entries)]
    return Journal(
        at_ms=1, entries=tuple(Entry(event=Event.PAYMENT_SETTLED, by="banksh", command=raw) for raw in payments)
    )


def test_threads_that_pack_and_read_at_once_do_not_disturb_each_other() -> None:
    journals = [a_journal(number) for number in range(1, 40)]
    packed = [pack(journal) for journal in journals]

    def agrees(turn: int) -> bool:
        place = turn % len(journals)
        return pack(journals[place]) == packed[place] and pack(unpack(packed[place])) == packed[place]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(agrees, range(2000)))
