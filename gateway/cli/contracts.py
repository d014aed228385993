"""`waitan contract`: what a trader asks and signs, with its own key."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

import msgspec

from gateway.auth.signing import sign_document
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.officers import new_id
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from settlement.records import Command, IdentifiedCommand
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

BANK: Final = "banksh"
TRADER: Final = "trader-1"
"""Who is asked, and who asks, where nobody is named."""

_ENDINGS: Final[dict[str, type[IdentifiedCommand]]] = {
    "withdraw": WithdrawProposal,
    "performed": ConfirmPerformance,
    "terminate": TerminateContract,
}
"""By the words of the command line."""


async def propose(say: Say, who: Who, file: Path) -> None:
    """Propose the terms that a file holds."""
    terms = _terms(file)
    named = contract.contract_id(terms)
    async with _calling(who) as session:
        await _ask(session, ProposeContract(command_id=new_id(), terms=terms), named, say)
    say.line(f"Contract {terms.number} is proposed. Both parties sign it, each at its own bank:")
    _tell_to_sign(say, session, terms)


async def amend(say: Say, who: Who, file: Path) -> None:
    """Propose the terms of the next version, which a file holds."""
    terms = _terms(file)
    named = contract.contract_id(terms)
    async with _calling(who) as session:
        await _ask(session, AmendContract(command_id=new_id(), terms=terms), named, say)
    say.line(f"Version {terms.version} of contract {terms.number} is proposed. Both parties sign it:")
    _tell_to_sign(say, session, terms)


async def end(say: Say, who: Who, words: str, told: str, **fields: str) -> None:
    """Take back a proposal, confirm performance, or give notice."""
    command, contract_id = _ENDINGS[words](command_id=new_id(), **fields), fields["contract_id"]
    async with _calling(who) as session:
        await _ask(session, command, contract_id, say)
    say.line(told)
    say.line(f"How it stands: {session.command(f'trade show {contract_id} --at {session.participant}')}", wrap=False)


async def sign(say: Say, who: Who, contract_id: str) -> None:
    """Sign the terms that are proposed."""
    async with _calling(who) as session:
        found = await session.client.trade_record(contract_id)
        record = msgspec.json.decode(found.record.content, type=SalesContract)
        signature = sign_document(session.places.network, record.proposal, session.credential)
        command = SignContract(command_id=new_id(), contract_id=contract_id, signature=signature)
        await _ask(session, command, contract_id, say)
    say.line(f"Signed: contract {record.number}, version {record.proposal.version}.")
    say.line(f"How it stands: {session.command(f'trade show {contract_id} --at {session.participant}')}", wrap=False)


def _tell_to_sign(say: Say, session: Session, terms: ContractTerms) -> None:
    for side in (terms.seller, terms.buyer):
        words = f"contract sign {contract.contract_id(terms)} --at {side.bank}"
        say.line(f"{side.name}: {session.command(words)}", wrap=False)


def _calling(who: Who) -> AbstractAsyncContextManager[Session]:
    return calling(Whereabouts(who.data), who.at or BANK, who.person or TRADER)


async def _ask(session: Session, command: Command, contract_id: str, say: Say) -> None:
    look = session.command(f"trade show {contract_id} --at {session.participant}")
    with session.naming(f"Look it up: {look}", contract_id=contract_id):
        done = await session.ask(command)
    say.result({"contract_id": contract_id, "transaction_id": done.transaction_id, "block": done.block})


def _terms(file: Path) -> ContractTerms:
    try:
        return msgspec.json.decode(file.read_bytes(), type=ContractTerms)
    except OSError as error:
        raise Failure(Exit.USAGE, f"{file} cannot be read ({error.strerror}).") from None
    except msgspec.MsgspecError as error:
        raise usage(f"{file} holds no terms of a contract: {error}.", do="See examples/trade/.") from None
