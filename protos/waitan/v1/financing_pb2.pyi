from waitan.v1 import common_pb2 as _common_pb2
from waitan.v1 import payments_pb2 as _payments_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class VerifyFinancingRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: FinancingVerification
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[FinancingVerification, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class FinancingVerification(_message.Message):
    __slots__ = ("command_id", "financing_id")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    FINANCING_ID_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    financing_id: str
    def __init__(self, command_id: _Optional[str] = ..., financing_id: _Optional[str] = ...) -> None: ...

class DrawFinancingRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: FinancingDrawing
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[FinancingDrawing, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class FinancingDrawing(_message.Message):
    __slots__ = ("command_id", "financing_id", "reference")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    FINANCING_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    financing_id: str
    reference: str
    def __init__(self, command_id: _Optional[str] = ..., financing_id: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class RepayFinancingRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: FinancingRepayment
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[FinancingRepayment, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class FinancingRepayment(_message.Message):
    __slots__ = ("command_id", "financing_id", "amount", "payment", "payer", "reference")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    FINANCING_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    financing_id: str
    amount: str
    payment: _payments_pb2.PaymentName
    payer: str
    reference: str
    def __init__(self, command_id: _Optional[str] = ..., financing_id: _Optional[str] = ..., amount: _Optional[str] = ..., payment: _Optional[_Union[_payments_pb2.PaymentName, _Mapping]] = ..., payer: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class DefaultFinancingRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: FinancingDefault
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[FinancingDefault, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class FinancingDefault(_message.Message):
    __slots__ = ("command_id", "financing_id", "reason")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    FINANCING_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    financing_id: str
    reason: str
    def __init__(self, command_id: _Optional[str] = ..., financing_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RejectFinancingRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: FinancingRejection
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[FinancingRejection, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class FinancingRejection(_message.Message):
    __slots__ = ("command_id", "financing_id", "reason")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    FINANCING_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    financing_id: str
    reason: str
    def __init__(self, command_id: _Optional[str] = ..., financing_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
