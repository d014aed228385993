"""`waitan contract`: what a trader asks and signs, with its own key."""

from pathlib import Path
from typing import Final

import msgspec

from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session
from gateway.cli.trade import calling as trading
from settlement import canonical
from settlement.money import for_people as money
from settlement.records import IdentifiedCommand
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
from settlement.trade.contract_terms import ContractTerms

_ENDINGS: Final[dict[str, type[IdentifiedCommand]]] = {
    "withdraw": WithdrawProposal,
    "performed": ConfirmPerformance,
    "terminate": TerminateContract,
}
"""By the words of the command line."""


async def propose(say: Say, who: Who, file: Path) -> None:
    """Propose the terms that a file holds."""
    terms = _terms(file)
    async with trading.as_trader(who) as session:
        command = ProposeContract(command_id=new_id(), terms=terms)
        told = f"Contract {terms.number} is proposed; both parties sign it, each at its own bank"
        await trading.ask(session, say, command, contract.contract_id(terms), told)
    _tell_to_sign(say, session, terms)


async def amend(say: Say, who: Who, file: Path) -> None:
    """Propose the terms of the next version, which a file holds."""
    terms = _terms(file)
    async with trading.as_trader(who) as session:
        command = AmendContract(command_id=new_id(), terms=terms)
        told = f"Version {terms.version} of contract {terms.number} is proposed; both parties sign it"
        await trading.ask(session, say, command, contract.contract_id(terms), told)
    _tell_to_sign(say, session, terms)


async def end(say: Say, who: Who, words: str, told: str, **fields: str) -> None:
    """Take back a proposal, confirm performance, or give notice."""
    command = _ENDINGS[words](command_id=new_id(), **fields)
    async with trading.as_trader(who) as session:
        await trading.ask(session, say, command, fields["contract_id"], told)


async def sign(say: Say, who: Who, contract_id: str) -> None:
    """Sign the terms that are proposed, and say what they are."""
    async with trading.as_trader(who) as session:
        found = await session.client.trade_record(contract_id)
        terms = msgspec.json.decode(found.record.content, type=SalesContract).proposal
        say.list(
            [
                f"Contract {terms.number}, version {terms.version}: {money(terms.amount, terms.currency)}.",
                f"{terms.seller.name} sells to {terms.buyer.name}.",
                f"SHA-256 of its terms: {canonical.digest(canonical.encode(terms))}",
            ]
        )
        signature = trading.signature(session, terms)
        command = SignContract(command_id=new_id(), contract_id=contract_id, signature=signature)
        await trading.ask(session, say, command, contract_id, "Signed")


def _terms(file: Path) -> ContractTerms:
    return trading.read(file, ContractTerms, "terms of a contract")


def _tell_to_sign(say: Say, session: Session, terms: ContractTerms) -> None:
    for side in (terms.seller, terms.buyer):
        words = f"contract sign {contract.contract_id(terms)} --at {side.bank}"
        say.line(f"{side.name}: {session.command(words)}", wrap=False)
