from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PostalAddress(_message.Message):
    __slots__ = ("country", "town_name", "department", "sub_department", "street_name", "building_number", "building_name", "floor", "post_box", "room", "post_code", "town_location_name", "district_name", "country_sub_division", "address_line")
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    TOWN_NAME_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    SUB_DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    STREET_NAME_FIELD_NUMBER: _ClassVar[int]
    BUILDING_NUMBER_FIELD_NUMBER: _ClassVar[int]
    BUILDING_NAME_FIELD_NUMBER: _ClassVar[int]
    FLOOR_FIELD_NUMBER: _ClassVar[int]
    POST_BOX_FIELD_NUMBER: _ClassVar[int]
    ROOM_FIELD_NUMBER: _ClassVar[int]
    POST_CODE_FIELD_NUMBER: _ClassVar[int]
    TOWN_LOCATION_NAME_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_NAME_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_SUB_DIVISION_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_LINE_FIELD_NUMBER: _ClassVar[int]
    country: str
    town_name: str
    department: str
    sub_department: str
    street_name: str
    building_number: str
    building_name: str
    floor: str
    post_box: str
    room: str
    post_code: str
    town_location_name: str
    district_name: str
    country_sub_division: str
    address_line: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, country: _Optional[str] = ..., town_name: _Optional[str] = ..., department: _Optional[str] = ..., sub_department: _Optional[str] = ..., street_name: _Optional[str] = ..., building_number: _Optional[str] = ..., building_name: _Optional[str] = ..., floor: _Optional[str] = ..., post_box: _Optional[str] = ..., room: _Optional[str] = ..., post_code: _Optional[str] = ..., town_location_name: _Optional[str] = ..., district_name: _Optional[str] = ..., country_sub_division: _Optional[str] = ..., address_line: _Optional[_Iterable[str]] = ...) -> None: ...

class OtherIdentification(_message.Message):
    __slots__ = ("identification", "scheme", "proprietary_scheme", "issuer")
    IDENTIFICATION_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PROPRIETARY_SCHEME_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    identification: str
    scheme: str
    proprietary_scheme: str
    issuer: str
    def __init__(self, identification: _Optional[str] = ..., scheme: _Optional[str] = ..., proprietary_scheme: _Optional[str] = ..., issuer: _Optional[str] = ...) -> None: ...

class Party(_message.Message):
    __slots__ = ("name", "address", "any_bic", "lei", "uscc", "organisation_ids", "person_ids", "country_of_residence")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ANY_BIC_FIELD_NUMBER: _ClassVar[int]
    LEI_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_IDS_FIELD_NUMBER: _ClassVar[int]
    PERSON_IDS_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_OF_RESIDENCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    address: PostalAddress
    any_bic: str
    lei: str
    uscc: str
    organisation_ids: _containers.RepeatedCompositeFieldContainer[OtherIdentification]
    person_ids: _containers.RepeatedCompositeFieldContainer[OtherIdentification]
    country_of_residence: str
    def __init__(self, name: _Optional[str] = ..., address: _Optional[_Union[PostalAddress, _Mapping]] = ..., any_bic: _Optional[str] = ..., lei: _Optional[str] = ..., uscc: _Optional[str] = ..., organisation_ids: _Optional[_Iterable[_Union[OtherIdentification, _Mapping]]] = ..., person_ids: _Optional[_Iterable[_Union[OtherIdentification, _Mapping]]] = ..., country_of_residence: _Optional[str] = ...) -> None: ...

class CashAccount(_message.Message):
    __slots__ = ("iban", "other", "other_scheme", "other_issuer", "type_code", "currency", "name")
    IBAN_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    OTHER_SCHEME_FIELD_NUMBER: _ClassVar[int]
    OTHER_ISSUER_FIELD_NUMBER: _ClassVar[int]
    TYPE_CODE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    iban: str
    other: str
    other_scheme: str
    other_issuer: str
    type_code: str
    currency: str
    name: str
    def __init__(self, iban: _Optional[str] = ..., other: _Optional[str] = ..., other_scheme: _Optional[str] = ..., other_issuer: _Optional[str] = ..., type_code: _Optional[str] = ..., currency: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class Agent(_message.Message):
    __slots__ = ("bic", "lei", "clearing_system", "clearing_member", "name", "address")
    BIC_FIELD_NUMBER: _ClassVar[int]
    LEI_FIELD_NUMBER: _ClassVar[int]
    CLEARING_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    CLEARING_MEMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    bic: str
    lei: str
    clearing_system: str
    clearing_member: str
    name: str
    address: PostalAddress
    def __init__(self, bic: _Optional[str] = ..., lei: _Optional[str] = ..., clearing_system: _Optional[str] = ..., clearing_member: _Optional[str] = ..., name: _Optional[str] = ..., address: _Optional[_Union[PostalAddress, _Mapping]] = ...) -> None: ...

class SignedCommand(_message.Message):
    __slots__ = ("command", "certificate", "signature")
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    command: bytes
    certificate: bytes
    signature: bytes
    def __init__(self, command: _Optional[bytes] = ..., certificate: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class CommandDone(_message.Message):
    __slots__ = ("transaction_id", "block")
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    transaction_id: str
    block: int
    def __init__(self, transaction_id: _Optional[str] = ..., block: _Optional[int] = ...) -> None: ...
