"""The words of what the regulator has read."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "reads": ("Reads", "查阅", "İncelemeler"),
    "reads_title": ("What the regulator has read", "监管机构查阅记录", "Düzenleyici kurumun incelemeleri"),
    "reads_why": (
        "Each read stood on the ledger before it was answered, with every organisation whose data it may have shown.",
        "每次查阅在得到答复之前，均已记入账本，并告知数据可能被查阅的各机构。",
        "Her inceleme, yanıtlanmadan önce, verisi gösterilmiş olabilecek her kuruluşla birlikte deftere yazıldı.",
    ),
    "no_reads": ("Nothing was read.", "没有查阅记录。", "İnceleme yok."),
    "read_at": ("When", "时间", "Zaman"),
    "read_whose": ("Whose", "数据所属", "Kimin"),
    "read_what": ("What", "查阅内容", "Ne"),
    "read_about": ("About", "对象", "Konu"),
    "read_reason": ("Reason", "事由", "Gerekçe"),
    "read_by": ("By", "查阅人", "İnceleyen"),
    "read_anything": ("may show anything", "可能涉及任何数据", "her şeyi gösterebilir"),
    "read_unsaid": ("not said", "未说明", "belirtilmedi"),
    "read_times": ("{n} times", "{n} 次", "{n} kez"),
    # What was asked
    "read_payment": ("A payment", "一笔支付", "Bir ödeme"),
    "read_certificate": ("A payment's certificate", "支付证明", "Bir ödemenin belgesi"),
    "read_payments": ("A list of payments", "支付列表", "Ödeme listesi"),
    "read_following": ("Payments as they come", "实时支付", "Ödemeler, geldikçe"),
    "read_accounts": ("Accounts", "账户", "Hesaplar"),
    "read_funding": ("Issuances or redemptions", "发行或赎回", "İhraçlar ya da itfalar"),
    "read_statement": ("A statement", "对账单", "Ekstre"),
    "read_initiations": ("What customers ask their bank", "客户付款申请", "Müşterilerin bankadan istedikleri"),
    "read_record": ("A record of trade", "贸易记录", "Bir ticaret kaydı"),
    "read_trade": ("A trade", "一宗贸易", "Bir ticaret"),
    "read_records": ("A list of records of trade", "贸易记录列表", "Ticaret kayıtları listesi"),
    "read_trade_following": ("Trade as it happens", "实时贸易", "Ticaret, oldukça"),
    "read_bill": ("A bill of lading", "提单", "Bir konşimento"),
    "read_tax": ("Tax owed", "应缴税款", "Ödenecek vergi"),
    "read_loans": ("Loans", "融资", "Krediler"),
    "read_network": ("The network at a glance", "网络概览", "Bir bakışta ağ"),
    "read_found": ("A search", "搜索", "Bir arama"),
}
# fmt: on
