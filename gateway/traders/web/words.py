"""The tracker's words in English, Chinese and Turkish: one row for each text, one column for each language."""

from collections.abc import Callable
from typing import Final

LANGUAGES: Final = ("en", "zh", "tr")
NAMES: Final = {"en": "English", "zh": "中文", "tr": "Türkçe"}

Words = Callable[..., str]
"""Give the text of a key, with what is filled in."""

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # The frame of every page
    "title": ("Waitan tracker", "外滩 · 支付跟踪", "Waitan izleyici"),
    "skip": ("Skip to content", "跳到正文", "İçeriğe geç"),
    "language": ("Language", "语言", "Dil"),
    "sign_out": ("Sign out", "退出", "Çıkış"),
    # Signing in
    "sign_in": ("Sign in", "登录", "Giriş"),
    "token": ("Access token from your bank", "银行签发的访问令牌", "Bankanızın verdiği erişim belirteci"),
    "token_hint": (
        "It starts with eyJ and is good for about an hour. It stays in this browser only.",
        "以 eyJ 开头，有效期约一小时，仅保存在本浏览器中。",
        "eyJ ile başlar, yaklaşık bir saat geçerlidir ve yalnızca bu tarayıcıda kalır.",
    ),
    "token_refused": (
        "This token is not valid here, or has expired. Ask your bank for a new one.",
        "该令牌在此无效或已过期，请向银行索取新的令牌。",
        "Bu belirteç burada geçerli değil ya da süresi dolmuş. Bankanızdan yenisini isteyin.",
    ),
    # Finding
    "find": ("Find a payment", "查找支付", "Ödeme bul"),
    "find_button": ("Find", "查找", "Bul"),
    "nothing_found": (
        "Nothing that you may see matches this.", "没有您可查看的匹配结果。", "Görebileceğiniz bir eşleşme yok."),
    # A payment
    "payment": ("Payment", "支付", "Ödeme"),
    "status": ("Status", "状态", "Durum"),
    "amount": ("Amount", "金额", "Tutar"),
    "from": ("From", "付款人", "Gönderen"),
    "to": ("To", "收款人", "Alıcı"),
    "bank": ("Bank", "银行", "Banka"),
    "about": ("About", "附言", "Açıklama"),
    "reference": ("Reference", "参考号", "Referans"),
    "value_date": ("Value date", "起息日", "Valör tarihi"),
    "block": ("Block", "区块", "Blok"),
    "transaction": ("Transaction", "交易", "İşlem"),
    "charges": ("Charges along the way", "途中费用", "Yoldaki masraflar"),
    "no_charges": ("Nobody took a charge.", "途中未收取费用。", "Kimse masraf almadı."),
    "timeline": ("Timeline", "时间线", "Zaman çizelgesi"),
    "timeline_of": ("Timeline of payment {uetr}", "支付 {uetr} 的时间线", "{uetr} ödemesinin zaman çizelgesi"),
    "took": ("{spent} later", "{spent}后", "{spent} sonra"),
    # Steps of a life
    "settled": ("Settled, final", "已结算，终局", "Takas edildi, kesin"),
    "rejected": ("Rejected", "已拒绝", "Reddedildi"),
    "returned": ("Sent back", "已退回", "İade edildi"),
    "credit_waiting": ("Received, waiting", "已收到，待处理", "Alındı, bekliyor"),
    "credit_not_posted": ("Received, not posted yet", "已收到，尚未入账", "Alındı, henüz işlenmedi"),
    "credit_credited": ("Credited to the beneficiary", "已贷记收款人", "Alıcının hesabına geçti"),
    "credit_blocked": ("Blocked", "已冻结", "Bloke edildi"),
    "awaits_credit": ("To be credited by the bank", "等待收款行入账", "Bankanın hesaba geçmesi bekleniyor"),
    # ISO 20022 transaction statuses
    "PDNG": ("Pending", "待处理", "Beklemede"),
    "ACSP": ("Settled, credit waits", "已结算，待入账", "Takas edildi, alacak bekliyor"),
    "ACSC": ("Settled", "已结算", "Takas edildi"),
    "ACWP": ("Settled, not posted yet", "已结算，尚未入账", "Takas edildi, henüz işlenmedi"),
    "ACCC": ("Credited", "已入账", "Hesaba geçti"),
    "BLCK": ("Blocked", "已冻结", "Bloke"),
    "RJCT": ("Rejected", "已拒绝", "Reddedildi"),
    # Spans of time
    "ms": ("{n} ms", "{n} 毫秒", "{n} ms"),
    "s": ("{n} s", "{n} 秒", "{n} sn"),
    "min": ("{n} min", "{n} 分钟", "{n} dk"),
    "h": ("{n} h", "{n} 小时", "{n} sa"),
    "d": ("{n} d", "{n} 天", "{n} gün"),
}
# fmt: on

_SPANS: Final = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000))


def words(language: str) -> Words:
    """Give a language's words."""
    column = LANGUAGES.index(language)

    def text(key: str, **filled: object) -> str:
        return TEXTS[key][column].format(**filled)

    return text


def span(text: Words, milliseconds: int) -> str:
    """Say how long something took, in its two largest units at most."""
    parts, left = [], milliseconds
    for key, size in _SPANS:
        if left >= size:
            parts.append(text(key, n=left // size))
            left %= size
    if not parts:
        return text("ms", n=left)
    return " ".join(parts[:2])


def chosen(cookie: str, accepted: str) -> str:
    """Choose a language: the one chosen before, else the first that the browser asks for and we have, else English.

    `accepted` is an Accept-Language header (RFC 9110, 12.5.4); its order counts, weights are taken for granted.
    """
    if cookie in LANGUAGES:
        return cookie
    asked = (part.partition(";")[0].strip()[:2].lower() for part in accepted[:200].split(","))
    return next((each for each in asked if each in LANGUAGES), LANGUAGES[0])
