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
    # The states of a business day
    "OPEN": ("Open", "营业中", "Açık"),
    "CUT_OFF": ("Cut off", "已截止", "Kesim yapıldı"),
    "CLOSED": ("Closed", "已关闭", "Kapalı"),
    # The states of an organisation
    "ONBOARDED": ("Onboarded", "已登记", "Kayıtlı"),
    "ACTIVE": ("Active", "活跃", "Etkin"),
    "SUSPENDED": ("Suspended", "已暂停", "Askıda"),
    "EXITED": ("Left", "已退出", "Ayrıldı"),
    # The kinds of organisations
    "bank": ("Bank", "银行", "Banka"),
    "clearing": ("Clearing institution", "清算机构", "Takas kurumu"),
    "regulator": ("Regulator", "监管机构", "Düzenleyici kurum"),
    "customs": ("Customs", "海关", "Gümrük"),
    # Accounts
    "BLOCKED": ("Blocked", "已冻结", "Bloke"),
    # Spans of time
    "ms": ("{n} ms", "{n} 毫秒", "{n} ms"),
    "s": ("{n} s", "{n} 秒", "{n} sn"),
    "min": ("{n} min", "{n} 分钟", "{n} dk"),
    "h": ("{n} h", "{n} 小时", "{n} sa"),
    "d": ("{n} d", "{n} 天", "{n} gün"),
}
# fmt: on
