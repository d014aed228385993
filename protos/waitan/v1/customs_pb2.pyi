from waitan.v1 import common_pb2 as _common_pb2
from waitan.v1 import payments_pb2 as _payments_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LodgeDeclarationsRequest(_message.Message):
    __slots__ = ("declarations",)
    DECLARATIONS_FIELD_NUMBER: _ClassVar[int]
    declarations: _containers.RepeatedCompositeFieldContainer[_common_pb2.SignedCommand]
    def __init__(self, declarations: _Optional[_Iterable[_Union[_common_pb2.SignedCommand, _Mapping]]] = ...) -> None: ...

class LodgingOutcome(_message.Message):
    __slots__ = ("declaration_id", "status", "code", "where", "block", "transaction_id")
    DECLARATION_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    declaration_id: str
    status: str
    code: str
    where: str
    block: int
    transaction_id: str
    def __init__(self, declaration_id: _Optional[str] = ..., status: _Optional[str] = ..., code: _Optional[str] = ..., where: _Optional[str] = ..., block: _Optional[int] = ..., transaction_id: _Optional[str] = ...) -> None: ...

class LodgeDeclarationsResponse(_message.Message):
    __slots__ = ("outcomes",)
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[LodgingOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[LodgingOutcome, _Mapping]]] = ...) -> None: ...

class GetTaxOwedRequest(_message.Message):
    __slots__ = ("assessment_id",)
    ASSESSMENT_ID_FIELD_NUMBER: _ClassVar[int]
    assessment_id: str
    def __init__(self, assessment_id: _Optional[str] = ...) -> None: ...

class GetTaxOwedResponse(_message.Message):
    __slots__ = ("number", "state", "due_on", "on", "principal", "interest", "total")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    INTEREST_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    number: str
    state: str
    due_on: str
    on: str
    principal: str
    interest: str
    total: str
    def __init__(self, number: _Optional[str] = ..., state: _Optional[str] = ..., due_on: _Optional[str] = ..., on: _Optional[str] = ..., principal: _Optional[str] = ..., interest: _Optional[str] = ..., total: _Optional[str] = ...) -> None: ...

class PayTaxRequest(_message.Message):
    __slots__ = ("assessment_id", "debtor_account")
    ASSESSMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    assessment_id: str
    debtor_account: str
    def __init__(self, assessment_id: _Optional[str] = ..., debtor_account: _Optional[str] = ...) -> None: ...

class PayTaxResponse(_message.Message):
    __slots__ = ("outcome",)
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    outcome: _payments_pb2.PaymentOutcome
    def __init__(self, outcome: _Optional[_Union[_payments_pb2.PaymentOutcome, _Mapping]] = ...) -> None: ...

class GuaranteeTaxRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: TaxGuarantee
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[TaxGuarantee, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class TaxGuarantee(_message.Message):
    __slots__ = ("command_id", "assessment_id", "reference", "expires_on")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    assessment_id: str
    reference: str
    expires_on: str
    def __init__(self, command_id: _Optional[str] = ..., assessment_id: _Optional[str] = ..., reference: _Optional[str] = ..., expires_on: _Optional[str] = ...) -> None: ...

class ListNoticesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RatesNotice(_message.Message):
    __slots__ = ("notice_id", "state", "content")
    NOTICE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    notice_id: str
    state: str
    content: str
    def __init__(self, notice_id: _Optional[str] = ..., state: _Optional[str] = ..., content: _Optional[str] = ...) -> None: ...

class ListNoticesResponse(_message.Message):
    __slots__ = ("notices",)
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    notices: _containers.RepeatedCompositeFieldContainer[RatesNotice]
    def __init__(self, notices: _Optional[_Iterable[_Union[RatesNotice, _Mapping]]] = ...) -> None: ...
