"""The words of the network at a glance."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "network": ("Network", "网络", "Ağ"),
    "network_title": ("The network at a glance", "网络概览", "Bir bakışta ağ"),
    "participants_active": ("Participants active", "正常参与机构", "Etkin katılımcılar"),
    "days_open": ("Currencies open", "营业币种", "Açık para birimleri"),
    "settled_today": ("Payments settled", "已结算支付", "Takas edilen ödemeler"),
    "activity": ("Payments through the day", "日内支付", "Gün içinde ödemeler"),
    "activity_said": (
        "{settled} payments settled and {rejected} rejected; at most {most} in one span of time.",
        "已结算 {settled} 笔，拒绝 {rejected} 笔；单个时段最多 {most} 笔。",
        "{settled} ödeme takas edildi, {rejected} ödeme reddedildi; bir zaman diliminde en çok {most}.",
    ),
    "bar_settled": ("Settled", "已结算", "Takas edildi"),
    "bar_rejected": ("Rejected", "已拒绝", "Reddedildi"),
    "from_time": ("From", "自", "Başlangıç"),
    "day_by_currency": ("The day in each currency", "各币种营业日", "Para birimlerine göre gün"),
    "day": ("Business day", "营业日", "İş günü"),
    "state": ("State", "状态", "Durum"),
    "movements": ("Payments and returns", "支付与退回笔数", "Ödeme ve iadeler"),
    "volume": ("Volume", "金额合计", "Hacim"),
    "held_in_all": ("Held by all", "全部余额", "Toplam bakiye"),
    "backed": ("Fully backed", "足额备付", "Tam karşılıklı"),
    "yes": ("Yes", "是", "Evet"),
    "no": ("No", "否", "Hayır"),
    "who_holds_what": ("Balances", "余额", "Bakiyeler"),
    "participants": ("Participants", "参与机构", "Katılımcılar"),
    "participant": ("Participant", "参与机构", "Katılımcı"),
    "kind": ("Kind", "类型", "Tür"),
    "rejections": ("Rejected today, by reason", "今日拒绝原因", "Bugün reddedilenler, nedene göre"),
    "how_many": ("Payments", "笔数", "Ödeme"),
    "none_rejected": ("Nothing was rejected.", "没有拒绝。", "Reddedilen yok."),
    "refusals_leave_nothing": (
        "What was refused is not here: a refusal writes nothing, and only the one who asked is told.",
        "被拒收的请求不在此列：拒收不写入账本，仅告知请求方。",
        "Geri çevrilenler burada değildir: deftere bir şey yazılmaz, yalnızca soran öğrenir.",
    ),
    "latest_rejected": ("Latest rejected", "最新拒绝", "Son reddedilenler"),
    "all_rejected": ("All rejected payments", "全部被拒绝的支付", "Reddedilen tüm ödemeler"),
    "waits_for_a_second": ("Waits for a second person", "待第二人确认", "İkinci kişinin onayını bekleyenler"),
    "latest_acts": ("Latest acts", "最近操作", "Son işlemler"),
    "of_what": ("Of what", "对象", "Konu"),
}
# fmt: on
