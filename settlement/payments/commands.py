"""The commands that move money between banks: what stands in them is what both banks and the ledger know."""

from enum import StrEnum

from settlement.parties import Agent, CashAccount, Party
from settlement.payments.terms import Evidence, Terms
from settlement.records import Command, Record


class WhenUnfunded(StrEnum):
    """What a payment wants when its payer cannot fund it now."""

    REFUSE = "refuse"
    """Write nothing, leave the UETR free."""
    REJECT = "reject"
    """Record the rejection AM04; the UETR is used."""


class ChargeBearer(StrEnum):
    """Who bears the charges (ISO 20022 ChargeBearerType1Code without SLEV, which CBPR+ does not allow)."""

    DEBT = "DEBT"
    CRED = "CRED"
    SHAR = "SHAR"


class Charge(Record):
    """A charge taken on the way (Charges7): a decimal amount, its currency and the agent that took it."""

    amount: str
    currency: str
    agent: Agent


class ReferredDocument(Record):
    """A document that a payment settles (ReferredDocumentInformation7): type code, number, date (YYYY-MM-DD)."""

    type_code: str
    number: str
    related_date: str = ""


class StructuredRemittance(Record):
    """Structured remittance information (StructuredRemittanceInformation16), of what this ledger carries.

    `creditor_reference_type` is a DocumentType3Code (SCOR for an ISO 11649 reference).
    """

    documents: tuple[ReferredDocument, ...] = ()
    remitted_amount: str = ""
    remitted_currency: str = ""
    creditor_reference: str = ""
    creditor_reference_type: str = ""
    creditor_reference_issuer: str = ""
    additional: tuple[str, ...] = ()


class AgentInstruction(Record):
    """What an agent on the way is asked to do (InstructionForCreditorAgent1, InstructionForNextAgent1)."""

    code: str = ""
    information: str = ""


class ReportingDetail(Record):
    """One regulatory statement (StructuredRegulatoryReporting3).

    For China the balance-of-payments code is `code`, and the customs declaration number a line of `information`.
    """

    type: str = ""
    date: str = ""
    country: str = ""
    code: str = ""
    amount: str = ""
    currency: str = ""
    information: tuple[str, ...] = ()


class RegulatoryReporting(Record):
    """What the payment reports to an authority (RegulatoryReporting3). `indicator` is CRED, DEBT or BOTH."""

    indicator: str = ""
    authority_name: str = ""
    authority_country: str = ""
    details: tuple[ReportingDetail, ...] = ()


class SubmitPayment(Command):
    """Settle one customer credit transfer between two participants (pacs.008, SttlmMtd CLRG).

    `payer` and `payee` are participants: the instructing and the instructed agent of the clearing leg. Amounts are
    decimal strings with exactly the currency's decimals; dates are YYYY-MM-DD; `created_at` is a moment in UTC,
    YYYY-MM-DDThh:mm:ss[.fff]Z. BICs have eleven characters. `settlement.payments.checks` says what is well formed.
    `initiation_id` names what a customer of the payer asked for, where the payment is the bank's yes to it;
    `assessment_id` the assessment of customs that it pays (`settlement.customs.assessment`). `evidence` names the
    documents that it pays for; `terms` make it a conditional one, which is reserved until they are met.
    """

    uetr: str
    payer: str
    payee: str
    currency: str
    amount: str
    settlement_date: str
    message_id: str
    end_to_end_id: str
    charge_bearer: ChargeBearer
    instructing_agent: str
    instructed_agent: str
    debtor: Party
    debtor_agent: Agent
    creditor: Party
    creditor_agent: Agent
    when_unfunded: WhenUnfunded = WhenUnfunded.REFUSE
    created_at: str = ""
    instruction_id: str = ""
    transaction_id: str = ""
    clearing_system_reference: str = ""
    instruction_priority: str = ""
    service_level: tuple[str, ...] = ()
    local_instrument: str = ""
    category_purpose: str = ""
    debtor_account: CashAccount | None = None
    creditor_account: CashAccount | None = None
    debtor_agent_account: CashAccount | None = None
    creditor_agent_account: CashAccount | None = None
    ultimate_debtor: Party | None = None
    initiating_party: Party | None = None
    ultimate_creditor: Party | None = None
    instructed_amount: str = ""
    instructed_currency: str = ""
    exchange_rate: str = ""
    charges: tuple[Charge, ...] = ()
    previous_instructing_agents: tuple[Agent, ...] = ()
    intermediary_agents: tuple[Agent, ...] = ()
    instructions_for_creditor_agent: tuple[AgentInstruction, ...] = ()
    instructions_for_next_agent: tuple[AgentInstruction, ...] = ()
    purpose: str = ""
    regulatory_reporting: tuple[RegulatoryReporting, ...] = ()
    remittance: str = ""
    structured_remittance: tuple[StructuredRemittance, ...] = ()
    initiation_id: str = ""
    assessment_id: str = ""
    evidence: Evidence | None = None
    terms: Terms | None = None


class PaymentName(Record):
    """Where a settled payment stands: the transaction that settled it, and its UETR. Comes from the read model."""

    journal: str
    uetr: str


class CreditStatus(StrEnum):
    """How far the creditor's bank has come (second axis of a payment)."""

    WAITING = "WAITING"
    NOT_POSTED = "NOT_POSTED"
    CREDITED = "CREDITED"
    BLOCKED = "BLOCKED"


class ConfirmCredit(Command):
    """The creditor's bank tells what became of a settled payment (pacs.002 from the creditor agent).

    `reason` is mandatory for WAITING (G002, G003, G004) and BLOCKED, and the others have none. `effective_date` is
    when the creditor was credited.
    """

    payment: PaymentName
    payer: str
    payee: str
    status: CreditStatus
    reason: str = ""
    effective_date: str = ""
    message_id: str = ""
    created_at: str = ""
    additional: tuple[str, ...] = ()


class ReturnPayment(Command):
    """The creditor's bank sends a settled payment back, in full or in part (pacs.004).

    `amount` is what is returned now. `reason` is an ISO 20022 ExternalReturnReason1Code. A partial return says so
    in `additional`, in a line that begins with the word PART.
    """

    return_id: str
    payment: PaymentName
    payer: str
    payee: str
    currency: str
    amount: str
    settlement_date: str
    reason: str
    message_id: str
    created_at: str = ""
    charge_bearer: ChargeBearer = ChargeBearer.SHAR
    instructed_amount: str = ""
    instructed_currency: str = ""
    additional: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
