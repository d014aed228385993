"""The programs in the client's guide run as they stand there."""

import ast
import re
import types
from pathlib import Path
from typing import Any, Final

import pytest

from tests.gateway.house import House

GUIDE: Final = Path(__file__).resolve().parents[2] / "docs" / "guide" / "client.md"


@pytest.mark.asyncio(loop_scope="session")
async def test_the_guides_programs_run_one_after_the_other(house: House) -> None:
    identity = house.identity("banksh", "officer-1")
    known: dict[str, Any] = {
        "certificate": identity.certificate,
        "key": identity.key,
        "roots": identity.roots,
        "address": f"localhost:{house.servers['banksh'].port}",
    }
    programs = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(programs) == 6
    for number, program in enumerate(programs):
        code = compile(program, f"{GUIDE.name}, program {number + 1}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        run = types.FunctionType(code, known)()
        if run is not None:
            await run
    assert known["details"].status == "ACSC"
    assert known["done"].block
