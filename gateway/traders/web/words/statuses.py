"""The words for what the ledger tells in codes: statuses, states, what is most often the reason, spans of time."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # ISO 20022 transaction statuses
    "PDNG": ("Pending", "待处理", "Beklemede"),
    "ACSP": ("Settled, credit waits", "已结算，待入账", "Takas edildi, alacak bekliyor"),
    "ACSC": ("Settled", "已结算", "Takas edildi"),
    "ACWP": ("Settled, not posted yet", "已结算，尚未入账", "Takas edildi, henüz işlenmedi"),
    "ACCC": ("Credited", "已入账", "Hesaba geçti"),
    "BLCK": ("Blocked", "已冻结", "Bloke"),
    "RJCT": ("Rejected", "已拒绝", "Reddedildi"),
    "RESERVED": ("Reserved", "已预留", "Ayrıldı"),
    # The states of a business day
    "OPEN": ("Open", "营业中", "Açık"),
    "CUT_OFF": ("Cut off", "已截止", "Kesim yapıldı"),
    "CLOSED": ("Closed", "已关闭", "Kapalı"),
    # The states of an organisation
    "ONBOARDED": ("Onboarded", "已登记", "Kayıtlı"),
    "ACTIVE": ("Active", "正常", "Etkin"),
    "SUSPENDED": ("Suspended", "已暂停", "Askıda"),
    "EXITED": ("Left", "已退出", "Ayrıldı"),
    # The kinds of organisations
    "bank": ("Bank", "银行", "Banka"),
    "clearing": ("Clearing institution", "清算机构", "Takas kurumu"),
    "regulator": ("Regulator", "监管机构", "Düzenleyici kurum"),
    "customs": ("Customs", "海关", "Gümrük"),
    # Accounts
    "BLOCKED": ("Blocked", "已冻结", "Bloke"),
    # Reasons that a payment is most often told (ISO 20022 external codes, and Waitan's own)
    "reason_AC04": ("account closed", "账户已关闭", "hesap kapalı"),
    "reason_AC06": ("account blocked", "账户已冻结", "hesap bloke"),
    "reason_AG11": ("bank suspended", "银行已暂停", "banka askıda"),
    "reason_AM02": ("amount above what is allowed", "金额超过限额", "tutar izin verilenden yüksek"),
    "reason_AM04": ("not enough funds", "资金不足", "yetersiz bakiye"),
    "reason_AM07": ("amount frozen by an authority", "资金被主管机关冻结", "tutar yetkili makamca dondurulmuş"),
    "reason_AM09": ("wrong amount", "金额错误", "yanlış tutar"),
    "reason_AM23": ("above the settlement limit", "超过结算限额", "takas limitinin üzerinde"),
    "reason_DT01": ("its date has passed", "日期已过", "tarihi geçmiş"),
    "reason_G002": ("will be credited on another day", "将于其他日期入账", "başka bir gün hesaba geçecek"),
    "reason_G003": ("documents are awaited", "等待单据", "belgeler bekleniyor"),
    "reason_G004": ("cover is awaited", "等待头寸", "karşılık bekleniyor"),
    "reason_MS03": ("no reason given", "未说明原因", "neden belirtilmemiş"),
    "reason_RR04": ("regulatory reporting is missing", "缺少监管申报信息", "düzenleyici bildirim eksik"),
    "reason_TM01": ("after the cut-off", "已过截止时间", "kesim saatinden sonra"),
    # Spans of time
    "ms": ("{n} ms", "{n} 毫秒", "{n} ms"),
    "s": ("{n} s", "{n} 秒", "{n} sn"),
    "min": ("{n} min", "{n} 分钟", "{n} dk"),
    "h": ("{n} h", "{n} 小时", "{n} sa"),
    "d": ("{n} d", "{n} 天", "{n} gün"),
}
# fmt: on
