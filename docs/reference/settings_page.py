"""The page of a gateway's settings, made from the classes that read them (gateway.settings).

Each class says in its docstring which table of the file it is, and in a list what each setting is for. A setting that
the list lacks, or a name in it that is no setting, ends the program: so no setting is undocumented.
"""

import re
import textwrap
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_type_hints

import msgspec

from gateway.config import PREFIX
from gateway.settings import Config, Section

_ITEM = re.compile(r"(?P<names>`\w+`(?:, `\w+`)*): (?P<text>.*)", re.DOTALL)
_DEFAULT = re.compile(r"\s*Default: (?P<default>.*)\.$", re.DOTALL)
_HEADING = re.compile(r"`(?P<table>\[+[\w.]+\]+)`: (?P<text>.*)", re.DOTALL)
_KINDS = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    int | None: "integer",
    bool | None: "true or false",
    tuple[str, ...]: "list of texts",
}

HEAD = f"""# Configuration

The settings of `waitan gateway --config FILE`, one organisation's gateway over Fabric
([how they go together](../guide/gateway.md)). Made from `gateway/settings.py` by `make reference`.

The file is TOML. Paths that are relative begin at its directory. What is not known is refused, and the nearest setting
that is known is named; what is known and wrong is refused with its place. `waitan gateway --check` reads all of it, and
every file that it names, and ends.

The environment stands above the file: `{PREFIX}` and the setting's name, tables joined by `_`, as each row says. Lists
of texts are then separated by commas; lists of tables stand in the file alone."""


def page() -> str:
    """Give the whole page."""
    lines = [HEAD]
    for kind, path in _sections(Config, ()):
        heading, text, items = _described(kind)
        lines += ["", f"## {heading}", "", text, "", "| setting | is | default | what it is for |", "|---|---|---|---|"]
        lines += [_row(kind, path, name, items[name]) for name in _settings(kind)]
    return "\n".join(lines) + "\n"


def _sections(kind: type[Section], path: tuple[str, ...]) -> Iterator[tuple[type[Section], tuple[str, ...] | None]]:
    """Walk the tables; the path is None for tables of which there may be several."""
    yield kind, path
    for name, field in get_type_hints(kind).items():
        if _is_table(field):
            yield from _sections(field, (*path, name))
        elif _is_list_of_tables(field):
            yield field.__args__[0], None


def _settings(kind: type[Section]) -> list[str]:
    hints = get_type_hints(kind)
    return [each.name for each in msgspec.structs.fields(kind) if not _is_table(hints[each.name])]


def _described(kind: type[Section]) -> tuple[str, str, dict[str, str]]:
    """Read a docstring: the table's heading, what it says of the table, and of each setting."""
    first, _, rest = (kind.__doc__ or "").partition("\n")
    text, *listed = re.split(r"^- ", textwrap.dedent(rest), flags=re.MULTILINE)
    whole = f"{first}\n{text}".strip()
    found = _HEADING.fullmatch(whole)
    heading, words = (f"`{found['table']}`", found["text"]) if found else ("Above all tables", whole)
    items: dict[str, str] = {}
    for each in listed:
        item = _ITEM.fullmatch(" ".join(each.split()))
        assert item is not None, f"{kind.__name__}: {each!r}"
        items |= dict.fromkeys(re.findall(r"`(\w+)`", item["names"]), item["text"])
    assert set(items) == set(_settings(kind)), f"{kind.__name__}: {set(items) ^ set(_settings(kind))}"
    words = " ".join(words.split())
    return heading, words[0].upper() + words[1:], items


def _row(kind: type[Section], path: tuple[str, ...] | None, name: str, text: str) -> str:
    field = next(each for each in msgspec.structs.fields(kind) if each.name == name)
    hint = get_type_hints(kind)[name]
    told = _DEFAULT.search(text)
    purpose = _DEFAULT.sub("", text)
    default = "required" if field.required else _default(field.default, told["default"] if told else "")
    variable = ""
    if path is not None and not _is_list_of_tables(hint):
        variable = f"<br>`{PREFIX}{'_'.join((*path, name)).upper()}`"
    return f"| `{name}` | {_kind(hint)} | {default} | {purpose[0].upper()}{purpose[1:].rstrip('.')}.{variable} |"


def _default(value: Any, told: str) -> str:
    """Give the value itself; where it is empty, what the docstring says that means."""
    if isinstance(value, StrEnum):
        return f"`{value.value}`"
    if value in ("", None, ()):
        return told or "none"
    if isinstance(value, tuple):
        return ", ".join(f"`{each}`" for each in value)
    shown = str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
    assert not told or re.search(rf"\b{re.escape(shown)}\b", told), f"the docstring says {told}, the default is {shown}"
    return f"`{shown}`"


def _kind(hint: Any) -> str:
    if _is_list_of_tables(hint):
        return "list of tables"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return " or ".join(f"`{each.value}`" for each in hint)
    arguments = getattr(hint, "__args__", ())
    if arguments and issubclass(arguments[0], StrEnum):
        return f"list of {_kind(arguments[0])}"
    return _KINDS[hint]


def _is_table(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Section)


def _is_list_of_tables(hint: Any) -> bool:
    arguments = getattr(hint, "__args__", ())
    return bool(arguments) and _is_table(arguments[0])
