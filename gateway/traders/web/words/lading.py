"""The words of bills of lading: what a bill says, its states, and what is done with it."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # Particulars
    "bill_title": ("Endorsed to", "背书给", "Ciro edilen"),
    "bill_carrier": ("Carrier", "承运人", "Taşıyan"),
    "bill_shipper": ("Shipper", "托运人", "Yükleten"),
    "bill_consignee": ("Consignee", "收货人", "Gönderilen"),
    "bill_route": ("Route", "航线", "Güzergâh"),
    "bill_ship": ("Ship and voyage", "船名航次", "Gemi ve sefer"),
    "bill_containers": ("Containers", "集装箱", "Konteynerler"),
    "bill_dispute": ("Stopped by a dispute", "因争议停止流转", "Uyuşmazlık nedeniyle durduruldu"),
    "bill_paper": ("Paper in its place", "替代的纸质提单", "Yerine geçen kâğıt"),
    "bill_from_paper": ("In place of paper", "替代原纸质提单", "Kâğıdın yerine"),
    "bill_amended": ("Amended", "已修改内容", "Değiştirilenler"),
    "bill_link": ("Endorsement chain", "背书链", "Ciro zinciri"),
    # States
    "trade_state_APPROVED": ("Approved", "托运人已确认", "Onaylandı"),
    "trade_state_PENDING_SURRENDER_FOR_DELIVERY": ("Goods asked for", "请求提货", "Mal talep edildi"),
    "trade_state_SURRENDERED_FOR_DELIVERY": ("Surrendered for the goods", "已交单提货", "Mal için teslim edildi"),
    "trade_state_DELIVERED": ("Delivered", "货物已交付", "Mal teslim edildi"),
    "trade_state_PENDING_SURRENDER_FOR_AMENDMENT": ("Amendment asked for", "请求修改", "Değişiklik istendi"),
    "trade_state_SURRENDERED_FOR_AMENDMENT": ("Surrendered to amend", "已交单修改", "Değiştirilmek üzere verildi"),
    "trade_state_VOIDED": ("Void", "已作废", "Geçersiz"),
    "trade_state_CONVERTED": ("Turned into paper", "已转为纸质", "Kâğıda dönüştürüldü"),
    # Events
    "trade_event_DRAFT": ("Written", "缮制", "Yazıldı"),
    "trade_event_APPROVE": ("Approved by the shipper", "托运人确认", "Yükleten onayladı"),
    "trade_event_ISSUE": ("Issued", "签发", "Düzenlendi"),
    "trade_event_TRANSFER": ("Passed on", "转交", "Devredildi"),
    "trade_event_REJECT_TRANSFER": ("Given back", "拒收退回", "Geri verildi"),
    "trade_event_ENDORSE": ("Endorsed", "记名背书", "Ciro edildi"),
    "trade_event_ENDORSE_TO_ORDER": ("Endorsed to order", "指示背书", "Emre ciro edildi"),
    "trade_event_BLANK_ENDORSE": ("Endorsed in blank", "空白背书", "Beyaz ciro edildi"),
    "trade_event_SIGN": ("Confirmed by its holder", "持有人确认", "Hamili teyit etti"),
    "trade_event_SURRENDER_FOR_DELIVERY": ("Surrendered for the goods", "交单提货", "Mal için sunuldu"),
    "trade_event_SURRENDER_FOR_AMENDMENT": ("Surrendered to be amended", "交单修改", "Değişiklik için sunuldu"),
    "trade_event_SACC": ("Surrender accepted", "接受交单", "Sunum kabul edildi"),
    "trade_event_SREJ": ("Surrender rejected", "拒绝交单", "Sunum reddedildi"),
    "trade_event_DELIVER": ("Goods handed over", "交付货物", "Mal teslim edildi"),
    "trade_event_CONVERT": ("Turned into paper", "转为纸质", "Kâğıda dönüştürüldü"),
    "trade_event_VOID": ("Voided", "作废", "Geçersiz kılındı"),
    "trade_event_DISPUTE": ("Disputed", "提出争议", "Uyuşmazlık açıldı"),
    "trade_event_PROPOSE_RULING": ("Ruling proposed", "拟议裁定", "Karar önerildi"),
    "trade_event_RELEASE": ("Released by ruling", "裁定放行", "Kararla serbest bırakıldı"),
    "trade_event_ANNUL": ("Voided by ruling", "裁定作废", "Kararla geçersiz kılındı"),
}
# fmt: on
