"""The words of financing: what banks lend on documents of trade."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "financing": ("Financing", "融资", "Finansman"),
    "financing_title": ("Loans on documents of trade", "贸易单据融资", "Ticaret belgelerine krediler"),
    "trade_kind_financing": ("Loan", "融资", "Kredi"),
    "financing_why": (
        "To apply, open an invoice, a declaration or a bill of lading of yours and choose what to sign.",
        "如需申请，请打开贵公司的发票、报关单或提单，选择要签署的事项。",
        "Başvurmak için bir faturanızı, beyannamenizi ya da konşimentonuzu açıp imzalanacak işlemi seçin.",
    ),
    "no_loans": ("No loans.", "没有融资。", "Kredi yok."),
    "loans_asked": ("Applied for", "已申请", "Başvurulan"),
    "loans_reserved": ("Reserved", "已保留额度", "Ayrılan"),
    "loans_drawn": ("Drawn", "已放款", "Kullandırılan"),
    "loans_defaulted": ("In default", "违约", "Temerrütte"),
    "loans_outstanding": ("Outstanding, {currency}", "未偿还 {currency}", "Kalan borç, {currency}"),
    "loans_to_look_at": ("Waits for the bank", "等待银行处理", "Bankayı bekleyenler"),
    "loans_running": ("Drawn, to be paid back", "已放款待偿还", "Kullandırılmış, geri ödenecek"),
    "loans_over": ("Ended", "已结束", "Bitenler"),
    "newest_of": (
        "The newest {shown} of {number}.",
        "共 {number} 笔，显示最新 {shown} 笔。",
        "{number} krediden en yeni {shown} tanesi.",
    ),
    # Particulars
    "lender": ("Bank", "银行", "Banka"),
    "applicant": ("Applicant", "申请人", "Başvuran"),
    "outstanding": ("Outstanding", "未偿还", "Kalan borç"),
    "consents_until": ("Consent until", "同意有效期至", "Onay bitişi"),
    "left_of": ("Free for a loan", "可融资余额", "Kredi için kalan"),
    "repaid_on": ("Paid back", "还款", "Geri ödeme"),
    "drawn_as": ("Booked as", "放款凭证", "Kayıt"),
    "loan_fits": ("{amount}: enough", "{amount}：足够", "{amount}: yeterli"),
    "loan_too_much": ("{amount}: too little", "{amount}：不足", "{amount}: yetersiz"),
    "bill_free": ("Free", "未被占用", "Serbest"),
    "bill_taken": ("Secures another loan", "已为其他融资担保", "Başka bir kredinin teminatı"),
    # States
    "trade_state_APPLIED": ("Applied for", "已申请", "Başvuruldu"),
    "trade_state_VERIFIED": ("Amount reserved", "已核实并保留额度", "Tutar ayrıldı"),
    "trade_state_DRAWN": ("Drawn", "已放款", "Kullandırıldı"),
    "trade_state_PARTLY_REPAID": ("Paid back in part", "部分偿还", "Kısmen geri ödendi"),
    "trade_state_REPAID": ("Paid back", "已偿还", "Geri ödendi"),
    "trade_state_DEFAULTED": ("In default", "违约", "Temerrütte"),
    "trade_state_LAPSED": ("Consent over", "同意已到期", "Onay süresi doldu"),
    # Events
    "trade_event_APPLIED": ("Applied for, with consent", "申请并同意核查", "Onayla başvuruldu"),
    "trade_event_TOO_MUCH": ("More than is free", "超过可融资余额", "Kalan tutarı aşıyor"),
    "trade_event_financing_VERIFIED": ("Free, and reserved", "核实可用并保留", "Serbest bulundu ve ayrıldı"),
    "trade_event_DRAWN": ("Paid out", "放款", "Kullandırıldı"),
    "trade_event_REPAID_IN_PART": ("Paid back in part", "部分偿还", "Kısmen geri ödendi"),
    "trade_event_REPAID": ("Paid back", "偿还", "Geri ödendi"),
    "trade_event_DEFAULTED": ("In default", "违约", "Temerrüt"),
    "trade_event_financing_REJECTED": ("Declined by the bank", "银行拒绝", "Banka reddetti"),
    "trade_event_LAPSED": ("Consent over", "同意到期", "Onay süresi doldu"),
}
# fmt: on
