from waitan.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BillState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BILL_STATE_UNSPECIFIED: _ClassVar[BillState]
    BILL_STATE_DRAFT: _ClassVar[BillState]
    BILL_STATE_APPROVED: _ClassVar[BillState]
    BILL_STATE_ISSUED: _ClassVar[BillState]
    BILL_STATE_PENDING_SURRENDER_FOR_DELIVERY: _ClassVar[BillState]
    BILL_STATE_SURRENDERED_FOR_DELIVERY: _ClassVar[BillState]
    BILL_STATE_DELIVERED: _ClassVar[BillState]
    BILL_STATE_PENDING_SURRENDER_FOR_AMENDMENT: _ClassVar[BillState]
    BILL_STATE_SURRENDERED_FOR_AMENDMENT: _ClassVar[BillState]
    BILL_STATE_VOIDED: _ClassVar[BillState]
    BILL_STATE_CONVERTED: _ClassVar[BillState]
BILL_STATE_UNSPECIFIED: BillState
BILL_STATE_DRAFT: BillState
BILL_STATE_APPROVED: BillState
BILL_STATE_ISSUED: BillState
BILL_STATE_PENDING_SURRENDER_FOR_DELIVERY: BillState
BILL_STATE_SURRENDERED_FOR_DELIVERY: BillState
BILL_STATE_DELIVERED: BillState
BILL_STATE_PENDING_SURRENDER_FOR_AMENDMENT: BillState
BILL_STATE_SURRENDERED_FOR_AMENDMENT: BillState
BILL_STATE_VOIDED: BillState
BILL_STATE_CONVERTED: BillState

class BillParty(_message.Message):
    __slots__ = ("participant", "identifier")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    participant: str
    identifier: str
    def __init__(self, participant: _Optional[str] = ..., identifier: _Optional[str] = ...) -> None: ...

class PaperOriginal(_message.Message):
    __slots__ = ("number", "originals", "place", "date")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ORIGINALS_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    number: str
    originals: int
    place: str
    date: str
    def __init__(self, number: _Optional[str] = ..., originals: _Optional[int] = ..., place: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...

class BillLink(_message.Message):
    __slots__ = ("action", "actor", "recipient", "at", "reason", "signer", "serial", "transaction_id", "document", "previous")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SIGNER_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    action: str
    actor: BillParty
    recipient: BillParty
    at: str
    reason: str
    signer: str
    serial: str
    transaction_id: str
    document: str
    previous: str
    def __init__(self, action: _Optional[str] = ..., actor: _Optional[_Union[BillParty, _Mapping]] = ..., recipient: _Optional[_Union[BillParty, _Mapping]] = ..., at: _Optional[str] = ..., reason: _Optional[str] = ..., signer: _Optional[str] = ..., serial: _Optional[str] = ..., transaction_id: _Optional[str] = ..., document: _Optional[str] = ..., previous: _Optional[str] = ...) -> None: ...

class BillDispute(_message.Message):
    __slots__ = ("raised_by", "reason", "proposed", "ruling")
    RAISED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    RULING_FIELD_NUMBER: _ClassVar[int]
    raised_by: BillParty
    reason: str
    proposed: str
    ruling: str
    def __init__(self, raised_by: _Optional[_Union[BillParty, _Mapping]] = ..., reason: _Optional[str] = ..., proposed: _Optional[str] = ..., ruling: _Optional[str] = ...) -> None: ...

class BillOfLading(_message.Message):
    __slots__ = ("record_id", "number", "version", "state", "holder", "title_holder", "may_endorse", "to_order", "carrier", "shipper", "consignee", "requested_by", "trade", "document", "document_checksum", "links", "dispute", "replaces", "amended", "replaced_by", "from_paper", "paper", "held_by", "block", "terms_checksum", "head")
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    TITLE_HOLDER_FIELD_NUMBER: _ClassVar[int]
    MAY_ENDORSE_FIELD_NUMBER: _ClassVar[int]
    TO_ORDER_FIELD_NUMBER: _ClassVar[int]
    CARRIER_FIELD_NUMBER: _ClassVar[int]
    SHIPPER_FIELD_NUMBER: _ClassVar[int]
    CONSIGNEE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_CHECKSUM_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    DISPUTE_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    AMENDED_FIELD_NUMBER: _ClassVar[int]
    REPLACED_BY_FIELD_NUMBER: _ClassVar[int]
    FROM_PAPER_FIELD_NUMBER: _ClassVar[int]
    PAPER_FIELD_NUMBER: _ClassVar[int]
    HELD_BY_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    TERMS_CHECKSUM_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    record_id: str
    number: str
    version: str
    state: BillState
    holder: BillParty
    title_holder: BillParty
    may_endorse: bool
    to_order: bool
    carrier: BillParty
    shipper: BillParty
    consignee: BillParty
    requested_by: BillParty
    trade: str
    document: str
    document_checksum: str
    links: _containers.RepeatedCompositeFieldContainer[BillLink]
    dispute: BillDispute
    replaces: str
    amended: _containers.RepeatedScalarFieldContainer[str]
    replaced_by: str
    from_paper: PaperOriginal
    paper: PaperOriginal
    held_by: _containers.RepeatedScalarFieldContainer[str]
    block: int
    terms_checksum: str
    head: str
    def __init__(self, record_id: _Optional[str] = ..., number: _Optional[str] = ..., version: _Optional[str] = ..., state: _Optional[_Union[BillState, str]] = ..., holder: _Optional[_Union[BillParty, _Mapping]] = ..., title_holder: _Optional[_Union[BillParty, _Mapping]] = ..., may_endorse: bool = ..., to_order: bool = ..., carrier: _Optional[_Union[BillParty, _Mapping]] = ..., shipper: _Optional[_Union[BillParty, _Mapping]] = ..., consignee: _Optional[_Union[BillParty, _Mapping]] = ..., requested_by: _Optional[_Union[BillParty, _Mapping]] = ..., trade: _Optional[str] = ..., document: _Optional[str] = ..., document_checksum: _Optional[str] = ..., links: _Optional[_Iterable[_Union[BillLink, _Mapping]]] = ..., dispute: _Optional[_Union[BillDispute, _Mapping]] = ..., replaces: _Optional[str] = ..., amended: _Optional[_Iterable[str]] = ..., replaced_by: _Optional[str] = ..., from_paper: _Optional[_Union[PaperOriginal, _Mapping]] = ..., paper: _Optional[_Union[PaperOriginal, _Mapping]] = ..., held_by: _Optional[_Iterable[str]] = ..., block: _Optional[int] = ..., terms_checksum: _Optional[str] = ..., head: _Optional[str] = ...) -> None: ...

class GetBillOfLadingRequest(_message.Message):
    __slots__ = ("record_id",)
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    record_id: str
    def __init__(self, record_id: _Optional[str] = ...) -> None: ...

class GetBillOfLadingResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: BillOfLading
    def __init__(self, bill: _Optional[_Union[BillOfLading, _Mapping]] = ...) -> None: ...

class ExportBillOfLadingRequest(_message.Message):
    __slots__ = ("record_id",)
    RECORD_ID_FIELD_NUMBER: _ClassVar[int]
    record_id: str
    def __init__(self, record_id: _Optional[str] = ...) -> None: ...

class ExportBillOfLadingResponse(_message.Message):
    __slots__ = ("envelope",)
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    envelope: bytes
    def __init__(self, envelope: _Optional[bytes] = ...) -> None: ...

class VerifyEnvelopeRequest(_message.Message):
    __slots__ = ("envelope",)
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    envelope: bytes
    def __init__(self, envelope: _Optional[bytes] = ...) -> None: ...

class VerifyEnvelopeResponse(_message.Message):
    __slots__ = ("exported_by", "number", "version", "state", "holder", "title_holder", "document", "document_checksum", "links", "on_ledger")
    EXPORTED_BY_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    TITLE_HOLDER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_CHECKSUM_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    ON_LEDGER_FIELD_NUMBER: _ClassVar[int]
    exported_by: str
    number: str
    version: str
    state: str
    holder: BillParty
    title_holder: BillParty
    document: str
    document_checksum: str
    links: _containers.RepeatedCompositeFieldContainer[BillLink]
    on_ledger: str
    def __init__(self, exported_by: _Optional[str] = ..., number: _Optional[str] = ..., version: _Optional[str] = ..., state: _Optional[str] = ..., holder: _Optional[_Union[BillParty, _Mapping]] = ..., title_holder: _Optional[_Union[BillParty, _Mapping]] = ..., document: _Optional[str] = ..., document_checksum: _Optional[str] = ..., links: _Optional[_Iterable[_Union[BillLink, _Mapping]]] = ..., on_ledger: _Optional[str] = ...) -> None: ...
