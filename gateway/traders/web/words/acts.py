"""The words for what is done to organisations, accounts, business days, and to money as it is issued and redeemed."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "act_OnboardParticipant": ("Participant onboarded", "登记参与机构", "Katılımcı kaydedildi"),
    "act_ActivateParticipant": ("Participant activated", "启用参与机构", "Katılımcı etkinleştirildi"),
    "act_SuspendParticipant": ("Participant suspended", "暂停参与机构", "Katılımcı askıya alındı"),
    "act_ReinstateParticipant": ("Participant reinstated", "恢复参与机构", "Katılımcının askısı kaldırıldı"),
    "act_ExitParticipant": ("Participant left", "参与机构退出", "Katılımcı ayrıldı"),
    "act_RevokeCertificates": ("Certificates revoked", "吊销证书", "Sertifikalar iptal edildi"),
    "act_OpenAccount": ("Account opened", "开立账户", "Hesap açıldı"),
    "act_CloseAccount": ("Account closed", "销户", "Hesap kapatıldı"),
    "act_BlockAccount": ("Account blocked", "冻结账户", "Hesap bloke edildi"),
    "act_UnblockAccount": ("Account unblocked", "解冻账户", "Hesap blokesi kaldırıldı"),
    "act_OpenDay": ("Business day opened", "营业日开始", "İş günü açıldı"),
    "act_CutOffDay": ("Business day cut off", "营业日截止", "İş gününde kesim yapıldı"),
    "act_CloseDay": ("Business day closed", "营业日结束", "İş günü kapatıldı"),
    "act_RequestIssuance": ("Issuance requested", "申请发行", "İhraç istendi"),
    "act_ConfirmIssuance": ("Issuance confirmed", "确认发行", "İhraç teyit edildi"),
    "act_ApproveIssuance": ("Issuance approved", "批准发行", "İhraç onaylandı"),
    "act_DeclineIssuance": ("Issuance declined", "拒绝发行", "İhraç geri çevrildi"),
    "act_RequestRedemption": ("Redemption requested", "申请赎回", "İtfa istendi"),
    "act_ConfirmRedemption": ("Redemption confirmed", "确认赎回", "İtfa teyit edildi"),
    "act_ApproveRedemption": ("Redemption approved", "批准赎回", "İtfa onaylandı"),
    "act_DeclineRedemption": ("Redemption declined", "拒绝赎回", "İtfa geri çevrildi"),
    "act_RecordPayout": ("Payout recorded", "登记付款", "Dış ödeme kaydedildi"),
    "act_FailPayout": ("Payout failed", "付款失败", "Dış ödeme başarısız oldu"),
    # What one person has proposed, and a second has to confirm
    "ruling_SuspendParticipant": ("Suspend a participant", "暂停参与机构", "Bir katılımcıyı askıya alma"),
    "ruling_ReinstateParticipant": ("Reinstate a participant", "恢复参与机构", "Bir katılımcının askısını kaldırma"),
    "ruling_BlockAccount": ("Block an account", "冻结账户", "Bir hesabı bloke etme"),
    "ruling_UnblockAccount": ("Unblock an account", "解冻账户", "Bir hesabın blokesini kaldırma"),
    "ruling_RequireReports": ("Require reports of payments", "要求支付申报", "Ödemeler için bildirim zorunluluğu"),
    "ruling_SetAdvanceRate": ("Set how much may be lent", "设定融资比例", "Kredi oranını belirleme"),
    "ruling_SetReleaseLimit": ("Set a release limit", "设定放行限额", "Serbest bırakma sınırını belirleme"),
    "ruling_ProposeRelease": ("Release a payment", "放行支付", "Bir ödemeyi serbest bırakma"),
    "ruling_ProposeChangeRelease": ("Change a payment's terms", "变更付款条件", "Bir ödemenin koşullarını değiştirme"),
    # Where it is not told what was asked for, the record that changed
    "act_Participant": ("Participant changed", "参与机构变更", "Katılımcı değişti"),
    "act_Account": ("Account changed", "账户变更", "Hesap değişti"),
    "act_BusinessDay": ("Business day changed", "营业日变更", "İş günü değişti"),
    "act_Issuance": ("Issuance changed", "发行变更", "İhraç değişti"),
    "act_Redemption": ("Redemption changed", "赎回变更", "İtfa değişti"),
    # The states of what is issued and redeemed
    "REQUESTED": ("Requested", "已申请", "İstendi"),
    "CONFIRMED": ("Confirmed", "已确认", "Teyit edildi"),
    "ISSUED": ("Issued", "已发行", "İhraç edildi"),
    "DECLINED": ("Declined", "已拒绝", "Geri çevrildi"),
    "BURNED": ("Taken out of circulation", "已注销", "Dolaşımdan çekildi"),
    "PAID_OUT": ("Paid out", "已付出", "Dışarıda ödendi"),
    "FAILED": ("Failed", "失败", "Başarısız"),
}
# fmt: on
