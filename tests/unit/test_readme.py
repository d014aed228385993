"""What README.md and the pages say of the code is so: links lead somewhere, quotations are exact, proofs exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#]+?)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    """A link to a file of the project names one that is there."""
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_promise_has_a_proof() -> None:
    """Each row of promises and proofs links to a test that exists, by its name and file."""
    proofs = re.findall(r"\[(test_\w+)\]\((tests/[\w/]+\.py)\)", README)
    assert len(proofs) >= 20
    for name, file in proofs:
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), name


def test_the_function_that_is_quoted_is_the_one_that_runs() -> None:
    """The transaction function in the README is, to the letter, the one in the contracts."""
    quoted = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert quoted is not None
    assert quoted[1] in (ROOT / "chaincode" / "contracts" / "payments.py").read_text(encoding="utf-8")


def test_the_table_that_is_quoted_is_the_one_that_decides() -> None:
    """The statuses of a payment in the README are those of the reference page, which a test draws from the table."""
    rows = [line for line in README.splitlines() if line.startswith(("| PENDING", "| RESERVED", "| SETTLED", "| REJ"))]
    page = (ROOT / "docs" / "reference" / "lifecycles.md").read_text(encoding="utf-8")
    assert rows
    assert all(row in page for row in rows)
