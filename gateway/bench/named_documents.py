"""Documents that payments of a benchmark name, each named by one payment alone, and the payments themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from gateway.auth.signing import sign_document
from gateway.bench.workload import DATE, Workload
from gateway.development.customers import TRADERS
from gateway.development.members import Asking, Member, ask, ask_signed, new_id
from gateway.development.shipments.papers import Papers, papers_of
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

PRICE: Final = "100.00"
"""Of the goods of each contract, and so the amount of each payment."""
LISTED: Final = 100
"""Signed commands in one call while documents are made."""
TRADER: Final = "trader-1"


def numbers(count: int) -> list[str]:
    """Make the numbers of so many declarations."""
    return [f"2248{DATE[:4]}0{serial:09}" for serial in range(count)]


class Documents:
    """Makes documents as those whom they concern would: seller and buyer sign, customs and the tax officer act."""

    def __init__(self, desks: Mapping[str, Asking], members: Mapping[str, Member]) -> None:
        """Take what asks in each organisation's name."""
        self._desks: Final = desks
        self._members: Final = members
        self._papers: Final[Papers] = papers_of(DATE, anew=False)

    async def register(self) -> None:
        """Register both traders."""
        for bank, trader in TRADERS.items():
            await ask(self._desks[bank], [RegisterCustomer(command_id=new_id(), customer=trader.customer)])

    async def begin(self) -> None:
        """Open the treasury's account and put customs' rates into force."""
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
            person = self._members[bank].person(TRADER)
            signings = [
                SignContract(
                    command_id=new_id(),
                    contract_id=contract_id(terms),
                    signature=sign_document(self._desks[bank].network, terms, person),
                )
                for terms in contracts
            ]
            await self._signed(bank, TRADER, signings)
        invoices = [self._invoice(terms) for terms in contracts]
        network, seller = self._desks["banksh"].network, self._members["banksh"].person(TRADER)
        issues = [
            IssueInvoice(command_id=new_id(), terms=terms, signature=sign_document(network, terms, seller))
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
        member = self._members[organisation]
        for start in range(0, len(commands), LISTED):
            some = commands[start : start + LISTED]
            await ask_signed(self._desks[organisation], member.person(person), some)

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


def payments(members: Mapping[str, Member]) -> Iterator[SubmitPayment]:
    """Supply payments from the buyer's bank to the seller's, alike but for what names them."""
    buyer, seller = TRADERS["bankist"], TRADERS["banksh"]
    profiles = [members[name].profile for name in ("bankist", "banksh")]
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


def naming(
    supply: Iterator[SubmitPayment], named: Sequence[Evidence | None], declared: Sequence[str]
) -> list[SubmitPayment]:
    """Let the next payments name documents; each reports goods and a declaration, whether it names one or not."""
    return [
        replace(next(supply), evidence=each, regulatory_reporting=_reports(number))
        for each, number in zip(named, declared, strict=False)
    ]


def _reports(number: str) -> tuple[RegulatoryReporting, ...]:
    """Report goods and a declaration to China's authority, which a payment across the border that names it must."""
    return (RegulatoryReporting(details=(ReportingDetail(country="CN", code="121010", information=(number,)),)),)
