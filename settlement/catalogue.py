"""What every code means to the person who meets it: what was wrong, where the rule comes from, what to do.

The table is total and stands in the order of precedence of `settlement.errors.Code`. The source names the external
code set that defines a code of four characters, or the rule behind one of ours (`Rsn/Prtry`).
"""

from types import MappingProxyType
from typing import Final

from settlement.errors import Code, Family, Meaning

_STATUS_REASON: Final = "ISO 20022 ExternalStatusReason1Code"
_DOCUMENTS: Final = "Waitan: documents of trade"
_CUSTOMS: Final = "Waitan: the life cycle of a declaration"
_EXCHANGE: Final = "Waitan: signed lists and commands"


def _refusal(meaning: str, remedy: str, source: str = _STATUS_REASON) -> Meaning:
    return Meaning(Family.REFUSAL, meaning, source, remedy)


def _rejection(meaning: str, remedy: str, source: str = _STATUS_REASON) -> Meaning:
    return Meaning(Family.REJECTION, meaning, source, remedy)


CATALOGUE: Final = MappingProxyType(
    {
        # The envelope: who speaks, and in what form.
        Code.AG08: _refusal(
            "The certificate does not give its holder the right to ask for this, or claims a role that its"
            " organisation may not give.",
            "Use the certificate of a person or service with the right role, issued by that organisation's own"
            " authority.",
        ),
        Code.DS0H: _refusal(
            "The signature is not one that counts: it does not match what was signed, or its certificate is expired,"
            " revoked or not valid yet.",
            "Sign it again, unaltered, with the key of a certificate that is valid now.",
        ),
        Code.SEQUENCE_NOT_NEXT: _refusal(
            "The list does not carry the number that follows this participant's last one, so it was sent before, or"
            " another of its gateways was faster.",
            "Nothing to do by hand: the gateway catches up and signs again. If it persists, see whether two gateways"
            " run with one read model.",
            _EXCHANGE,
        ),
        Code.FF01: _refusal(
            "What was sent could not be read: it is not well-formed, not of a known message type or version, or not"
            " in the form in which commands are signed.",
            "Check the message type and its namespace, validate the file against its schema, and send it again.",
        ),
        Code.SAME_SIGNER: _refusal(
            "One has signed twice where two must: maker and checker have the same name or the same key, or a party has"
            " signed the document before.",
            "Have the other party, or a second authorised person with a certificate of their own, check and sign.",
            "Waitan: four eyes (maker and checker), signatures of both parties",
        ),
        Code.COMMAND_ID_REUSED: _refusal(
            "This command id was used before, for a command with other content.",
            "Compare with the earlier command. If this one is meant as well, send it under a new id.",
            _EXCHANGE,
        ),
        # The form of a command.
        Code.CH21: _refusal(
            "A required element is missing.",
            "Fill in the element that the answer names.",
        ),
        Code.CH17: _refusal(
            "An element is present that is not allowed here, or not together with another one.",
            "Remove the element that the answer names, or the one that it contradicts.",
        ),
        Code.CH16: _refusal(
            "An element's content is formally wrong: its length, characters, format or value is not allowed there.",
            "Correct the element that the answer names. Text is printable ASCII of the length that the element allows,"
            " amounts are plain digits with a point, dates YYYY-MM-DD, a UETR is a lower-case UUID of version 4.",
        ),
        Code.AM18: _refusal(
            "The number of transactions in the message is not the number that its header states, or more than one.",
            "State the true number. A pacs.008 carries exactly one payment.",
        ),
        Code.AM16: _refusal(
            "The control sum of the message is not the sum of its amounts, in whatever currencies they are.",
            "Add up the amounts of all payments in the message, or leave the sum out, and send it again.",
        ),
        Code.AM10: _refusal(
            "The control sum of a group of payments in the message is not the sum of their amounts.",
            "Add up the amounts of the group, or leave the sum out, and send the message again.",
        ),
        Code.SUM_WRONG: _refusal(
            "An amount of the document is not what its parts give: quantity times price of a line, or all its lines.",
            "Calculate it again (a line is rounded half to even to the currency's decimals) and ask again.",
            _DOCUMENTS,
        ),
        Code.DU03: _refusal(
            "The UETR was used before, by another payment.",
            "Look the UETR up. A payment that settled must not be sent twice; a new payment gets a new UETR.",
        ),
        Code.DU01: _refusal(
            "The same sender used this message identification within its last ten business days.",
            "Find out whether the message was sent before; if it is a new one, give it a new identification.",
        ),
        Code.DU05: _refusal(
            "The same sender used this instruction identification within its last ten business days.",
            "Find out whether the instruction was sent before; if it is a new one, give it a new identification.",
        ),
        Code.RC01: _refusal(
            "A bank is not named correctly: the BIC has not eight or eleven capital letters and digits, or its fifth"
            " and sixth are no country.",
            "Take the BIC from the BIC directory and write it in capitals, without spaces.",
        ),
        Code.AC01: _refusal(
            "The account number is wrong or unknown: an IBAN's check digits or length do not fit its country, or no"
            " such account exists.",
            "Ask the account's owner for the number, and write an IBAN without spaces.",
        ),
        Code.BE15: _refusal(
            "A party's identification is wrong: a LEI or unified social credit code has a false check digit or form.",
            "Check the number against the register that issued it.",
        ),
        Code.BE16: _refusal(
            "The debtor's identification is wrong: a LEI or unified social credit code has a false check digit or"
            " form.",
            "Check the debtor's number against the register that issued it.",
        ),
        Code.BE17: _refusal(
            "The creditor's identification is wrong: a LEI or unified social credit code has a false check digit or"
            " form.",
            "Check the creditor's number against the register that issued it.",
        ),
        Code.RR09: _refusal(
            "The structured creditor reference has false check digits or form.",
            "Copy the reference (RF and two check digits) from the invoice, without spaces, or put it into the"
            " unstructured remittance information.",
        ),
        Code.BE04: _refusal(
            "The creditor's address is missing or lacks its town or country, or has too many free lines.",
            "Give town name and country in elements of their own, with at most two address lines.",
        ),
        Code.BE07: _refusal(
            "The debtor's address is missing or lacks its town or country, or has too many free lines.",
            "Give town name and country in elements of their own, with at most two address lines.",
        ),
        Code.BE19: _refusal(
            "The charge bearer is not one that cross-border payments allow, or does not fit the charges given.",
            "Use DEBT, SHAR or CRED, and the charge information that goes with it.",
        ),
        Code.AM11: _refusal(
            "The currency code is unknown or withdrawn, or the currency is not settled on this ledger.",
            "Use a code that ISO 4217 lists today, in capitals, of a currency that the clearing institution settles.",
        ),
        Code.AM03: _refusal(
            "Nothing can be settled in this currency: it is a metal or another code without minor units, or the"
            " ledger does not carry it.",
            "Pay in a currency that the clearing institution settles.",
        ),
        Code.CH20: _refusal(
            "The amount's decimals do not fit its currency.",
            "Write as many decimals as the currency has: none for JPY, two for CNY, three for BHD.",
        ),
        Code.AM12: _refusal(
            "The amount is not valid here, or does not agree with the other amounts and charges of the message.",
            "Compare instructed amount, charges and settlement amount, and correct the one that is wrong.",
        ),
        Code.AM01: _refusal(
            "The amount is zero.",
            "Send the amount that is to be paid.",
        ),
        Code.HS_CODE_WRONG: _refusal(
            "The code of goods is not one of the Harmonized System: it has not 6, 8 or 10 digits, or there is no such"
            " chapter.",
            "Look the goods up in the customs tariff, and write the code as digits alone.",
            "Waitan: goods are named by the Harmonized System (WCO)",
        ),
        # What the command speaks of.
        Code.NOT_FOUND: _refusal(
            "There is nothing under that name that you are a party to.",
            "Check the name, and ask through the organisation that is a party.",
            "Waitan: who is no party learns nothing, not even whether the thing exists",
        ),
        Code.ALREADY_EXISTS: _refusal(
            "There is already something under that name.",
            "Look it up; if yours is another one, give it another name.",
            "Waitan: a name is given once",
        ),
        Code.DECLARATION_NUMBER_USED: _refusal(
            "A declaration with this number is on the ledger, whoever lodged it.",
            "Compare with the declaration that you lodged under it. Another one has another number.",
            "Waitan: a declaration number is registered once (I6)",
        ),
        Code.MOVE_NOT_ALLOWED: _refusal(
            "The thing is not in a state in which this can be done to it; the answer names both (issuance.APPROVED).",
            "Look at its life cycle (docs/reference/lifecycles.md): someone was faster, or a step before is missing.",
            "Waitan: the life-cycle tables",
        ),
        Code.DS24: _refusal(
            "The time is over within which the bank could release or decline what its customer asked for.",
            "The customer asks again, in a new message, with a later execution date.",
        ),
        Code.LAPSED: _refusal(
            "The last date of what the command concerns has passed, whether anybody has said so or not.",
            "Look the date up. Where the parties still want it, they agree on it anew.",
            _DOCUMENTS,
        ),
        Code.NOT_AS_INITIATED: _refusal(
            "The payment is to release what a customer asked for, and says something else than the customer did.",
            "Release it as it was asked for; or decline it, and let the customer ask anew.",
            "Waitan: a bank pays what its customer asked for",
        ),
        # A bill of lading.
        Code.CHAIN_BROKEN: _refusal(
            "A link of the endorsement chain does not follow from the one before, or the document is not the one that"
            " was issued: something was altered.",
            "Do not rely on it. Fetch the bill anew from the ledger, and ask whoever sent this copy where it comes"
            " from.",
            "Waitan: a record keeps its integrity (MLETR article 10, DCSA PINT 3.0.0)",
        ),
        Code.IN_DISPUTE: _refusal(
            "Who holds this bill of lading is disputed, so it stands still.",
            "Wait for the regulator's ruling; the bill's timeline tells who disputes it and why.",
            "Waitan: a dispute stops a bill until the regulator rules",
        ),
        Code.NOT_IN_CONTROL: _refusal(
            "This is for another to do: for who holds the bill of lading, for its carrier, or for its shipper.",
            "Look who holds the bill. A carrier answers for its own bills alone; a shipper approves its own.",
            "Waitan: one person has control (MLETR article 11)",
        ),
        Code.NOT_NEGOTIABLE: _refusal(
            "This is a straight bill of lading: it cannot be endorsed, and passes between shipper, consignee and banks"
            " alone.",
            "Transfer it to the consignee; or have it amended into one to order.",
            "Waitan: a straight bill is not transferable (DCSA `isToOrder`)",
        ),
        Code.NOT_TITLE_HOLDER: _refusal(
            "Who holds this bill of lading has not the title that this needs: it is endorsed to another, or without"
            " the right to endorse on.",
            "Let the title holder do it, once it holds the bill.",
            "Waitan: who has the title endorses and surrenders (DCSA PINT and eBL Surrender 3.0)",
        ),
        Code.NOT_FIRST_ACTION: _refusal(
            "A transfer can be rejected only by who received it, as the first thing that it does with the bill.",
            "Transfer the bill back instead.",
            "Waitan: what was used was accepted",
        ),
        Code.NOT_AS_APPROVED: _refusal(
            "The draft is not the one that was read: the carrier has written it anew since.",
            "Read the draft again, and approve that.",
            "Waitan: what is approved is what was read",
        ),
        Code.CHAIN_FULL: _refusal(
            "This bill of lading has changed hands as often as one can.",
            "Surrender it, for delivery or for amendment; an amended bill begins a new chain.",
            "Waitan: a chain has an end",
        ),
        Code.SUMMARY_LAPSED: _refusal(
            "The term is over within which a summary declaration is completed.",
            "Ask customs to cancel the summary, and lodge a full declaration under another number.",
            _CUSTOMS,
        ),
        Code.DECLARATION_INCOMPLETE: _refusal(
            "Nothing is assessed on a summary declaration.",
            "The trader completes the declaration; then assess it.",
            _CUSTOMS,
        ),
        Code.GOODS_HELD: _refusal(
            "Customs or the regulator holds the goods.",
            "Who placed the hold lifts it; then another officer releases the goods.",
            _CUSTOMS,
        ),
        Code.INSPECTION_OPEN: _refusal(
            "An inspection of the goods is ordered and not recorded, or has found them not as declared.",
            "Record what was found; correct the declaration, or inspect again.",
            _CUSTOMS,
        ),
        Code.TAX_NOT_COVERED: _refusal(
            "The taxes on the goods are not assessed yet, or neither paid nor guaranteed, or the guarantee is over.",
            "Assess them; the trader's bank pays them to the treasury's account, or guarantees them.",
            _CUSTOMS,
        ),
        Code.RATE_MISSING: _refusal(
            "No rate, exchange rate or term is in force for these goods, this currency or this date.",
            "Two officers of customs enter it: one announces, the other approves. Then ask again.",
            "Waitan: customs rates are dated records",
        ),
        Code.RATE_NOT_LATER: _refusal(
            "A rate is to be in force from a date that is not later than the last one's for the same thing.",
            "Give it a later date: what was in force is not changed afterwards.",
            "Waitan: customs rates are dated records",
        ),
        Code.NOT_THE_TREASURY: _refusal(
            "The payment names a tax assessment, and does not go to the treasury's account.",
            "Pay to the participant and the account that the assessment names.",
            _CUSTOMS,
        ),
        Code.REFUND_NOT_GRANTED: _refusal(
            "A payment of tax is to be sent back, and no tax officer has granted that.",
            "The trader claims the refund, a tax officer grants it; then return exactly what was granted.",
            _CUSTOMS,
        ),
        Code.NOT_THE_DOCUMENT: _refusal(
            "The body and salt that were compared do not give the commitment that the ledger has of the document.",
            "See that it is the whole file, unaltered, and the salt that came with it; else it is another document.",
            _DOCUMENTS,
        ),
        Code.NOT_ELIGIBLE: _refusal(
            "Nobody lends on this document as it stands: an invoice that its buyer has not accepted or has paid, a"
            " declaration that customs has not accepted, holds or has found wrong, a bill of lading that neither the"
            " applicant nor the bank holds.",
            "Have the invoice or the declaration accepted, or the bill of lading passed on, and ask again.",
            "Waitan: a lender relies on what the other side has accepted (GSCFF, Standard Definitions for Techniques of"
            " Supply Chain Finance, 2016: approved payables)",
        ),
        Code.NOT_AS_PROPOSED: _refusal(
            "What is accepted is not the change that the payer's bank has proposed of this conditional payment.",
            "Look at the proposal as it stands now, and sign exactly that; or ask the payer's bank for another one.",
            "Waitan: an undertaking is changed as both have agreed",
        ),
        Code.WAITED_FOR_TOO_OFTEN: _refusal(
            "As many payments of this bank wait for the document already as one bank may let wait for it.",
            "Pay without waiting for it, or wait for another document of the trade; settle or end one that waits.",
            "Waitan: who writes a document settles what waits for it",
        ),
        Code.RR04: _refusal(
            "What the payment has to prove is not there: a document that it names or waits for, or what it has to"
            " report to the authority of a country.",
            "Name what the answer points at and send it again, wait until the document is there, or let the payment"
            " wait for it (terms).",
        ),
        Code.RR05: _refusal(
            "What the payment reports does not agree with its documents: another party, another number, or a currency"
            " for which the ledger has no rate.",
            "Compare the payment with the document that the answer names, and correct the one that is wrong.",
        ),
        Code.DNOR: _refusal(
            "The debtor's bank is not registered on this ledger.",
            "Send through a participant, or have the bank admitted by the clearing institution.",
        ),
        Code.CNOR: _refusal(
            "The creditor's bank is not registered on this ledger.",
            "Route the payment to a participant that can reach the creditor's bank.",
        ),
        Code.AG10: _refusal(
            "The bank that asks is suspended and may not originate payments.",
            "Speak to the clearing institution or the regulator, who can lift the suspension.",
        ),
        Code.AM09: _refusal(
            "The amount is not the one expected: more is to be returned, redeemed or settled than is left.",
            "Look up what is left of the original amount, and send at most that.",
        ),
        Code.BALANCE_NOT_ZERO: _refusal(
            "The participant cannot leave, or the account cannot be closed, while there is money on it or an issuance"
            " or redemption under way.",
            "Redeem or pay out the balance, let what is under way end, then ask again.",
            "Waitan: a participant exits with all balances zero",
        ),
        Code.ACCOUNT_NOT_USABLE: _refusal(
            "An account concerned is closed or blocked, or its balance would pass what an account can hold.",
            "Look at the account's state: if it is blocked, speak to the clearing institution; if it is full, redeem"
            " some.",
            "Waitan: the life-cycle of an account",
        ),
        Code.DAY_NOT_LATER: _refusal(
            "The date to be opened is not later than the currency's last business day.",
            "Open a later date; a business day is opened once.",
            "Waitan: the business day of a currency",
        ),
        Code.DAY_CLOSED: _refusal(
            "The currency's business day is closed, or was never opened, so nothing moves in it.",
            "Send it again when the clearing institution has opened the next day.",
            "Waitan: the business day of a currency",
        ),
        Code.DATE_PAST: _refusal(
            "The settlement date of the return lies before the present business day.",
            "Date it the present business day and send it again.",
            "Waitan: the business day of a currency",
        ),
        Code.DT04: _refusal(
            "The settlement date lies after the present business day, or today is past its cut-off and the payment"
            " is for tomorrow.",
            "Send it again on the business day that it is for.",
        ),
        Code.UNFUNDED: _refusal(
            "The account to be debited does not hold enough, and the command is one that is refused then, not"
            " recorded.",
            "Fund the account and send the same again; the UETR or identification is still free.",
            "Waitan: what a payment wants when it is unfunded",
        ),
        # Rejections of a payment.
        Code.DT01: _rejection(
            "The settlement date has passed, or is no business day of the currency.",
            "Send a new payment, with a new UETR, dated the present business day.",
        ),
        Code.TM01: _rejection(
            "The payment came after the currency's cut-off for today.",
            "Send a new payment, with a new UETR, dated the next business day.",
        ),
        Code.AG11: _rejection(
            "The creditor's bank is suspended and may not be credited.",
            "Agree another bank with the creditor, or wait until the suspension is lifted.",
        ),
        Code.AC04: _rejection(
            "The account to be debited or credited is closed.",
            "Ask its owner for the account that is in use now, and send a new payment.",
        ),
        Code.AC06: _rejection(
            "The account to be debited or credited is blocked.",
            "Ask the account's bank why; a new payment can be sent when the block is lifted.",
        ),
        Code.AM02: _rejection(
            "The amount is above what may be paid, or would lift a balance above what an account can hold.",
            "Split the payment, or have the limit raised before you send a new one.",
        ),
        Code.AM04: _rejection(
            "The payer's account on the ledger does not hold enough to fund the payment.",
            "Fund the account (issuance, or payments coming in) and send a new payment, with a new UETR.",
        ),
        Code.AB03: _rejection(
            "The conditional payment was not settled before it expired; what was reserved for it is free again.",
            "See which condition was not met in time. Where it is met now, ask for a new payment, with a new UETR.",
        ),
        Code.DS02: _rejection(
            "The conditional payment was ended as the payer's bank had proposed and the beneficiary has agreed.",
            "Nothing is owed under it any more; what is still to be paid takes a new payment, with a new UETR.",
        ),
        # The system, not the command.
        Code.DATA_MISSING: _refusal(
            "A peer does not have a part of the private data yet, so the command could not be judged.",
            "Send the same again in a moment. If it persists, tell the operator which organisation's peer answered.",
            "Waitan: Hyperledger Fabric private data may arrive later than its hash",
        ),
        Code.ED05: _refusal(
            "Settlement failed inside the system; the command has no effect.",
            "Send the same again. If it fails again, give the operator the reference in the answer.",
        ),
        Code.ED06: _refusal(
            "The settlement system cannot be reached at present: the clearing institution or the regulator does not"
            " answer.",
            "Send the same again later, under the same UETR: it takes effect once at most.",
        ),
    }
)
"""Every code and what it means."""


def family(code: Code) -> Family:
    """Tell whether a code refuses a command (nothing is written) or rejects a payment (it is recorded)."""
    return CATALOGUE[code].family
