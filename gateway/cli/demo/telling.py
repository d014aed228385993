"""The day as a story for a terminal of eighty columns."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Final

from gateway.cli.demo.acts import Played
from gateway.cli.demo.programme import Fate
from gateway.cli.demo.proofs import Book
from gateway.cli.say import Marked, Say, marked
from gateway.cli.story import element
from gateway.development.cast import Cast
from settlement import money as minor
from settlement.catalogue import CATALOGUE
from settlement.errors import Code
from settlement.money import for_people as money

_NOTABLE: Final = (Fate.NOT_POSTED, Fate.WAITING, Fate.BLOCKED, Fate.RETURNED, Fate.PARTLY_RETURNED, Fate.SETTLED)
_SAYS: Final = {
    Fate.NOT_POSTED: "accepted, not posted yet",
    Fate.WAITING: "waits for documents",
    Fate.BLOCKED: "may not be credited",
    Fate.RETURNED: "sent back in full",
    Fate.PARTLY_RETURNED: "sent back in part",
    Fate.SETTLED: "final; no word of credit yet",
}
_REJECTS: Final = {
    Code.AM04: "not enough funds",
    Code.AC06: "account blocked",
    Code.AG11: "bank suspended",
    Code.DT01: "its date has passed",
    Code.TM01: "after the cut-off",
}
"""In few words; any other by its meaning in the catalogue."""
_WHERE_CHARACTERS: Final = 36
TREASURY: Final = "clearing"
"""Keeps the treasury's account."""
TICK: Final = Marked("[green]✓[/]")
CROSS: Final = Marked("[red]✗[/]")


def payments(say: Say, cast: Cast, played: Sequence[Played]) -> None:
    """Tell what became of every message, in four parts."""
    credited = [each for each in played if each.fate is Fate.CREDITED]
    _title(say, "Settled and credited", credited)
    _credited(say, cast, credited)
    notable = [each for each in played if each.fate in _NOTABLE]
    _title(say, "Settled, and the creditor's bank decides", notable)
    _part(say, notable, _decided)
    rejected = [each for each in played if each.fate is Fate.REJECTED]
    _title(say, "Rejected: recorded with the payer, no money moves", rejected)
    _part(say, rejected, _rejected)
    refused = [each for each in played if each.fate is Fate.REFUSED]
    _title(say, "Refused: nothing is written, the UETR stays free", refused)
    rows = [
        (
            f"{each.scene.number:02}",
            each.scene.about,
            marked("[red]{}[/]", each.reason),
            element(each.where, _WHERE_CHARACTERS),
        )
        for each in refused
    ]
    say.table(("nr", "about", "code", "where"), rows, cut="where")


def _title(say: Say, title: str, played: Sequence[Played]) -> None:
    say.marked("\n[bold]{}[/]", f"{title}: {len(played)}")


def _decided(each: Played) -> Marked:
    reason = f" {each.reason}" if each.reason else ""
    return marked("[cyan]{}[/] {}", f"{each.status}{reason}", _SAYS[each.fate])


def _rejected(each: Played) -> Marked:
    why = _REJECTS.get(Code(each.reason)) or CATALOGUE[Code(each.reason)].meaning
    return marked("[yellow]{}[/] {}", f"{each.status} {each.reason}", why)


def _credited(say: Say, cast: Cast, played: Sequence[Played]) -> None:
    rows = [
        (
            f"{each.scene.number:02}",
            money(each.scene.amount, each.scene.currency),
            marked("[dim]→[/] {}", cast.bank(each.scene.payee)),
            each.scene.about,
            marked("[green]{}[/]", each.status),
            f"{each.answered_ms:.0f}",
        )
        for each in played
    ]
    say.table(("nr", "amount", "to", "about", "state", "ms"), rows, right=("amount", "ms"))


def _part(say: Say, played: Sequence[Played], state: Callable[[Played], str]) -> None:
    rows = [
        (f"{each.scene.number:02}", money(each.scene.amount, each.scene.currency), each.scene.about, state(each))
        for each in played
    ]
    say.table(("nr", "amount", "about", "state"), rows, right=("amount",), cut="state")


def finality(say: Say, played: Iterable[Played]) -> None:
    """Tell how long finality took, from the client's send to its answer."""
    times = sorted(each.answered_ms for each in played if each.fate not in (Fate.REFUSED, Fate.REJECTED))
    if times:
        say.line()
        say.line(f"Time to finality, seen by the paying bank: median {median(times):.0f} ms, slowest {times[-1]:.0f}.")


def closing_balances(say: Say, cast: Cast, books: Sequence[Book]) -> None:
    """Show what each bank holds, and the treasury where it has been paid, and that it adds up."""
    holders = {bank.participant: bank.participant for bank in cast.banks}
    if any(TREASURY in book.balances for book in books):
        holders[TREASURY] = "treasury"
    rows = []
    for book in books:
        held = [
            money(minor.render(book.balances[name], book.currency), "") if name in book.balances else ""
            for name in holders
        ]
        backing = money(minor.render(book.issued - book.redeemed, book.currency), "")
        rows.append((book.currency, *held, backing, TICK if book.balances_out else CROSS))
    told = tuple(holders.values())
    say.marked("\n[bold]Closing balances[/]")
    say.table(("", *told, "issued - redeemed", ""), rows, right=(*told, "issued - redeemed"))


def proof(say: Say, sentence: str, *, holds: bool) -> None:
    """Tell one thing that was proved, or that does not hold."""
    say.marked("{} {}", TICK if holds else CROSS, sentence)
