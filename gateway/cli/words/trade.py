"""`waitan trade ...`, `contract ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Who, Work, asking, group
from gateway.cli.say import Say

trade = group("Trade: contracts and what belongs to them, and one timeline for all of it.")
contracts = group("Contracts of sale: propose terms, sign and amend them, end them.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `trade list` shows it: 32 characters.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


@trade.command("list")
@asking()
def list_records(
    say: Say,
    who: Who,
    *,
    kind: Annotated[str, typer.Option(metavar="KIND", help="Only such as contract.")] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="Only in this state, such as effective.")] = "",
    party: Annotated[str, typer.Option(metavar="NUMBER", help="Only this firm's: its LEI or USCC.")] = "",
) -> Work:
    """List records of trade, oldest first: those that `--at` holds, or, as a trader, one's own.

    Example: waitan trade list --at banksh --kind contract
    """
    from gateway.cli.trade import records as work

    return work.list_records(say, who, kind=kind, state=state, party=party)


@trade.command()
@asking()
def show(say: Say, who: Who, record: Name) -> Work:
    """Show a record of trade, and what happened to it.

    Example: waitan trade show 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import records as work

    return work.show(say, who, record)


@trade.command()
@asking()
def timeline(say: Say, who: Who, trade: Name) -> Work:
    """Tell all that happened in a trade, from its contract to the last record that belongs to it.

    Example: waitan trade timeline 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import records as work

    return work.timeline(say, who, trade)


@contracts.command()
@asking()
def propose(
    say: Say, who: Who, file: Annotated[Path, typer.Argument(metavar="FILE", help="The terms, in JSON.")]
) -> Work:
    """Propose the terms of a contract, as one of its parties.

    Example: waitan contract propose examples/trade/textiles/contract.json
    """
    from gateway.cli.trade import contracts as work

    return work.propose(say, who, file)


@contracts.command()
@asking()
def sign(say: Say, who: Who, contract: Name) -> Work:
    """Sign the terms that are proposed, with the key of one's own certificate.

    Example: waitan contract sign 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    from gateway.cli.trade import contracts as work

    return work.sign(say, who, contract)


@contracts.command()
@asking()
def amend(
    say: Say,
    who: Who,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The terms of the next version, in JSON.")],
) -> Work:
    """Propose the next version of a contract in effect; it takes effect when both have signed it.

    Example: waitan contract amend contract-2.json --at bankist
    """
    from gateway.cli.trade import contracts as work

    return work.amend(say, who, file)


@contracts.command()
@asking()
def withdraw(say: Say, who: Who, contract: Name, *, reason: Reason) -> Work:
    """Take back, or turn down, terms that not both have signed.

    Example: waitan contract withdraw 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Price not agreed"
    """
    return _end(say, who, "withdraw", "The proposal is withdrawn", contract_id=contract, reason=reason)


@contracts.command()
@asking()
def performed(say: Say, who: Who, contract: Name) -> Work:
    """Confirm that nothing is left to do; when both parties have, the contract is performed.

    Example: waitan contract performed 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    return _end(say, who, "performed", "Confirmed", contract_id=contract)


@contracts.command()
@asking()
def terminate(say: Say, who: Who, contract: Name, *, reason: Reason) -> Work:
    """Give notice that a contract is ended before it was performed.

    Example: waitan contract terminate 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Goods not shipped in time"
    """
    return _end(say, who, "terminate", "The contract is ended", contract_id=contract, reason=reason)


def _end(say: Say, who: Who, words: str, told: str, **fields: str) -> Work:
    from gateway.cli.trade import contracts as work

    return work.end(say, who, words, told, **fields)
