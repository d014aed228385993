"""The words of what goes wrong: for each code or status what was wrong, and what to do about it."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "code": ("Code", "代码", "Kod"),
    "field": ("Field", "字段", "Alan"),
    "bug_reference": ("Reference", "参考号", "Referans"),
    "home": ("Home", "首页", "Ana sayfa"),
    "not_for_you": ("This page is not for your token.", "您的令牌无权查看此页。", "Bu sayfa belirtecinize açık değil."),
    "not_for_you_do": (
        "Use the pages that are named above, or sign in with another token.",
        "请使用上方列出的页面，或改用其他令牌登录。",
        "Yukarıda adı geçen sayfaları kullanın ya da başka bir belirteçle girin.",
    ),
    "wrong_400": ("What was sent is not understood.", "无法识别所发送的内容。", "Gönderilen anlaşılamadı."),
    "wrong_400_do": (
        "Begin again on the page that you came from.",
        "请返回原页面重新操作。",
        "Geldiğiniz sayfadan yeniden başlayın.",
    ),
    "wrong_403": ("You may not do this here.", "您无权在此执行此操作。", "Bunu burada yapamazsınız."),
    "wrong_403_do": (
        "Begin again at the home page if another site led you here; else ask your institution for another token.",
        "若由其他网站跳转至此，请从首页重新开始；否则请向您的机构索取其他令牌。",
        "Sizi buraya başka bir site getirdiyse ana sayfadan başlayın; yoksa kurumunuzdan başka bir belirteç isteyin.",
    ),
    "wrong_404": ("There is no such page.", "没有此页面。", "Böyle bir sayfa yok."),
    "wrong_404_do": (
        "Look whether the address is whole, or begin at the home page.",
        "请检查地址是否完整，或从首页开始。",
        "Adresin tam olup olmadığına bakın ya da ana sayfadan başlayın.",
    ),
    "wrong_NOT_FOUND": (
        "Nothing that you may see matches this.",
        "没有您可查看的匹配结果。",
        "Görebileceğiniz bir eşleşme yok.",
    ),
    "wrong_NOT_FOUND_do": (
        "Look at the number once more. What is another's looks like what does not exist.",
        "请再次核对编号。属于他人的内容与不存在的内容显示相同。",
        "Numaraya bir daha bakın. Başkasına ait olan, var olmayan gibi görünür.",
    ),
    "wrong_405": (
        "This address does not take what was sent.",
        "此地址不接受所发送的请求。",
        "Bu adres gönderileni kabul etmiyor.",
    ),
    "wrong_405_do": (
        "Begin again on the page that you came from.",
        "请返回原页面重新操作。",
        "Geldiğiniz sayfadan yeniden başlayın.",
    ),
    "wrong_408": ("What was sent came too slowly.", "发送过慢，已超时。", "Gönderilen çok yavaş geldi."),
    "wrong_408_do": ("Send it once more.", "请重新发送。", "Bir daha gönderin."),
    "wrong_DS0H": ("The signature does not hold.", "签名无效。", "İmza geçerli değil."),
    "wrong_DS0H_do": (
        "Load the page again and sign what it shows; else ask your bank whether your certificate is still good.",
        "请刷新页面并签署所显示的内容；否则请向银行确认您的证书是否仍有效。",
        "Sayfayı yenileyip gösterileni imzalayın; olmazsa sertifikanızın geçerli olup olmadığını bankanıza sorun.",
    ),
    "wrong_409": (
        "This cannot be done as things stand now.",
        "以目前的状态无法执行此操作。",
        "Bu, şu anki durumda yapılamaz.",
    ),
    "wrong_409_do": (
        "Read again how it stands: somebody may have been faster.",
        "请重新查看当前状态：可能已有他人先行操作。",
        "Durumu yeniden okuyun: başkası daha hızlı davranmış olabilir.",
    ),
    "wrong_413": ("What was sent is too large.", "发送的内容过大。", "Gönderilen çok büyük."),
    "wrong_413_do": ("Send less at once.", "请减少单次发送的内容。", "Bir kerede daha azını gönderin."),
    "wrong_415": (
        "What was sent is of a kind that is not taken here.",
        "此处不接受该类型的内容。",
        "Gönderilen tür burada kabul edilmiyor.",
    ),
    "wrong_415_do": (
        "Begin again on the page that you came from.",
        "请返回原页面重新操作。",
        "Geldiğiniz sayfadan yeniden başlayın.",
    ),
    "wrong_422": ("{field} is not understood.", "无法识别 {field}。", "{field} anlaşılamadı."),
    "wrong_422_do": (
        "Correct it in the address or on the page that you came from.",
        "请在地址或原页面中更正。",
        "Adreste ya da geldiğiniz sayfada düzeltin.",
    ),
    "wrong_429": (
        "More was asked from here in a short time than there is room for.",
        "短时间内的请求过多。",
        "Buradan kısa sürede çok fazla istek geldi.",
    ),
    "wrong_429_do": (
        "Wait {wait}, then load this page again.",
        "请等待 {wait} 后刷新本页。",
        "{wait} bekleyin, sonra sayfayı yenileyin.",
    ),
    "wrong_500": ("Something went wrong inside.", "内部发生错误。", "İçeride bir şeyler ters gitti."),
    "wrong_500_do": (
        "Tell your institution the reference: it leads to what happened.",
        "请将参考号告知您的机构，以便查明原因。",
        "Referansı kurumunuza bildirin: ne olduğunu oradan bulurlar.",
    ),
    "wrong_503": (
        "This gateway does not answer right now.",
        "网关暂时无法响应。",
        "Bu ağ geçidi şu anda yanıt vermiyor.",
    ),
    "wrong_503_do": (
        "Nothing was changed. Try again in {wait}.",
        "未作任何更改，请在 {wait} 后重试。",
        "Hiçbir şey değişmedi. {wait} sonra yeniden deneyin.",
    ),
    "wrong_OUTCOME_UNKNOWN": (
        "It is not known whether this took effect.",
        "尚不清楚是否已生效。",
        "Bunun yürürlüğe girip girmediği bilinmiyor.",
    ),
    "wrong_OUTCOME_UNKNOWN_do": (
        "Send the same again in {wait}: it takes effect once.",
        "请在 {wait} 后重新发送同样的内容：只会生效一次。",
        "{wait} sonra aynısını yeniden gönderin: yalnızca bir kez yürürlüğe girer.",
    ),
}
# fmt: on
