"""Which element carries which field: one table for each message we read.

It has two uses. A fault found in a command (`creditor.address.country`) is told with the element's path. And what
stands in a document at a path that is not in the table, or above one that is, cannot be carried, and is refused.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple


class At(NamedTuple):
    """Where a field stands, from the record's own element: a path, and the fields below it if it is a record."""

    path: str
    below: "Fields"


Fields = Mapping[str, Any]
"""Field name to path, to `At`, or to several of them (a tuple's items that have an element name each)."""

ADDRESS: Final[Fields] = {
    "department": "Dept",
    "sub_department": "SubDept",
    "street_name": "StrtNm",
    "building_number": "BldgNb",
    "building_name": "BldgNm",
    "floor": "Flr",
    "post_box": "PstBx",
    "room": "Room",
    "post_code": "PstCd",
    "town_name": "TwnNm",
    "town_location_name": "TwnLctnNm",
    "district_name": "DstrctNm",
    "country_sub_division": "CtrySubDvsn",
    "country": "Ctry",
    "address_line": "AdrLine",
}
OTHER: Final[Fields] = {
    "identification": "Id",
    "scheme": "SchmeNm/Cd",
    "proprietary_scheme": "SchmeNm/Prtry",
    "issuer": "Issr",
}
PARTY: Final[Fields] = {
    "name": "Nm",
    "address": At("PstlAdr", ADDRESS),
    "any_bic": "Id/OrgId/AnyBIC",
    "lei": "Id/OrgId/LEI",
    "uscc": "Id/OrgId/Othr",
    "organisation_ids": At("Id/OrgId/Othr", OTHER),
    "person_ids": At("Id/PrvtId/Othr", OTHER),
    "country_of_residence": "CtryOfRes",
}
AGENT: Final[Fields] = {
    "bic": "FinInstnId/BICFI",
    "clearing_system": "FinInstnId/ClrSysMmbId/ClrSysId/Cd",
    "clearing_member": "FinInstnId/ClrSysMmbId/MmbId",
    "lei": "FinInstnId/LEI",
    "name": "FinInstnId/Nm",
    "address": At("FinInstnId/PstlAdr", ADDRESS),
}
ACCOUNT: Final[Fields] = {
    "iban": "Id/IBAN",
    "other": "Id/Othr/Id",
    "other_scheme": "Id/Othr/SchmeNm/Cd",
    "other_issuer": "Id/Othr/Issr",
    "type_code": "Tp/Cd",
    "currency": "Ccy",
    "name": "Nm",
}
CHARGE: Final[Fields] = {"amount": "Amt", "currency": "Amt/@Ccy", "agent": At("Agt", AGENT)}
INSTRUCTION: Final[Fields] = {"code": "Cd", "information": "InstrInf"}
REPORTING: Final[Fields] = {
    "indicator": "DbtCdtRptgInd",
    "authority_name": "Authrty/Nm",
    "authority_country": "Authrty/Ctry",
    "details": At(
        "Dtls",
        {
            "type": "Tp",
            "date": "Dt",
            "country": "Ctry",
            "code": "Cd",
            "amount": "Amt",
            "currency": "Amt/@Ccy",
            "information": "Inf",
        },
    ),
}
REMITTANCE: Final[Fields] = {
    "documents": At("RfrdDocInf", {"type_code": "Tp/CdOrPrtry/Cd", "number": "Nb", "related_date": "RltdDt"}),
    "remitted_amount": "RfrdDocAmt/RmtdAmt",
    "remitted_currency": "RfrdDocAmt/RmtdAmt/@Ccy",
    "creditor_reference_type": "CdtrRefInf/Tp/CdOrPrtry/Cd",
    "creditor_reference_issuer": "CdtrRefInf/Tp/Issr",
    "creditor_reference": "CdtrRefInf/Ref",
    "additional": "AddtlRmtInf",
}
_BIC: Final = "FinInstnId/BICFI"
_HEAD: Final = "/Document/FIToFICstmrCdtTrf/GrpHdr/"
_TX: Final = "/Document/FIToFICstmrCdtTrf/CdtTrfTxInf/"
PAYMENT: Final[Fields] = {
    "message_id": _HEAD + "MsgId",
    "created_at": _HEAD + "CreDtTm",
    "instruction_id": _TX + "PmtId/InstrId",
    "end_to_end_id": _TX + "PmtId/EndToEndId",
    "transaction_id": _TX + "PmtId/TxId",
    "uetr": _TX + "PmtId/UETR",
    "clearing_system_reference": _TX + "PmtId/ClrSysRef",
    "instruction_priority": _TX + "PmtTpInf/InstrPrty",
    "service_level": _TX + "PmtTpInf/SvcLvl/Cd",
    "local_instrument": _TX + "PmtTpInf/LclInstrm/Cd",
    "category_purpose": _TX + "PmtTpInf/CtgyPurp/Cd",
    "amount": _TX + "IntrBkSttlmAmt",
    "currency": _TX + "IntrBkSttlmAmt/@Ccy",
    "settlement_date": _TX + "IntrBkSttlmDt",
    "instructed_amount": _TX + "InstdAmt",
    "instructed_currency": _TX + "InstdAmt/@Ccy",
    "exchange_rate": _TX + "XchgRate",
    "charge_bearer": _TX + "ChrgBr",
    "charges": At(_TX + "ChrgsInf", CHARGE),
    "previous_instructing_agents": tuple(At(f"{_TX}PrvsInstgAgt{number}", AGENT) for number in (1, 2, 3)),
    "instructing_agent": _TX + "InstgAgt/" + _BIC,
    "instructed_agent": _TX + "InstdAgt/" + _BIC,
    "intermediary_agents": tuple(At(f"{_TX}IntrmyAgt{number}", AGENT) for number in (1, 2, 3)),
    "ultimate_debtor": At(_TX + "UltmtDbtr", PARTY),
    "initiating_party": At(_TX + "InitgPty", PARTY),
    "debtor": At(_TX + "Dbtr", PARTY),
    "debtor_account": At(_TX + "DbtrAcct", ACCOUNT),
    "debtor_agent": At(_TX + "DbtrAgt", AGENT),
    "debtor_agent_account": At(_TX + "DbtrAgtAcct", ACCOUNT),
    "creditor_agent": At(_TX + "CdtrAgt", AGENT),
    "creditor_agent_account": At(_TX + "CdtrAgtAcct", ACCOUNT),
    "creditor": At(_TX + "Cdtr", PARTY),
    "creditor_account": At(_TX + "CdtrAcct", ACCOUNT),
    "ultimate_creditor": At(_TX + "UltmtCdtr", PARTY),
    "instructions_for_creditor_agent": At(_TX + "InstrForCdtrAgt", INSTRUCTION),
    "instructions_for_next_agent": At(_TX + "InstrForNxtAgt", INSTRUCTION),
    "purpose": _TX + "Purp/Cd",
    "regulatory_reporting": At(_TX + "RgltryRptg", REPORTING),
    "remittance": _TX + "RmtInf/Ustrd",
    "structured_remittance": At(_TX + "RmtInf/Strd", REMITTANCE),
}
_RETURN: Final = "/Document/PmtRtr/"
_TXR: Final = _RETURN + "TxInf/"
RETURN: Final[Fields] = {
    "message_id": _RETURN + "GrpHdr/MsgId",
    "created_at": _RETURN + "GrpHdr/CreDtTm",
    "return_id": _TXR + "RtrId",
    "original_message_id": _TXR + "OrgnlGrpInf/OrgnlMsgId",
    "original_message_name": _TXR + "OrgnlGrpInf/OrgnlMsgNmId",
    "original_created_at": _TXR + "OrgnlGrpInf/OrgnlCreDtTm",
    "original_instruction_id": _TXR + "OrgnlInstrId",
    "original_end_to_end_id": _TXR + "OrgnlEndToEndId",
    "original_transaction_id": _TXR + "OrgnlTxId",
    "uetr": _TXR + "OrgnlUETR",
    "original_amount": _TXR + "OrgnlIntrBkSttlmAmt",
    "original_currency": _TXR + "OrgnlIntrBkSttlmAmt/@Ccy",
    "original_settlement_date": _TXR + "OrgnlIntrBkSttlmDt",
    "amount": _TXR + "RtrdIntrBkSttlmAmt",
    "currency": _TXR + "RtrdIntrBkSttlmAmt/@Ccy",
    "settlement_date": _TXR + "IntrBkSttlmDt",
    "instructed_amount": _TXR + "RtrdInstdAmt",
    "instructed_currency": _TXR + "RtrdInstdAmt/@Ccy",
    "charge_bearer": _TXR + "ChrgBr",
    "charges": At(_TXR + "ChrgsInf", CHARGE),
    "sender": _TXR + "InstgAgt/" + _BIC,
    "receiver": _TXR + "InstdAgt/" + _BIC,
    "debtor": At(_TXR + "RtrChain/Dbtr/Pty", PARTY),
    "debtor_agent": At(_TXR + "RtrChain/DbtrAgt", AGENT),
    "creditor_agent": At(_TXR + "RtrChain/CdtrAgt", AGENT),
    "creditor": At(_TXR + "RtrChain/Cdtr/Pty", PARTY),
    "reason": _TXR + "RtrRsnInf/Rsn/Cd",
    "additional": _TXR + "RtrRsnInf/AddtlInf",
}
_STATUS: Final = "/Document/FIToFIPmtStsRpt/"
_TXS: Final = _STATUS + "TxInfAndSts/"
STATUS: Final[Fields] = {
    "message_id": _STATUS + "GrpHdr/MsgId",
    "created_at": _STATUS + "GrpHdr/CreDtTm",
    "original_message_id": _TXS + "OrgnlGrpInf/OrgnlMsgId",
    "original_message_name": _TXS + "OrgnlGrpInf/OrgnlMsgNmId",
    "original_created_at": _TXS + "OrgnlGrpInf/OrgnlCreDtTm",
    "original_instruction_id": _TXS + "OrgnlInstrId",
    "original_end_to_end_id": _TXS + "OrgnlEndToEndId",
    "original_transaction_id": _TXS + "OrgnlTxId",
    "uetr": _TXS + "OrgnlUETR",
    "status": _TXS + "TxSts",
    "reason": (_TXS + "StsRsnInf/Rsn/Cd", _TXS + "StsRsnInf/Rsn/Prtry"),
    "additional": _TXS + "StsRsnInf/AddtlInf",
    "effective_date": _TXS + "FctvIntrBkSttlmDt/Dt",
    "clearing_system_reference": _TXS + "ClrSysRef",
    "sender": _TXS + "InstgAgt/" + _BIC,
    "receiver": _TXS + "InstdAgt/" + _BIC,
}
HEADER: Final = tuple(
    "/AppHdr/" + path
    for path in (
        "Fr/FIId/" + _BIC,
        "To/FIId/" + _BIC,
        "BizMsgIdr",
        "MsgDefIdr",
        "BizSvc",
        "CreDt",
        "PssblDplct",
        "Prty",
    )
)
"""What the header may say. It is compared with the document, and not kept: it is about the sending."""


def carried(fields: Fields, *others: str) -> frozenset[str]:
    """Give every element path that a message's fields, its header and `others` account for, with the paths above."""
    paths: set[str] = set()
    for path in (*leaves(fields), *others, *HEADER):
        steps = path.partition("/@")[0].split("/")
        paths.update("/".join(steps[:length]) for length in range(2, len(steps) + 1))
    return frozenset(paths)


def leaves(fields: Fields, base: str = "") -> Iterator[str]:
    """Give the path of each field that holds text."""
    for value in fields.values():
        for each in value if isinstance(value, tuple) and not isinstance(value, At) else (value,):
            if isinstance(each, At):
                yield from leaves(each.below, f"{base}{each.path}/")
            else:
                yield base + each


def element_path(fields: Fields, where: str) -> str:
    """Give the element path of a command's field: `charges.1.agent.bic` is `.../ChrgsInf[2]/Agt/FinInstnId/BICFI`."""
    path = ""
    entry: Any = At("", fields)
    for step in where.split("."):
        if step.isdecimal():
            if isinstance(entry, tuple) and not isinstance(entry, At):
                entry = entry[int(step)] if int(step) < len(entry) else entry[-1]
            else:
                path = f"{path}{_own(entry)}[{int(step) + 1}]"
                entry = At("", entry.below) if isinstance(entry, At) else ""
            continue
        below = entry.below if isinstance(entry, At) else {}
        if step not in below:
            break
        path += _own(entry)
        path += "/" if path and not path.endswith("/") else ""
        entry = below[step]
    return path + _own(entry)


def _own(entry: Any) -> str:
    """The path of a table entry itself; of several, the first."""
    if isinstance(entry, At):
        return entry.path
    if isinstance(entry, tuple):
        return _own(entry[0])
    return str(entry)
