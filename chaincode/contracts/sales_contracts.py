"""Contracts of sale: proposed by one party, signed by both; amended, performed, ended."""

from collections.abc import Iterable

from chaincode.contracts import trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.trade import contract
from settlement.trade.contract import (
    AmendContract,
    ConfirmPerformance,
    ProposeContract,
    SalesContract,
    SignContract,
    TerminateContract,
    WithdrawProposal,
)


def _banks(command: ProposeContract) -> tuple[str, ...]:
    return (command.terms.seller.bank, command.terms.buyer.bank)


def _proposal_reads(_: str, command: ProposeContract, secrets: dict[str, bytes]) -> Iterable[Place]:
    named = contract.contract_id(command.terms)
    return [
        trade_records.place(SalesContract, bank, secrets[bank], named) for bank in _banks(command) if bank in secrets
    ]


def _reads(
    participant: str,
    command: SignContract | WithdrawProposal | ConfirmPerformance | TerminateContract,
    secrets: dict[str, bytes],
) -> Iterable[Place]:
    yield trade_records.place(SalesContract, participant, secrets[participant], command.contract_id)


def _amendment_reads(participant: str, command: AmendContract, secrets: dict[str, bytes]) -> Iterable[Place]:
    named = contract.contract_id(command.terms)
    yield trade_records.place(SalesContract, participant, secrets[participant], named)


@transaction(ProposeContract, names=_banks, reads=_proposal_reads)
async def propose_contract(tx: LedgerTx, command: ProposeContract) -> None:
    """Draw up a contract that both parties' banks hold."""
    drawn_up = contract.proposed(command, await trade_records.actor(tx))
    await trade_records.require_banks(tx, drawn_up.held_by, "terms")
    await trade_records.store_new(tx, drawn_up, "terms.number")


@transaction(SignContract, reads=_reads)
async def sign_contract(tx: LedgerTx, command: SignContract) -> None:
    """Add a party's signature."""
    found = await trade_records.load(tx, SalesContract, command.contract_id)
    await trade_records.store(tx, contract.signed(found, command, await trade_records.actor(tx)))


@transaction(AmendContract, reads=_amendment_reads)
async def amend_contract(tx: LedgerTx, command: AmendContract) -> None:
    """Propose the next version."""
    found = await trade_records.load(tx, SalesContract, contract.contract_id(command.terms))
    await trade_records.store(tx, contract.amended(found, command, await trade_records.actor(tx)))


@transaction(WithdrawProposal, reads=_reads)
async def withdraw_proposal(tx: LedgerTx, command: WithdrawProposal) -> None:
    """Take back, or turn down, what is proposed."""
    found = await trade_records.load(tx, SalesContract, command.contract_id)
    await trade_records.store(tx, contract.withdrawn(found, command, await trade_records.actor(tx)))


@transaction(ConfirmPerformance, reads=_reads)
async def confirm_performance(tx: LedgerTx, command: ConfirmPerformance) -> None:
    """Confirm for one side that nothing is left to do."""
    found = await trade_records.load(tx, SalesContract, command.contract_id)
    await trade_records.store(tx, contract.confirmed(found, await trade_records.actor(tx)))


@transaction(TerminateContract, reads=_reads)
async def terminate_contract(tx: LedgerTx, command: TerminateContract) -> None:
    """End it by notice."""
    found = await trade_records.load(tx, SalesContract, command.contract_id)
    await trade_records.store(tx, contract.terminated(found, command, await trade_records.actor(tx)))
