"""What must hold on every ledger after anything at all (REQUIREMENTS section 3)."""

from collections import Counter, defaultdict

from chaincode import keys
from settlement import money
from settlement.accounts.account import BALANCE_LIMIT_MINOR, Account
from settlement.accounts.circulation import Circulation
from settlement.accounts.redemption import Redemption, RedemptionState
from settlement.forms.journals import Entry, Event, Journal, asked
from settlement.participants import Participant
from settlement.payments.commands import ReturnPayment, SubmitPayment
from settlement.payments.documents import Kind, NamedDocument
from settlement.payments.initiation import Initiation, InitiationState
from settlement.payments.returns import PaymentRecord
from settlement.payments.undertaking import LedgerStatement, Undertaking, UndertakingState
from settlement.trade.budgets import Budget, standing
from settlement.trade.invoice import InvoiceEvent
from settlement.trade.seen import SOURCES
from tests.world import World


def check(world: World) -> None:
    """Assert them all."""
    accounts = [account for _, account in world.records(Account)]
    balances_add_up(accounts, [totals for _, totals in world.records(Circulation)])
    balances_stay_within_bounds(accounts)
    returns_stay_within_payments(world)
    releases_are_what_was_asked_for(world)
    what_is_reserved_is_asked_for(world, accounts)
    documents_are_used_within_their_value(world)
    held = {(account.participant, account.currency) for account in accounts if account.participant != keys.AUTHORITY}
    told = {
        (participant.organisation.participant, currency)
        for _, participant in world.records(Participant)
        for currency in participant.accounts
    }
    assert held == told


def balances_add_up(accounts: list[Account], circulations: list[Circulation]) -> None:
    """I1: per currency all balances add up to zero, and the participants' to what was issued less what was redeemed."""
    everybody: defaultdict[str, int] = defaultdict(int)
    participants: defaultdict[str, int] = defaultdict(int)
    for account in accounts:
        everybody[account.currency] += account.posted_minor
        if account.participant != keys.AUTHORITY:
            participants[account.currency] += account.posted_minor
    assert not any(everybody.values()), everybody
    outstanding = {each.currency: each.issued_minor - each.redeemed_minor for each in circulations}
    assert {currency: minor for currency, minor in participants.items() if minor} == {
        currency: minor for currency, minor in outstanding.items() if minor
    }


def balances_stay_within_bounds(accounts: list[Account]) -> None:
    """I2: no participant spends what it has not, and nothing is reserved twice; balances stay below 2**63."""
    for account in accounts:
        assert abs(account.posted_minor) < BALANCE_LIMIT_MINOR
        if account.participant == keys.AUTHORITY:
            assert account.posted_minor <= 0
        else:
            assert 0 <= account.reserved_minor <= account.posted_minor
            assert account.open_items >= 0


def what_is_reserved_is_asked_for(world: World, accounts: list[Account]) -> None:
    """What is set aside on an account is what its conditional payments and redemptions under way ask for, no more."""
    asked: defaultdict[tuple[str, str], int] = defaultdict(int)
    for place, held in world.records(Undertaking):
        if place.collection == held.payer and held.state is UndertakingState.RESERVED:
            asked[held.payer, held.currency] += held.amount_minor
    for _, redemption in world.records(Redemption):
        if redemption.state in (RedemptionState.REQUESTED, RedemptionState.CONFIRMED):
            amount_minor = money.parse_exact(redemption.amount, redemption.currency)
            asked[redemption.participant, redemption.currency] += amount_minor
    reserved = {(each.participant, each.currency): each.reserved_minor for each in accounts if each.reserved_minor}
    assert reserved == asked


def documents_are_used_within_their_value(world: World) -> None:
    """I4, I5: no document is paid beyond its limit (a contract may grant ten percent), nor lent on beyond its value.

    Of an invoice, what is lent and not collected is at most what is not paid yet. Collected is what its lender itself
    was paid for it, up to its claim: that money is to repay the loan, and until the lender says that it did, the claim
    stands beside it. And what the journals tell of an invoice is what counts as paid for it.
    """
    seen: dict[str, NamedDocument] = {}
    told = told_of_invoices(world)
    for source in SOURCES.values():
        for _, record in world.records(source.record):
            seen[record.record_id] = source.seen(record)
    for place, budget in world.records(Budget):
        document = seen[budget.record_id]
        assert place.collection == keys.AUTHORITY
        if document.kind is Kind.BILL_OF_LADING:
            assert (budget.paid_minor, len(standing(budget, world.clock.now_ms)) <= 1) == (0, True)
            continue
        claims = standing(budget, world.clock.now_ms)
        lent_minor = sum(claim.amount_minor for claim in claims)
        assert (
            0 <= budget.paid_minor <= document.value_minor * (110 if document.kind is Kind.DECLARATION else 100) // 100
        )
        assert lent_minor <= document.value_minor
        if document.kind is Kind.INVOICE:
            received = told[budget.record_id]
            assert received.total() == budget.paid_minor
            lent: Counter[str] = Counter()
            for claim in claims:
                lent[claim.lender] += claim.amount_minor
            collected_minor = (lent & received).total()
            assert lent_minor - collected_minor <= document.value_minor - budget.paid_minor


def told_of_invoices(world: World) -> defaultdict[str, Counter[str]]:
    """Add up what both parties' journals tell of each invoice, each payment once: what each bank received for it."""
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, journal in world.records(Journal):
        for entry in journal.entries:
            if not entry.invoices or (entry.by or payer_of(entry)) != place.collection:
                continue
            for each in entry.invoices:
                is_back = each.event is InvoiceEvent.REFUNDED
                told[each.invoice_id][payee_of(entry)] += -each.amount_minor if is_back else each.amount_minor
    return told


def payer_of(entry: Entry) -> str:
    """Say who pays, by what the ledger tells of a payment."""
    statement = asked(bytes(entry.command))
    assert isinstance(statement, LedgerStatement)
    return statement.payer


def payee_of(entry: Entry) -> str:
    """Say who is paid, by what was asked for or the ledger tells."""
    statement = asked(bytes(entry.command))
    assert isinstance(statement, LedgerStatement | SubmitPayment | ReturnPayment)
    return statement.payee


def returns_stay_within_payments(world: World) -> None:
    """No payment is returned beyond its amount, and both banks hold the same record of it."""
    copies: defaultdict[tuple[str, str, str], list[PaymentRecord]] = defaultdict(list)
    for _, record in world.records(PaymentRecord):
        assert record.left_minor >= 0
        copies[record.journal, record.payer, record.uetr].append(record)
    assert all(len(each) == 2 and each[0] == each[1] for each in copies.values())


def releases_are_what_was_asked_for(world: World) -> None:
    """Each released initiation names the one payment that released it, of the amount and parties asked for."""
    for place, record in world.records(Initiation):
        name = record.payment
        assert (name is not None) is (record.state is InitiationState.RELEASED)
        if name is None:
            continue
        journal = world.journal(place.collection, name.journal)
        assert journal is not None
        found = [
            (entry.event, entry.code, command)
            for entry in journal.entries
            if isinstance(command := asked(bytes(entry.command)), SubmitPayment)
            and command.initiation_id == record.initiation_id
        ]
        ((event, code, payment),) = found
        assert (event is Event.PAYMENT_REJECTED, code) == (bool(record.payment_code), record.payment_code)
        assert payment.uetr == name.uetr
        for field in ("currency", "amount", "debtor", "debtor_account", "creditor", "creditor_account"):
            assert getattr(payment, field) == getattr(record.instruction, field)
