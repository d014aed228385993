"""What `waitan bench --json` prints is one object of figures, whatever is logged meanwhile."""

import json
from typing import Any

import pytest
import structlog

from gateway.bench import Figures, embedded
from gateway.cli import bench
from gateway.cli.say import Say

pytestmark = pytest.mark.asyncio


async def test_standard_output_is_the_figures_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def measured(**_: Any) -> Figures:
        log = structlog.get_logger()
        log.info("on the ledger")
        log.warning("something to be told")
        return {"payments": 1}

    monkeypatch.setattr(embedded, "measure", measured)
    await bench.run_embedded(Say(as_json=True), 1)
    assert json.loads(capsys.readouterr().out) == {"payments": 1}
