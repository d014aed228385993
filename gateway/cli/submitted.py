"""What became of the documents of a `payment submit`, told: a table of them, and what to do about those that failed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from google.protobuf.json_format import MessageToDict

from gateway.cli import story
from gateway.cli.copying import waitan
from gateway.cli.failures import Exit, Failure
from gateway.cli.say import Marked, Say
from gateway.development.data_directory import DataDirectory
from settlement.errors import Code
from waitan.v1.payments_pb2 import RESULT_SETTLED, PaymentOutcome

_WHERE_CHARACTERS: Final = 32


class Submitted(NamedTuple):
    """What became of one file."""

    path: Path
    uetr: str
    outcome: PaymentOutcome | None
    failure: Failure | None
    answered_ms: float
    warnings: tuple[str, ...] = ()
    """What the document did that will be refused from a later date on."""

    @property
    def code(self) -> str:
        """Why it was refused or rejected."""
        return self.failure.code if self.failure else self.outcome.code if self.outcome else ""

    @property
    def where(self) -> str:
        """What is at fault."""
        return self.failure.where if self.failure else self.outcome.where if self.outcome else ""

    @property
    def exit_code(self) -> Exit:
        """How the command would end if this were its only file."""
        if self.failure is not None:
            return self.failure.exit_code
        return Exit.DONE if self.outcome and self.outcome.result == RESULT_SETTLED else Exit.REFUSED


def tell(say: Say, results: Sequence[Submitted], directory: DataDirectory) -> None:
    """Tell them all; ends with the worst of their outcomes. One file that failed is its failure, which is raised."""
    worst = max((each.exit_code for each in results), key=[0, 2, 1, 3, 4].index)
    if len(results) == 1 and results[0].failure is not None:
        raise results[0].failure
    say.result({"files": [_as_json(each) for each in results], "exit_code": int(worst)})
    rows = [(each.path.name, _word(each), each.code, story.element(each.where, _WHERE_CHARACTERS)) for each in results]
    say.table(("file", "outcome", "code", "where"), rows, cut="file")
    for each in results:
        for warning in each.warnings:
            say.line(f"{each.path.name}: warning {warning}")
        if each.failure is not None and each.exit_code is Exit.UNKNOWN:
            say.line(f"{each.path.name}: {each.failure.do}")
    for sentence, words in _onward(results, directory):
        say.line(sentence)
        say.line(f"  {words}", wrap=False)
    if worst is not Exit.DONE:
        raise SystemExit(int(worst))
    if len(results) == 1 and results[0].uetr:
        say.line(f"Its life: {waitan(f'payment show {results[0].uetr}', directory)}", wrap=False)


def _onward(results: Sequence[Submitted], directory: DataDirectory) -> Iterator[tuple[str, str]]:
    """Say what can be done about documents that failed, each once: a sentence, and the words to be copied."""
    codes = {each.code for each in results}
    failures = {each.code: each.failure for each in reversed(results) if each.failure is not None}
    if codes & {Code.DT01, Code.DT04}:
        today = waitan("payment submit --today FILE", directory)
        yield "A date is not the open business day's. To try it all the same:", today
    if Code.UNFUNDED in codes:
        yield (
            "To have what cannot be funded recorded as rejected (AM04):",
            waitan("payment submit --reject FILE", directory),
        )
    for code in (Code.TM01, Code.DAY_CLOSED):
        if over := failures.get(code):
            yield over.sentence, over.do
    if above := failures.get(Code.RELEASE_NEEDED):
        yield "To have what is above the bank's limit proposed to a second officer, each like this one:", above.do


def _word(each: Submitted) -> str:
    if each.failure is not None:
        return {Exit.UNREACHABLE: "unreachable", Exit.UNKNOWN: Marked("[yellow]unknown[/]")}.get(
            each.failure.exit_code, Marked("[red]refused[/]")
        )
    settled = each.outcome is not None and each.outcome.result == RESULT_SETTLED
    return Marked("[green]settled[/]") if settled else Marked("[yellow]rejected[/]")


def _as_json(each: Submitted) -> dict[str, Any]:
    told: dict[str, Any] = {"file": str(each.path), "answered_ms": round(each.answered_ms, 1)}
    if each.outcome is not None:
        told["outcome"] = MessageToDict(each.outcome, preserving_proto_field_name=True)
    if each.warnings:
        told["warnings"] = list(each.warnings)
    if each.failure is not None:
        told.update(each.failure.as_json())
    return told
