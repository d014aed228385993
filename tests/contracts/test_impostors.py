"""A firm is known by its number and its bank: whatever a trader signs, another bank's trader of that number cannot.

Any bank can register a firm under any number, and certify somebody for it; the bank on the other side of a trade holds
the records of that trade too. So each command that a trader signs is asked by four people: the firm's own, who is let
pass; somebody under its number at the other side's bank; somebody under its number at a bank that has no part in it;
and somebody whom the firm's own bank certifies under the other side's number.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import pytest

from chaincode.access import ACCESS
from gateway.auth.signing import Credential, sign_command, sign_document
from gateway.development.customers import TRADERS
from settlement.customs.assessment import ClaimRefund
from settlement.customs.declaration import (
    AmendDeclaration,
    CancelDeclaration,
    CompleteDeclaration,
    LodgeDeclaration,
)
from settlement.errors import Code
from settlement.financing import ApplyForFinancing, Subject, VerifyFinancing, financing_id
from settlement.participants import RegisterCustomer
from settlement.parties import Kind, Role
from settlement.payments import documents
from settlement.payments.terms import Terms
from settlement.payments.undertaking import AcceptChange, Change, PassAgainstPayment, ProposeChange
from settlement.records import Command
from settlement.trade.contract import (
    AmendContract,
    ConfirmPerformance,
    ProposeContract,
    SignContract,
    TerminateContract,
    WithdrawProposal,
    contract_id,
)
from settlement.trade.document import (
    DocumentHolder,
    DocumentKind,
    IssueDocument,
    PresentDocument,
    RevokeDocument,
    TradeDocument,
    TransferDocument,
    VerifyDocument,
    commitment,
    document_id,
)
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, IssueInvoice, IssueNote
from settlement.trade.lading.commands import (
    ApproveBillOfLading,
    DisputeBillOfLading,
    EndorseBillOfLading,
    RejectBillOfLading,
    SignBillOfLading,
    SurrenderBillOfLading,
    TransferBillOfLading,
)
from tests.builders import LATER, about, an_application, an_id
from tests.customs_samples import declared, lodging
from tests.customs_world import a_tax_payment, lodged
from tests.customs_world import assessed as taxed
from tests.evidence import a_collection, accepted, issued, trading
from tests.lading import SILK, SILK_USCC, TEKSTIL, a_text, named
from tests.shipping import Shipping
from tests.trade import (
    BODY,
    BUYER,
    SALT,
    SELLER,
    TRADER,
    a_document,
    a_note,
    a_proposal,
    a_signature,
    an_invoice,
    carried,
    held,
    some_terms,
)
from tests.world import NETWORK, NOW, World

Made = Callable[[Credential], Command]
REFUSED: Final = {Code.NOT_FOUND, Code.AG08, Code.DS0H}


class Case(NamedTuple):
    """The bank of the firm whose command it is, and the command as a person of some certificate would ask it."""

    bank: str
    command: Made


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, customs works, and both sides' banks have money."""
    return trading(world)


# One case for each command that a trader signs.


def proposing(_: World) -> Case:
    return Case("banksh", lambda _: a_proposal(some_terms("HST-2")))


def signing(world: World) -> Case:
    terms = some_terms("HST-2")
    world.must("banksh", a_proposal(terms), by=TRADER)

    def made(who: Credential) -> Command:
        signature = sign_document(NETWORK, terms, who)
        return SignContract(command_id=an_id(), contract_id=contract_id(terms), signature=signature)

    return Case("banksh", made)


def amending(_: World) -> Case:
    return Case("banksh", lambda _: AmendContract(command_id=an_id(), terms=some_terms(version=2)))


def withdrawing(world: World) -> Case:
    world.must("banksh", AmendContract(command_id=an_id(), terms=some_terms(version=2)), by=TRADER)
    command = WithdrawProposal(command_id=an_id(), contract_id=contract_id(some_terms()), reason="too dear")
    return Case("banksh", lambda _: command)


def performing(_: World) -> Case:
    command = ConfirmPerformance(command_id=an_id(), contract_id=contract_id(some_terms()))
    return Case("bankist", lambda _: command)


def terminating(_: World) -> Case:
    command = TerminateContract(command_id=an_id(), contract_id=contract_id(some_terms()), reason="no goods came")
    return Case("bankist", lambda _: command)


def invoicing(_: World) -> Case:
    terms = an_invoice()

    def made(who: Credential) -> Command:
        return IssueInvoice(command_id=an_id(), terms=terms, signature=sign_document(NETWORK, terms, who))

    return Case("banksh", made)


def accepting(world: World) -> Case:
    found = issued(world)
    return Case("bankist", lambda _: AcceptInvoice(command_id=an_id(), invoice_id=found.record_id))


def disputing(world: World) -> Case:
    found = issued(world)
    return Case("bankist", lambda _: DisputeInvoice(command_id=an_id(), invoice_id=found.record_id, reason="short"))


def noting(world: World) -> Case:
    terms = a_note(accepted(world).record_id)

    def made(who: Credential) -> Command:
        return IssueNote(command_id=an_id(), terms=terms, signature=sign_document(NETWORK, terms, who))

    return Case("banksh", made)


def a_shown_document(world: World) -> TradeDocument:
    """Let the seller issue the one original of something to itself, and show it to the buyer's bank."""
    terms = a_document(DocumentKind.INSURANCE)
    issue = IssueDocument(command_id=an_id(), terms=terms, signature=a_signature(world, terms, "banksh"))
    name = document_id(terms, "banksh", SELLER.identifier)
    world.must("banksh", issue, PresentDocument(command_id=an_id(), document_id=name, to="bankist"), by=TRADER)
    return held(world, TradeDocument, name, "bankist")


def presenting(world: World) -> Case:
    name = a_shown_document(world).record_id
    command = PresentDocument(command_id=an_id(), document_id=name, contract_id=contract_id(some_terms()))
    return Case("banksh", lambda _: command)


def giving_on(world: World) -> Case:
    name = a_shown_document(world).record_id
    command = TransferDocument(command_id=an_id(), document_id=name, holder=DocumentHolder(participant="bankist"))
    return Case("banksh", lambda _: command)


def comparing(world: World) -> Case:
    name = a_shown_document(world).record_id
    command = VerifyDocument(command_id=an_id(), document_id=name, commitment=commitment(SALT, BODY))
    return Case("banksh", lambda _: command)


def revoking(world: World) -> Case:
    name = a_shown_document(world).record_id
    return Case("banksh", lambda _: RevokeDocument(command_id=an_id(), document_id=name, reason="typing error"))


def approving(world: World) -> Case:
    made = Shipping(world, a_text(isToOrder=False, consignee=named())).drafted()
    return Case("banksh", lambda _: made.approval())


def travelled(world: World) -> Shipping:
    """Let a bill to the seller's order come back to the seller, so that the buyer's bank keeps a copy."""
    made = Shipping(world, a_text(endorsee=named(SILK_USCC))).issued()
    made.silk(made.transfer(TEKSTIL))
    made.tekstil(made.transfer(SILK))
    return made


def transferring(world: World) -> Case:
    made = travelled(world)
    return Case("banksh", lambda _: made.transfer(TEKSTIL))


def endorsing(world: World) -> Case:
    made = travelled(world)
    return Case("banksh", lambda _: made.endorse(TEKSTIL))


def confirming(world: World) -> Case:
    made = travelled(world)
    return Case("banksh", lambda _: SignBillOfLading(command_id=an_id(), record_id=made.record_id))


def rejecting(world: World) -> Case:
    made = travelled(world)
    return Case("banksh", lambda _: made.reject())


def surrendering(world: World) -> Case:
    made = travelled(world)
    return Case("banksh", lambda _: made.surrender())


def contesting(world: World) -> Case:
    made = travelled(world)
    command = DisputeBillOfLading(command_id=an_id(), record_id=made.record_id, reason="stolen")
    return Case("bankist", lambda _: command)


def lodging_goods(_: World) -> Case:
    return Case("banksh", lambda _: lodging())


def completing(world: World) -> Case:
    found = lodged(world, is_summary=True)
    command = CompleteDeclaration(command_id=an_id(), declaration_id=found.record_id, declared=declared())
    return Case("banksh", lambda _: command)


def correcting(world: World) -> Case:
    found = lodged(world)
    command = AmendDeclaration(
        command_id=an_id(), declaration_id=found.record_id, declared=declared(packages=7), reason="miscounted"
    )
    return Case("banksh", lambda _: command)


def cancelling(world: World) -> Case:
    found = lodged(world)
    return Case("banksh", lambda _: CancelDeclaration(command_id=an_id(), declaration_id=found.record_id, reason="no"))


def claiming_back(world: World) -> Case:
    found = taxed(world)
    world.must("banksh", a_tax_payment(found))
    command = ClaimRefund(command_id=an_id(), assessment_id=found.record_id, amount="1.00", reason="short-landed")
    return Case("banksh", lambda _: command)


def accepting_a_change(world: World) -> Case:
    payment = a_collection("900.00", terms=Terms(expires_on=LATER, not_before=LATER))
    journal = world.must("bankist", payment).tx_id
    change = Change(amount="800.00")
    world.must("bankist", about(ProposeChange, payment, journal, change=change))
    return Case("banksh", lambda _: about(AcceptChange, payment, journal, change=change))


def passing_against_payment(world: World) -> Case:
    made = travelled(world)
    payment = a_collection("900.00", terms=Terms(expires_on=LATER, title=made.record_id, title_to=BUYER.identifier))
    journal = world.must("bankist", payment).tx_id
    return Case("banksh", lambda _: about(PassAgainstPayment, payment, journal, recipient=TEKSTIL))


CASES: Final[dict[type[Command], Callable[[World], Case]]] = {
    ProposeContract: proposing,
    SignContract: signing,
    AmendContract: amending,
    WithdrawProposal: withdrawing,
    ConfirmPerformance: performing,
    TerminateContract: terminating,
    IssueInvoice: invoicing,
    AcceptInvoice: accepting,
    DisputeInvoice: disputing,
    IssueNote: noting,
    PresentDocument: presenting,
    TransferDocument: giving_on,
    VerifyDocument: comparing,
    RevokeDocument: revoking,
    ApproveBillOfLading: approving,
    TransferBillOfLading: transferring,
    EndorseBillOfLading: endorsing,
    SignBillOfLading: confirming,
    RejectBillOfLading: rejecting,
    SurrenderBillOfLading: surrendering,
    DisputeBillOfLading: contesting,
    LodgeDeclaration: lodging_goods,
    CompleteDeclaration: completing,
    AmendDeclaration: correcting,
    CancelDeclaration: cancelling,
    ClaimRefund: claiming_back,
    AcceptChange: accepting_a_change,
    PassAgainstPayment: passing_against_payment,
}
OF_ITS_OWN: Final = {IssueDocument, ApplyForFinancing}
"""What a firm begins at its own bank: under another bank it is another record, and the last tests are about that."""


def certified(world: World, bank: str, number: str) -> Credential:
    """Let a bank register a firm under a number, and certify somebody for it."""
    customer = next(each.customer for each in TRADERS.values() if each.customer.identifier == number)
    world.must(bank, RegisterCustomer(command_id=an_id(), customer=customer))
    return world.members[bank].ca.issue("somebody", Role.TRADER, party=number, now=NOW).credential


def test_every_command_that_a_trader_signs_is_among_them() -> None:
    asked = {command for command, row in ACCESS.items() if (Role.TRADER, Kind.BANK) in row}
    assert set(CASES) | OF_ITS_OWN == asked


@pytest.mark.parametrize("command", CASES, ids=lambda command: command.__name__)
def test_only_the_firms_own_bank_speaks_for_it(market: World, command: type[Command]) -> None:
    case = CASES[command](market)
    other = "bankist" if case.bank == "banksh" else "banksh"
    own, others = TRADERS[case.bank].customer.identifier, TRADERS[other].customer.identifier
    for bank, number in ((other, own), ("bankfra", own), (case.bank, others)):
        impostor = certified(market, bank, number)
        (answer,) = carried(market, bank, impostor, case.command(impostor))
        assert answer.code in REFUSED, (bank, number == own, answer)
    person = market.person(case.bank, TRADER)
    (answer,) = carried(market, case.bank, person, case.command(person))
    assert answer.code == ""


def test_what_another_bank_issues_under_a_firms_number_is_another_document(market: World) -> None:
    """It tells by whom it was certified, and the firm's own document stands as it was."""
    terms = a_document(DocumentKind.INSURANCE)
    own = a_shown_document(market)
    impostor = certified(market, "bankist", SELLER.identifier)
    issue = IssueDocument(command_id=an_id(), terms=terms, signature=sign_document(NETWORK, terms, impostor))
    assert [each.code for each in carried(market, "bankist", impostor, issue)] == [""]
    other = document_id(terms, "bankist", SELLER.identifier)
    assert other != own.record_id
    assert own.firms == (f"{SELLER.identifier}@banksh",)


def test_no_bank_lends_on_the_documents_of_another_banks_customer(market: World) -> None:
    """The buyer's bank holds the seller's invoice, but not the seller: nothing of the invoice is taken by its loan."""
    found = accepted(market)
    impostor = certified(market, "bankist", SELLER.identifier)
    subject = Subject(kind=documents.Kind.INVOICE, record_id=found.record_id)
    apply = an_application("100.00", subject, lender="bankist")
    asked = market.endorse(market.sign("bankist", [sign_command(NETWORK, apply, impostor)]))
    market.commit(asked)
    verify = VerifyFinancing(command_id=an_id(), financing_id=financing_id("bankist", SELLER.identifier, apply.number))
    (answer,) = market.say("bankist", verify)
    assert (answer.code, answer.where) == (Code.NOT_FOUND, "subjects.0")
