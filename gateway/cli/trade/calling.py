"""What the words of trade have in common: who signs, how it is asked, and documents read from files."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from gateway.auth.signing import sign_document
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import Session, calling
from gateway.cli.whereabouts import Whereabouts
from settlement.records import Command
from settlement.trade.signing import SignableTerms

D = TypeVar("D", bound=SignableTerms)

BANK: Final = "banksh"
TRADER: Final = "trader-1"
"""Who is asked, and who asks, where nobody is named."""


def as_trader(who: Who) -> AbstractAsyncContextManager[Session]:
    """Converse with a bank's gateway, as a trader unless somebody else is named."""
    return calling(Whereabouts(who.data), who.at or BANK, who.person or TRADER)


def signature(session: Session, document: SignableTerms) -> str:
    """Let the person sign a document: a detached JWS."""
    return sign_document(session.places.network, document, session.credential)


async def ask(session: Session, say: Say, command: Command, record_id: str, told: str) -> None:
    """Let the person sign a command and ask for it; tell that it is done, and where to look."""
    look = session.command(f"trade show {record_id} --at {session.participant}")
    with session.naming(f"Look it up: {look}", record_id=record_id):
        done = await session.ask(command)
    say.result({"record_id": record_id, "transaction_id": done.transaction_id, "block": done.block})
    say.line(f"{told} (block {done.block}).")
    say.line(f"How it stands: {look}", wrap=False)


def read(file: Path, kind: type[D], what: str) -> D:
    """Read a document from a file in JSON; a usage failure for what is none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except OSError as error:
        raise Failure(Exit.USAGE, f"{file} cannot be read ({error.strerror}).") from None
    except msgspec.MsgspecError as error:
        raise usage(f"{file} holds no {what}: {error}.", do="There are examples under examples/trade/.") from None
