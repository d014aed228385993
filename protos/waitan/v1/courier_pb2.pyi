from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CarryRequest(_message.Message):
    __slots__ = ("participant", "sequence", "commands", "signature", "certificate")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    COMMANDS_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    participant: str
    sequence: int
    commands: _containers.RepeatedScalarFieldContainer[bytes]
    signature: bytes
    certificate: bytes
    def __init__(self, participant: _Optional[str] = ..., sequence: _Optional[int] = ..., commands: _Optional[_Iterable[bytes]] = ..., signature: _Optional[bytes] = ..., certificate: _Optional[bytes] = ...) -> None: ...

class CarryResponse(_message.Message):
    __slots__ = ("transaction_id", "block", "answers")
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    transaction_id: str
    block: int
    answers: _containers.RepeatedCompositeFieldContainer[Answer]
    def __init__(self, transaction_id: _Optional[str] = ..., block: _Optional[int] = ..., answers: _Optional[_Iterable[_Union[Answer, _Mapping]]] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("code", "where")
    CODE_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    code: str
    where: str
    def __init__(self, code: _Optional[str] = ..., where: _Optional[str] = ...) -> None: ...
