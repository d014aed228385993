"""What became of a transaction: where it stands and whether it is valid."""

from enum import IntEnum
from typing import NamedTuple, Self


class ValidationCode(IntEnum):
    """Why a transaction is valid or not (`TxValidationCode`, peer/transaction.proto)."""

    VALID = 0
    NIL_ENVELOPE = 1
    BAD_PAYLOAD = 2
    BAD_COMMON_HEADER = 3
    BAD_CREATOR_SIGNATURE = 4
    INVALID_ENDORSER_TRANSACTION = 5
    INVALID_CONFIG_TRANSACTION = 6
    UNSUPPORTED_TX_PAYLOAD = 7
    BAD_PROPOSAL_TXID = 8
    DUPLICATE_TXID = 9
    ENDORSEMENT_POLICY_FAILURE = 10
    MVCC_READ_CONFLICT = 11
    PHANTOM_READ_CONFLICT = 12
    UNKNOWN_TX_TYPE = 13
    TARGET_CHAIN_NOT_FOUND = 14
    MARSHAL_TX_ERROR = 15
    NIL_TXACTION = 16
    EXPIRED_CHAINCODE = 17
    CHAINCODE_VERSION_CONFLICT = 18
    BAD_HEADER_EXTENSION = 19
    BAD_CHANNEL_HEADER = 20
    BAD_RESPONSE_PAYLOAD = 21
    BAD_RWSET = 22
    ILLEGAL_WRITESET = 23
    INVALID_WRITESET = 24
    INVALID_CHAINCODE = 25
    NOT_VALIDATED = 254
    INVALID_OTHER_REASON = 255

    @classmethod
    def _missing_(cls, value: object) -> Self:  # noqa: ARG003 - enum calls it so
        """Read a code that a later Fabric may bring: whatever it means, the transaction is not valid."""
        return cls(255)


class Status(NamedTuple):
    """A committed transaction, as one peer tells it."""

    transaction_id: str
    code: ValidationCode
    block_number: int

    @property
    def valid(self) -> bool:
        """Whether the transaction took effect."""
        return self.code is ValidationCode.VALID
