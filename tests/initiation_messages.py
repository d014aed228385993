"""pain.001 messages as a trader writes them, to be spoilt one thing at a time."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from tests.builders import BICS, SILK_ACCOUNT, TODAY

_ADDRESS: Final = "<PstlAdr><StrtNm>{}</StrtNm><TwnNm>{}</TwnNm><Ctry>{}</Ctry></PstlAdr>"
DEBTOR: Final = f"<Nm>Huangpu Silk Co</Nm>{_ADDRESS.format('Zhongshan East 1st Road', 'Shanghai', 'CN')}"
CREDITOR: Final = f"<Nm>Bosphorus Tekstil AS</Nm>{_ADDRESS.format('Istiklal', 'Istanbul', 'TR')}"


def a_transfer(
    amount: str = "100.00", *, currency: str = "CNY", end_to_end_id: str = "E2E-1", uetr: str = "", more: str = ""
) -> str:
    """One CdtTrfTxInf; `more` goes before the remittance."""
    named = f"<UETR>{uetr}</UETR>" if uetr else ""
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>{end_to_end_id}</EndToEndId>{named}</PmtId>"
        f'<Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt>'
        f"<CdtrAgt><FinInstnId><BICFI>{BICS['bankist']}</BICFI></FinInstnId></CdtrAgt>"
        f"<Cdtr>{CREDITOR}</Cdtr><CdtrAcct><Id><IBAN>TR330006100519786457841326</IBAN></Id></CdtrAcct>"
        f"{more}<RmtInf><Ustrd>Invoice 2026-118</Ustrd></RmtInf></CdtTrfTxInf>"
    )


def a_group(*transfers: str, name: str = "PMT-1", execution_date: str = TODAY, totals: str = "") -> str:
    """One PmtInf of SILK at the paying bank; `totals` are NbOfTxs and CtrlSum."""
    return (
        f"<PmtInf><PmtInfId>{name}</PmtInfId><PmtMtd>TRF</PmtMtd>{totals}"
        f"<ReqdExctnDt><Dt>{execution_date}</Dt></ReqdExctnDt><Dbtr>{DEBTOR}</Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>{SILK_ACCOUNT}</Id></Othr></Id></DbtrAcct>"
        f"<DbtrAgt><FinInstnId><BICFI>{BICS['banksh']}</BICFI></FinInstnId></DbtrAgt>"
        f"{''.join(transfers or (a_transfer(),))}</PmtInf>"
    )


def a_message(*groups: str, message_id: str = "", count: int | None = None, total: str = "") -> str:
    """A whole message: the groups, or one with one transfer."""
    given: Sequence[str] = groups or (a_group(),)
    number = sum(group.count("<CdtTrfTxInf>") for group in given) if count is None else count
    control = f"<CtrlSum>{total}</CtrlSum>" if total else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr>'
        f"<MsgId>{message_id or uuid4().hex}</MsgId><CreDtTm>{TODAY}T09:00:00+08:00</CreDtTm>"
        f"<NbOfTxs>{number}</NbOfTxs>{control}<InitgPty>{DEBTOR}</InitgPty></GrpHdr>"
        f"{''.join(given)}</CstmrCdtTrfInitn></Document>"
    )
