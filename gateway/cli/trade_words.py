"""`waitan trade ...`, `contract ...`: the words."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import At, Data, Json, Person, Who, group
from gateway.cli.perform import perform
from gateway.cli.say import Say

trade = group("Trade: contracts and what belongs to them, and one timeline for all of it.")
contracts = group("Contracts of sale: propose terms, sign them.")

Name = Annotated[str, typer.Argument(metavar="ID", help="As `trade list` shows it: 32 characters.")]


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
    from gateway.cli import trade as work

    say = Say(as_json=json)
    perform(say, lambda: work.list_records(say, Who(data, at, person), kind=kind, state=state, party=party))


@trade.command()
def show(record: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Show a record of trade, and what happened to it.

    Example: waitan trade show 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli import trade as work

    say = Say(as_json=json)
    perform(say, lambda: work.show(say, Who(data, at, person), record))


@trade.command()
def timeline(trade: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Tell all that happened in a trade, from its contract to the last record that belongs to it.

    Example: waitan trade timeline 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5
    """
    from gateway.cli import trade as work

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
    from gateway.cli import contracts as work

    say = Say(as_json=json)
    perform(say, lambda: work.propose(say, Who(data, at, person), file))


@contracts.command()
def sign(contract: Name, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
    """Sign the terms that are proposed, with the key of one's own certificate.

    Example: waitan contract sign 5f1d0c9b7a3e42b88c6d90f1e2a3b4c5 --at bankist
    """
    from gateway.cli import contracts as work

    say = Say(as_json=json)
    perform(say, lambda: work.sign(say, Who(data, at, person), contract))
