"""The files for those who run a gateway: each is read, and names metrics, commands and settings that there are."""

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from gateway.cli.commands import app
from gateway.config import PREFIX, _scalars
from gateway.operation import metrics
from gateway.settings import Config
from network.polling import SERVER_AND_CLIENT

ROOT: Final = Path(__file__).resolve().parents[2]
DEPLOY: Final = ROOT / "deploy"
DASHBOARD: Final = json.loads((DEPLOY / "dashboard.json").read_text())
ALERTS: Final = yaml.safe_load((DEPLOY / "alerts.yml").read_text())
COMPOSE: Final = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
LABELS: Final = frozenset(
    {"participant", "door", "method", "status", "state", "code", "stage", "error", "le", "instance"}
)
"""What series are labelled with; `instance` is Prometheus' own."""


def expressions() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for group in ALERTS["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def samples() -> set[str]:
    """Name the samples of all metrics that a gateway tells, also of those that have counted nothing yet."""
    found: set[str] = set()
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        names = {
            "counter": (f"{family.name}_total",),
            "histogram": (f"{family.name}_bucket", f"{family.name}_sum", f"{family.name}_count"),
        }
        found.update(names.get(family.type, (family.name,)))
    return found


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:waitan|process)_[a-z_]+", expression))


@pytest.mark.parametrize(("title", "expression"), list(expressions()))
def test_every_expression_is_about_metrics_that_there_are(title: str, expression: str) -> None:
    assert names_in(expression)
    assert names_in(expression) <= samples()
    used = {label for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.replace(" ", "").split(",")}
    used |= set(re.findall(r"[{,](\w+)(?:=~|!=|=)", expression))
    assert used <= LABELS
    for pair in ("()", "{}", "[]"):
        assert expression.count(pair[0]) == expression.count(pair[1])


def test_what_is_no_metric_is_found() -> None:
    assert not names_in("rate(waitan_paymentz_total[5m])") <= samples()


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = {name for panel in DASHBOARD["panels"] for each in panel["targets"] for name in names_in(each["expr"])}
    ours = {name for name in samples() if name.startswith("waitan_")}
    stems = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in shown}
    assert {name for name in ours if re.sub(r"_(total|bucket|sum|count)$", "", name) not in stems} == set()


def test_the_unit_runs_commands_that_there_are() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    unit.read(DEPLOY / "waitan-gateway@.service")
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    for name in ("ExecStartPre", "ExecStart"):
        program, *words = shlex.split(unit["Service"][name])
        assert Path(program).name == "waitan"
        told = CliRunner().invoke(app, [words[0], "--help"])
        assert told.exit_code == 0
        assert all(word in told.stdout for word in words if word.startswith("--"))
    environment = dict(each.split("=", 1) for each in shlex.split(unit["Service"]["Environment"]))
    assert SERVER_AND_CLIENT.items() <= environment.items()
    assert environment.keys() - SERVER_AND_CLIENT <= variables()


def variables() -> set[str]:
    return {PREFIX + "_".join(path).upper() for path, _ in _scalars(Config, ())}


def test_the_compose_file_builds_and_asks_what_there_is() -> None:
    gateway: dict[str, Any] = COMPOSE["services"]["gateway"]
    build = gateway["build"]
    dockerfile = (DEPLOY / build["context"] / build["dockerfile"]).resolve()
    assert re.search(rf"(?m)^FROM \S+ AS {build['target']}$", dockerfile.read_text())
    assert SERVER_AND_CLIENT.items() <= gateway["environment"].items()
    assert gateway["environment"].keys() - SERVER_AND_CLIENT <= variables()
    told = CliRunner().invoke(app, ["gateway", "--help"])
    assert gateway["command"][0] in told.stdout
    assert "/readyz" in gateway["healthcheck"]["test"][-1]
    named = {volume.partition(":")[0] for each in COMPOSE["services"].values() for volume in each["volumes"]}
    assert {name for name in named if name[0] not in "./$"} == set(COMPOSE["volumes"])
    for name in named:
        if name.startswith("./"):
            assert (DEPLOY / name).is_file()


def test_prometheus_asks_where_the_gateway_tells() -> None:
    prometheus = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    assert [(DEPLOY / name).is_file() for name in prometheus["rule_files"]] == [True]
    (target,) = prometheus["scrape_configs"][0]["static_configs"][0]["targets"]
    host, _, port = target.partition(":")
    assert COMPOSE["services"][host]["environment"]["WAITAN_GATEWAY_OPERATION_LISTEN"].endswith(f":{port}")


def test_every_file_is_told_of() -> None:
    readme = (DEPLOY / "README.md").read_text()
    assert [path.name for path in DEPLOY.iterdir() if path.name != "README.md" and f"({path.name})" not in readme] == []
