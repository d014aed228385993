"""The words of signing: the browser's key, what there is to sign, and what each act means."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # The key, and one signing
    "my_key": ("My key", "我的密钥", "Anahtarım"),
    "make_key": ("Make a key", "生成密钥", "Anahtar oluştur"),
    "sign_title": ("To be signed by your firm", "待贵公司签署", "Firmanızın imzasını bekliyor"),
    "sign_why": (
        "Read the terms. You sign exactly the text below, with a key that does not leave this browser.",
        "请阅读条款。您签署的正是下方文本，所用密钥不会离开本浏览器。",
        "Koşulları okuyun. Aşağıdaki metni, bu tarayıcıdan çıkmayan bir anahtarla imzalarsınız.",
    ),
    "sign_text": ("The exact text", "签署的原文", "İmzalanan metin"),
    "sign_button": ("Sign", "签署", "İmzala"),
    "signing": ("Signing …", "正在签署……", "İmzalanıyor …"),
    "signed": ("Signed.", "已签署。", "İmzalandı."),
    "not_signed": ("Not signed:", "未签署：", "İmzalanmadı:"),
    "sign_without_script": (
        "Without a script this browser has no key to sign with.",
        "未启用脚本，本浏览器没有可用于签署的密钥。",
        "Betik olmadan bu tarayıcının imzalayacak anahtarı yoktur.",
    ),
    "sign_by_command": ("Or with a key of your own:", "或使用您自己的密钥：", "Ya da kendi anahtarınızla:"),
    "key_title": ("The key of this browser", "本浏览器的密钥", "Bu tarayıcının anahtarı"),
    "key_why": (
        "You sign with a key that this browser makes and keeps, which nobody can read. Your bank certifies it.",
        "您使用本浏览器生成并保管、任何人都无法读取的密钥签署；银行为其签发证书。",
        "Bu tarayıcının oluşturup sakladığı, kimsenin okuyamadığı bir anahtarla imzalarsınız. Bankanız onu onaylar.",
    ),
    "key_name": ("Your name", "您的姓名", "Adınız"),
    "key_name_hint": (
        "In Latin letters, as it shall stand beside what you sign.",
        "拉丁字母，将显示在您的签名旁。",
        "İmzanızın yanında görüneceği gibi, Latin harfleriyle.",
    ),
    "key_none": ("This browser has no key yet.", "本浏览器尚无密钥。", "Bu tarayıcıda henüz anahtar yok."),
    "key_made": ("The key waits for its certificate.", "密钥正等待证书。", "Anahtar sertifikasını bekliyor."),
    "key_ready": ("You can sign with this key.", "您可以使用此密钥签署。", "Bu anahtarla imzalayabilirsiniz."),
    "key_failed": ("That did not work:", "操作失败：", "Olmadı:"),
    "key_other": ("This certificate is of another key.", "该证书属于另一把密钥。", "Sertifika başka bir anahtara ait."),
    "key_request": ("Give this request to your bank", "请将此申请交给银行", "Bu isteği bankanıza verin"),
    "key_certificate": ("The certificate that it gives you", "银行签发的证书", "Bankanızın verdiği sertifika"),
    "key_take": ("Take the certificate", "导入证书", "Sertifikayı al"),
    # What a firm may sign
    "acts_title": ("What your firm may sign", "贵公司可签署的事项", "Firmanızın imzalayabilecekleri"),
    "read_and_sign": ("Read and sign", "阅读并签署", "Oku ve imzala"),
    "may_be_empty": ("(may be empty)", "（可留空）", "(boş kalabilir)"),
    "party_hint": (
        "NUMBER@BANK for a firm, BANK for a bank itself.",
        "公司填“编号@银行”，银行本身填“银行”。",
        "Firma için NUMARA@BANKA, bankanın kendisi için BANKA.",
    ),
    "act_sign_contract": ("Sign the terms", "签署条款", "Koşulları imzala"),
    "said_sign_contract": (
        "Your firm agrees to the terms. When both parties have signed, they are in effect.",
        "贵公司同意这些条款；双方签署后即生效。",
        "Firmanız koşulları kabul eder. İki taraf imzalayınca yürürlüğe girer.",
    ),
    "act_withdraw_proposal": ("Take the proposal back", "撤回提议", "Öneriyi geri çek"),
    "said_withdraw_proposal": (
        "What not both have signed is taken back, or turned down.",
        "撤回或拒绝尚未由双方签署的条款。",
        "İki tarafça imzalanmamış olan geri çekilir ya da reddedilir.",
    ),
    "act_confirm_performance": ("Confirm performance", "确认履行", "İfayı onayla"),
    "said_confirm_performance": (
        "Nothing is left to do under the contract, by either side.",
        "双方在合同项下均已无未尽事项。",
        "Sözleşmede iki tarafın da yapacağı bir şey kalmadı.",
    ),
    "act_terminate_contract": ("End the contract", "终止合同", "Sözleşmeyi sona erdir"),
    "said_terminate_contract": (
        "A notice that the contract is ended before it was performed.",
        "通知在履行完毕前终止合同。",
        "Sözleşmenin ifa edilmeden sona erdiği bildirilir.",
    ),
    "act_accept_invoice": ("Accept the invoice", "接受发票", "Faturayı kabul et"),
    "said_accept_invoice": (
        "Your firm owes what the invoice comes to.",
        "贵公司确认应付该发票金额。",
        "Firmanız fatura tutarını borçlandığını kabul eder.",
    ),
    "act_dispute_invoice": ("Dispute the invoice", "对发票提出异议", "Faturaya itiraz et"),
    "said_dispute_invoice": (
        "Your firm does not accept it, and says why.",
        "贵公司不接受该发票并说明理由。",
        "Firmanız faturayı kabul etmez ve nedenini bildirir.",
    ),
    "act_approve_bill": ("Approve the draft", "确认提单草稿", "Taslağı onayla"),
    "said_approve_bill": (
        "The draft is in order: the carrier may issue the bill to your firm.",
        "草稿无误：承运人可向贵公司签发提单。",
        "Taslak doğrudur: taşıyan konşimentoyu firmanıza düzenleyebilir.",
    ),
    "act_endorse_bill": ("Endorse", "背书", "Ciro et"),
    "said_endorse_bill": (
        "The title passes on. The bill itself stays with your firm until it is transferred.",
        "权利随背书转移；提单在转交前仍由贵公司持有。",
        "Hak devredilir. Konşimento, devredilene kadar firmanızda kalır.",
    ),
    "act_transfer_bill": ("Transfer", "转交", "Devret"),
    "said_transfer_bill": (
        "The bill goes to another, who then holds it.",
        "提单转交他人，由其持有。",
        "Konşimento başkasına geçer, artık hamili odur.",
    ),
    "act_reject_bill": ("Give the bill back", "退回提单", "Konşimentoyu geri ver"),
    "said_reject_bill": (
        "Your firm gives back what it was given, as the first thing that it does with it.",
        "作为首次行为，贵公司退回所收到的提单。",
        "Firmanız, ilk işlem olarak aldığını geri verir.",
    ),
    "act_surrender_bill": ("Surrender", "交单", "Teslim et"),
    "said_surrender_bill": (
        "The carrier is asked for the goods, or to amend the bill.",
        "请求承运人交货或修改提单。",
        "Taşıyandan mal ya da değişiklik istenir.",
    ),
    "act_accept_change": ("Accept the change", "接受变更", "Değişikliği kabul et"),
    "said_accept_change": (
        "The bank's undertaking is changed, or ended, as it proposes.",
        "银行的付款承诺按其提议变更或终止。",
        "Bankanın taahhüdü önerdiği gibi değişir ya da sona erer.",
    ),
    "act_apply_for_financing": ("Apply for a loan on it", "以此申请融资", "Bununla kredi başvurusu yap"),
    "said_apply_for_financing": (
        "Until that day your bank may look how much is free on it over all banks. It is not told who else has lent.",
        "银行在该日期前可查询该单据在所有银行中的可融资余额，但不会得知其他出借人。",
        "Bankanız o güne kadar tüm bankalarda ne kadar kaldığına bakabilir; başka kimin kredi verdiğini öğrenmez.",
    ),
    # What it needs to be told
    "field_reason": ("Reason", "理由", "Neden"),
    "field_manner": ("How", "方式", "Nasıl"),
    "field_purpose": ("For what", "目的", "Ne için"),
    "field_to": ("To whom", "受让人", "Kime"),
    "field_loan_number": ("Your number for the loan", "贵公司融资编号", "Kredi için numaranız"),
    "field_amount": ("Amount", "金额", "Tutar"),
    "field_currency": ("Currency", "币种", "Para birimi"),
    "field_consents_until": ("The bank may look until", "银行可查询至", "Bankanın bakabileceği son gün"),
    "choice_ENDORSE": ("To a name, which cannot endorse on", "记名，不可再背书", "Ada, yeniden ciro edilemez"),
    "choice_ENDORSE_TO_ORDER": ("To a name's order", "指示背书", "Emre"),
    "choice_BLANK_ENDORSE": ("In blank, to whoever holds it", "空白背书，归持有人", "Beyaz, hamiline"),
    "choice_SURRENDER_FOR_DELIVERY": ("The goods", "提货", "Mal"),
    "choice_SURRENDER_FOR_AMENDMENT": ("An amendment", "修改", "Değişiklik"),
}
# fmt: on
