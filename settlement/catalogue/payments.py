"""Refusals and rejections about banks, accounts, days and money; and what is the system's own fault."""

from typing import Final

from settlement.catalogue.entries import refusal, rejection
from settlement.errors import Code, Meaning

OF_PAYMENTS: Final[dict[Code, Meaning]] = {
    Code.DNOR: refusal(
        "The debtor's bank is not registered on this ledger.",
        "Send through a participant, or have the bank admitted by the clearing institution.",
    ),
    Code.CNOR: refusal(
        "The creditor's bank is not registered on this ledger.",
        "Route the payment to a participant that can reach the creditor's bank.",
    ),
    Code.AG10: refusal(
        "The bank that asks is suspended and may not originate payments.",
        "Speak to the clearing institution or the regulator, who can lift the suspension.",
    ),
    Code.AM09: refusal(
        "The amount is not the one expected: more is to be returned, redeemed or settled than is left.",
        "Look up what is left of the original amount, and send at most that.",
    ),
    Code.BALANCE_NOT_ZERO: refusal(
        "The participant cannot leave, or the account cannot be closed, while there is money on it or an issuance"
        " or redemption under way.",
        "Redeem or pay out the balance, let what is under way end, then ask again.",
        "Waitan: a participant exits with all balances zero",
    ),
    Code.ACCOUNT_NOT_USABLE: refusal(
        "An account concerned is closed or blocked, or its balance would pass what an account can hold.",
        "Look at the account's state: if it is blocked, speak to the clearing institution; if it is full, redeem some.",
        "Waitan: the life-cycle of an account",
    ),
    Code.DAY_NOT_LATER: refusal(
        "The date to be opened is not later than the currency's last business day.",
        "Open a later date; a business day is opened once.",
        "Waitan: the business day of a currency",
    ),
    Code.DAY_CLOSED: refusal(
        "The currency's business day is closed, or was never opened, so nothing moves in it.",
        "Send it again when the clearing institution has opened the next day.",
        "Waitan: the business day of a currency",
    ),
    Code.DATE_PAST: refusal(
        "The settlement date of the return lies before the present business day.",
        "Date it the present business day and send it again.",
        "Waitan: the business day of a currency",
    ),
    Code.DT04: refusal(
        "The settlement date lies after the present business day, or today is past its cut-off and the payment"
        " is for tomorrow.",
        "Send it again on the business day that it is for.",
    ),
    Code.UNFUNDED: refusal(
        "The account to be debited does not hold enough, and the command is one that is refused then, not recorded.",
        "Fund the account and send the same again; the UETR or identification is still free.",
        "Waitan: what a payment wants when it is unfunded",
    ),
    # Rejections of a payment.
    Code.DT01: rejection(
        "The settlement date has passed, or is no business day of the currency.",
        "Send a new payment, with a new UETR, dated the present business day.",
    ),
    Code.TM01: rejection(
        "The payment came after the currency's cut-off for today.",
        "Send a new payment, with a new UETR, dated the next business day.",
    ),
    Code.AG11: rejection(
        "The creditor's bank is suspended and may not be credited.",
        "Agree another bank with the creditor, or wait until the suspension is lifted.",
    ),
    Code.AC04: rejection(
        "The account to be debited or credited is closed.",
        "Ask its owner for the account that is in use now, and send a new payment.",
    ),
    Code.AC06: rejection(
        "The account to be debited or credited is blocked.",
        "Ask the account's bank why; a new payment can be sent when the block is lifted.",
    ),
    Code.AM02: rejection(
        "The amount is above what may be paid, or would lift a balance above what an account can hold.",
        "Split the payment, or have the limit raised before you send a new one.",
    ),
    Code.AM04: rejection(
        "The payer's account on the ledger does not hold enough to fund the payment.",
        "Fund the account (issuance, or payments coming in) and send a new payment, with a new UETR.",
    ),
    Code.AB03: rejection(
        "The conditional payment was not settled before it expired; what was reserved for it is free again.",
        "See which condition was not met in time. Where it is met now, ask for a new payment, with a new UETR.",
    ),
    Code.DS02: rejection(
        "The conditional payment was ended as the payer's bank had proposed and the beneficiary has agreed.",
        "Nothing is owed under it any more; what is still to be paid takes a new payment, with a new UETR.",
    ),
    # The system, not the command.
    Code.DATA_MISSING: refusal(
        "A peer does not have a part of the private data yet, so the command could not be judged.",
        "Send the same again in a moment. If it persists, tell the operator which organisation's peer answered.",
        "Waitan: Hyperledger Fabric private data may arrive later than its hash",
    ),
    Code.ED05: refusal(
        "Settlement failed inside the system; the command has no effect.",
        "Send the same again. If it fails again, give the operator the reference in the answer.",
    ),
    Code.ED06: refusal(
        "The settlement system cannot be reached at present: the clearing institution or the regulator does not"
        " answer.",
        "Send the same again later, under the same UETR: it takes effect once at most.",
    ),
}
