"""`waitan bench trade` on a small scale: it runs from end to end, and every figure that it gives is explained."""

from pathlib import Path

import pytest

from gateway.bench import evidence, named_documents, trade

PERFORMANCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "performance.md"


@pytest.mark.asyncio
async def test_every_figure_is_measured_and_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trade, "ROUNDS", 1)
    monkeypatch.setattr(trade, "DECLARATIONS", 3)
    monkeypatch.setattr(named_documents, "LISTED", 3)
    for name, value in {"ROUNDS": 1, "PAYMENTS": 4, "WARM_UP": 2}.items():
        monkeypatch.setattr(evidence, name, value)
    figures = await trade.measure(lambda _: None)
    explained = PERFORMANCE.read_text(encoding="utf-8").partition("\n## Trade\n")[2].partition("\n## ")[0]
    assert [name for name in figures if f"`{name}`" not in explained] == []
    assert all(isinstance(value, int | float) and value > 0 for value in figures.values())
    assert (figures["declarations"], figures["evidence_payments"]) == (3, 4)
    assert all(int(value) > 20 for name, value in figures.items() if name.endswith("_commands"))
