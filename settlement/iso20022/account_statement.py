"""camt.053.001.08, a statement of an account, and camt.054.001.08, the movements on one: written, never read.

Source: ISO 20022 BankToCustomerStatementV08 and BankToCustomerDebitCreditNotificationV08. A long statement comes in
pages; each begins with the balance that the one before ended with, so opening balance and entries add up to the
closing balance on every one of them (REQUIREMENTS I15): OPBD and CLBD at the ends, ITBD in
between and at the end of a day that is not over.

A notification is about a customer's account, which its bank keeps and this ledger does not: it has no balance.
"""

from typing import Any, Final

from pyiso20022.camt import camt_053_001_08, camt_054_001_08

from settlement.iso20022.components import Writer
from settlement.iso20022.serialising import message as serialise
from settlement.parties import Agent, CashAccount, Party
from settlement.records import Record

STATEMENT: Final = "camt.053.001.08"
NOTIFICATION: Final = "camt.054.001.08"

_ISSUER: Final = "waitan"
_FAMILY: Final = {True: "RCDT", False: "ICDT"}
"""ExternalBankTransactionFamily1Code: received and issued credit transfers, by whether the account was credited."""
_CREDIT_TRANSFER: Final = "XBCT"
_RETURN: Final = "RRTN"
"""ExternalBankTransactionSubFamily1Code: a cross-border credit transfer, and the reversal of one by a return."""


class StatementEntry(Record):
    """A movement. `amount` is a decimal string without a sign; `reference` names the line, `kind` what moved the money.

    A payment has its references, parties and agents; `return_reason` is that of a return. What moved money without a
    payment (an issuance, a redemption) has none, and its kind is told as a proprietary code.
    """

    reference: str
    amount: str
    currency: str
    is_credit: bool
    booked_at: str
    value_date: str
    kind: str
    information: str = ""
    message_id: str = ""
    instruction_id: str = ""
    end_to_end_id: str = ""
    uetr: str = ""
    return_reason: str = ""
    debtor: Party | None = None
    debtor_account: CashAccount | None = None
    debtor_agent: Agent | None = None
    creditor: Party | None = None
    creditor_account: CashAccount | None = None
    creditor_agent: Agent | None = None
    remittance: str = ""


class BalanceTold(Record):
    """A balance: its code (OPBD, ITBD, CLBD, CLAV, ITAV), a decimal string that may begin with `-`, and its date."""

    code: str
    amount: str
    date: str


class AccountStatement(Record):
    """One page of a statement, or a notification (without balances). `account` is the number as it is asked for by."""

    message_id: str
    statement_id: str
    created_at: str
    account: CashAccount
    currency: str
    owner: Party
    page: int = 1
    is_last: bool = True
    balances: tuple[BalanceTold, ...] = ()
    entries: tuple[StatementEntry, ...] = ()


def write_statement(statement: AccountStatement) -> bytes:
    """Write a page as camt.053.001.08."""
    models = camt_053_001_08
    page = models.AccountStatement9(
        id=statement.statement_id,
        stmt_pgntn=_pagination(models, statement),
        cre_dt_tm=statement.created_at,
        acct=_account(models, statement),
        bal=[_balance(models, each, statement.currency) for each in statement.balances],
        ntry=[_entry(models, each) for each in statement.entries],
    )
    document = models.Document(
        bk_to_cstmr_stmt=models.BankToCustomerStatementV08(grp_hdr=_header(models, statement), stmt=[page])
    )
    return serialise(STATEMENT, document)


def write_notification(statement: AccountStatement) -> bytes:
    """Write movements as camt.054.001.08."""
    models = camt_054_001_08
    page = models.AccountNotification17(
        id=statement.statement_id,
        ntfctn_pgntn=_pagination(models, statement),
        cre_dt_tm=statement.created_at,
        acct=_account(models, statement),
        ntry=[_entry(models, each) for each in statement.entries],
    )
    document = models.Document(
        bk_to_cstmr_dbt_cdt_ntfctn=models.BankToCustomerDebitCreditNotificationV08(
            grp_hdr=_header(models, statement), ntfctn=[page]
        )
    )
    return serialise(NOTIFICATION, document)


def _header(models: Any, statement: AccountStatement) -> Any:
    return models.GroupHeader81(msg_id=statement.message_id, cre_dt_tm=statement.created_at)


def _pagination(models: Any, statement: AccountStatement) -> Any:
    return models.Pagination1(pg_nb=str(statement.page), last_pg_ind=statement.is_last)


def _account(models: Any, statement: AccountStatement) -> Any:
    number = Writer(models).account(statement.account)
    return models.CashAccount39(
        id=number.id, ccy=statement.currency or None, ownr=Writer(models).party(statement.owner)
    )


def _balance(models: Any, balance: BalanceTold, currency: str) -> Any:
    return models.CashBalance8(
        tp=models.BalanceType13(cd_or_prtry=models.BalanceType10Choice(cd=balance.code)),
        amt=Writer(models).amount(balance.amount.removeprefix("-"), currency),
        cdt_dbt_ind="DBIT" if balance.amount.startswith("-") else "CRDT",
        dt=models.DateAndDateTime2Choice(dt=balance.date),
    )


def _entry(models: Any, entry: StatementEntry) -> Any:
    writer = Writer(models)
    amount, direction = writer.amount(entry.amount, entry.currency), "CRDT" if entry.is_credit else "DBIT"
    return models.ReportEntry10(
        ntry_ref=entry.reference,
        amt=amount,
        cdt_dbt_ind=direction,
        rvsl_ind=True if entry.return_reason else None,
        sts=models.EntryStatus1Choice(cd="BOOK"),
        bookg_dt=models.DateAndDateTime2Choice(dt_tm=entry.booked_at),
        val_dt=models.DateAndDateTime2Choice(dt=entry.value_date) if entry.value_date else None,
        bk_tx_cd=_kind(models, entry),
        ntry_dtls=[models.EntryDetails9(tx_dtls=[_details(models, entry, amount, direction)])] if entry.uetr else [],
        addtl_ntry_inf=entry.information or None,
    )


def _kind(models: Any, entry: StatementEntry) -> Any:
    if not entry.uetr:
        proprietary = models.ProprietaryBankTransactionCodeStructure1(cd=entry.kind, issr=_ISSUER)
        return models.BankTransactionCodeStructure4(prtry=proprietary)
    return models.BankTransactionCodeStructure4(
        domn=models.BankTransactionCodeStructure5(
            cd="PMNT",
            fmly=models.BankTransactionCodeStructure6(
                cd=_FAMILY[entry.is_credit], sub_fmly_cd=_RETURN if entry.return_reason else _CREDIT_TRANSFER
            ),
        )
    )


def _details(models: Any, entry: StatementEntry, amount: Any, direction: str) -> Any:
    writer = Writer(models)
    parties = None
    if entry.debtor or entry.creditor:
        parties = models.TransactionParties6(
            dbtr=_party(models, entry.debtor),
            dbtr_acct=writer.account(entry.debtor_account),
            cdtr=_party(models, entry.creditor),
            cdtr_acct=writer.account(entry.creditor_account),
        )
    agents = None
    if entry.debtor_agent or entry.creditor_agent:
        agents = models.TransactionAgents5(
            dbtr_agt=writer.agent(entry.debtor_agent), cdtr_agt=writer.agent(entry.creditor_agent)
        )
    return models.EntryTransaction10(
        refs=models.TransactionReferences6(
            msg_id=entry.message_id or None,
            instr_id=entry.instruction_id or None,
            end_to_end_id=entry.end_to_end_id or None,
            uetr=entry.uetr,
        ),
        amt=amount,
        cdt_dbt_ind=direction,
        rltd_pties=parties,
        rltd_agts=agents,
        rmt_inf=models.RemittanceInformation16(ustrd=[entry.remittance]) if entry.remittance else None,
        rtr_inf=_return(models, entry),
    )


def _party(models: Any, party: Party | None) -> Any:
    return models.Party40Choice(pty=Writer(models).party(party)) if party else None


def _return(models: Any, entry: StatementEntry) -> Any:
    if not entry.return_reason:
        return None
    return models.PaymentReturnReason5(rsn=models.ReturnReason5Choice(cd=entry.return_reason))
