"""The words of customs' desk: today's declarations, what is held and inspected, tax."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "customs_today": ("Customs on {date}", "{date} 海关", "{date} günü gümrük"),
    "lodged_today": ("Lodged today", "今日申报", "Bugün verilen"),
    "held_now": ("Held", "扣留中", "Alıkonulan"),
    "to_inspect": ("To be inspected", "待查验", "Muayene bekleyen"),
    "released_today": ("Released today", "今日放行", "Bugün serbest bırakılan"),
    "tax_open": ("Tax owed, CNY", "应缴税 CNY", "Vergi borcu, CNY"),
    "tax_paid_today": ("Tax paid today, CNY", "今日已缴税 CNY", "Bugün ödenen vergi, CNY"),
    "how_many_of_them": ("Number", "数量", "Sayı"),
    "by_state": ("Declarations by state", "按状态统计报关单", "Duruma göre beyannameler"),
    "waits_for_customs": ("Waits for customs", "等待海关处理", "Gümrüğü bekleyenler"),
    "next_step": ("Next", "下一步", "Sırada"),
    "next_LODGED": ("Accept or reject", "接受或退单", "Kabul ya da ret"),
    "next_ACCEPTED": ("Inspect or assess", "查验或计税", "Muayene ya da tahakkuk"),
    "next_INSPECTED_OK": ("Assess tax", "计税", "Vergi tahakkuku"),
    "next_INSPECTED_FAIL": ("Amend or inspect again", "修改或再查验", "Değişiklik ya da yeniden muayene"),
    "next_DUTY_PAID": ("Release", "放行", "Serbest bırakma"),
    "next_DUTY_GUARANTEED": ("Release", "放行", "Serbest bırakma"),
    "next_DUTY_NIL": ("Release", "放行", "Serbest bırakma"),
    "goods_on_hold": ("Goods held", "扣留的货物", "Alıkonulan mallar"),
    "inspections_ordered": ("Inspections ordered", "已布控查验", "İstenen muayeneler"),
    "assessments": ("Tax assessments", "税单", "Vergi tahakkukları"),
    "none_now": ("None.", "无。", "Yok."),
    "due_or_paid": ("Due, or paid on", "到期或缴纳日期", "Vade ya da ödeme"),
    "newest_shown": (
        "The newest {shown} of {number}.",
        "共 {number} 项，显示最新 {shown} 项。",
        "{number} kayıttan en yeni {shown} tanesi.",
    ),
    "oldest_shown": (
        "The {shown} that have waited longest, of {number}.",
        "共 {number} 项，显示等待最久的 {shown} 项。",
        "{number} kayıttan en uzun süredir bekleyen {shown} tanesi.",
    ),
    "all_of_them": ("All of them", "全部", "Hepsi"),
    "all_declarations": ("All declarations", "全部报关单", "Tüm beyannameler"),
}
# fmt: on
