"""Contracts of sale: proposed by one party, signed by both."""

from collections.abc import Iterable

from chaincode.contracts import trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.trade import contract
from settlement.trade.contract import ProposeContract, SalesContract, SignContract


def _banks(command: ProposeContract) -> tuple[str, ...]:
    return (command.terms.seller.bank, command.terms.buyer.bank)


def _proposal_reads(_: str, command: ProposeContract, secrets: dict[str, bytes]) -> Iterable[Place]:
    named = contract.contract_id(command.terms)
    return [
        trade_records.place(SalesContract, bank, secrets[bank], named) for bank in _banks(command) if bank in secrets
    ]


def _reads(participant: str, command: SignContract, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield trade_records.place(SalesContract, participant, secrets[participant], command.contract_id)


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
