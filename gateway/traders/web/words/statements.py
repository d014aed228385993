"""The words of statements."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "statements": ("Statements", "对账单", "Ekstreler"),
    "account": ("Account", "账户", "Hesap"),
    "day_from": ("From day", "起始日", "Başlangıç günü"),
    "day_to": ("To day", "截止日", "Bitiş günü"),
    "show": ("Show", "显示", "Göster"),
    "fetch_json": ("JSON", "JSON", "JSON"),
    "fetch_csv": ("CSV", "CSV", "CSV"),
    "fetch_xml": ("ISO 20022", "ISO 20022", "ISO 20022"),
    "closing": ("Closing", "日终", "Kapanış"),
    "available": ("Available", "可用", "Kullanılabilir"),
    "balance": ("Balance", "余额", "Bakiye"),
    "with_whom": ("With", "对方", "Karşı taraf"),
    "first_page": ("First page", "首页", "İlk sayfa"),
    "next_page": ("Next page", "下一页", "Sonraki sayfa"),
    "nothing_moved": ("Nothing moved.", "没有变动。", "Hareket yok."),
    "no_balances_here": (
        "The ledger keeps the accounts of banks. Your balance is your bank's to tell.",
        "账本只记录银行的账户，您的余额由您的银行提供。",
        "Defter bankaların hesaplarını tutar. Bakiyenizi bankanız bildirir.",
    ),
    "no_account_here": (
        "No account is registered for you here.", "此处没有为您登记的账户。", "Burada adınıza kayıtlı hesap yok."),
    # What moved an account
    "line_PAYMENT_SETTLED": ("Payment", "支付", "Ödeme"),
    "line_RESERVATION_SETTLED": ("Payment under conditions", "附条件支付", "Koşullu ödeme"),
    "line_PAYMENT_RETURNED": ("Return", "退回", "İade"),
    "line_ISSUED": ("Issued", "发行", "İhraç"),
    "line_REDEEMED": ("Redeemed", "赎回", "İtfa"),
    "line_RESTORED": ("Restored", "恢复", "Geri konan"),
    "line_OTHER": ("Other", "其他", "Diğer"),
}
# fmt: on
