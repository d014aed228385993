"""Declarations as files: what traders write before they lodge them."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from settlement.catalogue import CATALOGUE
from settlement.customs import declared as content
from settlement.customs.declared import Declared


def declared(file: Path) -> Declared:
    """Read a declaration; raises `Failure`."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Declared)
    except OSError as error:
        raise Failure(Exit.USAGE, f"{file} cannot be read ({error.strerror}).") from None
    except msgspec.MsgspecError as error:
        raise usage(f"{file} holds no declaration: {error}.", do="See examples/trade/.") from None


def check(say: Say, files: Sequence[Path]) -> None:
    """Tell what is wrong with drafts; raises `Failure` where anything is."""
    found = [(file, fault.code, fault.where) for file in files for fault in content.faults(declared(file))]
    if not found:
        say.result({"faults": []})
        say.line(f"In order: {len(files)}.")
        return
    rows = [(file.name, where, code.value, CATALOGUE[code].meaning) for file, code, where in found]
    say.table(("file", "where", "code", "meaning"), rows, cut="meaning")
    told = [{"file": str(file), "code": code.value, "where": where} for file, code, where in found]
    raise Failure(Exit.REFUSED, f"Faults: {len(found)}.", do="Mend them, and check again.", also={"faults": told})
