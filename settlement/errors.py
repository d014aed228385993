"""Every no that Waitan can say, in the order in which one wins over another.

There are two families. A *refusal* is about the command itself: nothing is written and the UETR stays free. A
*rejection* is about a payment that was validly asked for: it is recorded with its payer, and the UETR is used.
Each code belongs to one family. Codes of four characters come from the ISO 20022 external code sets; the others are
proprietary reason codes (`Rsn/Prtry`), at most 35 characters.
"""

from enum import Enum, StrEnum
from typing import NamedTuple


class Family(Enum):
    """What a code says about the command."""

    REFUSAL = "refusal"
    REJECTION = "rejection"


class Code(StrEnum):
    """The codes in order of precedence: where two apply, the one that stands first here is told.

    What a command speaks of is looked up once its envelope and its form are in order.
    """

    # The envelope: who speaks, and in what form.
    AG08 = "AG08"
    DS0H = "DS0H"
    SEQUENCE_NOT_NEXT = "SEQUENCE_NOT_NEXT"
    FF01 = "FF01"
    SAME_SIGNER = "SAME_SIGNER"
    COMMAND_ID_REUSED = "COMMAND_ID_REUSED"
    # The form of a command.
    CH21 = "CH21"
    CH17 = "CH17"
    CH16 = "CH16"
    AM18 = "AM18"
    AM16 = "AM16"
    AM10 = "AM10"
    SUM_WRONG = "SUM_WRONG"
    DU03 = "DU03"
    DU01 = "DU01"
    DU05 = "DU05"
    RC01 = "RC01"
    AC01 = "AC01"
    BE15 = "BE15"
    BE16 = "BE16"
    BE17 = "BE17"
    RR09 = "RR09"
    BE04 = "BE04"
    BE07 = "BE07"
    BE19 = "BE19"
    AM11 = "AM11"
    AM03 = "AM03"
    CH20 = "CH20"
    AM12 = "AM12"
    AM01 = "AM01"
    HS_CODE_WRONG = "HS_CODE_WRONG"
    # What the command speaks of.
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    DECLARATION_NUMBER_USED = "DECLARATION_NUMBER_USED"
    MOVE_NOT_ALLOWED = "MOVE_NOT_ALLOWED"
    DS24 = "DS24"
    LAPSED = "LAPSED"
    NOT_AS_INITIATED = "NOT_AS_INITIATED"
    # A bill of lading.
    CHAIN_BROKEN = "CHAIN_BROKEN"
    IN_DISPUTE = "IN_DISPUTE"
    NOT_IN_CONTROL = "NOT_IN_CONTROL"
    NOT_NEGOTIABLE = "NOT_NEGOTIABLE"
    NOT_TITLE_HOLDER = "NOT_TITLE_HOLDER"
    NOT_FIRST_ACTION = "NOT_FIRST_ACTION"
    NOT_AS_APPROVED = "NOT_AS_APPROVED"
    CHAIN_FULL = "CHAIN_FULL"
    SUMMARY_LAPSED = "SUMMARY_LAPSED"
    DECLARATION_INCOMPLETE = "DECLARATION_INCOMPLETE"
    GOODS_HELD = "GOODS_HELD"
    INSPECTION_OPEN = "INSPECTION_OPEN"
    TAX_NOT_COVERED = "TAX_NOT_COVERED"
    RATE_MISSING = "RATE_MISSING"
    RATE_NOT_LATER = "RATE_NOT_LATER"
    NOT_THE_TREASURY = "NOT_THE_TREASURY"
    REFUND_NOT_GRANTED = "REFUND_NOT_GRANTED"
    NOT_THE_DOCUMENT = "NOT_THE_DOCUMENT"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NOT_AS_PROPOSED = "NOT_AS_PROPOSED"
    RELEASE_NEEDED = "RELEASE_NEEDED"
    WAITED_FOR_TOO_OFTEN = "WAITED_FOR_TOO_OFTEN"
    RR04 = "RR04"
    RR05 = "RR05"
    DNOR = "DNOR"
    CNOR = "CNOR"
    AG10 = "AG10"
    AM09 = "AM09"
    BALANCE_NOT_ZERO = "BALANCE_NOT_ZERO"
    ACCOUNT_NOT_USABLE = "ACCOUNT_NOT_USABLE"
    DAY_NOT_LATER = "DAY_NOT_LATER"
    DAY_CLOSED = "DAY_CLOSED"
    DATE_PAST = "DATE_PAST"
    DT04 = "DT04"
    UNFUNDED = "UNFUNDED"
    # Rejections of a payment.
    DT01 = "DT01"
    TM01 = "TM01"
    AG11 = "AG11"
    AC04 = "AC04"
    AC06 = "AC06"
    AM02 = "AM02"
    AM04 = "AM04"
    AB03 = "AB03"
    DS02 = "DS02"
    # The system, not the command.
    DATA_MISSING = "DATA_MISSING"
    ED05 = "ED05"
    ED06 = "ED06"


class Meaning(NamedTuple):
    """What `waitan why CODE` tells."""

    family: Family
    meaning: str
    source: str
    remedy: str


class Refusal(Exception):  # noqa: N818 - the domain's word
    """A command that takes no effect.

    `where` is the path of the field at fault within the command (`creditor.address.country`), never its value:
    values do not belong in errors that travel.
    """

    def __init__(self, code: Code, where: str = "") -> None:
        super().__init__(code, where)
        self.code = code
        self.where = where
