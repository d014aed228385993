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
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.contract import ProposeContract, SalesContract, SignContract
from settlement.trade.contract_terms import ContractTerms

BANK: Final = "banksh"
TRADER: Final = "trader-1"
"""Who is asked, and who asks, where nobody is named."""


async def propose(say: Say, who: Who, file: Path) -> None:
    """Propose the terms that a file holds."""
    terms = _terms(file)
    named = contract.contract_id(terms)
    async with _calling(who) as session:
        await _ask(session, ProposeContract(command_id=new_id(), terms=terms), named, say)
    say.line(f"Contract {terms.number} is proposed. Both parties sign it, each at its own bank:")
    for side in (terms.seller, terms.buyer):
        say.line(f"{side.name}: {session.command(f'contract sign {named} --at {side.bank}')}", wrap=False)


async def sign(say: Say, who: Who, contract_id: str) -> None:
    """Sign the terms that are proposed."""
    async with _calling(who) as session:
        found = await session.client.trade_record(contract_id)
        record = msgspec.json.decode(found.record.content, type=SalesContract)
        signature = sign_document(session.places.network, record.terms, session.credential)
        command = SignContract(command_id=new_id(), contract_id=contract_id, signature=signature)
        await _ask(session, command, contract_id, say)
    say.line(f"Signed: contract {record.number}, version {record.terms.version}.")
    say.line(f"How it stands: {session.command(f'trade show {contract_id} --at {session.participant}')}", wrap=False)


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
