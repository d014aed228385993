from waitan.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TradeRecord(_message.Message):
    __slots__ = ("kind", "record_id", "number", "state", "trade", "parties", "held_by", "revision", "content", "block", "transaction_id")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    HELD_BY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    kind: str
    record_id: str
    number: str
    state: str
    trade: str
    parties: _containers.RepeatedScalarFieldContainer[str]
    held_by: _containers.RepeatedScalarFieldContainer[str]
    revision: int
    content: str
    block: int
    transaction_id: str
    def __init__(self, kind: _Optional[str] = ..., record_id: _Optional[str] = ..., number: _Optional[str] = ..., state: _Optional[str] = ..., trade: _Optional[str] = ..., parties: _Optional[_Iterable[str]] = ..., held_by: _Optional[_Iterable[str]] = ..., revision: _Optional[int] = ..., content: _Optional[str] = ..., block: _Optional[int] = ..., transaction_id: _Optional[str] = ...) -> None: ...

class TradeAct(_message.Message):
    __slots__ = ("kind", "record_id", "number", "event", "participant", "role", "signer", "serial", "party", "at", "reason", "block", "transaction_id", "to")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SIGNER_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    PARTY_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    kind: str
    record_id: str
    number: str
    event: str
    participant: str
    role: str
    signer: str
    serial: str
    party: str
    at: str
    reason: str
    block: int
    transaction_id: str
    to: str
    def __init__(self, kind: _Optional[str] = ..., record_id: _Optional[str] = ..., number: _Optional[str] = ..., event: _Optional[str] = ..., participant: _Optional[str] = ..., role: _Optional[str] = ..., signer: _Optional[str] = ..., serial: _Optional[str] = ..., party: _Optional[str] = ..., at: _Optional[str] = ..., reason: _Optional[str] = ..., block: _Optional[int] = ..., transaction_id: _Optional[str] = ..., to: _Optional[str] = ...) -> None: ...

class ListTradeRecordsRequest(_message.Message):
    __slots__ = ("kind", "state", "trade", "number", "party", "limit", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PARTY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: str
    state: str
    trade: str
    number: str
    party: str
    limit: int
    cursor: str
    def __init__(self, kind: _Optional[str] = ..., state: _Optional[str] = ..., trade: _Optional[str] = ..., number: _Optional[str] = ..., party: _Optional[str] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListTradeRecordsResponse(_message.Message):
    __slots__ = ("records", "next")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[TradeRecord]
    next: str
    def __init__(self, records: _Optional[_Iterable[_Union[TradeRecord, _Mapping]]] = ..., next: _Optional[str] = ...) -> None: ...

class GetTradeRecordRequest(_message.Message):
    __slots__ = ("record_id",)
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    record_id: str
    def __init__(self, record_id: _Optional[str] = ...) -> None: ...

class GetTradeRecordResponse(_message.Message):
    __slots__ = ("record", "acts")
    RECORD_FIELD_NUMBER: _ClassVar[int]
    ACTS_FIELD_NUMBER: _ClassVar[int]
    record: TradeRecord
    acts: _containers.RepeatedCompositeFieldContainer[TradeAct]
    def __init__(self, record: _Optional[_Union[TradeRecord, _Mapping]] = ..., acts: _Optional[_Iterable[_Union[TradeAct, _Mapping]]] = ...) -> None: ...

class GetTimelineRequest(_message.Message):
    __slots__ = ("trade", "limit", "cursor")
    TRADE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    trade: str
    limit: int
    cursor: str
    def __init__(self, trade: _Optional[str] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class GetTimelineResponse(_message.Message):
    __slots__ = ("acts", "next")
    ACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    acts: _containers.RepeatedCompositeFieldContainer[TradeAct]
    next: str
    def __init__(self, acts: _Optional[_Iterable[_Union[TradeAct, _Mapping]]] = ..., next: _Optional[str] = ...) -> None: ...
