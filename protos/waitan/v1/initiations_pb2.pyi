from waitan.v1 import common_pb2 as _common_pb2
from waitan.v1 import payments_pb2 as _payments_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InitiationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INITIATION_STATE_UNSPECIFIED: _ClassVar[InitiationState]
    INITIATION_STATE_INITIATED: _ClassVar[InitiationState]
    INITIATION_STATE_RELEASED: _ClassVar[InitiationState]
    INITIATION_STATE_DECLINED: _ClassVar[InitiationState]
    INITIATION_STATE_EXPIRED: _ClassVar[InitiationState]
INITIATION_STATE_UNSPECIFIED: InitiationState
INITIATION_STATE_INITIATED: InitiationState
INITIATION_STATE_RELEASED: InitiationState
INITIATION_STATE_DECLINED: InitiationState
INITIATION_STATE_EXPIRED: InitiationState

class Instruction(_message.Message):
    __slots__ = ("payment_information_id", "instruction_id", "end_to_end_id", "uetr", "execution_date", "currency", "amount", "charge_bearer", "debtor", "debtor_account", "creditor_agent", "creditor", "creditor_account", "ultimate_debtor", "initiating_party", "ultimate_creditor", "instruction_priority", "service_level", "local_instrument", "category_purpose", "instructions_for_creditor_agent", "purpose", "regulatory_reporting", "remittance", "structured_remittance")
    PAYMENT_INFORMATION_ID_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_ID_FIELD_NUMBER: _ClassVar[int]
    END_TO_END_ID_FIELD_NUMBER: _ClassVar[int]
    UETR_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_DATE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CHARGE_BEARER_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_AGENT_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ULTIMATE_DEBTOR_FIELD_NUMBER: _ClassVar[int]
    INITIATING_PARTY_FIELD_NUMBER: _ClassVar[int]
    ULTIMATE_CREDITOR_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SERVICE_LEVEL_FIELD_NUMBER: _ClassVar[int]
    LOCAL_INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_PURPOSE_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FOR_CREDITOR_AGENT_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    REGULATORY_REPORTING_FIELD_NUMBER: _ClassVar[int]
    REMITTANCE_FIELD_NUMBER: _ClassVar[int]
    STRUCTURED_REMITTANCE_FIELD_NUMBER: _ClassVar[int]
    payment_information_id: str
    instruction_id: str
    end_to_end_id: str
    uetr: str
    execution_date: str
    currency: str
    amount: str
    charge_bearer: _payments_pb2.ChargeBearer
    debtor: _common_pb2.Party
    debtor_account: _common_pb2.CashAccount
    creditor_agent: _common_pb2.Agent
    creditor: _common_pb2.Party
    creditor_account: _common_pb2.CashAccount
    ultimate_debtor: _common_pb2.Party
    initiating_party: _common_pb2.Party
    ultimate_creditor: _common_pb2.Party
    instruction_priority: str
    service_level: _containers.RepeatedScalarFieldContainer[str]
    local_instrument: str
    category_purpose: str
    instructions_for_creditor_agent: _containers.RepeatedCompositeFieldContainer[_payments_pb2.AgentInstruction]
    purpose: str
    regulatory_reporting: _containers.RepeatedCompositeFieldContainer[_payments_pb2.RegulatoryReporting]
    remittance: str
    structured_remittance: _containers.RepeatedCompositeFieldContainer[_payments_pb2.StructuredRemittance]
    def __init__(self, payment_information_id: _Optional[str] = ..., instruction_id: _Optional[str] = ..., end_to_end_id: _Optional[str] = ..., uetr: _Optional[str] = ..., execution_date: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., charge_bearer: _Optional[_Union[_payments_pb2.ChargeBearer, str]] = ..., debtor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., debtor_account: _Optional[_Union[_common_pb2.CashAccount, _Mapping]] = ..., creditor_agent: _Optional[_Union[_common_pb2.Agent, _Mapping]] = ..., creditor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., creditor_account: _Optional[_Union[_common_pb2.CashAccount, _Mapping]] = ..., ultimate_debtor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., initiating_party: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., ultimate_creditor: _Optional[_Union[_common_pb2.Party, _Mapping]] = ..., instruction_priority: _Optional[str] = ..., service_level: _Optional[_Iterable[str]] = ..., local_instrument: _Optional[str] = ..., category_purpose: _Optional[str] = ..., instructions_for_creditor_agent: _Optional[_Iterable[_Union[_payments_pb2.AgentInstruction, _Mapping]]] = ..., purpose: _Optional[str] = ..., regulatory_reporting: _Optional[_Iterable[_Union[_payments_pb2.RegulatoryReporting, _Mapping]]] = ..., remittance: _Optional[str] = ..., structured_remittance: _Optional[_Iterable[_Union[_payments_pb2.StructuredRemittance, _Mapping]]] = ...) -> None: ...

class Initiation(_message.Message):
    __slots__ = ("initiation_id", "bank", "customer", "message_id", "created_at", "position", "instruction", "state", "expires_on", "status", "status_reason", "initiated_at", "requested_by", "decided_at", "decided_by", "reason", "text", "uetr", "transaction_id", "code", "block")
    INITIATION_ID_FIELD_NUMBER: _ClassVar[int]
    BANK_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_REASON_FIELD_NUMBER: _ClassVar[int]
    INITIATED_AT_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    DECIDED_AT_FIELD_NUMBER: _ClassVar[int]
    DECIDED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    UETR_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    initiation_id: str
    bank: str
    customer: str
    message_id: str
    created_at: str
    position: int
    instruction: Instruction
    state: InitiationState
    expires_on: str
    status: str
    status_reason: str
    initiated_at: str
    requested_by: str
    decided_at: str
    decided_by: str
    reason: str
    text: str
    uetr: str
    transaction_id: str
    code: str
    block: int
    def __init__(self, initiation_id: _Optional[str] = ..., bank: _Optional[str] = ..., customer: _Optional[str] = ..., message_id: _Optional[str] = ..., created_at: _Optional[str] = ..., position: _Optional[int] = ..., instruction: _Optional[_Union[Instruction, _Mapping]] = ..., state: _Optional[_Union[InitiationState, str]] = ..., expires_on: _Optional[str] = ..., status: _Optional[str] = ..., status_reason: _Optional[str] = ..., initiated_at: _Optional[str] = ..., requested_by: _Optional[str] = ..., decided_at: _Optional[str] = ..., decided_by: _Optional[str] = ..., reason: _Optional[str] = ..., text: _Optional[str] = ..., uetr: _Optional[str] = ..., transaction_id: _Optional[str] = ..., code: _Optional[str] = ..., block: _Optional[int] = ...) -> None: ...

class ListInitiationsRequest(_message.Message):
    __slots__ = ("state", "customer", "limit", "cursor")
    STATE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    state: InitiationState
    customer: str
    limit: int
    cursor: str
    def __init__(self, state: _Optional[_Union[InitiationState, str]] = ..., customer: _Optional[str] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListInitiationsResponse(_message.Message):
    __slots__ = ("initiations", "next")
    INITIATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    initiations: _containers.RepeatedCompositeFieldContainer[Initiation]
    next: str
    def __init__(self, initiations: _Optional[_Iterable[_Union[Initiation, _Mapping]]] = ..., next: _Optional[str] = ...) -> None: ...

class GetInitiationRequest(_message.Message):
    __slots__ = ("initiation_id",)
    INITIATION_ID_FIELD_NUMBER: _ClassVar[int]
    initiation_id: str
    def __init__(self, initiation_id: _Optional[str] = ...) -> None: ...

class GetInitiationResponse(_message.Message):
    __slots__ = ("initiation",)
    INITIATION_FIELD_NUMBER: _ClassVar[int]
    initiation: Initiation
    def __init__(self, initiation: _Optional[_Union[Initiation, _Mapping]] = ...) -> None: ...

class ReleaseInitiationRequest(_message.Message):
    __slots__ = ("initiation_id", "when_unfunded", "instructed_agent", "regulatory_reporting")
    INITIATION_ID_FIELD_NUMBER: _ClassVar[int]
    WHEN_UNFUNDED_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTED_AGENT_FIELD_NUMBER: _ClassVar[int]
    REGULATORY_REPORTING_FIELD_NUMBER: _ClassVar[int]
    initiation_id: str
    when_unfunded: _payments_pb2.WhenUnfunded
    instructed_agent: str
    regulatory_reporting: _containers.RepeatedCompositeFieldContainer[_payments_pb2.RegulatoryReporting]
    def __init__(self, initiation_id: _Optional[str] = ..., when_unfunded: _Optional[_Union[_payments_pb2.WhenUnfunded, str]] = ..., instructed_agent: _Optional[str] = ..., regulatory_reporting: _Optional[_Iterable[_Union[_payments_pb2.RegulatoryReporting, _Mapping]]] = ...) -> None: ...

class ReleaseInitiationResponse(_message.Message):
    __slots__ = ("outcome",)
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    outcome: _payments_pb2.PaymentOutcome
    def __init__(self, outcome: _Optional[_Union[_payments_pb2.PaymentOutcome, _Mapping]] = ...) -> None: ...

class DeclineInitiationRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: InitiationDecline
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[InitiationDecline, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class InitiationDecline(_message.Message):
    __slots__ = ("command_id", "initiation_id", "reason", "text")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    INITIATION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    initiation_id: str
    reason: str
    text: str
    def __init__(self, command_id: _Optional[str] = ..., initiation_id: _Optional[str] = ..., reason: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
