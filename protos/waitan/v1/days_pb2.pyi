from waitan.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DayState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DAY_STATE_UNSPECIFIED: _ClassVar[DayState]
    DAY_STATE_OPEN: _ClassVar[DayState]
    DAY_STATE_CUT_OFF: _ClassVar[DayState]
    DAY_STATE_CLOSED: _ClassVar[DayState]
DAY_STATE_UNSPECIFIED: DayState
DAY_STATE_OPEN: DayState
DAY_STATE_CUT_OFF: DayState
DAY_STATE_CLOSED: DayState

class BusinessDay(_message.Message):
    __slots__ = ("currency", "date", "state")
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    currency: str
    date: str
    state: DayState
    def __init__(self, currency: _Optional[str] = ..., date: _Optional[str] = ..., state: _Optional[_Union[DayState, str]] = ...) -> None: ...

class ListDaysRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListDaysResponse(_message.Message):
    __slots__ = ("days",)
    DAYS_FIELD_NUMBER: _ClassVar[int]
    days: _containers.RepeatedCompositeFieldContainer[BusinessDay]
    def __init__(self, days: _Optional[_Iterable[_Union[BusinessDay, _Mapping]]] = ...) -> None: ...
