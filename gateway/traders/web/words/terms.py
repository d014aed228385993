"""The words of terms of trade: how is paid, in which unit goods are counted, what a note does."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # How the buyer pays; {amount} counts days
    "payment_ADVANCE": ("In advance", "预付货款", "Peşin"),
    "payment_OPEN_ACCOUNT": (
        "On open account, {amount} days after the date of the bill of lading",
        "赊销（O/A），提单日后 {amount} 天付款",
        "Mal mukabili, konşimento tarihinden {amount} gün sonra",
    ),
    "payment_COLLECTION_DP": (
        "Documentary collection, documents against payment (D/P)",
        "跟单托收，付款交单（D/P）",
        "Vesaik mukabili, ödeme karşılığı (D/P)",
    ),
    "payment_COLLECTION_DA": (
        "Documentary collection, documents against acceptance (D/A), {amount} days after sight",
        "跟单托收，承兑交单（D/A），见票后 {amount} 天",
        "Vesaik mukabili, kabul karşılığı (D/A), görüldükten {amount} gün sonra",
    ),
    "payment_UNDERTAKING": (
        "Against a bank's conditional undertaking",
        "凭银行附条件付款承诺",
        "Bankanın koşullu ödeme taahhüdü karşılığı",
    ),
    # Units of UN/ECE Recommendation 20 that are seen most; others stand as their codes
    "unit_C62": ("{amount} units", "{amount} 个", "{amount} adet"),
    "unit_H87": ("{amount} pieces", "{amount} 件", "{amount} adet"),
    "unit_PR": ("{amount} pairs", "{amount} 双", "{amount} çift"),
    "unit_SET": ("{amount} sets", "{amount} 套", "{amount} takım"),
    "unit_GRM": ("{amount} g", "{amount} 克", "{amount} g"),
    "unit_KGM": ("{amount} kg", "{amount} 千克", "{amount} kg"),
    "unit_TNE": ("{amount} t", "{amount} 吨", "{amount} ton"),
    "unit_MTR": ("{amount} m", "{amount} 米", "{amount} m"),
    "unit_MTK": ("{amount} m²", "{amount} 平方米", "{amount} m²"),
    "unit_MTQ": ("{amount} m³", "{amount} 立方米", "{amount} m³"),
    "unit_LTR": ("{amount} l", "{amount} 升", "{amount} l"),
    # Notes to an invoice
    "note_CREN": ("Credit note", "贷项通知单", "Alacak dekontu"),
    "note_DEBN": ("Debit note", "借项通知单", "Borç dekontu"),
}
# fmt: on
