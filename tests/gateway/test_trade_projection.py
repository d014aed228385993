"""The read model of trade: each organisation's rows, made from its feed, the same however often they are made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.projection.trade import Trade
from settlement.payments.terms import Evidence, Share
from settlement.trade import contract
from settlement.trade.budgets import Budget
from settlement.trade.contract import AmendContract, SalesContract, WithdrawProposal
from settlement.trade.invoice import AcceptInvoice, Invoice, InvoiceState, invoice_id
from tests.builders import TODAY, a_return, an_id
from tests.evidence import a_collection, accepted, for_invoice, the_invoice, trading
from tests.gateway.feeds import Reading, blocks_of, shared
from tests.trade import (
    BUYER,
    FABRIC,
    SCARVES,
    SELLER,
    TRADER,
    a_note,
    a_noting,
    a_proposal,
    a_signing,
    an_invoice,
    an_issue,
    in_effect,
    registered,
    some_terms,
)
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="function")

SHORT = some_terms("SHORT", latest_shipment_on=TODAY, expires_on=TODAY)
LATER = "2026-12-01"


def happen(world: World) -> SalesContract:
    """A contract in effect, and one of which no more than a proposal has come."""
    registered(world)
    found = in_effect(world)
    world.must("banksh", a_proposal(SHORT), by=TRADER)
    return found


async def read(world: World, directory: Path, organisation: str, *, at_once: int = 1000) -> tuple[Reading, Trade]:
    """Read all blocks into a new file."""
    reading = Reading(directory / f"{organisation}-{at_once}.sqlite", organisation)
    async with shared(world) as network:
        blocks = await blocks_of(network, world, organisation)
    for start in range(0, len(blocks), at_once):
        reading.projection.apply(blocks[start : start + at_once])
    return reading, Trade(reading.store.reader())


@pytest.mark.parametrize("organisation", ["banksh", "bankist", "regulator"])
async def test_a_contract_is_one_row_with_its_whole_history(world: World, tmp_path: Path, organisation: str) -> None:
    """To each of its banks, and to an authority, which receives both copies."""
    found = happen(world)
    reading, trade = await read(world, tmp_path, organisation)
    view = trade.find(found.record_id, on=TODAY)
    assert view is not None
    assert (view.record, view.kind, view.state) == (found, "contract", "EFFECTIVE")
    acts = trade.history(found.record_id)
    assert [each.act.event for each in acts] == ["PROPOSED", "SIGNED", "AGREED"]
    assert [each.act.party for each in acts] == [SELLER.identifier, SELLER.identifier, BUYER.identifier]
    assert [each.tx_id for each in acts][-1] == found.tx_id
    assert trade.timeline(found.record_id) == acts
    reading.store.close()


@pytest.mark.parametrize("organisation", ["bankfra", "customs"])
async def test_whom_it_does_not_concern_knows_of_none(world: World, tmp_path: Path, organisation: str) -> None:
    found = happen(world)
    reading, trade = await read(world, tmp_path, organisation)
    assert (trade.find(found.record_id, on=TODAY), trade.page(on=TODAY, limit=9)) == (None, [])
    assert (trade.history(found.record_id), trade.timeline(found.record_id)) == ([], [])
    reading.store.close()


async def test_a_file_made_again_has_the_same_rows(world: World, tmp_path: Path) -> None:
    """Block by block or all at once, for an authority that sees every copy twice."""
    happen(world)
    async with shared(world) as network:
        blocks = await blocks_of(network, world, "clearing")
    dumps = []
    for at_once in (1, 1000):
        reading = Reading(tmp_path / f"{at_once}.sqlite", "clearing")
        for start in range(0, len(blocks), at_once):
            reading.projection.apply(blocks[start : start + at_once])
        dumps.append(reading.dump())
        reading.store.close()
    assert dumps[0] == dumps[1]
    assert (len(dumps[0]["trade_records"]), len(dumps[0]["trade_acts"])) == (2, 4)


async def test_what_is_asked_for_narrows_what_is_told(world: World, tmp_path: Path) -> None:
    """By kind, state on a date, number, party and page."""
    found = happen(world)
    reading, trade = await read(world, tmp_path, "banksh")
    short = contract.contract_id(SHORT)

    def names(on: str = TODAY, **asked: str) -> list[str]:
        return [each.record.record_id for each in trade.page(on=on, limit=9, **asked)]  # type: ignore[arg-type]

    assert names() == names(kind="contract") == names(party=BUYER.identifier) == [found.record_id, short]
    assert names(kind="invoice") == names(party="5493001KJTIIGC8Y1R12") == []
    assert (names(state="DRAFT"), names(state="EXPIRED")) == ([short], [])
    assert (names(state="DRAFT", on=LATER), names(state="EXPIRED", on=LATER)) == ([], [short])
    assert names(number="SHORT") == names(trade=short) == [short]
    assert [each.record.record_id for each in trade.page(on=TODAY, limit=1, after=1)] == [short]
    newest = trade.page(on=TODAY, limit=9, newest_first=True, party=BUYER.identifier)
    assert [each.record.record_id for each in newest] == [short, found.record_id]
    before = trade.page(on=TODAY, limit=9, newest_first=True, after=newest[0].id, kind="contract")
    assert [each.record.record_id for each in before] == [found.record_id]
    lapsed = trade.find(short, on=LATER)
    assert lapsed is not None
    assert lapsed.state == "EXPIRED"
    assert trade.find(short, on=TODAY, party="5493001KJTIIGC8Y1R12") is None
    reading.store.close()


class Planner:
    """Says how each question would be answered, and answers none."""

    def __init__(self, reading: Reading) -> None:
        self._connection = reading.store.connection
        self.plan: list[str] = []

    def rows(self, question: str, bindings: Sequence[Any] = ()) -> list[Any]:
        """Keep the plan."""
        self.plan += [str(row[3]) for row in self._connection.execute(f"EXPLAIN QUERY PLAN {question}", bindings)]
        return []


async def test_no_question_of_a_trader_looks_through_all(world: World, tmp_path: Path) -> None:
    """A page begins with the firm's own records, a timeline with those of the trade."""
    happen(world)
    reading, _ = await read(world, tmp_path, "banksh")
    planner = Planner(reading)
    trade = Trade(planner)  # type: ignore[arg-type]
    for newest_first in (False, True):
        for after in (0, 5):
            trade.page(on=TODAY, limit=9, party=SELLER.identifier, after=after, newest_first=newest_first)
            trade.page(on=TODAY, limit=9, after=after, newest_first=newest_first)
    assert not [step for step in planner.plan if "TEMP B-TREE" in step]
    trade.find("f" * 32, on=TODAY, party=SELLER.identifier)
    trade.page(on=TODAY, limit=9, trade="f" * 32)
    trade.page(on=TODAY, limit=9, number="1")
    trade.timeline("f" * 32, party=SELLER.identifier)
    trade.history("f" * 32, party=SELLER.identifier)
    trade.acts_after(5, limit=9, party=SELLER.identifier)
    scanned = [step for step in planner.plan if "SCAN" in step and "SCAN json_each" not in step]
    assert scanned == ["SCAN t"] * 2  # all records, in their order, as many as a page has
    reading.store.close()


async def test_acts_of_one_block_are_all_told(world: World, tmp_path: Path) -> None:
    registered(world)
    terms = some_terms()
    world.must("banksh", a_proposal(terms), by=TRADER)
    lists = [
        world.sign(bank, world.signed(bank, TRADER, a_signing(world, terms, bank))) for bank in ("banksh", "bankist")
    ]
    world.carry(*lists)
    reading, trade = await read(world, tmp_path, "clearing")
    assert [each.act.event for each in trade.history(contract.contract_id(terms))] == ["PROPOSED", "SIGNED", "AGREED"]
    reading.store.close()


@pytest.mark.parametrize("organisation", ["banksh", "bankist", "clearing"])
async def test_an_invoice_is_shown_with_what_was_paid_of_it(world: World, tmp_path: Path, organisation: str) -> None:
    """Though no payment writes it anew: to both banks, and to an authority, which reads of each payment twice."""
    trading(world)
    found = accepted(world)
    payments = [for_invoice(amount, found) for amount in ("40000.00", "60000.00")]
    journal = world.must("bankist", *payments).tx_id
    whole, height = the_invoice(world), world.ledger.height
    world.must("banksh", a_return(payments[1], journal, "500.00"))
    world.must("banksh", a_noting(world, a_note(found.record_id, amount="200.00")), by=TRADER)
    part = the_invoice(world)
    async with shared(world) as network:
        blocks = await blocks_of(network, world, organisation)
    reading = Reading(tmp_path / "read.sqlite", organisation)
    trade = Trade(reading.store.reader())
    for some, stands in ((blocks[:height], whole), (blocks[height:], part)):
        reading.projection.apply(some)
        assert shown(trade, found) == stands
        states = ("SETTLED", "PARTLY_SETTLED", "ACCEPTED")
        listed = [state for state in states if trade.page(on=TODAY, limit=9, kind="invoice", state=state)]
        assert listed == [stands.state]
    assert (whole.open_minor, part.open_minor) == (0, 50_000 - 20_000)
    acts = [each.act for each in trade.history(found.record_id)]
    assert [(act.event, act.participant, act.reason) for act in acts[2:5]] == [
        ("PAID_IN_PART", "bankist", payments[0].uetr),
        ("PAID", "bankist", payments[1].uetr),
        ("REFUNDED", "banksh", payments[1].uetr),
    ]
    assert [act.event for act in acts[:2] + acts[5:]] == ["ISSUED", "ACCEPTED", "CREDITED"]
    reading.store.close()


async def test_a_budget_stays_on_the_ledger(world: World, tmp_path: Path) -> None:
    """The authorities alone reckon with it, where they endorse: no read model has a row of it."""
    trading(world)
    world.must("bankist", for_invoice("100.00", accepted(world)))
    assert [budget.paid_minor for _, budget in world.records(Budget)] == [10_000]
    reading, _ = await read(world, tmp_path, "regulator")
    assert not reading.queries.records(Budget)
    reading.store.close()


@pytest.mark.parametrize("organisation", ["banksh", "bankist", "clearing"])
async def test_who_paid_an_invoice_and_who_sent_back_is_shown_alike_to_all_who_hold_it(
    world: World, tmp_path: Path, organisation: str
) -> None:
    """To the buyer's bank too, when the buyer has paid from a third one: the ledger alone tells it."""
    trading(world)
    world.fund("bankfra", "1000.00")
    found = accepted(world)
    payment = replace(for_invoice("40.00", found), payer="bankfra", instructing_agent="MAINDEFFXXX")
    journal = world.must("bankfra", payment).tx_id
    world.must("banksh", a_return(payment, journal, "15.00"))
    stands = the_invoice(world)
    reading, trade = await read(world, tmp_path, organisation)
    acts = [each.act for each in trade.history(found.record_id)][2:]
    assert [(act.event, act.participant, act.reason) for act in acts] == [
        ("PAID_IN_PART", "bankfra", payment.uetr),
        ("REFUNDED", "banksh", payment.uetr),
    ]
    assert shown(trade, found) == stands
    reading.store.close()


@pytest.mark.parametrize("organisation", ["banksh", "clearing"])
async def test_what_was_paid_in_an_invoices_own_transaction_counts(
    world: World, tmp_path: Path, organisation: str
) -> None:
    """Issued, accepted, paid and credited in one batch: it is shown as all of them leave it."""
    trading(world)
    terms = an_invoice()
    accept = AcceptInvoice(command_id=an_id(), invoice_id=invoice_id(terms))
    credit = a_noting(world, a_note(invoice_id(terms)))
    payment = a_collection("99000.00", Evidence(invoices=(Share(record_id=invoice_id(terms)),)))
    batch = world.carry(
        world.sign("banksh", world.signed("banksh", TRADER, an_issue(world, terms))),
        world.sign("bankist", [*world.signed("bankist", TRADER, accept), payment]),
        world.sign("banksh", world.signed("banksh", TRADER, credit), sequence=world.last_sequence("banksh") + 2),
    )
    assert batch.codes == [[""], ["", ""], [""]]
    stands = the_invoice(world)
    reading, trade = await read(world, tmp_path, organisation)
    assert shown(trade, stands) == stands
    assert stands.state is InvoiceState.SETTLED
    reading.store.close()


def shown(trade: Trade, found: Invoice) -> Invoice:
    """Give an invoice as the read model shows it; what is told of its state agrees."""
    view = trade.find(found.record_id, on=TODAY)
    assert view is not None
    assert isinstance(view.record, Invoice)
    assert view.state == view.record.state
    return view.record


async def test_a_record_is_found_by_the_words_in_it(world: World, tmp_path: Path) -> None:
    """By the beginning of any word, without regard to case; it must have all that are asked for."""
    registered(world)
    for number, line in (("WORDS-1", FABRIC), ("WORDS-2", SCARVES)):
        terms = some_terms(number, lines=(line,), amount=line.amount)
        world.must("banksh", a_proposal(terms), by=TRADER)
    reading, trade = await read(world, tmp_path, "banksh")

    def found(text: str, **others: Any) -> list[str]:
        return [each.record.number for each in trade.page(on=TODAY, limit=9, text=text, **others)]

    assert found("words-1") == found("WOVEN silk") == found("500720 ambarli") == ["WORDS-1"]
    assert found("ambarli silk") == found(f"words {BUYER.identifier}") == ["WORDS-1", "WORDS-2"]
    assert found("scarv", party=SELLER.identifier, state="DRAFT", kind="contract") == ["WORDS-2"]
    assert found("ambarli", newest_first=True, party=BUYER.identifier) == ["WORDS-2", "WORDS-1"]
    for text in ("hazelnuts", "woven scarves", "ilk", "!?"):
        assert found(text) == [], text
    assert found("words", party="5493001KJTIIGC8Y1R12") == found("scarves", state="EFFECTIVE") == []
    reading.store.close()


async def test_a_record_is_found_by_what_it_says_now(world: World, tmp_path: Path) -> None:
    """Not by what an amendment would have said that was withdrawn."""
    found = happen(world)
    linen = replace(FABRIC, description="Woven linen fabric")
    amended = some_terms(version=2, lines=(linen, SCARVES))
    world.must("banksh", AmendContract(command_id=an_id(), terms=amended), by=TRADER)
    withdrawal = WithdrawProposal(command_id=an_id(), contract_id=found.record_id, reason="No cloth of that kind")
    world.must("bankist", withdrawal, by=TRADER)
    async with shared(world) as network:
        *before, last = await blocks_of(network, world, "banksh")
    reading = Reading(tmp_path / "read.sqlite", "banksh")
    trade = Trade(reading.store.reader())
    reading.projection.apply(before)
    assert [each.record.record_id for each in trade.page(on=TODAY, limit=9, text="linen")] == [found.record_id]
    reading.projection.apply([last])
    assert trade.page(on=TODAY, limit=9, text="linen") == []
    assert len(trade.page(on=TODAY, limit=9, text="woven silk")) == 2
    reading.store.close()


async def test_states_are_counted_and_kinds_kept_apart(world: World, tmp_path: Path) -> None:
    found = happen(world)
    reading, trade = await read(world, tmp_path, "banksh")
    assert trade.counts("contract", on=TODAY) == {"EFFECTIVE": 1, "DRAFT": 1}
    assert trade.counts("contract", on=LATER) == {"EFFECTIVE": 1, "EXPIRED": 1}
    assert trade.counts("declaration", on=TODAY) == {}
    assert trade.find(found.record_id, on=TODAY, kinds=("declaration",)) is None
    assert trade.history(found.record_id, kinds=("declaration",)) == []
    assert trade.timeline(found.record_id, kinds=("declaration",)) == []
    assert trade.page(on=TODAY, limit=9, kinds=("declaration", "invoice")) == []
    assert len(trade.page(on=TODAY, limit=9, kinds=("declaration", "contract"))) == 2
    assert trade.acts_after(0, limit=9, kinds=("declaration",)) == []
    acts = trade.acts_after(0, limit=9)
    first, second, _, last = (each.position for each in acts)
    assert trade.acts_after(first, limit=2) == acts[1:3]
    assert trade.acts_after(first, limit=9, until=second) == acts[1:2]
    assert trade.last_act() == last
    assert sorted(trade.parties(found.record_id, "contract")) == sorted(found.parties)
    reading.store.close()
