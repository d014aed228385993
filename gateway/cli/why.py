"""`waitan why CODE`: what a code means, where it comes from, what to do."""

import difflib
from typing import Any, Final

from gateway.cli.failures import Exit, Failure
from gateway.cli.say import Say
from settlement.catalogue import CATALOGUE
from settlement.errors import Code, Family, Meaning

_SAYS: Final = {
    Family.REFUSAL: "Refuses the command: nothing is written, the UETR stays free.",
    Family.REJECTION: "Rejects the payment: that is recorded with its payer, the UETR is used, no money moves.",
}


def explain(say: Say, word: str) -> None:
    """Tell about a code; raises `Failure` with the nearest ones where there is none."""
    name = word.strip().upper().replace("-", "_")
    if name not in Code.__members__:
        raise _unknown(word, name)
    code = Code(name)
    meaning = CATALOGUE[code]
    say.result(_as_json(code, meaning))
    say.line(name, style="bold")
    say.line(meaning.meaning)
    say.facts({"kind": _SAYS[meaning.family], "source": meaning.source, "do": meaning.remedy})


def overview(say: Say) -> None:
    """List all codes with the first words of their meaning."""
    say.result({"codes": [_as_json(code, meaning) for code, meaning in CATALOGUE.items()]})
    rows = [(code.value, meaning.family.value, meaning.meaning) for code, meaning in CATALOGUE.items()]
    say.table(("code", "kind", "meaning"), rows)


def _unknown(word: str, name: str) -> Failure:
    near = difflib.get_close_matches(name, [code.value for code in Code], n=4, cutoff=0.5)
    details = [f"{each}  {CATALOGUE[Code(each)].meaning}" for each in near]
    return Failure(
        Exit.USAGE,
        f"{word} is no code of Waitan." + (" The nearest:" if near else ""),
        details=details,
        do="List all codes: waitan why",
    )


def _as_json(code: Code, meaning: Meaning) -> dict[str, Any]:
    return {
        "code": code.value,
        "kind": meaning.family.value,
        "meaning": meaning.meaning,
        "source": meaning.source,
        "remedy": meaning.remedy,
    }
