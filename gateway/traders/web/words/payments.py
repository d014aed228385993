"""The words of payments: finding them, lists of them, and the life of one."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # Finding
    "find": ("Find", "查找", "Bul"),
    "find_what": ("What are you looking for?", "您要查找什么？", "Ne arıyorsunuz?"),
    "find_hint": (
        "A UETR, an end-to-end reference, a name, an account number or words of the remittance.",
        "UETR、端到端参考号、名称、账号或附言中的文字。",
        "UETR, uçtan uca referans, ad, hesap numarası ya da açıklamadan sözcükler.",
    ),
    "find_button": ("Find", "查找", "Bul"),
    # A payment
    "payments": ("Payments", "支付", "Ödemeler"),
    "payment": ("Payment", "支付", "Ödeme"),
    "status": ("Status", "状态", "Durum"),
    "amount": ("Amount", "金额", "Tutar"),
    "from": ("From", "付款人", "Gönderen"),
    "to": ("To", "收款人", "Alıcı"),
    "bank": ("Bank", "银行", "Banka"),
    "about": ("About", "附言", "Açıklama"),
    "reference": ("End-to-end reference", "端到端参考号", "Uçtan uca referans"),
    "value_date": ("Value date", "起息日", "Valör tarihi"),
    "block": ("Block", "区块", "Blok"),
    "transaction": ("Transaction", "交易", "İşlem"),
    "particulars": ("Particulars", "详情", "Ayrıntılar"),
    "on_the_ledger": ("Where it stands on the ledger", "账本中的位置", "Defterdeki yeri"),
    "charges": ("Charges along the way", "途中费用", "Yoldaki masraflar"),
    "no_charges": ("Nobody took a charge.", "途中未收取费用。", "Kimse masraf almadı."),
    "timeline": ("Timeline", "时间线", "Zaman çizelgesi"),
    "timeline_of": ("Timeline of payment {uetr}", "支付 {uetr} 的时间线", "{uetr} ödemesinin zaman çizelgesi"),
    "way_of": ("The way of payment {uetr}", "支付 {uetr} 的路径", "{uetr} ödemesinin yolu"),
    "took": ("{spent} later", "{spent}后", "{spent} sonra"),
    "took_charge": ("charged {amount}", "收费 {amount}", "{amount} masraf aldı"),
    "it_is_here": ("it is here", "当前所在", "şu anda burada"),
    "paying_bank": ("Paying bank", "付款行", "Ödeyen banka"),
    "receiving_bank": ("Receiving bank", "收款行", "Alıcı banka"),
    "waits_for": ("Waiting.", "等待中。", "Bekliyor."),
    "since": ("Since", "自", "Başlangıç:"),
    "reason": ("Reason", "原因", "Neden"),
    "when": ("When", "时间", "Zaman"),
    "what": ("What", "事项", "Ne oldu"),
    "who": ("Who", "机构", "Kim"),
    "still_to_come": ("still to come", "尚未发生", "henüz olmadı"),
    # Steps of a life
    "settled": ("Settled, final", "已结算，终局", "Takas edildi, kesin"),
    "rejected": ("Rejected", "已拒绝", "Reddedildi"),
    "returned": ("Sent back", "已退回", "İade edildi"),
    "credit_waiting": ("Received, waiting", "已收到，待处理", "Alındı, bekliyor"),
    "credit_not_posted": ("Received, not posted yet", "已收到，尚未入账", "Alındı, henüz işlenmedi"),
    "credit_credited": ("Credited to the beneficiary", "已贷记收款人", "Alıcının hesabına geçti"),
    "credit_blocked": ("Blocked", "已冻结", "Bloke edildi"),
    "awaits_credit": ("To be credited by the bank", "等待收款行入账", "Bankanın hesaba geçmesi bekleniyor"),
}
# fmt: on
