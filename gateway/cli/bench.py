"""`waitan bench`: measurements, told as they are made; in JSON one flat object."""

from gateway.bench import embedded
from gateway.cli.say import Say


async def run_embedded(say: Say, payments: int) -> None:
    """Measure the embedded ledger, and print the figures."""
    figures = await embedded.measure(payments=payments, say=lambda text: say.line(f"{text} ...", style="dim"))
    say.result(dict(figures))
    say.table(("figure", "value"), [(name, f"{value:,}") for name, value in figures.items()], right=("value",))
    say.line()
    say.line("What each figure means: docs/reference/performance.md")
