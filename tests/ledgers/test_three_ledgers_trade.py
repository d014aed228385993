"""Trade is answered the same whatever the ledger is: contracts, customs, bills of lading, loans, and what they pay.

Both shipments of the demo go from contract to payment; what they leave out stands in tests of its own.
"""

import asyncio
import secrets
from datetime import date as calendar_date
from datetime import timedelta
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from gateway.auth.signing import sign_document
from gateway.cli.demo import playing
from gateway.cli.say import Say
from gateway.client import WaitanError
from gateway.development.shipments import customs_morning, payments, steps
from gateway.development.shipments.firms import (
    BANKER_IST,
    BANKER_SH,
    CARRIER,
    CUSTOMS,
    SECOND,
    SILK,
    SILK_AWAY,
    TAX,
    TEKSTIL,
    taken_in,
)
from gateway.development.shipments.papers import papers_of
from gateway.development.shipments.story import Person, Story
from settlement.customs.assessment import AssessTax
from settlement.customs.declaration import AcceptDeclaration, LodgeDeclaration, ReleaseGoods
from settlement.customs.declared import Declared
from settlement.customs.handling import declaration_id
from settlement.customs.rates import ApproveRates
from settlement.financing import (
    ApplyForFinancing,
    DrawFinancing,
    Financing,
    FinancingState,
    Subject,
    VerifyFinancing,
    financing_id,
)
from settlement.payments.commands import SubmitPayment
from settlement.payments.documents import Kind
from settlement.payments.terms import Evidence, Share, Terms
from settlement.payments.undertaking import AcceptChange, Change, ProposeChange, SettleUndertaking
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.contract import ProposeContract, SalesContract, SignContract
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.invoice import InvoiceTerms
from tests.builders import a_uetr, about, an_id, in_two_weeks
from tests.ledgers.seen import Ledger, once
from waitan.v1 import payments_pb2 as pb

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

NOBODYS: Final = "0" * 32
LODGED_AT_ONCE: Final = 30


class Market(Story):
    """What people do on a ledger, each at their own gateway; a story that nobody is told."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__("", ledger.cast)
        self.date: Final = ledger.date
        self.papers: Final = papers_of(ledger.date, anew=True)

    async def does(self, who: Person, command: Command) -> None:
        """Let somebody do what must be taken."""
        await self.signs(who, "", command)

    async def refusal(self, who: Person, command: Command) -> tuple[str, str]:
        """Let somebody try what must be refused; give the code and where it is."""
        with pytest.raises(WaitanError) as raised:
            await self.does(who, command)
        return raised.value.code, raised.value.where

    def terms(self) -> ContractTerms:
        """Give the terms of a contract that nobody has."""
        return replace(self.papers.read("textiles/contract.json", ContractTerms), number=f"C-{an_id()[:30]}")

    async def invoiced(self) -> tuple[ContractTerms, str]:
        """Agree on a contract and invoice all of it; give the terms, and the invoice's name."""
        terms = self.terms()
        name = await steps.agree(self, terms, SILK, TEKSTIL)
        invoice = replace(
            self.papers.read("textiles/invoice.json", InvoiceTerms), number=f"I-{an_id()[:30]}", contract_id=name
        )
        return terms, await steps.bill_for(self, invoice, SILK, TEKSTIL)

    def declared(self, **others: str) -> Declared:
        """Declare goods for export, under a number that nobody has, on a ship of its own."""
        content = self.papers.read("textiles/declaration.json", Declared, of_customs=True)
        number = f"{content.number[:9]}{secrets.randbelow(10**9):09}"
        own = {"number": number, "transport_document": an_id()[:30], "trade": "", "invoices": (an_id()[:30],)}
        return replace(content, **(own | others))

    async def lodged(self, *contents: Declared) -> list[tuple[str, str]]:
        """Let the seller lodge declarations in one call; give each one's code and where it is, or its status."""
        client = await self.cast.client(SILK.organisation, SILK.name)
        commands = [LodgeDeclaration(command_id=an_id(), customs="customs", declared=each) for each in contents]
        told = await client.lodge(self.cast.network, commands, self.cast.credential(SILK.organisation, SILK.name))
        return [(each.code, each.where) if each.code else ("", each.status) for each in told]

    def payment(
        self, agreed: ContractTerms, amount: str, *, evidence: Evidence | None = None, terms: Terms | None = None
    ) -> SubmitPayment:
        """Let the buyer's bank pay the seller's."""
        payment = payments.of_goods(
            self.cast,
            agreed,
            date=self.date,
            uetr=a_uetr(),
            payer="bankist",
            payee="banksh",
            reports=(),
            invoice="",
            evidence=evidence or Evidence(),
            terms_of_payment=terms,
        )
        return replace(payment, amount=amount, evidence=evidence, structured_remittance=())

    async def financing(self, lender: Person, name: str) -> Financing:
        """Read a loan at its lender's gateway."""
        client = await self.cast.client(lender.organisation, lender.name)
        return msgspec.json.decode((await client.trade_record(name)).record.content, type=Financing)


@pytest.fixture
def market(ledger: Ledger) -> Market:
    return Market(ledger)


async def test_both_shipments_go_from_contract_to_payment(ledger: Ledger) -> None:
    """Every step as it must be, refusals included; the three payments settle."""
    papers = papers_of(ledger.date, anew=True)
    stories = await playing.play(Say(as_json=True), ledger.cast, papers)
    told = [step for story in stories for step in story.steps]
    assert [step for step in told if not step.holds] == []
    assert {step.code for step in told if step.code} >= {"NOT_FOUND", "NOT_IN_CONTROL", "TAX_NOT_COVERED"}
    assert [len(story.payments) for story in stories] == [0, 1, 2]


async def test_a_signature_counts_for_one_document_and_one_signer(market: Market) -> None:
    """Altered, for other terms or by somebody else it is none; a contract that is not there has none."""
    terms = market.terms()
    name = contract.contract_id(terms)
    await market.does(SILK, ProposeContract(command_id=an_id(), terms=terms))
    mine = sign_document(market.cast.network, terms, market.cast.credential(SILK.organisation, SILK.name))
    theirs = sign_document(market.cast.network, terms, market.cast.credential(TEKSTIL.organisation, TEKSTIL.name))
    other = replace(terms, amount="1284000.01")
    changed = sign_document(market.cast.network, other, market.cast.credential(SILK.organisation, SILK.name))
    for wrong in (mine[:-4], mine[:-6] + ("A" if mine[-6] != "A" else "B") + mine[-5:], theirs, changed):
        command = SignContract(command_id=an_id(), contract_id=name, signature=wrong)
        assert await market.refusal(SILK, command) == ("DS0H", "signature")
    elsewhere = SignContract(command_id=an_id(), contract_id=NOBODYS, signature=mine)
    assert await market.refusal(SILK, elsewhere) == ("NOT_FOUND", "contract_id")
    await market.record(TEKSTIL, name, SalesContract, "DRAFT")
    await market.does(SILK, SignContract(command_id=an_id(), contract_id=name, signature=mine))
    again = SignContract(command_id=an_id(), contract_id=name, signature=mine)
    assert await market.refusal(SILK, again) == ("SAME_SIGNER", "signature")


async def test_what_is_anothers_looks_like_what_is_not_there(market: Market) -> None:
    """To customs, a contract of two banks' customers; to one bank, the other's loan."""
    terms, invoice = await market.invoiced()
    loan = await applied(market, BANKER_SH, terms, invoice, "1.00")
    name = contract.contract_id(terms)
    for who, absent in ((CUSTOMS, name), (CARRIER, name), (BANKER_IST, loan), (TEKSTIL, loan)):
        client = await market.cast.client(who.organisation, who.name)
        refusals = []
        for asked in (absent, NOBODYS):
            with pytest.raises(WaitanError) as raised:
                await client.trade_record(asked)
            refusals.append((raised.value.code, raised.value.where, str(raised.value)))
        assert refusals[0] == refusals[1]
        assert refusals[0][0] == "NOT_FOUND"
    verify = VerifyFinancing(command_id=an_id(), financing_id=loan)
    assert await market.refusal(BANKER_IST, verify) == ("NOT_FOUND", "financing_id")


@pytest.mark.parametrize(
    ("who", "command"),
    [
        (SILK, ReleaseGoods(command_id="", declaration_id=NOBODYS)),
        (BANKER_SH, AssessTax(command_id="", declaration_id=NOBODYS)),
        (CARRIER, AcceptDeclaration(command_id="", declaration_id=NOBODYS)),
        (BANKER_IST, ApproveRates(command_id="", notice_id="GAC")),
        (CUSTOMS, DrawFinancing(command_id="", financing_id=NOBODYS, reference="MINE")),
    ],
    ids=lambda each: each.part if isinstance(each, Person) else type(each).__name__,
)
async def test_nobody_does_anothers_work(market: Market, who: Person, command: Command) -> None:
    assert (await market.refusal(who, replace(command, command_id=an_id())))[0] == "AG08"


async def test_thirty_declarations_are_lodged_in_one_call_and_each_number_once(market: Market) -> None:
    """Each is taken in or refused by itself; what looks like another's goods is held."""
    contents = [market.declared() for _ in range(LODGED_AT_ONCE)]
    contents[4] = market.declared(port="")
    contents[9] = replace(contents[8], transport_document=an_id()[:30])
    contents[20] = market.declared(transport_document=contents[19].transport_document)
    wanted = [("", "LODGED")] * LODGED_AT_ONCE
    wanted[4], wanted[9] = ("CH21", "declared.port"), ("DECLARATION_NUMBER_USED", "declared.number")
    wanted[20] = ("", "HELD")
    assert await market.lodged(*contents) == wanted


async def test_goods_are_released_once_they_are_accepted_and_assessed(ledger: Ledger, market: Market) -> None:
    await customs_morning.begin(Story("", ledger.cast), market.papers)
    content = market.declared()
    name = {"declaration_id": declaration_id(content.number)}
    assert await market.lodged(content) == [("", "LODGED")]
    release = ReleaseGoods(command_id=an_id(), **name)
    early = [(await market.refusal(SECOND, replace(release, command_id=an_id())))[0]]
    await market.does(CUSTOMS, AcceptDeclaration(command_id=an_id(), **name))
    early.append((await market.refusal(SECOND, replace(release, command_id=an_id())))[0])
    await market.does(TAX, AssessTax(command_id=an_id(), **name))
    await market.does(SECOND, release)
    assert early == ["MOVE_NOT_ALLOWED", "TAX_NOT_COVERED"]
    assert (await market.refusal(CUSTOMS, replace(release, command_id=an_id())))[0] == "MOVE_NOT_ALLOWED"


async def applied(market: Market, lender: Person, terms: ContractTerms, invoice: str, amount: str) -> str:
    """Let the seller ask its bank, or a second one, for a loan on an invoice; give the loan's name."""
    firm = SILK if lender is BANKER_SH else SILK_AWAY
    if firm is SILK_AWAY:
        await taken_in(market.cast, SILK_AWAY, SILK, terms.seller)
    command = ApplyForFinancing(
        command_id=an_id(),
        lender=lender.organisation,
        number=an_id()[:30],
        currency=terms.currency,
        amount=amount,
        subjects=(Subject(kind=Kind.INVOICE, record_id=invoice),),
        consents_until=in_two_weeks(),
    )
    await market.does(firm, command)
    return financing_id(lender.organisation, terms.seller.identifier, command.number)


async def test_of_two_banks_that_lend_on_the_last_amount_at_once_one_does(market: Market) -> None:
    """The other is told no, not who lends."""
    terms, invoice = await market.invoiced()
    lenders = (BANKER_SH, BANKER_IST)
    loans = [await applied(market, each, terms, invoice, "1000000.00") for each in lenders]
    await asyncio.gather(
        *(
            market.does(lender, VerifyFinancing(command_id=an_id(), financing_id=loan))
            for lender, loan in zip(lenders, loans, strict=True)
        )
    )
    found = [await market.financing(lender, loan) for lender, loan in zip(lenders, loans, strict=True)]
    assert sorted(each.state for each in found) == [FinancingState.APPLIED, FinancingState.VERIFIED]
    (refused,) = (each for each in found if each.state is FinancingState.APPLIED)
    assert [(each.fits, each.amount) for each in refused.remaining] == [(False, "284000.00")]


async def test_of_two_payments_that_race_for_the_last_of_an_invoice_one_settles(market: Market) -> None:
    terms, invoice = await market.invoiced()
    client = await market.cast.client(BANKER_IST.organisation, BANKER_IST.name)
    evidence = Evidence(contract=contract.contract_id(terms), invoices=(Share(record_id=invoice),))
    rivals = [market.payment(terms, "1000000.00", evidence=evidence) for _ in range(2)]
    answers = await asyncio.gather(*(client.submit(each) for each in rivals), return_exceptions=True)
    assert [each.result for each in answers if isinstance(each, pb.PaymentOutcome)] == [pb.RESULT_SETTLED]
    refusals = [(each.code, each.where) for each in answers if isinstance(each, WaitanError)]
    assert refusals == [("AM09", "evidence.invoices.0")]


async def test_an_undertaking_is_changed_by_both_and_settles_when_it_may(market: Market) -> None:
    """Neither before its date nor by the payer's wish alone."""
    client = await market.cast.client(BANKER_IST.organisation, BANKER_IST.name)
    later = [(calendar_date.fromisoformat(market.date) + timedelta(days)).isoformat() for days in (1, 4)]
    payment = market.payment(market.terms(), "25.00", terms=Terms(not_before=later[0], expires_on=later[1]))
    outcome = await client.submit(payment)
    assert outcome.result == pb.RESULT_RESERVED
    journal = outcome.transaction_id
    early = about(SettleUndertaking, payment, journal)
    assert await market.refusal(BANKER_IST, early) == ("RR04", "terms.not_before")
    change = Change(terms=Terms(not_before=market.date, expires_on=later[1]))
    await market.does(BANKER_IST, about(ProposeChange, payment, journal, change=change))
    early = about(SettleUndertaking, payment, journal)
    assert await market.refusal(BANKER_IST, early) == ("RR04", "terms.not_before")
    await market.does(SILK, about(AcceptChange, payment, journal, change=change))
    await market.does(BANKER_SH, about(SettleUndertaking, payment, journal))
    told = await once(lambda: client.payment(payment.uetr), lambda shown: shown.status == "ACSC")
    assert (told.settled_on, told.reserved_amount) == (market.date, "25.00")
