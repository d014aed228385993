"""The words of what a trader issues, declares and presents on a page, and of what was filled in wrongly."""

from typing import Final

# fmt: off
TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # Invoices and notes
    "act_issue_invoice": ("Issue an invoice", "开具发票", "Fatura düzenle"),
    "said_issue_invoice": (
        "Goods and prices are the contract's. What the quantities come to is reckoned, and shown before you sign.",
        "货物与单价以合同为准；金额按数量计算，签署前显示。",
        "Mal ve fiyatlar sözleşmedekilerdir. Tutar miktarlardan hesaplanır ve imzadan önce gösterilir.",
    ),
    "act_issue_note": ("Issue a credit or debit note", "开具贷项或借项通知单", "Alacak ya da borç dekontu düzenle"),
    "said_issue_note": (
        "It changes what the invoice comes to, at once. After a debit note the buyer accepts the invoice anew.",
        "立即更改发票金额；借项通知单后买方须重新接受发票。",
        "Fatura tutarını hemen değiştirir. Borç dekontundan sonra alıcı faturayı yeniden kabul eder.",
    ),
    # Declarations and their tax
    "act_lodge_declaration": ("Lodge a declaration", "申报报关单", "Beyanname ver"),
    "said_lodge_declaration": (
        "Your firm declares these goods to customs: the seller their export, the buyer their import.",
        "贵公司向海关申报货物：卖方申报出口，买方申报进口。",
        "Firmanız bu malları gümrüğe beyan eder: satıcı ihracatı, alıcı ithalatı.",
    ),
    "act_complete_declaration": ("Complete the declaration", "补齐报关单", "Beyannameyi tamamla"),
    "said_complete_declaration": (
        "What the summary left out is brought, and all of it is said anew.",
        "补报概要申报中未列明的内容，并重新完整申报。",
        "Özet beyanda eksik bırakılan tamamlanır ve hepsi yeniden beyan edilir.",
    ),
    "act_amend_declaration": ("Correct the declaration", "更正报关单", "Beyannameyi düzelt"),
    "said_amend_declaration": (
        "Until customs has accepted it your firm may correct what it declared, and says why.",
        "海关接受之前，贵公司可更正申报内容并说明理由。",
        "Gümrük kabul edene kadar firmanız beyanını nedenini bildirerek düzeltebilir.",
    ),
    "act_withdraw_declaration": ("Withdraw the declaration", "撤回报关单", "Beyannameyi geri çek"),
    "said_withdraw_declaration": (
        "Until customs has accepted it your firm may take it back.",
        "海关接受之前，贵公司可撤回申报。",
        "Gümrük kabul edene kadar firmanız beyanını geri çekebilir.",
    ),
    "act_claim_refund": ("Claim tax back", "申请退税", "Vergi iadesi iste"),
    "said_claim_refund": (
        "In CNY, at most what was paid. A tax officer decides.",
        "以人民币计，最多为已缴金额；由税务人员审定。",
        "CNY olarak, en çok ödenen kadar. Vergi memuru karar verir.",
    ),
    # Papers that are held
    "act_hand_over_bill": ("Present the bill for this payment", "凭本付款交付提单", "Bu ödemeye karşı ibraz et"),
    "said_hand_over_bill": (
        "The bill goes to the buyer and the money to you in one transaction, or neither moves.",
        "提单交付买方与货款支付在同一交易中完成，否则均不发生。",
        "Konşimento alıcıya, para size tek işlemde geçer; ya da ikisi de geçmez.",
    ),
    "act_confirm_bill": ("Confirm that you hold it", "确认持有", "Elinizde olduğunu onayla"),
    "said_confirm_bill": (
        "All who stand on the bill see that your firm holds it.",
        "提单各方可见贵公司持有该提单。",
        "Konşimentodaki herkes, hamilin firmanız olduğunu görür.",
    ),
    "act_dispute_bill": ("Contest who holds it", "对持有人提出异议", "Hamile itiraz et"),
    "said_dispute_bill": (
        "The bill stands still until the regulator has ruled.",
        "在监管机构裁定之前，提单冻结。",
        "Düzenleyici kurum karar verene kadar konşimento durur.",
    ),
    "act_present_document": ("Present", "提交", "İbraz et"),
    "said_present_document": (
        "The organisation can see the document from now on.",
        "该机构此后可查看此单据。",
        "Kurum belgeyi bundan sonra görebilir.",
    ),
    "act_transfer_document": ("Give on", "转交原件", "Aslını devret"),
    "said_transfer_document": (
        "There is one original, and another holds it then.",
        "原件仅有一份，转交后由他人持有。",
        "Tek asıl vardır; artık başkasındadır.",
    ),
    "act_revoke_document": ("Revoke", "吊销", "İptal et"),
    "said_revoke_document": (
        "Nobody can rely on the document any more, whoever holds it.",
        "无论由谁持有，该单据不再有效。",
        "Kimde olursa olsun, belgeye artık güvenilemez.",
    ),
    # What they need to be told
    "field_number": ("Number", "编号", "Numara"),
    "field_issued_on": ("Date of issue", "开具日期", "Düzenleme tarihi"),
    "field_due_on": ("To be paid by", "付款到期日", "Son ödeme tarihi"),
    "field_quantity": ("Quantity", "数量", "Miktar"),
    "field_note_kind": ("Which way", "类型", "Türü"),
    "field_customs": ("Customs", "海关", "Gümrük"),
    "field_declared_as": ("Declared", "申报方式", "Beyan"),
    "field_counterparty": ("Other side", "境外收发货人", "Karşı taraf"),
    "field_procedure": ("Supervision mode", "监管方式", "Gözetim usulü"),
    "field_transport_mode": ("Mode of transport (1: sea)", "运输方式（1：海运）", "Taşıma şekli (1: deniz)"),
    "field_transport_document": ("Bill of lading or waybill", "提运单号", "Konşimento ya da taşıma senedi"),
    "field_port": ("Port (UN/LOCODE)", "口岸（UN/LOCODE）", "Liman (UN/LOCODE)"),
    "field_country": ("Country they go to or come from", "运抵国或启运国", "Varış ya da çıkış ülkesi"),
    "field_arrived_on": ("Arrival reported on", "申报进境日期", "Varış bildirimi"),
    "field_incoterm": ("Incoterms rule", "贸易术语", "Incoterms kuralı"),
    "field_packages": ("Packages", "件数", "Kap adedi"),
    "field_gross_weight_kg": ("Gross weight, kg", "毛重（千克）", "Brüt ağırlık, kg"),
    "field_net_weight_kg": ("Net weight, kg", "净重（千克）", "Net ağırlık, kg"),
    "field_invoices": ("Invoices", "发票号", "Faturalar"),
    "field_certificates": ("Certificates", "随附单证", "Sertifikalar"),
    "field_hs_code": ("HS code", "商品编号", "GTİP"),
    "field_origin": ("Origin", "原产国", "Menşe"),
    "field_value": ("Value", "总价", "Değer"),
    "field_to_organisation": ("To whom it is shown", "提交给", "Kime"),
    "choice_CREN": ("Less: a credit note", "减少：贷项通知单", "Eksiltir: alacak dekontu"),
    "choice_DEBN": ("More: a debit note", "增加：借项通知单", "Artırır: borç dekontu"),
    "choice_WHOLE": ("In full", "完整申报", "Tam beyan"),
    "choice_SUMMARY": ("A summary, completed later", "概要申报，随后补齐", "Özet beyan, sonra tamamlanır"),
    "comes_to": ("Comes to", "合计", "Toplam"),
    "numbers_hint": ("Numbers, with commas between them.", "编号，以英文逗号分隔。", "Numaralar, aralarında virgülle."),
    "lines_hint": ("Goods without a quantity are left out.", "未填数量的货物不计入。", "Miktarı boş mallar alınmaz."),
    # What was filled in wrongly
    "nothing_was_signed": (
        "Nothing was signed. What you filled in is still below.",
        "尚未签署任何内容。您填写的内容保留在下方。",
        "Hiçbir şey imzalanmadı. Doldurduklarınız aşağıda duruyor.",
    ),
    "back_to_the_record": ("Back to the record", "返回", "Kayda dön"),
    "fill_in_again": ("Change what was filled in", "修改所填内容", "Doldurduklarınızı değiştirin"),
    "numbers_written": (
        "Decimals stand behind a point: 1,234.56.",
        "小数点用“.”，千位可用“,”：1,234.56。",
        "Ondalıklar noktadan sonra yazılır, virgül binleri ayırır: 1,234.56.",
    ),
    "fault_number": (
        "write digits, with decimals behind a point, as in 1,234.56",
        "请填写数字，小数点用“.”，如 1,234.56",
        "rakamla yazın, ondalıklar noktadan sonra gelsin: 1,234.56",
    ),
    "fault_CH16": ("not in order", "填写不正确", "biçimi doğru değil"),
    "fault_CH17": ("more than is allowed here", "不允许填写或过多", "burada izin verilenden fazla"),
    "fault_CH20": ("too many decimals for the currency", "小数位过多", "para birimi için fazla ondalık"),
    "fault_CH21": ("has to be filled in", "必须填写", "doldurulmalı"),
    "fault_AM01": ("more than nothing is needed", "金额不能为零", "sıfırdan büyük olmalı"),
    "fault_AM09": ("more than is left", "超过剩余金额", "kalandan fazla"),
    "fault_AM03": ("no currency in which anything settles", "不可用于结算的币种", "takasta kullanılmayan para birimi"),
    "fault_AM11": ("no such currency", "没有此币种", "böyle bir para birimi yok"),
    "fault_HS_CODE_WRONG": ("no code of goods", "商品编号无效", "geçerli bir kod değil"),
    "fault_NOT_ELIGIBLE": ("nothing on which a bank lends", "不可融资的单据", "üzerine kredi verilemez"),
}
# fmt: on
