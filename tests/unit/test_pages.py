"""What the pages name is there: commands with their options, anchors, files, variables; and every page can be found."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from gateway.cli.commands import app

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
FOLDERS: Final = ("docs", "deploy", "examples", "protos")
PAGES: Final = sorted([*ROOT.glob("*.md"), *(page for each in FOLDERS for page in (ROOT / each).rglob("*.md"))])
PACKAGES: Final = ("settlement", "chaincode", "gateway", "network", "storage", "protos", "docs", "tests", "deploy")
COMMANDS: Final = get_command(app)
DOCUMENTATION: Final = sorted(
    [DOCS / "architecture.md", DOCS / "adr" / "README.md", *(DOCS / "guide").glob("*.md")]
    + [page for page in (DOCS / "reference").iterdir() if page.suffix in (".md", ".json")]
)
RECORD_LINES_MAX: Final = 60

of_each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())

_FENCED: Final = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SHELL: Final = ("", "console")
_SPAN: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_CALL: Final = re.compile(r"(?:^|(?<=[ (\"]))waitan (?=[a-z])")
_END: Final = re.compile(r"[;&)#]|\|(?![a-z])|\.\.\.")
"""Where a command ends within a line, also of a page that leaves out the rest; `up|down` is a choice of words."""
_LINK: Final = re.compile(r"\]\(([^)\s#]*)#([^)\s]+)\)")
_VARIABLE: Final = re.compile(r"\bWAITAN_[A-Z_]+[A-Z]\b")
_RECORD: Final = re.compile(r"# (?P<number>\d{4}): (?P<title>.+)\n\nAccepted, \d{4}-\d\d-\d\d\.")
_TEST: Final = re.compile(r"\[(test_\w+)\]\(([\w/.]+\.py)\)")
_CITED: Final = re.compile(r"REQUIREMENTS\s([^)\"]*)")
_FILE: Final = re.compile(rf"`((?:{'|'.join(PACKAGES)})/[\w/.-]+|[\w/]+/\w+\.(?:py|proto|md))(?:::\w+)?`")


def calls_in(text: str) -> Iterator[str]:
    """Give what a page says after `waitan`: in blocks of a shell line by line, and in code within a sentence."""
    prose = _FENCED.sub("", text)
    lines = [line for kind, block in _FENCED.findall(text) if kind in _SHELL for line in block.splitlines()]
    lines += [line for line in prose.splitlines() if line.startswith("    ")]
    lines += [" ".join(span.split()) for span in _SPAN.findall(prose)]
    for line in lines:
        yield from (_END.split(rest)[0] for rest in _CALL.split(line)[1:])


def fault_of(call: str) -> str:
    """Say what a call names that there is not; nothing where all is there."""
    command, words = COMMANDS, shlex.split(call)
    while words and isinstance(command, TyperGroup):
        *others, last = words.pop(0).split("|")
        for word in (*others, last):
            if word not in command.commands:
                return f"no command {word}"
        command = command.commands[last]
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = [word for word in words if word.startswith("--") and word not in known]
    return f"no option {' '.join(unknown)}" if unknown else ""


@of_each_page
def test_every_command_of_a_page_is_there_with_its_options(page: Path) -> None:
    """Of choices (`up|down`) each is a command, and the last one has the options."""
    found = {call: fault_of(call) for call in calls_in(page.read_text(encoding="utf-8"))}
    assert {call: fault for call, fault in found.items() if fault} == {}


def test_a_command_that_is_not_there_is_found() -> None:
    spoken, indented = "Ask by `waitan pay 1.00\nCNY --quickly`.", "    ID=$(waitan lend 5)"
    text = f"{spoken}\n\n{indented}\n\n```console\n$ waitan network up|stop\n```\n"
    assert [fault_of(call) for call in calls_in(text)] == ["no command stop", "no command lend", "no option --quickly"]


def anchors_of(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as they are made of their letters, digits and spaces."""
    prose = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@of_each_page
def test_every_anchor_that_a_page_links_to_is_there(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    inside = [(page.parent / file if file else page, anchor) for file, anchor in links if "://" not in file]
    assert [anchor for file, anchor in inside if file.suffix == ".md" and anchor not in anchors_of(file)] == []


@of_each_page
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    """A page names files from the project's root, or, where it says so, from beside what it speaks of."""
    named = _FILE.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not any((ROOT / base / name).exists() for base in ("", *PACKAGES))] == []


@cache
def sources() -> str:
    """Give all that the packages say, but for this file, which names variables too."""
    files = (file for each in PACKAGES for file in sorted((ROOT / each).rglob("*")))
    kept = (file for file in files if file.suffix in (".py", ".yaml", "") and file.is_file())
    return "".join(file.read_text(encoding="utf-8") for file in kept if file != Path(__file__))


@of_each_page
def test_every_variable_that_a_page_names_is_read_somewhere(page: Path) -> None:
    """Those of a gateway's settings are made from the settings' names."""
    named = {name for name in _VARIABLE.findall(page.read_text(encoding="utf-8")) if "WAITAN_GATEWAY" not in name}
    assert {name for name in named if name not in sources()} == set()


@of_each_page
def test_a_diagram_is_read_as_it_is_meant(page: Path) -> None:
    """Mermaid ends a statement at a semicolon, also within a sentence, and shows nothing of the diagram then."""
    blocks = _FENCED.findall(page.read_text(encoding="utf-8"))
    assert [block for kind, block in blocks if kind == "mermaid" and ";" in block] == []


def test_every_decision_stands_in_the_index_under_its_own_title() -> None:
    """A record has its number, its title and its date where all have them, and is no longer than one is read."""
    index = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    for record in sorted((DOCS / "adr").glob("0*.md")):
        text = record.read_text(encoding="utf-8")
        head = _RECORD.match(text)
        assert head is not None, record.name
        assert record.name.startswith(f"{head['number']}-")
        assert f"| [{head['number']}]({record.name}) | {head['title']} | accepted" in index
        assert len(text.splitlines()) <= RECORD_LINES_MAX, record.name


@pytest.mark.parametrize("page", DOCUMENTATION, ids=lambda page: page.name)
def test_every_page_is_found_from_the_first_one_of_the_documentation(page: Path) -> None:
    assert f"]({page.relative_to(DOCS).as_posix()})" in (DOCS / "README.md").read_text(encoding="utf-8")


@of_each_page
def test_every_test_that_a_page_links_to_is_there(page: Path) -> None:
    links = _TEST.findall(page.read_text(encoding="utf-8"))
    assert [name for name, file in links if f"def {name}(" not in (page.parent / file).read_text("utf-8")] == []


def test_every_requirement_that_is_cited_is_told() -> None:
    """What stands after REQUIREMENTS in a docstring names a row or a section of the page."""
    page = (DOCS / "reference" / "requirements.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| ([A-Z]\d+) ", page, re.MULTILINE)) | set(re.findall(r"^## (\d+) ", page, re.MULTILINE))
    cited = {
        each: file
        for folder in PACKAGES
        for file in (ROOT / folder).rglob("*.py")
        for rest in _CITED.findall(file.read_text(encoding="utf-8"))
        for each in re.findall(r"\b(?:[IMNPTX]\d{1,2}|(?<=section )\d+|(?<=sections )\d+)\b", rest.split("ADR")[0])
    }
    assert len(cited) >= 20
    assert {each: str(file) for each, file in cited.items() if each not in told} == {}


def test_every_picture_is_shown_somewhere() -> None:
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [each.name for each in (DOCS / "images").glob("*.[ps]*g") if f"images/{each.name})" not in shown] == []
