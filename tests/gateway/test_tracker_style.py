"""The style sheets: contrast by WCAG 2.2 (AA), computed from the colours that stand there; nothing from elsewhere."""

import re
from importlib import resources
from typing import Final

import pytest

_STATIC: Final = resources.files("gateway.traders.web").joinpath("static")
_SHEETS: Final = {name: _STATIC.joinpath(name).read_text() for name in ("tracker.css", "pictures.css")}

TEXTS: Final = (
    *((text, ground) for text in ("ink", "quiet", "accent") for ground in ("page", "panel")),
    *((mood, f"{mood}-soft") for mood in ("accent", "final", "stopped", "awaited")),
    *(("ink", f"{mood}-soft") for mood in ("accent", "final", "stopped", "awaited")),
    *(("accent", f"{mood}-soft") for mood in ("accent", "awaited", "stopped")),
    ("awaited", "panel"),
    ("stopped", "panel"),
    ("bar-ink", "bar"),
    ("bar-quiet", "bar"),
    ("accent-ink", "accent"),
)
"""Which colour is written on which ground: 4.5 (1.4.3)."""
EDGES: Final = (
    *((mark, "panel") for mark in ("edge", "accent", "final", "stopped", "awaited", "focus")),
    ("focus", "page"),
    ("edge", "page"),
)
"""What must be seen beside its ground without being read: 3 (1.4.11)."""


def _schemes() -> dict[str, dict[str, str]]:
    """Give the colours of both schemes by name; dark has those of light that it does not change."""
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", _SHEETS["tracker.css"], re.DOTALL)[:2]
    )
    return {"light": light, "dark": light | dark}


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_what_is_written_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = _schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), EDGES)
def test_an_edge_or_a_mark_can_be_seen(scheme: str, mark: str, ground: str) -> None:
    colours = _schemes()[scheme]
    assert contrast(colours[mark], colours[ground]) >= 3


def test_every_colour_has_both_schemes_and_every_name_is_one() -> None:
    schemes = _schemes()
    used = {name for sheet in _SHEETS.values() for name in re.findall(r"var\(--([a-z-]+)\)", sheet)}
    kinds = {"small", "body", "title", "large", "figure", "sans", "mono"}
    assert used - kinds == set(schemes["light"])


@pytest.mark.parametrize("name", _SHEETS)
def test_paper_is_neither_dark_nor_a_phone(name: str) -> None:
    """A sheet of A4 is narrower than a desk: what is for phones alone is for their screens, and so is the dark."""
    assert not re.search(r"@media \((max-width: 46rem|prefers-color-scheme)", _SHEETS[name])
    assert "@media screen and (max-width: 46rem)" in _SHEETS[name]


@pytest.mark.parametrize("name", ["tracker.css", "pictures.css", "tracker.js"])
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    text = _STATIC.joinpath(name).read_text()
    assert not re.search(r"https?://|@import|url\(", text)
