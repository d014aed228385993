"""The words of a bank's desk: today, balances, liquidity."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "desk": ("Desk", "业务台", "Operasyon"),
    "desk_today": ("Today", "今日", "Bugün"),
    "sent_today": ("Sent", "付出笔数", "Giden"),
    "received_today": ("Received", "收到笔数", "Gelen"),
    "to_be_credited": ("To be credited by you", "待本行入账", "Hesaba geçireceğiniz"),
    "rejected_today": ("Rejected today", "今日被拒绝", "Bugün reddedilen"),
    "for_a_second_officer": ("For a second officer", "待第二人复核", "İkinci yetkiliyi bekleyen"),
    "to_be_released": ("Asked for by customers", "客户待放行请求", "Müşterilerin istedikleri"),
    "liquidity": ("Balances through the day", "日内余额", "Gün içinde bakiyeler"),
    "liquidity_of": ("{currency} balance on {date}", "{date} {currency} 余额", "{date} günü {currency} bakiyesi"),
    "liquidity_said": (
        "The {currency} balance began at {opening} and is {now} now; it was lowest at {at} with {lowest}.",
        "{currency} 余额日初为 {opening}，目前为 {now}；最低于 {at} 为 {lowest}。",
        "{currency} bakiyesi {opening} ile başladı, şimdi {now}; en düşük {at} saatinde {lowest} idi.",
    ),
    "lowest_was": ("Lowest {amount}", "最低 {amount}", "En düşük {amount}"),
    "opening": ("Opening", "日初", "Açılış"),
    "paid_out": ("Paid out", "付出", "Ödenen"),
    "paid_in": ("Paid in", "收入", "Gelen"),
    "funded": ("Issued less redeemed", "发行减赎回", "İhraç eksi itfa"),
    "highest": ("Highest", "最高", "En yüksek"),
    "lowest": ("Lowest", "最低", "En düşük"),
    "now": ("Now", "目前", "Şimdi"),
    "waits_for_you": ("Waits for you", "等待本行处理", "Sizi bekleyenler"),
    "nothing_waits": ("Nothing waits.", "没有等待事项。", "Bekleyen yok."),
    "waits_for_a_second_officer": ("Waits for a second officer", "待第二人复核事项", "İkinci yetkiliyi bekleyenler"),
    "terms": ("Terms", "条件", "Koşullar"),
    "proposed_by": ("Proposed by", "提议人", "Öneren"),
    "second_officer_how": (
        "Another officer signs it: waitan payment release UETR. What nobody signs on its day lapses.",
        "由提议人以外的另一名经办人签署：waitan payment release UETR。当日未签署即失效。",
        "Öneren dışındaki bir yetkili imzalar: waitan payment release UETR. Gününde imzalanmayan düşer.",
    ),
    "customer": ("Customer", "客户", "Müşteri"),
    "execution_date": ("To be paid on", "要求执行日", "Ödeneceği gün"),
    "to_the_oldest": ("From the oldest", "从最早开始", "En eskiden"),
    "initiation_how": (
        "An officer answers by command: waitan initiation release ID, or waitan initiation decline ID.",
        "由经办人用命令答复：waitan initiation release ID，或 waitan initiation decline ID。",
        "Bir yetkili komutla yanıtlar: waitan initiation release ID ya da waitan initiation decline ID.",
    ),
    "latest": ("Latest payments", "最新支付", "Son ödemeler"),
    "all_payments": ("All payments", "全部支付", "Tüm ödemeler"),
}
# fmt: on
