"""A bank pays its customer's tax: an assessment becomes the payment that pays it.

What the payment says comes from the assessment, its date and amount from the business day, its identifications from
both: asked again on the day it is the same payment, which settles once.
"""

import hashlib
import re
from typing import Final

from gateway.app import Gateway
from gateway.submission import Answer
from settlement import dates
from settlement.customs import assessment
from settlement.customs.assessment import TaxAssessment
from settlement.customs.declaration import Declaration
from settlement.customs.duty import CNY
from settlement.day import BusinessDay, DayState
from settlement.errors import Code, Refusal
from settlement.participants import LEI_CHARACTERS
from settlement.parties import Agent, CashAccount, Party
from settlement.payments.commands import ChargeBearer, SubmitPayment
from settlement.payments.initiation import uetr_from
from settlement.trade.traders import Trader

_NAME: Final = re.compile("[0-9a-f]{32}", re.ASCII).fullmatch
_IBAN: Final = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII).fullmatch
PURPOSE: Final = "TAXS"
"""ISO 20022 ExternalPurpose1Code and ExternalCategoryPurpose1Code: payment of taxes."""


class TaxPayments:
    """Tells what is owed, and pays it."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def find(self, assessment_id: str, *, party: str = "") -> TaxAssessment:
        """Find an assessment that this organisation holds, of one firm if named; NOT_FOUND for any other."""
        self._gateway.require_serving()
        record = self._record(assessment_id, "tax_assessment", party)
        assert record is None or isinstance(record, TaxAssessment)
        if record is None:
            raise Refusal(Code.NOT_FOUND, "assessment_id")
        return record

    def today(self) -> BusinessDay:
        """Give the CNY business day; DAY_CLOSED before the first."""
        day = self._gateway.initiations.day(CNY)
        if day is None or not day.date:
            raise Refusal(Code.DAY_CLOSED, "day")
        return day

    async def pay(self, assessment_id: str, *, debtor_account: str, requested_by: str) -> tuple[SubmitPayment, Answer]:
        """Pay what is owed today; raises `Refusal` as the ledger would, where that is known before."""
        found = self.find(assessment_id)
        payment = self._paid(found) or self._payment(found, debtor_account, requested_by)
        return payment, (await self._gateway.payments.submit([payment]))[0]

    def payment_of(self, assessment_id: str, *, debtor_account: str, requested_by: str) -> SubmitPayment:
        """Say, without effect, the payment that would pay what is owed today; raises as `pay` does."""
        return self._payment(self.find(assessment_id), debtor_account, requested_by)

    def _record(self, record_id: str, kind: str, party: str = "") -> object:
        on = dates.day_of(self._gateway.clock())
        view = self._gateway.trade.find(record_id, on=on, kind=kind, party=party) if _NAME(record_id) else None
        return view.record if view else None

    def _paid(self, found: TaxAssessment) -> SubmitPayment | None:
        """Give the payment that paid an assessment before."""
        if found.payment is None or found.paid_by != self._gateway.participant:
            return None
        view = self._gateway.queries.payment(found.payment.uetr, payer=found.paid_by, tx_id=found.payment.journal)
        return view.command if view else None

    def _payment(self, found: TaxAssessment, debtor_account: str, requested_by: str) -> SubmitPayment:
        day = self.today()
        if day.state is not DayState.OPEN:
            raise Refusal(Code.DAY_CLOSED, "settlement_date")
        declaration = self._record(found.declaration, "declaration")
        assert isinstance(declaration, Declaration)
        declarant, own = declaration.declared.declarant, self._gateway.participant
        treasury = found.terms.treasury
        participants = self._gateway.participants()
        if declarant.bank != own or treasury not in participants:
            raise Refusal(Code.NOT_FOUND, "assessment_id")
        own_bic, treasury_bic = (participants[name].organisation.bic for name in (own, treasury))
        name = hashlib.sha256(f"tax|{found.record_id}|{day.date}".encode()).hexdigest()
        return SubmitPayment(
            uetr=uetr_from(name),
            payer=own,
            payee=treasury,
            currency=CNY,
            amount=assessment.yuan(assessment.owed(found, day.date).total_minor),
            settlement_date=day.date,
            message_id=name[:32],
            instruction_id=name[:32],
            end_to_end_id=found.number,
            charge_bearer=ChargeBearer.SHAR,
            instructing_agent=own_bic,
            instructed_agent=treasury_bic,
            debtor=_party(declarant),
            debtor_account=self._account(declarant, debtor_account),
            debtor_agent=Agent(bic=own_bic),
            creditor=found.terms.treasury_holder,
            creditor_account=CashAccount(other=found.terms.treasury_account),
            creditor_agent=Agent(bic=treasury_bic),
            category_purpose=PURPOSE,
            purpose=PURPOSE,
            remittance=f"Customs duty and taxes, assessment {found.number}",
            created_at=dates.render(self._gateway.clock()),
            assessment_id=found.record_id,
            requested_by=requested_by,
        )

    def _account(self, declarant: Trader, named: str) -> CashAccount:
        """Give an account of the customer: the one named, or the first that is registered; else AC01."""
        customer = self._gateway.queries.customer(self._gateway.participant, declarant.identifier)
        accounts = customer.accounts if customer else ()
        number = named or next(iter(accounts), "")
        if number not in accounts:
            raise Refusal(Code.AC01, "debtor_account")
        return CashAccount(iban=number) if _IBAN(number) else CashAccount(other=number)


def _party(declarant: Trader) -> Party:
    is_lei = len(declarant.identifier) == LEI_CHARACTERS
    return Party(
        name=declarant.name,
        address=declarant.address,
        lei=declarant.identifier if is_lei else "",
        uscc="" if is_lei else declarant.identifier,
    )
