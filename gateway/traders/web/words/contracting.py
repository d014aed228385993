"""The words of the forms on which a contract of sale and its amendments are proposed."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "act_propose_contract": ("Propose a contract", "提议合同", "Sözleşme öner"),
    "said_propose_contract": (
        "Your firm proposes the terms of a sale. They take effect when both firms have signed them.",
        "贵公司提议买卖条款；双方签署后生效。",
        "Firmanız bir satışın koşullarını önerir. İki firma da imzalayınca yürürlüğe girer.",
    ),
    "act_amend_contract": ("Propose an amendment", "提议修改合同", "Değişiklik öner"),
    "said_amend_contract": (
        "The terms of the next version. Until both firms have signed them, those in effect stand.",
        "下一版本的条款；双方签署之前，现行条款继续有效。",
        "Sonraki sürümün koşulları. İki firma da imzalayana kadar yürürlüktekiler geçerlidir.",
    ),
    "more_goods": ("More lines of goods", "增加货物行", "Daha fazla mal satırı"),
    "latin_letters": (
        "Names, places and goods in Latin letters without accents, as payments have them.",
        "名称、地点与货物请用不带变音符号的拉丁字母填写，与付款报文一致。",
        "Adlar, yerler ve mallar ödemelerdeki gibi yazılır: ç, ğ, ı, İ, ö, ş, ü yerine c, g, i, I, o, s, u.",
    ),
    "fault_letters": (
        "only Latin letters without accents",
        "只能使用不带变音符号的拉丁字母",
        "yalnızca aksansız Latin harfleri (c, g, i, o, s, u)",
    ),
    # Who trades
    "part_own": ("Your firm", "贵公司", "Firmanız"),
    "part_other": ("The other side", "对方", "Karşı taraf"),
    "field_side": ("Your firm", "贵公司为", "Firmanız"),
    "choice_SELLER": ("sells", "卖方", "satıcı"),
    "choice_BUYER": ("buys", "买方", "alıcı"),
    "field_own_name": ("Your firm's name", "贵公司名称", "Firmanızın adı"),
    "field_own_country": ("Your country (two letters)", "贵公司所在国（两位代码）", "Ülkeniz (iki harf)"),
    "field_own_town_name": ("Your town", "贵公司所在城市", "Şehriniz"),
    "field_own_street_name": ("Your street", "贵公司所在街道", "Sokağınız"),
    "field_own_building_number": ("Your building number", "贵公司门牌号", "Bina numaranız"),
    "field_own_post_code": ("Your post code", "贵公司邮编", "Posta kodunuz"),
    "field_other_name": ("The other side's name", "对方名称", "Karşı tarafın adı"),
    "field_other_identifier": (
        "The other side's LEI or USCC",
        "对方的 LEI 或统一社会信用代码",
        "Karşı tarafın LEI ya da USCC'si",
    ),
    "field_other_bank": ("The other side's bank", "对方银行", "Karşı tarafın bankası"),
    "field_other_country": ("Their country (two letters)", "对方所在国（两位代码）", "Ülkeleri (iki harf)"),
    "field_other_town_name": ("Their town", "对方所在城市", "Şehirleri"),
    "field_other_street_name": ("Their street", "对方所在街道", "Sokakları"),
    "field_other_building_number": ("Their building number", "对方门牌号", "Bina numaraları"),
    "field_other_post_code": ("Their post code", "对方邮编", "Posta kodları"),
    # What is agreed
    "field_agreed_on": ("Date of the terms", "条款日期", "Koşulların tarihi"),
    "field_edition": ("Edition of Incoterms", "Incoterms 版本", "Incoterms sürümü"),
    "field_place": ("Place or port of that rule", "指定地点或港口", "Kuralın yeri ya da limanı"),
    "field_payment": ("How the buyer pays", "付款方式", "Alıcı nasıl öder"),
    "field_days": ("After how many days", "付款天数", "Kaç gün sonra"),
    "field_tolerance_pct": ("More may be invoiced, per cent", "溢装比例（%）", "Fazla faturalanabilen, yüzde"),
    "field_latest_shipment_on": ("To be shipped by", "最迟装运日期", "Son yükleme tarihi"),
    "field_expires_on": ("The contract ends on", "合同截止日期", "Sözleşmenin son günü"),
    "field_law": ("Governing law", "适用法律", "Uygulanacak hukuk"),
    "choice_ADVANCE": ("In advance", "预付货款", "Peşin"),
    "choice_OPEN_ACCOUNT": (
        "On open account, days after the bill of lading",
        "赊销（O/A），提单日后若干天",
        "Mal mukabili, konşimentodan gün sonra",
    ),
    "choice_COLLECTION_DP": ("Collection against payment (D/P)", "付款交单（D/P）", "Vesaik mukabili, ödemeye (D/P)"),
    "choice_COLLECTION_DA": (
        "Collection against acceptance (D/A), days after sight",
        "承兑交单（D/A），见票后若干天",
        "Vesaik mukabili, kabule (D/A), görüldükten gün sonra",
    ),
    "choice_UNDERTAKING": ("Against a bank's undertaking", "凭银行付款承诺", "Banka taahhüdü karşılığı"),
    # Goods
    "field_description": ("Goods", "货物名称", "Mal"),
    "field_unit": ("Unit", "单位", "Birim"),
    "field_unit_price": ("Price per unit", "单价", "Birim fiyatı"),
    "choice_H87": ("pieces (H87)", "件（H87）", "adet (H87)"),
    "choice_C62": ("units (C62)", "个（C62）", "birim (C62)"),
    "choice_PR": ("pairs (PR)", "双（PR）", "çift (PR)"),
    "choice_SET": ("sets (SET)", "套（SET）", "takım (SET)"),
    "choice_GRM": ("grams (GRM)", "克（GRM）", "gram (GRM)"),
    "choice_KGM": ("kilograms (KGM)", "千克（KGM）", "kilogram (KGM)"),
    "choice_TNE": ("tonnes (TNE)", "吨（TNE）", "ton (TNE)"),
    "choice_MTR": ("metres (MTR)", "米（MTR）", "metre (MTR)"),
    "choice_MTK": ("square metres (MTK)", "平方米（MTK）", "metrekare (MTK)"),
    "choice_MTQ": ("cubic metres (MTQ)", "立方米（MTQ）", "metreküp (MTQ)"),
    "choice_LTR": ("litres (LTR)", "升（LTR）", "litre (LTR)"),
}
# fmt: on
