"""The command line's words: the root, in the order in which a new user needs them. What they do stands elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Data, Json, Propose, Reject, Root, Who, Work, Yes, asking, group
from gateway.cli.perform import perform, perform_now
from gateway.cli.say import Say
from gateway.cli.words import bench as bench_words
from gateway.cli.words import customs as customs_words
from gateway.cli.words import fabric as fabric_words
from gateway.cli.words import financing as financing_words
from gateway.cli.words import initiations as initiation_words
from gateway.cli.words import lading_endings
from gateway.cli.words import money as money_words
from gateway.cli.words import network as network_words
from gateway.cli.words import payments as payment_words
from gateway.cli.words import proof as proof_words
from gateway.cli.words import rulings as ruling_words
from gateway.cli.words import supervision as supervision_words
from gateway.cli.words import trade as trade_words
from gateway.cli.words import trade_documents as trade_document_words
from gateway.cli.words import undertakings as undertaking_words

app = group("Waitan: a ledger on which banks, customs, clearing and regulator settle cross-border trade.", Root)


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if wanted:
        from importlib.metadata import version

        typer.echo(f"waitan {version('waitan')}")
        raise typer.Exit


@app.callback()
def waitan(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Waitan: a ledger on which banks, customs, clearing and regulator settle cross-border trade.

    Start with `waitan demo`, or with `waitan up` and, in another terminal, `waitan pay 1000.00 CNY`.
    """


@app.command()
def up(
    *,
    data: Data = None,
    grpc_port: Annotated[int, typer.Option(help="The first of five gRPC ports; 0 for any.", max=65531, min=0)] = 7101,
    http_port: Annotated[int, typer.Option(help="The first of five HTTP ports; 0 for any.", max=65531, min=0)] = 8101,
    demo: Annotated[
        bool, typer.Option("--demo", help="Play a business day on it, to be watched in a browser.")
    ] = False,
    pace: Annotated[float, typer.Option(metavar="SECONDS", help="With --demo: time between messages.", min=0)] = 2.0,
    operation_port: Annotated[int, typer.Option(help="Metrics and health; 0 for any.", max=65535, min=0)] = 0,
    json: Json = False,
) -> None:
    """Start a whole network on this machine; Ctrl-C stops it.

    Example: waitan up --demo
    """
    from gateway.cli import up as work

    say = Say(as_json=json)
    choices = work.Choices(grpc_port, http_port, operation_port, demo_pace_s=pace if demo else None)
    perform(say, lambda: work.serve(say, data, choices))


@app.command()
def gateway(
    *,
    config: Annotated[Path, typer.Option("--config", metavar="FILE", help="Its settings, in TOML.")],
    check: Annotated[bool, typer.Option("--check", help="Only see whether the settings are in order.")] = False,
    json: Json = False,
) -> None:
    """Serve one organisation's gateway over Fabric, until it is told to stop.

    Example: waitan gateway --config gateway.toml
    """
    from gateway.cli import gateway as work

    say = Say(as_json=json)
    if check:
        perform_now(say, lambda: work.check(say, config))
    else:
        perform(say, lambda: work.serve(say, config))


@app.command()
def demo(
    *,
    files: Annotated[Path | None, typer.Option(metavar="DIR", help="Another day's messages.")] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the network in this (new) directory afterwards.")
    ] = None,
    network: Annotated[bool, typer.Option("--network", help="Play it on a Fabric network that runs.")] = False,
    directory: Annotated[
        Path | None, typer.Option("--dir", metavar="BUILD", help="With --network: its build directory.")
    ] = None,
    tamper: Annotated[bool, typer.Option("--tamper", help="Change one byte on disk afterwards, and verify.")] = False,
    json: Json = False,
) -> None:
    """Run a business day, tell it, and prove the books.

    Example: waitan demo
    """
    from gateway.cli.demo import day as work
    from gateway.cli.fabric.places import build_path

    say = Say(as_json=json)
    running = build_path(directory) if network or directory else None
    choices = work.Choices(files=files, keep=data, running=running, tamper=tamper)
    perform(say, lambda: work.run(say, choices))


@app.command()
@asking(at=False)
def pay(
    say: Say,
    who: Who,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="With all its decimals: 1000.00")],
    currency: Annotated[str, typer.Argument(metavar="CURRENCY", help="Such as CNY.")],
    *,
    payer: Annotated[str, typer.Option("--from", metavar="BANK", help="Who pays.")] = "banksh",
    payee: Annotated[str, typer.Option("--to", metavar="BANK", help="Who is paid.")] = "bankist",
    text: Annotated[str, typer.Option("--for", metavar="TEXT", help="What it is for.")] = "A first payment",
    reject: Reject = False,
    propose: Propose = False,
    yes: Yes = False,
) -> Work:
    """Pay from one bank's customer to another's.

    Example: waitan pay --from banksh --to bankist 1000.00 CNY
    """
    from gateway.cli import payments as work
    from gateway.cli import releases

    who, order = who._replace(at=payer), work.Order(payee, amount, currency, text)
    if propose:
        return releases.propose_order(say, who, order, reject=reject, yes=yes)
    return work.pay(say, who, order, reject=reject)


@app.command()
def why(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="Such as AM04; without one, all are listed.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Explain a code: meaning, source, what to do.

    Example: waitan why AM04
    """
    from gateway.cli import why as work

    say = Say(as_json=json)
    perform_now(say, lambda: work.explain(say, code) if code else work.overview(say))


app.add_typer(payment_words.app, name="payment")
app.add_typer(initiation_words.app, name="initiation")
app.add_typer(trade_words.trade, name="trade")
app.add_typer(trade_words.contracts, name="contract")
app.add_typer(trade_document_words.invoices, name="invoice")
app.add_typer(trade_document_words.documents, name="document")
app.add_typer(lading_endings.app, name="lading")
app.add_typer(customs_words.app, name="customs")
app.add_typer(undertaking_words.app, name="undertaking")
app.add_typer(financing_words.app, name="financing")
app.add_typer(money_words.accounts, name="account")
app.add_typer(money_words.issuances, name="issuance")
app.add_typer(money_words.redemptions, name="redemption")
app.add_typer(network_words.days, name="day")
app.add_typer(network_words.participants, name="participant")
app.add_typer(network_words.ledger, name="ledger")
app.add_typer(proof_words.app, name="proof")
app.add_typer(ruling_words.app, name="ruling")
app.add_typer(supervision_words.app, name="supervision")
app.add_typer(fabric_words.app, name="network")
app.add_typer(bench_words.app, name="bench")
app.command()(network_words.identity)
app.command()(network_words.token)
