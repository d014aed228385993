"""What a command prints for people: what others have written is shown as it stands."""

from collections.abc import Callable

import pytest

from gateway.cli.say import Marked, Say, marked

THEIRS = "[red]Ayşe[/red] [/] \\[x] :warning: \\"

PRINTED: dict[str, Callable[[Say], None]] = {
    "line": lambda say: say.line(THEIRS),
    "marked": lambda say: say.marked("[bold]{}[/]", THEIRS),
    "list": lambda say: say.list([THEIRS]),
    "facts": lambda say: say.facts({"name": THEIRS}),
    "table": lambda say: say.table(("name",), [(THEIRS,)]),
    "table, marked": lambda say: say.table(("name",), [(marked("[bold]{}[/] {}", "x", THEIRS),)]),
    "twice": lambda say: say.marked("{}", marked("[bold]{}[/]", THEIRS)),
}


@pytest.mark.parametrize("printed", PRINTED.values(), ids=PRINTED)
def test_square_brackets_of_others_mark_nothing_up(
    printed: Callable[[Say], None], capsys: pytest.CaptureFixture[str]
) -> None:
    printed(Say(as_json=False))
    assert THEIRS in capsys.readouterr().out


def test_mark_up_of_its_own_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    say = Say(as_json=False)
    say.marked("[green]Settled[/]: {}", "x")
    say.table(("state",), [(Marked("[red]refused[/]"),)])
    assert "[" not in capsys.readouterr().out
