"""What is installed is what is named: every import has a pinned dependency, and every pin stands in the lock."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"settlement", "chaincode", "gateway", "network", "certification", "storage", "waitan"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()


def normal(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(requirements: list[str]) -> dict[str, str]:
    """Requirements `name==version` as a table; anything looser is an error."""
    found = [re.fullmatch(r"([A-Za-z0-9._-]+)==([^ ;]+)", requirement) for requirement in requirements]
    assert all(found), requirements
    return {normal(pin[1]): pin[2] for pin in found if pin}


RUN_TIME = pins(PROJECT["project"]["dependencies"])
EXTRAS = pins(
    [each for name, its in PROJECT["project"]["optional-dependencies"].items() if name != "dev" for each in its]
)
DEVELOPMENT = pins(PROJECT["project"]["optional-dependencies"]["dev"])
LOCKED = {normal(name): version for name, version in re.findall(r"(?m)^([a-z0-9-]+)==([^ ]+)", LOCK)}


def test_the_lock_pins_what_the_project_asks_for() -> None:
    """Every direct dependency, and what builds the project, is in the lock in the same version (`make lock`)."""
    asked = {**RUN_TIME, **EXTRAS, **DEVELOPMENT, **pins(PROJECT["build-system"]["requires"])}
    assert {name: LOCKED.get(name) for name in asked} == asked


def test_the_lock_has_hashes_and_no_address() -> None:
    """The lock says what to install, to the byte, and leaves from where to whoever installs it."""
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert re.findall(r"(?m)^[a-z0-9-]+==.*(?<!\\)$", LOCK) == []


def test_everything_pinned_for_running_is_imported() -> None:
    """No run-time dependency is named that nothing imports; the generated code counts as ours."""
    owners = packages_distributions()
    used = set()
    for path in (path for package in (*OURS - {"waitan"}, "protos") for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            used |= {normal(owner) for name in names for owner in owners.get(name.partition(".")[0], [])}
    assert RUN_TIME.keys() - used == set()


def test_an_extra_is_installed_for_its_tests_in_the_same_version() -> None:
    """What an extra pins, development pins too."""
    assert {name: DEVELOPMENT.get(name) for name in EXTRAS} == EXTRAS


@pytest.mark.parametrize("package", sorted(OURS - {"waitan"}))
def test_everything_imported_is_a_direct_dependency(package: str) -> None:
    """No module relies on a library that is only there because another library needs it."""
    owners = packages_distributions()
    undeclared = set()
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                top = name.partition(".")[0]
                if top in OURS or top in sys.stdlib_module_names:
                    continue
                if not {normal(owner) for owner in owners.get(top, [])} & {**RUN_TIME, **EXTRAS}.keys():
                    undeclared.add((path.relative_to(ROOT).as_posix(), name))
    assert undeclared == set()
