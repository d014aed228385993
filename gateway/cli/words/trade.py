"""`waitan trade ...`, `contract ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import At, Data, Json, Person, Who, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

trade = group("Trade: contracts and what belongs to them, and one timeline for all of it.")
contracts = group("Contracts of sale: propose terms, sign and amend them, end them.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `trade list` shows it: 32 characters.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


@trade.command("list")
def list_records(
    *,
    kind: Annotated[str, typer.Option(metavar="KIND", help="Only such as contract.")] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="Only in this state, such as effective.")] = "",
    party: Annotated[str, typer.Option(metavar="NUMBER", help="Only this firm's: its LEI or USCC.")] = "",
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List records of trade, oldest first: those that `--at` holds, or, as a trader, one's own.

    Example: waitan trade list --at banksh --kind contract
    """
    from gateway.cli.trade import records as work

    say = Say(as_json=json)
    perform(say, lambda: work.list_records(say, Who(data, at, person), kind=kind, state=state, party=party))


@trade.command()
def show(record: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Show a record of trade, and what happened to it.

    Example: waitan trade show 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import records as work

    say = Say(as_json=json)
    perform(say, lambda: work.show(say, Who(data, at, person), record))


@trade.command()
def timeline(trade: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Tell all that happened in a trade, from its contract to the last record that belongs to it.

    Example: waitan trade timeline 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli.trade import records as work

    say = Say(as_json=json)
    perform(say, lambda: work.timeline(say, Who(data, at, person), trade))


@contracts.command()
def propose(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The terms, in JSON.")],
    *,
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Propose the terms of a contract, as one of its parties.

    Example: waitan contract propose examples/trade/textiles/contract.json
    """
    from gateway.cli.trade import contracts as work

    say = Say(as_json=json)
    perform(say, lambda: work.propose(say, Who(data, at, person), file))


@contracts.command()
def sign(contract: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Sign the terms that are proposed, with the key of one's own certificate.

    Example: waitan contract sign 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    from gateway.cli.trade import contracts as work

    say = Say(as_json=json)
    perform(say, lambda: work.sign(say, Who(data, at, person), contract))


@contracts.command()
def amend(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The terms of the next version, in JSON.")],
    *,
    at: At = None,
    person: Person = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Propose the next version of a contract in effect; it takes effect when both have signed it.

    Example: waitan contract amend contract-2.json --at bankist
    """
    from gateway.cli.trade import contracts as work

    say = Say(as_json=json)
    perform(say, lambda: work.amend(say, Who(data, at, person), file))


@contracts.command()
def withdraw(
    contract: Name, *, reason: Reason, at: At = None, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Take back, or turn down, terms that not both have signed.

    Example: waitan contract withdraw 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Price not agreed"
    """
    _end(Who(data, at, person), "withdraw", "The proposal is withdrawn", json=json, contract_id=contract, reason=reason)


@contracts.command()
def performed(contract: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Confirm that nothing is left to do; when both parties have, the contract is performed.

    Example: waitan contract performed 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    _end(Who(data, at, person), "performed", "Confirmed", json=json, contract_id=contract)


@contracts.command()
def terminate(
    contract: Name, *, reason: Reason, at: At = None, person: Person = None, data: Data = None, json: Json = False
) -> None:
    """Give notice that a contract is ended before it was performed.

    Example: waitan contract terminate 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --reason "Goods not shipped in time"
    """
    _end(Who(data, at, person), "terminate", "The contract is ended", json=json, contract_id=contract, reason=reason)


def _end(who: Who, words: str, told: str, *, json: bool, **fields: str) -> None:
    from gateway.cli.trade import contracts as work

    say = Say(as_json=json)
    perform(say, lambda: work.end(say, who, words, told, **fields))
