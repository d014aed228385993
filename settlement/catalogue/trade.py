"""Refusals about documents of trade: bills of lading, customs, and what a payment names as its evidence."""

from typing import Final

from settlement.catalogue.entries import CUSTOMS, DOCUMENTS, refusal
from settlement.errors import Code, Meaning

OF_TRADE: Final[dict[Code, Meaning]] = {
    # A bill of lading.
    Code.CHAIN_BROKEN: refusal(
        "A link of the endorsement chain does not follow from the one before, or the document is not the one that"
        " was issued: something was altered.",
        "Do not rely on it. Fetch the bill anew from the ledger, and ask whoever sent this copy where it comes from.",
        "Waitan: a record keeps its integrity (MLETR article 10, DCSA PINT 3.0.0)",
    ),
    Code.IN_DISPUTE: refusal(
        "Who holds this bill of lading is disputed, so it stands still.",
        "Wait for the regulator's ruling; the bill's timeline tells who disputes it and why.",
        "Waitan: a dispute stops a bill until the regulator rules",
    ),
    Code.NOT_IN_CONTROL: refusal(
        "This is for another to do: for who holds the bill of lading, for its carrier, or for its shipper.",
        "Look who holds the bill. A carrier answers for its own bills alone; a shipper approves its own.",
        "Waitan: one person has control (MLETR article 11)",
    ),
    Code.NOT_NEGOTIABLE: refusal(
        "This is a straight bill of lading: it cannot be endorsed, and passes between shipper, consignee and banks"
        " alone.",
        "Transfer it to the consignee; or have it amended into one to order.",
        "Waitan: a straight bill is not transferable (DCSA `isToOrder`)",
    ),
    Code.NOT_TITLE_HOLDER: refusal(
        "Who holds this bill of lading has not the title that this needs: it is endorsed to another, or without"
        " the right to endorse on.",
        "Let the title holder do it, once it holds the bill.",
        "Waitan: who has the title endorses and surrenders (DCSA PINT and eBL Surrender 3.0)",
    ),
    Code.NOT_FIRST_ACTION: refusal(
        "A transfer can be rejected only by who received it, as the first thing that it does with the bill.",
        "Transfer the bill back instead.",
        "Waitan: what was used was accepted",
    ),
    Code.NOT_AS_APPROVED: refusal(
        "The draft is not the one that was read: the carrier has written it anew since.",
        "Read the draft again, and approve that.",
        "Waitan: what is approved is what was read",
    ),
    Code.CHAIN_FULL: refusal(
        "This bill of lading has changed hands as often as one can.",
        "Surrender it, for delivery or for amendment; an amended bill begins a new chain.",
        "Waitan: a chain has an end",
    ),
    Code.SUMMARY_LAPSED: refusal(
        "The term is over within which a summary declaration is completed.",
        "Ask customs to cancel the summary, and lodge a full declaration under another number.",
        CUSTOMS,
    ),
    Code.DECLARATION_INCOMPLETE: refusal(
        "Nothing is assessed on a summary declaration.",
        "The trader completes the declaration; then assess it.",
        CUSTOMS,
    ),
    Code.GOODS_HELD: refusal(
        "Customs or the regulator holds the goods.",
        "Who placed the hold lifts it; then another officer releases the goods.",
        CUSTOMS,
    ),
    Code.INSPECTION_OPEN: refusal(
        "An inspection of the goods is ordered and not recorded, or has found them not as declared.",
        "Record what was found; correct the declaration, or inspect again.",
        CUSTOMS,
    ),
    Code.TAX_NOT_COVERED: refusal(
        "The taxes on the goods are not assessed yet, or neither paid nor guaranteed, or the guarantee is over.",
        "Assess them; the trader's bank pays them to the treasury's account, or guarantees them.",
        CUSTOMS,
    ),
    Code.RATE_MISSING: refusal(
        "No rate, exchange rate or term is in force for these goods, this currency or this date.",
        "Two officers of customs enter it: one announces, the other approves. Then ask again.",
        "Waitan: customs rates are dated records",
    ),
    Code.RATE_NOT_LATER: refusal(
        "A rate is to be in force from a date that is not later than the last one's for the same thing.",
        "Give it a later date: what was in force is not changed afterwards.",
        "Waitan: customs rates are dated records",
    ),
    Code.NOT_THE_TREASURY: refusal(
        "The payment names a tax assessment, and does not go to the treasury's account.",
        "Pay to the participant and the account that the assessment names.",
        CUSTOMS,
    ),
    Code.REFUND_NOT_GRANTED: refusal(
        "A payment of tax is to be sent back, and no tax officer has granted that.",
        "The trader claims the refund, a tax officer grants it; then return exactly what was granted.",
        CUSTOMS,
    ),
    Code.NOT_THE_DOCUMENT: refusal(
        "The body and salt that were compared do not give the commitment that the ledger has of the document.",
        "See that it is the whole file, unaltered, and the salt that came with it; else it is another document.",
        DOCUMENTS,
    ),
    Code.NOT_ELIGIBLE: refusal(
        "Nobody lends on this document as it stands: an invoice that its buyer has not accepted or has paid, a"
        " declaration that customs has not accepted, holds or has found wrong, a bill of lading that neither the"
        " applicant nor the bank holds; or it is not the applicant's to borrow on: an invoice is its seller's.",
        "Have the invoice or the declaration accepted, or the bill of lading passed on, and ask again.",
        "Waitan: a lender relies on what the other side has accepted (GSCFF, Standard Definitions for Techniques of"
        " Supply Chain Finance, 2016: approved payables)",
    ),
    Code.NOT_AS_PROPOSED: refusal(
        "What is signed is not what was proposed: another change of this conditional payment than the payer's bank has"
        " proposed, or another payment under this UETR than the first officer has.",
        "Look at the proposal as it stands now, and sign exactly that; or ask for another one.",
        "Waitan: an undertaking is changed as both have agreed; four eyes (maker and checker)",
    ),
    Code.RELEASE_NEEDED: refusal(
        "The amount is above the limit that the bank has set for this account: two of its officers have to sign the"
        " payment, or the other terms of one that is conditional.",
        "Let one officer propose it, in the same words with `--propose` or with `waitan payment propose`, and another"
        " release it (`waitan payment release`; what waits: `waitan ruling list --waiting`). To change the limit takes"
        " two as well (`waitan account limit`).",
        "Waitan: four eyes for the release of payments above limit",
    ),
    Code.WAITED_FOR_TOO_OFTEN: refusal(
        "As many payments of this bank wait for the document already as one bank may let wait for it.",
        "Pay without waiting for it, or wait for another document of the trade; settle or end one that waits.",
        "Waitan: who writes a document settles what waits for it",
    ),
    Code.RR04: refusal(
        "What the payment has to prove is not there: a document that it names or waits for, or what it has to"
        " report to the authority of a country.",
        "Name what the answer points at and send it again, wait until the document is there, or let the payment"
        " wait for it (terms).",
    ),
    Code.RR05: refusal(
        "What the payment reports does not agree with its documents: another party, another number, documents of"
        " different trades, or a currency for which the ledger has no rate.",
        "Compare the payment with the document that the answer names, and correct the one that is wrong.",
    ),
}
