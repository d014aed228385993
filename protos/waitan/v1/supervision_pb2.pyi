from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SupervisoryRead(_message.Message):
    __slots__ = ("participant", "by", "question", "subject", "reason", "times", "at", "block")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIMES_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    participant: str
    by: str
    question: str
    subject: str
    reason: str
    times: int
    at: str
    block: int
    def __init__(self, participant: _Optional[str] = ..., by: _Optional[str] = ..., question: _Optional[str] = ..., subject: _Optional[str] = ..., reason: _Optional[str] = ..., times: _Optional[int] = ..., at: _Optional[str] = ..., block: _Optional[int] = ...) -> None: ...

class ListReadsRequest(_message.Message):
    __slots__ = ("participant", "limit", "cursor")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    participant: str
    limit: int
    cursor: str
    def __init__(self, participant: _Optional[str] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListReadsResponse(_message.Message):
    __slots__ = ("reads", "next")
    READS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    reads: _containers.RepeatedCompositeFieldContainer[SupervisoryRead]
    next: str
    def __init__(self, reads: _Optional[_Iterable[_Union[SupervisoryRead, _Mapping]]] = ..., next: _Optional[str] = ...) -> None: ...
