"""The words of every page's frame, and of signing in."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "title": ("Waitan tracker", "外滩跟踪", "Waitan izleyici"),
    "skip": ("Skip to content", "跳到正文", "İçeriğe geç"),
    "pages": ("Pages", "页面", "Sayfalar"),
    "language": ("Language", "语言", "Dil"),
    "sign_out": ("Sign out", "退出", "Çıkış"),
    "signed_in_as": ("Signed in as {name}", "登录身份：{name}", "{name} olarak giriş yapıldı"),
    "live": ("Live", "实时", "Canlı"),
    "live_off": (
        "Not live: reload to see what is new",
        "未实时连接：刷新以查看最新内容",
        "Canlı değil: yenileri görmek için sayfayı yenileyin",
    ),
    "updated": ("Updated", "已更新", "Güncellendi"),
    "as_table": ("As a table", "以表格显示", "Tablo olarak"),
    "all_times": ("All times are UTC.", "所有时间均为 UTC。", "Tüm saatler UTC'dir."),
    # Signing in
    "sign_in": ("Sign in", "登录", "Giriş"),
    "sign_in_why": (
        "Follow payments and trades, and what they wait for, from the first signature until the money is credited.",
        "从首次签署到款项入账，全程跟踪支付与贸易及其等待事项。",
        "Ödemeleri ve ticareti, neyi beklediklerini, ilk imzadan para hesaba geçene kadar izleyin.",
    ),
    "token": ("Access token", "访问令牌", "Erişim belirteci"),
    "token_hint": (
        "Your institution gives it to you. It starts with eyJ, is good for about an hour and stays in this browser.",
        "由您的机构签发，以 eyJ 开头，有效期约一小时，仅保存在本浏览器中。",
        "Kurumunuz verir. eyJ ile başlar, yaklaşık bir saat geçerlidir ve bu tarayıcıda kalır.",
    ),
    "token_how": (
        "On a network that you started yourself with waitan up, this prints one:",
        "在您自己用 waitan up 启动的网络中，以下命令会输出令牌：",
        "waitan up ile kendiniz başlattığınız bir ağda belirteci şu komut yazar:",
    ),
    "token_of_customer": ("for a customer", "（客户）", "müşteri için"),
    "token_of_staff": ("for the bank's desk", "（银行业务台）", "bankanın operasyonu için"),
    "token_refused": (
        "This token is not valid here, or has expired. Ask for a new one.",
        "该令牌在此无效或已过期，请索取新的令牌。",
        "Bu belirteç burada geçerli değil ya da süresi dolmuş. Yenisini isteyin.",
    ),
}
# fmt: on
