"""`waitan bench`: measurements, told as they are made; in JSON one flat object."""

from gateway.bench import Figures, embedded, trade
from gateway.bench.served import suite
from gateway.cli.say import Say
from gateway.operation import logs


async def run_embedded(say: Say, payments: int) -> None:
    """Measure the embedded ledger, and print the figures."""
    logs.configure()  # standard output is the figures' alone
    _tell(say, await embedded.measure(payments=payments, say=lambda text: say.line(f"{text} ...", style="dim")))


async def run_doors(say: Say) -> None:
    """Measure the doors, and print the figures."""
    logs.configure()
    _tell(say, await suite.measure(lambda text: say.line(f"{text} ...", style="dim")))


async def run_trade(say: Say) -> None:
    """Measure trades and the payments for them, and print the figures."""
    logs.configure()
    _tell(say, await trade.measure(lambda text: say.line(f"{text} ...", style="dim")))


def _tell(say: Say, figures: Figures) -> None:
    say.result(dict(figures))
    say.table(("figure", "value"), [(name, f"{value:,}") for name, value in figures.items()], right=("value",))
    say.line()
    say.line("What each figure means: docs/reference/performance.md")
