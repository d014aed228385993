"""`waitan why CODE`: what a code means, where it comes from, what to do."""

import difflib
from typing import Any, Final, NamedTuple

from gateway.cli.failures import Exit, Failure
from gateway.cli.say import Say
from settlement.catalogue import CATALOGUE
from settlement.errors import Code, Family, Meaning

_SAYS: Final = {
    Family.REFUSAL: "Refuses the command: nothing is written, the UETR stays free.",
    Family.REJECTION: "Rejects the payment: that is recorded with its payer, the UETR is used, no money moves.",
}


class Reason(NamedTuple):
    """What is told in a code's place where nothing was refused."""

    meaning: str
    remedy: str


REASONS: Final = {
    "OUTCOME_UNKNOWN": Reason(
        "What was asked was sent, and nobody can say at present whether it took effect.",
        "Look it up, or send exactly the same again, under the same UETR or id: it takes effect once at most.",
    ),
    "INTERNAL": Reason(
        "Something went wrong inside the gateway, and what was asked may have taken effect.",
        "Look it up; the gateway's operator finds the reference of the answer in the log.",
    ),
    "RATE_LIMITED": Reason(
        "The caller asks the gateway more than it may, and nothing was done.",
        "Ask again after the time that the answer names; the gateway's settings have the limit.",
    ),
    "LEDGER_NOT_SOUND": Reason(
        "The ledger's file is not what was written: the proof names what differs.",
        "Stop, and restore the whole directory from a backup; prove that one too: waitan ledger verify DIR.",
    ),
}
"""By their names in gateway.outcomes and gateway.cli.verification, which take longer to load than an answer may."""


def explain(say: Say, word: str) -> None:
    """Tell about a code; raises `Failure` with the nearest ones where there is none."""
    name = word.strip().upper().replace("-", "_")
    if name in REASONS:
        say.result({"code": name, "kind": "reason", **REASONS[name]._asdict()})
        say.line(name, style="bold")
        say.line(REASONS[name].meaning)
        say.facts({"do": REASONS[name].remedy})
        return
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
