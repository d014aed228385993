"""The reference pages that are committed are what the tables give."""

import subprocess
import sys
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def test_the_reference_pages_are_up_to_date(tmp_path: Path) -> None:
    """Writing them anew changes nothing: no table changed without its page, no page by hand (`make reference`)."""
    subprocess.run([sys.executable, REFERENCE / "generate.py", tmp_path], check=True)
    made = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.iterdir()}
    assert made
    assert made == {name: (REFERENCE / name).read_text(encoding="utf-8") for name in made}
