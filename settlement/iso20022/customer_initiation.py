"""pain.001.001.09, a customer credit transfer initiation: the message, and the command InitiatePayments.

Source: ISO 20022 CustomerCreditTransferInitiationV09. One message may hold several groups (PmtInf), each with several
transfers; every transfer becomes an instruction of its own, with what its group says for all of them. What a payment
of this ledger cannot carry is refused, as in a pacs.008.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

from pyiso20022.pain import pain_001_001_09 as models

from settlement.catalogue import CATALOGUE
from settlement.errors import Code
from settlement.iso20022 import components, credit_transfer
from settlement.iso20022.components import code, day, moment, value
from settlement.iso20022.envelope import open_envelope
from settlement.iso20022.fields import (
    ACCOUNT,
    AGENT,
    INSTRUCTION,
    PARTY,
    REMITTANCE,
    REPORTING,
    At,
    Fields,
    element_path,
    leaves,
)
from settlement.iso20022.refusal import MessageRefusal, Violation
from settlement.iso20022.structure import ElementPlace, Found, bind, path_of, root
from settlement.iso20022.usage import SENTENCES
from settlement.parties import Agent, CashAccount, Party
from settlement.payments import initiation
from settlement.payments.initiation import InitiatePayments, Instruction
from settlement.payments.parts import Fault

NAME: Final = "pain.001.001.09"

_ROOT: Final = "/Document/CstmrCdtTrfInitn"
_HEAD: Final = f"{_ROOT}/GrpHdr"
_GROUP: Final = f"{_ROOT}/PmtInf"
_TX: Final = "CdtTrfTxInf/"

_MESSAGE: Final[Fields] = {"message_id": "MsgId", "created_at": "CreDtTm", "initiating_party": At("InitgPty", PARTY)}
"""What GrpHdr says."""
_OF_GROUP: Final[Fields] = {
    "payment_information_id": "PmtInfId",
    "execution_date": "ReqdExctnDt/Dt",
    "debtor": At("Dbtr", PARTY),
    "debtor_account": At("DbtrAcct", ACCOUNT),
}
"""What PmtInf says for all its transfers."""
_OF_EITHER: Final[Fields] = {
    "instruction_priority": "PmtTpInf/InstrPrty",
    "service_level": "PmtTpInf/SvcLvl/Cd",
    "local_instrument": "PmtTpInf/LclInstrm/Cd",
    "category_purpose": "PmtTpInf/CtgyPurp/Cd",
    "ultimate_debtor": At("UltmtDbtr", PARTY),
    "charge_bearer": "ChrgBr",
}
"""What PmtInf or CdtTrfTxInf says, not both."""
_OF_TRANSFER: Final[Fields] = {
    "instruction_id": "PmtId/InstrId",
    "end_to_end_id": "PmtId/EndToEndId",
    "uetr": "PmtId/UETR",
    "amount": "Amt/InstdAmt",
    "currency": "Amt/InstdAmt/@Ccy",
    "creditor_agent": At("CdtrAgt", AGENT),
    "creditor": At("Cdtr", PARTY),
    "creditor_account": At("CdtrAcct", ACCOUNT),
    "ultimate_creditor": At("UltmtCdtr", PARTY),
    "instructions_for_creditor_agent": At("InstrForCdtrAgt", INSTRUCTION),
    "purpose": "Purp/Cd",
    "regulatory_reporting": At("RgltryRptg", REPORTING),
    "remittance": "RmtInf/Ustrd",
    "structured_remittance": At("RmtInf/Strd", REMITTANCE),
}
_EITHER_ELEMENTS: Final = ("PmtTpInf", "UltmtDbtr", "ChrgBr")
_CHECKED_HERE: Final = (
    f"{_HEAD}/NbOfTxs",
    f"{_HEAD}/CtrlSum",
    f"{_GROUP}/PmtMtd",
    f"{_GROUP}/BtchBookg",
    f"{_GROUP}/NbOfTxs",
    f"{_GROUP}/CtrlSum",
    f"{_GROUP}/DbtrAgt/FinInstnId/BICFI",
)


class Asked(NamedTuple):
    """What no element says: who asks, under which name, and for how many days the bank may release it."""

    customer: str
    command_id: str
    valid_days: int
    requested_by: str = ""


class _Transfer(NamedTuple):
    """One transfer and its group, as models and as elements."""

    group: Any
    tx: Any
    group_element: Any
    element: Any


def read(data: bytes, asked: Asked, *, bank_bic: str) -> InitiatePayments:
    """Read what a trader asks its bank (of eleven characters) for; refuse (`MessageRefusal`) what is not in order."""
    envelope = open_envelope(data)
    if envelope.name != NAME:
        raise _refused(Code.FF01, "message", "/Document", f"The message is not {NAME}.")
    if envelope.header is not None:
        raise _refused(Code.CH17, "header", "/AppHdr", "Between a customer and its bank there is no such header.")
    found = Found()
    document = bind(envelope.document, _document(), found)
    if found.violations:
        raise MessageRefusal(found.violations)
    message = document.cstmr_cdt_trf_initn
    transfers = list(_transfers(message, found))
    wrong = [*_totals(message, found), *_not_carried(found)]
    for each in transfers:
        wrong += _usage(each, bank_bic)
    command = InitiatePayments(
        requested_by=asked.requested_by,
        command_id=asked.command_id,
        customer=asked.customer,
        message_id=message.grp_hdr.msg_id,
        created_at=moment(message.grp_hdr.cre_dt_tm),
        valid_days=asked.valid_days,
        instructions=tuple(_instruction(message.grp_hdr, each) for each in transfers),
    )
    wrong += (_told(fault, transfers) for fault in initiation.faults(command, bank_bic))
    if wrong:
        raise MessageRefusal(wrong)
    return command


@cache
def _document() -> ElementPlace:
    return root("/Document", models.Document)


def _transfers(message: Any, found: Found) -> Iterator[_Transfer]:
    """Give all transfers in their order, whatever group they are in."""
    elements = iter(found.by_path[f"{_GROUP}/CdtTrfTxInf"])
    for group, group_element in zip(message.pmt_inf, found.by_path[_GROUP], strict=True):
        for tx in group.cdt_trf_tx_inf:
            yield _Transfer(group, tx, group_element, next(elements))


def _instruction(head: Any, transfer: _Transfer) -> Instruction:
    """Read one transfer. Total: what is wrong with it, the checks say."""
    group, tx = transfer.group, transfer.tx
    amount, currency = components.amount(tx.amt.instd_amt)
    kind = tx.pmt_tp_inf or group.pmt_tp_inf
    debtor = components.party(group.dbtr) or Party()
    initiating = components.party(head.initg_pty)
    remittance = tx.rmt_inf
    return Instruction(
        payment_information_id=group.pmt_inf_id,
        instruction_id=tx.pmt_id.instr_id or "",
        end_to_end_id=tx.pmt_id.end_to_end_id,
        uetr=tx.pmt_id.uetr or "",
        execution_date=day(group.reqd_exctn_dt.dt),
        currency=currency,
        amount=amount,
        charge_bearer=credit_transfer.charge_bearer_of(tx.chrg_br or group.chrg_br),
        debtor=debtor,
        debtor_account=components.account(group.dbtr_acct) or CashAccount(),
        creditor_agent=components.agent(tx.cdtr_agt) or Agent(bic=""),
        creditor=components.party(tx.cdtr) or Party(),
        creditor_account=components.account(tx.cdtr_acct),
        ultimate_debtor=components.party(tx.ultmt_dbtr or group.ultmt_dbtr),
        initiating_party=None if initiating == debtor else initiating,
        ultimate_creditor=components.party(tx.ultmt_cdtr),
        instruction_priority=value(kind.instr_prty) if kind is not None else "",
        service_level=tuple(code(level) for level in kind.svc_lvl) if kind is not None else (),
        local_instrument=code(kind.lcl_instrm) if kind is not None else "",
        category_purpose=code(kind.ctgy_purp) if kind is not None else "",
        instructions_for_creditor_agent=credit_transfer.agent_instructions(tx.instr_for_cdtr_agt),
        purpose=code(tx.purp),
        regulatory_reporting=tuple(credit_transfer.reporting(each) for each in tx.rgltry_rptg),
        remittance="".join(remittance.ustrd[:1]) if remittance is not None else "",
        structured_remittance=tuple(map(credit_transfer.remittance, remittance.strd)) if remittance is not None else (),
    )


def _totals(message: Any, found: Found) -> Iterator[Violation]:
    """Numbers and sums, of the message (AM18, AM16) and of each group (AM18, AM10); sums whatever the currencies."""
    head, groups = message.grp_hdr, message.pmt_inf
    counts = [len(group.cdt_trf_tx_inf) for group in groups]
    sums = [sum((_amount(tx) for tx in group.cdt_trf_tx_inf), Decimal()) for group in groups]
    levels = [(head, _HEAD, sum(counts), sum(sums, Decimal()), Code.AM16)]
    paths = map(path_of, found.by_path[_GROUP])
    levels += [(*each, Code.AM10) for each in zip(groups, paths, counts, sums, strict=True)]
    for level, path, count, total, wrong_sum in levels:
        if level.nb_of_txs is not None and int(level.nb_of_txs) != count:
            sentence = "The number of transactions is not the one that is there."
            yield Violation(Code.AM18, "waitan:NbOfTxs", f"{path}/NbOfTxs", sentence)
        if level.ctrl_sum is not None and level.ctrl_sum != total:
            yield Violation(wrong_sum, "waitan:CtrlSum", f"{path}/CtrlSum", "The amounts do not add up to this.")


def _amount(tx: Any) -> Decimal:
    amount = tx.amt.instd_amt
    return Decimal() if amount is None else Decimal(amount.value)


def _usage(transfer: _Transfer, bank_bic: str) -> Iterator[Violation]:
    """Tell what would be lost, or is not done here, of one transfer; of its group with the first of it."""
    group, tx = transfer.group, transfer.tx
    path, group_path = path_of(transfer.element), path_of(transfer.group_element)
    for name, at_group, at_transfer in (
        ("PmtTpInf", group.pmt_tp_inf, tx.pmt_tp_inf),
        ("UltmtDbtr", group.ultmt_dbtr, tx.ultmt_dbtr),
        ("ChrgBr", group.chrg_br, tx.chrg_br),
    ):
        if at_group is not None and at_transfer is not None:
            yield _violation(Code.CH17, "level", f"{path}/{name}", "It is said for the whole group already.")
    if value(tx.chrg_br or group.chrg_br) == "SLEV":
        where = f"{path if tx.chrg_br is not None else group_path}/ChrgBr"
        yield _violation(Code.BE19, "SLEV", where, "SLEV is not a charge bearer here.")
    if tx.rmt_inf is not None and len(tx.rmt_inf.ustrd) > 1:
        yield _violation(Code.CH17, "carried", f"{path}/RmtInf/Ustrd[2]", "The ledger carries one of these.")
    if tx is not group.cdt_trf_tx_inf[0]:
        return
    if value(group.pmt_mtd) != "TRF":
        yield _violation(Code.CH16, "PmtMtd", f"{group_path}/PmtMtd", "Only transfers (TRF) are made here.")
    if group.btch_bookg:
        yield _violation(Code.CH17, "BtchBookg", f"{group_path}/BtchBookg", "Each payment is booked by itself.")
    if components.agent_bic(group.dbtr_agt) != bank_bic:
        where = f"{group_path}/DbtrAgt/FinInstnId/BICFI"
        yield _violation(Code.DNOR, "DbtrAgt", where, "The debtor's agent is not the bank that is asked.")


def _not_carried(found: Found) -> Iterator[Violation]:
    unknown = found.by_path.keys() - _carried()
    for path in sorted(unknown):
        # What stands below an element that is refused is not told again.
        if path[: path.rindex("/")] not in unknown:
            for element in found.by_path[path]:
                yield _violation(Code.CH17, "carried", path_of(element), "The ledger does not carry this element.")


@cache
def _carried() -> frozenset[str]:
    """Give every element path that the tables and the checks account for, with the paths above."""
    paths: set[str] = set()
    tables = (
        (_MESSAGE, f"{_HEAD}/"),
        (_OF_GROUP, f"{_GROUP}/"),
        (_OF_EITHER, f"{_GROUP}/"),
        (_OF_EITHER, f"{_GROUP}/{_TX}"),
        (_OF_TRANSFER, f"{_GROUP}/{_TX}"),
    )
    for path in (*_CHECKED_HERE, *(leaf for fields, base in tables for leaf in leaves(fields, base))):
        steps = path.partition("/@")[0].split("/")
        paths.update("/".join(steps[:length]) for length in range(2, len(steps) + 1))
    return frozenset(paths)


def _told(fault: Fault, transfers: list[_Transfer]) -> Violation:
    """Tell a fault of the command at the element that carries the field."""
    _, _, rest = fault.where.partition("instructions.")
    if not rest:
        path = f"{_HEAD}/{element_path(_MESSAGE, fault.where)}" if fault.where in _MESSAGE else _ROOT
    else:
        place, _, where = rest.partition(".")
        path = _element(transfers[int(place)], where)
    return _violation(fault.code, fault.rule, path, SENTENCES.get(fault.code, CATALOGUE[fault.code].meaning))


def _element(transfer: _Transfer, where: str) -> str:
    name = where.partition(".")[0]
    if name in _MESSAGE:
        return f"{_HEAD}/{element_path(_MESSAGE, where)}"
    if name in _OF_GROUP:
        return f"{path_of(transfer.group_element)}/{element_path(_OF_GROUP, where)}"
    if name in _OF_TRANSFER:
        return f"{path_of(transfer.element)}/{element_path(_OF_TRANSFER, where)}"
    path = element_path(_OF_EITHER, where)
    in_group = path.partition("/")[0] in {local for local in _EITHER_ELEMENTS if _says(transfer.group, local)}
    return f"{path_of(transfer.group_element if in_group else transfer.element)}/{path}"


def _says(group: Any, element: str) -> bool:
    said = {"PmtTpInf": group.pmt_tp_inf, "UltmtDbtr": group.ultmt_dbtr, "ChrgBr": group.chrg_br}
    return said[element] is not None


def _violation(code: Code, rule: str, path: str, sentence: str) -> Violation:
    return Violation(code, f"waitan:{rule}", path, sentence)


def _refused(code: Code, rule: str, path: str, sentence: str) -> MessageRefusal:
    return MessageRefusal([_violation(code, rule, path, sentence)])
