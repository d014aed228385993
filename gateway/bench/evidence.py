"""What naming documents adds to the processor time of a payment, through the ledger client, without doors.

Each payment names documents that no other names: a contract and an invoice, or a released declaration. So nothing that
is read for one serves another.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from gateway.auth.signing import sign_document
from gateway.bench import Figures
from gateway.bench.banks import NETWORK, Banks
from gateway.bench.workload import DATE, Workload
from gateway.cli.demo.shipments.papers import Papers
from gateway.cli.demo.shipments.playing import papers_of
from gateway.development.customers import TRADERS
from gateway.development.members import SHANGHAI, ask, ask_signed, new_id
from gateway.operation import memory
from settlement.accounts.account import OpenAccount
from settlement.customs.assessment import AssessTax
from settlement.customs.declaration import AcceptDeclaration, LodgeDeclaration, ReleaseGoods
from settlement.customs.declared import Declared
from settlement.customs.handling import declaration_id
from settlement.customs.rates import ApproveRates, EnterRates
from settlement.participants import RegisterCustomer
from settlement.payments.commands import RegulatoryReporting, ReportingDetail, SubmitPayment
from settlement.payments.terms import Evidence, Share
from settlement.records import Command
from settlement.trade.contract import ProposeContract, SignContract, contract_id
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.goods import Line
from settlement.trade.invoice import AcceptInvoice, InvoiceTerms, IssueInvoice, invoice_id

ROUNDS: Final = 5
PAYMENTS: Final = 400
"""Of each kind in each round."""
WARM_UP: Final = 400
PRICE: Final = "100.00"
"""Of the goods of each contract, and so the amount of each payment."""
LISTED: Final = 100
"""Signed commands in one call while documents are made."""
TRADER: Final = "trader-1"


async def measure(directory: Path) -> Figures:
    """Make the documents, then pay in rounds of each kind in turn; ratios are medians over rounds."""
    banks = Banks(directory, SHANGHAI)
    await banks.begin()
    documents = Documents(banks)
    await documents.begin()
    count = ROUNDS * PAYMENTS
    numbers = [f"2248{DATE[:4]}0{serial:09}" for serial in range(count)]
    invoiced, declared = await documents.invoiced(count), await documents.released(numbers)
    payments = _payments(banks)
    await banks.settle(next(payments) for _ in range(WARM_UP))
    memory.settle()
    cpu_us: defaultdict[str, list[float]] = defaultdict(list)
    for place in range(ROUNDS):
        mine = slice(place * PAYMENTS, (place + 1) * PAYMENTS)
        kinds: dict[str, Iterable[Evidence | None]] = {
            "plain": [None] * PAYMENTS,
            "evidence": invoiced[mine],
            "declaration": declared[mine],
        }
        for name, named in kinds.items():
            asked = [
                replace(next(payments), evidence=each, regulatory_reporting=_reports(number))
                for each, number in zip(named, numbers[mine], strict=True)
            ]
            start = time.process_time()
            await banks.settle(asked)
            cpu_us[name].append((time.process_time() - start) * 1e6 / PAYMENTS)
    await banks.ledger.close()
    figures: Figures = {"evidence_payments": PAYMENTS}
    for name, measured in cpu_us.items():
        figures[f"{name}_cpu_us"] = round(statistics.median(measured), 1)
    for name in ("evidence", "declaration"):
        ratios = [with_it / plain for with_it, plain in zip(cpu_us[name], cpu_us["plain"], strict=True)]
        figures[f"{name}_vs_plain_cpu"] = round(statistics.median(ratios), 2)
    return figures


class Documents:
    """Makes documents as those whom they concern would: seller and buyer sign, customs and the tax officer act."""

    def __init__(self, banks: Banks) -> None:
        self._banks: Final = banks
        self._papers: Final[Papers] = papers_of(DATE, anew=False)

    async def begin(self) -> None:
        """Register both traders, open the treasury's account and put customs' rates into force."""
        for bank, trader in TRADERS.items():
            await ask(self._banks.desks[bank], [RegisterCustomer(command_id=new_id(), customer=trader.customer)])
        account = OpenAccount(command_id=new_id(), participant="clearing", currency="CNY")
        await self._signed("clearing", "officer-1", [account])
        notice = replace(self._papers.read("customs-notice.json", EnterRates, of_customs=True), command_id=new_id())
        await self._signed("customs", "customs-1", [notice])
        approval = ApproveRates(command_id=new_id(), notice_id=notice.notice_id)
        await self._signed("customs", "customs-2", [approval])

    async def invoiced(self, count: int) -> list[Evidence]:
        """Bring contracts into effect, each with one accepted invoice; give both as the evidence of a payment."""
        contracts = [self._contract(serial) for serial in range(count)]
        proposals = [ProposeContract(command_id=new_id(), terms=terms) for terms in contracts]
        await self._signed("banksh", TRADER, proposals)
        for bank in ("banksh", "bankist"):
            person = self._banks.members[bank].person(TRADER)
            signings = [
                SignContract(
                    command_id=new_id(),
                    contract_id=contract_id(terms),
                    signature=sign_document(NETWORK, terms, person),
                )
                for terms in contracts
            ]
            await self._signed(bank, TRADER, signings)
        invoices = [self._invoice(terms) for terms in contracts]
        seller = self._banks.members["banksh"].person(TRADER)
        issues = [
            IssueInvoice(command_id=new_id(), terms=terms, signature=sign_document(NETWORK, terms, seller))
            for terms in invoices
        ]
        await self._signed("banksh", TRADER, issues)
        names = [invoice_id(terms) for terms in invoices]
        await self._signed("bankist", TRADER, [AcceptInvoice(command_id=new_id(), invoice_id=name) for name in names])
        return [
            Evidence(contract=terms.contract_id, invoices=(Share(record_id=name),))
            for terms, name in zip(invoices, names, strict=True)
        ]

    async def released(self, numbers: list[str]) -> list[Evidence]:
        """Declare exports that customs releases, free of duty; give each as the evidence of a payment."""
        lodgings = [
            LodgeDeclaration(command_id=new_id(), customs="customs", declared=self._declared(number))
            for number in numbers
        ]
        await self._signed("banksh", TRADER, lodgings)
        for kind, officer in ((AcceptDeclaration, "customs-1"), (AssessTax, "tax-1"), (ReleaseGoods, "customs-1")):
            commands = [kind(command_id=new_id(), declaration_id=declaration_id(number)) for number in numbers]
            await self._signed("customs", officer, commands)
        return [Evidence(declarations=(Share(record_id=declaration_id(number)),)) for number in numbers]

    async def _signed(self, organisation: str, person: str, commands: Sequence[Command]) -> None:
        member = self._banks.members[organisation]
        for start in range(0, len(commands), LISTED):
            some = commands[start : start + LISTED]
            await ask_signed(self._banks.desks[organisation], member.person(person), some)

    def _contract(self, serial: int) -> ContractTerms:
        terms = self._papers.read("textiles/contract.json", ContractTerms)
        return replace(terms, number=f"BENCH-{serial:08}", amount=PRICE, lines=_priced(terms.lines))

    def _invoice(self, under: ContractTerms) -> InvoiceTerms:
        terms = self._papers.read("textiles/invoice.json", InvoiceTerms)
        return replace(
            terms, number=under.number, contract_id=contract_id(under), amount=PRICE, lines=_priced(terms.lines)
        )

    def _declared(self, number: str) -> Declared:
        declared = self._papers.read("textiles/declaration.json", Declared, of_customs=True)
        line = replace(declared.lines[0], quantity="1", value=PRICE)
        return replace(declared, number=number, transport_document=f"YPL{number}", lines=(line,))


def _priced(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (replace(lines[0], quantity="1", unit_price=PRICE, amount=PRICE),)


def _payments(banks: Banks) -> Iterator[SubmitPayment]:
    """Supply payments from the buyer's bank to the seller's, alike but for what names them."""
    buyer, seller = TRADERS["bankist"], TRADERS["banksh"]
    profiles = [banks.members[name].profile for name in ("bankist", "banksh")]
    workload = Workload(profiles, debtors=1, seed=7)
    while True:
        (payment,) = workload.payments(1)
        yield replace(
            payment,
            amount=PRICE,
            debtor=buyer.party,
            debtor_account=buyer.account,
            creditor=seller.party,
            creditor_account=seller.account,
        )


def _reports(number: str) -> tuple[RegulatoryReporting, ...]:
    """Report goods and a declaration to China's authority, which a payment across the border that names it must."""
    return (RegulatoryReporting(details=(ReportingDetail(country="CN", code="121010", information=(number,)),)),)
