"""Refusals of a command for who sent it, how it is written, or what it speaks of in general."""

from typing import Final

from settlement.catalogue.entries import DOCUMENTS, EXCHANGE, refusal
from settlement.errors import Code, Meaning

OF_COMMANDS: Final[dict[Code, Meaning]] = {
    # The envelope: who speaks, and in what form.
    Code.AG08: refusal(
        "The certificate does not give its holder the right to ask for this, or claims a role that its"
        " organisation may not give.",
        "Use the certificate of a person or service with the right role, issued by that organisation's own authority.",
    ),
    Code.DS0H: refusal(
        "The signature is not one that counts: it does not match what was signed, or its certificate is expired,"
        " revoked or not valid yet.",
        "Sign it again, unaltered, with the key of a certificate that is valid now.",
    ),
    Code.SEQUENCE_NOT_NEXT: refusal(
        "The list does not carry the number that follows this participant's last one, so it was sent before, or"
        " another of its gateways was faster.",
        "Nothing to do by hand: the gateway catches up and signs again. If it persists, see whether two gateways"
        " run with one read model.",
        EXCHANGE,
    ),
    Code.FF01: refusal(
        "What was sent could not be read: it is not well-formed, not of a known message type or version, or not"
        " in the form in which commands are signed.",
        "Check the message type and its namespace, validate the file against its schema, and send it again.",
    ),
    Code.SAME_SIGNER: refusal(
        "One has signed twice where two must: maker and checker have the same name or the same key, or a party has"
        " signed the document before.",
        "Have the other party, or a second authorised person with a certificate of their own, check and sign.",
        "Waitan: four eyes (maker and checker), signatures of both parties",
    ),
    Code.COMMAND_ID_REUSED: refusal(
        "This command id was used before, for a command with other content.",
        "Compare with the earlier command. If this one is meant as well, send it under a new id.",
        EXCHANGE,
    ),
    # The form of a command.
    Code.CH21: refusal(
        "A required element is missing.",
        "Fill in the element that the answer names.",
    ),
    Code.CH17: refusal(
        "An element is present that is not allowed here, or not together with another one.",
        "Remove the element that the answer names, or the one that it contradicts.",
    ),
    Code.CH16: refusal(
        "An element's content is formally wrong: its length, characters, format or value is not allowed there.",
        "Correct the element that the answer names. Text is printable ASCII of the length that the element allows,"
        " amounts are plain digits with a point, dates YYYY-MM-DD, a UETR is a lower-case UUID of version 4.",
    ),
    Code.AM18: refusal(
        "The number of transactions in the message is not the number that its header states, or more than one.",
        "State the true number. A pacs.008 carries exactly one payment.",
    ),
    Code.AM16: refusal(
        "The control sum of the message is not the sum of its amounts, in whatever currencies they are.",
        "Add up the amounts of all payments in the message, or leave the sum out, and send it again.",
    ),
    Code.AM10: refusal(
        "The control sum of a group of payments in the message is not the sum of their amounts.",
        "Add up the amounts of the group, or leave the sum out, and send the message again.",
    ),
    Code.SUM_WRONG: refusal(
        "An amount of the document is not what its parts give: quantity times price of a line, or all its lines.",
        "Calculate it again (a line is rounded half to even to the currency's decimals) and ask again.",
        DOCUMENTS,
    ),
    Code.DU03: refusal(
        "The UETR was used before, by another payment.",
        "Look the UETR up. A payment that settled must not be sent twice; a new payment gets a new UETR.",
    ),
    Code.DU01: refusal(
        "The same sender used this message identification within its last ten business days.",
        "Find out whether the message was sent before; if it is a new one, give it a new identification.",
    ),
    Code.DU05: refusal(
        "The same sender used this instruction identification within its last ten business days.",
        "Find out whether the instruction was sent before; if it is a new one, give it a new identification.",
    ),
    Code.RC01: refusal(
        "A bank is not named correctly: the BIC has not eight or eleven capital letters and digits, or its fifth"
        " and sixth are no country.",
        "Take the BIC from the BIC directory and write it in capitals, without spaces.",
    ),
    Code.AC01: refusal(
        "The account number is wrong or unknown: an IBAN's check digits or length do not fit its country, or no"
        " such account exists.",
        "Ask the account's owner for the number, and write an IBAN without spaces.",
    ),
    Code.BE15: refusal(
        "A party's identification is wrong: a LEI or unified social credit code has a false check digit or form.",
        "Check the number against the register that issued it.",
    ),
    Code.BE16: refusal(
        "The debtor's identification is wrong: a LEI or unified social credit code has a false check digit or form.",
        "Check the debtor's number against the register that issued it.",
    ),
    Code.BE17: refusal(
        "The creditor's identification is wrong: a LEI or unified social credit code has a false check digit or form.",
        "Check the creditor's number against the register that issued it.",
    ),
    Code.RR09: refusal(
        "The structured creditor reference has false check digits or form.",
        "Copy the reference (RF and two check digits) from the invoice, without spaces, or put it into the"
        " unstructured remittance information.",
    ),
    Code.BE04: refusal(
        "The creditor's address is missing or lacks its town or country, or has too many free lines.",
        "Give town name and country in elements of their own, with at most two address lines.",
    ),
    Code.BE07: refusal(
        "The debtor's address is missing or lacks its town or country, or has too many free lines.",
        "Give town name and country in elements of their own, with at most two address lines.",
    ),
    Code.BE19: refusal(
        "The charge bearer is not one that cross-border payments allow, or does not fit the charges given.",
        "Use DEBT, SHAR or CRED, and the charge information that goes with it.",
    ),
    Code.AM11: refusal(
        "The currency code is unknown or withdrawn, or the currency is not settled on this ledger.",
        "Use a code that ISO 4217 lists today, in capitals, of a currency that the clearing institution settles.",
    ),
    Code.AM03: refusal(
        "Nothing can be settled in this currency: it is a metal or another code without minor units, or the"
        " ledger does not carry it.",
        "Pay in a currency that the clearing institution settles.",
    ),
    Code.CH20: refusal(
        "The amount's decimals do not fit its currency.",
        "Write as many decimals as the currency has: none for JPY, two for CNY, three for BHD.",
    ),
    Code.AM12: refusal(
        "The amount is not valid here, or does not agree with the other amounts and charges of the message.",
        "Compare instructed amount, charges and settlement amount, and correct the one that is wrong.",
    ),
    Code.AM01: refusal(
        "The amount is zero.",
        "Send the amount that is to be paid.",
    ),
    Code.HS_CODE_WRONG: refusal(
        "The code of goods is not one of the Harmonized System: it has not 6, 8 or 10 digits, or there is no such"
        " chapter.",
        "Look the goods up in the customs tariff, and write the code as digits alone.",
        "Waitan: goods are named by the Harmonized System (WCO)",
    ),
    # What the command speaks of.
    Code.NOT_FOUND: refusal(
        "There is nothing under that name that you are a party to.",
        "Check the name, and ask through the organisation that is a party.",
        "Waitan: who is no party learns nothing, not even whether the thing exists",
    ),
    Code.ALREADY_EXISTS: refusal(
        "There is already something under that name.",
        "Look it up; if yours is another one, give it another name.",
        "Waitan: a name is given once",
    ),
    Code.DECLARATION_NUMBER_USED: refusal(
        "A declaration with this number is on the ledger, whoever lodged it.",
        "Compare with the declaration that you lodged under it. Another one has another number.",
        "Waitan: a declaration number is registered once (I6)",
    ),
    Code.MOVE_NOT_ALLOWED: refusal(
        "The thing is not in a state in which this can be done to it; the answer names both: issuance.APPROVED, for"
        " example, where an issuance is to be declined that has been approved.",
        "Look at its life cycle (docs/reference/lifecycles.md): someone was faster, or a step before is missing.",
        "Waitan: the life-cycle tables",
    ),
    Code.DS24: refusal(
        "The time is over within which this could be done: the bank's release of what its customer asked for, the"
        " settlement of a conditional payment, or the second officer's signature on what the first has proposed for a"
        " business day.",
        "Ask anew, with a later date: the customer in a new message, the two banks for another conditional payment, the"
        " first officer with another proposal.",
    ),
    Code.LAPSED: refusal(
        "The last date of what the command concerns has passed, whether anybody has said so or not.",
        "Look the date up. Where the parties still want it, they agree on it anew.",
        DOCUMENTS,
    ),
    Code.NOT_AS_INITIATED: refusal(
        "The payment is to release what a customer asked for, and says something else than the customer did.",
        "Release it as it was asked for; or decline it, and let the customer ask anew.",
        "Waitan: a bank pays what its customer asked for",
    ),
}
