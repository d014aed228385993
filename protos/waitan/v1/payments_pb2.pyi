from waitan.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChargeBearer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHARGE_BEARER_UNSPECIFIED: _ClassVar[ChargeBearer]
    CHARGE_BEARER_DEBT: _ClassVar[ChargeBearer]
    CHARGE_BEARER_CRED: _ClassVar[ChargeBearer]
    CHARGE_BEARER_SHAR: _ClassVar[ChargeBearer]

class WhenUnfunded(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WHEN_UNFUNDED_UNSPECIFIED: _ClassVar[WhenUnfunded]
    WHEN_UNFUNDED_REFUSE: _ClassVar[WhenUnfunded]
    WHEN_UNFUNDED_REJECT: _ClassVar[WhenUnfunded]

class Result(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESULT_UNSPECIFIED: _ClassVar[Result]
    RESULT_SETTLED: _ClassVar[Result]
    RESULT_REJECTED: _ClassVar[Result]
    RESULT_REFUSED: _ClassVar[Result]
    RESULT_RESERVED: _ClassVar[Result]

class SettlementState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SETTLEMENT_STATE_UNSPECIFIED: _ClassVar[SettlementState]
    SETTLEMENT_STATE_PENDING: _ClassVar[SettlementState]
    SETTLEMENT_STATE_RESERVED: _ClassVar[SettlementState]
    SETTLEMENT_STATE_SETTLED: _ClassVar[SettlementState]
    SETTLEMENT_STATE_REJECTED: _ClassVar[SettlementState]

class CreditStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREDIT_STATUS_UNSPECIFIED: _ClassVar[CreditStatus]
    CREDIT_STATUS_WAITING: _ClassVar[CreditStatus]
    CREDIT_STATUS_NOT_POSTED: _ClassVar[CreditStatus]
    CREDIT_STATUS_CREDITED: _ClassVar[CreditStatus]
    CREDIT_STATUS_BLOCKED: _ClassVar[CreditStatus]

class EventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_KIND_UNSPECIFIED: _ClassVar[EventKind]
    EVENT_KIND_PAYMENT_SETTLED: _ClassVar[EventKind]
    EVENT_KIND_PAYMENT_REJECTED: _ClassVar[EventKind]
    EVENT_KIND_CREDIT_STATED: _ClassVar[EventKind]
    EVENT_KIND_PAYMENT_RETURNED: _ClassVar[EventKind]
    EVENT_KIND_PAYMENT_RESERVED: _ClassVar[EventKind]
    EVENT_KIND_RESERVATION_SETTLED: _ClassVar[EventKind]
    EVENT_KIND_RESERVATION_ENDED: _ClassVar[EventKind]
    EVENT_KIND_UNDERTAKING_CHANGED: _ClassVar[EventKind]
    EVENT_KIND_DOCUMENTS_COMPLETE: _ClassVar[EventKind]
    EVENT_KIND_INVOICE_PAID: _ClassVar[EventKind]

class Met(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MET_UNSPECIFIED: _ClassVar[Met]
    MET_YES: _ClassVar[Met]
    MET_NO: _ClassVar[Met]
    MET_UNKNOWN: _ClassVar[Met]

class MessageKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MESSAGE_KIND_UNSPECIFIED: _ClassVar[MessageKind]
    MESSAGE_KIND_PACS_008: _ClassVar[MessageKind]
    MESSAGE_KIND_PACS_002: _ClassVar[MessageKind]

class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIRECTION_UNSPECIFIED: _ClassVar[Direction]
    DIRECTION_OUTGOING: _ClassVar[Direction]
    DIRECTION_INCOMING: _ClassVar[Direction]
CHARGE_BEARER_UNSPECIFIED: ChargeBearer
CHARGE_BEARER_DEBT: ChargeBearer
CHARGE_BEARER_CRED: ChargeBearer
CHARGE_BEARER_SHAR: ChargeBearer
WHEN_UNFUNDED_UNSPECIFIED: WhenUnfunded
WHEN_UNFUNDED_REFUSE: WhenUnfunded
WHEN_UNFUNDED_REJECT: WhenUnfunded
RESULT_UNSPECIFIED: Result
RESULT_SETTLED: Result
RESULT_REJECTED: Result
RESULT_REFUSED: Result
RESULT_RESERVED: Result
SETTLEMENT_STATE_UNSPECIFIED: SettlementState
SETTLEMENT_STATE_PENDING: SettlementState
SETTLEMENT_STATE_RESERVED: SettlementState
SETTLEMENT_STATE_SETTLED: SettlementState
SETTLEMENT_STATE_REJECTED: SettlementState
CREDIT_STATUS_UNSPECIFIED: CreditStatus
CREDIT_STATUS_WAITING: CreditStatus
CREDIT_STATUS_NOT_POSTED: CreditStatus
CREDIT_STATUS_CREDITED: CreditStatus
CREDIT_STATUS_BLOCKED: CreditStatus
EVENT_KIND_UNSPECIFIED: EventKind
EVENT_KIND_PAYMENT_SETTLED: EventKind
EVENT_KIND_PAYMENT_REJECTED: EventKind
EVENT_KIND_CREDIT_STATED: EventKind
EVENT_KIND_PAYMENT_RETURNED: EventKind
EVENT_KIND_PAYMENT_RESERVED: EventKind
EVENT_KIND_RESERVATION_SETTLED: EventKind
EVENT_KIND_RESERVATION_ENDED: EventKind
EVENT_KIND_UNDERTAKING_CHANGED: EventKind
EVENT_KIND_DOCUMENTS_COMPLETE: EventKind
EVENT_KIND_INVOICE_PAID: EventKind
MET_UNSPECIFIED: Met
MET_YES: Met
MET_NO: Met
MET_UNKNOWN: Met
MESSAGE_KIND_UNSPECIFIED: MessageKind
MESSAGE_KIND_PACS_008: MessageKind
MESSAGE_KIND_PACS_002: MessageKind
DIRECTION_UNSPECIFIED: Direction
DIRECTION_OUTGOING: Direction
DIRECTION_INCOMING: Direction

class Charge(_message.Message):
    __slots__ = ("amount", "currency", "agent")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    amount: str
    currency: str
    agent: _common_pb2.Agent
    def __init__(self, amount: _Optional[str] = ..., currency: _Optional[str] = ..., agent: _Optional[_Union[_common_pb2.Agent, _Mapping]] = ...) -> None: ...

class ReferredDocument(_message.Message):
    __slots__ = ("type_code", "number", "related_date")
    TYPE_CODE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RELATED_DATE_FIELD_NUMBER: _ClassVar[int]
    type_code: str
    number: str
    related_date: str
    def __init__(self, type_code: _Optional[str] = ..., number: _Optional[str] = ..., related_date: _Optional[str] = ...) -> None: ...

class StructuredRemittance(_message.Message):
    __slots__ = ("documents", "remitted_amount", "remitted_currency", "creditor_reference", "creditor_reference_type", "creditor_reference_issuer", "additional")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    REMITTED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REMITTED_CURRENCY_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_REFERENCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_REFERENCE_ISSUER_FIELD_NUMBER: _ClassVar[int]
    ADDITIONAL_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[ReferredDocument]
    remitted_amount: str
    remitted_currency: str
    creditor_reference: str
    creditor_reference_type: str
    creditor_reference_issuer: str
    additional: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, documents: _Optional[_Iterable[_Union[ReferredDocument, _Mapping]]] = ..., remitted_amount: _Optional[str] = ..., remitted_currency: _Optional[str] = ..., creditor_reference: _Optional[str] = ..., creditor_reference_type: _Optional[str] = ..., creditor_reference_issuer: _Optional[str] = ..., additional: _Optional[_Iterable[str]] = ...) -> None: ...

class AgentInstruction(_message.Message):
    __slots__ = ("code", "information")
    CODE_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_FIELD_NUMBER: _ClassVar[int]
    code: str
    information: str
    def __init__(self, code: _Optional[str] = ..., information: _Optional[str] = ...) -> None: ...

class ReportingDetail(_message.Message):
    __slots__ = ("type", "date", "country", "code", "amount", "currency", "information")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_FIELD_NUMBER: _ClassVar[int]
    type: str
    date: str
    country: str
    code: str
    amount: str
    currency: str
    information: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, type: _Optional[str] = ..., date: _Optional[str] = ..., country: _Optional[str] = ..., code: _Optional[str] = ..., amount: _Optional[str] = ..., currency: _Optional[str] = ..., information: _Optional[_Iterable[str]] = ...) -> None: ...

class RegulatoryReporting(_message.Message):
    __slots__ = ("indicator", "authority_name", "authority_country", "details")
    INDICATOR_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_NAME_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_COUNTRY_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    indicator: str
    authority_name: str
    authority_country: str
    details: _containers.RepeatedCompositeFieldContainer[ReportingDetail]
    def __init__(self, indicator: _Optional[str] = ..., authority_name: _Optional[str] = ..., authority_country: _Optional[str] = ..., details: _Optional[_Iterable[_Union[ReportingDetail, _Mapping]]] = ...) -> None: ...

class Payment(_message.Message):
    __slots__ = ("uetr", "currency", "amount", "settlement_date", "message_id", "end_to_end_id", "charge_bearer", "instructing_agent", "instructed_agent", "debtor", "debtor_agent", "creditor", "creditor_agent", "debtor_account", "creditor_account", "remittance", "instruction_id", "when_unfunded", "created_at", "transaction_id", "clearing_system_reference", "instruction_priority", "service_level", "local_instrument", "category_purpose", "purpose", "debtor_agent_account", "creditor_agent_account", "ultimate_debtor", "initiating_party", "ultimate_creditor", "instructed_amount", "instructed_currency", "exchange_rate", "charges", "previous_instructing_agents", "intermediary_agents", "instructions_for_creditor_agent", "instructions_for_next_agent", "regulatory_reporting", "structured_remittance", "initiation_id", "assessment_id", "evidence", "terms")
    UETR_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SETTLEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    END_TO_END_ID_FIELD_NUMBER: _ClassVar[int]
    CHARGE_BEARER_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTING_AGENT_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTED_AGENT_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_AGENT_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_AGENT_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    REMITTANCE_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_ID_FIELD_NUMBER: _ClassVar[int]
    WHEN_UNFUNDED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    CLEARING_SYSTEM_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SERVICE_LEVEL_FIELD_NUMBER: _ClassVar[int]
    LOCAL_INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_PURPOSE_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_AGENT_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_AGENT_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ULTIMATE_DEBTOR_FIELD_NUMBER: _ClassVar[int]
    INITIATING_PARTY_FIELD_NUMBER: _ClassVar[int]
    ULTIMATE_CREDITOR_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTED_CURRENCY_FIELD_NUMBER: _ClassVar[int]
    EXCHANGE_RATE_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_INSTRUCTING_AGENTS_FIELD_NUMBER: _ClassVar[int]
    INTERMEDIARY_AGENTS_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FOR_CREDITOR_AGENT_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FOR_NEXT_AGENT_FIELD_NUMBER: _ClassVar[int]
    REGULATORY_REPORTING_FIELD_NUMBER: _ClassVar[int]
    STRUCTURED_REMITTANCE_FIELD_NUMBER: _ClassVar[int]
    INITIATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_ID_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    uetr: str
    currency: str
    amount: str
    settlement_date: str
    message_id: str
    end_to_end_id: str
    charge_bearer: ChargeBearer
    instructing_agent: str
    instructed_agent: str
    debtor: _common_pb2.Party
    debtor_agent: _common_pb2.Agent
    creditor: _common_pb2.Party
    creditor_agent: _common_pb2.Agent
    debtor_account: _common_pb2.CashAccount
    creditor_account: _common_pb2.CashAccount
    remittance: str
    instruction_id: str
    when_unfunded: WhenUnfunded
    created_at: str
    transaction_id: str
    clearing_system_reference: str
    instruction_priority: str
    service_level: _containers.RepeatedScalarFieldContainer[str]
    local_instrument: str
    category_purpose: str
    purpose: str
    debtor_agent_account: _common_pb2.CashAccount
    creditor_agent_account: _common_pb2.CashAccount
    ultimate_debtor: _common_pb2.Party
    initiating_party: _common_pb2.Party
    ultimate_creditor: _common_pb2.Party
    instructed_amount: str
    instructed_currency: str
    exchange_rate: str
    charges: _containers.RepeatedCompositeFieldContainer[Charge]
    previous_instructing_agents: _containers.RepeatedCompositeFieldContainer[_common_pb2.Agent]
    intermediary_agents: _containers.RepeatedCompositeFieldContainer[_common_pb2.Agent]
    instructions_for_creditor_agent: _containers.RepeatedCompositeFieldContainer[AgentInstruction]
    instructions_for_next_agent: _containers.RepeatedCompositeFieldContainer[AgentInstruction]
    regulatory_reporting: _containers.RepeatedCompositeFieldContainer[RegulatoryReporting]
    structured_remittance: _containers.RepeatedCompositeFieldContainer[StructuredRemittance]
    initiation_id: str
    assessment_id: str
    evidence: Evidence
    terms: Terms
    def __init__(self, uetr: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., settlement_date: _Optional[str] = ..., message_id: _Optional[str] = ..., end_to_end_id: _Optional[str] = ..., charge_bearer: _Optional[_Union[ChargeBearer, str]] = ..., instructing_agent: _Optional[str] = ..., instructed_agent: _Optional[str] = ..., debtor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., debtor_agent: _Optional[_Union[_common_pb2.Agent, _Mapping]] = ..., creditor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., creditor_agent: _Optional[_Union[_common_pb2.Agent, _Mapping]] = ..., debtor_account: _Optional[_Union[_common_pb2.CashAccount, _Mapping]] = ..., creditor_account: _Optional[_Union[_common_pb2.CashAccount, _Mapping]] = ..., remittance: _Optional[str] = ..., instruction_id: _Optional[str] = ..., when_unfunded: _Optional[_Union[WhenUnfunded, str]] = ..., created_at: _Optional[str] = ..., transaction_id: _Optional[str] = ..., clearing_system_reference: _Optional[str] = ..., instruction_priority: _Optional[str] = ..., service_level: _Optional[_Iterable[str]] = ..., local_instrument: _Optional[str] = ..., category_purpose: _Optional[str] = ..., purpose: _Optional[str] = ..., debtor_agent_account: _Optional[_Union[_common_pb2.CashAccount, _Mapping]] = ..., creditor_agent_account: _Optional[_Union[_common_pb2.CashAccount, _Mapping]] = ..., ultimate_debtor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., initiating_party: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., ultimate_creditor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., instructed_amount: _Optional[str] = ..., instructed_currency: _Optional[str] = ..., exchange_rate: _Optional[str] = ..., charges: _Optional[_Iterable[_Union[Charge, _Mapping]]] = ..., previous_instructing_agents: _Optional[_Iterable[_Union[_common_pb2.Agent, _Mapping]]] = ..., intermediary_agents: _Optional[_Iterable[_Union[_common_pb2.Agent, _Mapping]]] = ..., instructions_for_creditor_agent: _Optional[_Iterable[_Union[AgentInstruction, _Mapping]]] = ..., instructions_for_next_agent: _Optional[_Iterable[_Union[AgentInstruction, _Mapping]]] = ..., regulatory_reporting: _Optional[_Iterable[_Union[RegulatoryReporting, _Mapping]]] = ..., structured_remittance: _Optional[_Iterable[_Union[StructuredRemittance, _Mapping]]] = ..., initiation_id: _Optional[str] = ..., assessment_id: _Optional[str] = ..., evidence: _Optional[_Union[Evidence, _Mapping]] = ..., terms: _Optional[_Union[Terms, _Mapping]] = ...) -> None: ...

class Share(_message.Message):
    __slots__ = ("record_id", "amount")
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    record_id: str
    amount: str
    def __init__(self, record_id: _Optional[str] = ..., amount: _Optional[str] = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("contract", "invoices", "declarations", "bill_of_lading", "credit_waits")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    INVOICES_FIELD_NUMBER: _ClassVar[int]
    DECLARATIONS_FIELD_NUMBER: _ClassVar[int]
    BILL_OF_LADING_FIELD_NUMBER: _ClassVar[int]
    CREDIT_WAITS_FIELD_NUMBER: _ClassVar[int]
    contract: str
    invoices: _containers.RepeatedCompositeFieldContainer[Share]
    declarations: _containers.RepeatedCompositeFieldContainer[Share]
    bill_of_lading: str
    credit_waits: bool
    def __init__(self, contract: _Optional[str] = ..., invoices: _Optional[_Iterable[_Union[Share, _Mapping]]] = ..., declarations: _Optional[_Iterable[_Union[Share, _Mapping]]] = ..., bill_of_lading: _Optional[str] = ..., credit_waits: bool = ...) -> None: ...

class Terms(_message.Message):
    __slots__ = ("expires_on", "not_before", "released", "title", "title_to")
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TITLE_TO_FIELD_NUMBER: _ClassVar[int]
    expires_on: str
    not_before: str
    released: _containers.RepeatedScalarFieldContainer[str]
    title: str
    title_to: str
    def __init__(self, expires_on: _Optional[str] = ..., not_before: _Optional[str] = ..., released: _Optional[_Iterable[str]] = ..., title: _Optional[str] = ..., title_to: _Optional[str] = ...) -> None: ...

class Change(_message.Message):
    __slots__ = ("terms", "amount", "ends")
    TERMS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    terms: Terms
    amount: str
    ends: bool
    def __init__(self, terms: _Optional[_Union[Terms, _Mapping]] = ..., amount: _Optional[str] = ..., ends: bool = ...) -> None: ...

class PaymentName(_message.Message):
    __slots__ = ("journal", "uetr")
    JOURNAL_FIELD_NUMBER: _ClassVar[int]
    UETR_FIELD_NUMBER: _ClassVar[int]
    journal: str
    uetr: str
    def __init__(self, journal: _Optional[str] = ..., uetr: _Optional[str] = ...) -> None: ...

class UndertakingNamed(_message.Message):
    __slots__ = ("command_id", "payment", "payer", "payee")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    PAYEE_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    payment: PaymentName
    payer: str
    payee: str
    def __init__(self, command_id: _Optional[str] = ..., payment: _Optional[_Union[PaymentName, _Mapping]] = ..., payer: _Optional[str] = ..., payee: _Optional[str] = ...) -> None: ...

class SettleUndertakingRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: UndertakingNamed
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[UndertakingNamed, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class ReleaseUndertakingRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: UndertakingNamed
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[UndertakingNamed, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class ChangeProposal(_message.Message):
    __slots__ = ("command_id", "payment", "payer", "payee", "change")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    PAYEE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    payment: PaymentName
    payer: str
    payee: str
    change: Change
    def __init__(self, command_id: _Optional[str] = ..., payment: _Optional[_Union[PaymentName, _Mapping]] = ..., payer: _Optional[str] = ..., payee: _Optional[str] = ..., change: _Optional[_Union[Change, _Mapping]] = ...) -> None: ...

class ProposeChangeRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: ChangeProposal
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[ChangeProposal, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class PaymentOutcome(_message.Message):
    __slots__ = ("uetr", "result", "code", "where", "transaction_id", "block", "is_repeat")
    UETR_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    IS_REPEAT_FIELD_NUMBER: _ClassVar[int]
    uetr: str
    result: Result
    code: str
    where: str
    transaction_id: str
    block: int
    is_repeat: bool
    def __init__(self, uetr: _Optional[str] = ..., result: _Optional[_Union[Result, str]] = ..., code: _Optional[str] = ..., where: _Optional[str] = ..., transaction_id: _Optional[str] = ..., block: _Optional[int] = ..., is_repeat: bool = ...) -> None: ...

class SubmitPaymentRequest(_message.Message):
    __slots__ = ("payment",)
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    payment: Payment
    def __init__(self, payment: _Optional[_Union[Payment, _Mapping]] = ...) -> None: ...

class SubmitPaymentResponse(_message.Message):
    __slots__ = ("outcome",)
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    outcome: PaymentOutcome
    def __init__(self, outcome: _Optional[_Union[PaymentOutcome, _Mapping]] = ...) -> None: ...

class PrepareReleaseRequest(_message.Message):
    __slots__ = ("payment", "document", "initiation_id", "assessment_id", "when_unfunded", "instructed_agent", "regulatory_reporting", "debtor_account", "holds_evidence", "credit_waits", "terms")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    INITIATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_ID_FIELD_NUMBER: _ClassVar[int]
    WHEN_UNFUNDED_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTED_AGENT_FIELD_NUMBER: _ClassVar[int]
    REGULATORY_REPORTING_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    HOLDS_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    CREDIT_WAITS_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    payment: Payment
    document: bytes
    initiation_id: str
    assessment_id: str
    when_unfunded: WhenUnfunded
    instructed_agent: str
    regulatory_reporting: _containers.RepeatedCompositeFieldContainer[RegulatoryReporting]
    debtor_account: str
    holds_evidence: bool
    credit_waits: bool
    terms: Terms
    def __init__(self, payment: _Optional[_Union[Payment, _Mapping]] = ..., document: _Optional[bytes] = ..., initiation_id: _Optional[str] = ..., assessment_id: _Optional[str] = ..., when_unfunded: _Optional[_Union[WhenUnfunded, str]] = ..., instructed_agent: _Optional[str] = ..., regulatory_reporting: _Optional[_Iterable[_Union[RegulatoryReporting, _Mapping]]] = ..., debtor_account: _Optional[str] = ..., holds_evidence: bool = ..., credit_waits: bool = ..., terms: _Optional[_Union[Terms, _Mapping]] = ...) -> None: ...

class PrepareReleaseResponse(_message.Message):
    __slots__ = ("payment", "uetr")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    UETR_FIELD_NUMBER: _ClassVar[int]
    payment: bytes
    uetr: str
    def __init__(self, payment: _Optional[bytes] = ..., uetr: _Optional[str] = ...) -> None: ...

class SubmitPaymentsRequest(_message.Message):
    __slots__ = ("payments",)
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    payments: _containers.RepeatedCompositeFieldContainer[Payment]
    def __init__(self, payments: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ...) -> None: ...

class SubmitPaymentsResponse(_message.Message):
    __slots__ = ("outcomes",)
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[PaymentOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[PaymentOutcome, _Mapping]]] = ...) -> None: ...

class SubmitMessageRequest(_message.Message):
    __slots__ = ("document", "when_unfunded", "holds_evidence", "credit_waits", "terms")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    WHEN_UNFUNDED_FIELD_NUMBER: _ClassVar[int]
    HOLDS_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    CREDIT_WAITS_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    document: bytes
    when_unfunded: WhenUnfunded
    holds_evidence: bool
    credit_waits: bool
    terms: Terms
    def __init__(self, document: _Optional[bytes] = ..., when_unfunded: _Optional[_Union[WhenUnfunded, str]] = ..., holds_evidence: bool = ..., credit_waits: bool = ..., terms: _Optional[_Union[Terms, _Mapping]] = ...) -> None: ...

class SubmitMessageResponse(_message.Message):
    __slots__ = ("message", "outcome", "status_report", "warnings")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    STATUS_REPORT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    message: str
    outcome: PaymentOutcome
    status_report: bytes
    warnings: _containers.RepeatedCompositeFieldContainer[MessageWarning]
    def __init__(self, message: _Optional[str] = ..., outcome: _Optional[_Union[PaymentOutcome, _Mapping]] = ..., status_report: _Optional[bytes] = ..., warnings: _Optional[_Iterable[_Union[MessageWarning, _Mapping]]] = ...) -> None: ...

class MessageWarning(_message.Message):
    __slots__ = ("code", "rule", "path", "sentence")
    CODE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    rule: str
    path: str
    sentence: str
    def __init__(self, code: _Optional[str] = ..., rule: _Optional[str] = ..., path: _Optional[str] = ..., sentence: _Optional[str] = ...) -> None: ...

class PaymentEvent(_message.Message):
    __slots__ = ("position", "event", "uetr", "payer", "payee", "by", "code", "credit", "reason", "currency", "amount", "transaction_id", "block", "at", "requested_by", "is_duplicate")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    UETR_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    PAYEE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    IS_DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    position: int
    event: EventKind
    uetr: str
    payer: str
    payee: str
    by: str
    code: str
    credit: CreditStatus
    reason: str
    currency: str
    amount: str
    transaction_id: str
    block: int
    at: str
    requested_by: str
    is_duplicate: bool
    def __init__(self, position: _Optional[int] = ..., event: _Optional[_Union[EventKind, str]] = ..., uetr: _Optional[str] = ..., payer: _Optional[str] = ..., payee: _Optional[str] = ..., by: _Optional[str] = ..., code: _Optional[str] = ..., credit: _Optional[_Union[CreditStatus, str]] = ..., reason: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., transaction_id: _Optional[str] = ..., block: _Optional[int] = ..., at: _Optional[str] = ..., requested_by: _Optional[str] = ..., is_duplicate: bool = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("where", "names", "number", "met")
    WHERE_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MET_FIELD_NUMBER: _ClassVar[int]
    where: str
    names: str
    number: str
    met: Met
    def __init__(self, where: _Optional[str] = ..., names: _Optional[str] = ..., number: _Optional[str] = ..., met: _Optional[_Union[Met, str]] = ...) -> None: ...

class PaymentDetails(_message.Message):
    __slots__ = ("payment", "payer", "payee", "state", "status", "status_reason", "credit", "returned_amount", "transaction_id", "block", "settled_at", "requested_by", "is_duplicate", "events", "settled_on", "reserved_amount", "terms", "proposed", "conditions")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    PAYEE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_REASON_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    RETURNED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    SETTLED_AT_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    IS_DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    SETTLED_ON_FIELD_NUMBER: _ClassVar[int]
    RESERVED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    payment: Payment
    payer: str
    payee: str
    state: SettlementState
    status: str
    status_reason: str
    credit: CreditStatus
    returned_amount: str
    transaction_id: str
    block: int
    settled_at: str
    requested_by: str
    is_duplicate: bool
    events: _containers.RepeatedCompositeFieldContainer[PaymentEvent]
    settled_on: str
    reserved_amount: str
    terms: Terms
    proposed: Change
    conditions: _containers.RepeatedCompositeFieldContainer[Condition]
    def __init__(self, payment: _Optional[_Union[Payment, _Mapping]] = ..., payer: _Optional[str] = ..., payee: _Optional[str] = ..., state: _Optional[_Union[SettlementState, str]] = ..., status: _Optional[str] = ..., status_reason: _Optional[str] = ..., credit: _Optional[_Union[CreditStatus, str]] = ..., returned_amount: _Optional[str] = ..., transaction_id: _Optional[str] = ..., block: _Optional[int] = ..., settled_at: _Optional[str] = ..., requested_by: _Optional[str] = ..., is_duplicate: bool = ..., events: _Optional[_Iterable[_Union[PaymentEvent, _Mapping]]] = ..., settled_on: _Optional[str] = ..., reserved_amount: _Optional[str] = ..., terms: _Optional[_Union[Terms, _Mapping]] = ..., proposed: _Optional[_Union[Change, _Mapping]] = ..., conditions: _Optional[_Iterable[_Union[Condition, _Mapping]]] = ...) -> None: ...

class GetPaymentRequest(_message.Message):
    __slots__ = ("uetr", "transaction_id")
    UETR_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    uetr: str
    transaction_id: str
    def __init__(self, uetr: _Optional[str] = ..., transaction_id: _Optional[str] = ...) -> None: ...

class GetPaymentResponse(_message.Message):
    __slots__ = ("payment",)
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    payment: PaymentDetails
    def __init__(self, payment: _Optional[_Union[PaymentDetails, _Mapping]] = ...) -> None: ...

class GetMessageRequest(_message.Message):
    __slots__ = ("uetr", "kind", "transaction_id")
    UETR_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    uetr: str
    kind: MessageKind
    transaction_id: str
    def __init__(self, uetr: _Optional[str] = ..., kind: _Optional[_Union[MessageKind, str]] = ..., transaction_id: _Optional[str] = ...) -> None: ...

class GetMessageResponse(_message.Message):
    __slots__ = ("document",)
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    document: bytes
    def __init__(self, document: _Optional[bytes] = ...) -> None: ...

class WatchPaymentsRequest(_message.Message):
    __slots__ = ("after_position", "direction")
    AFTER_POSITION_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    after_position: int
    direction: Direction
    def __init__(self, after_position: _Optional[int] = ..., direction: _Optional[_Union[Direction, str]] = ...) -> None: ...

class WatchPaymentsResponse(_message.Message):
    __slots__ = ("events",)
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[PaymentEvent]
    def __init__(self, events: _Optional[_Iterable[_Union[PaymentEvent, _Mapping]]] = ...) -> None: ...

class ConfirmCreditRequest(_message.Message):
    __slots__ = ("uetr", "status", "reason", "effective_date", "message_id", "created_at", "additional", "payer", "transaction_id")
    UETR_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_DATE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    ADDITIONAL_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    uetr: str
    status: CreditStatus
    reason: str
    effective_date: str
    message_id: str
    created_at: str
    additional: _containers.RepeatedScalarFieldContainer[str]
    payer: str
    transaction_id: str
    def __init__(self, uetr: _Optional[str] = ..., status: _Optional[_Union[CreditStatus, str]] = ..., reason: _Optional[str] = ..., effective_date: _Optional[str] = ..., message_id: _Optional[str] = ..., created_at: _Optional[str] = ..., additional: _Optional[_Iterable[str]] = ..., payer: _Optional[str] = ..., transaction_id: _Optional[str] = ...) -> None: ...

class ConfirmCreditResponse(_message.Message):
    __slots__ = ("done",)
    DONE_FIELD_NUMBER: _ClassVar[int]
    done: _common_pb2.CommandDone
    def __init__(self, done: _Optional[_Union[_common_pb2.CommandDone, _Mapping]] = ...) -> None: ...

class ReturnPaymentRequest(_message.Message):
    __slots__ = ("uetr", "return_id", "currency", "amount", "settlement_date", "reason", "message_id", "created_at", "charge_bearer", "instructed_amount", "instructed_currency", "additional", "charges", "payer", "transaction_id")
    UETR_FIELD_NUMBER: _ClassVar[int]
    RETURN_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SETTLEMENT_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    CHARGE_BEARER_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTED_CURRENCY_FIELD_NUMBER: _ClassVar[int]
    ADDITIONAL_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    uetr: str
    return_id: str
    currency: str
    amount: str
    settlement_date: str
    reason: str
    message_id: str
    created_at: str
    charge_bearer: ChargeBearer
    instructed_amount: str
    instructed_currency: str
    additional: _containers.RepeatedScalarFieldContainer[str]
    charges: _containers.RepeatedCompositeFieldContainer[Charge]
    payer: str
    transaction_id: str
    def __init__(self, uetr: _Optional[str] = ..., return_id: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., settlement_date: _Optional[str] = ..., reason: _Optional[str] = ..., message_id: _Optional[str] = ..., created_at: _Optional[str] = ..., charge_bearer: _Optional[_Union[ChargeBearer, str]] = ..., instructed_amount: _Optional[str] = ..., instructed_currency: _Optional[str] = ..., additional: _Optional[_Iterable[str]] = ..., charges: _Optional[_Iterable[_Union[Charge, _Mapping]]] = ..., payer: _Optional[str] = ..., transaction_id: _Optional[str] = ...) -> None: ...

class ReturnPaymentResponse(_message.Message):
    __slots__ = ("done",)
    DONE_FIELD_NUMBER: _ClassVar[int]
    done: _common_pb2.CommandDone
    def __init__(self, done: _Optional[_Union[_common_pb2.CommandDone, _Mapping]] = ...) -> None: ...
