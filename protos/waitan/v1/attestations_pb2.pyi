from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class AttestRequest(_message.Message):
    __slots__ = ("uetr", "statement", "height")
    UETR_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    uetr: str
    statement: str
    height: int
    def __init__(self, uetr: _Optional[str] = ..., statement: _Optional[str] = ..., height: _Optional[int] = ...) -> None: ...

class AttestResponse(_message.Message):
    __slots__ = ("participant", "at", "certificate", "signature")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    participant: str
    at: str
    certificate: bytes
    signature: bytes
    def __init__(self, participant: _Optional[str] = ..., at: _Optional[str] = ..., certificate: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...
