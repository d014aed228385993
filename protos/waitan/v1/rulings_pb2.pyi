from waitan.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RulingState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RULING_STATE_UNSPECIFIED: _ClassVar[RulingState]
    RULING_STATE_PROPOSED: _ClassVar[RulingState]
    RULING_STATE_CONFIRMED: _ClassVar[RulingState]
    RULING_STATE_WITHDRAWN: _ClassVar[RulingState]
    RULING_STATE_EXPIRED: _ClassVar[RulingState]
RULING_STATE_UNSPECIFIED: RulingState
RULING_STATE_PROPOSED: RulingState
RULING_STATE_CONFIRMED: RulingState
RULING_STATE_WITHDRAWN: RulingState
RULING_STATE_EXPIRED: RulingState

class Ruling(_message.Message):
    __slots__ = ("ruling_id", "authority", "state", "command", "participant", "currency", "reason", "content", "proposed_by", "proposed_serial", "proposed_at", "decided_by", "decided_serial", "decided_at", "withdrawn_because", "expires_on", "uetr", "amount", "creditor")
    RULING_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_BY_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_SERIAL_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_AT_FIELD_NUMBER: _ClassVar[int]
    DECIDED_BY_FIELD_NUMBER: _ClassVar[int]
    DECIDED_SERIAL_FIELD_NUMBER: _ClassVar[int]
    DECIDED_AT_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_BECAUSE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    UETR_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_FIELD_NUMBER: _ClassVar[int]
    ruling_id: str
    authority: str
    state: RulingState
    command: str
    participant: str
    currency: str
    reason: str
    content: str
    proposed_by: str
    proposed_serial: str
    proposed_at: str
    decided_by: str
    decided_serial: str
    decided_at: str
    withdrawn_because: str
    expires_on: str
    uetr: str
    amount: str
    creditor: str
    def __init__(self, ruling_id: _Optional[str] = ..., authority: _Optional[str] = ..., state: _Optional[_Union[RulingState, str]] = ..., command: _Optional[str] = ..., participant: _Optional[str] = ..., currency: _Optional[str] = ..., reason: _Optional[str] = ..., content: _Optional[str] = ..., proposed_by: _Optional[str] = ..., proposed_serial: _Optional[str] = ..., proposed_at: _Optional[str] = ..., decided_by: _Optional[str] = ..., decided_serial: _Optional[str] = ..., decided_at: _Optional[str] = ..., withdrawn_because: _Optional[str] = ..., expires_on: _Optional[str] = ..., uetr: _Optional[str] = ..., amount: _Optional[str] = ..., creditor: _Optional[str] = ...) -> None: ...

class ListRulingsRequest(_message.Message):
    __slots__ = ("state", "participant", "cursor", "limit")
    STATE_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    state: RulingState
    participant: str
    cursor: str
    limit: int
    def __init__(self, state: _Optional[_Union[RulingState, str]] = ..., participant: _Optional[str] = ..., cursor: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class ListRulingsResponse(_message.Message):
    __slots__ = ("rulings", "next")
    RULINGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    rulings: _containers.RepeatedCompositeFieldContainer[Ruling]
    next: str
    def __init__(self, rulings: _Optional[_Iterable[_Union[Ruling, _Mapping]]] = ..., next: _Optional[str] = ...) -> None: ...

class GetRulesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetRulesResponse(_message.Message):
    __slots__ = ("reports_since", "advance_rates")
    REPORTS_SINCE_FIELD_NUMBER: _ClassVar[int]
    ADVANCE_RATES_FIELD_NUMBER: _ClassVar[int]
    reports_since: str
    advance_rates: _containers.RepeatedCompositeFieldContainer[AdvanceRatePeriod]
    def __init__(self, reports_since: _Optional[str] = ..., advance_rates: _Optional[_Iterable[_Union[AdvanceRatePeriod, _Mapping]]] = ...) -> None: ...

class AdvanceRatePeriod(_message.Message):
    __slots__ = ("effective_from", "percent")
    EFFECTIVE_FROM_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    effective_from: str
    percent: int
    def __init__(self, effective_from: _Optional[str] = ..., percent: _Optional[int] = ...) -> None: ...
