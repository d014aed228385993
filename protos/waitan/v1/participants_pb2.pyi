from waitan.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrganisationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORGANISATION_KIND_UNSPECIFIED: _ClassVar[OrganisationKind]
    ORGANISATION_KIND_CLEARING: _ClassVar[OrganisationKind]
    ORGANISATION_KIND_REGULATOR: _ClassVar[OrganisationKind]
    ORGANISATION_KIND_CUSTOMS: _ClassVar[OrganisationKind]
    ORGANISATION_KIND_BANK: _ClassVar[OrganisationKind]

class ParticipantState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PARTICIPANT_STATE_UNSPECIFIED: _ClassVar[ParticipantState]
    PARTICIPANT_STATE_ONBOARDED: _ClassVar[ParticipantState]
    PARTICIPANT_STATE_ACTIVE: _ClassVar[ParticipantState]
    PARTICIPANT_STATE_SUSPENDED: _ClassVar[ParticipantState]
    PARTICIPANT_STATE_EXITED: _ClassVar[ParticipantState]
ORGANISATION_KIND_UNSPECIFIED: OrganisationKind
ORGANISATION_KIND_CLEARING: OrganisationKind
ORGANISATION_KIND_REGULATOR: OrganisationKind
ORGANISATION_KIND_CUSTOMS: OrganisationKind
ORGANISATION_KIND_BANK: OrganisationKind
PARTICIPANT_STATE_UNSPECIFIED: ParticipantState
PARTICIPANT_STATE_ONBOARDED: ParticipantState
PARTICIPANT_STATE_ACTIVE: ParticipantState
PARTICIPANT_STATE_SUSPENDED: ParticipantState
PARTICIPANT_STATE_EXITED: ParticipantState

class Participant(_message.Message):
    __slots__ = ("participant", "kind", "name", "bic", "lei", "msp", "root", "state", "currencies", "revoked")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BIC_FIELD_NUMBER: _ClassVar[int]
    LEI_FIELD_NUMBER: _ClassVar[int]
    MSP_FIELD_NUMBER: _ClassVar[int]
    ROOT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CURRENCIES_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    participant: str
    kind: OrganisationKind
    name: str
    bic: str
    lei: str
    msp: str
    root: str
    state: ParticipantState
    currencies: _containers.RepeatedScalarFieldContainer[str]
    revoked: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, participant: _Optional[str] = ..., kind: _Optional[_Union[OrganisationKind, str]] = ..., name: _Optional[str] = ..., bic: _Optional[str] = ..., lei: _Optional[str] = ..., msp: _Optional[str] = ..., root: _Optional[str] = ..., state: _Optional[_Union[ParticipantState, str]] = ..., currencies: _Optional[_Iterable[str]] = ..., revoked: _Optional[_Iterable[str]] = ...) -> None: ...

class ListParticipantsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListParticipantsResponse(_message.Message):
    __slots__ = ("participants",)
    PARTICIPANTS_FIELD_NUMBER: _ClassVar[int]
    participants: _containers.RepeatedCompositeFieldContainer[Participant]
    def __init__(self, participants: _Optional[_Iterable[_Union[Participant, _Mapping]]] = ...) -> None: ...

class GetParticipantRequest(_message.Message):
    __slots__ = ("participant", "bic")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    BIC_FIELD_NUMBER: _ClassVar[int]
    participant: str
    bic: str
    def __init__(self, participant: _Optional[str] = ..., bic: _Optional[str] = ...) -> None: ...

class GetParticipantResponse(_message.Message):
    __slots__ = ("participant",)
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    participant: Participant
    def __init__(self, participant: _Optional[_Union[Participant, _Mapping]] = ...) -> None: ...

class RevokeCertificatesRequest(_message.Message):
    __slots__ = ("command_id", "serials")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SERIALS_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    serials: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, command_id: _Optional[str] = ..., serials: _Optional[_Iterable[str]] = ...) -> None: ...

class Customer(_message.Message):
    __slots__ = ("identifier", "name", "accounts")
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    identifier: str
    name: str
    accounts: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, identifier: _Optional[str] = ..., name: _Optional[str] = ..., accounts: _Optional[_Iterable[str]] = ...) -> None: ...

class CustomerRegistration(_message.Message):
    __slots__ = ("command_id", "customer")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    customer: Customer
    def __init__(self, command_id: _Optional[str] = ..., customer: _Optional[_Union[Customer, _Mapping]] = ...) -> None: ...

class RegisterCustomerRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: CustomerRegistration
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[CustomerRegistration, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...
