"""`waitan customs ...`: the words."""

from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from gateway.cli.options import At, Data, Json, Person, Propose, Who, Work, Yes, asking, group
from gateway.cli.perform import perform, perform_now
from gateway.cli.say import Say

app = group("Customs: declare goods, handle and tax them, let them go; rates that two officers put into force.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The declaration's: 18 digits.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The declaration, in JSON.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Declarations, in JSON.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
Notice = Annotated[str, typer.Argument(metavar="NOTICE", help="As `customs notices` shows it.")]

_EXAMPLE: Final = "220120261000000017"


class _Decision(NamedTuple):
    """A word by which an officer (or, where it says so, a trader) decides over one declaration."""

    word: str
    does: str
    told: str
    says_why: bool = False


_DECISIONS: Final = (
    _Decision("accept", "Accept a declaration.", "is accepted"),
    _Decision("reject", "Do not accept a declaration.", "is rejected", says_why=True),
    _Decision(
        "cancel", "Withdraw a declaration as its trader; or, once it is accepted, as customs.", "is cancelled", True
    ),
    _Decision("hold", "Hold the goods, as customs or (--at regulator) as a supervisor.", "is held", says_why=True),
    _Decision("lift", "Lift a hold of one's own organisation.", "is held no longer", says_why=True),
    _Decision("inspect", "Order an inspection.", "is to be inspected", says_why=True),
    _Decision("assess", "Reckon duty and taxes, from the rates in force.", "is assessed"),
    _Decision("release", "Let the goods go; after a hold, as another officer than lifted it.", "is released"),
    _Decision("clear", "Close the file.", "is cleared"),
)


def _add(decision: _Decision) -> None:
    """Make a decision's word."""
    example = f"Example: waitan customs {decision.word} {_EXAMPLE}"

    def decide(who: Who, number: str, *, json: bool, **fields: str) -> None:
        from gateway.cli.customs import declarations as work

        say = Say(as_json=json)
        perform(say, lambda: work.decide(say, who, decision.word, number, decision.told, **fields))

    if decision.says_why:

        def run_why(
            number: Number,
            *,
            reason: Reason,
            at: At = None,
            person: Person = None,
            data: Data = None,
            json: Json = False,
        ) -> None:
            decide(Who(data, at, person), number, json=json, reason=reason)

        run_why.__doc__ = f'{decision.does}\n\n{example} --reason "Random check"'
        app.command(decision.word)(run_why)
        return

    def run(number: Number, *, at: At = None, person: Person = None, data: Data = None, json: Json = False) -> None:
        decide(Who(data, at, person), number, json=json)

    run.__doc__ = f"{decision.does}\n\n{example}"
    app.command(decision.word)(run)


@app.command()
def check(files: Files, *, json: Json = False) -> None:
    """Look a draft over before it is lodged; nothing is sent.

    Example: waitan customs check examples/trade/hazelnuts/declaration.json
    """
    from gateway.cli.customs import files as work

    say = Say(as_json=json)
    perform_now(say, lambda: work.check(say, files))


@app.command()
@asking()
def lodge(
    say: Say,
    who: Who,
    files: Files,
    *,
    summary: Annotated[bool, typer.Option("--summary", help="As summaries, to be completed later.")] = False,
    customs: Annotated[str, typer.Option(metavar="NAME", help="With which customs.")] = "customs",
) -> Work:
    """Lodge declarations as their trader, up to 100 in one call.

    Example: waitan customs lodge examples/trade/hazelnuts/declaration.json
    """
    from gateway.cli.customs import declarations as work

    return work.lodge(say, who, files, customs=customs, is_summary=summary)


@app.command()
@asking()
def complete(say: Say, who: Who, file: File) -> Work:
    """Complete a summary declaration.

    Example: waitan customs complete examples/trade/hazelnuts/declaration.json
    """
    from gateway.cli.customs import declarations as work

    return work.say_anew(say, who, file, reason="")


@app.command()
@asking()
def amend(say: Say, who: Who, file: File, *, reason: Reason) -> Work:
    """Correct a declaration: its trader before it is accepted, customs (--at customs) after.

    Example: waitan customs amend examples/trade/hazelnuts/declaration.json --reason "Weighed again"
    """
    from gateway.cli.customs import declarations as work

    return work.say_anew(say, who, file, reason=reason)


for _each in _DECISIONS:
    _add(_each)


@app.command()
@asking()
def inspected(
    say: Say,
    who: Who,
    number: Number,
    *,
    findings: Annotated[str, typer.Option(metavar="TEXT", help="What was found.")],
    differs: Annotated[bool, typer.Option("--differs", help="The goods are not as declared.")] = False,
) -> Work:
    """Record what an inspection found.

    Example: waitan customs inspected 220120261000000017 --findings "800 bags, as declared"
    """
    from gateway.cli.customs import declarations as work

    told = "differs from what was declared" if differs else "is as declared"
    return work.decide(say, who, "inspected", number, told, findings=findings, is_as_declared=not differs)


@app.command()
@asking()
def show(say: Say, who: Who, number: Number) -> Work:
    """Show a declaration: how it stands, who holds the goods, what is owed.

    Example: waitan customs show 220120261000000017 --at banksh
    """
    from gateway.cli.customs import declarations as work

    return work.show(say, who, number)


@app.command()
@asking()
def pay(
    say: Say,
    who: Who,
    number: Number,
    *,
    account: Annotated[str, typer.Option(metavar="NUMBER", help="Of the customer; the first if not named.")] = "",
    propose: Propose = False,
    yes: Yes = False,
) -> Work:
    """Pay a declaration's tax to the treasury, as its trader's bank.

    Example: waitan customs pay 220120261000000017
    """
    from gateway.cli.customs import taxes as work

    return work.pay(say, who, number, account=account, propose=propose, yes=yes)


@app.command()
@asking()
def guarantee(
    say: Say,
    who: Who,
    number: Number,
    *,
    reference: Annotated[str, typer.Option(metavar="TEXT", help="Of the guarantee, in the bank's books.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day on which it counts.")],
) -> Work:
    """Guarantee a declaration's tax, as its trader's bank.

    Example: waitan customs guarantee 220120261000000017 --reference LG-2026-77 --until 2027-01-31
    """
    from gateway.cli.customs import taxes as work

    return work.guarantee(say, who, number, reference=reference, until=until)


@app.command()
@asking()
def claim(
    say: Say,
    who: Who,
    number: Number,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In CNY, with both decimals.")],
    *,
    reason: Reason,
) -> Work:
    """Claim tax back, as the trader who paid it.

    Example: waitan customs claim 220120261000000017 1000.00 --reason "Short-landed"
    """
    from gateway.cli.customs import taxes as work

    return work.claim(say, who, number, amount=amount, reason=reason)


@app.command()
@asking()
def refund(
    say: Say,
    who: Who,
    number: Number,
    *,
    decline: Annotated[str, typer.Option(metavar="TEXT", help="Decline the claim: why.")] = "",
) -> Work:
    """Grant what was claimed, for the treasury to send back; or decline the claim. As a tax officer.

    Example: waitan customs refund 220120261000000017 --as tax-1
    """
    from gateway.cli.customs import taxes as work

    return work.refund(say, who, number, decline=decline)


@app.command()
@asking()
def notices(say: Say, who: Who) -> Work:
    """List the notices of rates.

    Example: waitan customs notices
    """
    from gateway.cli.customs import rates as work

    return work.notices(say, who)


@app.command()
@asking()
def announce(
    say: Say, who: Who, file: Annotated[Path, typer.Argument(metavar="FILE", help="The notice, in JSON.")]
) -> Work:
    """Enter a notice of rates; another officer puts it into force.

    Example: waitan customs announce examples/trade/customs-notice.json
    """
    from gateway.cli.customs import rates as work

    return work.announce(say, who, file)


@app.command()
@asking()
def approve(say: Say, who: Who, notice: Notice) -> Work:
    """Put a notice of rates into force, as another officer than entered it.

    Example: waitan customs approve GAC-2026-11 --as customs-2
    """
    from gateway.cli.customs import rates as work

    return work.decide(say, who, notice, is_approved=True)


@app.command()
@asking()
def withdraw(say: Say, who: Who, notice: Notice) -> Work:
    """Withdraw a notice of rates that is not in force yet.

    Example: waitan customs withdraw GAC-2026-11
    """
    from gateway.cli.customs import rates as work

    return work.decide(say, who, notice, is_approved=False)
