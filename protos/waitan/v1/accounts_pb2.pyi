from waitan.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AccountState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACCOUNT_STATE_UNSPECIFIED: _ClassVar[AccountState]
    ACCOUNT_STATE_OPEN: _ClassVar[AccountState]
    ACCOUNT_STATE_BLOCKED: _ClassVar[AccountState]
    ACCOUNT_STATE_CLOSED: _ClassVar[AccountState]

class IssuanceState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ISSUANCE_STATE_UNSPECIFIED: _ClassVar[IssuanceState]
    ISSUANCE_STATE_REQUESTED: _ClassVar[IssuanceState]
    ISSUANCE_STATE_CONFIRMED: _ClassVar[IssuanceState]
    ISSUANCE_STATE_ISSUED: _ClassVar[IssuanceState]
    ISSUANCE_STATE_DECLINED: _ClassVar[IssuanceState]

class RedemptionState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REDEMPTION_STATE_UNSPECIFIED: _ClassVar[RedemptionState]
    REDEMPTION_STATE_REQUESTED: _ClassVar[RedemptionState]
    REDEMPTION_STATE_CONFIRMED: _ClassVar[RedemptionState]
    REDEMPTION_STATE_BURNED: _ClassVar[RedemptionState]
    REDEMPTION_STATE_PAID_OUT: _ClassVar[RedemptionState]
    REDEMPTION_STATE_FAILED: _ClassVar[RedemptionState]
    REDEMPTION_STATE_DECLINED: _ClassVar[RedemptionState]
ACCOUNT_STATE_UNSPECIFIED: AccountState
ACCOUNT_STATE_OPEN: AccountState
ACCOUNT_STATE_BLOCKED: AccountState
ACCOUNT_STATE_CLOSED: AccountState
ISSUANCE_STATE_UNSPECIFIED: IssuanceState
ISSUANCE_STATE_REQUESTED: IssuanceState
ISSUANCE_STATE_CONFIRMED: IssuanceState
ISSUANCE_STATE_ISSUED: IssuanceState
ISSUANCE_STATE_DECLINED: IssuanceState
REDEMPTION_STATE_UNSPECIFIED: RedemptionState
REDEMPTION_STATE_REQUESTED: RedemptionState
REDEMPTION_STATE_CONFIRMED: RedemptionState
REDEMPTION_STATE_BURNED: RedemptionState
REDEMPTION_STATE_PAID_OUT: RedemptionState
REDEMPTION_STATE_FAILED: RedemptionState
REDEMPTION_STATE_DECLINED: RedemptionState

class Account(_message.Message):
    __slots__ = ("participant", "currency", "kind", "state", "balance", "available", "posted_minor", "reserved_minor", "release_limit", "blocked_because")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    POSTED_MINOR_FIELD_NUMBER: _ClassVar[int]
    RESERVED_MINOR_FIELD_NUMBER: _ClassVar[int]
    RELEASE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    BLOCKED_BECAUSE_FIELD_NUMBER: _ClassVar[int]
    participant: str
    currency: str
    kind: str
    state: AccountState
    balance: str
    available: str
    posted_minor: int
    reserved_minor: int
    release_limit: str
    blocked_because: str
    def __init__(self, participant: _Optional[str] = ..., currency: _Optional[str] = ..., kind: _Optional[str] = ..., state: _Optional[_Union[AccountState, str]] = ..., balance: _Optional[str] = ..., available: _Optional[str] = ..., posted_minor: _Optional[int] = ..., reserved_minor: _Optional[int] = ..., release_limit: _Optional[str] = ..., blocked_because: _Optional[str] = ...) -> None: ...

class Issuance(_message.Message):
    __slots__ = ("issuance_id", "participant", "currency", "amount", "funding_reference", "state", "credit_reference", "confirmed_by", "approved_by", "reason", "declined_by")
    ISSUANCE_ID_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FUNDING_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CREDIT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_BY_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DECLINED_BY_FIELD_NUMBER: _ClassVar[int]
    issuance_id: str
    participant: str
    currency: str
    amount: str
    funding_reference: str
    state: IssuanceState
    credit_reference: str
    confirmed_by: str
    approved_by: str
    reason: str
    declined_by: str
    def __init__(self, issuance_id: _Optional[str] = ..., participant: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., funding_reference: _Optional[str] = ..., state: _Optional[_Union[IssuanceState, str]] = ..., credit_reference: _Optional[str] = ..., confirmed_by: _Optional[str] = ..., approved_by: _Optional[str] = ..., reason: _Optional[str] = ..., declined_by: _Optional[str] = ...) -> None: ...

class Redemption(_message.Message):
    __slots__ = ("redemption_id", "participant", "currency", "amount", "payout_account", "state", "confirmed_by", "approved_by", "payout_reference", "reason", "ended_by")
    REDEMPTION_ID_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_BY_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ENDED_BY_FIELD_NUMBER: _ClassVar[int]
    redemption_id: str
    participant: str
    currency: str
    amount: str
    payout_account: str
    state: RedemptionState
    confirmed_by: str
    approved_by: str
    payout_reference: str
    reason: str
    ended_by: str
    def __init__(self, redemption_id: _Optional[str] = ..., participant: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., payout_account: _Optional[str] = ..., state: _Optional[_Union[RedemptionState, str]] = ..., confirmed_by: _Optional[str] = ..., approved_by: _Optional[str] = ..., payout_reference: _Optional[str] = ..., reason: _Optional[str] = ..., ended_by: _Optional[str] = ...) -> None: ...

class Currency(_message.Message):
    __slots__ = ("currency", "settlement_agent", "settlement_account")
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    SETTLEMENT_AGENT_FIELD_NUMBER: _ClassVar[int]
    SETTLEMENT_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    currency: str
    settlement_agent: str
    settlement_account: str
    def __init__(self, currency: _Optional[str] = ..., settlement_agent: _Optional[str] = ..., settlement_account: _Optional[str] = ...) -> None: ...

class RequestIssuanceRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: IssuanceRequest
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[IssuanceRequest, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class IssuanceRequest(_message.Message):
    __slots__ = ("command_id", "issuance_id", "currency", "amount", "funding_reference")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    ISSUANCE_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FUNDING_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    issuance_id: str
    currency: str
    amount: str
    funding_reference: str
    def __init__(self, command_id: _Optional[str] = ..., issuance_id: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., funding_reference: _Optional[str] = ...) -> None: ...

class RequestRedemptionRequest(_message.Message):
    __slots__ = ("own", "signed")
    OWN_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    own: RedemptionRequest
    signed: _common_pb2.SignedCommand
    def __init__(self, own: _Optional[_Union[RedemptionRequest, _Mapping]] = ..., signed: _Optional[_Union[_common_pb2.SignedCommand, _Mapping]] = ...) -> None: ...

class RedemptionRequest(_message.Message):
    __slots__ = ("command_id", "redemption_id", "currency", "amount", "payout_account")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    REDEMPTION_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    redemption_id: str
    currency: str
    amount: str
    payout_account: str
    def __init__(self, command_id: _Optional[str] = ..., redemption_id: _Optional[str] = ..., currency: _Optional[str] = ..., amount: _Optional[str] = ..., payout_account: _Optional[str] = ...) -> None: ...

class ListAccountsRequest(_message.Message):
    __slots__ = ("participant", "currency")
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    participant: str
    currency: str
    def __init__(self, participant: _Optional[str] = ..., currency: _Optional[str] = ...) -> None: ...

class ListAccountsResponse(_message.Message):
    __slots__ = ("accounts",)
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    accounts: _containers.RepeatedCompositeFieldContainer[Account]
    def __init__(self, accounts: _Optional[_Iterable[_Union[Account, _Mapping]]] = ...) -> None: ...

class ListIssuancesRequest(_message.Message):
    __slots__ = ("participant",)
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    participant: str
    def __init__(self, participant: _Optional[str] = ...) -> None: ...

class ListIssuancesResponse(_message.Message):
    __slots__ = ("issuances",)
    ISSUANCES_FIELD_NUMBER: _ClassVar[int]
    issuances: _containers.RepeatedCompositeFieldContainer[Issuance]
    def __init__(self, issuances: _Optional[_Iterable[_Union[Issuance, _Mapping]]] = ...) -> None: ...

class ListRedemptionsRequest(_message.Message):
    __slots__ = ("participant",)
    PARTICIPANT_FIELD_NUMBER: _ClassVar[int]
    participant: str
    def __init__(self, participant: _Optional[str] = ...) -> None: ...

class ListRedemptionsResponse(_message.Message):
    __slots__ = ("redemptions",)
    REDEMPTIONS_FIELD_NUMBER: _ClassVar[int]
    redemptions: _containers.RepeatedCompositeFieldContainer[Redemption]
    def __init__(self, redemptions: _Optional[_Iterable[_Union[Redemption, _Mapping]]] = ...) -> None: ...

class ListCurrenciesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListCurrenciesResponse(_message.Message):
    __slots__ = ("currencies",)
    CURRENCIES_FIELD_NUMBER: _ClassVar[int]
    currencies: _containers.RepeatedCompositeFieldContainer[Currency]
    def __init__(self, currencies: _Optional[_Iterable[_Union[Currency, _Mapping]]] = ...) -> None: ...
