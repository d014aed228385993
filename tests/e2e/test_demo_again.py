"""The demo on a network that has seen it: what is named once in the world has another name, all else is the same."""

import re
import shlex
from pathlib import Path

from gateway.cli.demo.programme import EXAMPLES, moved, read
from gateway.development.shipments.papers import WRITTEN_ON, Papers
from settlement.customs.declared import Declared, faults
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.invoice import InvoiceTerms
from settlement.trade.lading import document
from tests.e2e.running import Terminal

PAPERS = ("hazelnuts", "textiles")


def test_a_days_messages_have_names_of_their_own() -> None:
    """UETRs, message and instruction identifications; one that stands twice, twice again."""
    scenes = read(EXAMPLES)
    again = moved(scenes, "2026-11-24")
    for name in (b"UETR", b"MsgId", b"InstrId"):
        element = re.compile(rb"<" + name + rb">([^<]*)<")
        before, after = ([tuple(element.findall(scene.document)) for scene in day] for day in (scenes, again))
        assert not {each for one in before for each in one} & {each for one in after for each in one}
        assert len(set(before)) == len(set(after))
        assert all(len(each) <= 36 for one in after for each in one)


def test_papers_of_another_run_have_numbers_of_their_own() -> None:
    """Contract, invoice, declaration, bill of lading: each is still in order, and they still name one another."""
    first, second = (Papers(business_date=WRITTEN_ON, today=WRITTEN_ON, run=run) for run in ("", "7351"))
    for shipment in PAPERS:
        contracts = [papers.read(f"{shipment}/contract.json", ContractTerms).number for papers in (first, second)]
        invoices = [papers.read(f"{shipment}/invoice.json", InvoiceTerms).number for papers in (first, second)]
        declared = [
            papers.read(f"{shipment}/declaration.json", Declared, of_customs=True) for papers in (first, second)
        ]
        bills = [
            document.read(document.canonical_text(papers.text(f"{shipment}/bill_of_lading.json").encode()))
            for papers in (first, second)
        ]
        for names in (
            contracts,
            invoices,
            [each.number for each in declared],
            [each.transport_document_reference for each in bills],
        ):
            assert len(set(names)) == 2
        for number, content, bill in zip(invoices, declared, bills, strict=True):
            assert list(faults(content)) == []
            assert content.invoices == (number,)
            assert content.transport_document == bill.transport_document_reference


def test_papers_move_with_their_day() -> None:
    """Those of customs with the business day, all others with today where that is later."""
    papers = Papers(business_date="2026-11-25", today="2027-03-01")
    assert papers.read("hazelnuts/declaration.json", Declared, of_customs=True).arrived_on == "2026-11-22"
    assert papers.read("hazelnuts/contract.json", ContractTerms).expires_on == "2027-10-06"
    assert '"month": "2026-11"' in papers.text("customs-notice.json", of_customs=True)
    assert papers.later(30) == "2026-12-25"


def test_after_the_day_on_a_network_that_runs_the_next_one_is_open(tmp_path: Path) -> None:
    """Whoever goes on pays on it, in the words with which the demo ends."""
    terminal = Terminal(tmp_path / "data")
    with terminal.up():
        lines = terminal.start("demo", "--network", "--dir", terminal.data).out.splitlines()
        onward = next(line for line in lines if line.startswith("The next day, "))
        days = terminal.json("day", "list")["days"]
        assert {each["state"] for each in days} == {"DAY_STATE_OPEN"}
        assert {f"The next day, {each['date']}, is open" for each in days} == {onward.partition(".")[0]}
        words = shlex.split(onward.partition("Pay on it: ")[2])
        assert (words[:2], "Settled" in terminal.start(*words[1:]).out) == (["waitan", "pay"], True)
